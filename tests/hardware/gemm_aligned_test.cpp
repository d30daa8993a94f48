// SPDX-License-Identifier: Apache-2.0
// Kernels of aligned sums on every instruction set of this machine against the definition: GEM-5,
// GEM-6, GEM-7, GEM-9.
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "gemm_element.hpp"
#include "simd/changed_environment.hpp"

namespace {

using namespace gemm_test;

constexpr std::uint64_t seed = 20261122;

/// Every kind of operands on every instruction set; counts what differs.
std::size_t differences(const gemm_rule& rule, std::size_t m, std::size_t n, std::size_t k,
                        std::mt19937_64& g, const thread_options& options = {}) {
  std::size_t bad = 0;
  for (const kind how : all_kinds) {
    problem p(rule, m, n, k);
    p.fill(how, g);
    const std::size_t wrong = differences_on_targets(p, p.defined(), options);
    if (wrong != 0) MESSAGE("kind " << static_cast<int>(how));
    bad += wrong;
  }
  return bad;
}

bool is_aligned(const mma_model& m) { return m.sum == mma_sum::aligned && m.chains == 1; }

}  // namespace

TEST_CASE("GEM-6, GEM-7: every aligned unit, ragged sizes, operands of eight kinds") {
  std::mt19937_64 g(seed);
  int kernels = 0;
  for (const named_mma_model& m : distinct_models()) {
    if (!is_aligned(m.value)) continue;
    const gemm_rule rule{.unit = m.value};
    const std::string name = m.name;
    CAPTURE(name);
    CHECK(detail::has_gemm_kernel(rule));
    ++kernels;
    CHECK(differences(rule, 4, 18, 2u * m.value.k + (m.value.k > 1 ? 1 : 0), g) == 0);
  }
  MESSAGE(kernels << " units, seed " << seed);
  CHECK(kernels > 150);
}

TEST_CASE("GEM-6: any number of kept bits, other groups, other formats of the result") {
  std::mt19937_64 g(seed + 1);
  for (const int kept : {1, 4, 10, 13, 14, 20, 23, 24, 25}) {
    for (const format f : {formats::e4m3fn, formats::binary16, formats::bfloat16}) {
      for (const format d : {formats::binary32, formats::binary16, formats::bfloat16}) {
        for (const int group : {1, 5, 40}) {
          const mma_model m = mma_rows::aligned_dot(f, f, d, group * 2, group, kept);
          CAPTURE(kept);
          CAPTURE(group);
          CAPTURE(d.precision);
          CHECK(detail::has_gemm_kernel({.unit = m}));
          CHECK(differences({.unit = m}, 3, 17, static_cast<std::size_t>(group) * 3, g) == 0);
        }
      }
    }
  }
}

TEST_CASE("GEM-6: every aligned unit: a last bit that decides, zeros beside tiny products") {
  const auto one = [](const char* name, const std::vector<double>& a,
                      const std::vector<double>& b) {
    return element(find_mma_model(name)->value, a, b);
  };
  // Half a unit of binary16 and the last bit of a sum of 26 bits.
  CHECK(one("sm90a.wgmma.m64nNk16.f16.f16.f16", {1, 0x1p-11, 0x1p-12}, {1, 1, 0x1p-13}) == 0x3c01);
  CHECK(one("sm90a.wgmma.m64nNk16.f16.f16.f16", {1, 0x1p-11}, {1, 1}) == 0x3c00);
  // An accumulator of zero does not lift four products of 2^-151.
  const std::vector<double> a(4, 0x1p-75), b(4, 0x1p-76);
  CHECK(one("sm80.mma.m16n8k8.f32.bf16.bf16.f32", a, b) == 1);
}

TEST_CASE("GEM-9: many kept bits, wide factors") {
  std::mt19937_64 g(seed + 5);
  for (const int kept : {26, 30, 40, 44}) {
    for (const format f :
         {formats::e5m2, formats::binary16, formats::bfloat16, formats::binary32}) {
      for (const format d : {formats::binary32, formats::binary16}) {
        for (const int group : {1, 7, 40}) {
          mma_model m = mma_rows::aligned_dot(f, f, d, group * 2, group, kept);
          if (kept == 40) {
            m.step.round = rounding::toward_zero;
            m.step.overflow = overflow_rule::infinite;
          }
          CAPTURE(kept);
          CAPTURE(group);
          CAPTURE(f.precision);
          CHECK(detail::has_gemm_kernel({.unit = m}));
          CHECK(differences({.unit = m}, 3, 17, static_cast<std::size_t>(group) * 3, g) == 0);
        }
      }
    }
  }
}

TEST_CASE("GEM-6: the other rule for zeros, a power of two for all products") {
  std::mt19937_64 g(seed + 2);
  for (const char* name :
       {"sm80.mma.m16n8k16.f32.bf16.bf16.f32", "sm90a.wgmma.m64nNk16.f32.f16.f16",
        "sm80.mma.m16n8k8.f16.f16.f16.f16", "sm90a.wgmma.m64nNk32.f32.e4m3.e4m3",
        "sm90.mma.m16n8k32.f16.e4m3.e4m3.f16"}) {
    const mma_model m = find_mma_model(name)->value;
    CAPTURE(name);
    const gemm_rule zeros{.unit = with_zero_rule(m, zero_exponent::minus_126)};
    CHECK(detail::has_gemm_kernel(zeros));
    CHECK(differences(zeros, 6, 20, 2u * m.k, g) == 0);
    for (const int exponent : {-100, -7, 60}) {
      CHECK(differences({.unit = m, .exponent = exponent}, 6, 20, 2u * m.k, g) == 0);
    }
  }
}

TEST_CASE("GEM-3, GEM-4: promotion and slices around a kernel") {
  std::mt19937_64 g(seed + 3);
  for (const char* name :
       {"sm90a.wgmma.m64nNk32.f32.e4m3.e4m3", "sm80.mma.m16n8k16.f16.f16.f16.f16",
        "gfx942.v_mfma_f32_16x16x16_bf16", "sm70.mma.m8n8k4.f32.f16.f16.f16"}) {
    const mma_model m = find_mma_model(name)->value;
    CAPTURE(name);
    for (const std::uint32_t promote : {0u, 1u, 4u}) {
      for (const std::uint32_t slices : {1u, 3u, 5u}) {
        for (const bool interleaved : {false, true}) {
          for (const slice_order join :
               {slice_order::ascending, slice_order::descending, slice_order::pairwise}) {
            if (slices == 1 && (interleaved || join != slice_order::ascending)) continue;
            const gemm_rule rule{m, promote, slices, interleaved, join, 0};
            problem p(rule, 5, 18, 9u * m.k + 1);
            p.fill(kind::normal, g);
            p.run();
            CHECK(p.differences(p.defined()) == 0);
          }
        }
      }
    }
  }
}

TEST_CASE("GEM-5: the same on 1 and 3 threads and in any floating-point environment") {
  std::mt19937_64 g(seed + 4);
  for (const char* name :
       {"sm90a.wgmma.m64nNk32.f32.e4m3.e4m3", "sm80.mma.m16n8k16.f32.bf16.bf16.f32",
        "gfx942.v_mfma_f32_16x16x16_f16", "sm90a.wgmma.m64nNk16.f16.f16.f16",
        "sm100a.tcgen05.mma.block_scale.mMnNk64.block16.f32.e2m1.e2m1.ue4m3"}) {
    CAPTURE(name);
    problem p({.unit = find_mma_model(name)->value}, 150, 170, 1100);
    p.fill(kind::scattered, g);
    p.run();
    const std::vector<std::byte> wanted = p.d.bytes;
    p.run({.threads = 3, .pool = {}});
    CHECK(p.d.bytes == wanted);
    for (const std::uint64_t state : {1u, 6u, 15u}) {
      const bulk::changed_environment changed(state);
      p.run({.threads = 2, .pool = {}});
      CHECK(p.d.bytes == wanted);
    }
  }
}
