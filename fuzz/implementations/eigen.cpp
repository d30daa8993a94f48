// SPDX-License-Identifier: Apache-2.0
// Eigen's 16-bit types, by their portable code: this file is compiled without F16C and the like.
#include "../implementation.hpp"
#include "known.hpp"

#if defined(LOWP_HAVE_EIGEN)
#include <Eigen/Core>
#endif

namespace lowp::tool {

#if defined(LOWP_HAVE_EIGEN)

namespace {

using Eigen::numext::bit_cast;

template <class T>
std::uint16_t bits(T x) {
  return bit_cast<std::uint16_t>(x);
}
template <class T>
T from_bits(std::uint16_t code) {
  return bit_cast<T>(code);
}

template <class T>
constexpr batch_function narrow_float = each<[](float x) { return bits(T(x)); }>;
template <class T>
constexpr batch_function narrow_double = each<[](double x) { return bits(T(x)); }>;
template <class T>
constexpr batch_function widen =
    each<[](std::uint16_t code) { return static_cast<float>(from_bits<T>(code)); }>;

// Arithmetic is that of float, which the processor and the compiler decide on.
#if defined(__x86_64__)
constexpr bool invalid_is_negative = true;
#else
constexpr bool invalid_is_negative = false;
#endif

// The sign of the other NaN: the conversion behind keeps no payload.
template <format F>
constexpr known_difference order = order_of_operands<F, 2, projection{.nan = nan_rule::quiet}>;

template <class T, format F>
void add_arithmetic(catalogue& c, const std::string& type) {
  const projection last =
      named_rule(F == formats::binary16 ? "eigen.binary16" : "eigen.bfloat16").last;
  const auto push = [&](const char* function, const arithmetic_model& m, batch_function run) {
    c.rows.push_back({"Eigen", type + " " + function, m, run});
  };
  const auto add = [&](const char* function, operation op, batch_function run) {
    push(function,
         arithmetic_in(F, op, "Eigen Half.h, BFloat16.h: float arithmetic, rounded again", last,
                       nan_result::first_operand, invalid_is_negative),
         run);
    if (op == operation::add || op == operation::multiply) c.rows.back().known = {order<F>};
  };
  using code = std::uint16_t;
  add("+", operation::add,
      each<[](code a, code b) { return bits(from_bits<T>(a) + from_bits<T>(b)); }>);
  add("-", operation::subtract,
      each<[](code a, code b) { return bits(from_bits<T>(a) - from_bits<T>(b)); }>);
  add("*", operation::multiply,
      each<[](code a, code b) { return bits(from_bits<T>(a) * from_bits<T>(b)); }>);
  add("/", operation::divide,
      each<[](code a, code b) { return bits(from_bits<T>(a) / from_bits<T>(b)); }>);
  add("sqrt", operation::sqrt,
      each<[](code a) { return bits(Eigen::numext::sqrt(from_bits<T>(a))); }>);
  add("ceil", operation::rint_positive,
      each<[](code a) { return bits(Eigen::numext::ceil(from_bits<T>(a))); }>);
  add("floor", operation::rint_negative,
      each<[](code a) { return bits(Eigen::numext::floor(from_bits<T>(a))); }>);
  const auto exactly = [&](const char* function, operation op, batch_function run) {
    add(function, op, run);
    c.rows.back().known = {which_nan<F>};
  };
  exactly("rint", operation::rint_even, each<[](code a) { return bits(rint(from_bits<T>(a))); }>);
  exactly("round", operation::rint_away, each<[](code a) { return bits(round(from_bits<T>(a))); }>);
  exactly("fmod", operation::fmod,
          each<[](code a, code b) { return bits(fmod(from_bits<T>(a), from_bits<T>(b))); }>);
  const auto nearly = [&]<operation Op>(const char* function, batch_function run) {
    add(function, Op, run);
    c.rows.back().known = {faithful<F, Op>, which_nan<F>};
  };
#define LOWP_NEARLY(function, op)            \
  nearly.template operator()<operation::op>( \
      #function, each<[](code a) { return bits(function(from_bits<T>(a))); }>)
  LOWP_NEARLY(exp, exp);
  LOWP_NEARLY(expm1, expm1);
  LOWP_NEARLY(log, log);
  LOWP_NEARLY(log1p, log1p);
  LOWP_NEARLY(log2, log2);
  LOWP_NEARLY(log10, log10);
  LOWP_NEARLY(sin, sin);
  LOWP_NEARLY(cos, cos);
  LOWP_NEARLY(tan, tan);
  LOWP_NEARLY(asin, asin);
  LOWP_NEARLY(acos, acos);
  LOWP_NEARLY(tanh, tanh);
#undef LOWP_NEARLY
  nearly.template operator()<operation::pow>(
      "pow", each<[](code a, code b) { return bits(pow(from_bits<T>(a), from_bits<T>(b))); }>);
  arithmetic_model sign = arithmetic_in(F, operation::negate, "Eigen Half.h, BFloat16.h", last);
  sign.last.nan = nan_rule::payload_raw;
  push("-a", sign, each<[](code a) { return bits(-from_bits<T>(a)); }>);
  sign.op = operation::abs;
  push("abs", sign, each<[](code a) { return bits(Eigen::numext::abs(from_bits<T>(a))); }>);
  const auto compare = [&](const char* function, const char* words, int accepts,
                           batch_function run) {
    c.rows.push_back(
        {"Eigen", type + " " + function,
         comparison_model{"Eigen Half.h, BFloat16.h", words, static_cast<std::uint8_t>(accepts), F},
         run});
  };
  compare("==", "a == b", is_equal,
          each<[](code a, code b) { return std::uint8_t{from_bits<T>(a) == from_bits<T>(b)}; }>);
  compare("<", "a < b", is_less,
          each<[](code a, code b) { return std::uint8_t{from_bits<T>(a) < from_bits<T>(b)}; }>);
  compare("<=", "a <= b", is_less | is_equal,
          each<[](code a, code b) { return std::uint8_t{from_bits<T>(a) <= from_bits<T>(b)}; }>);
}

}  // namespace

void add_eigen(catalogue& c) {
  add_arithmetic<Eigen::half, formats::binary16>(c, "half");
  add_arithmetic<Eigen::bfloat16, formats::bfloat16>(c, "bfloat16");
  const auto add = [&](const char* function, const conversion_rule& rule, batch_function run) {
    c.rows.push_back({"Eigen", function, rule, run});
  };
  add("half(float)", named_rule("eigen.binary16"), narrow_float<Eigen::half>);
  add("bfloat16(float)", named_rule("eigen.bfloat16"), narrow_float<Eigen::bfloat16>);
  // Widening moves the bits of NaNs, signalling ones too.
  for (const format from : {formats::binary16, formats::bfloat16}) {
    const bool half = from == formats::binary16;
    conversion_rule rule = like("eigen.binary16", from, formats::binary32);
    rule.last.nan = nan_rule::payload_raw;
    add(half ? "float(half)" : "float(bfloat16)", rule,
        half ? widen<Eigen::half> : widen<Eigen::bfloat16>);
  }
  // Doubles go through float there, which rounds twice.
  for (const format to : {formats::binary16, formats::bfloat16}) {
    const bool half = to == formats::binary16;
    conversion_rule rule = like("eigen.binary16", formats::binary64, to);
    rule.via = formats::binary32;
    rule.first = named_rule("f16c.vcvtps2ph.rn").last;
    add(half ? "half(double)" : "bfloat16(double)", rule,
        half ? narrow_double<Eigen::half> : narrow_double<Eigen::bfloat16>);
  }
}

#else

void add_eigen(catalogue& c) {
  c.absent.push_back({"Eigen", "not installed when this program was built"});
}

#endif

}  // namespace lowp::tool
