// SPDX-License-Identifier: Apache-2.0
#include "claim_words.hpp"

#include <charconv>

#include <fmt/format.h>

#include "projection_words.hpp"

namespace lowp::tool {

claim_words::claim_words(std::string kind, const std::vector<std::string>& words)
    : kind_(std::move(kind)) {
  for (const std::string& word : words) {
    if (open_) throw usage_error(fmt::format("{}: '{}' follows '?', the last word", kind_, word));
    const std::size_t equal = word.find('=');
    if (word == "?") {
      open_ = true;
    } else if (equal == std::string::npos) {
      plain_.push_back(word);
    } else if (equal == 0 || equal + 1 == word.size()) {
      throw usage_error(fmt::format("{}: '{}' is not of the form KEY=VALUE", kind_, word));
    } else if (!keys_.emplace(word.substr(0, equal), word.substr(equal + 1)).second) {
      throw usage_error(fmt::format("{}: '{}' is given twice", kind_, word.substr(0, equal)));
    }
  }
}

const std::string& claim_words::plain(std::size_t k, std::string_view what) const {
  if (k >= plain_.size()) throw usage_error(fmt::format("{}: {} is missing", kind_, what));
  return plain_[k];
}

bool claim_words::has(std::string_view key) const { return keys_.find(key) != keys_.end(); }

std::string claim_words::value(std::string_view key, std::string_view otherwise) {
  const auto at = keys_.find(key);
  if (at == keys_.end()) return std::string(otherwise);
  std::string text = std::move(at->second);
  keys_.erase(at);
  return text;
}

long long claim_words::integer(std::string_view key, long long otherwise, long long least,
                               long long greatest) {
  if (!has(key)) return otherwise;
  const std::string text = value(key);
  long long number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number < least ||
      number > greatest) {
    throw usage_error(
        fmt::format("{}: {}: '{}' is no integer from {} to {}", kind_, key, text, least, greatest));
  }
  return number;
}

projection claim_words::rest(projection p, std::string_view prefix) {
  for (auto at = keys_.begin(); at != keys_.end();) {
    if (at->first.compare(0, prefix.size(), prefix) != 0) {
      ++at;
      continue;
    }
    try {
      set_member(p, std::string_view(at->first).substr(prefix.size()), at->second);
    } catch (const usage_error& e) {
      throw usage_error(fmt::format("{}: {}", kind_, e.what()));
    }
    at = keys_.erase(at);
  }
  return p;
}

void claim_words::finish(std::size_t plain) const {
  if (plain_.size() > plain) {
    throw usage_error(fmt::format("{}: '{}' is one word too many", kind_, plain_[plain]));
  }
  if (!keys_.empty()) {
    throw usage_error(fmt::format("{}: '{}' does not belong here", kind_, keys_.begin()->first));
  }
}

}  // namespace lowp::tool
