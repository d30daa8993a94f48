// SPDX-License-Identifier: Apache-2.0
/// \file
/// The loops of roofline.hpp, built for the machine that runs them.
#include "roofline.hpp"

#include <cstdint>
#include <numeric>

namespace bench {

namespace {

#ifdef __AVX512F__
constexpr std::size_t vector_bytes = 64;
#elif defined(__AVX__)
constexpr std::size_t vector_bytes = 32;
#else
constexpr std::size_t vector_bytes = 16;
#endif
using vector [[gnu::vector_size(vector_bytes), gnu::aligned(1), gnu::may_alias]] = std::uint64_t;

// Loads and Stores vectors a round.
template <int Loads, int Stores>
[[gnu::noinline]] void loop(const std::byte* in, std::byte* out, std::size_t rounds) {
  const auto* from = reinterpret_cast<const vector*>(in);
  auto* to = reinterpret_cast<vector*>(out);
  for (std::size_t i = 0; i < rounds; ++i) {
    vector x = from[0];
#pragma GCC unroll 32
    for (int j = 1; j < Loads; ++j) x ^= from[j];
#pragma GCC unroll 32
    for (int j = 0; j < Stores; ++j) to[j] = x;
    from += Loads;
    to += Stores;
  }
}

struct shape {
  std::size_t loads, stores;
  void (*run)(const std::byte*, std::byte*, std::size_t);
};

template <int Loads, int Stores>
constexpr shape row{Loads, Stores, loop<Loads, Stores>};

constexpr shape shapes[] = {
    row<1, 1>,  row<2, 1>,  row<4, 1>,  row<8, 1>,  row<16, 1>, row<32, 1>, row<16, 3>, row<32, 3>,
    row<32, 5>, row<32, 7>, row<8, 3>,  row<4, 3>,  row<2, 3>,  row<1, 2>,  row<1, 4>,  row<1, 8>,
    row<1, 16>, row<1, 32>, row<3, 16>, row<3, 32>, row<5, 32>, row<7, 32>, row<3, 8>,  row<3, 4>,
};

}  // namespace

std::size_t move(const std::byte* in, std::size_t in_bytes, std::byte* out, std::size_t out_bytes) {
  const std::size_t divisor = std::gcd(in_bytes, out_bytes);
  for (const shape& s : shapes) {
    if (s.loads * divisor != in_bytes || s.stores * divisor != out_bytes) continue;
    const std::size_t rounds = in_bytes / (s.loads * vector_bytes);
    s.run(in, out, rounds);
    return rounds * s.loads * vector_bytes;
  }
  return 0;
}

}  // namespace bench
