// SPDX-License-Identifier: Apache-2.0
#include "inputs.hpp"

#include <algorithm>

#include <lowp/operations.hpp>

#include "arithmetic_inputs.hpp"

namespace lowp::tool {

namespace {

code_t mask(const format& f) { return f.width >= 64 ? ~code_t{0} : (code_t{1} << f.width) - 1; }

void add_with_neighbours(std::vector<code_t>& out, const format& f, code_t code) {
  for (const int step : {-2, -1, 0, 1, 2}) {
    out.push_back((code + static_cast<code_t>(static_cast<std::int64_t>(step))) & mask(f));
  }
}

void sort_unique(std::vector<code_t>& codes) {
  std::sort(codes.begin(), codes.end());
  codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
}

// Every result's first input in a wide source, by bisection in each binade of each sign.
struct boundary_finder {
  const conversion_rule& rule;
  std::vector<code_t> found;

  void bisect(code_t low, code_t low_result, code_t high, code_t high_result) {
    if (low_result == high_result) return;
    if (high - low == 1) {
      found.push_back(high);
      return;
    }
    const code_t middle = low + (high - low) / 2;
    const code_t result = apply(rule, middle);
    bisect(low, low_result, middle, result);
    bisect(middle, result, high, high_result);
  }
};

std::vector<code_t> boundaries(const conversion_rule& rule) {
  boundary_finder finder{rule, {}};
  const format& from = rule.from;
  const int piece_bits = from.kind == number_kind::minifloat ? trailing_bits(from) : from.width - 9;
  const code_t size = code_t{1} << piece_bits;
  const code_t pieces = code_t{1} << (from.width - piece_bits);
  for (code_t k = 0; k < pieces; ++k) {
    const code_t low = k * size;
    const code_t high = low + size - 1;
    finder.found.push_back(low);
    finder.bisect(low, apply(rule, low), high, apply(rule, high));
  }
  return finder.found;
}

// A code whose low bits, those that a narrower result discards, are a tie or close to one.
code_t near_tie(const conversion_rule& rule, std::uint64_t random) {
  const int dropped = std::max(2, rule.from.width - rule.to.width);
  const int shape = static_cast<int>(random_bits(random, 1) % 8);
  const int cut = 1 + static_cast<int>(random_bits(random, 2) % static_cast<unsigned>(dropped));
  const code_t half = code_t{1} << (cut - 1);
  const code_t low = (code_t{1} << cut) - 1;
  const code_t base = random & ~low;
  switch (shape) {
    case 0: return base;
    case 1: return base | 1;
    case 2: return base | low;
    case 3: return base | half;
    case 4: return (base | half) + 1;
    case 5: return (base | half) - 1;
    case 6: return base | half | (random_bits(random, 3) & low);
    default: return base | low >> 1;
  }
}

bool is_number(const exact& x) {
  return x.cls == number_class::zero || x.cls == number_class::finite;
}

exact halved(exact x) {
  if (x.cls == number_class::finite) --x.exponent;
  return x;
}

exact plus(const exact& a, const exact& b) {
  return evaluate<operation::add>(projection{}, a, b).value;
}
exact minus(const exact& a, const exact& b) {
  return evaluate<operation::subtract>(projection{}, a, b).value;
}

// All operands, the last one fastest, where these are few.
constexpr int few_bits = 16;
std::vector<operands> all_operands(const std::vector<field>& fields) {
  std::vector<operands> out(std::size_t{1} << bit_count(fields));
  for (std::size_t i = 0; i < out.size(); ++i) {
    std::size_t rest = i;
    for (std::size_t k = fields.size(); k-- != 0; rest >>= fields[k].of.width) {
      out[i][k] = rest & mask(fields[k].of);
    }
  }
  return out;
}

}  // namespace

exact middle(const format& f, code_t code) {
  const exact x = decode(f, code);
  if (!is_number(x)) return x;
  const code_t outward = x.negative ? next_down(f, code) : next_up(f, code);
  // The greatest is its own neighbour where there is no infinity.
  const exact next = decode(f, outward);
  if (is_number(next) && outward != code) return halved(plus(x, next));
  const exact previous = decode(f, x.negative ? next_up(f, code) : next_down(f, code));
  return is_number(previous) ? plus(x, halved(minus(x, previous))) : x;
}

std::vector<code_t> special_codes(const format& f) {
  std::vector<code_t> out;
  const code_t sign = f.is_signed ? code_t{1} << (f.width - 1) : 0;
  std::vector<code_t> positive;
  for (const code_t code : {code_t{0}, max_finite(f), min_positive(f), min_normal(f), one(f),
                            infinity(f), canonical_nan(f), mask(f) & ~sign}) {
    add_with_neighbours(positive, f, code);
  }
  if (f.kind == number_kind::minifloat) {
    const int t = trailing_bits(f);
    const int steps = std::max(1, (1 << exponent_field_bits(f)) / 16);
    for (int field = 0; field < 1 << exponent_field_bits(f); field += steps) {
      const code_t power = static_cast<code_t>(field) << t;
      positive.push_back(power);
      positive.push_back(power | 1);
      positive.push_back(power | ((code_t{1} << t) - 1));
    }
  } else {
    for (int bit = 0; bit < f.width; ++bit) add_with_neighbours(positive, f, code_t{1} << bit);
  }
  for (const code_t code : positive) {
    out.push_back(code & mask(f));
    out.push_back((code ^ sign) & mask(f));
  }
  sort_unique(out);
  return out;
}

std::vector<operands> step_inputs(const step_function& steps) {
  std::vector<operands> out;
  out.reserve(4 * steps.first.size());
  for (const std::uint32_t first : steps.first) {
    for (const std::uint32_t before : {2u, 1u, 0u}) out.push_back({(first - before) & 0xffffffff});
    out.push_back({(first + 1) & 0xffffffff});
  }
  return out;
}

std::vector<operands> directed_inputs(const golden_model& model) {
  if (const auto fields = operand_fields(model); bit_count(fields) <= few_bits) {
    return all_operands(fields);
  }
  if (const auto* m = std::get_if<arithmetic_model>(&model)) return directed_arithmetic(*m);
  std::vector<operands> out;
  if (const auto* m = std::get_if<comparison_model>(&model)) {
    const std::vector<code_t> codes = special_codes(m->value);
    for (const code_t a : codes) {
      for (const code_t b : codes) out.push_back({a, b});
    }
    return out;
  }
  const auto& rule = std::get<conversion_rule>(model);
  std::vector<code_t> codes = special_codes(rule.from);
  if (rule.from.width > rule.to.width && rule.to.width <= 16) {
    for (const code_t b : boundaries(rule)) add_with_neighbours(codes, rule.from, b);
  }
  // A rule that saturates or flushes hides where others change.
  const auto add_around = [&](const exact& x) {
    if (is_number(x)) add_with_neighbours(codes, rule.from, encode(rule.from, x));
  };
  for (const code_t target : special_codes(rule.to)) {
    add_around(decode(rule.to, target));
    add_around(middle(rule.to, target));
  }
  add_around(halved(decode(rule.to, min_positive(rule.to))));
  sort_unique(codes);
  if (is_stochastic(rule.last.round)) {
    const code_t ones = lowp::detail::low_mask(std::max(1, int{rule.last.random_bits}));
    const int lift = rule.last.random_from == random_field::high ? 32 - rule.last.random_bits : 0;
    for (const code_t code : codes) {
      for (const code_t r : {code_t{0}, code_t{1}, ones / 2, ones / 2 + 1, ones}) {
        out.push_back({code, r << lift});
      }
    }
    return out;
  }
  for (const code_t code : codes) out.push_back({code});
  return out;
}

operands random_operands(const golden_model& model, std::uint64_t seed, std::uint64_t index) {
  if (const auto* m = std::get_if<arithmetic_model>(&model)) {
    return random_arithmetic(*m, seed, index);
  }
  const std::uint64_t r = random_bits(seed, index);
  if (const auto* m = std::get_if<comparison_model>(&model)) {
    const code_t a = r & mask(m->value);
    const std::uint64_t s = random_bits(seed ^ 0x5bd1e995, index);
    // Half of the pairs differ by little.
    const code_t b = (index & 1) != 0 ? a + (s >> 32) % 5 - 2 : s;
    return {a, b & mask(m->value)};
  }
  const auto& rule = std::get<conversion_rule>(model);
  const code_t low = mask(rule.from);
  const code_t random = random_bits(seed ^ 0x2545f491, index) & 0xffffffff;
  if ((index & 3) == 3) return {near_tie(rule, r) & low, random};
  // Uniform codes of binary64 would nearly all be out of range: half of them get an exponent that
  // the result's range covers.
  if ((index & 1) == 1 && rule.from == formats::binary64 &&
      rule.to.kind == number_kind::minifloat) {
    const auto span = static_cast<std::uint64_t>(2 * rule.to.bias + 2 * rule.to.precision + 4);
    const std::uint64_t field = 1023 - span / 2 - rule.to.precision + (r >> 40) % (span + 4);
    return {(r & 0x800fffffffffffff) | field << 52, random};
  }
  return {r & low, random};
}

}  // namespace lowp::tool
