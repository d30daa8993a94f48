// SPDX-License-Identifier: Apache-2.0
/// \file
/// The definitions behind convert.hpp and compute.hpp, for the instruction sets of spec/bulk.md
/// BLK-1, chosen when the program runs. One unit of a program includes this header, before any
/// header of Highway, and links Highway's library.
#ifndef LOWP_SIMD_IMPLEMENTATION_CONVERT_HPP
#define LOWP_SIMD_IMPLEMENTATION_CONVERT_HPP

#include "implementation_targets.hpp"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lowp/simd/kernels-inl.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

// The order of these three matters.
// clang-format off
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include "kernels-inl.hpp"
// clang-format on

#include "argument_checks.hpp"
#include "convert.hpp"
#include "implementation_compute.hpp"
#include "parts.hpp"

namespace lowp {

namespace simd {

HWY_EXPORT(convert_planned);
HWY_EXPORT(convert_counted);
HWY_EXPORT(pack_planned);
HWY_EXPORT(target_name);
HWY_EXPORT(compute_planned);
HWY_EXPORT(compare_planned);

namespace {

/// `counts`: null, or counted by `*k`.
void convert_with(const plan& p, const counter* k, const std::byte* in, std::byte* out,
                  std::uint64_t n, std::uint64_t first, conversion_counts* counts) noexcept {
  if (counts != nullptr) {
    HWY_DYNAMIC_DISPATCH(convert_counted)(p, *k, in, out, n, first, *counts);
  } else {
    HWY_DYNAMIC_DISPATCH(convert_planned)(p, in, out, n, first);
  }
}

}  // namespace

void convert(const plan& p, const std::byte* in, std::byte* out, std::uint64_t n,
             std::uint64_t first, conversion_counts* counts) noexcept {
  if (counts == nullptr) return convert_with(p, nullptr, in, out, n, first, nullptr);
  const counter k = make_counter(p);
  convert_with(p, &k, in, out, n, first, counts);
}

void pack(const array_layout& to, const void* codes, std::byte* out, std::uint64_t n) noexcept {
  HWY_DYNAMIC_DISPATCH(pack_planned)(to, codes, out, n);
}

void compute(const compute_plan& p, const array_operand* x, std::byte* out, std::uint64_t n,
             std::uint64_t first) noexcept {
  HWY_DYNAMIC_DISPATCH(compute_planned)(p, x, out, n, first);
}

void compare(relation r, const compare_plan& p, const array_operand* x, const array_layout& to,
             std::byte* out, std::uint64_t n) noexcept {
  HWY_DYNAMIC_DISPATCH(compare_planned)(r, p, x, to, out, n);
}

const char* instruction_set() noexcept { return HWY_DYNAMIC_DISPATCH(target_name)(); }

}  // namespace simd

std::size_t convert(std::span<const std::byte> in, const array_layout& from,
                    std::span<std::byte> out, const array_layout& to, std::size_t n,
                    const projection& p, const array_options& options) {
  const array_rows whole{1, n, 0, 0};
  return convert_rows(in, from, out, to, whole, p, options);
}

std::size_t convert_rows(std::span<const std::byte> in, const array_layout& from,
                         std::span<std::byte> out, const array_layout& to, const array_rows& r,
                         const projection& p, const array_options& options) {
  const detail::argument_checks check{r.rows == 1 ? "convert" : "convert_rows"};
  check.layout("from", from);
  check.layout("to", to);
  check.rows("in", in.size(), from, r.rows, r.columns, r.in_stride);
  check.rows("out", out.size(), to, r.rows, r.columns, r.out_stride);
  const std::size_t bytes = bytes_of(to, r.columns);
  if (r.rows == 0 || r.columns == 0) return bytes * r.rows;
  const std::uint64_t in_bytes = (r.rows - 1) * r.in_stride + bytes_of(from, r.columns);
  const std::uint64_t out_bytes = (r.rows - 1) * r.out_stride + bytes;
  const bool in_place = check.overlap("in", in.data(), in_bytes, from, out.data(), out_bytes, to);
  if (in_place && r.out_stride > r.in_stride) {
    check.refuse("out is in, but its rows are farther apart");
  }
  const array_conversion conversion{from, to, p, options.random};
  // A plan pays for arrays that are not small.
  if (r.rows * r.columns < packing_tile) {
    for (std::size_t i = 0; i < r.rows; ++i) {
      convert_array(conversion, in.data() + i * r.in_stride, out.data() + i * r.out_stride,
                    r.columns, options.first + i * r.columns, options.counts);
    }
    return bytes * r.rows;
  }
  simd::plan plan = simd::make_plan(conversion);
  std::optional<simd::counter> counter;
  if (options.counts != nullptr) counter = simd::make_counter(plan);
  const simd::counter* counted = counter ? &*counter : nullptr;
  // Parts of a large array go past the caches as it would.
  if (r.rows == 1 && bytes >= plan.stream_from) plan.stream_from = 0;
  thread_options how = detail::threads_of(options);
  const bool moves = in_place && (r.in_stride != r.out_stride ||
                                  bytes_of(from, packing_tile) != bytes_of(to, packing_tile));
  plan.overlaps = moves;
  if (moves) how.threads = 1;
  if (moves) how.pool = {};
  // One row is split within, several by rows.
  const bool single = r.rows == 1;
  const detail::part_split parts = single ? detail::split(how, r.columns, packing_tile, 1)
                                          : detail::split(how, r.rows, 1, r.columns);
  std::vector<conversion_counts> counts(options.counts != nullptr ? parts.count : 0);
  detail::for_each_part(how, parts.count, [&](std::size_t i) {
    conversion_counts* own = counts.empty() ? nullptr : &counts[i];
    const std::uint64_t start = i * parts.each;
    if (single) {
      simd::convert_with(plan, counted, in.data() + bytes_of(from, start),
                         out.data() + bytes_of(to, start), std::min(parts.each, r.columns - start),
                         options.first + start, own);
      return;
    }
    for (std::uint64_t row = start; row < std::min<std::uint64_t>(start + parts.each, r.rows);
         ++row) {
      simd::convert_with(plan, counted, in.data() + row * r.in_stride,
                         out.data() + row * r.out_stride, r.columns,
                         options.first + row * r.columns, own);
    }
  });
  for (const conversion_counts& c : counts) {
    options.counts->nan += c.nan;
    options.counts->overflow += c.overflow;
    options.counts->underflow += c.underflow;
  }
  return bytes * r.rows;
}

}  // namespace lowp

#endif  // LOWP_SIMD_IMPLEMENTATION_CONVERT_HPP
