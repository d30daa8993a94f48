// SPDX-License-Identifier: Apache-2.0
/// \file
/// Logarithmic numbers: sign and a fixed-point base-2 logarithm; rounding is done on the logarithm.
/// spec/values.md VAL-8.
#ifndef LOWP_DETAIL_LOGARITHMIC_HPP
#define LOWP_DETAIL_LOGARITHMIC_HPP

#include "kind.hpp"

namespace lowp::detail {

/// floor(2^(63 + i/64)), 0 <= i < 64: the leading bits of a significand.
LOWP_FN std::uint64_t exp2_64th(int i) noexcept {
  constexpr std::uint64_t table[64] = {
      0x8000000000000000, 0x8164d1f3bc030773, 0x82cd8698ac2ba1d7, 0x843a28c3acde4046,
      0x85aac367cc487b14, 0x871f61969e8d1010, 0x88980e8092da8527, 0x8a14d575496efd9a,
      0x8b95c1e3ea8bd6e6, 0x8d1adf5b7e5ba9e5, 0x8ea4398b45cd53c0, 0x9031dc431466b1dc,
      0x91c3d373ab11c336, 0x935a2b2f13e6e92b, 0x94f4efa8fef70961, 0x96942d3720185a00,
      0x9837f0518db8a96f, 0x99e0459320b7fa64, 0x9b8d39b9d54e5538, 0x9d3ed9a72cffb750,
      0x9ef5326091a111ad, 0xa0b0510fb9714fc2, 0xa27043030c496818, 0xa43515ae09e6809e,
      0xa5fed6a9b15138ea, 0xa7cd93b4e9653569, 0xa9a15ab4ea7c0ef8, 0xab7a39b5a93ed337,
      0xad583eea42a14ac6, 0xaf3b78ad690a4374, 0xb123f581d2ac258f, 0xb311c412a9112489,
      0xb504f333f9de6484, 0xb6fd91e328d17791, 0xb8fbaf4762fb9ee9, 0xbaff5ab2133e45fb,
      0xbd08a39f580c36be, 0xbf1799b67a731082, 0xc12c4cca66709456, 0xc346ccda24976407,
      0xc5672a115506dadd, 0xc78d74c8abb9b15c, 0xc9b9bd866e2f27a2, 0xcbec14fef2727c5c,
      0xce248c151f8480e3, 0xd06333daef2b2594, 0xd2a81d91f12ae45a, 0xd4f35aabcfedfa1f,
      0xd744fccad69d6af4, 0xd99d15c278afd7b5, 0xdbfbb797daf23755, 0xde60f4825e0e9123,
      0xe0ccdeec2a94e111, 0xe33f8972be8a5a51, 0xe5b906e77c8348a8, 0xe8396a503c4bdc68,
      0xeac0c6e7dd24392e, 0xed4f301ed9942b84, 0xefe4b99bdcdaf5cb, 0xf281773c59ffb139,
      0xf5257d152486cc2c, 0xf7d0df730ad13bb8, 0xfa83b2db722a033a, 0xfd3e0c0cf486c174,
  };
  return table[i];
}

/// The next 64 bits: floor(2^(127 + i/64)) modulo 2^64.
LOWP_FN std::uint64_t exp2_64th_tail(int i) noexcept {
  constexpr std::uint64_t table[64] = {
      0x0000000000000000, 0x7be56527bd14def4, 0x3e2a475b46520bff, 0x1af92eca13fd1582,
      0xc5c95b8c2154c1b2, 0x3a1727c57b52a956, 0x5df8d76c98c67562, 0x080ca1d92c3680c2,
      0xfbe4628758a53c90, 0xb4c7b4968e41ad36, 0x2dc0144c8783d4c5, 0x775814a8494e87e2,
      0x0fd6d8e0ae5ac9d8, 0xd339940e9d924ee7, 0x2e8afad12551de54, 0x48ea9b683a9c22c4,
      0x46ad23182e42f6f6, 0xe43086cb34b5fcae, 0xa2a817a2a3cc3f1f, 0xde494cf050e99b0b,
      0xa0911f09ebb9fdd1, 0x192dc79edb0fd9a9, 0x9b7a04ef80cfdea7, 0x0d1db4831781e1ee,
      0x1cbd7f621710701b, 0x9ec5b4d5039f72af, 0x541e24ec3531fa73, 0x658023b2759e0079,
      0x4980a8c8f59a2ec4, 0xdf26101ccbb35032, 0x87d037e96d215d8e, 0x3ecf14dc798a519b,
      0x597d89b3754abe9f, 0x07165f0ddd541a59, 0x1b879778566b65a1, 0x74d519d24593838c,
      0xa8811fb66d0faf7a, 0xe815d0abcbf0b850, 0x7c457d59a50087b5, 0x20ec856128b83a42,
      0x3e2ad0c964dd9f37, 0xc13a2e3976c0277e, 0x80e1f92a0511697e, 0xf4907c8f45ebf6dc,
      0xe235838f95f2c6ed, 0xd6d45c6559a4d502, 0x12248e57c3de4028, 0x5921deffa6262c5a,
      0x39a68bb9902d3fde, 0xfe873deca3e12bab, 0x3d840d5a9e29aa64, 0xdd07a2d9e8466859,
      0x065895048dd333ca, 0x09bfe90795980eec, 0x1e5e8f4a4edbb0ec, 0x791790d0ac70c7dd,
      0xd02d75b3706e54fa, 0x600d2db6a64bfb12, 0x46561cf6948db912, 0xe8980a9cc8f47a4b,
      0x7b9d0c7aed980fc3, 0xfe90d496d60fb6ea, 0x7c25bb14315d7fcc, 0x853f3a5931e0ee03,
  };
  return table[i];
}

/// High 64 bits of the 128-bit product.
LOWP_FN std::uint64_t multiply_high(std::uint64_t a, std::uint64_t b) noexcept {
  const std::uint64_t a1 = a >> 32, a0 = a & low_mask(32), b1 = b >> 32, b0 = b & low_mask(32);
  const std::uint64_t middle = a1 * b0 + ((a0 * b0) >> 32);
  const std::uint64_t middle2 = a0 * b1 + (middle & low_mask(32));
  return a1 * b1 + (middle >> 32) + (middle2 >> 32);
}

/// Code: sign, then a log field L; |x| = 2^((L - bias) / 2^exponent_bits). Field 0 is zero, and
/// with the sign set NaN. The ladder index is the field.
template <>
struct kind_of_number<number_kind::logarithmic> {
  LOWP_FN static std::uint64_t top(format f, bool) noexcept { return low_mask(f.width - 1); }

  LOWP_FN static unpacked unpack(format f, code_t code) noexcept {
    const std::uint64_t index = code & low_mask(f.width - 1);
    const bool negative = ((code >> (f.width - 1)) & 1) != 0;
    if (index != 0) return {number_class::finite, negative, index, 0};
    if (negative) return {number_class::nan, false, 0, std::uint64_t{1} << 63};
    return {};
  }

  LOWP_FN static exact value(format f, bool negative, std::uint64_t index) noexcept {
    const int bits = f.exponent_bits;
    const std::int32_t logarithm = static_cast<std::int32_t>(index) - f.bias;
    const std::int32_t exponent = logarithm >> bits;
    const int part = (logarithm - exponent * (1 << bits)) << (6 - bits);
    exact x = exact_finite(negative, exp2_64th(part), exponent - 63);
    x.tail = exp2_64th_tail(part);
    x.sticky = part != 0;
    return x;
  }

  LOWP_FN static position locate(format f, const exact& x) noexcept {
    const int bits = f.exponent_bits;
    int part = 63;  // in 64ths
    while (part > 0 && !reaches(x, part)) --part;
    const std::int64_t units =
        (static_cast<std::int64_t>(binade(x)) * 64 + part + (std::int64_t{f.bias} << (6 - bits)));
    const std::int64_t index = units >> (6 - bits);
    if (index > static_cast<std::int64_t>(top(f, false)))
      return {.fraction = {0, true}, .beyond = true};
    if (index < 0) return {0, {0, true}};
    // The fraction: the remaining 64ths exactly, further bits from 64-bit squarings.
    const int known = 6 - bits;
    std::uint64_t fraction = 0;
    if (known > 0) fraction = (static_cast<std::uint64_t>(units) & low_mask(known)) << (64 - known);
    // 128 bits and the rest of an irrational value tell it from all others that operations yield.
    const bool on_grid = x.significand == exp2_64th(part) && x.tail == exp2_64th_tail(part) &&
                         x.sticky == (part != 0);
    // Zero stands a trace below where the field 0 would be.
    const bool trace = index == 0 && fraction == 0;
    if (on_grid) return {static_cast<std::uint64_t>(index), {fraction, trace}};
    // A significand just above the irrational one may be cut to the same 64 bits, which are below.
    if (x.significand != exp2_64th(part)) fraction |= further_bits(x.significand) >> known;
    return {static_cast<std::uint64_t>(index), {fraction, true}};
  }

  LOWP_FN static code_t code(format f, bool negative, std::uint64_t index) noexcept {
    return index | (negative && index != 0 ? std::uint64_t{1} << (f.width - 1) : 0);
  }

  LOWP_FN static std::int32_t least_normal_exponent(format f) noexcept {
    return (1 - f.bias) >> f.exponent_bits;
  }

 private:
  // x >= 2^(part/64) within its binade. A value that equals the floor in 128 bits and has a rest is
  // the irrational value itself.
  LOWP_FN static bool reaches(const exact& x, int part) noexcept {
    const std::uint64_t floor = exp2_64th(part);
    if (x.significand != floor) return x.significand > floor;
    const std::uint64_t tail = exp2_64th_tail(part);
    return x.tail > tail || (x.tail == tail && (x.sticky || part == 0));
  }

  // Bits 7...46 of log2 of a significand, by repeated squaring; the error is below 2^-17 of the
  // last.
  LOWP_FN static std::uint64_t further_bits(std::uint64_t significand) noexcept {
    std::uint64_t bits = 0;
    for (int i = 0; i < 46; ++i) {
      const std::uint64_t square = multiply_high(significand, significand);  // in [2^62, 2^64)
      const bool one = (square >> 63) != 0;
      significand = one ? square : square << 1;
      bits = (bits << 1) | (one ? 1 : 0);
    }
    return (bits & low_mask(40)) << 24;
  }
};

}  // namespace lowp::detail

#endif  // LOWP_DETAIL_LOGARITHMIC_HPP
