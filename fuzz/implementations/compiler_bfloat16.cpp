// SPDX-License-Identifier: Apache-2.0
// The compiler's bfloat16 type.
#include <bit>

#include "../implementation.hpp"

namespace lowp::tool {

// LOWP_HAVE_BF16 is set by Meson where conversions of __bf16 compile.
#if defined(LOWP_HAVE_BF16)

namespace {

std::uint16_t bits(__bf16 x) { return std::bit_cast<std::uint16_t>(x); }

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
}

#else

void add_compiler_bfloat16(catalogue& c) {
  c.absent.push_back({"__bf16", "this compiler has no conversions of this type here"});
}

#endif

}  // namespace lowp::tool
