// SPDX-License-Identifier: Apache-2.0
#include "step_function.hpp"

#include <algorithm>

namespace lowp::tool {

namespace {

struct builder {
  const conversion_rule& rule;
  step_function out;

  std::uint32_t at(std::uint32_t input) const {
    return static_cast<std::uint32_t>(apply(rule, input));
  }

  void start_piece(std::uint32_t first, std::uint32_t value) {
    if (!out.value.empty() && out.value.back() == value) return;
    out.first.push_back(first);
    out.value.push_back(value);
  }

  // The results of both ends are known; the first end is recorded already.
  void bisect(std::uint32_t low, std::uint32_t low_value, std::uint32_t high,
              std::uint32_t high_value) {
    if (low_value == high_value) return;
    if (high - low == 1) {
      start_piece(high, high_value);
      return;
    }
    const std::uint32_t middle = low + (high - low) / 2;
    const std::uint32_t middle_value = at(middle);
    bisect(low, low_value, middle, middle_value);
    start_piece(middle, middle_value);
    bisect(middle, middle_value, high, high_value);
  }

  void interval(std::uint32_t low, std::uint32_t high) {
    const std::uint32_t low_value = at(low);
    start_piece(low, low_value);
    bisect(low, low_value, high, at(high));
  }
};

bool is_float(const format& f) { return f.kind == number_kind::minifloat; }

}  // namespace

std::size_t step_function::piece(std::uint32_t input) const noexcept {
  return static_cast<std::size_t>(std::upper_bound(first.begin(), first.end(), input) -
                                  first.begin()) -
         1;
}

bool has_steps(const conversion_rule& rule) noexcept {
  const bool source = rule.from == formats::binary32 ||
                      (rule.from.kind == number_kind::fixed_point && rule.from.width == 32);
  return source && rule.to.width <= 17 && !is_stochastic(rule.last.round) &&
         !(rounds_twice(rule) && is_stochastic(rule.first.round));
}

step_function make_steps(const conversion_rule& rule) {
  builder b{rule, {}};
  // Steps of a binade (integers: of 2^23 values), and for NaNs of the payload bits that the result
  // can hold, because NaN results depend on nothing else.
  const int kept = std::min(22, std::max<int>(rule.to.precision, rule.via.precision));
  for (std::uint64_t base = 0; base >> 32 == 0; base += 1u << 23) {
    const auto first = static_cast<std::uint32_t>(base);
    const bool nan = is_float(rule.from) && (first & 0x7f800000) == 0x7f800000;
    if (!nan) {
      b.interval(first, first + 0x7fffff);
      continue;
    }
    b.interval(first, first);  // infinity
    const std::uint32_t block = 1u << (23 - kept);
    for (std::uint32_t low = 0; low < 1u << 23; low += block) {
      b.interval(first + std::max(low, 1u), first + low + block - 1);
    }
  }
  return b.out;
}

std::uint64_t check_steps(const step_function& steps, const conversion_rule& rule,
                          std::uint32_t stride) {
  std::uint64_t wrong = 0;
  std::size_t k = 0;
  for (std::uint64_t input = 0; input >> 32 == 0; input += stride) {
    while (input >= steps.end(k)) ++k;
    if (apply(rule, input) != steps.value[k]) ++wrong;
  }
  return wrong;
}

difference_count count_differences(const step_function& a, const step_function& b,
                                   const format& from) {
  difference_count n;
  std::size_t i = 0;
  std::size_t k = 0;
  std::uint64_t at = 0;
  while (at >> 32 == 0) {
    std::uint64_t end = std::min(a.end(i), b.end(k));
    // Cut where NaNs begin and end, so that a piece is all NaN or all numbers.
    bool nan = false;
    if (is_float(from)) {
      const std::uint64_t half = at & 0x80000000;
      const std::uint64_t first_nan = half + 0x7f800001;
      nan = at >= first_nan;
      end = std::min(end, nan ? half + 0x80000000 : first_nan);
    }
    if (a.value[i] != b.value[k]) (nan ? n.nans : n.numbers) += end - at;
    at = end;
    if (at >= a.end(i)) ++i;
    if (at >= b.end(k)) ++k;
  }
  return n;
}

}  // namespace lowp::tool
