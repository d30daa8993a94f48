// SPDX-License-Identifier: Apache-2.0
/// \file
/// The order in which the entries of a matrix stand in memory, as data: row by row, column by
/// column, in tiles of tiles. Scales and elements of block-quantised matrices both stand in one.
#ifndef LOWP_BLOCK_LAYOUT_MATRIX_ORDER_HPP
#define LOWP_BLOCK_LAYOUT_MATRIX_ORDER_HPP

#include <cstdint>

#include "../../detail/bits.hpp"
#include "../../pack/matrix.hpp"
#include "layout_error.hpp"

namespace lowp {

enum class matrix_axis : std::uint8_t { row, column };

/// One digit of a row or column number n: (n / step) mod count.
struct order_digit {
  matrix_axis axis = matrix_axis::row;
  std::uint32_t step = 0;   ///< 0: no digit
  std::uint32_t count = 0;  ///< 0: all the rest, n / step

  friend LOWP_FN bool operator==(const order_digit&, const order_digit&) noexcept = default;
};

/// The order of a matrix's entries in memory: the digits of row and column number from the fastest
/// to the slowest, as the digits of one number in a mixed radix. spec/layouts.md LAY-1.
struct matrix_order {
  static constexpr int most_digits = 8;
  order_digit digit[most_digits];
  /// The matrix is padded below and on the right to multiples of these. A row-major matrix whose
  /// rows begin p entries apart has column_multiple p.
  std::uint32_t row_multiple = 1;
  std::uint32_t column_multiple = 1;

  friend LOWP_FN bool operator==(const matrix_order&, const matrix_order&) noexcept = default;
};

/// Do the entries stand row after row, padding apart?
LOWP_FN bool is_row_major(const matrix_order& o) noexcept {
  return o.digit[0] == order_digit{matrix_axis::column, 1, 0} &&
         o.digit[1] == order_digit{matrix_axis::row, 1, 0};
}

/// The shape with its padding.
LOWP_FN matrix_shape padded(const matrix_order& o, matrix_shape s) noexcept {
  return {detail::round_up_to(s.rows, o.row_multiple),
          detail::round_up_to(s.columns, o.column_multiple)};
}

/// Which rule the order breaks; `layout_error::none` for a usable one. spec/layouts.md LAY-2.
LOWP_FN layout_error check(const matrix_order& o) noexcept {
  int used = 0;
  while (used < matrix_order::most_digits && o.digit[used].step != 0) ++used;
  for (int k = used; k < matrix_order::most_digits; ++k) {
    if (o.digit[k] != order_digit{}) return layout_error::digits;
  }
  constexpr matrix_axis axes[] = {matrix_axis::row, matrix_axis::column};
  int met = 0;
  for (const matrix_axis axis : axes) {
    std::uint64_t step = 1, last = 0;
    // The digit with each step in turn, up to the one that takes the rest.
    while (last == 0) {
      int found = -1;
      for (int k = 0; k < used; ++k) {
        if (o.digit[k].axis == axis && o.digit[k].step == step) found = found < 0 ? k : used;
      }
      if (found < 0 || found == used || o.digit[found].count == 1) return layout_error::digits;
      ++met;
      if (o.digit[found].count == 0) last = step;
      step *= o.digit[found].count;
      if (step > 65536) return layout_error::digits;
    }
    const std::uint64_t multiple = axis == matrix_axis::row ? o.row_multiple : o.column_multiple;
    if (multiple == 0 || multiple > 65536 || multiple % last != 0) return layout_error::multiple;
  }
  return met == used ? layout_error::none : layout_error::digits;
}

/// Whether a matrix is too large: over 2^40 entries with its padding.
LOWP_FN layout_error check(const matrix_order& o, matrix_shape s) noexcept {
  const layout_error e = check(o);
  if (e != layout_error::none) return e;
  constexpr std::uint64_t most = std::uint64_t{1} << 40;
  if (s.rows > most || s.columns > most) return layout_error::size;
  const matrix_shape p = padded(o, s);
  return p.rows != 0 && p.columns > most / p.rows ? layout_error::size : layout_error::none;
}

/// Entries of the padded matrix: places in memory.
LOWP_FN std::uint64_t places_of(const matrix_order& o, matrix_shape s) noexcept {
  const matrix_shape p = padded(o, s);
  return p.rows * p.columns;
}

/// The order with rows and columns exchanged: where the entries of the transposed matrix stand if
/// memory stays as it is.
LOWP_FN matrix_order transposed(matrix_order o) noexcept {
  for (order_digit& d : o.digit) {
    if (d.step == 0) continue;
    d.axis = d.axis == matrix_axis::row ? matrix_axis::column : matrix_axis::row;
  }
  const std::uint32_t rows = o.row_multiple;
  o.row_multiple = o.column_multiple;
  o.column_multiple = rows;
  return o;
}

/// A row and column number; beyond the matrix: padding.
struct matrix_place {
  std::uint64_t row = 0;
  std::uint64_t column = 0;

  LOWP_FN bool is_padding(matrix_shape s) const noexcept {
    return row >= s.rows || column >= s.columns;
  }
  friend LOWP_FN bool operator==(const matrix_place&, const matrix_place&) noexcept = default;
};

/// An order for one shape: what each digit is worth in memory. For usable orders and sizes only.
struct order_strides {
  matrix_order order;
  std::uint64_t stride[matrix_order::most_digits] = {};

  LOWP_FN order_strides(const matrix_order& o, matrix_shape s) noexcept : order(o) {
    const matrix_shape p = padded(o, s);
    std::uint64_t worth = 1;
    for (int k = 0; k < matrix_order::most_digits && o.digit[k].step != 0; ++k) {
      const order_digit& d = o.digit[k];
      const std::uint64_t length = d.axis == matrix_axis::row ? p.rows : p.columns;
      stride[k] = worth;
      worth *= d.count != 0 ? d.count : length / d.step;
    }
  }

  /// What a row or column number adds to a place in memory.
  LOWP_FN std::uint64_t part(matrix_axis axis, std::uint64_t n) const noexcept {
    std::uint64_t sum = 0;
    for (int k = 0; k < matrix_order::most_digits && order.digit[k].step != 0; ++k) {
      const order_digit& d = order.digit[k];
      if (d.axis != axis) continue;
      const std::uint64_t rest = n / d.step;
      sum += stride[k] * (d.count == 0 ? rest : rest % d.count);
    }
    return sum;
  }

  /// The place in memory of entry (i, j) of the padded matrix, counted in entries. LAY-1.
  LOWP_FN std::uint64_t place(std::uint64_t i, std::uint64_t j) const noexcept {
    return part(matrix_axis::row, i) + part(matrix_axis::column, j);
  }

  /// The entry that stands at a place below `places_of`.
  LOWP_FN matrix_place entry(std::uint64_t place) const noexcept {
    matrix_place at;
    for (int k = matrix_order::most_digits - 1; k >= 0; --k) {
      const order_digit& d = order.digit[k];
      if (d.step == 0) continue;
      const std::uint64_t digit = place / stride[k];
      place -= digit * stride[k];
      (d.axis == matrix_axis::row ? at.row : at.column) += digit * d.step;
    }
    return at;
  }
};

/// The parts of consecutive row or column numbers 0, run, 2 run, ... without division.
class order_walker {
 public:
  /// `run` is 1 or divides the count of the axis' digit of step 1.
  LOWP_FN order_walker(const order_strides& s, matrix_axis axis, std::uint32_t run = 1) noexcept {
    std::uint64_t step = 1;
    for (bool more = true; more; ++digits_) {
      int k = 0;
      while (s.order.digit[k].axis != axis || s.order.digit[k].step != step) ++k;
      const std::uint32_t count = s.order.digit[k].count, part = step == 1 ? run : 1;
      stride_[digits_] = s.stride[k] * part;
      count_[digits_] = count / part;
      step *= count;
      more = count != 0;
    }
  }

  LOWP_FN std::uint64_t part() const noexcept { return part_; }

  LOWP_FN void advance() noexcept {
    int k = 0;
    part_ += stride_[0];
    // A digit of count 0 takes the rest: it is never full.
    while (++at_[k] == count_[k]) {
      part_ -= stride_[k] * count_[k];
      at_[k] = 0;
      part_ += stride_[++k];
    }
  }

 private:
  std::uint64_t part_ = 0;
  std::uint64_t stride_[matrix_order::most_digits] = {};
  std::uint64_t count_[matrix_order::most_digits] = {};
  std::uint64_t at_[matrix_order::most_digits] = {};
  int digits_ = 0;
};

/// Consecutive numbers of an axis that stand side by side in memory; 0: all.
LOWP_FN std::uint32_t run_of(const matrix_order& o, matrix_axis axis) noexcept {
  return o.digit[0].axis == axis && o.digit[0].step == 1 ? o.digit[0].count : 1;
}

}  // namespace lowp

#endif  // LOWP_BLOCK_LAYOUT_MATRIX_ORDER_HPP
