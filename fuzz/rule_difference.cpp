// SPDX-License-Identifier: Apache-2.0
// How a rule differs from the IEEE default, in words and in counts.
#include <fmt/format.h>

#include "row_check.hpp"

namespace lowp::tool {

namespace {

void append(std::string& text, const std::string& more) {
  text += (text.empty() ? "" : "; ") + more;
}

const char* nan_text(nan_rule r) {
  switch (r) {
    case nan_rule::quiet: return "";
    case nan_rule::all_ones: return "NaN has all bits set";
    case nan_rule::payload: return "NaN keeps its leading payload bits";
    case nan_rule::payload_raw: return "NaN keeps its leading payload bits, signalling too";
    case nan_rule::payload_one: return "NaN keeps its leading payload bits, at least one set";
    case nan_rule::signalling: return "NaN is signalling";
    case nan_rule::max_finite: return "NaN becomes the greatest finite value";
    case nan_rule::zero: return "NaN becomes zero";
  }
  return "";
}

const char* sign_text(sign_rule r) {
  switch (r) {
    case sign_rule::keep: return "";
    case sign_rule::positive: return "loses its sign";
    case sign_rule::negative: return "is negative";
    case sign_rule::flip: return "changes its sign";
  }
  return "";
}

}  // namespace

rule_difference describe_difference(const conversion_rule& rule) {
  rule_difference d;
  const projection& p = rule.last;
  const format& to = rule.to;
  // Rounding to odd first is no double rounding.
  if (rounds_twice(rule) && rule.first.round != rounding::to_odd) {
    append(d.numbers, fmt::format("two roundings, through {}", format_name(rule.via)));
  }
  for (const projection* q : {&rule.first, &rule.last}) {
    if (q == &rule.first && !rounds_twice(rule)) continue;
    if (q->subnormal_input == subnormal_input_rule::zero) {
      append(d.numbers, "subnormal inputs count as zero (DAZ)");
    } else if (q->subnormal_input != subnormal_input_rule::keep) {
      append(d.numbers, "subnormal inputs are rounded up");
    }
    if (q->flush_subnormal_result) append(d.numbers, "subnormal results become zero (FTZ)");
  }
  switch (p.overflow) {
    case overflow_rule::ieee: break;
    case overflow_rule::infinite:
      append(d.numbers, "overflow ignores the rounding direction");
      break;
    case overflow_rule::saturate:
      append(d.numbers, "overflow and infinity give the greatest finite value");
      break;
    case overflow_rule::saturate_finite:
      append(d.numbers, "overflow gives the greatest finite value");
      break;
  }
  if (p.overflow_before_rounding) append(d.numbers, "overflow is decided before rounding");
  if (!has_infinity(to)) {
    if (p.no_infinity == no_infinity_rule::max_finite) {
      append(d.numbers, "infinity gives the greatest finite value");
    } else if (p.no_infinity == no_infinity_rule::zero) {
      append(d.numbers, "infinity gives zero");
    }
    if (p.no_infinity_sign != sign_rule::keep) {
      append(d.numbers, fmt::format("what stands for infinity {}", sign_text(p.no_infinity_sign)));
    }
  }
  if (p.zero_sign == sign_rule::positive) append(d.numbers, "zero is never negative");
  if (!to.is_signed) {
    if (p.negative == negative_rule::magnitude) append(d.numbers, "the sign is dropped");
    if (p.negative == negative_rule::nan) append(d.numbers, "negative values give NaN");
    if (p.negative == negative_rule::p3109) append(d.numbers, "negative values follow P3109");
  }
  if (!has_zero(to) && p.no_zero == no_zero_rule::nan) append(d.numbers, "zero gives NaN");
  if (p.nan != nan_rule::quiet) append(d.nans, nan_text(p.nan));
  if (p.nan_sign != sign_rule::keep) {
    append(d.nans, fmt::format("NaN {}", sign_text(p.nan_sign)));
  }
  return d;
}

std::vector<counted_difference> row_check::differences(const tally& t, bool complete) const {
  std::vector<counted_difference> all;
  if (default_rule_) {
    const auto& rule = std::get<conversion_rule>(row_.model);
    const bool of_all = of_all_inputs_.has_value();
    const difference_count n = of_all ? *of_all_inputs_ : t.against_default;
    const rule_difference words = describe_difference(rule);
    const auto add = [&](const std::string& what, std::uint64_t count) {
      if (count == 0) return;
      all.push_back({what.empty() ? "differs from the IEEE default" : what, rule.origin.source,
                     count, true, of_all || complete});
    };
    add(words.numbers, n.numbers);
    add(words.nans, n.nans);
  }
  for (std::size_t i = 0; i < row_.known.size(); ++i) {
    const std::uint64_t count = i < t.known.size() ? t.known[i] : 0;
    all.push_back({row_.known[i].what, row_.known[i].source, count, false, complete});
  }
  return all;
}

}  // namespace lowp::tool
