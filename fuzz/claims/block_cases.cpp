// SPDX-License-Identifier: Apache-2.0
#include "block_cases.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include <lowp/block/quantise_block.hpp>
#include <lowp/lowp.hpp>

#include "../inputs.hpp"

namespace lowp::tool {

namespace {

constexpr std::uint32_t infinity_bits = 0x7f800000;

double value(const format& f, code_t code) {
  return std::bit_cast<double>(encode(formats::binary64, decode(f, code)));
}

int binade_of(const format& f, code_t code) { return binade(normalized(decode(f, code))); }

std::uint32_t field_of(int exponent) {
  return static_cast<std::uint32_t>(std::clamp(exponent + 127, 0, 254));
}

}  // namespace

void block_case::quantise(const code_t* operands, code_t* results) const {
  std::vector<float32> x(size());
  for (std::size_t i = 0; i < size(); ++i) {
    x[i] = real_from_bits<float32>(static_cast<std::uint32_t>(operands[i]));
  }
  const auto outer =
      real_from_bits<float32>(has_outer() ? static_cast<std::uint32_t>(operands[size()]) : 0);
  std::vector<std::uint16_t> codes(size());
  const block_input<float32> in{x.data(), f.columns, f.rows, f.columns};
  results[0] = quantise_block(f, r, in, outer, codes.data());
  std::copy(codes.begin(), codes.end(), results + 1);
}

std::uint32_t amax_of(const code_t* x, std::size_t n) {
  std::uint32_t amax = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const auto a = static_cast<std::uint32_t>(x[i]) & ~sign_bit;
    if (a < infinity_bits) amax = std::max(amax, a);
  }
  return amax;
}

block_cases::block_cases(const block_case& c) : c_(c) {
  const format e = c.f.element;
  const code_t most = max_finite(e);
  const auto top = static_cast<std::uint32_t>(encode(formats::binary32, decode(e, most)));
  // Significands of amax where a rule may step: 1, that of the greatest element, where it rounds
  // up, the square root of two, that over it.
  for (const std::uint32_t s : {0u, top & 0x7fffff, 0x3504f3u, 0x1e6668u, 0x400000u, 0x600000u,
                                0x700000u, 0x780000u, 0x7c0000u, 0x7fffffu}) {
    for (const int d : {-2, -1, 0, 1, 2}) {
      significands_.push_back((s + static_cast<std::uint32_t>(d)) & 0x7fffff);
    }
  }
  // Where scales end, and binary32.
  const int greatest = binade_of(e, most);
  const code_t most_scale = max_finite(c.f.scale);
  const int least_scale = binade_of(c.f.scale, min_positive(c.f.scale));
  const int greatest_scale = binade_of(c.f.scale, most_scale);
  scale_binades_ = static_cast<std::uint32_t>(greatest_scale - least_scale + 3);
  fields_ = {127, 128, 126, 135, 120, 1, 254, 0};
  for (const int d : {-1, 0, 1}) {
    fields_.push_back(field_of(least_scale + greatest + d));
    fields_.push_back(field_of(greatest_scale + greatest + d));
  }
  least_field_ = c.has_outer() ? 0 : field_of(least_scale + greatest - 2);
  const std::uint32_t last = c.has_outer() ? 254 : field_of(greatest_scale + greatest + 2);
  fields_in_range_ = last - least_field_ + 1;

  for (code_t code = 0; code <= most; ++code) values_.push_back(value(e, code));
  binades_ = static_cast<std::uint32_t>(greatest - binade_of(e, min_positive(e)) + 3);
  const auto codes = static_cast<std::size_t>(most) + 1;
  const auto around = [&](std::size_t code) {
    for (std::size_t k = code < 2 ? 0 : code - 2; k < code + 2 && k < codes; ++k) {
      places_.push_back(k);
    }
  };
  for (std::size_t k = 0; k < codes && k < 8; ++k) places_.push_back(k);
  around(e.kind == number_kind::minifloat ? static_cast<std::size_t>(min_normal(e)) : 1);
  // Beyond the greatest are more places than at other codes.
  for (int i = 0; i < 4; ++i) around(codes - 1);
  for (const exponent_level& l : c.f.level) {
    if (l.group != 0 && l.lowers) most_lowered_ += (1u << l.bits) - 1;
  }
}

// The magnitude that is to be the greatest of a block.
std::uint32_t block_cases::amax(std::uint64_t r, std::uint64_t index) const {
  if (index < directed()) {
    return fields_[index % fields_.size()] << 23 | significands_[index / fields_.size()];
  }
  const auto some = static_cast<std::uint32_t>(r >> 20);
  const std::uint32_t field = r % 2 == 0    ? 90 + (some >> 8) % 70
                              : r % 16 == 1 ? fields_[some % fields_.size()]
                                            : least_field_ + some % fields_in_range_;
  const auto significand = index % 4 == 0 ? significands_[(r >> 8) % significands_.size()]
                                          : static_cast<std::uint32_t>(r >> 24) & 0x7fffff;
  return field == 0 ? significand >> (r >> 50) % 23 : field << 23 | significand;
}

// The number whose element is 1 in a block of that amax; 0: none. With quotients nearly so.
double block_cases::unit(std::uint32_t amax, std::uint32_t outer) const {
  const auto x = real_from_bits<float32>(amax);
  const auto tensor = real_from_bits<float32>(outer);
  std::uint16_t code[512];
  const code_t scale = quantise_block(c_.f, c_.r, {&x, c_.f.columns, 1, 1}, tensor, code);
  const double b = value(c_.f.scale, scale_code(c_.f, scale));
  double unit = std::ldexp(b, level_exponent(c_.f, scale, 0));
  if (c_.has_outer()) {
    const double F = c_.r.steps.outer_bound != 0 ? c_.r.steps.outer_bound
                                                 : value(c_.f.scale, max_finite(c_.f.scale));
    const auto T = static_cast<double>(std::bit_cast<float>(outer));
    unit *= static_cast<double>(static_cast<float>(T / (F * values_.back())));
  }
  return std::isfinite(unit) ? unit : 0;
}

// In units of the scale: at an element, at the tie above it, or anywhere between.
double block_cases::target(std::uint64_t e) const {
  const std::size_t k = e % 4 == 0 ? (e >> 8) % values_.size() : places_[(e >> 8) % places_.size()];
  const double x = values_[k];
  // Behind the greatest as before it.
  const double step = k + 1 < values_.size() ? values_[k + 1] - x : x - values_[k - 1];
  switch (e >> 2 & 7) {
    case 0: return x;
    case 1: return x + step;
    case 2: return x + step / 4;
    case 3: return x + step * static_cast<double>(e >> 40) * 0x1p-24;
    // Far below where elements become zero.
    case 4: return k == 0 ? std::ldexp(step, -static_cast<int>((e >> 40) % 32)) : x + step / 2;
    default: return x + step / 2;
  }
}

std::uint32_t block_cases::aimed(std::uint64_t e, double unit) const {
  const int lowered = -static_cast<int>((e >> 5) % (most_lowered_ + 1));
  const auto x = static_cast<float>(std::ldexp(target(e) * unit, lowered));
  static constexpr int next[] = {0, 0, 0, 0, 1, -1, 2, -2};
  const auto bits = std::bit_cast<std::uint32_t>(x) +
                    static_cast<std::uint32_t>(next[random_bits(e, 6) % std::size(next)]);
  return bits < infinity_bits ? bits : infinity_bits - 1;
}

// Some near ties of an element under a scale near 2^field, some far below.
std::uint32_t block_cases::anywhere(std::uint64_t e, std::uint32_t field) const {
  const auto down = static_cast<std::uint32_t>(1 + (e >> 8) % binades_);
  const std::uint32_t lower = field > down ? field - down : 0;
  auto fraction = static_cast<std::uint32_t>(e >> 16) & 0x7fffff;
  if (e % 3 == 0) {
    const std::uint64_t low = random_bits(e, 5);
    const auto cut = static_cast<int>(14 + low % 9);
    fraction &= ~((1u << cut) - 1);
    fraction += static_cast<std::uint32_t>((low >> 8) % 3);
    if ((low >> 16) % 4 == 0) fraction -= 1;
  }
  return lower << 23 | (fraction & 0x7fffff);
}

void block_cases::make(std::uint64_t seed, std::uint64_t index, code_t* o) const {
  const std::size_t n = c_.size();
  const std::uint64_t r = random_bits(seed, index);
  const std::uint32_t most = amax(r, index);
  const std::uint32_t T = c_.has_outer() ? outer(random_bits(seed ^ 1, index), index, most) : 0;
  const double one = unit(most, T);
  // In most blocks a binade of amax's own, so that faults of the scale are seen.
  const std::uint32_t field = most >> 23;
  const bool crowded = (r >> 48) % 4 == 0;
  const std::uint32_t bound = crowded ? most : field == 0 ? most / 2 : (field << 23) - 1;
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint64_t e = random_bits(seed ^ (0x51ed270b * (i + 1)), index);
    std::uint32_t x = 0;
    if (e % 11 != 0) x = e % 11 < 7 && one > 0 ? aimed(e / 11, one) : anywhere(e, field);
    if (x > bound) x = crowded && e % 2 == 0 ? most : anywhere(e, field);
    if (x > bound) x = bound;
    o[i] = x | (e >> 63 != 0 ? sign_bit : 0);
  }
  o[r % n] = most | (static_cast<std::uint32_t>(r >> 63) << 31);
  if (index % 16 == 9) special(random_bits(seed ^ 3, index), o);
  if (!c_.has_outer()) return;
  const std::uint32_t made = amax_of(o, n);
  o[n] = made == most ? T : outer(random_bits(seed ^ 1, index), index, made);
}

// A block of zeros, one with infinities or NaN.
void block_cases::special(std::uint64_t r, code_t* o) const {
  const std::size_t n = c_.size();
  if (r % 4 == 0) {
    for (std::size_t i = 0; i < n; ++i) o[i] = r >> 60 == 0 ? sign_bit : 0;
  } else if (r % 4 == 1) {
    o[(r >> 8) % n] = infinity_bits | (r >> 60) % 2 << 31;
  } else if (r % 4 == 2) {
    // Quiet, with payload, signalling, signalling in bits that narrower formats cut off.
    static constexpr std::uint32_t nans[] = {0x7fc00000, 0x7fc00001, 0x7fa00000, 0x7f800001};
    o[(r >> 8) % n] = nans[r >> 40 & 3] | (r >> 60) % 2 << 31;
  } else {
    for (std::size_t i = 0; i < n; ++i) o[i] = (r >> (i % 40)) & 1;
  }
}

// The greatest magnitude of the tensor: not below that of the block, in a quarter of the cases so
// far above that the scale is among the least ones.
std::uint32_t block_cases::outer(std::uint64_t r, std::uint64_t index, std::uint32_t amax) const {
  if (amax == 0) return index % 2 == 0 ? 0x40000000 : static_cast<std::uint32_t>(r) & 0x42ffffff;
  const auto binades =
      static_cast<std::uint32_t>(r % 4 == 1 ? (r >> 8) % scale_binades_ : (r >> 8) % 3);
  const std::uint32_t more =
      amax + (binades << 23) + static_cast<std::uint32_t>(r >> 32 & 0x3fffff);
  return r % 4 == 0 || more >= infinity_bits ? amax : more;
}

}  // namespace lowp::tool
