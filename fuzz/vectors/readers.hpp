// SPDX-License-Identifier: Apache-2.0
/// \file
/// Rows of results from files and pipes. spec/golden.md GLD-13.
#ifndef LOWP_FUZZ_VECTORS_READERS_HPP
#define LOWP_FUZZ_VECTORS_READERS_HPP

#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vector_claim.hpp"

namespace lowp::tool {

/// Bytes of a file or of the standard input, in pieces.
class input_stream {
 public:
  /// "-" is the standard input. usage_error if it cannot be opened.
  explicit input_stream(const std::string& path);

  const std::string& name() const { return name_; }
  /// The next bytes without taking them, fewer at the end of the file.
  std::string_view peek(std::size_t count);
  /// The next `count` bytes, valid until the next call; fewer at the end of the file.
  std::string_view take(std::size_t count);
  /// The next line without its end (LF or CR LF); false at the end of the file. usage_error for a
  /// line of more than `most_line` bytes and for a byte 0 in it.
  bool line(std::string_view& out);

  static constexpr std::size_t most_line = std::size_t{1} << 20;

 private:
  void fill(std::size_t count);

  struct close {
    void operator()(std::FILE* f) const {
      if (f != stdin) std::fclose(f);
    }
  };
  std::string name_;
  std::unique_ptr<std::FILE, close> file_;
  std::string buffer_;
  std::size_t begin_ = 0;
  bool ended_ = false;
  std::uint64_t lines_ = 0;
};

/// Where rows go.
struct row_sink {
  /// The file says what follows: the words of a claim, with flags or without, and how many rows it
  /// means to have.
  struct section {
    std::string claim;
    bool flags = false;
    std::optional<std::uint64_t> cases;
    bool any_nan = false;  ///< the file does not tell NaNs apart
  };
  std::function<void(const section&)> begin;
  /// The claim of the rows that follow. usage_error if neither file nor command line named one.
  std::function<const vector_claim&()> claim;
  /// A row: `place` is its line, or its number where there are no lines, from 1.
  std::function<void(std::uint64_t place, const code_t* operands, const code_t* results)> row;
  /// A line that is not checked, and what kind of line it is.
  std::function<void(const std::string& what)> skip;
};

/// Names of the formats that can be read: those of `all_vector_formats`, and fptest (GLD-15).
std::vector<std::string> readable_formats();

/// Reads all rows. `format` is one of `readable_formats`; empty: seen from the first bytes.
/// usage_error that names the file, the line, the field and the rule.
void read_vectors(input_stream& in, const std::string& format, const row_sink& sink);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_VECTORS_READERS_HPP
