// SPDX-License-Identifier: Apache-2.0
/// \file
/// Posits (Posit Standard 2022) and linear takums (arXiv 2404.18603): a value is the start of an
/// endless bit string, and rounding cuts that string. spec/values.md VAL-6, VAL-7.
#ifndef LOWP_DETAIL_TAPERED_HPP
#define LOWP_DETAIL_TAPERED_HPP

#include "kind.hpp"

namespace lowp::detail {

/// What posits and takums share: two's complement negation, 0...0 zero, 10...0 NaR; the ladder
/// index is the positive code.
struct tapered_codes {
  LOWP_FN static std::uint64_t top(format f, bool) noexcept { return low_mask(f.width - 1); }

  LOWP_FN static unpacked unpack(format f, code_t code) noexcept {
    const std::uint64_t bits = code & low_mask(f.width);
    if (bits == 0) return {};
    const std::uint64_t nar = std::uint64_t{1} << (f.width - 1);
    if (bits == nar) return {number_class::nan, false, 0, std::uint64_t{1} << 63};
    const bool negative = (bits & nar) != 0;
    return {number_class::finite, negative, negative ? (0 - bits) & low_mask(f.width) : bits, 0};
  }

  LOWP_FN static code_t code(format f, bool negative, std::uint64_t index) noexcept {
    return (negative ? 0 - index : index) & low_mask(f.width);
  }
};

template <>
struct kind_of_number<number_kind::posit> : tapered_codes {
  LOWP_FN static exact value(format f, bool negative, std::uint64_t index) noexcept {
    std::uint64_t string = index << (65 - f.width);  // without the sign, left-aligned
    const bool ones = (string >> 63) != 0;
    const std::uint64_t run = ones ? ~string : string;
    const int length = run == 0 ? 64 : leading_zeros(run);
    const int regime_length = length < f.width - 1 ? length : f.width - 1;
    const std::int32_t regime = ones ? regime_length - 1 : -regime_length;
    const int used = regime_length + 1;
    string = used > 63 ? 0 : string << used;
    const int es = f.exponent_bits;
    const auto low = static_cast<std::int32_t>(es == 0 ? 0 : string >> (64 - es));
    string <<= es;
    return exact_finite(negative, (std::uint64_t{1} << 63) | (string >> 1),
                        regime * (1 << es) + low - 63);
  }

  LOWP_FN static position locate(format f, const exact& x) noexcept {
    const int es = f.exponent_bits;
    const std::int32_t exponent = binade(x);
    const std::int32_t regime = exponent >> es;
    const std::int32_t last = f.width - 2;
    const std::uint64_t trailing = (x.significand << 1) | (x.tail >> 63);
    const bool rest = x.sticky || x.tail << 1 != 0;
    if (regime >= last) {
      const bool is_last = regime == last && exponent == last * (1 << es) && trailing == 0;
      return {top(f, false), {0, !is_last || rest}};
    }
    if (regime < -last) return {0, {0, true}};
    const auto low = static_cast<std::uint64_t>(exponent - regime * (1 << es));
    const std::uint64_t tail = es == 0 ? trailing : (low << (64 - es)) | (trailing >> es);
    const bool sticky = rest || (trailing & low_mask(es)) != 0;
    const int length = regime >= 0 ? regime + 2 : 1 - regime;
    const std::uint64_t head = regime >= 0 ? low_mask(regime + 1) << 1 : 1;
    return cut_string(head, tail, sticky, f.width - 1 - length);
  }

  LOWP_FN static std::int32_t least_normal_exponent(format f) noexcept {
    return -(f.width - 2) * (1 << f.exponent_bits);
  }
};

template <>
struct kind_of_number<number_kind::takum> : tapered_codes {
  LOWP_FN static exact value(format f, bool negative, std::uint64_t index) noexcept {
    std::uint64_t string = index << (65 - f.width);
    const bool direction = (string >> 63) != 0;
    const auto r3 = static_cast<int>((string >> 60) & 7);
    const int r = direction ? r3 : 7 - r3;
    string <<= 4;
    const auto c = static_cast<std::int32_t>(r == 0 ? 0 : string >> (64 - r));
    string <<= r;
    const std::int32_t characteristic = direction ? (1 << r) - 1 + c : 1 - (2 << r) + c;
    return exact_finite(negative, (std::uint64_t{1} << 63) | (string >> 1), characteristic - 63);
  }

  LOWP_FN static position locate(format f, const exact& x) noexcept {
    const std::int32_t characteristic = binade(x);
    if (characteristic > 254) return {top(f, false), {0, true}};
    if (characteristic < -255) return {0, {0, true}};
    const bool direction = characteristic >= 0;
    const auto size = static_cast<std::uint64_t>(direction ? characteristic + 1 : -characteristic);
    const int r = 63 - leading_zeros(size);
    const auto c = static_cast<std::uint64_t>(direction ? characteristic - ((1 << r) - 1)
                                                        : characteristic - 1 + (2 << r));
    const auto prefix = static_cast<std::uint64_t>(direction ? 8 + r : 7 - r);
    const std::uint64_t head = (prefix << r) | c;
    const std::uint64_t trailing = (x.significand << 1) | (x.tail >> 63);
    const bool rest = x.sticky || x.tail << 1 != 0;
    const int kept = f.width - 5 - r;
    if (kept >= 0) return cut_string(head, trailing, rest, kept);
    const int cut = -kept;  // the format ends inside the characteristic
    return {head >> cut,
            {(head << (64 - cut)) | (trailing >> cut), rest || (trailing & low_mask(cut)) != 0}};
  }

  LOWP_FN static std::int32_t least_normal_exponent(format f) noexcept {
    return binade(value(f, false, 1));
  }
};

}  // namespace lowp::detail

#endif  // LOWP_DETAIL_TAPERED_HPP
