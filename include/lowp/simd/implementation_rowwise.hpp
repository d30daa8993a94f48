// SPDX-License-Identifier: Apache-2.0
/// \file
/// The definitions behind rowwise.hpp, for the instruction sets of spec/bulk.md BLK-1, chosen when
/// the program runs. One unit of a program includes this header, before any header of Highway, and
/// links Highway's library; it calls what implementation_convert.hpp defines in another.
#ifndef LOWP_SIMD_IMPLEMENTATION_ROWWISE_HPP
#define LOWP_SIMD_IMPLEMENTATION_ROWWISE_HPP

#include "implementation_targets.hpp"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lowp/simd/rowwise_kernels-inl.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

// The order of these three matters.
// clang-format off
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include "rowwise_kernels-inl.hpp"
// clang-format on

#include "argument_checks.hpp"
#include "row_parts.hpp"
#include "rowwise.hpp"

namespace lowp {

namespace simd {

HWY_EXPORT(quantise_rows_planned);
HWY_EXPORT(dequantise_rows_planned);

namespace {

/// Plans of conversions between binary32 and what rows hold.
struct row_plans {
  /// Null for few elements, for which no plan pays. Published conversions are planned once.
  const plan* find(format from, const array_layout& to, std::uint64_t elements,
                   const projection& round = {}, const random_source& random = {}) {
    static const struct published {
      plan to_forward = make_plan({formats::binary32, hfp8_forward, {}, {}});
      plan to_backward = make_plan({formats::binary32, hfp8_backward, {}, {}});
      plan forward = make_plan({hfp8_forward, formats::binary32, {}, {}});
      plan backward = make_plan({hfp8_backward, formats::binary32, {}, {}});
      plan binary16 = make_plan({formats::binary32, formats::binary16, {}, {}});
      plan bfloat16 = make_plan({formats::binary32, formats::bfloat16, {}, {}});
    } all;
    if (elements < packing_tile) return nullptr;
    for (const plan* p : {&all.to_forward, &all.to_backward, &all.forward, &all.backward,
                          &all.binary16, &all.bfloat16}) {
      if (p->c.from.f == from && p->c.to == to && p->c.p == round) return p;
    }
    own = std::make_unique<plan>(make_plan({from, to, round, random}));
    return own.get();
  }
  std::unique_ptr<plan> own;
};

}  // namespace

void quantise_rows(const row_plan& p, const float* in, std::uint64_t rows, std::byte* out,
                   std::uint64_t first) {
  HWY_DYNAMIC_DISPATCH(quantise_rows_planned)(p, in, rows, out, first);
}
void dequantise_rows(const row_plan& p, const std::byte* in, std::uint64_t rows, std::byte* out) {
  HWY_DYNAMIC_DISPATCH(dequantise_rows_planned)(p, in, rows, out);
}

}  // namespace simd

namespace detail {

/// Refuses a table that `check_table` refuses, with the value that breaks the rule.
LOWP_UNIT inline void check_rows(const argument_checks& check, const rowwise_codec& c,
                                 std::uint64_t columns, const char* numbers_name,
                                 std::uint64_t numbers, std::uint64_t number_size,
                                 std::uint64_t bytes) {
  const rowwise_error e = check_table(c, columns, numbers, bytes, number_size);
  if (e == rowwise_error::none) return;
  const auto refuse = [&](const char* name, std::uint64_t value, const char* unit) {
    check.refuse(std::string(name) + " is " + std::to_string(value) + unit + ": " + message(e));
  };
  switch (e) {
    case rowwise_error::columns: return refuse("columns", columns, "");
    case rowwise_error::input_size:
      return refuse(numbers_name, numbers, number_size == 1 ? " numbers" : " bytes");
    case rowwise_error::bytes_size: return refuse("rows", bytes, " bytes");
    case rowwise_error::element: return refuse("codec.element.width", c.element.width, "");
    case rowwise_error::parameter: return refuse("codec.parameter.width", c.parameter.width, "");
    case rowwise_error::alignment:
      return refuse("codec.code_alignment", c.code_alignment,
                    (" and codec.row_alignment " + std::to_string(c.row_alignment)).c_str());
    case rowwise_error::bounds:
      check.refuse("codec.epsilon is " + std::to_string(c.epsilon) + ", codec.least_amax " +
                   std::to_string(c.least_amax) + ", codec.greatest " + std::to_string(c.greatest) +
                   ": " + message(e));
    case rowwise_error::rounding:
      return refuse("codec.round", static_cast<std::uint64_t>(c.round),
                    (" and codec.random_bits " + std::to_string(c.random_bits)).c_str());
    default: return refuse("codec.scaling", static_cast<std::uint64_t>(c.scaling), "");
  }
}

}  // namespace detail

std::size_t quantise_rows(const rowwise_codec& c, std::span<const float> numbers,
                          std::uint64_t columns, std::span<std::byte> rows,
                          const thread_options& options, const random_source& random,
                          std::uint64_t first_element) {
  const detail::argument_checks check{"quantise_rows"};
  detail::check_rows(check, c, columns, "numbers", numbers.size(), 1, rows.size());
  check.apart({"numbers", numbers.data(), numbers.size_bytes()},
              {"rows", rows.data(), rows.size()});
  const std::uint64_t count = numbers.size() / columns;
  if (count == 0) return 0;
  simd::row_plan plan{c,       columns, bytes_per_row(c, columns), simd::route_of(c), {}, nullptr,
                      nullptr, random};
  simd::row_plans plans;
  const bool is_planned = plan.route == simd::row_route::minifloats || is_stochastic(c.round);
  if (plan.route != simd::row_route::definition && is_planned) {
    const array_layout to = has_integer_codes(c) ? code_layout(c) : array_layout(c.element);
    plan.convert = plans.find(formats::binary32, to, numbers.size(), element_projection(c), random);
    if (plan.convert == nullptr) plan.route = simd::row_route::definition;
    plan.greatest_code = simd::greatest_code(c);
  }
  detail::for_parts_of_rows(options, count, columns, [&](std::uint64_t first, std::uint64_t n) {
    simd::quantise_rows(plan, numbers.data() + first * columns, n,
                        rows.data() + first * plan.row_bytes, first_element + first * columns);
  });
  return rows.size();
}

std::size_t dequantise_rows(const rowwise_codec& c, std::span<const std::byte> rows,
                            std::uint64_t columns, std::span<std::byte> numbers, row_reading how,
                            const thread_options& options) {
  const detail::argument_checks check{"dequantise_rows"};
  if (how.output > row_output::bfloat16_add_half) {
    check.refuse("how.output is " + std::to_string(static_cast<int>(how.output)) + ": " +
                 message(rowwise_error::output));
  }
  const std::uint64_t number_bytes = bytes_of(how.output);
  detail::check_rows(check, c, columns, "numbers", numbers.size(), number_bytes, rows.size());
  check.apart({"rows", rows.data(), rows.size()}, {"numbers", numbers.data(), numbers.size()});
  const std::uint64_t count = numbers.size() / number_bytes / columns;
  if (count == 0) return 0;
  simd::row_plan plan{c,       columns, bytes_per_row(c, columns), simd::route_of(c), how,
                      nullptr, nullptr};
  simd::row_plans convert, output;
  const std::uint64_t elements = count * columns;
  if (plan.route == simd::row_route::minifloats) {
    plan.convert = convert.find(c.element, formats::binary32, elements);
    if (plan.convert == nullptr) plan.route = simd::row_route::definition;
  }
  if (how.output == row_output::binary16 || how.output == row_output::bfloat16) {
    const format to = how.output == row_output::binary16 ? formats::binary16 : formats::bfloat16;
    plan.output = output.find(formats::binary32, to, elements);
    if (plan.output == nullptr) plan.route = simd::row_route::definition;
  }
  detail::for_parts_of_rows(options, count, columns, [&](std::uint64_t first, std::uint64_t n) {
    simd::dequantise_rows(plan, rows.data() + first * plan.row_bytes, n,
                          numbers.data() + first * columns * number_bytes);
  });
  return numbers.size();
}

}  // namespace lowp

#endif  // LOWP_SIMD_IMPLEMENTATION_ROWWISE_HPP
