// SPDX-License-Identifier: Apache-2.0
/// \file
/// Where an operand is cut, and where it stands in the whole tensor: what is refused, and random
/// indices. Behind the front doors of operand.hpp and product.hpp. spec/training.md TRN-6.
#ifndef LOWP_TRAINING_OPERAND_PLACE_HPP
#define LOWP_TRAINING_OPERAND_PLACE_HPP

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <string>

#include "../simd/argument_checks.hpp"
#include "operand.hpp"

namespace lowp::detail {

LOWP_UNIT inline std::string shape_text(matrix_shape s) {
  return std::to_string(s.rows) + " x " + std::to_string(s.columns);
}

/// Rows and columns as read of which tiles and parts are multiples, unless the tensor ends.
LOWP_UNIT inline std::uint64_t row_unit_of(const operand_rule& r) {
  return r.kind == operand_kind::blocks ? r.block.rows : 1;
}
LOWP_UNIT inline std::uint64_t column_unit_of(const operand_rule& r) {
  const std::uint64_t block = r.kind == operand_kind::blocks ? r.block.columns : 1;
  return std::lcm(block, std::max<std::uint64_t>(r.rotation.size, 1));
}

/// Columns as read of the whole tensor.
LOWP_UNIT inline std::uint64_t whole_columns_of(const lowp::operand& in) {
  const std::uint64_t whole = in.transposed ? in.part.rows : in.part.columns;
  return whole != 0 ? whole : shape_as_read(in).columns;
}
/// The random index of an element as read. TRN-6.
LOWP_UNIT inline std::uint64_t index_of(const lowp::operand& in, std::uint64_t row,
                                        std::uint64_t column) {
  row += in.transposed ? in.part.column : in.part.row;
  column += in.transposed ? in.part.row : in.part.column;
  return row * whole_columns_of(in) + column;
}

LOWP_UNIT inline void check_operand_rule(const argument_checks& check, const std::string& name,
                                         const operand_rule& rule, const lowp::operand& in) {
  const operand_rule_error e = lowp::check(rule);
  if (e == operand_rule_error::history) {
    check.refuse("the history of " + name + " is " + std::to_string(rule.history) + ": " +
                 message(e));
  }
  if (e != operand_rule_error::none) check.refuse("the rule of " + name + ": " + message(e));
  const bool is_delayed =
      rule.kind == operand_kind::elements && rule.scaling == tensor_scaling::delayed;
  if (is_delayed && in.scale == nullptr) {
    check.refuse(name + ".scale is null: a delayed factor needs its state");
  }
}

/// n rows or columns from `first` on, of `whole`: they begin and end at multiples of `unit`.
LOWP_UNIT inline void check_range(const argument_checks& check, const std::string& name,
                                  std::uint64_t first, std::uint64_t n, std::uint64_t whole,
                                  std::uint64_t unit) {
  if (whole == 0 ? first != 0 : first > whole || n > whole - first) {
    check.refuse(name + " is " + std::to_string(first) + ": so many of " + std::to_string(n) +
                 " must lie in the whole, which has " + std::to_string(whole));
  }
  const std::uint64_t end = first + n;
  const bool ends = end % unit == 0 || end == (whole == 0 ? n : whole);
  if (first % unit == 0 && ends) return;
  check.refuse(name + " is " + std::to_string(first) + " with " + std::to_string(n) +
               " of them: cuts must be at multiples of " + std::to_string(unit) +
               ", where blocks and rotated groups end");
}

/// All that is refused about one operand.
LOWP_UNIT inline void check_operand(const argument_checks& check, const std::string& name,
                                    const operand_rule& rule, const lowp::operand& in) {
  check_operand_rule(check, name, rule, in);
  check.matrix((name + ".x").c_str(), in.x);
  const std::uint64_t down = row_unit_of(rule), along = column_unit_of(rule);
  check_range(check, name + ".part.row", in.part.row, in.x.shape.rows, in.part.rows,
              in.transposed ? along : down);
  check_range(check, name + ".part.column", in.part.column, in.x.shape.columns, in.part.columns,
              in.transposed ? down : along);
  const bool by_row = rule.kind == operand_kind::blocks && rule.block.outer == outer_scale::row;
  const std::uint64_t have = shape_as_read(in).columns, whole = whole_columns_of(in);
  if (by_row && whole != have) {
    check.refuse(name + ": outer scales of rows need whole rows, these have " +
                 std::to_string(have) + " of " + std::to_string(whole));
  }
}

}  // namespace lowp::detail

#endif  // LOWP_TRAINING_OPERAND_PLACE_HPP
