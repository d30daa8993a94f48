// SPDX-License-Identifier: Apache-2.0
// Faulty conversions of shipped software, rebuilt from their descriptions: the diagnosis names the
// cause. Right implementations, and rules that only look faulty, give no finding.
#include <cstdint>
#include <string>

#include "conversion_diagnosis.hpp"

namespace {

using namespace lowp;

using task = diagnosis_task;

struct binary32_fields {
  explicit binary32_fields(code_t x)
      : sign(x >> 31), field(static_cast<int>(x >> 23 & 0xff)), fraction(x & 0x7fffff) {}
  code_t sign;
  int field;
  code_t fraction;
};

// n / 2^drop to the nearest integer, ties to even.
code_t nearest_even(code_t n, int drop) {
  if (drop == 0) return n;
  if (drop > 63) return 0;
  const code_t half = code_t{1} << (drop - 1);
  const code_t kept = n >> drop;
  const code_t rest = n & ((code_t{1} << drop) - 1);
  return kept + (rest > half || (rest == half && (kept & 1) != 0) ? 1 : 0);
}

using namespace formats;
constexpr projection default_payload{.nan = nan_rule::payload};
constexpr projection saturating{.overflow = saturate};

}  // namespace

TEST_CASE("carry OR-ed into the exponent field; ties away (DIA-4)") {
  const task t{binary32, binary16, default_payload};
  const std::string d = diagnosis(t, 2, [&](code_t x) -> code_t {
    const binary32_fields f{x};
    const int e = f.field - 112;
    if (e < 1 || e > 30) return convert(binary32, x, binary16, t.claim);
    const code_t rounded = (f.fraction + (1 << 12)) >> 13;
    return f.sign << 15 | static_cast<code_t>(e) << 10 | rounded;
  });
  NAMES(d, "OR-ed into the exponent field: lost when the field is odd (result = half)");
  NAMES(d, "ties round away from zero");
}

TEST_CASE("truncation to bfloat16; NaN becomes infinity") {
  const task t{binary32, bfloat16, default_payload};
  const std::string d = diagnosis(t, 3, [](code_t x) { return x >> 16; });
  NAMES(d, "rounds toward zero, claimed nearest-even");
  const std::string nan = diagnosis(t, 2, [&](code_t x) {
    return (x & 0x7fffffff) > 0x7f800000 ? x >> 16 : convert(binary32, x, bfloat16, t.claim);
  });
  NAMES(nan, "signalling NaN whose payload lies in the 16 discarded bits becomes infinity");
  NAMES(nan, "truncated without setting the quiet bit");
  NAMES(nan, "signalling stays signalling");
}

TEST_CASE("double rounding names the format on the way and both directions (DIA-5)") {
  const task a{binary32, e4m3fn, saturating};
  const std::string first = diagnosis(a, 1, [](code_t x) {
    const code_t h =
        convert(binary32, x, binary16, {.round = toward_zero, .nan = nan_rule::payload});
    return convert(binary16, h, e4m3fn, saturating);
  });
  NAMES(first, "rounded twice: first toward zero to binary16 (11 bits), then nearest-even");
  const task b{binary64, binary16, default_payload};
  const std::string second = diagnosis(b, 1, [](code_t x) {
    return convert(binary32, convert(binary64, x, binary32, default_payload), binary16,
                   default_payload);
  });
  NAMES(second, "rounded twice: first nearest-even to binary32 (24 bits), then nearest-even");
}

TEST_CASE("the top exponent field treated as reserved") {
  for (const bool fnuz : {false, true}) {
    const format to = fnuz ? e4m3fnuz : e4m3fn;
    const int bias = fnuz ? 8 : 7;
    const task t{binary32, to, saturating};
    const std::string d = diagnosis(t, 2, [&](code_t x) -> code_t {
      const binary32_fields f{x};
      int e = f.field - 127 + bias;
      if (e < 1 || f.field == 255) return convert(binary32, x, to, t.claim);
      const code_t sign = f.sign << 7;
      if (e >= 15) return sign | (fnuz ? 0x7f : 0x7e);
      code_t m = (f.fraction >> 20) + (f.fraction >> 19 & 1);
      if (m == 8) {
        m = 0;
        e += 1;
      }
      return sign | static_cast<code_t>(8 * e) | m;
    });
    NAMES(d, fnuz ? "saturates from 2^7: the top exponent field is treated as reserved"
                  : "saturates from 2^8: the top exponent field is treated as reserved");
    NAMES(d, "ties round away from zero instead of to even");
  }
}

TEST_CASE("rescaling and cutting bits: truncation, finite NaN, wrapping") {
  const task t{binary32, e4m3fn, saturating};
  const std::string d = diagnosis(t, 6, [](code_t x) -> code_t {
    // times 2^-120 is the same bits under a bias that is smaller by 120
    const bool finite = (x & 0x7f800000) != 0x7f800000;
    const code_t v = finite ? convert(binary32, x, with_bias(binary32, 7)) : x;
    const code_t p = v >> 20 & 0x7f;
    return (x >> 31 << 7) | (p < 0x7e ? p : 0x7e);
  });
  NAMES(d, "rounds toward zero");
  NAMES(d, "NaN becomes finite (384...448)");
  NAMES(d, "magnitudes from 2^9 on");
  NAMES(d, "wrap: exponent bit above the field is cut off");
}

namespace {

// An encoder of elements of block formats with three faults.
code_t faulty_element(format to, code_t x) {
  const binary32_fields f{x};
  const int m = trailing_bits(to);
  const int emin = 1 - to.bias;
  const code_t top = max_finite(to);
  const int emax = static_cast<int>(top >> m) - to.bias;
  const code_t greatest = to == e4m3fn ? 6 : (code_t{1} << m) - 1;
  const int e = f.field - 127;
  const code_t significand = 0x800000 | f.fraction;
  const auto code = [&](code_t field, code_t fraction) {
    return f.sign << (to.width - 1) | field << m | (fraction & greatest);
  };
  code_t fraction = nearest_even(f.fraction, 23 - m);
  const int carry = static_cast<int>(fraction >> m);
  fraction &= (code_t{1} << m) - 1;
  const int e2 = e + carry;
  if (e2 < emin) {
    const int k = emin - e;
    const code_t t = k >= 24 ? 0 : significand >> k;
    const code_t r = nearest_even(t, 24 - m);
    return code(r >> m, r & ((code_t{1} << m) - 1));
  }
  if (e2 > emax || (e2 == emax && fraction > greatest)) {
    return code(static_cast<code_t>(emax + to.bias), greatest);
  }
  return code(static_cast<code_t>(e2 + to.bias), fraction);
}

}  // namespace

TEST_CASE("element encoder: half subnormals, lost sticky bits, mask of the greatest code") {
  for (const format to : {e2m1, e3m2, e2m3, e5m2, e4m3fn}) {
    const task t{binary32, to, saturating};
    const std::string d = diagnosis(t, 3, [&](code_t x) {
      const binary32_fields f{x};
      if (f.field == 0 || f.field == 255) return convert(binary32, x, to, saturating);
      return faulty_element(to, x);
    });
    NAMES(d, "subnormal results are half of the right value");
    if (to != e4m3fn) {
      NAMES(d, "subnormal rounding ignores bits lost in the shift");
    } else {  // the mask hides the last bit, and with it what ties become
      NAMES(d, "lowest fraction bit always 0");
      NAMES(d, "mask is that of the largest code, 6");
    }
  }
}

TEST_CASE("shift counts modulo 32; truncation") {
  const task t{binary32, binary16, {.nan = nan_rule::signalling}};
  const std::string d = diagnosis(t, 2, [](code_t x) -> code_t {
    const binary32_fields f{x};
    const code_t sign = f.sign << 15;
    if (f.field == 0) return sign;
    if (f.field == 255) return sign | 0x7c00 | (f.fraction != 0 ? 1 : 0);
    const int n = f.field - 112;
    if (n >= 31) return sign | 0x7c00;
    if (n > 0) return sign | static_cast<code_t>(n) << 10 | f.fraction >> 13;
    const int s = 1 - n;
    if (s > 24) return sign;
    return sign | ((0x800000 | f.fraction) >> ((13 + s) % 32) & 0xffff);
  });
  NAMES(d,
        "magnitudes in [2^-38, 2^-32): results are not zero: right shift by >= 32 taken modulo 32");
  NAMES(d, "rounds toward zero, claimed nearest-even");
}

TEST_CASE("overflow: NaN by kept fraction bits; saturation of values and of infinities") {
  const task half{binary32, binary16, default_payload};
  const std::string nan = diagnosis(half, 1, [&](code_t x) -> code_t {
    const binary32_fields f{x};
    if (f.field == 255 || f.field < 143) return convert(binary32, x, binary16, half.claim);
    return f.sign << 15 | 0x7c00 | f.fraction >> 13;
  });
  NAMES(nan, "overflow from 2^16 on gives NaN: fraction bits are kept under the all-ones");

  const task byte{binary32, e5m2, {}};
  const auto saturates = [](code_t x) -> code_t {
    const code_t code = convert(binary32, x, e5m2, {});
    return (code & 0x7f) == 0x7c ? (code & 0x80) | 0x7b : code;
  };
  const std::string d = diagnosis(byte, 2, saturates);
  NAMES(d, "saturates on overflow, claimed infinity");
  NAMES(d, "an infinite input (+infinity, -infinity) becomes 57344 and -57344");
  NAMES(d, "the greatest finite value");
  CHECK(diagnosis({binary32, e5m2, saturating}, 0, saturates).empty());
  const std::string infinite =
      diagnosis({binary32, e5m2, {.overflow = saturate_finite}}, 1, saturates);
  NAMES(infinite, "an infinite input");
}

TEST_CASE("decoding: subnormals, NaN codes, the code of -0, ends of a scale") {
  const std::string one = diagnosis({e4m3fn, binary32, {}}, 1, [](code_t x) -> code_t {
    if ((x & 0x78) != 0 || (x & 7) == 0) return convert(e4m3fn, x, binary32, {});
    return x >> 7 << 31 | 120u << 23 | (x & 7) << 20;
  });
  NAMES(one, "subnormal codes decoded with an implicit leading 1 (and exponent -7)");

  const std::string nan = diagnosis({e4m3fn, binary16, {}}, 1, [](code_t x) -> code_t {
    const exact v = decode(binary16, (x & 127) << 7);
    exact scaled = v;
    scaled.exponent += 8;
    scaled.negative = x >> 7 != 0;
    return encode(binary16, scaled);
  });
  NAMES(nan, "NaN codes 0x7f 0xff becomes 480 and -480");
  NAMES(nan, "above the greatest value 448");

  for (const format from : {e4m3fnuz, e5m2fnuz}) {
    for (const format to : {binary16, bfloat16}) {
      const std::string zero = diagnosis({from, to, {}}, 1, [&](code_t x) {
        return convert(from, x & 127, to, {}) | x >> 7 << 15;
      });
      NAMES(zero, "NaN code 0x80 becomes -0");
      NAMES(zero, "decoded as negative zero");
    }
  }
  const std::string ends = diagnosis({e8m0fnu, binary32, {}}, 2, [](code_t x) { return x << 23; });
  NAMES(ends, "code 0 decodes to 0 instead of 2^-127");
  NAMES(ends, "NaN code 0xff becomes infinity");
}

TEST_CASE("an identity that converts; inputs read as zero") {
  const task same{bfloat16, bfloat16, {.nan = nan_rule::payload_raw}};
  const std::string d = diagnosis(same, 5, [](code_t x) -> code_t {
    const code_t field = x >> 7 & 0xff;
    if (field == 255 && (x & 0x7f) != 0) return (x & 0x8000) | 0x7f80;
    return field == 0 ? 0 : x;
  });
  NAMES(d, "not an identity");
  NAMES(d, "becomes infinity");
  NAMES(d, "flushed to zero");
  NAMES(d, "-0 becomes +0");

  const task daz{binary32, bfloat16, default_payload};
  const std::string flushed = diagnosis(daz, 1, [&](code_t x) {
    const bool subnormal = (x & 0x7f800000) == 0;
    return convert(binary32, subnormal ? x & 0x80000000 : x, bfloat16, daz.claim);
  });
  NAMES(flushed, "binary32 subnormal inputs flushed to zero (denormals-are-zero)");
}

TEST_CASE("ties of a format without fraction bits") {
  const task t{binary32, e8m0fnu, {.negative = negative_rule::magnitude}};
  const std::string d = diagnosis(t, 1, [&](code_t x) -> code_t {
    const binary32_fields f{x};
    if (f.field == 0 || f.field >= 254) return convert(binary32, x, e8m0fnu, t.claim);
    return static_cast<code_t>(f.field) + (f.fraction >= 0x400000 ? 1 : 0);
  });
  NAMES(d, "ties round away from zero instead of to even");
  NAMES(d, "parity taken from the implicit bit");
}

TEST_CASE("random bits aligned too low") {
  for (const format to : {e5m2, e4m3fn}) {
    const int d = to == e5m2 ? 21 : 20;
    const task t{binary32, to, {.round = stochastic_a, .overflow = saturate, .random_bits = 16}};
    const std::string words = diagnosis(t, 2, [&](code_t x, code_t r) -> code_t {
      const binary32_fields f{x};
      if (f.field == 255) return convert(binary32, x, to, t.claim, r);
      const code_t y = ((x & 0x7fffffff) + (r & 0xffff)) >> d << d;
      const code_t code = convert(binary32, y, to, saturating);
      const code_t magnitude = y < static_cast<code_t>(128 - to.bias) << 23 ? 0 : code;
      return f.sign << 7 | magnitude;
    });
    NAMES(words, to == e5m2 ? "16 random bits used, aligned 5 bits too low; mean bias -0.484 ulp"
                            : "16 random bits used, aligned 4 bits too low; mean bias -0.469 ulp");
    NAMES(words, "results below the smallest normal value flush to 0");
  }
}
