// SPDX-License-Identifier: Apache-2.0
// The compiler's _Float16 as an ordinary program gets it: on x86-64 without F16C the run-time
// library's functions. This file is compiled without -m flags.
#include <bit>

#include "../implementation.hpp"
#include "known.hpp"

// On x86-64 the type needs g++ 12 or clang 15, elsewhere g++ 13 or clang. Older compilers for Arm
// have
// __fp16, whose arithmetic is that of float.
#if defined(__clang__) || __GNUC__ >= 13 || defined(__x86_64__)
#if defined(__FLT16_MANT_DIG__)
#define LOWP_HALF _Float16
#endif
#elif defined(__aarch64__)
#define LOWP_HALF __fp16
#endif

namespace lowp::tool {

#if defined(LOWP_HALF)

namespace {

using half = LOWP_HALF;
using half_bits = std::uint16_t;

constexpr const char* source = "libgcc, compiler-rt: IEEE 754 conversions";

// The default NaN of float arithmetic. Widening has quieted the operands by then.
#if defined(__x86_64__)
constexpr bool invalid_is_negative = true;
#else
constexpr bool invalid_is_negative = false;
#endif

half_bits bits(half x) { return std::bit_cast<half_bits>(x); }
half number_of(half_bits x) { return std::bit_cast<half>(x); }

}  // namespace

void add_compiler_float16(catalogue& c) {
  using namespace formats;
  const auto add = [&](const char* function, format from, format to, batch_function run) {
    c.rows.push_back({"_Float16", function, ieee_rule(source, from, to), run});
  };
  add("(_Float16)float", binary32, binary16, each<[](float x) { return bits(half(x)); }>);
  add("(_Float16)double", binary64, binary16, each<[](double x) { return bits(half(x)); }>);
  add("(float)_Float16", binary16, binary32,
      each<[](half_bits x) { return static_cast<float>(number_of(x)); }>);
  add("(double)_Float16", binary16, binary64,
      each<[](half_bits x) { return static_cast<double>(number_of(x)); }>);
  add("(_Float16)int", formats::int32, binary16,
      each<[](std::int32_t x) { return bits(half(x)); }>);
  add("(_Float16)unsigned", formats::uint32, binary16,
      each<[](std::uint32_t x) { return bits(half(x)); }>);
  add("(_Float16)long", formats::int64, binary16,
      each<[](std::int64_t x) { return bits(half(x)); }>);

  const auto arithmetic = [&](const char* function, operation op, batch_function run) {
    implementation row{
        "_Float16", function,
        arithmetic_in(binary16, op,
                      "binary32 arithmetic, rounded again: harmless for these operations",
                      policies::ieee754, nan_result::first_operand, invalid_is_negative),
        run};
    if (op == operation::add || op == operation::multiply) {
      row.known.push_back(order_of_operands<formats::binary16, 2>);
    }
    c.rows.push_back(row);
  };
  arithmetic("+", operation::add, each<[](half_bits a, half_bits b) {
               return bits(static_cast<half>(number_of(a) + number_of(b)));
             }>);
  arithmetic("-", operation::subtract, each<[](half_bits a, half_bits b) {
               return bits(static_cast<half>(number_of(a) - number_of(b)));
             }>);
  arithmetic("*", operation::multiply, each<[](half_bits a, half_bits b) {
               return bits(static_cast<half>(number_of(a) * number_of(b)));
             }>);
  arithmetic("/", operation::divide, each<[](half_bits a, half_bits b) {
               return bits(static_cast<half>(number_of(a) / number_of(b)));
             }>);
  const auto compare = [&](const char* function, const char* words, int accepts,
                           batch_function run) {
    c.rows.push_back({"_Float16", function,
                      comparison_model{source, words, static_cast<std::uint8_t>(accepts), binary16},
                      run});
  };
  compare("<", "a < b", is_less,
          each<[](half_bits a, half_bits b) { return std::uint8_t{number_of(a) < number_of(b)}; }>);
  compare(
      "==", "a == b", is_equal,
      each<[](half_bits a, half_bits b) { return std::uint8_t{number_of(a) == number_of(b)}; }>);
}

#else

void add_compiler_float16(catalogue& c) {
  c.absent.push_back({"_Float16", "this compiler has no such type here"});
}

#endif

}  // namespace lowp::tool
