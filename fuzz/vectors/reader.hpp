// SPDX-License-Identifier: Apache-2.0
/// \file
/// What the readers of all formats of vectors share: the file, the place in it, a row.
#ifndef LOWP_FUZZ_VECTORS_READER_HPP
#define LOWP_FUZZ_VECTORS_READER_HPP

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "../usage_error.hpp"
#include "readers.hpp"

namespace lowp::tool {

/// A piece of outside text, fit to be shown.
std::string shown(std::string_view text);
/// "a b result[4]".
std::string column_names(const vector_claim& v);

/// Reads rows of one file; its place is part of every message.
class reader {
 public:
  reader(input_stream& in, const row_sink& sink) : in_(in), sink_(sink) {}
  void lines();
  void csv();
  void json_lines();
  void binary();
  void npy();
  void fptest();

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw usage_error(place_ == 0 ? fmt::format("{}: {}", in_.name(), what)
                                  : fmt::format("{}, line {}: {}", in_.name(), place_, what));
  }
  // The next line that is neither empty nor a remark.
  bool data_line(std::string_view& out);
  void remark(std::string_view text);
  // The claim of the next row, after what remarks said of it.
  const vector_claim& claim();
  code_t code(const vector_column& c, std::size_t index, std::string_view text,
              bool all_digits) const;
  template <class Text>
  void row(const vector_claim& v, std::size_t count, bool all_digits, Text text);
  void records(const vector_claim& v, std::uint64_t cases);
  nlohmann::json object(std::string_view text) const;
  row_sink::section section_of(const nlohmann::json& header) const;
  code_t fptest_code(const format& f, std::string_view text) const;
  void fptest_line(std::string_view line);
  void check_fields(const nlohmann::json& header, const vector_claim& v) const;

  input_stream& in_;
  const row_sink& sink_;
  std::uint64_t place_ = 0;
  std::optional<row_sink::section> announced_;
  std::string claimed_;  // by the last line that says it itself
  std::vector<code_t> operands_;
  std::vector<code_t> results_;
};

inline std::size_t codes_of(const vector_claim& v) { return v.operands() + v.results(); }

// `text(i)` is code i of the row in the order of the columns.
template <class Text>
void reader::row(const vector_claim& v, std::size_t count, bool all_digits, Text text) {
  if (count != codes_of(v)) {
    fail(fmt::format("{} field{}, '{}' has {}: {}", count, count == 1 ? "" : "s", v.text,
                     codes_of(v), column_names(v)));
  }
  std::size_t i = 0;
  for (const vector_column& c : v.columns) {
    code_t* const to = (c.is_result ? results_ : operands_).data() + c.place;
    for (std::size_t k = 0; k < c.data.count; ++k) to[k] = code(c, k, text(i++), all_digits);
  }
  sink_.row(place_, operands_.data(), results_.data());
}

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_VECTORS_READER_HPP
