// SPDX-License-Identifier: Apache-2.0
// The compiler's bfloat16 type.
#include <bit>

#include "../implementation.hpp"
#include "known.hpp"

namespace lowp::tool {

// LOWP_HAVE_BF16 is set by Meson where conversions of __bf16 compile, LOWP_HAVE_BF16_ARITHMETIC
// where its arithmetic does.
#if defined(LOWP_HAVE_BF16)

namespace {

std::uint16_t bits(__bf16 x) { return std::bit_cast<std::uint16_t>(x); }

#if defined(LOWP_HAVE_BF16_ARITHMETIC)

__bf16 number_of(std::uint16_t x) { return std::bit_cast<__bf16>(x); }

#if defined(__x86_64__)
constexpr bool invalid_is_negative = true;
#else
constexpr bool invalid_is_negative = false;
#endif

void add_arithmetic(catalogue& c) {
  const auto add = [&](const char* function, operation op, batch_function run) {
    implementation row{
        "__bf16", function,
        arithmetic_in(formats::bfloat16, op,
                      "binary32 arithmetic, rounded again: harmless for these operations",
                      policies::ieee754, nan_result::first_operand, invalid_is_negative),
        run};
    if (op == operation::add || op == operation::multiply) {
      row.known.push_back(order_of_operands<formats::bfloat16, 2>);
    }
    c.rows.push_back(row);
  };
  using code = std::uint16_t;
  add("+", operation::add,
      each<[](code a, code b) { return bits(static_cast<__bf16>(number_of(a) + number_of(b))); }>);
  add("-", operation::subtract,
      each<[](code a, code b) { return bits(static_cast<__bf16>(number_of(a) - number_of(b))); }>);
  add("*", operation::multiply,
      each<[](code a, code b) { return bits(static_cast<__bf16>(number_of(a) * number_of(b))); }>);
  add("/", operation::divide,
      each<[](code a, code b) { return bits(static_cast<__bf16>(number_of(a) / number_of(b))); }>);
}

#else

void add_arithmetic(catalogue& c) {
  c.absent.push_back({"__bf16 arithmetic", "this compiler has no arithmetic of this type here"});
}

#endif

}  // namespace

void add_compiler_bfloat16(catalogue& c) {
  using namespace formats;
  const auto add = [&](const char* function, format from, format to, batch_function run) {
    const char* const source = "libgcc, compiler-rt: IEEE 754 conversions";
    c.rows.push_back({"__bf16", function, ieee_rule(source, from, to), run});
  };
  add("(__bf16)float", binary32, formats::bfloat16,
      each<[](float x) { return bits(static_cast<__bf16>(x)); }>);
  add("(__bf16)double", binary64, formats::bfloat16,
      each<[](double x) { return bits(static_cast<__bf16>(x)); }>);
  add("(float)__bf16", formats::bfloat16, binary32,
      each<[](std::uint16_t x) { return static_cast<float>(std::bit_cast<__bf16>(x)); }>);
  add_arithmetic(c);
}

#else

void add_compiler_bfloat16(catalogue& c) {
  c.absent.push_back({"__bf16", "this compiler has no conversions of this type here"});
}

#endif

}  // namespace lowp::tool
