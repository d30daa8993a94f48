// SPDX-License-Identifier: Apache-2.0
#include "arithmetic_model.hpp"

#include <fmt/format.h>

#include <lowp/operations.hpp>

#include "implementation.hpp"

namespace lowp::tool {

namespace {

bool is_maximum(operation op) {
  return op == operation::maximum || op == operation::maximum_number || op == operation::max_num;
}

// Operations on signs leave NaN as it is.
bool on_sign(operation op) {
  return op == operation::abs || op == operation::negate || op == operation::copysign;
}

// The NaN among n operands that Arm's rules pick; none: the default NaN.
const exact* arm_nan(const exact* x, int n) {
  const int order[] = {n == 3 ? 2 : 0, n == 3 ? 0 : 1, 1};
  const exact* quiet = nullptr;
  for (int k = 0; k < n; ++k) {
    const exact& candidate = x[order[k]];
    if (candidate.cls != number_class::nan) continue;
    if (is_signalling(candidate)) return &candidate;
    if (quiet == nullptr) quiet = &candidate;
  }
  const auto product_of = [&](number_class a, number_class b) {
    return (x[0].cls == a && x[1].cls == b) || (x[0].cls == b && x[1].cls == a);
  };
  const bool invalid = n == 3 && product_of(number_class::zero, number_class::infinity);
  return invalid ? nullptr : quiet;
}

const exact* first_nan(const exact* x, int n) {
  for (int k = 0; k < n; ++k) {
    if (x[k].cls == number_class::nan) return &x[k];
  }
  return nullptr;
}

// The NaN that the implementation returns where the operation gives one.
exact chosen_nan(const arithmetic_model& m, const exact* x, int n) {
  const exact* of = first_nan(x, n);
  if (of != nullptr && m.nan == nan_result::canonical) return exact_nan();
  if (of != nullptr && m.nan == nan_result::signalling_first) of = arm_nan(x, n);
  exact r = of != nullptr ? *of : exact_nan(m.invalid_is_negative);
  r.significand |= std::uint64_t{1} << 63;
  return r;
}

// Of two operands one is the result as it is.
unrounded second_unless(const arithmetic_model& m, const exact* x) {
  const ordering wanted = is_maximum(m.op) ? ordering::greater : ordering::less;
  const ordering o = compare(x[0], x[1]);
  return {o == wanted ? x[0] : x[1],
          {o == ordering::unordered ? status::invalid : std::uint8_t{0}}};
}

// Results that are numbers, by the functions that users call: these take a short way in narrow
// formats and make all 2^32 pairs affordable. False for NaN, of which there is more to say.
template <format F>
bool find_number(const arithmetic_model& m, const code_t* operands, code_t& result) {
  const coded a{F, operands[0]};
  const coded b{F, operands[1]};
  const auto is = [&](code_t code) {
    result = code;
    return !is_nan(F, code);
  };
  switch (m.op) {
    case operation::add: return is(compute<operation::add>(F, m.last, 0, a, b));
    case operation::subtract: return is(compute<operation::subtract>(F, m.last, 0, a, b));
    case operation::multiply: return is(compute<operation::multiply>(F, m.last, 0, a, b));
    case operation::divide: return is(compute<operation::divide>(F, m.last, 0, a, b));
    case operation::sqrt: return is(compute<operation::sqrt>(F, m.last, 0, a));
    case operation::fma:
      return is(compute<operation::fma>(F, m.last, 0, a, b, coded{F, operands[2]}));
    default: return false;
  }
}

// Inlined into one copy per common format, in which decoding and encoding fold.
[[gnu::always_inline]] inline code_t expected_in(const std::array<format, 3>& from, format to,
                                                 const arithmetic_model& m,
                                                 const code_t* operands) {
  exact x[3];
  const int n = operand_count(m.op);
  for (int i = 0; i < n; ++i) {
    const auto k = static_cast<std::size_t>(i);
    x[i] = lowp::detail::operand({from[k], operands[i]}, m.last);
  }
  unrounded r;
  if (m.undecided == choice::second_operand) {
    r = second_unless(m, x);
  } else {
    r = evaluate(m.op, x, m.last);
    if (r.value.cls == number_class::nan && !on_sign(m.op)) r.value = chosen_nan(m, x, n);
  }
  if (m.flags == 0) return encode(to, r.value, m.last);
  const std::uint8_t flags = r.flags.bits | encode_with_status(to, r.value, m.last).flags.bits;
  return flags & m.flags;
}

const char* symbol(operation op) {
  switch (op) {
    case operation::add: return "a + b";
    case operation::subtract: return "a - b";
    case operation::multiply: return "a * b";
    case operation::divide: return "a / b";
    default: return nullptr;
  }
}

// Operations whose result is an operand, or that are exact in their own format.
bool rounds(operation op) {
  switch (op) {
    case operation::remainder:
    case operation::fmod:
    case operation::rint_even:
    case operation::rint_away:
    case operation::rint_zero:
    case operation::rint_positive:
    case operation::rint_negative:
    case operation::logb: return false;
    default: return op < operation::copy || op > operation::clamp;
  }
}

}  // namespace

code_t expected_code(const arithmetic_model& m, const code_t* operands) {
  const auto all = [&](const format& f) {
    const int n = operand_count(m.op);
    return m.to == f && m.from[0] == f && (n < 2 || m.from[1] == f) && (n < 3 || m.from[2] == f);
  };
  using namespace formats;
  const auto in = [&](const format& f) __attribute__((always_inline)) {
    return expected_in({f, f, f}, f, m, operands);
  };
  code_t number = 0;
  if (all(binary16)) {
    return m.flags == 0 && find_number<binary16>(m, operands, number) ? number : in(binary16);
  }
  if (all(formats::bfloat16)) {
    return m.flags == 0 && find_number<formats::bfloat16>(m, operands, number)
               ? number
               : in(formats::bfloat16);
  }
  if (all(binary32)) return in(binary32);
  if (all(binary64)) return in(binary64);
  return expected_in(m.from, m.to, m, operands);
}

code_t expected_code(const comparison_model& m, const code_t* operands) {
  const ordering o = compare(m.value, operands[0], m.value, operands[1]);
  return (m.accepts & ordering_bit(o)) != 0 ? 1 : 0;
}

std::string operation_text(const arithmetic_model& m) {
  const int n = operand_count(m.op);
  std::string text = format_name(m.from[0]);
  bool mixed = m.from[0] != m.to;
  for (std::size_t k = 1; k < static_cast<std::size_t>(n); ++k) {
    mixed = mixed || m.from[k] != m.to;
    if (m.from[k] != m.from[0]) text += ", " + format_name(m.from[k]);
  }
  if (mixed) text += " -> " + format_name(m.to);
  text += ": ";
  if (m.flags != 0) text += m.op == operation::copy ? "flags" : "flags of ";
  if (m.op == operation::copy) {
    // The formats have said it.
  } else if (symbol(m.op) != nullptr) {
    text += symbol(m.op);
  } else {
    text += fmt::format("{}({})", info(m.op).name,
                        std::string("a, b, c", n == 3   ? 7
                                               : n == 2 ? 4
                                                        : 1));
  }
  const bool shown = rounds(m.op) || mixed;
  if (shown) text += fmt::format(", {}", rounding_text(m.last.round));
  if (m.last.subnormal_input == subnormal_input_rule::zero) text += ", DAZ";
  if (m.last.flush_subnormal_result) text += ", FTZ";
  return text;
}

std::string flags_text(std::uint8_t flags) {
  constexpr std::pair<std::uint8_t, const char*> names[] = {
      {status::invalid, "invalid"},   {status::divide_by_zero, "divide by zero"},
      {status::overflow, "overflow"}, {status::underflow, "underflow"},
      {status::inexact, "inexact"},   {status::saturated, "saturated"}};
  std::string text;
  for (const auto& [bit, name] : names) {
    if ((flags & bit) == 0) continue;
    text += (text.empty() ? "" : ", ") + std::string(name);
  }
  return text.empty() ? "none" : text;
}

}  // namespace lowp::tool
