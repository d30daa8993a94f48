// SPDX-License-Identifier: Apache-2.0
/// \file
/// The definitions behind dequantise.hpp and block_dot.hpp, for the instruction sets of
/// spec/bulk.md BLK-1, chosen when the program runs. One unit of a program includes this header,
/// before any header of Highway, and links Highway's library.
#ifndef LOWP_SIMD_IMPLEMENTATION_DEQUANTISE_HPP
#define LOWP_SIMD_IMPLEMENTATION_DEQUANTISE_HPP

#include "implementation_targets.hpp"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lowp/simd/dequantise_kernels-inl.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>

// The order of these three matters.
// clang-format off
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include "dequantise_kernels-inl.hpp"
// clang-format on

#include "argument_checks.hpp"
#include "block_checks.hpp"
#include "dequantise.hpp"
#include "implementation_block_dot.hpp"
#include "kept_plans.hpp"
#include "parts.hpp"

namespace lowp {

namespace simd {

HWY_EXPORT(dequantise_rows);
HWY_EXPORT(dequantise_all_lines);

namespace {

/// The definition, for what has no kernel.
void define_rows(const dequantise_plan& p, const block_places& places, const_block_buffers in,
                 const float* outer, const number_matrix<float>& out, std::uint64_t first,
                 std::uint64_t last) {
  const block_format& f = p.m.f;
  for (std::uint64_t i = first; i < last; ++i) {
    const float P = f.outer == outer_scale::none ? 1.0f : outer_of(f, outer, i);
    for (std::uint64_t j = 0; j < out.shape.columns; ++j) {
      const code_t code = places.read_element_at(in, places.elements().place(i, j));
      out.x[i * out.stride + j] = define_number(p, places, in, i, j, code, P);
    }
  }
}

/// The same of lines.
void define_lines(const dequantise_plan& p, const block_lines& l, const std::byte* in,
                  std::uint64_t count, float* out) {
  const std::uint64_t columns = p.m.f.columns;
  const auto size = static_cast<int>(l.scale_bytes);
  for (std::uint64_t r = 0; r < count; ++r, in += l.line_bytes, out += l.n) {
    float P = 1;
    if (p.m.f.outer != outer_scale::none) std::memcpy(&P, in + l.line_bytes - 4, 4);
    for (std::uint64_t i = 0; i < l.n; ++i) {
      const std::byte* scale = in + l.code_bytes + i / columns * l.scale_bytes;
      out[i] =
          define_number(p, lowp::detail::read_bytes(scale, size),
                        read_code(p.m.layout.elements, in, i), static_cast<int>(i % columns), P);
    }
  }
}

/// A matrix that this thread read, and the last shape of it.
struct kept_matrix {
  dequantise_plan plan;
  matrix_shape shape{};
  std::optional<block_places> places = {};
};

/// Do rows of the matrix follow each other without a gap, so that they are one long row?
bool is_one_line(const block_matrix& m, matrix_shape s) {
  const auto has_no_gap = [](const matrix_order& o, matrix_shape of) {
    return is_row_major(o) && of.columns % o.column_multiple == 0;
  };
  return m.f.rows == 1 && m.f.outer != outer_scale::row && m.layout.record == 0 &&
         s.columns % m.f.columns == 0 && has_no_gap(m.layout.element_order, s) &&
         has_no_gap(m.layout.scales.order, scale_shape(m.layout, s));
}

}  // namespace

void dequantise(const dequantise_plan& p, const block_places& places, const_block_buffers in,
                const float* outer, const number_matrix<float>& out, std::uint64_t first,
                std::uint64_t last, bool stream) noexcept {
  if (p.way == element_way::none) return define_rows(p, places, in, outer, out, first, last);
  const float_environment environment;
  HWY_DYNAMIC_DISPATCH(dequantise_rows)(p, places, in, outer, out, first, last, stream);
}

void dequantise_lines(const dequantise_plan& p, const block_lines& l, const std::byte* in,
                      std::uint64_t count, float* out) noexcept {
  if (p.way == element_way::none) return define_lines(p, l, in, count, out);
  HWY_DYNAMIC_DISPATCH(dequantise_all_lines)(p, l, in, count, out);
}

}  // namespace simd

namespace detail {

/// All that a call refuses about its numbers, of a matrix that is not empty.
LOWP_UNIT inline void check_numbers(const argument_checks& check, const block_matrix& m,
                                    const_block_buffers in, const number_matrix<float>& out,
                                    const dequantise_options& options) {
  const argument_bytes numbers = check.matrix("out", out);
  const std::size_t outers = outer_count(m.f, out.shape);
  if (outers != 0 && options.outer == nullptr) {
    check.refuse("options.outer is null, the format has an outer scale");
  }
  check.apart({"in.data", in.data.data(), in.data.size()}, numbers);
  check.apart({"in.scales", in.scales.data(), in.scales.size()}, numbers);
  check.apart({"options.outer", options.outer, outers * sizeof(float)}, numbers);
}

}  // namespace detail

void dequantise(const block_matrix& m, const_block_buffers in, const number_matrix<float>& out,
                const dequantise_options& options) {
  const detail::argument_checks check{"dequantise"};
  const matrix_shape s = out.shape;
  thread_local simd::kept_plans<simd::kept_matrix> matrices;
  simd::kept_matrix* kept = matrices.find(
      [&](const simd::kept_matrix& k) { return k.plan.m == m && k.plan.steps == options.steps; });
  const block_bytes have{in.data.size(), in.scales.size()};
  if (kept == nullptr || kept->shape != s || !holds(have, kept->places->bytes())) {
    detail::check_block_matrix(check, {"m", "in"}, m, s, have);
    if (s.rows == 0 || s.columns == 0) return;
    if (kept == nullptr) kept = &matrices.add({simd::make_dequantise_plan(m, options.steps)});
    kept->shape = s;
    kept->places.emplace(m.layout, s);
  }
  detail::check_numbers(check, m, in, out, options);
  // Who runs other threads may read other matrices on this one meanwhile.
  std::unique_ptr<simd::kept_matrix> own;
  if (options.threads != 1) {
    own = std::make_unique<simd::kept_matrix>(*kept);
    kept = own.get();
  }
  const simd::dequantise_plan& plan = kept->plan;
  thread_options how = detail::threads_of(options);
  if (plan.way == simd::element_way::none) how.threads = 1;
  const bool stream = ((s.rows - 1) * out.stride + s.columns) * sizeof(float) >= simd::stream_bytes;
  const bool is_line = out.stride == s.columns && simd::is_one_line(m, s);
  const detail::part_split parts = detail::split(how, s.rows, 1, s.columns);
  detail::for_each_part(how, parts.count, [&](std::size_t i) {
    const std::uint64_t start = i * parts.each;
    std::uint64_t end = std::min<std::uint64_t>(start + parts.each, s.rows);
    number_matrix<float> rows = out;
    if (is_line) {
      rows.shape.columns *= end - start;
      end = start + 1;
    }
    simd::dequantise(plan, *kept->places, in, options.outer, rows, start, end, stream);
  });
}

}  // namespace lowp

#endif  // LOWP_SIMD_IMPLEMENTATION_DEQUANTISE_HPP
