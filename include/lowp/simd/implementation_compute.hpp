// SPDX-License-Identifier: Apache-2.0
/// \file
/// The definitions behind compute.hpp, a part of implementation_convert.hpp.
#ifndef LOWP_SIMD_IMPLEMENTATION_COMPUTE_HPP
#define LOWP_SIMD_IMPLEMENTATION_COMPUTE_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>

#include "argument_checks.hpp"
#include "compute.hpp"
#include "parts.hpp"

namespace lowp {

namespace detail {

/// An operand from element `start` on.
LOWP_UNIT inline array_operand from_element(array_operand x, std::uint64_t start) {
  if (!x.is_constant) x.bytes += bytes_of(x.layout, start);
  return x;
}

/// Checks an operand against the result, and whether the result may overwrite it in parts.
LOWP_UNIT inline bool check_operand(const argument_checks& check, const char* name,
                                    const array_argument& x, std::span<std::byte> out,
                                    const array_layout& to, std::size_t n) {
  const std::size_t elements = x.is_constant() ? 1 : n;
  const array_layout& from = x.layout();
  check.layout(name, from);
  check.rows(name, x.bytes().size(), from, 1, elements, 0);
  const bool in_place = check.overlap(name, x.bytes().data(), bytes_of(from, elements), from,
                                      out.data(), bytes_of(to, n), to);
  return !in_place || bytes_of(from, packing_tile) == bytes_of(to, packing_tile);
}

inline constexpr const char* operand_names[] = {"x", "y", "z"};

}  // namespace detail

std::size_t compute(operation op, std::initializer_list<array_argument> x, std::span<std::byte> out,
                    const array_layout& to, std::size_t n, const projection& p,
                    const array_options& options) {
  const detail::argument_checks check{"compute"};
  check.layout("to", to);
  check.rows("out", out.size(), to, 1, n, 0);
  const auto operands = static_cast<std::size_t>(operand_count(op));
  if (x.size() != operands) {
    check.refuse("x has " + std::to_string(x.size()) + " operands, the operation takes " +
                 std::to_string(operands));
  }
  if (options.counts != nullptr)
    check.refuse("options.counts is set: only conversions are counted");
  array_operand arrays[3];
  bool separate = true;
  for (std::size_t i = 0; i < operands; ++i) {
    const array_argument& a = x.begin()[i];
    arrays[i] = a.operand();
    const bool fits = detail::check_operand(check, detail::operand_names[i], a, out, to, n);
    separate = separate && fits;
  }
  const array_computation c{op, to, p, options.random};
  if (n < packing_tile) {
    compute_array(c, arrays, out.data(), n, options.first);
    return bytes_of(to, n);
  }
  const simd::compute_plan plan = simd::make_compute_plan(c, arrays);
  thread_options how = detail::threads_of(options);
  if (!separate) how.threads = 1;
  if (!separate) how.pool = {};
  const detail::part_split parts = detail::split(how, n, packing_tile, 1);
  detail::for_each_part(how, parts.count, [&](std::size_t i) {
    const std::uint64_t start = i * parts.each;
    array_operand own[3];
    for (std::size_t k = 0; k < operands; ++k) own[k] = detail::from_element(arrays[k], start);
    simd::compute(plan, own, out.data() + bytes_of(to, start),
                  std::min<std::uint64_t>(parts.each, n - start), options.first + start);
  });
  return bytes_of(to, n);
}

std::size_t compare(relation r, const array_argument& x, const array_argument& y,
                    std::span<std::byte> out, const array_layout& to, std::size_t n,
                    const array_options& options) {
  const detail::argument_checks check{"compare"};
  check.layout("to", to);
  check.rows("out", out.size(), to, 1, n, 0);
  if (to.f.kind != number_kind::fixed_point || to.f.is_signed || to.f.bias != 0) {
    check.refuse(std::string("to has ") +
                 (to.f.kind != number_kind::fixed_point ? "no fixed-point format"
                  : to.f.is_signed                      ? "a signed format"
                                   : "a format of bias " + std::to_string(to.f.bias)) +
                 ", results are unsigned integers");
  }
  if (options.counts != nullptr)
    check.refuse("options.counts is set: only conversions are counted");
  const bool x_fits = detail::check_operand(check, "x", x, out, to, n);
  const bool y_fits = detail::check_operand(check, "y", y, out, to, n);
  const array_operand arrays[2] = {x.operand(), y.operand()};
  const bool in_bulk = n >= packing_tile && to.f.width <= 8 && !x.is_constant() && !y.is_constant();
  const simd::compare_plan plan =
      in_bulk ? simd::make_compare_plan(x.layout(), y.layout()) : simd::compare_plan{};
  if (!plan.is_set) {
    compare_array(r, arrays[0], arrays[1], to, out.data(), n);
    return bytes_of(to, n);
  }
  thread_options how = detail::threads_of(options);
  if (!x_fits || !y_fits) how.threads = 1;
  if (!x_fits || !y_fits) how.pool = {};
  const detail::part_split parts = detail::split(how, n, packing_tile, 1);
  detail::for_each_part(how, parts.count, [&](std::size_t i) {
    const std::uint64_t start = i * parts.each;
    const array_operand own[2] = {detail::from_element(arrays[0], start),
                                  detail::from_element(arrays[1], start)};
    simd::compare(r, plan, own, to, out.data() + bytes_of(to, start),
                  std::min<std::uint64_t>(parts.each, n - start));
  });
  return bytes_of(to, n);
}

}  // namespace lowp

#endif  // LOWP_SIMD_IMPLEMENTATION_COMPUTE_HPP
