// SPDX-License-Identifier: Apache-2.0
#include "arithmetic_inputs.hpp"

#include <algorithm>

#include <lowp/operations.hpp>

namespace lowp::tool {

namespace {

constexpr projection plain{};

exact add(const exact& a, const exact& b) { return evaluate<operation::add>(plain, a, b).value; }
exact subtract(const exact& a, const exact& b) {
  return evaluate<operation::subtract>(plain, a, b).value;
}
exact multiply(const exact& a, const exact& b) {
  return evaluate<operation::multiply>(plain, a, b).value;
}
exact divide(const exact& a, const exact& b) {
  return evaluate<operation::divide>(plain, a, b).value;
}

code_t sign_bit(const format& f) { return f.is_signed ? code_t{1} << (f.width - 1) : 0; }

// For operations without inverse: the operand of the sign of `o` at which the result passes
// `target`, if it goes one way between zero and the greatest operand.
bool bisect(const arithmetic_model& m, operands& o, const exact& target) {
  const format& f = m.from[0];
  const code_t sign = o[0] & sign_bit(f);
  const auto above = [&](code_t magnitude) {
    const exact x = decode(f, magnitude | sign);
    return compare(evaluate(m.op, &x, m.last).value, target) == ordering::greater;
  };
  code_t low = 0;
  code_t high = max_finite(f);
  const bool falls = above(low);
  if (above(high) == falls) return false;
  while (high - low > 1) {
    const code_t middle = low + (high - low) / 2;
    (above(middle) == falls ? low : high) = middle;
  }
  o[0] = high | sign;
  return true;
}

// Changes one operand so that the exact result is as near to `target` as that operand's format
// lets it be. False if this operation has no such way back.
bool solve(const arithmetic_model& m, operands& o, const exact& target) {
  exact x[3];
  for (std::size_t k = 0; k < 3; ++k) x[k] = decode(m.from[k], o[k]);
  const auto set = [&](std::size_t k, const exact& value) {
    o[k] = encode(m.from[k], value);
    return true;
  };
  switch (m.op) {
    case operation::add: return set(1, subtract(target, x[0]));
    case operation::subtract: return set(1, subtract(x[0], target));
    case operation::multiply: return set(1, divide(target, x[0]));
    case operation::divide: return set(0, multiply(target, x[1]));
    case operation::fma: return set(2, subtract(target, multiply(x[0], x[1])));
    case operation::faa: return set(2, subtract(target, add(x[0], x[1])));
    case operation::sqrt: return set(0, multiply(target, target));
    case operation::recip: return set(0, divide(exact_finite(false, 1, 0), target));
    case operation::rsqrt:
      return set(0, divide(exact_finite(false, 1, 0), multiply(target, target)));
    case operation::copy: return set(0, target);
    default: return operand_count(m.op) == 1 && bisect(m, o, target);
  }
}

bool has_exponent_field(const format& f) {
  return f.kind == number_kind::minifloat && exponent_field_bits(f) > 1;
}

// The code with another exponent, as far as the format has it.
code_t with_exponent(const format& f, code_t code, int exponent) {
  if (!has_exponent_field(f)) return code;
  const int t = trailing_bits(f);
  const int last = (1 << exponent_field_bits(f)) - 2;
  const auto field = static_cast<code_t>(std::clamp(exponent + f.bias, 0, last));
  const code_t kept = code & (sign_bit(f) | lowp::detail::low_mask(t));
  return kept | field << t;
}

int exponent_of(const format& f, code_t code) {
  const exact x = normalized(decode(f, code));
  return x.cls == number_class::finite ? binade(x) : 0;
}

// Few significant bits and, in floating-point formats, a small exponent; in integers a small value.
code_t short_code(const format& f, std::uint64_t r) {
  const code_t code = r & lowp::detail::low_mask(f.width);
  const auto choice = static_cast<int>(r >> 58);
  if (f.kind == number_kind::fixed_point) {
    const int bits = 1 + choice % std::min(int{f.width}, 11);
    const code_t small = code & lowp::detail::low_mask(bits);
    return (choice & 32) != 0 ? small : (0 - small) & lowp::detail::low_mask(f.width);
  }
  if (!has_exponent_field(f)) return code;
  const int t = trailing_bits(f);
  const int cleared = choice % (t + 1);
  const int exponent = static_cast<int>(r >> 40 & 63) % (t + 4) - 1;
  return with_exponent(f, code & ~lowp::detail::low_mask(cleared), exponent);
}

// A code of the result near what the operands give now.
code_t near_result(const arithmetic_model& m, const operands& o, std::uint64_t r) {
  arithmetic_model now = m;
  now.flags = 0;
  if (m.op == operation::fma) now.op = operation::multiply;
  if (m.op == operation::add || m.op == operation::subtract) now.op = operation::copy;
  now.from = {m.from[0], m.from[1], m.from[2]};
  const code_t code = expected_code(now, o.data());
  if (!is_finite(m.to, code) || !has_exponent_field(m.to)) return code;
  // Another exponent at half of them: sums whose terms overlap by some bits.
  if ((r & 1) != 0) return (code + (r >> 1 & 3)) & lowp::detail::low_mask(m.to.width);
  const int shift = static_cast<int>(r >> 8 & 0xff) % (2 * m.to.precision + 4) - m.to.precision - 2;
  return with_exponent(m.to, code ^ (r >> 20 & lowp::detail::low_mask(trailing_bits(m.to))),
                       exponent_of(m.to, code) + shift);
}

// A code at one of the ends of the range: subnormals and what follows, or the last finite ones.
code_t end_code(const format& f, std::uint64_t r) {
  const code_t sign = (r & 1) != 0 ? sign_bit(f) : 0;
  const std::uint64_t choice = r >> 8;
  if ((r & 2) != 0) return (max_finite(f) - choice % 4) | sign;
  const std::uint64_t subnormals = min_normal(f) - min_positive(f) + 1;
  return ((r & 4) != 0 ? choice % 4 : choice % (2 * subnormals)) | sign;
}

void step(const arithmetic_model& m, operands& o, std::size_t k, int by) {
  o[k] = (o[k] + static_cast<code_t>(static_cast<std::int64_t>(by))) &
         lowp::detail::low_mask(m.from[k].width);
}

// The values that rules name, of both signs: every combination of them must occur.
std::vector<code_t> named_codes(const format& f) {
  std::vector<code_t> out;
  const code_t signalling = infinity(f) | 1;
  for (const code_t code :
       {code_t{0}, min_positive(f), min_normal(f) - 1, min_normal(f), one(f), max_finite(f),
        infinity(f), canonical_nan(f), canonical_nan(f) | 2, signalling}) {
    out.push_back(code);
    out.push_back(code ^ sign_bit(f));
  }
  return out;
}

// The named codes and, evenly, some `most` of the special ones.
std::vector<code_t> some_codes(const format& f, std::size_t most) {
  std::vector<code_t> out = named_codes(f);
  const std::vector<code_t> all = special_codes(f);
  const std::size_t every = all.size() / most + 1;
  for (std::size_t i = 0; i < all.size(); i += every) out.push_back(all[i]);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace

std::vector<operands> directed_arithmetic(const arithmetic_model& m) {
  std::vector<operands> out;
  const int n = operand_count(m.op);
  // At most about 2^16 combinations.
  const std::size_t most = n == 1 ? 65536 : n == 2 ? 256 : 24;
  std::vector<code_t> codes[3];
  for (std::size_t k = 0; k < 3; ++k) {
    codes[k] =
        k < static_cast<std::size_t>(n) ? some_codes(m.from[k], most) : std::vector<code_t>{0};
  }
  for (const code_t a : codes[0]) {
    for (const code_t b : codes[1]) {
      for (const code_t c : codes[2]) out.push_back({a, b, c});
    }
  }
  std::vector<code_t> firsts{0, sign_bit(m.from[0])};
  if (n > 1) {
    firsts = some_codes(m.from[0], 32);
    // Special codes have special products and quotients: all of them may lie on one side of ties.
    for (std::uint64_t i = 0; i < 16; ++i) {
      const code_t any = random_bits(i, 0) & lowp::detail::low_mask(m.from[0].width);
      firsts.push_back(with_exponent(m.from[0], any, static_cast<int>(i) - 8));
    }
  }
  for (const code_t target : some_codes(m.to, 64)) {
    for (const code_t a : firsts) {
      for (const bool half : {false, true}) {
        operands o{a, a, a};
        if (n == 3) o[1] = short_code(m.from[1], random_bits(target, a));
        if (!solve(m, o, half ? middle(m.to, target) : decode(m.to, target))) continue;
        for (std::size_t k = 0; k < static_cast<std::size_t>(n); ++k) {
          for (const int by : {-1, 1}) {
            out.push_back(o);
            step(m, out.back(), k, by);
          }
        }
        out.push_back(o);
      }
    }
  }
  // What only chance combines.
  constexpr std::uint64_t chances = 16384;
  for (std::uint64_t i = 0; i < chances; ++i) out.push_back(random_arithmetic(m, 0, i));
  return out;
}

operands random_arithmetic(const arithmetic_model& m, std::uint64_t seed, std::uint64_t index) {
  const std::uint64_t r = random_bits(seed, index);
  const std::uint64_t s = random_bits(seed ^ 0x5bd1e995, index);
  const std::uint64_t words[] = {r, s, r * 0x9e3779b97f4a7c15 ^ s >> 7};
  const auto n = static_cast<std::size_t>(operand_count(m.op));
  operands o{};
  for (std::size_t k = 0; k < n; ++k) {
    const bool is_short = (index & 3) == 1 || m.from[k].kind == number_kind::fixed_point;
    o[k] = is_short ? short_code(m.from[k], words[k])
                    : words[k] & lowp::detail::low_mask(m.from[k].width);
  }
  if ((index & 2) == 0) return o;
  // Only part of the exponents lets products and quotients stay in range.
  if (n > 1 && (s & 1) != 0)
    o[1] = with_exponent(m.from[1], o[1], static_cast<int>(s >> 8 & 7) - 4);
  const std::uint64_t t = random_bits(seed ^ 0xc2b2ae35, index);
  const code_t target = (index & 1) == 0 ? near_result(m, o, t) : end_code(m.to, t);
  if (!solve(m, o, (t >> 62 & 1) != 0 ? middle(m.to, target) : decode(m.to, target))) return o;
  if ((t >> 63) != 0) step(m, o, s % n, static_cast<int>(t >> 58 & 3) - 2);
  return o;
}

}  // namespace lowp::tool
