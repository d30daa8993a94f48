// SPDX-License-Identifier: Apache-2.0
/// \file
/// Speeds of codecs of wires for the cost model, measured on one thread.
#ifndef LOWP_BENCH_COLLECTIVE_SPEEDS_HPP
#define LOWP_BENCH_COLLECTIVE_SPEEDS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <span>
#include <vector>

#include <lowp/collective/cost_model.hpp>
#include <lowp/collective/wire_coder.hpp>
#include <lowp/simd/crc32c.hpp>

#include "turns.hpp"

namespace bench {

/// Least seconds of the thread's own time that a call takes: others on the machine count less.
template <class What>
double least_own_seconds(int rounds, const What& what) {
  double least = std::numeric_limits<double>::infinity();
  for (int i = 0; i < rounds; ++i) least = std::min(least, seconds_of(what, 1));
  return least;
}

inline std::vector<float> normal_numbers(std::size_t n) {
  std::mt19937 random(20261122);
  std::normal_distribution<float> normal;
  std::vector<float> x(n);
  const std::size_t own = std::min<std::size_t>(n, 1 << 16);
  for (std::size_t i = 0; i < n; ++i) x[i] = i < own ? normal(random) : x[i - own];
  return x;
}

/// A codec on arrays of n numbers: encoding and decoding of all, and decoding with addition as an
/// all-reduce of two ranks does it, two messages of one half each.
inline lowp::codec_speed measure_codec(const lowp::wire_codec& c, std::size_t n, int rounds) {
  const lowp::wire_coder coder(c);
  const std::vector<float> x = normal_numbers(n);
  std::vector<float> y(n);
  std::vector<std::byte> bytes(coder.encoded_size(n));
  const std::size_t half = n / 2 / c.row * c.row;
  const std::vector<std::span<const std::byte>> parts(
      2, std::span<const std::byte>(bytes).first(coder.encoded_size(half)));
  const double gigabytes = 4e-9 * static_cast<double>(n);
  const auto speed = [&](double of, const auto& work) {
    return of / least_own_seconds(rounds, work);
  };
  lowp::codec_speed s;
  s.bytes_per_number = lowp::bytes_per_number(c);
  s.encode = speed(gigabytes, [&] { coder.encode(x, bytes); });
  s.decode = speed(gigabytes, [&] { coder.decode(bytes, y); });
  s.decode_add = speed(8e-9 * static_cast<double>(half), [&] {
    coder.reduce(parts, lowp::wire_sum::in_order, std::span(y).first(half));
  });
  return s;
}

/// Checksums and copies of messages of so many bytes.
inline lowp::message_speed measure_messages(std::size_t bytes, int rounds) {
  const std::vector<std::byte> x(bytes, std::byte{1});
  std::vector<std::byte> y(bytes);
  volatile std::uint32_t checksum = 0;
  const double gigabytes = 1e-9 * static_cast<double>(bytes);
  lowp::message_speed s;
  s.checksum = gigabytes /
               least_own_seconds(rounds, [&] { checksum = lowp::simd::crc32c(x.data(), bytes); });
  s.copy = gigabytes / least_own_seconds(rounds, [&] { std::copy(x.begin(), x.end(), y.begin()); });
  return s;
}

}  // namespace bench

#endif  // LOWP_BENCH_COLLECTIVE_SPEEDS_HPP
