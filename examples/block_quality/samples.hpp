// SPDX-License-Identifier: Apache-2.0
/// \file
/// Numbers to quantise: five distributions, the same on every machine for a seed, and how much of
/// them is lost.
#ifndef LOWP_EXAMPLES_BLOCK_QUALITY_SAMPLES_HPP
#define LOWP_EXAMPLES_BLOCK_QUALITY_SAMPLES_HPP

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace quality {

/// Independent draws. The engine is the standard's to the bit; of the library functions below only
/// the logarithm may differ between machines, by less than what rounding to float leaves.
class generator {
 public:
  explicit generator(std::uint64_t seed) : engine_(seed) {}

  /// Odd multiples of 2^-53 between 0 and 1.
  double uniform() { return (static_cast<double>(engine_() >> 12) + 0.5) * 0x1p-52; }

  /// N(0, 1), by Marsaglia's polar method.
  double normal() {
    for (;;) {
      const double u = 2 * uniform() - 1, v = 2 * uniform() - 1;
      const double s = u * u + v * v;
      if (s < 1) return u * std::sqrt(-2 * std::log(s) / s);
    }
  }

  double laplace() {
    const double u = 2 * uniform() - 1;  // not 0
    return u < 0 ? std::log1p(u) : -std::log1p(-u);
  }

  /// Student's t with 4 degrees of freedom: N(0, 1) over the root of a quarter of chi square, which
  /// with 4 degrees is twice a sum of two exponentials.
  double student() {
    const double quarter = -0.5 * std::log(uniform() * uniform());
    return normal() / std::sqrt(quarter);
  }

  /// N(0, 1), but one number in a thousand times 20.
  double outliers() {
    const double x = normal();
    return uniform() < 0.001 ? 20 * x : x;
  }

 private:
  std::mt19937_64 engine_;
};

struct distribution {
  const char* name;
  const char* meaning;
  double (*draw)(generator&);
};

inline constexpr distribution distributions[] = {
    {"gauss", "N(0, 1)", [](generator& g) { return g.normal(); }},
    {"laplace", "Laplace(0, 1)", [](generator& g) { return g.laplace(); }},
    {"t4", "Student's t, 4 degrees of freedom", [](generator& g) { return g.student(); }},
    {"uniform", "uniform between -1 and 1", [](generator& g) { return 2 * g.uniform() - 1; }},
    {"outliers", "N(0, 1), one number in 1000 times 20", [](generator& g) { return g.outliers(); }},
};
inline constexpr std::size_t distribution_count = std::size(distributions);

/// A matrix row by row. Its rows are a multiple of the tallest block's.
struct matrix {
  static constexpr std::size_t columns = 256, least_rows = 128;
  std::vector<float> x;
  std::size_t rows() const { return x.size() / columns; }
};

/// At least `samples` numbers of a distribution; each has a seed of its own.
inline matrix draw(std::size_t which, std::size_t samples, std::uint64_t seed) {
  constexpr std::size_t least = matrix::columns * matrix::least_rows;
  generator g(seed + which);
  matrix m{std::vector<float>((samples + least - 1) / least * least)};
  for (float& x : m.x) x = static_cast<float>(distributions[which].draw(g));
  return m;
}

/// 10 log10(sum x^2 / sum (x - y)^2), and the standard error of that as an estimate of what all
/// numbers of the distribution would give, from how rows differ.
struct decibels {
  double value = 0;
  double standard_error = 0;
};

inline decibels signal_to_noise(const matrix& in, const std::vector<float>& restored) {
  std::vector<double> signal(in.rows()), noise(in.rows());
  double all_signal = 0, all_noise = 0;
  for (std::size_t r = 0; r < in.rows(); ++r) {
    for (std::size_t i = r * matrix::columns; i < (r + 1) * matrix::columns; ++i) {
      const double x = in.x[i], e = x - double{restored[i]};
      signal[r] += x * x;
      noise[r] += e * e;
    }
    all_signal += signal[r];
    all_noise += noise[r];
  }
  // log(S / N) = sum over rows of S_r / S - N_r / N, to first order.
  double squares = 0;
  for (std::size_t r = 0; r < in.rows(); ++r) {
    const double d = signal[r] / all_signal - noise[r] / all_noise;
    squares += d * d;
  }
  return {10 * std::log10(all_signal / all_noise), 10 / std::log(10.0) * std::sqrt(squares)};
}

}  // namespace quality

#endif  // LOWP_EXAMPLES_BLOCK_QUALITY_SAMPLES_HPP
