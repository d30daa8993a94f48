// SPDX-License-Identifier: Apache-2.0
/// \file
/// Rows of data as text, CSV, JSON or Markdown: the one writer of all commands that list something.
#ifndef LOWP_FUZZ_LISTING_HPP
#define LOWP_FUZZ_LISTING_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace lowp::tool {

/// One fact of a row: unknown or meaningless, words, a whole number, yes or no, several words.
using cell =
    std::variant<std::monostate, std::string, std::int64_t, bool, std::vector<std::string>>;

/// Where a column is seen: a set of these.
namespace shown {

inline constexpr unsigned in_tables = 1;   ///< text of several rows, Markdown
inline constexpr unsigned in_records = 2;  ///< text of one row, a line for each fact
inline constexpr unsigned in_data = 4;     ///< CSV, JSON
inline constexpr unsigned in_full = in_records | in_data;
inline constexpr unsigned everywhere = in_tables | in_full;

}  // namespace shown

/// What the cells below each other have in common.
struct column {
  std::string key;           ///< in CSV and JSON: letters, digits, "_"
  std::string heading = {};  ///< for people; empty: the key with blanks for "_"
  unsigned where = shown::everywhere;
  bool right = false;    ///< text is aligned to the right, as numbers always are
  bool wraps = false;    ///< may be broken into lines where the terminal is narrow
  bool is_name = false;  ///< a whole cell (or one of its texts) finds the row, beside the first one
};

/// Every row has one cell for each column; that of the first column is the row's name.
struct listing {
  std::vector<column> columns;
  std::vector<std::vector<cell>> rows;
};

/// How rows are written.
enum class output_format : std::uint8_t { text, csv, json, markdown };

/// What --as says; usage_error unless it is one of the four names.
output_format parse_output_format(const std::string& text);

/// The characters that a line of standard output may have: what the environment's COLUMNS or the
/// terminal says; without limit for files and pipes, where every row keeps to one line.
std::size_t line_width();

/// A cell in one line: "-" for no, lists with `between` between their texts.
std::string cell_text(const cell& c, const char* between = ", ");

/// Aligned columns under headings; a column without any text is left out. Names that leave no place
/// for the rest get a line of their own.
std::string to_text(const listing& l, std::size_t width);

/// One row, each fact in a line (or several, if it is a list or long) behind its heading; what is
/// absent is left out.
std::string to_record(const listing& l, std::size_t row, std::size_t width);

/// RFC 4180 with \n: a line of keys, then the rows. Lists are joined by "; ".
std::string to_csv(const listing& l);

/// An array of objects, one in a line.
std::string to_json(const listing& l);

/// A table of GitHub's Markdown, of the columns that `to_text` shows.
std::string to_markdown(const listing& l);

/// The rows in any of the four ways.
std::string to_string(const listing& l, output_format as);

/// Writes to standard output.
void print(const std::string& text);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_LISTING_HPP
