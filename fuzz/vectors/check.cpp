// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "../explain.hpp"
#include "../usage_error.hpp"
#include "writers.hpp"

namespace lowp::tool {

namespace {

// The explanation wants a row of `lowp verify`.
std::vector<std::string> explained(const golden_model& model, const mismatch& m) {
  const implementation row{"", "", model, [](const batch&) {}};
  return explain(row, m);
}

// What a file says of itself may hold anything, which is nothing for a terminal.
std::string printable(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return text;
}

std::string code_texts(const vector_claim& v, const code_t* operands, const code_t* results) {
  std::string out;
  for (const vector_column& c : v.columns) {
    for (std::size_t k = 0; k < c.data.count; ++k) {
      if (!out.empty()) out += ' ';
      append_hex(out, ((c.is_result ? results : operands) + c.place)[k], c.digits());
    }
  }
  return out;
}

}  // namespace

vector_check::vector_check(check_options options, std::string file)
    : options_(std::move(options)), file_(std::move(file)) {
  any_nan_ = options_.any_nan;
  if (!options_.claim.empty()) start(options_.claim, options_.flags);
}

row_sink vector_check::sink() {
  return {[this](const row_sink::section& s) { begin(s); },
          [this]() -> const vector_claim& { return claim(); },
          [this](std::uint64_t place, const code_t* o, const code_t* r) { row(place, o, r); },
          [this](const std::string& what) { ++skipped_[what]; }};
}

void vector_check::begin(const row_sink::section& s) {
  finish();
  promised_ = s.cases;
  any_nan_ = options_.any_nan || s.any_nan;
  if (!options_.claim.empty()) return;
  try {
    start({s.claim}, s.flags ? flags_choice::yes : flags_choice::no);
  } catch (const usage_error& e) {
    throw usage_error(fmt::format("{}: its claim: {}", file_, printable(e.what())));
  }
}

void vector_check::finish() {
  if (promised_ && *promised_ != in_section_) {
    throw usage_error(fmt::format("{}: it ends after {} of the {} cases that it announces", file_,
                                  in_section_, *promised_));
  }
  promised_.reset();
  in_section_ = 0;
}

void vector_check::start(const std::vector<std::string>& words, flags_choice flags) {
  constexpr std::size_t most_known = 256;
  const auto key = std::make_pair(words, flags);
  auto at = known_.find(key);
  if (at == known_.end()) {
    vector_claim v = make_vector_claim(words, flags);
    if (known_.size() == most_known) known_.clear();
    at = known_.emplace(key, std::move(v)).first;
  }
  claim_ = &at->second;
  expected_.resize(claim_->results());
  const auto known = std::find_if(sections_.begin(), sections_.end(),
                                  [&](const section_result& s) { return s.claim == claim_->text; });
  if (known == sections_.end()) {
    sections_.push_back({claim_->text});
  } else {
    std::rotate(known, known + 1, sections_.end());
  }
}

const vector_claim& vector_check::claim() {
  if (claim_ == nullptr) {
    throw usage_error(fmt::format("--claim: {} does not say what it claims to be; name it", file_));
  }
  return *claim_;
}

bool vector_check::is_right(const code_t* operands, const code_t* results) const {
  const tool::claim& c = claim_->functions;
  for (std::size_t k = 0; k < expected_.size(); ++k) {
    const format f = code_format(c.out, k);
    if (golden::is_right(f, expected_[k], results[k], any_nan_)) continue;
    return c.accepts && c.accepts(operands, results);
  }
  return true;
}

void vector_check::row(std::uint64_t place, const code_t* operands, const code_t* results) {
  ++in_section_;
  ++sections_.back().cases;
  claim_->functions.golden(operands, expected_.data());
  if (is_right(operands, results)) return;
  ++sections_.back().mismatches;
  if (mismatches_++ < options_.shown || options_.shown == 0) show(place, operands, results);
}

void vector_check::show(std::uint64_t place, const code_t* operands, const code_t* got) const {
  const vector_claim& v = *claim_;
  fmt::print("line {}: {}\n", place, code_texts(v, operands, got));
  const std::size_t n = expected_.size() - (v.flags ? 1 : 0);
  const bool number = std::equal(got, got + n, expected_.begin());
  const std::vector<code_t> in(operands, operands + v.operands());
  if (!number) {
    for (const std::string& line : explained(
             v.model,
             {in, {expected_.begin(), expected_.begin() + static_cast<long>(n)}, {got, got + n}})) {
      fmt::print("  {}\n", line);
    }
  }
  if (!v.flags || expected_[n] == got[n]) return;
  for (const std::string& line : explained(*v.flags, {in, {expected_[n]}, {got[n]}})) {
    // The operands are shown already.
    const bool operand = line.rfind("expected", 0) != 0 && line.rfind("got", 0) != 0;
    if (number || !operand) fmt::print("  {}\n", line);
  }
}

}  // namespace lowp::tool
