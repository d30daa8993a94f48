// SPDX-License-Identifier: Apache-2.0
/// \file
/// Speeds of codecs of wires for the cost model, measured on one thread.
#ifndef LOWP_BENCH_COLLECTIVE_SPEEDS_HPP
#define LOWP_BENCH_COLLECTIVE_SPEEDS_HPP

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <random>
#include <span>
#include <vector>

#include <lowp/collective/cost_model.hpp>
#include <lowp/collective/wire_coder.hpp>

namespace bench {

/// Least seconds of a call in so many.
template <class What>
double least_seconds(int rounds, const What& what) {
  double least = 1e9;
  for (int i = 0; i < rounds; ++i) {
    const auto start = std::chrono::steady_clock::now();
    what();
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
    least = std::min(least, time.count());
  }
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
  const auto speed = [&](double of, const auto& work) { return of / least_seconds(rounds, work); };
  lowp::codec_speed s;
  s.bytes_per_number = lowp::bytes_per_number(c);
  s.encode = speed(gigabytes, [&] { coder.encode(x, bytes); });
  s.decode = speed(gigabytes, [&] { coder.decode(bytes, y); });
  s.decode_add = speed(8e-9 * static_cast<double>(half), [&] {
    coder.reduce(parts, lowp::wire_sum::in_order, std::span(y).first(half));
  });
  return s;
}

}  // namespace bench

#endif  // LOWP_BENCH_COLLECTIVE_SPEEDS_HPP
