// SPDX-License-Identifier: Apache-2.0
/// \file
/// A call of `gemm` as its parts see it: matrices, segments of K, threads, aligned memory.
/// spec/gemm.md GEM-5.
#ifndef LOWP_HARDWARE_GEMM_GEMM_JOB_HPP
#define LOWP_HARDWARE_GEMM_GEMM_JOB_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <new>
#include <vector>

#include "../../simd/float_environment.hpp"
#include "../../simd/parts.hpp"
#include "gemm_kernel.hpp"

namespace lowp::simd {

/// Bytes at a multiple of 64.
class gemm_room {
 public:
  LOWP_UNIT explicit gemm_room(std::size_t bytes)
      : data_(static_cast<std::byte*>(::operator new (bytes + 64, std::align_val_t{64}))) {}
  gemm_room(const gemm_room&) = delete;
  gemm_room& operator=(const gemm_room&) = delete;
  LOWP_UNIT ~gemm_room() { ::operator delete (data_, std::align_val_t{64}); }
  LOWP_UNIT std::byte* data() const noexcept { return data_; }

 private:
  std::byte* data_;
};

/// The matrices of one call, all in order.
struct gemm_job {
  const gemm_rule* rule = nullptr;
  gemm_source a, b;  ///< rows of A, columns of B
  code_matrix c;
  code_matrix_out d;
  std::uint64_t instructions = 0;

  /// The code of C at a place, 0 where there is no C.
  LOWP_UNIT code_t c_at(std::size_t i, std::size_t j) const noexcept {
    return c.data == nullptr ? 0 : c.code(i, j) & lowp::detail::low_mask(rule->unit.c.width);
  }
};

/// What a thread does next with its panel.
struct gemm_segment {
  std::uint64_t first, last, step;
  std::uint32_t slice;
  bool begins, promotes, ends;  ///< a slice; a promotion after it; a slice
};

/// Slices cut where promotions are, and into `most` instructions.
LOWP_UNIT inline std::vector<gemm_segment> segments_of(const gemm_rule& r,
                                                       std::uint64_t instructions,
                                                       std::uint64_t most) {
  std::vector<gemm_segment> segments;
  for (std::uint32_t s = 0; s < r.slices; ++s) {
    const slice_range range = range_of_slice(r, instructions, s);
    if (range.first >= range.last) {
      segments.push_back({0, 0, 1, s, true, false, true});
      continue;
    }
    bool begins = true;
    std::uint64_t since = 0;  // instructions since the last promotion
    for (std::uint64_t i = range.first; i < range.last;) {
      std::uint64_t n = (range.last - i + range.step - 1) / range.step;
      n = std::min(n, most);
      if (r.promote_every != 0) n = std::min(n, r.promote_every - since);
      since += n;
      const std::uint64_t end = i + n * range.step;
      const bool ends = end >= range.last;
      const bool promotes = r.promote_every != 0 && (since == r.promote_every || ends);
      if (promotes) since = 0;
      segments.push_back({i, std::min(end, range.last), range.step, s, begins, promotes, ends});
      begins = false;
      i = end;
    }
  }
  return segments;
}

/// `body(first, last)` for the parts of n pieces, on threads.
template <class Body>
LOWP_UNIT void in_parts(const thread_options& options, std::size_t n, std::size_t weight,
                        const Body& body) {
  const lowp::detail::part_split parts = lowp::detail::split(options, n, 1, weight);
  lowp::detail::for_each_part(options, parts.count, [&](std::size_t i) {
    const float_environment guard;
    const std::size_t first = i * parts.each;
    body(first, std::min<std::size_t>(n, first + parts.each));
  });
}

}  // namespace lowp::simd

#endif  // LOWP_HARDWARE_GEMM_GEMM_JOB_HPP
