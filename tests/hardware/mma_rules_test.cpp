// SPDX-License-Identifier: Apache-2.0
// Matrix units: properties that hold for kinds of models, literal results at the edges, the rules
// of `check`.
#include <cmath>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/hardware/mma/all_mma_models.hpp>
#include <lowp/hardware/mma/mma.hpp>

#include "hardware/mma_run.hpp"

namespace {

using lowp::accumulator_entry;
using lowp::mma_error;
using lowp::mma_sum;
using lowp::number_class;
using namespace mma_run;

/// Normal numbers of exponents from -spread to spread, or as far as the factors allow.
class numbers {
 public:
  explicit numbers(std::uint64_t seed, int spread = 12) : random_(seed), spread_(spread) {}
  double number(format f) {
    const double x = 1 + static_cast<double>(random_() % 4096) / 4096;
    const int most = exponent_field_bits(f) < 5 ? 1 : spread_;
    const int e = static_cast<int>(random_() % (2 * static_cast<unsigned>(most) + 1)) - most;
    return (random_() & 1) != 0 ? std::ldexp(x, e) : -std::ldexp(x, e);
  }
  operands next(const mma_model& m) {
    operands x = zeros(m);
    for (std::size_t i = 0; i < m.k; ++i) {
      x.a[i] = code_of(stored(m, m.a), number(m.a));
      x.b[i] = code_of(stored(m, m.b), number(m.b));
    }
    x.c = code_of(m.c, number(m.c));
    return x;
  }
  std::size_t below(std::size_t n) { return random_() % n; }

 private:
  std::mt19937_64 random_;
  int spread_;
};

/// The distinct models with floating-point sums.
std::vector<named_mma_model> floating() {
  std::vector<named_mma_model> all;
  for (const named_mma_model& m : lowp::all_mma_models) {
    if (m.value.sum == mma_sum::integer) continue;
    bool known = false;
    for (const named_mma_model& other : all) known = known || other.value == m.value;
    if (!known) all.push_back(m);
  }
  return all;
}

constexpr int rounds = 40;

}  // namespace

TEST_CASE("MMA-2, MMA-10: integers that saturate after each product, in the order of the model") {
  mma_model m = lowp::find_mma_model("amx_int8.tdpbssd")->value;
  m.k = 2;
  m.group = 1;
  m.overflow = lowp::integer_overflow::saturate;
  const lowp::code_t a[] = {1, 1}, b[] = {1, 0xff}, c = 0x7fffffff;  // + 1 clamps, then - 1
  CHECK(lowp::multiply_add(m, a, b, c) == 0x7ffffffe);
  m.order = lowp::product_order::pairs_reversed;
  CHECK(check(m) == lowp::mma_error::none);
  CHECK(lowp::multiply_add(m, a, b, c) == 0x7fffffff);
}

TEST_CASE("MMA-13 rows: every model passes check, names are unique and found") {
  std::set<std::string> names;
  for (const named_mma_model& m : lowp::all_mma_models) {
    INFO(std::string(m.name));
    CHECK(check(m.value) == mma_error::none);
    CHECK(names.insert(m.name).second);
    CHECK(lowp::find_mma_model(m.name) == &m);
    CHECK(std::string(m.origin.vendor) != "");
    CHECK(std::string(m.origin.by) != "");
    CHECK(std::string(m.origin.source) != "");
  }
  CHECK(names.size() > 580);
  CHECK(lowp::find_mma_model("sm80.mma") == nullptr);
}

TEST_CASE("MMA-4 MMA-6 the order of products inside a step that is one sum changes nothing") {
  numbers inputs(1);
  int permuted = 0;
  for (const named_mma_model& row : floating()) {
    const mma_model& m = row.value;
    const bool one_sum =
        m.sum == mma_sum::aligned || m.sum == mma_sum::exact || m.sum == mma_sum::gaudi2;
    if (!one_sum || m.run > 1 || m.order != lowp::product_order::ascending) continue;
    for (int round = 0; round < rounds; ++round) {
      operands x = inputs.next(m);
      const code_t before = run(m, x);
      for (std::size_t step = 0; step < m.k; step += m.group) {
        for (std::size_t i = 0; i < m.group; ++i) {
          // Even products stay even where these are summed apart.
          const std::size_t j = (i + m.chains * inputs.below(m.group)) % m.group;
          std::swap(x.a[step + i], x.a[step + j]);
          std::swap(x.b[step + i], x.b[step + j]);
        }
      }
      INFO(std::string(row.name));
      CHECK(run(m, x) == before);
    }
    ++permuted;
  }
  CHECK(permuted > 100);
}

TEST_CASE("MMA-2 MMA-7 MMA-8 the order of products matters elsewhere") {
  numbers inputs(2);
  for (const char* name :
       {"gfx90a.v_mfma_f32_32x32x8f16", "avx512_bf16.vdpbf16ps", "generic.fma_chain.f32.f16",
        "sm80.mma.m16n8k16.f32.f16.f16.f32", "sm90.mma.m16n8k32.f16.e4m3.e4m3.f16"}) {
    const mma_model m = model(name);
    int differ = 0;
    for (int round = 0; round < 2000; ++round) {
      operands x = inputs.next(m);
      const code_t before = run(m, x);
      // The last product and the first: of different pairs and of different steps.
      std::swap(x.a.front(), x.a.back());
      std::swap(x.b.front(), x.b.back());
      if (run(m, x) != before) ++differ;
    }
    INFO(std::string(name));
    CHECK(differ > 0);
  }
}

TEST_CASE("MMA-1 rows and columns may be exchanged") {
  numbers inputs(3);
  for (const named_mma_model& row : floating()) {
    const mma_model& m = row.value;
    mma_model exchanged = m;
    std::swap(exchanged.a, exchanged.b);
    for (int round = 0; round < rounds; ++round) {
      operands x = inputs.next(m);
      const code_t before = run(m, x);
      std::swap(x.a, x.b);
      std::swap(x.sa, x.sb);
      INFO(std::string(row.name));
      CHECK(run(exchanged, x) == before);
    }
  }
}

TEST_CASE("MMA-4 MMA-5 negated operands negate the result, except where terms are cut downward") {
  numbers inputs(4);
  int biased = 0;
  for (const named_mma_model& row : floating()) {
    const mma_model& m = row.value;
    const bool floors = m.sum == mma_sum::aligned && m.entry == accumulator_entry::after_step;
    for (int round = 0; round < rounds; ++round) {
      operands x = inputs.next(m);
      const code_t before = run(m, x);
      const code_t sign = code_t{1} << (stored(m, m.a).width - 1);
      for (code_t& a : x.a) a ^= sign;
      x.c ^= code_t{1} << (m.c.width - 1);
      const code_t after = run(m, x);
      if (decode(m.d, before).cls == number_class::zero) continue;
      INFO(std::string(row.name));
      if (floors) {
        biased += after != (before ^ code_t{1} << (m.d.width - 1));
      } else {
        CHECK(after == (before ^ code_t{1} << (m.d.width - 1)));
      }
    }
  }
  CHECK(biased > 0);
}

TEST_CASE("MMA-4 a power of two as a factor of all terms is one of the result") {
  numbers inputs(5, 1);
  for (const named_mma_model& row : floating()) {
    const mma_model& m = row.value;
    // Formats of few bits are near their limits.
    if (m.a.width < 16 || exponent_field_bits(m.d) < 8) continue;
    for (int round = 0; round < rounds; ++round) {
      const operands x = inputs.next(m);
      operands y = x;
      const format held = stored(m, m.a);
      for (code_t& a : y.a) a += code_t{4} << trailing_bits(held);
      y.c += code_t{4} << trailing_bits(m.c);
      const code_t before = run(m, x);
      const auto value = decode(m.d, before);
      if (value.cls != number_class::finite) continue;
      // Sums that cancelled to few bits may have met a floor of the exponent in neither run.
      INFO(std::string(row.name));
      CHECK(run(m, y) == before + (code_t{4} << trailing_bits(m.d)));
    }
  }
}

TEST_CASE("MMA-4 products of zeros at the end of a step are as if they were not there") {
  numbers inputs(6);
  int padded = 0;
  for (const named_mma_model& row : floating()) {
    const mma_model& m = row.value;
    if (m.sum != mma_sum::aligned || m.group < 2 || m.k != m.group || m.run > 1 || m.chains > 1 ||
        m.scale_block != 0) {
      continue;
    }
    mma_model shorter = m;
    shorter.k = shorter.group = static_cast<std::uint16_t>(m.group - 1);
    for (int round = 0; round < rounds; ++round) {
      operands x = inputs.next(m);
      x.a.back() = (inputs.below(2) != 0) ? 0 : code_t{1} << (stored(m, m.a).width - 1);
      if (decode(stored(m, m.a), x.a.back()).cls == number_class::nan) x.a.back() = 0;
      INFO(std::string(row.name));
      CHECK(run(m, x) == run(shorter, x));
    }
    ++padded;
  }
  CHECK(padded > 60);
}

TEST_CASE("MMA-10 integers: order changes nothing without saturation; results wrap or clamp") {
  std::mt19937_64 random(7);
  for (const named_mma_model& row : lowp::all_mma_models) {
    const mma_model& m = row.value;
    if (m.sum != mma_sum::integer) continue;
    operands x = zeros(m);
    for (code_t& a : x.a) a = random() & ((1U << m.a.width) - 1);
    for (code_t& b : x.b) b = random() & ((1U << m.b.width) - 1);
    x.c = random() & 0xffffffff;
    const code_t before = run(m, x);
    std::swap(x.a.front(), x.a.back());
    std::swap(x.b.front(), x.b.back());
    INFO(std::string(row.name));
    if (m.overflow == lowp::integer_overflow::wrap) CHECK(run(m, x) == before);
  }
  operands x;
  x.a.assign(4, 0xff);
  x.b.assign(4, 0x7f);
  x.c = 0x7fffffff;
  CHECK(run(model("avx512_vnni.vpdpbusd"), x) == 0x7fffffffU + 4 * 255 * 127);
  CHECK(run(model("avx512_vnni.vpdpbusds"), x) == 0x7fffffff);
  // The corner of VPDPWSSD: two products of 2^30.
  const operands corner{{0x8000, 0x8000}, {0x8000, 0x8000}, {}, {}, 0};
  CHECK(run(model("avx512_vnni.vpdpwssd"), corner) == 0x80000000);
  operands from_minus_one = corner;
  from_minus_one.c = 0xffffffff;
  CHECK(run(model("avx512_vnni.vpdpwssds"), from_minus_one) == 0x7fffffff);
}

TEST_CASE(
    "MMA-12 scales multiply products, not the accumulator; NaN of a scale is one of the result") {
  const mma_model m = model("sm100a.tcgen05.mma.block_scale.mMnNk32.block32.f32.e4m3.e4m3.ue8m0");
  operands x = zeros(m);
  x.a[3] = x.b[3] = code_of(m.a, 1.5);
  x.c = 0x3f800000;
  x.sa[0] = 130;  // 2^3
  x.sb[0] = 126;  // 2^-1
  CHECK(run(m, x) == code_of(m.d, 2.25 * 4 + 1));
  x.sb[0] = 255;
  CHECK(run(m, x) == 0x7fffffff);
  // NVFP4: the sign bit of a scale does not count, subnormal scales do; zero has no product.
  const mma_model n = model("sm100a.tcgen05.mma.block_scale.mMnNk64.block16.f32.e2m1.e2m1.ue4m3");
  operands y = zeros(n);
  y.a[20] = code_of(n.a, 6);
  y.b[20] = code_of(n.b, -0.5);
  y.sa[1] = 0x80 | 0x01;  // 2^-9
  y.sb[1] = code_of(n.scale, 1.25);
  CHECK(run(n, y) == code_of(n.d, -3 * std::ldexp(1.25, -9)));
  y.sa[1] = 0;
  CHECK(run(n, y) == 0);
  y.c = 0xff800000;
  CHECK(run(n, y) == 0xff800000);
  y.sb[3] = 0x7f;
  CHECK(run(n, y) == 0x7fffffff);
}

TEST_CASE("MMA-12 MMA-4 a scale of zero has the exponent of its field where zeros are aligned") {
  const mma_model n =
      with_zero_rule(model("sm100a.tcgen05.mma.block_scale.mMnNk64.block16.f32.e2m1.e2m1.ue4m3"),
                     lowp::zero_exponent::minus_126);
  operands x = zeros(n);
  for (std::size_t i = 0; i < n.k; ++i) x.a[i] = x.b[i] = code_of(n.a, 1);
  for (std::size_t i = 0; i < 4; ++i) {
    x.sa[i] = 0;
    x.sb[i] = 0x7e;  // 448: exponent 8, with zero's -6 together 2
  }
  // Bits of c down to 2^-33 are kept.
  x.c = code_of(n.d, std::ldexp(1 + std::ldexp(1, -23), -10));
  CHECK(run(n, x) == x.c);
  for (code_t& s : x.sa) s = 0x38;  // one: 64 x 448 at exponent 8, unit 2^-27
  for (code_t& a : x.a) a = 0;
  CHECK(run(n, x) == code_of(n.d, std::ldexp(1, -10)));
}
