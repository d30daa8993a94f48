// SPDX-License-Identifier: Apache-2.0
/// \file
/// The definitions behind block_dot.hpp, a part of implementation_dequantise.hpp.
#ifndef LOWP_SIMD_IMPLEMENTATION_BLOCK_DOT_HPP
#define LOWP_SIMD_IMPLEMENTATION_BLOCK_DOT_HPP

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "argument_checks.hpp"
#include "block_dot.hpp"
#include "block_dot_plan.hpp"
#include "block_dot_table.hpp"
#include "float_environment.hpp"
#include "kept_plans.hpp"

namespace lowp {

namespace simd {

HWY_EXPORT(dot_planned);

namespace {

/// What products of two kinds of vectors need; tables are made when they are asked for.
struct kept_dot {
  block_vector x, y;
  dot_rule rule;
  block_dot_plan plan;
  std::unique_ptr<block_dot_tables> tables = {};

  bool is_for(const block_vector& a, const block_vector& b, dot_rule r) const {
    const auto alike = [](const block_vector& u, const block_vector& v) {
      return u.f == v.f && u.elements == v.elements && u.outer == v.outer;
    };
    return alike(x, a) && alike(y, b) && rule == r;
  }
};

/// What this thread keeps for two vectors in which `check` finds nothing.
kept_dot& kept_dot_of(const block_vector& x, const block_vector& y, dot_rule rule) {
  thread_local kept_plans<kept_dot> all;
  kept_dot* kept = all.find([&](const kept_dot& k) { return k.is_for(x, y, rule); });
  return kept != nullptr ? *kept : all.add({x, y, rule, make_block_dot_plan(x, y, rule)});
}

/// By a kernel, by tables or by the definition. A `float_environment` lives around it.
float dot_by(kept_dot& k, const block_vector& x, const block_vector& y, std::uint64_t n) {
  float result = 0;
  if (k.plan.elements != dot_elements::none) {
    const bool good = HWY_DYNAMIC_DISPATCH(dot_planned)(k.plan, x, y, n, k.rule.lanes, result);
    const auto bits = lowp::detail::bit_cast<std::uint32_t>(result) & 0x7fffffff;
    if (good && bits <= 0x7f800000) return result;
  }
  if (!k.tables) k.tables = std::make_unique<block_dot_tables>(make_block_dot_tables(x, y));
  if (k.tables->is_usable && dot_by_tables(*k.tables, x, y, n, k.rule, result)) {
    const auto bits = lowp::detail::bit_cast<std::uint32_t>(result) & 0x7fffffff;
    // An exact sum that is zero has the sign of its terms.
    const bool has_sign = k.rule.sum == dot_sum::blocks || bits != 0;
    if (bits <= 0x7f800000 && has_sign) return result;
  }
  return lowp::detail::bit_cast<float>(real_bits(dot(x, y, n, k.rule)));
}

}  // namespace

}  // namespace simd

namespace detail {

LOWP_UNIT inline void check_vectors(const char* function, const block_vector& x,
                                    const block_vector& y, dot_rule rule) {
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
  return simd::dot_by(simd::kept_dot_of(x, y, rule), x, y, n);
}

void dot_products(const block_vector& x, const block_rows& y, std::size_t n, float* out,
                  dot_rule rule) {
  detail::check_vectors("dot_products", x, y.first, rule);
  simd::kept_dot& kept = simd::kept_dot_of(x, y.first, rule);
  const simd::float_environment environment;
  block_vector row = y.first;
  for (std::size_t i = 0; i < y.rows; ++i) {
    row.codes = y.first.codes + i * y.code_stride;
    row.scales = y.first.scales + i * y.scale_stride;
    out[i] = simd::dot_by(kept, x, row, n);
  }
}

}  // namespace lowp

#endif  // LOWP_SIMD_IMPLEMENTATION_BLOCK_DOT_HPP
