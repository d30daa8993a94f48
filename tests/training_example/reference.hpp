// SPDX-License-Identifier: Apache-2.0
// The language model by its definition in binary64, token by token, and gradients by differences:
// shares no code with examples/language.
#ifndef LOWP_TESTS_TRAINING_EXAMPLE_REFERENCE_HPP
#define LOWP_TESTS_TRAINING_EXAMPLE_REFERENCE_HPP

#include <cmath>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace reference {

using vector = std::vector<double>;
using table = std::vector<vector>;  // a row for each token, or for each output of a layer

inline table linear(const table& x, const table& w) {
  table y(x.size(), vector(w.size()));
  for (std::size_t t = 0; t < x.size(); ++t) {
    for (std::size_t o = 0; o < w.size(); ++o) {
      for (std::size_t i = 0; i < x[t].size(); ++i) y[t][o] += x[t][i] * w[o][i];
    }
  }
  return y;
}

inline table norm(const table& x, const vector& gain) {
  table y = x;
  for (vector& row : y) {
    double squares = 0;
    for (const double v : row) squares += v * v / static_cast<double>(row.size());
    for (std::size_t i = 0; i < row.size(); ++i) row[i] *= gain[i] / std::sqrt(squares + 1e-5);
  }
  return y;
}

// Pairs (e, e + half) of each head as complex numbers, times e^(i position / 10000^(e / half)).
inline table rotated(table x, std::size_t sequence, std::size_t head) {
  for (std::size_t t = 0; t < x.size(); ++t) {
    for (std::size_t i = 0; i < x[t].size(); ++i) {
      const std::size_t e = i % head, half = head / 2;
      if (e >= half) continue;
      const double angle =
          static_cast<double>(t % sequence) *
          std::exp(-std::log(10000.0) * static_cast<double>(e) / static_cast<double>(half));
      const std::complex<double> z = std::complex(x[t][i], x[t][i + half]) * std::polar(1.0, angle);
      x[t][i] = z.real(), x[t][i + half] = z.imag();
    }
  }
  return x;
}

inline table attention(const table& q, const table& k, const table& v, std::size_t sequence,
                       std::size_t head) {
  table out(q.size(), vector(q[0].size()));
  for (std::size_t t = 0; t < q.size(); ++t) {
    const std::size_t start = t / sequence * sequence;
    for (std::size_t first = 0; first < q[t].size(); first += head) {
      double all = 0;
      vector sum(head);
      for (std::size_t j = start; j <= t; ++j) {
        double score = 0;
        for (std::size_t e = first; e < first + head; ++e) score += q[t][e] * k[j][e];
        const double weight = std::exp(score / std::sqrt(static_cast<double>(head)));
        all += weight;
        for (std::size_t e = 0; e < head; ++e) sum[e] += weight * v[j][first + e];
      }
      for (std::size_t e = 0; e < head; ++e) out[t][first + e] = sum[e] / all;
    }
  }
  return out;
}

inline table swiglu(const table& gate, const table& up) {
  table y = gate;
  for (std::size_t t = 0; t < y.size(); ++t) {
    for (std::size_t i = 0; i < y[t].size(); ++i) {
      y[t][i] = gate[t][i] / (1 + std::exp(-gate[t][i])) * up[t][i];
    }
  }
  return y;
}

inline table sum(table x, const table& y) {
  for (std::size_t t = 0; t < x.size(); ++t) {
    for (std::size_t i = 0; i < x[t].size(); ++i) x[t][i] += y[t][i];
  }
  return x;
}

// Mean of -log of the probability of each target that is not negative.
inline double cross_entropy(const table& logits, const std::vector<std::int16_t>& targets) {
  double loss = 0, count = 0;
  for (std::size_t t = 0; t < logits.size(); ++t) {
    if (targets[t] < 0) continue;
    double all = 0;
    for (const double x : logits[t]) all += std::exp(x);
    loss -= std::log(std::exp(logits[t][static_cast<std::size_t>(targets[t])]) / all);
    count += 1;
  }
  return loss / count;
}

// By the names that parameters have; gains are tables of one row.
using parameters = std::map<std::string, table>;

inline table logits(const parameters& p, const std::vector<std::uint8_t>& tokens,
                    std::size_t layers, std::size_t sequence, std::size_t head) {
  table x;
  for (const std::uint8_t t : tokens) x.push_back(p.at("embedding")[t]);
  for (std::size_t l = 0; l < layers; ++l) {
    const auto of = [&](const char* name) -> const table& {
      return p.at("block" + std::to_string(l) + "." + name);
    };
    const table a = norm(x, of("norm1")[0]);
    const table mixed =
        attention(rotated(linear(a, of("q")), sequence, head),
                  rotated(linear(a, of("k")), sequence, head), linear(a, of("v")), sequence, head);
    x = sum(x, linear(mixed, of("o")));
    const table b = norm(x, of("norm2")[0]);
    x = sum(x, linear(swiglu(linear(b, of("gate")), linear(b, of("up"))), of("down")));
  }
  return linear(norm(x, p.at("norm")[0]), p.at("head"));
}

// The derivative of f() by a number that it reads.
template <class F>
double derivative(double& x, const F& f) {
  const double before = x, h = 1e-5 * std::max(1.0, std::abs(before));
  x = before + h;
  const double above = f();
  x = before - h;
  const double below = f();
  x = before;
  return (above - below) / (2 * h);
}

}  // namespace reference

#endif  // LOWP_TESTS_TRAINING_EXAMPLE_REFERENCE_HPP
