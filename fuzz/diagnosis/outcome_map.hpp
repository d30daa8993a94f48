// SPDX-License-Identifier: Apache-2.0
/// \file
/// Where in the space of its inputs an operation goes wrong, as a picture: a plane of cells, each
/// coloured by the worst outcome in it.
#ifndef LOWP_FUZZ_DIAGNOSIS_OUTCOME_MAP_HPP
#define LOWP_FUZZ_DIAGNOSIS_OUTCOME_MAP_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "../implementation.hpp"

namespace lowp::tool {

/// What became of a case, the worst last.
enum class outcome : std::uint8_t {
  not_run,
  right,
  nan_code,      ///< another NaN than expected
  sign_of_zero,  ///< a zero of the other sign
  neighbour,     ///< the next number of the format
  other_number,  ///< any other number
  other_class,   ///< NaN or infinity where a number belongs, or the other way round
};
inline constexpr int outcomes = 7;

/// "another number".
const char* outcome_words(outcome o);

/// How one result compares with the expected one.
outcome outcome_of(const format& f, code_t expected, code_t got);

/// The plane of a row. Operations on one number: columns are the leading fraction bits of the
/// input, first of negative numbers from the greatest down, then of positive ones, rows are
/// exponent fields, the greatest on top; every cell is tried with low bits around its edges and its
/// middle. All others: row and column are the exponent fields of the greatest operands of the first
/// and the second array (of one array: of its greatest and its second greatest), cells are those
/// that directed and random cases hit.
struct outcome_map {
  struct tick {
    std::size_t at;  ///< row or column
    std::string words;
  };
  std::string x;  ///< what the columns are
  std::string y;  ///< what the rows are
  std::vector<tick> x_ticks;
  std::vector<tick> y_ticks;
  std::size_t columns = 0;
  std::size_t rows = 0;
  std::size_t first_row = 0;  ///< the row of the least exponents that is shown
  std::size_t left_out = 0;   ///< rows above and below that are not, since all is as expected there
  std::vector<outcome> cells;          ///< rows x columns, the least row first
  std::uint64_t count[outcomes] = {};  ///< cases of each outcome
};

/// Asks the implementation. Throws implementation_failure.
outcome_map map_outcomes(const implementation& row, std::uint64_t seed);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_DIAGNOSIS_OUTCOME_MAP_HPP
