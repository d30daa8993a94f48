// SPDX-License-Identifier: Apache-2.0
/// \file
/// Operands of one element of a matrix unit's result as codes, for tests with few of them.
#ifndef LOWP_TESTS_HARDWARE_MMA_RUN_HPP
#define LOWP_TESTS_HARDWARE_MMA_RUN_HPP

#include <bit>
#include <cstdint>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/hardware/mma/all_mma_models.hpp>
#include <lowp/hardware/mma/mma.hpp>

namespace mma_run {

using lowp::code_t;
using lowp::format;
using lowp::mma_model;
using lowp::named_mma_model;

inline mma_model model(const char* name) {
  const named_mma_model* m = lowp::find_mma_model(name);
  REQUIRE_MESSAGE(m != nullptr, std::string(name));
  return *m;
}

/// The code of a number in a format, or in what holds it.
inline code_t code_of(format f, double x) {
  return convert(lowp::formats::binary64, std::bit_cast<std::uint64_t>(x), f);
}
inline format stored(const mma_model& m, format f) { return m.stored.width != 0 ? m.stored : f; }

struct operands {
  std::vector<code_t> a, b, sa, sb;
  code_t c = 0;
};

inline operands zeros(const mma_model& m) {
  operands x;
  x.a.assign(m.k, 0);
  x.b.assign(m.k, 0);
  if (m.scale_block != 0) {
    x.sa.assign(static_cast<std::size_t>(m.k / m.scale_block), code_of(m.scale, 1));
    x.sb = x.sa;
  }
  return x;
}
inline code_t run(const mma_model& m, const operands& x) {
  return multiply_add(m, x.a.data(), x.b.data(), x.c, x.sa.data(), x.sb.data());
}

}  // namespace mma_run

#endif  // LOWP_TESTS_HARDWARE_MMA_RUN_HPP
