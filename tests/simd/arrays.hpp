// SPDX-License-Identifier: Apache-2.0
/// \file
/// Arrays for the tests of bulk conversion: inputs, the definition's bytes, and the first
/// difference in words.
#ifndef LOWP_TESTS_SIMD_ARRAYS_HPP
#define LOWP_TESTS_SIMD_ARRAYS_HPP

#include <cstddef>
#include <cstdint>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include <lowp/exact.hpp>
#include <lowp/formats.hpp>
#include <lowp/pack/convert_array.hpp>
#include <lowp/pack/packings.hpp>
#include <lowp/properties.hpp>

#include "../oracle/report.hpp"

namespace bulk {

using oracle::hex;
using oracle::tally;

using bytes = std::vector<std::byte>;
using codes = std::vector<lowp::code_t>;

inline constexpr std::uint64_t seed = 0xb01c;

inline lowp::code_t mask_of(lowp::format f) {
  return f.width == 64 ? ~lowp::code_t{0} : (lowp::code_t{1} << f.width) - 1;
}

inline const char* name_of(lowp::format f) {
  for (const lowp::named_format& n : lowp::all_formats) {
    if (n.value == f) return n.name;
  }
  return "?";
}

/// The codes in a layout; bits beside them are noise, which no conversion may read.
inline bytes array_of(const lowp::array_layout& a, const codes& all) {
  bytes out(lowp::bytes_of(a, all.size()));
  std::mt19937_64 noise(seed);
  for (std::byte& b : out) b = static_cast<std::byte>(noise());
  for (std::size_t i = 0; i < all.size(); ++i) lowp::write_code(a, out.data(), i, all[i]);
  return out;
}

/// What the definition makes of n elements.
inline bytes defined(const lowp::array_conversion& c, const std::byte* in, std::uint64_t n,
                     std::uint64_t first = 0) {
  bytes out(lowp::bytes_of(c.to, n));
  lowp::convert_array(c, in, out.data(), n, first);
  return out;
}

inline std::string text(const lowp::array_conversion& c) {
  std::ostringstream s;
  for (const lowp::array_layout* a : {&c.from, &c.to}) {
    const lowp::packing& p = a->pack;
    s << (a == &c.to ? " -> " : "") << name_of(a->f) << " (slot " << int{p.slot} << " lift "
      << int{p.lift} << " order " << static_cast<int>(p.order) << " group " << p.group << '/'
      << p.step << " run " << p.run << '+' << int{p.padding} << ')';
  }
  s << ", " << oracle::text(c.p) << ", seed " << c.random.seed << " stream " << c.random.stream
    << " generator " << static_cast<int>(c.random.generator);
  return s.str();
}

/// The first element in which two outputs differ.
inline std::string difference(const lowp::array_conversion& c, const std::byte* in,
                              const std::byte* want, const std::byte* got, std::uint64_t n) {
  for (std::uint64_t i = 0; i < n; ++i) {
    const lowp::code_t a = lowp::read_code(c.to, want, i);
    const lowp::code_t b = lowp::read_code(c.to, got, i);
    if (a == b) continue;
    return text(c) + ", element " + std::to_string(i) + " of " + std::to_string(n) + ", code " +
           hex(lowp::read_code(c.from, in, i)) + ": expected " + hex(a) + ", got " + hex(b);
  }
  return text(c) + ": bits beside the elements of " + std::to_string(n);
}

/// A digest of bytes that depends on their order (FNV-1a).
inline std::uint64_t digest(const bytes& all, std::uint64_t start = 0xcbf29ce484222325) {
  for (const std::byte b : all) {
    start = (start ^ std::to_integer<std::uint64_t>(b)) * 0x100000001b3;
  }
  return start;
}

/// A code, the codes around it, and the same of the other sign.
inline void append_around(codes& all, lowp::format f, lowp::code_t code, int distance) {
  const lowp::code_t sign = lowp::code_t{1} << (f.width - 1);
  for (int i = -distance; i <= distance; ++i) {
    const lowp::code_t near = (code + static_cast<lowp::code_t>(i)) & mask_of(f);
    all.push_back(near);
    all.push_back(near ^ sign);
  }
}

/// Codes of `from` where conversions to `to` can go wrong: around every value of `to` and every
/// middle between two (of about `count` of them, spread over all), around its ends, small fractions
/// of its least value; the ends of the binades of `from`, its subnormals, its special codes.
inline codes directed(lowp::format from, lowp::format to, std::uint64_t count) {
  codes all;
  if (from.width <= 8) {
    for (lowp::code_t c = 0; c <= mask_of(from); ++c) all.push_back(c);
    return all;
  }
  const lowp::projection down{.round = lowp::toward_zero, .overflow = lowp::saturate};
  const auto at = [&](lowp::code_t code) {
    lowp::exact x = lowp::decode(to, code);
    x.negative = false;
    return lowp::encode(from, x, down);
  };
  // Magnitude codes; formats that have none such get their codes in order.
  const lowp::code_t last = mask_of(to) >> (to.is_signed ? 1 : 0);
  const lowp::code_t step = last / count + 1;
  for (lowp::code_t base = 0; base <= last; base += step) {
    const lowp::code_t code = base + (step > 1 ? (base * 0x9e3779b97f4a7c15u >> 20) % step : 0);
    if (code > last) break;
    const lowp::code_t a = at(code);
    append_around(all, from, a, 1);
    // Between neighbours the codes of `from` are evenly spaced: never across its binades.
    if (code < last) append_around(all, from, (a + at(code + 1)) / 2, 1);
    if (last - base < step) break;
  }
  const lowp::exact greatest = lowp::decode(to, lowp::max_finite(to));
  append_around(all, from, lowp::encode(from, greatest, down), 3);
  for (const int k : {0, -1, -2, -3, -22, -23, -24, -25, -31, -32, -33, -52, -53, -63, -64, 1}) {
    lowp::exact least = lowp::decode(to, lowp::min_positive(to));
    least.exponent += k;
    append_around(all, from, lowp::encode(from, least, down), 2);
  }
  if (from.kind == lowp::number_kind::minifloat) {
    const int t = lowp::trailing_bits(from);
    for (lowp::code_t field = 0; (field << t) <= mask_of(from) >> 1; ++field) {
      append_around(all, from, field << t, from.width > 32 && field % 16 != 0 ? 0 : 1);
    }
  }
  for (int bit = 0; bit < from.width; ++bit) append_around(all, from, lowp::code_t{1} << bit, 1);
  append_around(all, from, mask_of(from) >> 1, 3);
  return all;
}

/// n codes of `from`: whole patterns, patterns that are subnormal or near the range of `to`.
inline void append_random(codes& all, lowp::format from, lowp::format to, std::size_t n,
                          std::mt19937_64& random) {
  const lowp::projection down{.round = lowp::toward_zero, .overflow = lowp::saturate};
  for (std::size_t i = 0; i < n; ++i) {
    const lowp::code_t bits = random();
    lowp::code_t code = bits & mask_of(from);
    if (i % 4 == 1 || i % 4 == 2) {
      lowp::exact x = lowp::decode(to, random() & mask_of(to));
      if (x.cls == lowp::number_class::finite) {
        x.significand |= bits >> (i % 8 < 4 ? 1 : 40);
        code = lowp::encode(from, x, down);
      }
    } else if (i % 16 == 3) {
      code &= (mask_of(from) >> 1) & (mask_of(from) >> (random() % from.width));
    }
    all.push_back(code);
  }
}

}  // namespace bulk

#endif  // LOWP_TESTS_SIMD_ARRAYS_HPP
