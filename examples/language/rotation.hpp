// SPDX-License-Identifier: Apache-2.0
// RoPE: pairs of columns (e, e + half) of each head are turned by an angle position / 10000^(2e /
// head).
#ifndef LOWP_EXAMPLES_LANGUAGE_ROTATION_HPP
#define LOWP_EXAMPLES_LANGUAGE_ROTATION_HPP

#include <cmath>
#include <vector>

#include "matrix.hpp"

namespace language {

class rotation {
 public:
  // head: columns of a head, even.
  rotation(std::size_t sequence, std::size_t head) : half_(head / 2) {
    for (std::size_t position = 0; position < sequence; ++position) {
      for (std::size_t e = 0; e < half_; ++e) {
        const double speed =
            std::pow(10000.0, -static_cast<double>(e) / static_cast<double>(half_));
        const double angle = static_cast<double>(position) * speed;
        cosine_.push_back(static_cast<float>(std::cos(angle)));
        sine_.push_back(static_cast<float>(std::sin(angle)));
      }
    }
  }

  // Turns a row of heads of the token at this place of its sequence; back if `backward`.
  void turn(float* row, std::size_t columns, std::size_t position, bool backward) const {
    const float *c = cosine_.data() + position * half_, *s = sine_.data() + position * half_;
    const float sign = backward ? -1.0f : 1.0f;
    for (float* head = row; head < row + columns; head += 2 * half_) {
      for (std::size_t e = 0; e < half_; ++e) {
        const float x = head[e], y = head[e + half_], turned = sign * s[e];
        head[e] = x * c[e] - y * turned;
        head[e + half_] = x * turned + y * c[e];
      }
    }
  }

 private:
  std::size_t half_;
  std::vector<float> cosine_, sine_;
};

}  // namespace language

#endif  // LOWP_EXAMPLES_LANGUAGE_ROTATION_HPP
