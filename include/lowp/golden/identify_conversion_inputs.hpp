// SPDX-License-Identifier: Apache-2.0
/// \file
/// The inputs that tell conversions apart: all codes of sources of up to 16 bits; else both sides
/// of every kind of boundary, near and far, then random codes. spec/diagnosis.md DIA-2.
#ifndef LOWP_GOLDEN_IDENTIFY_CONVERSION_INPUTS_HPP
#define LOWP_GOLDEN_IDENTIFY_CONVERSION_INPUTS_HPP

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include <lowp/compare.hpp>
#include <lowp/properties.hpp>

#include "black_box.hpp"

namespace lowp::golden {

/// What an implementation of a conversion declares. Its cases have the operands {code}, or {code,
/// word with random bits}, and one result.
struct conversion_question {
  format from;
  format to;
  bool has_random = false;
  int random_width = 32;  ///< bits of the word that are random, 1...32
};

/// How much to ask, and where pseudo-random inputs start.
struct identify_options {
  std::uint64_t max_cases = 400000;  ///< directed inputs may exceed this
  std::uint64_t seed = 1;
};

/// One case and what the implementation returned.
struct conversion_case {
  code_t code = 0;
  std::uint64_t random = 0;
  code_t got = 0;
};

namespace detail {

using lowp::detail::low_mask;

/// Sources of this width are asked completely.
inline constexpr int exhaustive_width = 16;

/// 64 pseudo-random bits of an index (the mixing function of splitmix64).
inline std::uint64_t mixed(std::uint64_t seed, std::uint64_t index) noexcept {
  std::uint64_t z = seed * 0xd1342543de82ef95 + (index + 1) * 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

/// The codes of a source that are asked, collected for positive values and mirrored.
class input_set {
 public:
  explicit input_set(format from) : from_{from}, magnitudes_{low_mask(magnitude_bits(from))} {}

  void add(code_t code) { codes_.push_back(code & magnitudes_); }
  void add_around(code_t code, int reach) {
    for (int i = -reach; i <= reach; ++i) add(code + static_cast<code_t>(std::int64_t{i}));
  }
  /// Distances of every power of two and one step beside it: bits far below that must stick.
  void add_far(code_t code, int bits) {
    for (int j = 1; j < bits; ++j) {
      const code_t step = code_t{1} << j;
      for (const code_t d : {step - 1, step, step + 1}) {
        add(code + d);
        add(code - d);
      }
    }
  }
  std::vector<code_t> take() && {
    const std::size_t n = codes_.size();
    const code_t sign = from_.is_signed ? code_t{1} << (from_.width - 1) : 0;
    if (sign != 0) {
      for (std::size_t i = 0; i < n; ++i) codes_.push_back(codes_[i] | sign);
    }
    std::sort(codes_.begin(), codes_.end());
    codes_.erase(std::unique(codes_.begin(), codes_.end()), codes_.end());
    return std::move(codes_);
  }

 private:
  format from_;
  code_t magnitudes_;
  std::vector<code_t> codes_;
};

/// Places on the target's ladder that stand for all: near zero, around powers of two, at the top,
/// and a few in each binade.
inline std::vector<code_t> ladder_places(format to, std::uint64_t seed) {
  std::vector<code_t> out;
  const code_t top =
      to.kind == number_kind::minifloat ? max_finite(to) + 1 : low_mask(magnitude_bits(to));
  constexpr code_t few = 2048;
  if (top < few) {
    for (code_t i = 0; i <= top; ++i) out.push_back(i);
    return out;
  }
  constexpr int piece_count_bits = 8;  // of kinds without binades of equal size
  const int piece_bits =
      to.kind == number_kind::minifloat ? trailing_bits(to) : magnitude_bits(to) - piece_count_bits;
  const code_t size = code_t{1} << piece_bits;
  for (code_t piece = 0; piece <= top >> piece_bits; ++piece) {
    const code_t base = piece << piece_bits;
    for (const code_t at :
         {code_t{0}, code_t{1}, code_t{2}, size / 2 - 1, size / 2, size - 3, size - 2, size - 1}) {
      out.push_back(base + at);
    }
    for (code_t k = 0; k < 3; ++k) out.push_back(base + mixed(seed, base + k) % size);
  }
  for (int bit = 0; bit < piece_bits; ++bit) out.push_back(code_t{1} << bit);
  return out;
}

/// The value one step above a finite one, on the ladder that goes on above the greatest.
inline exact step_above(format to, code_t place, const exact& low) noexcept {
  if (to.kind == number_kind::fixed_point) return exact_finite(false, place + 1, -to.bias);
  const exact next = normalized(decode(to, next_up(to, place)));
  if (next.cls == number_class::finite && next != normalized(low)) return next;
  exact beyond = normalized(low);
  const int precision = std::max<int>(to.precision, 1);
  beyond.significand = (beyond.significand >> 1) + (std::uint64_t{1} << (63 - precision));
  beyond.exponent += 1;
  return beyond;
}

inline void add_boundaries(input_set& set, format from, format to, std::uint64_t seed) {
  const projection down{.round = toward_zero, .overflow = saturate};
  const int dropped = std::max(2, from.width - to.width);
  std::size_t k = 0;
  for (const code_t place : ladder_places(to, seed)) {
    const exact low = decode(to, place);
    const bool zero = low.cls == number_class::zero;
    if ((low.cls != number_class::finite && !zero) || low.negative) continue;
    exact next = step_above(to, place, low);
    const code_t a = encode(from, low, down);
    const code_t b = encode(from, next, down);
    set.add_around(a, 2);
    set.add_around(b, 2);
    if (zero) {
      next.exponent -= 1;
      set.add_around(encode(from, next, down), 3);
      set.add_far(encode(from, next, down), dropped);
    }
    const code_t middle = a + (b - a) / 2;
    set.add_around(middle, 2);
    if (k++ % 3 == 0) {
      set.add_far(middle, dropped);
      set.add_far(a, dropped);
    }
  }
}

inline void add_source_shapes(input_set& set, format from, std::uint64_t seed) {
  const int t = from.kind == number_kind::minifloat ? trailing_bits(from) : from.width - 9;
  const code_t pieces = code_t{1} << (magnitude_bits(from) - t);
  for (code_t piece = 0; piece < pieces; ++piece) {
    const code_t base = piece << t;
    set.add_around(base, 2);
    set.add_around(base + (code_t{1} << (t - 1)), 1);
    for (std::uint64_t k = 0; k < 6; ++k)
      set.add(base | (mixed(seed, 8 * piece + k) & low_mask(t)));
  }
  // NaN payloads and subnormals: single bits, and all below a bit.
  for (const code_t base : {code_t{0}, (pieces - 1) << t}) {
    for (int bit = 0; bit < t; ++bit) {
      set.add(base | code_t{1} << bit);
      set.add(base | low_mask(bit + 1));
      set.add(base | (low_mask(t) ^ low_mask(bit)));
      set.add(base | code_t{3} << bit);
      set.add(base | (mixed(seed, 977 + static_cast<std::uint64_t>(bit)) & low_mask(bit + 1)));
    }
  }
}

/// Directed codes of a wide source.
inline std::vector<code_t> directed_codes(format from, format to, std::uint64_t seed) {
  input_set set{from};
  add_source_shapes(set, from, seed);
  add_boundaries(set, from, to, seed);
  return std::move(set).take();
}

/// A pseudo-random code; half of those of minifloats lie in the range of the target, because most
/// uniform codes of a wide range are out of it.
inline code_t random_code(format from, format to, std::uint64_t seed, std::uint64_t index) {
  const std::uint64_t r = mixed(seed, index) & low_mask(from.width);
  const bool both = from.kind == number_kind::minifloat && to.kind == number_kind::minifloat;
  if (!both || index % 2 == 0 || from.bias <= to.bias) return r;
  const int t = trailing_bits(from);
  const auto span = static_cast<std::uint64_t>(2 * to.bias + 2 * to.precision + 4);
  const std::uint64_t field = static_cast<std::uint64_t>(from.bias - to.bias - to.precision) +
                              mixed(seed ^ 0x5bd1e995, index) % span;
  const code_t sign = r & ~low_mask(magnitude_bits(from));
  return sign | (field << t & low_mask(magnitude_bits(from))) | (r & low_mask(t));
}

/// Asks the implementation, some ten thousand cases in each call.
inline void ask(const conversion_question& q, const black_box& box,
                std::span<conversion_case> cases) {
  constexpr std::size_t batch = 1 << 16;
  std::vector<code_t> in;
  std::vector<code_t> out;
  for (std::size_t begin = 0; begin < cases.size(); begin += batch) {
    const std::span part = cases.subspan(begin, std::min(batch, cases.size() - begin));
    in.clear();
    for (const conversion_case& c : part) {
      in.push_back(c.code);
      if (q.has_random) in.push_back(c.random);
    }
    out.assign(part.size(), 0);
    box(in, out);
    for (std::size_t i = 0; i < part.size(); ++i) part[i].got = out[i];
  }
}

/// The steps of an implementation with few results, by bisection within each binade of each sign:
/// finds thresholds that stand at no expected place.
inline void ask_steps(const conversion_question& q, const black_box& box,
                      std::vector<conversion_case>& cases) {
  const int t = q.from.kind == number_kind::minifloat ? trailing_bits(q.from) : q.from.width - 9;
  struct interval {
    code_t low, low_got, high, high_got;
  };
  std::vector<conversion_case> ends;
  for (code_t base = 0; base <= low_mask(q.from.width) - low_mask(t); base += code_t{1} << t) {
    ends.push_back({base, 0, 0});
    ends.push_back({base | low_mask(t), 0, 0});
    if (base + low_mask(t) == low_mask(q.from.width)) break;
  }
  ask(q, box, ends);
  std::vector<interval> open;
  for (std::size_t i = 0; i < ends.size(); i += 2) {
    open.push_back({ends[i].code, ends[i].got, ends[i + 1].code, ends[i + 1].got});
  }
  constexpr std::size_t bound = 1 << 14;  // more steps than a small format has: give up
  while (!open.empty() && open.size() < bound) {
    std::vector<conversion_case> middles;
    std::vector<interval> halves;
    for (const interval& v : open) {
      if (v.low_got == v.high_got) continue;
      if (v.high - v.low == 1) {
        for (const code_t d : {v.low - 1, v.low, v.high, v.high + 1}) {
          cases.push_back({d & low_mask(q.from.width), 0, 0});
        }
        continue;
      }
      middles.push_back({v.low + (v.high - v.low) / 2, 0, 0});
      halves.push_back(v);
    }
    ask(q, box, middles);
    open.clear();
    for (std::size_t i = 0; i < middles.size(); ++i) {
      const conversion_case& m = middles[i];
      open.push_back({halves[i].low, halves[i].low_got, m.code, m.got});
      open.push_back({m.code, m.got, halves[i].high, halves[i].high_got});
    }
  }
}

}  // namespace detail

}  // namespace lowp::golden

#endif  // LOWP_GOLDEN_IDENTIFY_CONVERSION_INPUTS_HPP
