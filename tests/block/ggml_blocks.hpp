// SPDX-License-Identifier: Apache-2.0
/// \file
/// Shorthand of the tests of ggml blocks.
#ifndef LOWP_TESTS_BLOCK_GGML_BLOCKS_HPP
#define LOWP_TESTS_BLOCK_GGML_BLOCKS_HPP

#include <cstddef>
#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/block/ggml/dequantise.hpp>
#include <lowp/block/ggml/quantise.hpp>
#include <lowp/types.hpp>

namespace ggml_blocks {

using lowp::float32;
using lowp::ggml_type;
using bytes = std::vector<std::byte>;
using numbers = std::vector<float32>;

inline const ggml_type& type(const char* name) {
  const ggml_type* t = lowp::find_ggml_type(name);
  REQUIRE_MESSAGE(t != nullptr, name);
  return *t;
}

inline bytes quantised(const ggml_type& t, const numbers& x) {
  REQUIRE(x.size() % t.elements == 0);
  bytes out(x.size() / t.elements * t.bytes, std::byte{0xa5});
  lowp::quantise_ggml(t, x.data(), x.size() / t.elements, out.data());
  return out;
}

inline numbers dequantised(const ggml_type& t, const bytes& in) {
  REQUIRE(in.size() % t.bytes == 0);
  numbers y(in.size() / t.bytes * t.elements);
  lowp::dequantise_ggml(t, in.data(), in.size() / t.bytes, y.data());
  return y;
}

inline numbers numbers_in(const bytes& data) {
  numbers x(data.size() / 4);
  for (std::size_t i = 0; i < x.size(); ++i) {
    std::uint32_t word = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      word |= std::to_integer<std::uint32_t>(data[4 * i + k]) << (8 * k);
    }
    x[i] = float32::from_code(word);
  }
  return x;
}

inline bytes one(const ggml_type& t, numbers x) {
  x.resize(t.elements);
  return quantised(t, x);
}

inline int at(const bytes& b, std::size_t i) { return std::to_integer<int>(b.at(i)); }
inline int half_at(const bytes& b, std::size_t i) { return at(b, i) | at(b, i + 1) << 8; }

}  // namespace ggml_blocks

#endif  // LOWP_TESTS_BLOCK_GGML_BLOCKS_HPP
