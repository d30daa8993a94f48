// SPDX-License-Identifier: Apache-2.0
/// \file
/// The reference of every bandwidth: a loop of full vectors that reads and writes as many bytes as
/// a job and does nothing else.
#ifndef LOWP_BENCH_ROOFLINE_HPP
#define LOWP_BENCH_ROOFLINE_HPP

#include <cstddef>

namespace bench {

/// Reads `in_bytes`, xors as many vectors into one as there are per vector written (or writes one
/// several times), and writes `out_bytes`; whole groups of vectors only. Returns the bytes that it
/// read.
std::size_t move(const std::byte* in, std::size_t in_bytes, std::byte* out, std::size_t out_bytes);

}  // namespace bench

#endif  // LOWP_BENCH_ROOFLINE_HPP
