// SPDX-License-Identifier: Apache-2.0
/// \file
/// One of two units that units_test.py compiles for different instruction sets and links. Each
/// digests conversions by the core and by the kernels of its own instruction set.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <vector>

#include <lowp/formats.hpp>
#include <lowp/pack/convert_array.hpp>
#include <lowp/simd/convert_array-inl.hpp>

#define LOWP_TEST_JOIN(a, b) a##_##b
#define LOWP_TEST_DIGEST(unit) LOWP_TEST_JOIN(digest, unit)

std::uint64_t digest_first();
std::uint64_t digest_second();

/// FNV-1a of what the unit makes of a sample; 0 if its core and its kernels disagree.
std::uint64_t LOWP_TEST_DIGEST(LOWP_TEST_UNIT)() {
  std::vector<std::byte> in(4 * 2000);
  std::uint64_t state = 1, sum = 0xcbf29ce484222325;
  for (std::byte& b : in) {
    state = state * 0x5851f42d4c957f2d + 1;
    b = static_cast<std::byte>(state >> 56);
  }
  for (const lowp::named_format& to : lowp::all_formats) {
    for (const lowp::rounding mode :
         {lowp::to_nearest_even, lowp::toward_negative, lowp::stochastic_b}) {
      const lowp::array_conversion c{
          lowp::formats::binary32, to.value, {.round = mode, .random_bits = 8}, {.seed = 5}};
      std::vector<std::byte> core(lowp::bytes_of(c.to, 2000)), kernels(core.size());
      lowp::convert_array(c, in.data(), core.data(), 2000);
      lowp::simd::HWY_NAMESPACE::convert_planned(lowp::simd::make_plan(c), in.data(),
                                                 kernels.data(), 2000, 0);
      if (core != kernels) return 0;
      for (const std::byte b : core)
        sum = (sum ^ std::to_integer<std::uint64_t>(b)) * 0x100000001b3;
    }
  }
  return sum;
}

#ifdef LOWP_TEST_MAIN
int main() {
  const auto first = static_cast<unsigned long long>(digest_first());
  const auto second = static_cast<unsigned long long>(digest_second());
  std::printf("%llx %llx\n", first, second);
  return first == second && first != 0 ? 0 : 1;
}
#endif
