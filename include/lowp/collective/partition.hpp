// SPDX-License-Identifier: Apache-2.0
/// \file
/// How tensors are cut among ranks: between rows of their codecs only, so that no cut changes a
/// byte. spec/collectives.md COL-15.
#ifndef LOWP_COLLECTIVE_PARTITION_HPP
#define LOWP_COLLECTIVE_PARTITION_HPP

#include <cstdint>

#include "../config.hpp"

namespace lowp {

/// Numbers [first, first + count) of a tensor.
struct index_range {
  std::uint64_t first = 0;
  std::uint64_t count = 0;

  LOWP_FN std::uint64_t end() const noexcept { return first + count; }
  friend LOWP_FN bool operator==(const index_range&, const index_range&) noexcept = default;
};

/// Part `part` of `parts` of a range that begins at a multiple of `unit`: whole units, as many in
/// each part as in any other or one less, the last unit as short as the range leaves it. COL-15.
LOWP_FN index_range part_of(index_range whole, std::uint64_t unit, std::uint64_t parts,
                            std::uint64_t part) noexcept {
  const std::uint64_t units = whole.count / unit + (whole.count % unit != 0 ? 1 : 0);
  // The first `units` mod `parts` parts have one more.
  const std::uint64_t each = units / parts, more = units % parts;
  const auto begin = [&](std::uint64_t p) {
    const std::uint64_t at = (each * p + (p < more ? p : more)) * unit;
    return at < whole.count ? at : whole.count;
  };
  return {whole.first + begin(part), begin(part + 1) - begin(part)};
}

}  // namespace lowp

#endif  // LOWP_COLLECTIVE_PARTITION_HPP
