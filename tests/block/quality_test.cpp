// SPDX-License-Identifier: Apache-2.0
// The example block_quality: its numbers, its measure, and its figures against those measured on
// the implementations, which a wrong step of a quantiser or of the way back would miss by decibels.
#include <cmath>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "../../examples/block_quality/published.hpp"

namespace {

using namespace quality;

constexpr std::uint64_t seed = 1;
constexpr std::size_t samples = 1 << 16;

const matrix& numbers(std::size_t d) {
  static const std::vector<matrix> all = [] {
    std::vector<matrix> m;
    for (std::size_t i = 0; i < distribution_count; ++i) m.push_back(draw(i, samples, seed));
    return m;
  }();
  return all[d];
}

decibels measured(const subject& s, std::size_t d) {
  return signal_to_noise(numbers(d), s.restored(numbers(d)));
}

subject by_name(const char* format, const char* recipe, int columns = 0) {
  return subject_of({format, recipe, columns, {}, ""});
}

TEST_CASE("numbers of a seed are the same on every machine and have their distribution's moments") {
  // E|x| and E x^2; of t with 4 degrees E|x| = 1 and E x^2 = 2, with fourth moments infinite.
  const double root = std::sqrt(2 / 3.14159265358979);
  const struct {
    std::uint32_t first;
    double magnitude, square;
  } expected[] = {{0xbd2161d9, root, 1},
                  {0x3fd2b4d6, 1, 2},
                  {0x3f7a6c72, 1, 2},
                  {0x3f123363, 0.5, 1.0 / 3},
                  {0x3dac23d7, root * 1.019, 1.399}};
  for (std::size_t d = 0; d < distribution_count; ++d) {
    INFO(std::string(distributions[d].name));
    const matrix& m = numbers(d);
    REQUIRE(m.x.size() == samples);
    double sum = 0, magnitudes = 0, squares = 0;
    for (const float v : m.x) {
      const double x = v;
      sum += x, magnitudes += std::abs(x), squares += x * x;
    }
    CHECK(std::abs(sum / samples) < 0.03);
    CHECK(magnitudes / samples == doctest::Approx(expected[d].magnitude).epsilon(0.02));
    CHECK(squares / samples == doctest::Approx(expected[d].square).epsilon(0.1));
    CHECK(real::from_float(m.x[0]).bits() == expected[d].first);
  }
  CHECK(draw(0, 1, seed).x.size() == 32768);
  CHECK(draw(0, 32769, seed).x.size() == 65536);
}

TEST_CASE("signal to noise of known errors") {
  matrix m{std::vector<float>(2 * matrix::columns, 1)};
  std::vector<float> y(m.x.size(), 0.9375F);
  CHECK(signal_to_noise(m, y).value == doctest::Approx(20 * std::log10(16)));
  CHECK(signal_to_noise(m, y).standard_error == 0);
  // Rows with a quarter and three quarters of the noise differ from their share by a quarter.
  for (std::size_t i = 0; i < m.x.size(); ++i) {
    y[i] = 1 - (i < matrix::columns ? 0.5F : std::sqrt(0.75F));
  }
  CHECK(signal_to_noise(m, y).value == doctest::Approx(10 * std::log10(2)));
  const double expected = 10 / std::log(10.0) * std::sqrt(2 * 0.25 * 0.25);
  CHECK(signal_to_noise(m, y).standard_error == doctest::Approx(expected));
}

TEST_CASE("the standard error is how far figures of other seeds lie apart") {
  const lowp::simd::float_environment guard;
  const subject s = by_name("mxfp4", "ocp");
  constexpr int draws = 16;
  double sum = 0, squares = 0, errors = 0;
  for (int i = 0; i < draws; ++i) {
    const matrix m = draw(1, samples / 2, seed + 100 + static_cast<std::uint64_t>(i));
    const decibels d = signal_to_noise(m, s.restored(m));
    sum += d.value, squares += d.value * d.value, errors += d.standard_error;
  }
  const double spread = std::sqrt((squares - sum * sum / draws) / (draws - 1));
  MESSAGE("spread " << spread << " dB, standard error " << errors / draws << " dB");
  CHECK(spread > 0.5 * errors / draws);
  CHECK(spread < 2 * errors / draws);
}

TEST_CASE("BLS-7 BLS-9 BLS-18 GGM-7 figures measured on implementations") {
  const lowp::simd::float_environment guard;
  MESSAGE("seed " << seed << ", " << samples << " numbers");
  double greatest[published_distributions] = {}, most = 0;
  for (const published_line& line : published) {
    if (line.differs != nullptr) continue;
    const subject s = subject_of(line);
    for (std::size_t d = 0; d < published_distributions; ++d) {
      const decibels here = measured(s, d);
      const double difference = std::abs(here.value - line.decibels[d]);
      INFO(line.format << ' ' << line.columns << ' ' << line.recipe << ' ' << distributions[d].name
                       << ": " << here.value << " here, published " << line.decibels[d]
                       << ", standard error " << here.standard_error);
      CHECK(difference <= tolerance(here, samples));
      greatest[d] = std::max(greatest[d], difference);
      most = std::max(most, difference / tolerance(here, samples));
    }
  }
  for (std::size_t d = 0; d < published_distributions; ++d) {
    MESSAGE(std::string(distributions[d].name) << ": greatest difference " << greatest[d] << " dB");
  }
  MESSAGE("greatest share of the tolerance " << most);
}

TEST_CASE("figures that are not comparable are those of other numbers") {
  const lowp::simd::float_environment guard;
  constexpr std::size_t uniform =
      3;  // every block has numbers near its end, where Quark goes beyond
  for (const published_line& line : published) {
    if (line.differs == nullptr) continue;
    const decibels here = measured(subject_of(line), uniform);
    CHECK(here.value < line.decibels[uniform] - tolerance(here, samples));
  }
}

TEST_CASE("BLS-5 different roads to the same numbers") {
  const lowp::simd::float_environment guard;
  for (std::size_t d = 0; d < distribution_count; ++d) {
    INFO(std::string(distributions[d].name));
    // Sign and magnitude, two's complement without its least integer.
    const double bfp = measured(by_name("msfp16", "ocp"), d).value;
    CHECK(bfp == measured(by_name("mxint8", "ocp", 16), d).value);
    // The same significands; exponents of E3M2 reach far enough but for a few.
    const double e3m2 = measured(by_name("mxfp6_e3m2", "ocp"), d).value;
    CHECK(std::abs(e3m2 - measured(by_name("mxfp8_e5m2", "ocp"), d).value) < 0.03);
    // Ties alone differ.
    const double ggml = measured(by_name("ggml_mxfp4", ""), d).value;
    CHECK(std::abs(ggml - measured(by_name("mxfp4", "ocp"), d).value) < 0.01);
  }
}

TEST_CASE("every format is in the table by the recipe of its source") {
  std::set<std::string> defaults;
  std::size_t recipes = 0;
  for (const subject& s : all_subjects()) {
    if (s.is_default) defaults.insert(s.name);
    ++recipes;
  }
  for (const auto& f : lowp::all_block_formats) CHECK(defaults.contains(f.name));
  for (const auto& t : lowp::all_ggml_types)
    CHECK(defaults.contains(std::string("ggml_") + t.name));
  CHECK(recipes > lowp::block_format_count + lowp::ggml_type_count + 100);
  // mx4 and bfp16 begin names of formats with other elements.
  const auto meant = [](const char* recipe, const char* format) {
    return is_meant_for(*lowp::find_block_recipe(recipe), *lowp::find_block_format(format));
  };
  CHECK(meant("quark_mx9", "mx4"));
  CHECK_FALSE(meant("quark_mx9", "mx4_e3m0"));
  CHECK(meant("quark_bfp16", "bfp16"));
  CHECK_FALSE(meant("quark_bfp16", "bfp16_compiler"));
  CHECK(meant("nvfp4_te", "nvfp4_row"));
  CHECK_FALSE(meant("nvfp4_te", "mxfp4"));
}

}  // namespace
