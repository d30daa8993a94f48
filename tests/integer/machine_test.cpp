// SPDX-License-Identifier: Apache-2.0
// The definitions of integers on the machine's binary32: the same bits as on float32.
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/integer/error_search.hpp>
#include <lowp/integer/fbgemm_parameters.hpp>
#include <lowp/integer/histogram.hpp>
#include <lowp/integer/min_max_rules.hpp>
#include <lowp/integer/quantise_rules.hpp>
#include <lowp/integer/requantisations.hpp>
#include <lowp/simd/machine_binary32.hpp>

namespace {

using lowp::affine;
using lowp::integer_range;
using soft = lowp::number<lowp::formats::binary32>;
using hard = lowp::simd::machine_binary32;

// Numbers of the sizes that quantisation meets, and any bits at all.
std::vector<std::uint32_t> patterns(std::size_t n) {
  std::mt19937_64 random(1);
  std::vector<std::uint32_t> all;
  for (std::size_t i = 0; i < n; ++i) {
    const auto bits = static_cast<std::uint32_t>(random());
    all.push_back(i % 4 == 0 ? bits : (bits & 0x83ffffff) | 0x3c000000);
  }
  return all;
}

template <class Real>
std::vector<Real> numbers(const std::vector<std::uint32_t>& bits) {
  std::vector<Real> all;
  for (const std::uint32_t b : bits) all.push_back(lowp::real_from_bits<Real>(b));
  return all;
}

template <class Real>
void append(std::vector<std::int64_t>& out, const lowp::affine_choice<Real>& c) {
  out.push_back(lowp::real_bits(c.value.scale));
  out.push_back(c.value.zero_point);
  out.push_back(static_cast<int>(c.error));
}

// Results of everything that is defined over binary32, as integers.
template <class Real>
std::vector<std::int64_t> results() {
  const auto x = numbers<Real>(patterns(2000));
  std::vector<std::int64_t> out;
  constexpr integer_range q{-127, 127};
  for (std::size_t i = 0; i + 1 < 200; ++i) {
    const bool ordered = x[i] < x[i + 1];
    const lowp::real_range<Real> r{ordered ? x[i] : x[i + 1], ordered ? x[i + 1] : x[i]};
    for (const auto& rule : lowp::all_min_max_rules)
      append(out, lowp::choose_parameters(rule, r, q));
    append(out, lowp::choose_fbgemm_parameters(r, q, {.preserve_sparsity = i % 2 == 0}));
  }
  for (const auto& rule : lowp::all_quantise_rules) {
    for (std::size_t i = 0; i + 1 < x.size(); ++i) {
      const affine<Real> a{lowp::magnitude(x[i + 1]), static_cast<int>(i % 300) - 150};
      const auto n = lowp::quantise(rule, x[i], a, q);
      out.push_back(n);
      out.push_back(lowp::real_bits(lowp::dequantise(n, a, rule.value.scale)));
    }
  }
  std::vector<std::uint64_t> counts(100);
  const lowp::histogram<Real> h{
      {lowp::real<Real>(-2.0f), lowp::real<Real>(3.0f)}, counts.data(), counts.size()};
  lowp::count(h, x.data(), x.size());
  lowp::count(h, x.data(), x.size(), lowp::counted::magnitudes);
  for (const std::uint64_t c : counts) out.push_back(static_cast<std::int64_t>(c));
  for (std::size_t i = 0; i <= 100; ++i) {
    const auto r = lowp::range_of_window(h, {0, i}, lowp::counted::magnitudes);
    out.push_back(lowp::real_bits(r.least));
  }
  std::vector<Real> tame;
  for (std::size_t i = 0; i < 400; ++i) {
    if (i % 4 != 0) tame.push_back(x[i]);
  }
  append(out, lowp::choose_by_error(lowp::min_max_rules::absmax, lowp::quantise_rules::onnx,
                                    tame.data(), tame.size(), q, 20));
  for (const auto& r : lowp::all_requantisations) {
    const auto m = lowp::encode_multiplier(r.value.encoding,
                                           lowp::number<lowp::formats::binary64>{0.0123456789});
    for (std::int64_t n = -2000000000; n < 2000000000; n += 1234567) {
      out.push_back(lowp::requantise<Real>(r, n, m.value, 3, {0, 255}));
    }
  }
  return out;
}

TEST_CASE("INT-5 INT-6 INT-8 INT-9 INT-12 INT-16 INT-20 the same bits on the machine's binary32") {
  const auto want = results<soft>();
  const lowp::simd::float_environment environment;
  CHECK(results<hard>() == want);
}

}  // namespace
