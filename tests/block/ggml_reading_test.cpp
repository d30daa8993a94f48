// SPDX-License-Identifier: Apache-2.0
// ggml block types against a plain reading of their description in the machine's own arithmetic:
// numbers of any bytes, bytes of the simple types; the definitions in the machine's binary32; the
// signal-to-noise ratios that were measured with ggml.
#include "block/ggml_reading.hpp"

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/block/ggml/dequantise.hpp>
#include <lowp/block/ggml/quantise.hpp>
#include <lowp/types.hpp>

#include "block/ggml_inputs.hpp"
#include "block/ggml_machine.hpp"
#include "block/ggml_writing.hpp"

namespace {

using ggml_reading::block_bytes;
using ggml_reading::element;
using ggml_reading::floats;
using ggml_reading::inputs;
using ggml_reading::iq4;
using ggml_reading::iq4_code;
using ggml_reading::iq4_nl_written;
using ggml_reading::iq4_xs_written;
using ggml_reading::same;
using ggml_reading::seed;
using ggml_reading::written;
using lowp::float32;
using lowp::ggml_type;

template <class Real>
block_bytes quantised(const ggml_type& t, const floats& x) {
  std::vector<Real> in(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    in[i] = lowp::real_from_bits<Real>(std::bit_cast<std::uint32_t>(x[i]));
  }
  const std::size_t n = x.size() / t.elements;
  std::vector<std::byte> out(n * t.bytes);
  lowp::quantise_ggml(t, in.data(), n, out.data());
  block_bytes result(out.size());
  std::memcpy(result.data(), out.data(), out.size());
  return result;
}

template <class Real>
floats dequantised(const ggml_type& t, const block_bytes& in) {
  const std::size_t n = in.size() / t.bytes;
  std::vector<Real> y(n * t.elements);
  // A buffer of exactly these bytes: sanitizers see a read beyond them.
  const std::vector<std::byte> exact(reinterpret_cast<const std::byte*>(in.data()),
                                     reinterpret_cast<const std::byte*>(in.data()) + in.size());
  lowp::dequantise_ggml(t, exact.data(), n, y.data());
  floats result(y.size());
  for (std::size_t i = 0; i < y.size(); ++i) {
    result[i] = std::bit_cast<float>(lowp::real_bits(y[i]));
  }
  return result;
}

}  // namespace

TEST_CASE("GGM-2 GGM-3 GGM-4 GGM-5: numbers of any bytes") {
  MESSAGE("seed " << seed);
  inputs random(seed);
  for (const ggml_type& t : lowp::all_ggml_types) {
    const std::string name = t.name;
    CAPTURE(name);
    std::size_t wrong = 0;
    for (int round = 0; round < 100; ++round) {
      block_bytes block(t.bytes);
      for (std::uint8_t& b : block) b = static_cast<std::uint8_t>(random.bits() & 255);
      const floats y = dequantised<float32>(t, block);
      const floats z = dequantised<machine_float>(t, block);
      for (int i = 0; i < t.elements; ++i) {
        const auto at = static_cast<std::size_t>(i);
        const float want = element(name, block.data(), i);
        wrong += same(y[at], want) && same(z[at], want) ? 0U : 1U;
      }
    }
    CHECK(wrong == 0);
  }
}

TEST_CASE("GGM-7 GGM-8 GGM-9: bytes of simple types by another program") {
  MESSAGE("seed " << seed + 1);
  inputs random(seed + 1);
  int types = 0;
  for (const ggml_type& t : lowp::all_ggml_types) {
    const std::string name = t.name;
    CAPTURE(name);
    if (written(name, floats(t.elements)).empty()) continue;
    ++types;
    std::size_t wrong = 0;
    for (int round = 0; round < 600; ++round) {
      const floats x = random.block(t.elements, round, round % 2 == 0 ? 12 : 60);
      wrong += quantised<float32>(t, x) == written(name, x) ? 0U : 1U;
    }
    CHECK(wrong == 0);
  }
  CHECK(types == 11);
}

TEST_CASE("GGM-11: IQ4 by another program") {
  MESSAGE("seed " << seed + 5);
  inputs random(seed + 5);
  for (int k = 0; k < 15; ++k) {
    const float tie = static_cast<float>(iq4[k] + iq4[k + 1]) / 2;
    for (const float t : {std::nextafter(tie, -200.0F), tie, std::nextafter(tie, 200.0F)}) {
      CHECK(lowp::detail::ggml::nearest_iq4(float32{t}) == (t < tie ? k : k + 1));
      CHECK(iq4_code(t) == (t < tie ? k : k + 1));
    }
  }
  const auto& plain = *lowp::find_ggml_type("iq4_nl");
  const auto& search = *lowp::find_ggml_type("iq4_nl_search");
  const auto& super = *lowp::find_ggml_type("iq4_xs");
  std::size_t wrong = 0;
  std::size_t last_try_counts = 0;
  for (int round = 0; round < 300; ++round) {
    const floats x = random.block(32, round, 12);
    wrong += quantised<float32>(plain, x) == iq4_nl_written(x, 0) ? 0U : 1U;
    wrong += quantised<float32>(search, x) == iq4_nl_written(x, 7) ? 0U : 1U;
    last_try_counts += iq4_nl_written(x, 6) == iq4_nl_written(x, 7) ? 0U : 1U;
  }
  CHECK(last_try_counts > 0);
  for (int round = 0; round < 60; ++round) {
    const floats x = random.block(256, round, 12);
    wrong += quantised<float32>(super, x) == iq4_xs_written(x, 7) ? 0U : 1U;
    last_try_counts += iq4_xs_written(x, 6) == iq4_xs_written(x, 7) ? 0U : 1U;
  }
  CHECK(wrong == 0);
  MESSAGE("blocks in which the last trial counts: " << last_try_counts);
}

TEST_CASE("GGM-6 GGM-11 GGM-12 GGM-13: the machine's binary32 gives the same bytes") {
  MESSAGE("seed " << seed + 2);
  inputs random(seed + 2);
  const auto compare = [&](const ggml_type& t) {
    const std::string name = t.name;
    CAPTURE(name);
    std::size_t wrong = 0;
    for (int round = 0; round < (t.method == lowp::ggml_method::plain ? 120 : 36); ++round) {
      floats x = random.block(t.elements, round, round % 2 == 0 ? 10 : 100);
      // Any bits, NaN and infinity among them, in one block or one number of a block.
      if (round % 9 == 7) x[random.bits() % x.size()] = std::bit_cast<float>(random.bits());
      if (round % 9 == 8) {
        for (float& v : x) v = std::bit_cast<float>(random.bits());
      }
      wrong += quantised<float32>(t, x) == quantised<machine_float>(t, x) ? 0U : 1U;
    }
    CHECK(wrong == 0);
  };
  for (const ggml_type& t : lowp::all_ggml_types) compare(t);
  for (const ggml_type& t : lowp::all_ggml_variants) compare(t);
}

TEST_CASE("GGM-12 GGM-13: codes are the nearest for the scales that are stored") {
  MESSAGE("seed " << seed + 3);
  inputs random(seed + 3);
  for (const char* name : {"q2_K", "q3_K", "q4_K", "q5_K", "q6_K"}) {
    CAPTURE(std::string(name));
    const ggml_type& t = *lowp::find_ggml_type(name);
    std::size_t worse = 0;
    for (int round = 0; round < 40; ++round) {
      const floats x = random.block(256, 0, 8);
      const block_bytes block = quantised<machine_float>(t, x);
      const floats y = dequantised<machine_float>(t, block);
      block_bytes changed = block;
      const auto bytes = reinterpret_cast<std::byte*>(changed.data());
      for (int i = 0; i < 256; ++i) {
        // No code beside it is nearer, but for the rounding of quotients.
        const int code = lowp::detail::ggml::read_integer(t.codes, bytes, i);
        for (const int other : {code - 1, code + 1}) {
          const int most =
              t.asymmetric.highest != 0 ? t.asymmetric.highest : 2 * t.symmetric.highest - 1;
          if (other < 0 || other > most) continue;
          lowp::detail::ggml::write_integer(t.codes, bytes, i, other);
          const double z = element(name, changed.data(), i);
          const auto at = static_cast<std::size_t>(i);
          const double off = std::fabs(static_cast<double>(y[at]) - static_cast<double>(x[at]));
          const double other_off = std::fabs(z - static_cast<double>(x[at]));
          worse += off > other_off * (1 + 1e-4) ? 1U : 0U;
        }
        lowp::detail::ggml::write_integer(t.codes, bytes, i, code);
      }
    }
    CHECK(worse == 0);
  }
}

TEST_CASE("GGM-7 GGM-11 GGM-12 GGM-13: signal-to-noise ratios measured with ggml") {
  MESSAGE("seed " << seed + 4);
  struct ratio {
    const char* name;
    double gauss, uniform;  // decibels, for N(0, 1) and U(-1, 1)
  };
  constexpr ratio ratios[] = {
      {"q4_0", 21.31, 23.73},  {"q4_1", 22.15, 24.34},   {"q5_0", 27.40, 30.12},
      {"q5_1", 28.44, 30.63},  {"q8_0", 45.43, 48.48},   {"mxfp4", 18.79, 16.83},
      {"nvfp4", 20.44, 19.85}, {"iq4_nl", 22.08, 23.39}, {"iq4_xs", 22.30, 23.79},
      {"q2_K", 10.55, 12.65},  {"q3_K", 16.43, 18.05},   {"q4_K", 22.94, 25.27},
      {"q5_K", 28.85, 31.18},  {"q6_K", 35.03, 37.56},   {"q8_K", 43.15, 48.15},
      {"tq1_0", 1.86, 6.07},   {"tq2_0", 1.86, 6.07},    {"q1_0", 4.43, 6.05},
      {"q2_0", 2.88, 6.22},
  };
  inputs random(seed + 4);
  floats gauss(256 * 600);
  floats uniform(gauss.size());
  for (float& v : gauss) v = random.gauss();
  for (float& v : uniform) v = 2 * random.uniform() - 1;
  const auto decibels = [](const ggml_type& t, const floats& x) {
    const floats y = dequantised<machine_float>(t, quantised<machine_float>(t, x));
    double signal = 0;
    double noise = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double off = static_cast<double>(x[i]) - static_cast<double>(y[i]);
      signal += static_cast<double>(x[i]) * static_cast<double>(x[i]);
      noise += off * off;
    }
    return 10 * std::log10(signal / noise);
  };
  for (const ratio& r : ratios) {
    CAPTURE(std::string(r.name));
    const ggml_type& t = *lowp::find_ggml_type(r.name);
    CHECK(std::fabs(decibels(t, gauss) - r.gauss) < 0.1);
    CHECK(std::fabs(decibels(t, uniform) - r.uniform) < 0.1);
  }
  // The search does not lose against one fit.
  CHECK(decibels(*lowp::find_ggml_type("iq4_nl_search"), gauss) > 22.08);
}
