// SPDX-License-Identifier: Apache-2.0
/// \file
/// Rounding as a comparison with a threshold is the decision of the definition.
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/simd/plan.hpp>

#include "../oracle/report.hpp"

namespace {

using namespace lowp;

/// Fractions around which decisions change, and random ones.
template <class Word>
std::vector<Word> fractions() {
  constexpr Word half = Word{1} << (8 * sizeof(Word) - 1);
  std::vector<Word> all;
  for (const Word middle : {Word{0}, half / 2, half, static_cast<Word>(half + half / 2)}) {
    for (Word d = 0; d < 9; ++d) all.push_back(static_cast<Word>(middle - 4 + d));
  }
  std::mt19937_64 random(20261121);
  for (int i = 0; i < 1000; ++i) all.push_back(static_cast<Word>(random()));
  return all;
}

template <class Word>
void check_thresholds(const char* what) {
  oracle::tally t;
  for (int mode = 0; mode <= static_cast<int>(to_odd); ++mode) {
    const auto round = static_cast<rounding>(mode);
    for (const bool negative : {false, true}) {
      for (const bool odd : {false, true}) {
        const Word even = simd::detail::threshold_of<Word>(round, negative);
        const bool counts = odd && simd::detail::depends_on_parity(round);
        const Word threshold = static_cast<Word>(even - (counts ? 1 : 0));
        for (const Word f : fractions<Word>()) {
          const bool up = lowp::detail::rounds_away(
              round, negative, odd, lowp::detail::binary_fraction<Word>{f, false}, 0, 0);
          t.expect((f > threshold) == up, [&] {
            return "mode " + std::to_string(mode) + (negative ? " negative" : " positive") +
                   (odd ? " odd" : " even") + ", fraction " + oracle::hex(f);
          });
        }
      }
    }
  }
  report(what, t);
}

}  // namespace

TEST_CASE("BLK-2 thresholds of the deterministic modes") {
  check_thresholds<std::uint32_t>("thresholds of 32 bits");
  check_thresholds<std::uint64_t>("thresholds of 64 bits");
}
