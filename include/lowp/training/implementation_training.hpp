// SPDX-License-Identifier: Apache-2.0
/// \file
/// The definitions behind operand.hpp and product.hpp, for the instruction sets of spec/bulk.md
/// BLK-1, chosen when the program runs. One unit of a program includes this header, before any
/// header of Highway, and links Highway's library; it calls what other implementations define.
#ifndef LOWP_TRAINING_IMPLEMENTATION_TRAINING_HPP
#define LOWP_TRAINING_IMPLEMENTATION_TRAINING_HPP

#include "../simd/implementation_targets.hpp"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lowp/training/tile_kernels-inl.hpp"

// The order of these three matters.
// clang-format off
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include "tile_kernels-inl.hpp"
// clang-format on

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "../simd/thread_pool.hpp"
#include "operand_source.hpp"
#include "product_run.hpp"

namespace lowp {

namespace simd {

HWY_EXPORT(transpose_tile);
HWY_EXPORT(scale_numbers);
HWY_EXPORT(add_numbers_to);
HWY_EXPORT(add_scaled_numbers);

void transpose(const float* in, std::size_t in_stride, std::size_t rows, std::size_t columns,
               float* out, std::size_t out_stride) noexcept {
  HWY_DYNAMIC_DISPATCH(transpose_tile)(in, in_stride, rows, columns, out, out_stride);
}
void scale(const float* x, float factor, float* y, std::size_t n) noexcept {
  HWY_DYNAMIC_DISPATCH(scale_numbers)(x, factor, y, n);
}
void add_to(const float* x, float* y, std::size_t n) noexcept {
  HWY_DYNAMIC_DISPATCH(add_numbers_to)(x, y, n);
}
void add_scaled(const float* x, float factor, const float* factors, float* y,
                std::size_t n) noexcept {
  HWY_DYNAMIC_DISPATCH(add_scaled_numbers)(x, factor, factors, y, n);
}

}  // namespace simd

void quantise_operand(const operand_rule& rule, const operand& in,
                      const number_matrix<float>& values, const thread_options& options) {
  const detail::argument_checks check{"quantise_operand"};
  simd::operand_source source(check, "in", rule, in);
  const matrix_shape s = source.shape();
  if (values.shape != s) {
    check.refuse("values are " + detail::shape_text(values.shape) + ", the operand as read is " +
                 detail::shape_text(s));
  }
  check.apart(check.matrix("in.x", in.x), check.matrix("values", values));
  source.measure(options);
  simd::make_values(source, {0, s.rows, 0, s.columns}, values, options);
}

namespace detail {

void check_product(const product_rule& rule, const lowp::operand& a, const lowp::operand& b,
                   const number_matrix<float>& d) {
  const argument_checks check{"emulated_product"};
  const product_rule_error e = lowp::check(rule);
  const bool is_of_operand = e == product_rule_error::a || e == product_rule_error::b;
  if (e != product_rule_error::none && !is_of_operand) {
    check.refuse(std::string("rule: ") + message(e));
  }
  check_operand(check, "a", rule.a, a);
  check_operand(check, "b", rule.b, b);
  const matrix_shape of_a = shape_as_read(a), of_b = shape_as_read(b);
  if (of_a.columns != of_b.columns) {
    check.refuse("a and b as read are " + shape_text(of_a) + " and " + shape_text(of_b) +
                 ": they must have as many columns");
  }
  const matrix_shape s{of_a.rows, of_b.rows};
  if (d.shape != s) {
    check.refuse("d is " + shape_text(d.shape) + ", a b^T is " + shape_text(s));
  }
  const argument_bytes out = check.matrix("d", d);
  check.apart(check.matrix("a.x", a.x), out);
  check.apart(check.matrix("b.x", b.x), out);
}

void check_gradients(const number_matrix<const float>& x, const number_matrix<float>& dx,
                     const number_matrix<float>& dw) {
  const argument_checks check{"emulated_linear"};
  const argument_bytes first = check.matrix("dx", dx);
  check.apart(check.matrix("x", x), first);
  check.apart(check.matrix("dw", dw), first);
}

void run_product(const product_rule& rule, const lowp::operand& a, const lowp::operand& b,
                 const number_matrix<float>& d, const product_options& options,
                 matrix_multiply multiply) {
  check_product(rule, a, b, d);
  const argument_checks check{"emulated_product"};
  simd::operand_source of_a(check, "a", rule.a, a), of_b(check, "b", rule.b, b);
  const matrix_shape s = d.shape;
  if (s.rows == 0 || s.columns == 0) return;
  // Its own threads live as long as the product, not as one of its many steps.
  product_options with_pool = options;
  std::optional<thread_pool> own;
  const part_split parts = simd::product_parts(threads_of(options), s, of_a.shape().columns);
  if (options.pool.run == nullptr && parts.count > 1) {
    // Other sums than Eigen's are dear enough for all.
    const bool is_cheap = rule.sum.kind == sum_kind::binary32;
    own.emplace(is_cheap ? static_cast<unsigned>(parts.count) : options.threads);
    with_pool.pool = own->pool();
  }
  of_a.measure(threads_of(with_pool));
  of_b.measure(threads_of(with_pool));
  simd::product_run(rule, of_a, of_b, d, with_pool, multiply).run();
}

}  // namespace detail

}  // namespace lowp

#endif  // LOWP_TRAINING_IMPLEMENTATION_TRAINING_HPP
