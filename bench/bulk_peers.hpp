// SPDX-License-Identifier: Apache-2.0
/// \file
/// Conversions of arrays by other libraries found on the machine.
#ifndef LOWP_BENCH_BULK_PEERS_HPP
#define LOWP_BENCH_BULK_PEERS_HPP

#include <cstddef>
#include <vector>

#include <lowp/format.hpp>

namespace bench {

/// A plain loop over another library's conversion.
struct bulk_peer {
  const char* who;
  const char* what;
  lowp::format from;
  lowp::format to;
  void (*run)(const std::byte* in, std::byte* out, std::size_t n);
};

/// All that this build has.
std::vector<bulk_peer> bulk_peers();

}  // namespace bench

#endif  // LOWP_BENCH_BULK_PEERS_HPP
