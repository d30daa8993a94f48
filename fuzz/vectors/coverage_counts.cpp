// SPDX-License-Identifier: Apache-2.0
#include "coverage_counts.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include <lowp/golden/coverage.hpp>

#include "../code_text.hpp"
#include "../inputs.hpp"

namespace lowp::tool {

namespace {

using golden::all_code_classes;
using golden::all_result_classes;
using golden::all_sum_classes;

// Formats with as many codes are classified once, code by code.
constexpr int table_bits = 16;

static_assert(std::size(all_code_classes) <= 32, "lowp: classes of a code are bits of a word");

std::uint32_t classes_of(format f, code_t code) {
  const auto x = golden::coded_value::of(f, code);
  std::uint32_t bits = 0;
  for (std::size_t k = 0; k < std::size(all_code_classes); ++k) {
    if (all_code_classes[k].holds(x)) bits |= std::uint32_t{1} << k;
  }
  return bits;
}

template <class Classes>
class_counts all_of(const char* subject, const Classes& classes) {
  class_counts out{subject, {}};
  for (const auto& c : classes) out.classes.emplace_back(c.name, 0);
  return out;
}

}  // namespace

coverage_counts::coverage_counts(const vector_claim& v) : claim_(v) {
  for (const vector_column& c : v.columns) {
    if (!c.data.random && !(c.is_result && v.flags && &c == &v.columns.back())) add_subject(c);
  }
  if (!v.functions.terms) return;
  rounding_ = counts_.size();
  counts_.push_back(all_of("rounding", all_result_classes));
  sum_ = counts_.size();
  const std::vector<code_t> zeros(v.operands());
  v.functions.terms(zeros.data(), terms_);
  if (terms_.size() > 1) counts_.push_back(all_of("sum", all_sum_classes));
}

void coverage_counts::add_subject(const vector_column& c) {
  const format f = c.data.of;
  code_subject s{c, counts_.size(), {}, {}};
  std::uint32_t applying = 0;
  if (f.width <= table_bits) {
    for (code_t code = 0; code < code_t{1} << f.width; ++code) {
      s.by_code.push_back(classes_of(f, code));
      applying |= s.by_code.back();
    }
  } else {
    for (const code_t code : special_codes(f)) applying |= classes_of(f, code);
  }
  class_counts counts{c.data.name, {}};
  for (std::size_t k = 0; k < std::size(all_code_classes); ++k) {
    if ((applying >> k & 1) == 0) continue;
    s.applying.push_back(static_cast<std::uint8_t>(k));
    counts.classes.emplace_back(all_code_classes[k].name, 0);
  }
  codes_.push_back(std::move(s));
  counts_.push_back(std::move(counts));
}

void coverage_counts::add_code(const code_subject& s, code_t code) {
  const format f = s.from.data.of;
  const std::uint32_t bits = s.by_code.empty() ? classes_of(f, code) : s.by_code[code];
  auto& classes = counts_[s.counts].classes;
  for (std::size_t k = 0; k < s.applying.size(); ++k) {
    classes[k].second += bits >> s.applying[k] & 1;
  }
}

void coverage_counts::add(const code_t* operands, const code_t* results) {
  for (const code_subject& s : codes_) {
    const code_t* const codes = (s.from.is_result ? results : operands) + s.from.place;
    for (std::size_t i = 0; i < s.from.data.count; ++i) add_code(s, codes[i]);
  }
  if (!claim_.functions.terms) return;
  terms_.clear();
  claim_.functions.terms(operands, terms_);
  for (exact& t : terms_) t = normalized(t);
  const format to = claim_.functions.out[0].of;
  const golden::exact_terms sum{terms_, golden::sum_of(terms_), to};
  const golden::result_place place = golden::place_of(to, sum.sum, results[0]);
  for (std::size_t k = 0; k < std::size(all_result_classes); ++k) {
    counts_[rounding_].classes[k].second += all_result_classes[k].holds(place) ? 1 : 0;
  }
  if (terms_.size() < 2) return;
  for (std::size_t k = 0; k < std::size(all_sum_classes); ++k) {
    counts_[sum_].classes[k].second += all_sum_classes[k].holds(sum) ? 1 : 0;
  }
}

std::vector<std::string> coverage_counts::text() const {
  std::vector<std::string> lines;
  for (const class_counts& s : counts_) {
    std::vector<std::string> hit;
    std::vector<std::string> never;
    for (const auto& [name, count] : s.classes) {
      if (count == 0) {
        never.emplace_back(name);
      } else {
        hit.push_back(fmt::format("{} {}", name, count));
      }
    }
    lines.push_back(fmt::format("{}: {}", s.subject,
                                hit.empty() ? "none" : fmt::format("{}", fmt::join(hit, ", "))));
    if (!never.empty()) {
      lines.push_back(fmt::format("{}, never: {}", s.subject, fmt::join(never, ", ")));
    }
  }
  return lines;
}

std::string coverage_counts::json() const {
  // Names are ours: nothing in them needs a mark.
  std::string out = "{";
  for (const class_counts& s : counts_) {
    if (out.size() > 1) out += ", ";
    out += fmt::format("\"{}\": {{", s.subject);
    for (std::size_t k = 0; k < s.classes.size(); ++k) {
      out +=
          fmt::format("{}\"{}\": {}", k == 0 ? "" : ", ", s.classes[k].first, s.classes[k].second);
    }
    out += "}";
  }
  return out + "}";
}

}  // namespace lowp::tool
