// SPDX-License-Identifier: Apache-2.0
#include "wire_cases.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include <lowp/lowp.hpp>

#include "../inputs.hpp"

namespace lowp::tool {

namespace {

constexpr code_t quiet_nan = 0x7fc00000;
constexpr code_t infinity = 0x7f800000;
constexpr code_t greatest = 0x7f7fffff;
constexpr std::uint64_t patterns = 16;
constexpr std::uint64_t ways = 8;  // in which a number stands near a special one

code_t code_of(double x) { return std::bit_cast<std::uint32_t>(static_cast<float>(x)); }

code_t sign_of(std::uint64_t r) { return (r >> 63) << 31; }

// Within some binades of 1, or of another power of two.
code_t ordinary(std::uint64_t r, int exponent = 0) {
  const auto field =
      static_cast<code_t>(std::clamp(120 + exponent + static_cast<int>(r % 8), 1, 254));
  return sign_of(r) | field << 23 | (r >> 8 & 0x7fffff);
}

}  // namespace

wire_cases::wire_cases(const wire_codec& c, std::size_t n) : c_(c), n_(n) {
  switch (c.kind) {
    case wire_kind::numbers:
      for (const code_t code : special_codes(c.element)) {
        special_.push_back(encode(formats::binary32, decode(c.element, code)));
      }
      directed_ = (special_.size() * ways + n - 1) / n;
      break;
    case wire_kind::rows: directed_ = 64 * patterns; break;
    case wire_kind::blocks: {
      blocks_.emplace(block_case{c.block, c.recipe});
      const std::uint64_t of_a_case = (n + c.block.columns - 1) / c.block.columns;
      directed_ = (blocks_->directed() + of_a_case - 1) / of_a_case;
      break;
    }
  }
}

// Special elements, numbers next to them and half-way to the next one; else ordinary ones.
code_t wire_cases::number(std::uint64_t seed, std::uint64_t index, std::size_t i) const {
  const std::uint64_t r = random_bits(seed ^ (i + 1), index);
  const std::uint64_t place =
      index < directed_ ? index * n_ + i : r >> 20;  // all of them in order, then any
  if (index >= directed_ && r % 2 == 0) return ordinary(r >> 1, static_cast<int>(r % 64) - 32);
  const code_t x = special_[place / ways % special_.size()];
  const code_t next = special_[(place / ways + 1) % special_.size()];
  const bool finite = (x & infinity) != infinity && (next & infinity) != infinity;
  const code_t tie = finite && (x ^ next) >> 31 == 0 ? (x + next) / 2 : x;
  const code_t all[ways] = {x,       x + 1,   x - 1,        tie,
                            tie + 1, tie - 1, x ^ sign_bit, quiet_nan | (r & sign_bit)};
  return all[place % ways] & 0xffffffff;
}

// Half-way between elements, with a scale that is a power of two.
void wire_cases::ties(std::uint64_t seed, code_t* o, std::size_t n) const {
  const int e = static_cast<int>(seed % 20) - 10;
  const bool integer = has_integer_codes(c_.rows);
  const auto steps = static_cast<double>((1U << c_.rows.element.width) - 1);
  const double bias = integer ? static_cast<double>(seed >> 8 & 63) - 32 : 0;
  const code_t top = integer ? 0 : max_finite(c_.rows.element);
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint64_t r = random_bits(seed, i);
    double x = 0;
    if (integer) {
      x = i == 0   ? 0
          : i == 1 ? steps
                   : static_cast<double>(r % static_cast<std::uint64_t>(steps)) + 0.5;
    } else {
      const code_t k = i == 0 ? top : r % top;
      const auto value = [this](code_t code) {
        return std::bit_cast<double>(encode(formats::binary64, decode(c_.rows.element, code)));
      };
      x = i == 0 ? value(k) : (value(k) + value(k + 1)) / 2;
    }
    o[i] = code_of(std::ldexp(x + bias, e)) ^ (integer ? 0 : sign_of(r));
  }
}

void wire_cases::row(std::uint64_t seed, std::uint64_t pattern, code_t* o, std::size_t n) const {
  const std::uint64_t r = random_bits(seed, n);
  const std::size_t place = r % n;
  if (pattern == 5 || pattern == 6) return ties(seed, o, n);
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint64_t e = random_bits(seed, i);
    switch (pattern) {
      case 0: o[i] = r % 2 == 0 ? 0 : sign_of(e); break;
      case 1: o[i] = ordinary(r); break;
      // Ranges that overflow, or nearly.
      case 2: o[i] = (greatest - (e & 3)) | sign_of(e); break;
      // A step or a few of binary32 wide.
      case 7: o[i] = 0x3f800000 + e % 5; break;
      // As small as what is added to ranges.
      case 8: o[i] = ordinary(e, -30); break;
      // Beyond binary16, above and below.
      case 9: o[i] = ordinary(e, 17); break;
      case 10: o[i] = ordinary(e, -20); break;
      case 11: o[i] = (e & 0x7fffff) >> (e >> 32) % 23 | sign_of(e); break;
      default: o[i] = ordinary(e, static_cast<int>(seed % 16) - 8);
    }
  }
  if (pattern == 3) o[place] = quiet_nan | (r >> 32 & 0x80000001);
  if (pattern == 4) o[place] = infinity | sign_of(r);
  if (pattern == 12) o[place] = ordinary(r, 20);
}

void wire_cases::make(std::uint64_t seed, std::uint64_t index, code_t* o) const {
  switch (c_.kind) {
    case wire_kind::numbers:
      for (std::size_t i = 0; i < n_; ++i) o[i] = number(seed, index, i);
      break;
    case wire_kind::rows:
      for (std::size_t i = 0; i < n_; i += c_.row) {
        const std::uint64_t own = random_bits(seed ^ (0x2545f491 * (i + 1)), index);
        row(own, (index + i / c_.row) % patterns, o + i, std::min<std::size_t>(c_.row, n_ - i));
      }
      break;
    case wire_kind::blocks: {
      const std::size_t columns = c_.block.columns;
      const std::uint64_t of_a_case = (n_ + columns - 1) / columns;
      std::vector<code_t> block(columns + 1);
      for (std::size_t i = 0; i < n_; i += columns) {
        blocks_->make(seed ^ i, index * of_a_case + i / columns, block.data());
        std::copy_n(block.begin(), std::min(columns, n_ - i), o + i);
      }
      break;
    }
  }
}

}  // namespace lowp::tool
