// SPDX-License-Identifier: Apache-2.0
/// \file
/// The definitions behind block_dot.hpp, a part of implementation_dequantise.hpp.
#ifndef LOWP_SIMD_IMPLEMENTATION_BLOCK_DOT_HPP
#define LOWP_SIMD_IMPLEMENTATION_BLOCK_DOT_HPP

#include <cstddef>
#include <cstdint>
#include <string>

#include "argument_checks.hpp"
#include "block_dot.hpp"
#include "block_dot_plan.hpp"
#include "float_environment.hpp"

namespace lowp {

namespace simd {

HWY_EXPORT(dot_planned);

namespace {

/// A `float_environment` lives around it.
float dot_by(const block_dot_plan& p, const block_vector& x, const block_vector& y, std::uint64_t n,
             dot_rule rule) {
  float result = 0;
  if (p.elements != dot_elements::none) {
    const bool good = HWY_DYNAMIC_DISPATCH(dot_planned)(p, x, y, n, rule.lanes, result);
    const auto bits = lowp::detail::bit_cast<std::uint32_t>(result) & 0x7fffffff;
    if (good && bits <= 0x7f800000) return result;
  }
  return lowp::detail::bit_cast<float>(real_bits(dot(x, y, n, rule)));
}

}  // namespace

}  // namespace simd

namespace detail {

inline void check_vectors(const char* function, const block_vector& x, const block_vector& y,
                          dot_rule rule) {
  const argument_checks check{function};
  const dot_error e = lowp::check(x, y, rule);
  if (e == dot_error::none) return;
  const std::string lengths =
      std::to_string(x.f.columns) + " and " + std::to_string(y.f.columns) + " columns";
  check.refuse(std::string(e == dot_error::lanes ? "rule: " : "x and y: ") + message(e) + " (" +
               (e == dot_error::lanes ? std::to_string(rule.lanes) + " lanes" : lengths) + ")");
}

}  // namespace detail

float dot_product(const block_vector& x, const block_vector& y, std::size_t n, dot_rule rule) {
  detail::check_vectors("dot_product", x, y, rule);
  const simd::float_environment environment;
  return simd::dot_by(simd::make_block_dot_plan(x, y, rule), x, y, n, rule);
}

void dot_products(const block_vector& x, const block_rows& y, std::size_t n, float* out,
                  dot_rule rule) {
  detail::check_vectors("dot_products", x, y.first, rule);
  const simd::block_dot_plan plan = simd::make_block_dot_plan(x, y.first, rule);
  const simd::float_environment environment;
  block_vector row = y.first;
  for (std::size_t i = 0; i < y.rows; ++i) {
    row.codes = y.first.codes + i * y.code_stride;
    row.scales = y.first.scales + i * y.scale_stride;
    out[i] = simd::dot_by(plan, x, row, n, rule);
  }
}

}  // namespace lowp

#endif  // LOWP_SIMD_IMPLEMENTATION_BLOCK_DOT_HPP
