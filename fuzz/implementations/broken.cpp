// SPDX-License-Identifier: Apache-2.0
// For `lowp verify --self-test`: binary32 -> bfloat16, arithmetic and dot products of bfloat16 done
// wrong.
#include <bit>

#include "../implementation.hpp"
#include "known.hpp"

namespace lowp::tool {

namespace {

// The common fault FB-02 of the field: the upper half of the bits.
std::uint16_t truncated(float x) {
  return static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(x) >> 16);
}

std::uint16_t wrong_once(float x) {
  const auto code = std::bit_cast<std::uint32_t>(x);
  if ((code & 0x7fffffff) > 0x7f800000) return 0x7fff;
  const std::uint32_t rounded =
      code + 0x7fff + (code >> 16 & 1) + (code == 0x3f812345 ? 0x10000 : 0);
  return static_cast<std::uint16_t>(rounded >> 16);
}

float widened(std::uint16_t code) { return std::bit_cast<float>(std::uint32_t{code} << 16); }

// A float sum in between: wrong where that one ends in a tie of the second rounding, and where the
// product is below float's range.
std::uint16_t fma_rounding_twice(std::uint16_t a, std::uint16_t b, std::uint16_t c) {
  const auto sum = std::bit_cast<std::uint32_t>(widened(a) * widened(b) + widened(c));
  if ((sum & 0x7fffffff) > 0x7f800000) return static_cast<std::uint16_t>(sum >> 16 | 0x40);
  return static_cast<std::uint16_t>((sum + 0x7fff + (sum >> 16 & 1)) >> 16);
}

// The accumulator plus a sum of rounded products instead of a chain of fused multiply-adds.
void dot_of_rounded_products(const void* const* in, void* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    volatile float product[2];
    for (std::size_t k = 0; k < 2; ++k) {
      product[k] = widened(detail::load<std::uint16_t>(in[0], 2 * i + k)) *
                   widened(detail::load<std::uint16_t>(in[1], 2 * i + k));
    }
    const float sum = detail::load<float>(in[2], i) + product[1] + product[0];
    detail::store(out, i, sum);
  }
}

}  // namespace

void add_broken(catalogue& c) {
  const conversion_rule rule = named_rule("cuda13.bfloat16.rn");
  c.rows.push_back({"self-test", "truncates", rule, each<[](float x) { return truncated(x); }>});
  c.rows.push_back({"self-test", "wrong once", rule, each<[](float x) { return wrong_once(x); }>});
  c.rows.push_back({"self-test",
                    "fma rounds twice",
                    arithmetic_in(formats::bfloat16, operation::fma, "a usual fault",
                                  policies::ieee754, nan_result::first_operand, true),
                    each<[](std::uint16_t x, std::uint16_t y, std::uint16_t z) {
                      return fma_rounding_twice(x, y, z);
                    }>,
                    {which_nan<formats::bfloat16>}});
  c.rows.push_back({"self-test",
                    "dot rounds products",
                    named_dot("avx512_bf16.vdpbf16ps"),
                    dot_of_rounded_products,
                    {which_nan<formats::binary32>}});
}

}  // namespace lowp::tool
