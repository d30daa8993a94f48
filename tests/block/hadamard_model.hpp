// SPDX-License-Identifier: Apache-2.0
/// \file
/// The Hadamard transform a second time, for tests: matrices by doubling, the order of the
/// definition in plain float arithmetic; and numbers to transform.
#ifndef LOWP_TESTS_BLOCK_HADAMARD_MODEL_HPP
#define LOWP_TESTS_BLOCK_HADAMARD_MODEL_HPP

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include <lowp/block/hadamard.hpp>
#include <lowp/types.hpp>

namespace hadamard_model {

using lowp::float32;
using lowp::hadamard_scaling;
using lowp::hadamard_sum;
using lowp::hadamard_transform;
using numbers = std::vector<float>;

inline constexpr int sizes[] = {2, 4, 8, 16, 32, 64, 128, 256, 512, 1024};
inline constexpr hadamard_sum both_sums[] = {hadamard_sum::butterfly, hadamard_sum::in_order};

/// Whether n is a power of four, so that 1/sqrt(n) is exact.
inline bool is_square(int n) { return std::countr_zero(static_cast<unsigned>(n)) % 2 == 0; }

/// Sylvester's matrix: each doubling puts H, H over H, -H.
inline std::vector<std::vector<int>> matrix(int n) {
  std::vector<std::vector<int>> h{{1}};
  while (static_cast<int>(h.size()) < n) {
    const std::size_t m = h.size();
    h.resize(2 * m, std::vector<int>(2 * m));
    for (std::size_t i = 0; i < m; ++i) {
      h[i].resize(2 * m);
      for (std::size_t j = 0; j < m; ++j) {
        h[i][j + m] = h[i + m][j] = h[i][j];
        h[i + m][j + m] = -h[i][j];
      }
    }
  }
  return h;
}

inline hadamard_transform transform(int n, hadamard_sum sum, hadamard_scaling scaling,
                                    std::uint64_t seed) {
  return {static_cast<std::uint16_t>(n), lowp::random_signs({.seed = seed}, n), sum, scaling};
}

template <class Real>
std::vector<Real> reals(const numbers& x) {
  std::vector<Real> out;
  for (const float f : x) out.push_back(lowp::real<Real>(f));
  return out;
}
template <class Real>
numbers floats(const std::vector<Real>& x) {
  numbers out;
  for (const Real r : x) out.push_back(std::bit_cast<float>(lowp::real_bits(r)));
  return out;
}
template <class Real = float32>
numbers transformed(const hadamard_transform& t, const numbers& x) {
  std::vector<Real> y = reals<Real>(x);
  lowp::hadamard(t, y.data());
  return floats(y);
}
inline numbers inverse(const hadamard_transform& t, const numbers& y) {
  std::vector<float32> x = reals<float32>(y);
  lowp::inverse_hadamard(t, x.data());
  return floats(x);
}

inline bool same_bits(const numbers& a, const numbers& b) {
  bool same = a.size() == b.size();
  for (std::size_t i = 0; same && i < a.size(); ++i) {
    same = std::bit_cast<std::uint32_t>(a[i]) == std::bit_cast<std::uint32_t>(b[i]) ||
           (std::isnan(a[i]) && std::isnan(b[i]));
  }
  return same;
}

/// The definition's order in plain float arithmetic: halves first, then their sums and differences.
inline numbers halves(const numbers& x) {
  const std::size_t n = x.size();
  if (n == 1) return x;
  const auto middle = x.begin() + static_cast<std::ptrdiff_t>(n / 2);
  const numbers a = halves({x.begin(), middle}), b = halves({middle, x.end()});
  numbers y(n);
  for (std::size_t k = 0; k < n / 2; ++k) {
    y[k] = a[k] + b[k];
    y[k + n / 2] = a[k] - b[k];
  }
  return y;
}
inline numbers product(const numbers& x) {
  const auto h = matrix(static_cast<int>(x.size()));
  numbers y(x.size());
  for (std::size_t j = 0; j < x.size(); ++j) {
    float sum = h[0][j] > 0 ? x[0] : -x[0];
    for (std::size_t i = 1; i < x.size(); ++i) sum = sum + (h[i][j] > 0 ? x[i] : -x[i]);
    y[j] = sum;
  }
  return y;
}
inline numbers defined(const hadamard_transform& t, numbers x) {
  const float factor = static_cast<float>(1 / std::sqrt(static_cast<double>(t.size)));
  for (std::size_t i = 0; i < x.size(); ++i) {
    if ((t.minus.word[i / 32] & (1U << i % 32)) != 0) x[i] = -x[i];
  }
  if (t.scaling == hadamard_scaling::before) {
    for (float& v : x) v *= factor;
  }
  numbers y = t.sum == hadamard_sum::butterfly ? halves(x) : product(x);
  if (t.scaling == hadamard_scaling::after) {
    for (float& v : y) v *= factor;
  }
  return y;
}

/// Numbers of all magnitudes, or of similar ones, or with a few special ones among them.
inline numbers some_numbers(int n, std::mt19937_64& random) {
  const auto kind = random() % 4;
  numbers x;
  for (int i = 0; i < n; ++i) {
    const auto bits = static_cast<std::uint32_t>(random());
    const std::uint32_t field = kind == 0   ? bits & 0x7f800000
                                : kind == 1 ? (bits >> 23 & 3) << 23
                                            : (120 + (bits >> 23 & 15)) << 23;
    float f = std::bit_cast<float>((bits & 0x807fffff) | field);
    if (kind == 3 && random() % 64 == 0) {
      const float specials[] = {std::numeric_limits<float>::infinity(), std::nanf(""), -0.0f, 0.0f};
      f = specials[random() % 4];
    }
    x.push_back(f);
  }
  return x;
}

}  // namespace hadamard_model

#endif  // LOWP_TESTS_BLOCK_HADAMARD_MODEL_HPP
