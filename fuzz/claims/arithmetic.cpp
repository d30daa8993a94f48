// SPDX-License-Identifier: Apache-2.0
// What implementations of arithmetic compute instead of what they claim.
#include <fmt/format.h>

#include <lowp/operations.hpp>
#include <lowp/projection_members.hpp>

#include "../code_text.hpp"
#include "suspects.hpp"

namespace lowp::tool {

namespace {

void add(std::vector<suspect>& out, const arithmetic_model& own, std::string words,
         const arithmetic_model& m) {
  if (m.last == own.last && m.nan == own.nan && m.invalid_is_negative == own.invalid_is_negative) {
    return;
  }
  out.push_back({std::move(words), [m](const code_t* o, code_t* r) { *r = expected_code(m, o); }});
}

// The result in a wider format first, then that converted.
void add_twice(std::vector<suspect>& out, const arithmetic_model& m, const char* name, format via) {
  if (embeds(via, m.to)) return;
  arithmetic_model wide = m;
  wide.to = via;
  wide.last = projection{.round = to_nearest_even};
  out.push_back(
      {fmt::format("rounded twice: through {}", name), [m, wide, via](const code_t* o, code_t* r) {
         *r = convert(via, expected_code(wide, o), m.to, m.last);
       }});
}

const char* words_of(nan_result r) {
  switch (r) {
    case nan_result::canonical: return "the default NaN";
    case nan_result::first_operand: return "the first NaN operand, quieted";
    case nan_result::signalling_first: break;
  }
  return "the first signalling NaN operand, else the first NaN, quieted";
}

// Other NaNs than claimed.
void add_nans(std::vector<suspect>& out, const arithmetic_model& m) {
  for (const nan_result r :
       {nan_result::canonical, nan_result::first_operand, nan_result::signalling_first}) {
    for (const bool negative : {false, true}) {
      for (const nan_rule rule : {m.last.nan, nan_rule::payload}) {
        arithmetic_model other = m;
        other.nan = r;
        other.invalid_is_negative = negative;
        other.last.nan = rule;
        add(out, m,
            fmt::format(
                "NaN of NaN operands: {}, claimed {}; of invalid operations: {}, claimed {}",
                words_of(r), words_of(m.nan), negative ? "negative" : "positive",
                m.invalid_is_negative ? "negative" : "positive"),
            other);
      }
    }
  }
}

// The sign bit alone is changed, also of what has no sign.
void add_sign_bit(std::vector<suspect>& out, const arithmetic_model& m) {
  if ((m.op != operation::abs && m.op != operation::negate) || m.from[0] != m.to) return;
  const code_t bit = code_t{1} << (m.to.width - 1);
  const bool clear = m.op == operation::abs;
  out.push_back({fmt::format("the sign bit is {} in every code, NaN {} included",
                             clear ? "cleared" : "flipped", bits_text(m.to, canonical_nan(m.to))),
                 [bit, clear](const code_t* o, code_t* r) { *r = clear ? *o & ~bit : *o ^ bit; }});
}

// The product is rounded before the addend comes.
void add_unfused(std::vector<suspect>& out, const arithmetic_model& m) {
  if (m.op != operation::fma) return;
  arithmetic_model product = m;
  product.op = operation::multiply;
  arithmetic_model sum = m;
  sum.op = operation::add;
  sum.from = {m.to, m.from[2], m.to};
  out.push_back({"the product is rounded before the addition (unfused), claimed fused",
                 [product, sum](const code_t* o, code_t* r) {
                   const code_t operands[2] = {expected_code(product, o), o[2]};
                   *r = expected_code(sum, operands);
                 }});
}

// floor of a logarithm that is rounded first.
void add_rounded_logarithm(std::vector<suspect>& out, const arithmetic_model& m) {
  if (m.op != operation::logb) return;
  for (const auto& [name, via] :
       {std::pair{"binary32", formats::binary32}, {"binary64", formats::binary64}}) {
    arithmetic_model log = m;
    log.op = operation::log2;
    log.to = via;
    log.last = {};
    arithmetic_model whole = m;
    whole.op = operation::rint_negative;
    whole.from = {via, via, via};
    const arithmetic_model magnitude{m.source, operation::abs, m.from, m.from[0], {}};
    out.push_back({fmt::format("exponent one too large for inputs a few ulp below a power of two: "
                               "computed with a logarithm rounded to {}",
                               name),
                   [log, whole, magnitude](const code_t* o, code_t* r) {
                     const code_t positive = expected_code(magnitude, o);
                     const code_t rounded = expected_code(log, &positive);
                     *r = expected_code(whole, &rounded);
                   }});
  }
}

}  // namespace

std::vector<suspect> suspects_of(const arithmetic_model& m) {
  std::vector<suspect> out;
  if (m.flags != 0) return out;
  for (const rounding mode : {to_nearest_even, to_nearest_away, toward_zero, toward_positive,
                              toward_negative, away_from_zero, to_odd}) {
    arithmetic_model other = m;
    other.last.round = mode;
    add(out, m,
        fmt::format("rounds {}, claimed {}", rounding_text(mode), rounding_text(m.last.round)),
        other);
  }
  arithmetic_model other = m;
  other.last.flush_subnormal_result = !m.last.flush_subnormal_result;
  add(out, m,
      other.last.flush_subnormal_result ? "subnormal results flushed to zero"
                                        : "subnormal results kept, claimed flushed",
      other);
  const bool keeps = m.last.subnormal_input == subnormal_input_rule::keep;
  other.last.subnormal_input = keeps ? subnormal_input_rule::zero : subnormal_input_rule::keep;
  add(out, m,
      keeps ? "subnormal operands and results flushed to zero"
            : "subnormal operands and results kept, claimed flushed",
      other);
  other.last.flush_subnormal_result = m.last.flush_subnormal_result;
  add(out, m,
      keeps ? "subnormal operands read as zero (denormals-are-zero)"
            : "subnormal operands kept, claimed read as zero",
      other);
  for (const overflow_rule rule : {overflow_rule::ieee, overflow_rule::infinite,
                                   overflow_rule::saturate, overflow_rule::saturate_finite}) {
    other = m;
    other.last.overflow = rule;
    add(out, m, fmt::format("overflow as {}, claimed {}", name(rule), name(m.last.overflow)),
        other);
  }
  add_nans(out, m);
  if (has_nan(m.to)) add_sign_bit(out, m);
  add_unfused(out, m);
  add_rounded_logarithm(out, m);
  for (const auto& [name, via] : {std::pair{"binary16", formats::binary16},
                                  {"bfloat16", formats::bfloat16},
                                  {"binary32", formats::binary32},
                                  {"binary64", formats::binary64}}) {
    add_twice(out, m, name, via);
  }
  return out;
}

}  // namespace lowp::tool
