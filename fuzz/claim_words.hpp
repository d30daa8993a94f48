// SPDX-License-Identifier: Apache-2.0
/// \file
/// The words of a claim, for the readers of its kinds.
#ifndef LOWP_FUZZ_CLAIM_WORDS_HPP
#define LOWP_FUZZ_CLAIM_WORDS_HPP

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <lowp/projection.hpp>

#include "suggest.hpp"
#include "usage_error.hpp"

namespace lowp::tool {

/// What follows the first word: plain words in order, and KEY=VALUE in any order.
class claim_words {
 public:
  /// usage_error for a key that occurs twice or an empty value.
  claim_words(std::string kind, const std::vector<std::string>& words);

  const std::string& kind() const { return kind_; }
  bool open() const { return open_; }  ///< the last word is "?"
  std::size_t plain_count() const { return plain_.size(); }
  /// Plain word k; usage_error that says what is missing.
  const std::string& plain(std::size_t k, std::string_view what) const;
  /// The value of a key, which then counts as read.
  bool has(std::string_view key) const;
  std::string value(std::string_view key, std::string_view otherwise = {});
  long long integer(std::string_view key, long long otherwise, long long least, long long greatest);
  /// All keys that remain, as members of a projection; with a prefix ("via.") only those.
  projection rest(projection p, std::string_view prefix = {});
  /// usage_error if a word was not read: more than `plain` plain ones, or a key.
  void finish(std::size_t plain) const;

 private:
  std::string kind_;
  std::vector<std::string> plain_;
  std::map<std::string, std::string, std::less<>> keys_;
  bool open_ = false;
};

/// The row of that name in a registry of rows with a `name`; usage_error with the nearest names.
template <class Rows>
const auto& named_row(const Rows& rows, std::string_view what, const std::string& name) {
  std::vector<std::string> known;
  for (const auto& row : rows) {
    if (row.name == name) return row;
    known.emplace_back(row.name);
  }
  throw usage_error("no " + std::string(what) + " is named '" + name + "'" +
                    nearest_text(name, known));
}

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_CLAIM_WORDS_HPP
