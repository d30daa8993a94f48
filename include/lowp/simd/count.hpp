// SPDX-License-Identifier: Apache-2.0
/// \file
/// How the kernels count what happens in a conversion (`conversion_counts`): ranges of magnitudes,
/// found by asking the scalar definition. spec/bulk.md BLK-3.
#ifndef LOWP_SIMD_COUNT_HPP
#define LOWP_SIMD_COUNT_HPP

#include <cstdint>

#include "plan.hpp"

namespace lowp::simd {

/// Magnitudes from `from` to below `to`.
template <class Word>
struct lane_range {
  Word from = 0;
  Word to = 0;
};

/// Which lanes of one sign raise which flag.
template <class Word>
struct count_ranges {
  lane_range<Word> overflow;
  Word tiny_below = 0;  ///< magnitudes below underflow if they are inexact
  /// Where random bits decide, or the target's ladder is not even: counted by the definition.
  lane_range<Word> asked[3];
};

/// Flags of lanes, for one encode_plan.
template <class Word>
struct count_plan {
  count_ranges<Word> of_sign[2];
};

namespace detail {

/// The least magnitude in [0, infinity] for which a monotone predicate holds, or that of infinity.
template <class Word, class Predicate>
LOWP_FN Word least_magnitude(const Predicate& holds) noexcept {
  constexpr int t = lane_format<Word>.precision - 1;
  constexpr int bits = 8 * static_cast<int>(sizeof(Word));
  Word low = 0;
  Word high = static_cast<Word>(low_mask(bits - 1 - t)) << t;
  while (low < high) {
    const Word middle = low + (high - low) / 2;
    if (holds(middle)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

}  // namespace detail

/// Ranges for the conversion of lanes by `e`, which was made for `to` and `p`.
template <class Word>
LOWP_FN count_plan<Word> make_count_plan(format to, const projection& p,
                                         const encode_plan<Word>& e) noexcept {
  constexpr format lane = lane_format<Word>;
  constexpr int t = lane_trailing<Word>;
  constexpr Word infinity = lane_infinity<Word>;
  count_plan<Word> plan;
  for (int s = 0; s < 2; ++s) {
    const Word sign = s == 1 ? Word{1} << (lane_bits<Word> - 1) : 0;
    const auto flags = [&](Word a, std::uint64_t random) {
      return convert_with_status(lane, sign | a, to, p, random).flags;
    };
    const auto overflow_from = [&](std::uint64_t random) {
      return detail::least_magnitude<Word>(
          [&](Word a) { return flags(a, random).has(status::overflow); });
    };
    // Exact magnitudes raise nothing: their inexact neighbour tells.
    const auto tiny_below = [&](std::uint64_t random) {
      return detail::least_magnitude<Word>([&](Word a) {
        const status f = flags(a, random);
        if (f.has(status::inexact)) return !f.has(status::underflow);
        return !flags(a | 1, random).has(status::underflow);
      });
    };
    // More random bits send no magnitude nearer to zero.
    const std::uint64_t most = is_stochastic(p.round) ? ~std::uint64_t{0} : 0;
    count_ranges<Word>& r = plan.of_sign[s];
    r.overflow = {overflow_from(0),
                  flags(infinity, 0).has(status::overflow) ? infinity + 1 : infinity};
    r.tiny_below = tiny_below(most);
    r.asked[0] = {overflow_from(most), r.overflow.from};
    r.asked[1] = {r.tiny_below, tiny_below(0)};
    r.asked[2] = {e.scalar_from, e.scalar_to};
    // Lower ends of ladders with a step of another length, or without zero.
    if (e.gap_to != 0) r.asked[2] = {1, static_cast<Word>(e.least + 1) << t};
    if (e.below != 0) r.asked[2] = {0, e.below};
    // The place of subnormal lanes on the ladder takes more than a shift; zero may have none.
    if (e.normalises) r.asked[2] = {0, Word{1} << t};
  }
  return plan;
}

/// All that counting needs of a prepared conversion.
struct counter {
  count_plan<std::uint32_t> by32;
  count_plan<std::uint64_t> by64;
  /// Of sources of at most 8 bits: the counts that one byte adds.
  conversion_counts of_code[256] = {};
};

/// Prepares counting for `p`.
LOWP_FN counter make_counter(const plan& p) noexcept {
  counter k;
  if (p.way == route::by32) k.by32 = make_count_plan(p.c.to.f, p.c.p, p.to32);
  if (p.way == route::by64) k.by64 = make_count_plan(p.c.to.f, p.c.p, p.to64);
  if (p.way != route::table) return k;
  const array_conversion each{{p.c.from.f, {}}, {p.c.to.f, {}}, p.c.p, {}};
  // Whatever stands above the code.
  for (unsigned byte = 0; byte < 256; ++byte) {
    const unsigned codes = 1u << p.c.from.f.width;
    if (byte >= codes) {
      k.of_code[byte] = k.of_code[byte % codes];
      continue;
    }
    const std::byte in[1] = {static_cast<std::byte>(byte)};
    std::byte out[8] = {};
    convert_array(each, in, out, 1, 0, &k.of_code[byte]);
  }
  return k;
}

}  // namespace lowp::simd

#endif  // LOWP_SIMD_COUNT_HPP
