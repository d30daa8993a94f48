// SPDX-License-Identifier: Apache-2.0
#include "dot_inputs.hpp"

#include <algorithm>

#include "inputs.hpp"

namespace lowp::tool {

namespace {

constexpr std::uint64_t most_directed = std::uint64_t{1} << 22;

code_t mask_of(int width) { return (code_t{1} << width) - 1; }

// Those that matter most first: as many as fit are combined with each other.
std::vector<code_t> special_numbers(const format& f, code_t sign) {
  const code_t first = code_t{1} << trailing_bits(f);  // 2^t: the least exponent field but zero
  const code_t inf = has_infinity(f) ? infinity(f) : max_finite(f) - 1;
  const code_t nan = has_nan(f) ? canonical_nan(f) : max_finite(f);
  const auto bias = static_cast<code_t>(f.bias);
  std::vector<code_t> out{0,
                          sign | one(f),
                          nan,
                          inf,
                          sign | inf,
                          one(f) + 1,
                          sign,
                          sign | max_finite(f),
                          sign | min_normal(f),
                          min_positive(f),
                          one(f),
                          sign | (nan + (f.precision > 4 ? 5 : 0)),
                          has_infinity(f) ? inf + 1 : max_finite(f) - 2,
                          max_finite(f),
                          min_normal(f),
                          sign | (min_normal(f) - 1),
                          sign | min_positive(f),
                          (bias / 2) * first,
                          sign | ((bias / 2) * first + 1),
                          (bias + bias / 2) * first,
                          sign | ((bias + bias / 2) * first + first - 1),
                          sign | (one(f) + 1),
                          one(f) - 1};
  for (code_t& code : out) code &= mask_of(f.width);
  return out;
}

// Eight of them.
std::vector<code_t> special_integers(const format& f, code_t sign) {
  const code_t all = mask_of(f.width);
  return {all,    sign != 0 ? sign : 0, sign != 0 ? sign - 1 : all >> 1, 1, 0, (all >> 1) + 2, 2,
          all - 1};
}

}  // namespace

/// Random words, one after the other.
struct dot_inputs::stream {
  std::uint64_t state;

  // splitmix64: a step is some three multiplications.
  std::uint64_t next() {
    std::uint64_t z = state += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  /// 0 ... n - 1.
  int below(int n) {
    return static_cast<int>((next() >> 32) * static_cast<std::uint64_t>(n) >> 32);
  }
};

dot_inputs::fields dot_inputs::fields_of(const format& f) {
  fields r;
  r.of = f;
  r.width = f.width;
  r.sign = f.is_signed ? code_t{1} << (f.width - 1) : 0;
  if (f.kind == number_kind::minifloat) {
    r.fraction = trailing_bits(f);
    r.bias = f.bias;
    r.greatest = (1 << exponent_field_bits(f)) - 1;
    r.specials = special_numbers(f, r.sign);
  } else if (f.width != 0) {
    r.specials = special_integers(f, r.sign);
  }
  return r;
}

dot_inputs::dot_inputs(const dot_model& m)
    : engine_(m), k_(m.value.k), integer_(m.value.sum == mma_sum::integer) {
  const auto arrays = tool::fields_of(m.value);
  a_ = fields_of(arrays[0].of);
  b_ = fields_of(arrays[1].of);
  c_ = fields_of(arrays[2].of);
  scale_ = fields_of(arrays[3].of);
  fields dot_inputs::*const of[] = {&dot_inputs::a_, &dot_inputs::b_, &dot_inputs::c_,
                                    &dot_inputs::scale_, &dot_inputs::scale_};
  for (std::size_t i = 0; i < dot_fields; ++i) {
    fields_of_.insert(fields_of_.end(), arrays[i].count, of[i]);
  }
  std::size_t limit = ~std::size_t{0};
  for (std::size_t i = 0; i < fields_of_.size(); ++i)
    limit = std::min(limit, at(i).specials.size());
  const auto combinations = [&](std::size_t codes) {
    std::uint64_t n = 1;
    for (std::size_t i = 0; i < fields_of_.size() && n <= most_directed; ++i) n *= codes;
    return n;
  };
  while (few_ < limit && combinations(few_ + 1) <= most_directed) ++few_;
  directed_ = few_ < 3 ? 0 : combinations(few_);
}

code_t dot_inputs::number(const fields& f, std::int32_t exponent, std::uint64_t random) {
  const std::int32_t field = std::clamp(exponent + f.bias, 0, f.greatest);
  return (random >> 63 != 0 ? f.sign : 0) | static_cast<code_t>(field) << f.fraction |
         (random & mask_of(f.fraction));
}

void dot_inputs::enumerate(std::uint64_t index, code_t* o) const {
  // A prime: spread evenly from the start.
  index = index * 1000003 % directed_;
  for (std::size_t i = 0; i < fields_of_.size(); ++i) {
    o[i] = at(i).specials[index % few_];
    index /= few_;
  }
}

// Uniform ones, or mixed with ends of their ranges; sums near the ends of the accumulator.
void dot_inputs::integers(stream& r, code_t* o) const {
  const auto ends = static_cast<std::uint32_t>(r.below(4));  // quarters of the operands
  std::uint64_t words = 0;
  for (std::size_t i = 0; i < 2 * k_; ++i) {
    // Half a random word each: 2 bits for the choice, 3 for one of the eight ends, 16 for any code.
    words = i % 2 == 0 ? r.next() : words >> 32;
    const auto x = static_cast<std::uint32_t>(words);
    const fields& f = i < k_ ? a_ : b_;
    const code_t end = f.specials[x >> 24 & 7];
    o[i] = x >> 30 < ends ? end : x & mask_of(f.width);
  }
  o[2 * k_] = r.next() & mask_of(c_.width);
  if (r.below(4) != 0) return;
  const std::uint64_t x = r.next();
  const code_t near = (x >> 32) & mask_of(static_cast<int>((x >> 8) % 20) + 1);
  const code_t end = (x & 1) != 0 ? c_.sign : c_.sign - 1;
  o[2 * k_] = ((x & 2) != 0 ? end + near : end - near) & mask_of(c_.width);
}

/// Products of about 2^sum, give or take; the accumulator 2^c_distance of them.
void dot_inputs::numbers(stream& r, code_t* o, std::int32_t sum, int spread, int c_distance) const {
  // Exponents that factors can have.
  const std::int32_t least = std::max(-a_.bias, sum - (b_.greatest - b_.bias));
  const std::int32_t most = std::min(a_.greatest - a_.bias, sum + b_.bias);
  for (std::size_t i = 0; i < k_; ++i) {
    const std::uint64_t x = r.next();
    const auto some = static_cast<std::int32_t>(x >> 48);
    const std::int32_t ea = least >= most ? least : least + some % (most - least + 1);
    o[i] = number(a_, ea, x);
    const std::uint64_t y = r.next();
    const auto apart = static_cast<std::int32_t>((y >> 40) % static_cast<unsigned>(spread + 1));
    o[k_ + i] = number(b_, sum - ea - apart, y);
  }
  o[2 * k_] = number(c_, sum + c_distance, r.next());
  for (std::size_t i = 2 * k_ + 1; i < fields_of_.size(); ++i) {
    o[i] = number(scale_, r.below(7) - 3, r.next());
  }
}

// One to three significand bits: sums that are ties or exact.
void dot_inputs::shorten(stream& r, code_t* o) const {
  for (std::size_t i = 0; i <= 2 * k_; ++i) {
    const fields& f = at(i);
    const code_t kept = (code_t{7} << (f.fraction > 3 ? f.fraction - 3 : 0)) | (r.next() & 1);
    o[i] &= ~mask_of(f.fraction) | kept;
  }
}

// Every other product is the one before it with the other sign, or nearly.
void dot_inputs::cancel(stream& r, code_t* o) const {
  for (std::size_t i = 1; i < k_; i += 2) {
    const std::uint64_t x = r.next();
    const std::size_t other = i - 1 - ((x >> 8) % i & ~std::size_t{1});
    o[i] = (o[other] ^ a_.sign) + ((x & 3) == 0 ? 1 : 0);
    o[k_ + i] = o[k_ + other] - ((x & 12) == 0 ? 1 : 0);
    o[i] &= mask_of(a_.width);
    o[k_ + i] &= mask_of(b_.width);
  }
}

// Some factors are zeros that meet huge ones, the accumulator is a zero: what has no part in a sum
// must not take part in its alignment either.
void dot_inputs::zeros_by_huge(stream& r, code_t* o) const {
  for (std::size_t i = 0; i < k_; ++i) {
    const std::uint64_t x = r.next();
    if ((x & 3) != 0) continue;
    o[i] &= a_.sign;
    if ((x & 4) != 0) o[k_ + i] = number(b_, b_.greatest - b_.bias - 1, x);
  }
  o[2 * k_] &= c_.sign;
}

// A product of about +-2^exponent, as exactly as the factors' formats have it.
void dot_inputs::power(stream& r, code_t* o, std::size_t product, std::int32_t exponent) const {
  const std::int32_t ea = exponent / 2 + r.below(3) - 1;
  o[product] = encode(a_.of, exact_finite(r.below(2) != 0, 1, ea));
  o[k_ + product] = encode(b_.of, exact_finite(false, 1, exponent - ea));
}

// Half a unit in the last place of an accumulator, or half the least number, and one that is so
// small that it only tells which side of the tie the sum lies on; the other products are zeros.
void dot_inputs::tie_and_crumb(stream& r, code_t* o) const {
  const std::int32_t least = 1 - c_.bias;
  const std::int32_t exponent = r.below(2) != 0 ? least : r.below(13) - 6;
  numbers(r, o, exponent, 0, 0);
  for (std::size_t i = 0; i < k_; ++i) o[i] &= a_.sign;
  if (r.below(2) != 0) o[2 * k_] &= c_.sign;
  const std::int32_t half = exponent - c_.fraction - 1;
  const auto first = static_cast<std::size_t>(r.below(static_cast<int>(k_)));
  power(r, o, first, half);
  power(r, o, (first + 1 + static_cast<std::size_t>(r.below(static_cast<int>(k_)))) % k_,
        half - 1 - r.below(2 * c_.fraction + 8));
}

// The accumulator is what the products give, with the other sign, or nearly.
void dot_inputs::cancel_by_c(stream& r, code_t* o) const {
  o[2 * k_] = 0;
  const code_t sum = engine_(o);
  o[2 * k_] = ((sum ^ c_.sign) + static_cast<code_t>(r.below(5)) - 2) & mask_of(c_.width);
}

void dot_inputs::put_specials(stream& r, code_t* o, unsigned one_in) const {
  for (std::size_t i = 0; i < fields_of_.size(); ++i) {
    const std::uint64_t x = r.next();
    if ((x >> 32) % one_in != 0) continue;
    const fields& f = at(i);
    o[i] = f.specials[(x & 0xffff) % f.specials.size()];
    // Payloads tell NaNs apart.
    if ((o[i] & ~f.sign) >> f.fraction == static_cast<code_t>(f.greatest) && (x >> 20 & 3) == 0) {
      o[i] |= (x >> 24) & mask_of(f.fraction);
    }
  }
}

void dot_inputs::make(std::uint64_t seed, std::uint64_t index, code_t* o) const {
  if (index % 2 == 0 && index / 2 < directed_) return enumerate(index / 2, o);
  stream r{random_bits(seed, index)};
  if (integer_) return integers(r, o);
  const int kind = static_cast<int>(r.next() >> 60);
  if (kind < 2) {
    for (std::size_t i = 0; i < fields_of_.size(); ++i) {
      o[i] = r.next() & mask_of(at(i).width);
    }
    return;
  }
  const int spread = r.below(2) != 0 ? r.below(3) : r.below(2 * c_.fraction);
  const int distance = r.below(2 * c_.fraction + 8) - c_.fraction - 4;
  if (kind == 2) {  // the lower end of the result's range
    return numbers(r, o, 1 - c_.bias - c_.fraction + r.below(2 * c_.fraction), spread % 4,
                   r.below(5) - 2);
  }
  if (kind == 3) {  // the upper one
    return numbers(r, o, c_.greatest - c_.bias - r.below(4), spread % 4, r.below(4) - 2);
  }
  if (kind == 4) {  // wide
    return numbers(r, o, r.below(2 * c_.bias) - c_.bias, spread, distance);
  }
  if (kind == 14) {
    const bool low = r.below(2) != 0;
    numbers(r, o, (low ? -c_.bias - c_.fraction : -40) + r.below(40), spread, 0);
    return zeros_by_huge(r, o);
  }
  if (kind == 15) return tie_and_crumb(r, o);
  numbers(r, o, r.below(13) - 6, spread, distance);
  switch (kind) {
    case 5:
    case 6: return shorten(r, o);
    case 7: return cancel(r, o);
    case 8: shorten(r, o); return cancel(r, o);
    case 9: return cancel_by_c(r, o);
    case 10: shorten(r, o); return cancel_by_c(r, o);
    case 11: return put_specials(r, o, 2);
    case 12: return put_specials(r, o, static_cast<unsigned>(fields_of_.size()));
    case 13:  // zeros of both signs
      for (std::size_t i = 0; i <= 2 * k_; ++i) {
        if (r.below(2) != 0) o[i] &= at(i).sign;
      }
      return;
    default: return;
  }
}

}  // namespace lowp::tool
