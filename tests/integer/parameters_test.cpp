// SPDX-License-Identifier: Apache-2.0
// Scale and zero point from a range: recorded results of FBGEMM, its formulas and those of the
// other rules in the machine's own arithmetic, what is refused.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/integer/fbgemm_parameters.hpp>
#include <lowp/integer/min_max_rules.hpp>

#include "recorded_numbers.hpp"

namespace {

using lowp::integer_range;
using lowp::parameter_error;
using recorded::fl;
using recorded::from_lowp;
using recorded::to_lowp;
using span = lowp::real_range<recorded::lowp_real>;

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float quiet_nan = std::numeric_limits<float>::quiet_NaN();

span between(float least, float greatest) { return {to_lowp(least), to_lowp(greatest)}; }

TEST_CASE("INT-9 FBGEMM's ChooseQuantizationParams as recorded") {
  for (const auto& f : recorded::lines("intn/fbgemm_qparams.txt", 300)) {
    REQUIRE(f.size() == 8);
    const integer_range q{static_cast<int>(recorded::integer(f[2])),
                          static_cast<int>(recorded::integer(f[3]))};
    const auto got = lowp::choose_fbgemm_parameters(
        between(recorded::binary32(f[0]), recorded::binary32(f[1])), q,
        {.preserve_sparsity = f[4] == "1", .power_of_two_scale = f[5] == "1"});
    CAPTURE(f[0]);
    CAPTURE(f[1]);
    CHECK(got.error == parameter_error::none);
    CHECK(from_lowp(got.value.scale) == recorded::binary32(f[6]));
    CHECK(got.value.zero_point == recorded::integer(f[7]));
  }
}

struct outcome {
  float scale;
  int zero_point;
};

// FBGEMM's steps once more, in float and double; the logarithm is the mathematical one.
outcome fbgemm(float min, float max, integer_range q, bool sparsity, bool power) {
  const int steps = q.greatest - q.lowest;
  if (min < 0 && max > 0 && sparsity) {
    const int low = -(steps / 2 + 1), high = steps / 2;
    const double m = std::max(std::fabs(static_cast<double>(fl(min / static_cast<float>(low)))),
                              std::fabs(static_cast<double>(fl(max / static_cast<float>(high)))));
    min = fl(static_cast<float>(m * low));
    max = fl(static_cast<float>(m * high));
  }
  min = std::min(min, 0.0f);
  max = std::max(max, 0.0f);
  float scale = fl(static_cast<float>((static_cast<double>(max) - min) / steps));
  if (scale == 0 || std::isinf(fl(1 / scale))) scale = 0.1f;
  if (power) {
    int exponent = 0;
    const float half = std::frexp(scale, &exponent);
    scale = std::ldexp(1.0f, half == 0.5f ? exponent - 1 : exponent);
  }
  if (scale < 6.1e-5f) {
    const float old = scale;
    scale = 6.1e-5f;
    if (min == 0) {
      max = fl(scale * static_cast<float>(steps));
    } else if (max == 0) {
      min = -fl(scale * static_cast<float>(steps));
    } else {
      const float a = fl(scale / old);
      min = fl(min * a);
      max = fl(max * a);
    }
  }
  const double s = scale;
  double z = q.greatest - max / s;
  if (std::abs(q.lowest) + std::fabs(min / s) < std::abs(q.greatest) + std::fabs(max / s)) {
    z = q.lowest - min / s;
  }
  if (min < 0 && max > 0 && sparsity) z = (q.lowest + q.greatest) / 2.0;
  return {scale, static_cast<int>(std::nearbyint(std::clamp<double>(z, q.lowest, q.greatest)))};
}

// Ranges of every size and position; powers of two and their neighbours among them.
std::vector<std::pair<float, float>> ranges(std::uint64_t seed, int least_exponent,
                                            int greatest_exponent) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<float> unit(-1, 1);
  std::vector<std::pair<float, float>> all;
  for (int e = least_exponent; e <= greatest_exponent; ++e) {
    const float size = std::ldexp(1.0f, e);
    for (int i = 0; i < 12; ++i) {
      const float a = unit(random) * size, b = unit(random) * size;
      all.emplace_back(std::min(a, b), std::max(a, b));
      all.emplace_back(-std::fabs(a), std::fabs(b));
    }
    for (const float x : {size, std::nextafter(size, infinity), size * 255, size * 127}) {
      if (x > 1e38f) continue;
      all.emplace_back(0.0f, x);
      all.emplace_back(-x, 0.0f);
      all.emplace_back(-x, x);
      all.emplace_back(x / 2, x);
    }
  }
  all.emplace_back(0.0f, 0.0f);
  all.emplace_back(-0.0f, 0.0f);
  return all;
}

constexpr integer_range integers[] = {{0, 255}, {-128, 127}, {-127, 127},
                                      {-8, 7},  {0, 15},     {-64, 63}};

TEST_CASE("INT-9 FBGEMM's formulas in native arithmetic") {
  for (const auto& [least, greatest] : ranges(1, -140, 120)) {
    for (const integer_range q : integers) {
      for (const bool sparsity : {false, true}) {
        for (const bool power : {false, true}) {
          const outcome want = fbgemm(least, greatest, q, sparsity, power);
          const auto got =
              lowp::choose_fbgemm_parameters(between(least, greatest), q, {sparsity, power});
          if (got.error == parameter_error::power_of_two) continue;  // the next test
          CAPTURE(least);
          CAPTURE(greatest);
          CAPTURE(sparsity);
          CAPTURE(power);
          REQUIRE(got.error == parameter_error::none);
          REQUIRE(from_lowp(got.value.scale) == want.scale);
          REQUIRE(got.value.zero_point == want.zero_point);
        }
      }
    }
  }
}

TEST_CASE("INT-9 powers of two that FBGEMM does not define are refused") {
  const auto error = [](float scale) {
    return lowp::choose_fbgemm_parameters(between(0, scale), {0, 1}, {.power_of_two_scale = true})
        .error;
  };
  CHECK(error(0x1p-30f) == parameter_error::none);
  CHECK(error(0x1.000002p-31f) == parameter_error::none);
  CHECK(error(0x1p-31f) == parameter_error::power_of_two);
  CHECK(error(0x1p30f) == parameter_error::none);
  CHECK(error(0x1.000002p30f) == parameter_error::power_of_two);
  CHECK(error(0) == parameter_error::none);
}

// The other rules; least <= 0 <= greatest.
outcome published(std::string_view name, float least, float greatest, integer_range q) {
  const auto lowest = static_cast<float>(q.lowest), highest = static_cast<float>(q.greatest);
  const float amax = std::max(-least, greatest);
  const int middle = q.lowest < 0 ? 0 : (q.lowest + q.greatest + 1) / 2;
  const bool none = amax == 0;
  const auto clamp = [&](double z) {
    return static_cast<int>(std::clamp<double>(z, q.lowest, q.greatest));
  };
  const auto or_one = [&](float s) { return none || s == 0 ? 1.0f : s; };
  constexpr float epsilon = std::numeric_limits<float>::epsilon();
  if (name == "pytorch.affine") {
    const float s = std::max(fl(fl(greatest - least) / (highest - lowest)), epsilon);
    return {s, clamp(double{lowest} - std::nearbyint(fl(least / s)))};
  }
  if (name == "pytorch.symmetric") {
    return {std::max(fl(amax / ((highest - lowest) / 2)), epsilon), middle};
  }
  if (name == "gptq") {  // zp = round(-min / scale), for integers from 0
    const float s = or_one(fl(fl(greatest - least) / (highest - lowest)));
    return {s, clamp(std::nearbyint(fl(-least / s)) + lowest)};
  }
  if (name == "onnx.dynamic") {
    const float s = or_one(fl(fl(greatest - least) / (highest - lowest)));
    return {s, clamp(std::nearbyint(fl(lowest - fl(least / s))))};
  }
  if (name == "absmax") return {or_one(fl(amax / highest)), middle};
  if (name == "absmax_full") return {or_one(fl(amax / (highest + 1))), middle};
  if (name == "deepspeed") return {none ? 1.0f : fl((highest - lowest + 1) / fl(2 * amax)), middle};
  FAIL("a rule without a formula here: ", name);
  return {};
}

TEST_CASE("INT-8 every min-max rule against its formula") {
  for (const lowp::named_min_max_rule& rule : lowp::all_min_max_rules) {
    INFO(std::string(rule.name));
    for (const auto& [least, greatest] : ranges(2, -149, 120)) {
      for (const integer_range q : integers) {
        const outcome want =
            published(rule.name, std::min(least, 0.0f), std::max(greatest, 0.0f), q);
        const auto got = lowp::choose_parameters(rule, between(least, greatest), q);
        CAPTURE(least);
        CAPTURE(greatest);
        if (std::isinf(want.scale)) {
          REQUIRE(got.error == parameter_error::scale);
          continue;
        }
        REQUIRE(got.error == parameter_error::none);
        REQUIRE(from_lowp(got.value.scale) == want.scale);
        REQUIRE(got.value.zero_point == want.zero_point);
      }
    }
  }
}

TEST_CASE("INT-8 INT-9 ranges that are none") {
  const auto error = [](float least, float greatest, integer_range q) {
    const auto a =
        lowp::choose_parameters(lowp::min_max_rules::onnx_dynamic, between(least, greatest), q);
    const auto b = lowp::choose_fbgemm_parameters(between(least, greatest), q);
    CHECK((a.error == b.error || a.error == parameter_error::scale));
    CHECK(from_lowp(a.value.scale) == 1);
    return a.error;
  };
  CHECK(error(-infinity, 1, {0, 255}) == parameter_error::not_finite);
  CHECK(error(0, quiet_nan, {0, 255}) == parameter_error::not_finite);
  CHECK(error(2, 1, {0, 255}) == parameter_error::reversed);
  CHECK(error(0, 255, {3, 3}) == parameter_error::reversed);
  CHECK(error(-3e38f, 3e38f, {0, 255}) == parameter_error::scale);
  CHECK(message(parameter_error::scale) != nullptr);
  // Symmetric ways, whose divisor is the greatest integer, have no scale where that is negative.
  for (const float least_scale : {0.0f, 1e-5f}) {
    const lowp::min_max_rule symmetric{.scale = lowp::scale_formula::per_greatest,
                                       .zero_point = lowp::zero_point_formula::symmetric,
                                       .least_scale = least_scale};
    const auto a = lowp::choose_parameters(symmetric, between(-1, 1), {-8, -2});
    CHECK(a.error == parameter_error::scale);
    CHECK(from_lowp(a.value.scale) == 1);
    CHECK(lowp::choose_parameters(symmetric, between(-1, 1), {-8, 7}).error ==
          parameter_error::none);
  }
}

TEST_CASE("INT-8 the range of an array") {
  const auto range = [](std::vector<float> x) {
    std::vector<recorded::lowp_real> all;
    for (const float v : x) all.push_back(to_lowp(v));
    const auto r = lowp::min_max(all.data(), all.size());
    return std::pair{from_lowp(r.least), from_lowp(r.greatest)};
  };
  CHECK(range({}) == std::pair{0.0f, 0.0f});
  CHECK(range({quiet_nan}) == std::pair{0.0f, 0.0f});
  CHECK(range({3, 1, 2}) == std::pair{1.0f, 3.0f});
  CHECK(range({quiet_nan, -2, quiet_nan, -5}) == std::pair{-5.0f, -2.0f});
  CHECK(range({1, -infinity}) == std::pair{-infinity, 1.0f});
}

}  // namespace
