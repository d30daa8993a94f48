// SPDX-License-Identifier: Apache-2.0
/// \file
/// The definition behind gemm.hpp, chosen when the program runs. One unit of a program includes
/// this header, before any header of Highway, and links the one
/// of implementation_gemm_rounded.hpp.
#ifndef LOWP_HARDWARE_GEMM_IMPLEMENTATION_GEMM_HPP
#define LOWP_HARDWARE_GEMM_IMPLEMENTATION_GEMM_HPP

#include "../../simd/implementation_targets.hpp"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lowp/hardware/gemm/gemm_kernels-inl.hpp"

// The order of these three matters.
// clang-format off
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include "gemm_kernels-inl.hpp"
// clang-format on

#include <algorithm>
#include <string>
#include <vector>

#include "../../simd/argument_checks.hpp"
#include "gemm.hpp"
#include "gemm_driver.hpp"

namespace lowp {

namespace simd {

HWY_EXPORT(find_gemm_kernel);

namespace {

/// c is exactly a value of d, so that accumulators in memory may begin with it.
bool takes_c(const mma_model& m) {
  if (m.c == m.d) return true;
  return m.d == formats::binary32 && (m.c == formats::binary16 || m.c == formats::bfloat16);
}

bool kernel_of(const gemm_rule& rule, gemm_kernel& k) {
  const mma_model chained = lowp::detail::chained_unit(rule.unit);
  return takes_c(rule.unit) && (HWY_DYNAMIC_DISPATCH(find_gemm_kernel)(chained, rule.exponent, k) ||
                                find_rounded_kernel(chained, k));
}

/// All operands by code, where there are fewer than `codes` in the matrix.
LOWP_UNIT inline std::vector<mma_operand> operands_by_code(const mma_model& m, bool is_b,
                                                           std::size_t codes) {
  const int width = stored_width(m, is_b ? m.b : m.a);
  std::vector<mma_operand> table;
  if (width > 16 || (std::size_t{1} << width) > codes) return table;
  table.reserve(std::size_t{1} << width);
  for (code_t c = 0; c < code_t{1} << width; ++c) {
    table.push_back(is_b ? read_b(m, c) : read_a(m, c));
  }
  return table;
}

}  // namespace

}  // namespace simd

namespace detail {

/// From the first byte of a matrix to its last.
template <class Byte>
LOWP_UNIT argument_bytes bytes_of(const char* name, const basic_code_matrix<Byte>& m) {
  if (m.data == nullptr || m.rows == 0 || m.columns == 0) return {name, nullptr, 0};
  std::ptrdiff_t least = 0, greatest = 0;
  for (const std::ptrdiff_t end : {m.place(m.rows - 1, 0), m.place(0, m.columns - 1)}) {
    (end < 0 ? least : greatest) += end;
  }
  return {name, m.data + least, static_cast<std::uint64_t>(greatest - least + m.bytes)};
}

template <class Byte>
LOWP_UNIT void check_codes(const argument_checks& check, const char* name,
                           const basic_code_matrix<Byte>& m, int width, std::size_t rows,
                           std::size_t columns, const char* rule) {
  const auto size = [](std::size_t r, std::size_t c) {
    return std::to_string(r) + " x " + std::to_string(c);
  };
  if (m.rows != rows || m.columns != columns) {
    check.refuse(std::string(name) + " is " + size(m.rows, m.columns) + ", not " +
                 size(rows, columns) + ": " + rule);
  }
  if (m.bytes != 1 && m.bytes != 2 && m.bytes != 4 && m.bytes != 8) {
    check.refuse(std::string(name) + ".bytes is " + std::to_string(m.bytes) +
                 ": it must be 1, 2, 4 or 8");
  }
  if (m.bytes * 8 < width) {
    check.refuse(std::string(name) + ".bytes is " + std::to_string(m.bytes) + ": codes have " +
                 std::to_string(width) + " bits");
  }
  if (m.data == nullptr && rows != 0 && columns != 0) {
    check.refuse(std::string(name) + ".data is null: the matrix is " + size(rows, columns));
  }
}

LOWP_UNIT inline bool are_one(const code_matrix& c, const code_matrix_out& d) {
  return c.data == d.data && c.bytes == d.bytes && c.row_stride == d.row_stride &&
         c.column_stride == d.column_stride;
}

LOWP_UNIT inline void check_gemm(const argument_checks& check, const gemm_rule& rule,
                                 const code_matrix& a, const code_matrix& b, const code_matrix& c,
                                 const code_matrix_out& d, const gemm_scales& scales) {
  const gemm_error e = lowp::check(rule);
  if (e == gemm_error::unit) {
    check.refuse(std::string("rule.unit: ") + message(lowp::check(rule.unit)));
  }
  if (e == gemm_error::slices) {
    check.refuse("rule.slices is " + std::to_string(rule.slices) + ": " + message(e));
  }
  if (e == gemm_error::exponent) {
    check.refuse("rule.exponent is " + std::to_string(rule.exponent) + ": " + message(e));
  }
  if (e != gemm_error::none) check.refuse(std::string("rule: ") + message(e));
  const mma_model& m = rule.unit;
  const std::size_t k = a.columns;
  const auto check_apart = [&](const char* name, const code_matrix& x) {
    check.apart(bytes_of(name, x), bytes_of("d", d));
  };
  check_codes(check, "a", a, stored_width(m, m.a), d.rows, k, "it has the rows of d");
  check_codes(check, "b", b, stored_width(m, m.b), k, d.columns,
              "it has the columns of a as rows, and those of d");
  check_codes(check, "d", d, m.d.width, d.rows, d.columns, "");
  if (c.data != nullptr) {
    check_codes(check, "c", c, m.c.width, d.rows, d.columns, "it is as large as d");
    if (!are_one(c, d) || m.c.width != m.d.width) {
      check_apart("c", c);
    }
  }
  check_apart("a", a);
  check_apart("b", b);
  if (m.scale_block == 0) return;
  const std::size_t blocks = (k + m.scale_block - 1) / m.scale_block;
  check_codes(check, "scales.a", scales.a, m.scale.width, d.rows, blocks,
              "one per row of a and block of the unit");
  check_codes(check, "scales.b", scales.b, m.scale.width, blocks, d.columns,
              "one per block of the unit and column of b");
  check_apart("scales.a", scales.a);
  check_apart("scales.b", scales.b);
}

bool has_gemm_kernel(const gemm_rule& rule) {
  simd::gemm_kernel k;
  return simd::kernel_of(rule, k);
}

}  // namespace detail

void gemm(const gemm_rule& rule, const code_matrix& a, const code_matrix& b, const code_matrix& c,
          const code_matrix_out& d, const gemm_scales& scales, const thread_options& options) {
  detail::check_gemm({"gemm"}, rule, a, b, c, d, scales);
  const mma_model& m = rule.unit;
  simd::gemm_kernel kernel;
  const bool has_kernel = a.columns != 0 && simd::kernel_of(rule, kernel);
  simd::gemm_job job;
  job.rule = &rule;
  job.instructions = gemm_instructions(m, a.columns);
  const code_t one = m.scale_block == 0 ? 0 : encode(m.scale, exact_finite(false, 1, 0), {});
  // Kernels read what has more than 8 bits by themselves.
  const std::size_t most = has_kernel ? 256 : ~std::size_t{0};
  const auto table_a = simd::operands_by_code(m, false, std::min(most, a.rows * a.columns));
  const auto table_b = simd::operands_by_code(m, true, std::min(most, b.rows * b.columns));
  job.a = {&m, false, a, scales.a, table_a.empty() ? nullptr : table_a.data(), one};
  job.b = {
      &m, true, b.transposed(), scales.b.transposed(), table_b.empty() ? nullptr : table_b.data(),
      one};
  job.c = c;
  job.d = d;
  simd::gemm_driver(job, has_kernel ? &kernel : nullptr).run(options);
}

}  // namespace lowp

#endif  // LOWP_HARDWARE_GEMM_IMPLEMENTATION_GEMM_HPP
