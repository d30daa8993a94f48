// SPDX-License-Identifier: Apache-2.0
#include "explain.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "code_text.hpp"

namespace lowp::tool {

namespace {

std::string with_value(const format& f, code_t code) {
  const std::string hex = hex_value_text(f, code);
  return fmt::format("{} = {}{}", bits_text(f, code), value_text(f, code),
                     hex.empty() ? "" : fmt::format(" ({})", hex));
}

const char* policy_text(rounding r) {
  switch (r) {
    case rounding::to_nearest_even: return "nearest-even rounding";
    case rounding::to_nearest_away: return "rounding ties away from zero";
    case rounding::toward_zero: return "rounding toward zero";
    case rounding::toward_positive: return "rounding toward +inf";
    case rounding::toward_negative: return "rounding toward -inf";
    case rounding::away_from_zero: return "rounding away from zero";
    case rounding::to_odd: return "rounding to odd";
    default: return "another rounding";
  }
}

constexpr rounding directions[] = {rounding::to_nearest_even, rounding::to_nearest_away,
                                   rounding::toward_zero,     rounding::toward_positive,
                                   rounding::toward_negative, rounding::away_from_zero,
                                   rounding::to_odd};

// Names one changed part of the rule that would give the code that was got; empty if none does.
std::string rule_that_gives(const conversion_rule& rule, code_t input, code_t got) {
  const auto gives = [&](const projection& p) {
    conversion_rule other = rule;
    other.last = p;
    return apply(other, input) == got;
  };
  projection p = rule.last;
  for (const rounding r : directions) {
    p.round = r;
    if (gives(p)) return policy_text(r);
  }
  p = rule.last;
  for (const overflow_rule o : {overflow_rule::ieee, overflow_rule::infinite,
                                overflow_rule::saturate, overflow_rule::saturate_finite}) {
    p.overflow = o;
    if (gives(p)) {
      return o == saturate || o == saturate_finite ? "saturation" : "overflow without saturation";
    }
  }
  p = rule.last;
  p.flush_subnormal_result = true;
  if (gives(p)) return "flushing subnormal results to zero";
  p = rule.last;
  p.subnormal_input = p.subnormal_input == subnormal_input_rule::keep ? subnormal_input_rule::zero
                                                                      : subnormal_input_rule::keep;
  if (gives(p)) {
    return p.subnormal_input == subnormal_input_rule::keep ? "reading subnormal inputs as they are"
                                                           : "reading subnormal inputs as zero";
  }
  for (const nan_rule n :
       {nan_rule::quiet, nan_rule::all_ones, nan_rule::payload, nan_rule::payload_raw,
        nan_rule::signalling, nan_rule::max_finite, nan_rule::zero}) {
    for (const sign_rule s : {sign_rule::keep, sign_rule::positive, sign_rule::negative}) {
      p = rule.last;
      p.nan = n;
      p.nan_sign = s;
      if (gives(p)) return "another rule for NaN";
    }
  }
  return "";
}

// The same for arithmetic.
std::string rule_that_gives(const arithmetic_model& m, const std::vector<code_t>& in, code_t got) {
  arithmetic_model other = m;
  const auto gives = [&] { return expected_code(other, in.data()) == got; };
  for (const rounding r : directions) {
    other.last.round = r;
    if (gives()) return policy_text(r);
  }
  other.last = m.last;
  other.last.flush_subnormal_result = !m.last.flush_subnormal_result;
  if (gives()) return "another treatment of subnormal results";
  other.last = m.last;
  other.last.subnormal_input = m.last.subnormal_input == subnormal_input_rule::keep
                                   ? subnormal_input_rule::zero
                                   : subnormal_input_rule::keep;
  if (gives()) return "another treatment of subnormal operands";
  other.last = m.last;
  other.last.tininess = m.last.tininess == tininess_rule::after_rounding
                            ? tininess_rule::before_rounding
                            : tininess_rule::after_rounding;
  return gives() ? "another moment of deciding what is tiny" : "";
}

// What tells the difference of two codes apart.
std::string difference_text(const format& out, code_t expected, code_t got) {
  if (is_nan(out, expected) && is_nan(out, got)) {
    return "both are NaN; code or sign of the NaN differ";
  }
  if (next_up(out, expected) == got) return "the result is the next code above the expected one";
  if (next_down(out, expected) == got) return "the result is the next code below the expected one";
  if (is_zero(out, expected) && is_zero(out, got)) return "the sign of zero differs";
  return "";
}

// Lines for one kind of codes; of long arrays what is not zero.
constexpr std::size_t most_lines = 20;
constexpr std::size_t long_array = 8;

std::vector<std::string> operand_lines(const std::vector<field>& in,
                                       const std::vector<code_t>& codes) {
  std::vector<std::string> lines;
  std::size_t k = 0;
  for (const field& f : in) {
    std::size_t zeros = 0;
    std::size_t shown = 0;
    for (std::size_t end = k + f.count; k < end; ++k) {
      if (f.count > long_array && codes[k] == 0) {
        ++zeros;
      } else if (++shown <= most_lines) {
        lines.push_back(fmt::format("{:<8} {} [{}]", code_name(in, k), with_value(f.of, codes[k]),
                                    format_name(f.of)));
      }
    }
    if (zeros == f.count && zeros != 0) {
      lines.push_back(fmt::format("{:<8} all 0 [{}]", f.name, format_name(f.of)));
    } else if (shown > most_lines) {
      lines.push_back(fmt::format("{:<8} {} more that are not 0", f.name, shown - most_lines));
    } else if (zeros != 0) {
      lines.push_back(fmt::format("{:<8} all others 0", f.name));
    }
  }
  return lines;
}

}  // namespace

std::vector<std::string> explain(const implementation& row, const mismatch& m) {
  std::vector<std::string> lines = operand_lines(operand_fields(row.model), m.inputs);
  const std::vector<field> out = result_fields(row.model);
  if (m.expected.size() > 1) {
    std::size_t differing = 0;
    for (std::size_t k = 0; k < m.expected.size(); ++k) {
      if (m.expected[k] == m.got[k] || ++differing > most_lines) continue;
      const format f = code_format(out, k);
      lines.push_back(fmt::format("{:<8} expected {}, got {} [{}]", code_name(out, k),
                                  with_value(f, m.expected[k]), with_value(f, m.got[k]),
                                  format_name(f)));
    }
    if (differing > most_lines) {
      lines.push_back(fmt::format("and {} results more", differing - most_lines));
    }
    return lines;
  }
  const format f = out[0].of;
  const code_t expected = m.expected[0];
  const code_t got = m.got[0];
  const auto* arithmetic = std::get_if<arithmetic_model>(&row.model);
  if (arithmetic != nullptr && arithmetic->flags != 0) {
    for (const auto& [word, flags] : {std::pair{"expected", expected}, {"got     ", got}}) {
      lines.push_back(fmt::format("{} {} = {} [flags]", word, bits_text(f, flags),
                                  flags_text(static_cast<std::uint8_t>(flags))));
    }
  } else {
    lines.push_back(fmt::format("expected {} [{}]", with_value(f, expected), format_name(f)));
    lines.push_back(fmt::format("got      {}", with_value(f, got)));
    const std::string difference = difference_text(f, expected, got);
    if (!difference.empty()) lines.push_back(difference);
  }
  std::string other;
  if (const auto* rule = std::get_if<conversion_rule>(&row.model)) {
    other = rule_that_gives(*rule, m.inputs[0], got);
  } else if (arithmetic != nullptr) {
    other = rule_that_gives(*arithmetic, m.inputs, got);
  } else if (const auto* dot = std::get_if<dot_model>(&row.model)) {
    other = dot_that_gives(*dot, m.inputs, got);
  }
  if (!other.empty()) lines.push_back(fmt::format("it is what {} would give", other));
  return lines;
}

}  // namespace lowp::tool
