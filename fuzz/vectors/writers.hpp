// SPDX-License-Identifier: Apache-2.0
/// \file
/// Test vectors as text and bytes, row by row. spec/golden.md GLD-11, GLD-12.
#ifndef LOWP_FUZZ_VECTORS_WRITERS_HPP
#define LOWP_FUZZ_VECTORS_WRITERS_HPP

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "coverage_counts.hpp"
#include "vector_claim.hpp"

namespace lowp::tool {

/// What a file says of itself.
struct vector_file {
  const vector_claim& claim;
  std::string kind;  ///< of its cases
  std::uint64_t count = 0;
  std::uint64_t seed = 0;
  std::string join;  ///< between the fields of a line
  bool only_operands = false;
};

/// Writes one format. Functions append to `out`, which the caller empties from time to time.
class vector_writer {
 public:
  explicit vector_writer(vector_file file);
  virtual ~vector_writer() = default;

  virtual void begin(std::string& out) = 0;
  virtual void row(std::string& out, const code_t* operands, const code_t* results) = 0;
  /// The classes that were hit, where the format has a place for remarks.
  virtual void end(std::string& out, const coverage_counts* coverage);

 protected:
  const vector_file file_;
  const std::vector<vector_column> columns_;  ///< that are written
};

/// A format of files.
struct vector_format {
  const char* name;
  const char* meaning;
  bool is_text;
  const char* join;  ///< between fields; null: not to be chosen
  std::unique_ptr<vector_writer> (*make)(const vector_file& file);
};
extern const std::vector<vector_format> all_vector_formats;

/// usage_error with the nearest names if there is none of that name.
const vector_format& find_vector_format(const std::string& option, const std::string& name);

/// A code in `digits` upper-case hexadecimal digits.
void append_hex(std::string& out, code_t code, int digits);

/// "0.1.0".
std::string version_text();

/// What begins a file of NumPy.
inline constexpr char npy_magic[] = "\x93NUMPY";

/// The header of the binary format, and of JSON lines: what the file says of itself.
std::string header_json(const vector_file& file, const std::vector<vector_column>& columns);
/// The type of a row for NumPy: "[('a', '<u2'), ('b', '<u1', (4,))]".
std::string npy_type(const std::vector<vector_column>& columns);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_VECTORS_WRITERS_HPP
