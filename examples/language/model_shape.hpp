// SPDX-License-Identifier: Apache-2.0
// Sizes of a model.
#ifndef LOWP_EXAMPLES_LANGUAGE_MODEL_SHAPE_HPP
#define LOWP_EXAMPLES_LANGUAGE_MODEL_SHAPE_HPP

#include <cstddef>
#include <stdexcept>
#include <string>

namespace language {

// Bytes are the tokens.
constexpr std::size_t vocabulary = 256;

struct model_shape {
  std::size_t layers = 2, width = 128, heads = 4, sequence = 64;

  std::size_t head() const { return width / heads; }
  // Of SwiGLU: 8/3 of the width, up to a multiple of 64, so that blocks of 32 divide it for 2
  // ranks.
  std::size_t hidden() const { return (width * 8 / 3 + 63) / 64 * 64; }

  // Throws std::invalid_argument.
  void check() const {
    if (layers < 1 || layers > 64) refuse("layers", layers, "from 1 to 64");
    if (width < 16 || width > 4096 || width % 16 != 0) {
      refuse("width", width, "a multiple of 16 from 16 to 4096");
    }
    if (heads < 1 || heads > width || width % heads != 0 || width / heads % 2 != 0) {
      refuse(
          "heads", heads,
          "such that the width, " + std::to_string(width) + ", divided by it is an even integer");
    }
    if (sequence < 2 || sequence > 4096) refuse("sequence", sequence, "from 2 to 4096");
  }

  friend bool operator==(const model_shape&, const model_shape&) = default;

 private:
  [[noreturn]] static void refuse(const char* name, std::size_t value, const std::string& rule) {
    throw std::invalid_argument(std::string(name) + ": " + std::to_string(value) + " is not " +
                                rule);
  }
};

}  // namespace language

#endif  // LOWP_EXAMPLES_LANGUAGE_MODEL_SHAPE_HPP
