// SPDX-License-Identifier: Apache-2.0
/// \file
/// What codecs of wires lose, against theory, and messages with the bytes that FBGEMM recorded.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/collective/wire_coder.hpp>

#include "integer/hexadecimal.hpp"
#include "support/recorded.hpp"
#include "wire_messages.hpp"

namespace {

using namespace wires;
using lowp::wire_codec;
using lowp::wire_coder;

floats sent(const wire_codec& c, const floats& x, const lowp::wire_position& at = {}) {
  const wire_coder coder(c);
  bytes message(coder.encoded_size(x.size()));
  coder.encode(x, message, at);
  floats y(x.size());
  coder.decode(message, y);
  return y;
}

/// ||x - y|| / ||x||.
double relative_error(const floats& x, const floats& y) {
  double error = 0, size = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto a = static_cast<double>(x[i]), b = static_cast<double>(y[i]);
    error += (a - b) * (a - b);
    size += a * a;
  }
  return std::sqrt(error / size);
}

const wire_codec& codec(const char* name) {
  const lowp::named_wire_codec* row = lowp::find_wire_codec(name);
  REQUIRE(row != nullptr);
  return row->value;
}

TEST_CASE("COL-6: errors of normal numbers are those that the literature has") {
  // shared/reference/collectives.md, section 4: at most these, of one message.
  struct goal {
    const char* name;
    std::uint32_t row;
    double most;
  };
  const goal goals[] = {{"fbgemm_int8", 32, 0.0047}, {"int4", 32, 0.079},
                        {"fbgemm_mx4", 32, 0.112},   {"fbgemm_fp8_forward", 32, 0.024},
                        {"bf16", 1, 0.0017},         {"fp16", 1, 0.00022}};
  const floats x = numbers(0, 1 << 19, 1);
  for (const goal& g : goals) {
    const double error = relative_error(x, sent(with_row(codec(g.name), g.row), x));
    MESSAGE(std::string(g.name), ", rows of ", g.row, ": ", error);
    CHECK(error <= g.most);
    CHECK(error > g.most / 1.5);  // nor less than bits can do
  }
  // A rotation keeps the error of normal numbers, and takes outliers apart.
  floats spikes = x;
  for (std::size_t i = 0; i < spikes.size(); i += 128) spikes[i] *= 100;
  const wire_codec plain = codec("int4"), rotated = with_hadamard(plain, 128, 3);
  const double usual = relative_error(x, sent(plain, x));
  CHECK(relative_error(x, sent(rotated, x)) == doctest::Approx(usual).epsilon(0.02));
  const auto rest_error = [&](const wire_codec& c) {
    const floats y = sent(c, spikes);
    floats a, b;
    for (std::size_t i = 0; i < y.size(); ++i) {
      if (i % 128 == 0) continue;
      a.push_back(spikes[i]);
      b.push_back(y[i]);
    }
    return relative_error(a, b);
  };
  CHECK(rest_error(rotated) < rest_error(plain));
}

TEST_CASE("COL-6: rows of integers lose half a step, or a step at random, evenly") {
  std::mt19937_64 g = generator(2);
  std::uniform_real_distribution<float> uniform(-3, 5);
  floats x(1 << 16);
  for (float& v : x) v = uniform(g);
  struct kind {
    const char* name;
    double steps, slack;
  };
  for (const kind& k : {kind{"int8", 255, 0}, {"int4", 15, 0.03}, {"int2", 3, 0.01}}) {
    for (const bool random : {false, true}) {
      INFO(std::string(k.name));
      INFO(random);
      const wire_codec c = random ? with_stochastic(codec(k.name)) : codec(k.name);
      const floats y = sent(c, x, {{7, 8}, 0});
      double most = 0, sum = 0, squares = 0;
      for (std::size_t i = 0; i < x.size(); i += c.row) {
        const auto [lo, hi] = std::minmax_element(&x[i], &x[i] + c.row);
        const double step = (static_cast<double>(*hi) - static_cast<double>(*lo)) / k.steps;
        for (std::size_t j = i; j < i + c.row; ++j) {
          const double e = (static_cast<double>(y[j]) - static_cast<double>(x[j])) / step;
          most = std::max(most, std::abs(e));
          sum += e;
          squares += e * e;
        }
      }
      const auto n = static_cast<double>(x.size());
      // Uniform within half a step: a variance of 1/12. At random: the mean of p (1 - p), 1/6.
      CHECK(most <= (random ? 1 : 0.5) + k.slack + 2e-3);
      CHECK(most > (random ? 0.98 : 0.49));
      const double variance = random ? 1.0 / 6 : 1.0 / 12;
      // The two ends of each row, of 128, are exact but for parameters of 16 bits.
      CHECK(squares / n == doctest::Approx(variance).epsilon(0.03));
      CHECK(std::abs(sum / n) < 5 * std::sqrt(variance / n) + k.slack / 4);
    }
  }
}

TEST_CASE("COL-7: what feedback leaves behind telescopes") {
  // Of K messages the sum differs from that of what was sent by the last residual only.
  const wire_coder coder(codec("int2"));
  const std::size_t n = 1024;
  floats residual(n);
  std::vector<double> sum(n), received(n);
  floats plain_residual;
  double plain = 0, kept = 0;
  std::vector<double> without(n);
  const floats drift = numbers(0, n, 3);
  for (int k = 0; k < 50; ++k) {
    floats x = numbers(0, n, 100 + static_cast<std::uint64_t>(k));
    for (std::size_t i = 0; i < n; ++i) x[i] = x[i] * 0.1f + drift[i];
    bytes message(coder.encoded_size(n));
    floats y(n);
    coder.encode(x, message);
    coder.decode(message, y);
    for (std::size_t i = 0; i < n; ++i) without[i] += static_cast<double>(y[i]);
    coder.encode_feedback(x, residual, message);
    coder.decode(message, y);
    for (std::size_t i = 0; i < n; ++i) {
      sum[i] += static_cast<double>(x[i]);
      received[i] += static_cast<double>(y[i]);
    }
  }
  double most = 0;
  for (std::size_t i = 0; i < n; ++i) {
    most = std::max(most, std::abs(sum[i] - received[i] - static_cast<double>(residual[i])));
    kept += (sum[i] - received[i]) * (sum[i] - received[i]);
    plain += (sum[i] - without[i]) * (sum[i] - without[i]);
  }
  CHECK(most < 1e-4);  // roundings of 50 sums in binary32
  CHECK(kept < plain / 20);
}

/// A recorded row as a message of one row: bytes there, and numbers back where they are recorded.
void check_row(const wire_codec& registered, const recorded::fields& r) {
  const std::size_t n = std::stoul(r[1]);
  INFO(r[0]);
  const wire_coder coder(with_row(registered, static_cast<std::uint32_t>(n)));
  floats x;
  for (const std::uint32_t b : recorded::numbers(r[2], 8)) x.push_back(from_bits(b));
  REQUIRE(x.size() == n);
  bytes message(coder.encoded_size(n));
  coder.encode(x, message);
  CHECK(recorded::hexadecimal(message) == r[3]);
}

TEST_CASE("COL-5: messages have the bytes of FBGEMM") {
  const auto check_file = [](const char* file, std::size_t records, const char* name) {
    INFO(std::string(file));
    for (const recorded::fields& r : recorded::lines(std::string("intn/") + file, records)) {
      check_row(codec(name), r);
    }
  };
  check_file("q8_sbfloat_f32.txt", 112, "int8");
  check_file("q8_sbfloat_f32.txt", 112, "fbgemm_int8_cpu");
  check_file("q8_cuda_layout.txt", 64, "fbgemm_int8");
  check_file("q4_sbhalf_f32.txt", 112, "int4");
  check_file("q2_sbhalf_f32.txt", 112, "int2");
  check_file("fp8_rowwise_fwd143.txt", 64, "fbgemm_fp8_forward");
  check_file("fp8_rowwise_bwd152.txt", 64, "fbgemm_fp8_backward");
  if (!recorded::exists("intn/mx4.txt")) return;
  std::ifstream file(recorded::path("intn/mx4.txt"));
  recorded::fields r(7);
  std::size_t rows = 0;
  while (file >> r[0] >> r[1] >> r[2] >> r[3] >> r[4] >> r[5] >> r[6]) {
    ++rows;
    check_row(codec("fbgemm_mx4"), r);
    const wire_coder coder(codec("fbgemm_mx4"));
    floats y(32);
    coder.decode(recorded::bytes(r[3]), y);
    std::string text;
    for (const float v : y) {
      char digits[9];
      std::snprintf(digits, sizeof(digits), "%08x", bits_of(v));
      text += digits;
    }
    CHECK(text == r[6]);
  }
  CHECK(rows > 0);
}

}  // namespace
