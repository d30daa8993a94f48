// SPDX-License-Identifier: Apache-2.0
/// \file
/// Code books of embedding tables by Lloyd's algorithm: one for each row (KMEANS), or one for each
/// of a few groups of rows (KMEANS-CLS). spec/tables.md TAB-12, TAB-13.
#ifndef LOWP_INTEGER_TABLE_CODE_BOOK_HPP
#define LOWP_INTEGER_TABLE_CODE_BOOK_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include "uniform_grid.hpp"

namespace lowp {

/// The numbers that codes of up to 8 bits stand for.
template <binary32_real Real = float32>
struct code_book {
  static constexpr int most = 256;
  Real value[most] = {};
  int size = 0;

  /// The code of the nearest number; of equally near ones the first.
  LOWP_FN int nearest(Real x) const noexcept {
    int best = 0;
    Real least = magnitude(x - value[0]);
    for (int i = 1; i < size; ++i) {
      const Real here = magnitude(x - value[i]);
      if (!(here < least)) continue;
      least = here;
      best = i;
    }
    return best;
  }
};

/// 2^bits numbers evenly from lo to hi.
template <binary32_real Real>
LOWP_FN code_book<Real> even_code_book(const row_range<Real>& r, int bits) noexcept {
  code_book<Real> book;
  book.size = 1 << bits;
  const Real scale = (r.hi - r.lo) / real_from_integer<Real>(full_steps(bits));
  for (int i = 0; i < book.size; ++i) {
    book.value[i] = scale * real_from_integer<Real>(i) + r.lo;
  }
  return book;
}

/// The sum of squared distances of a row from the nearest numbers of a book.
template <binary32_real Real>
LOWP_FN Real squared_loss(const Real* row, std::uint64_t n, const code_book<Real>& book) noexcept {
  Real sum = real_from_bits<Real>(0);
  for (std::uint64_t i = 0; i < n; ++i) {
    const Real e = row[i] - book.value[book.nearest(row[i])];
    sum = sum + e * e;
  }
  return sum;
}

namespace detail {

/// Sums and counts of the elements nearest to each number of a book.
template <binary32_real Real>
struct code_book_sums {
  Real sum[code_book<Real>::most];
  std::int32_t count[code_book<Real>::most];

  LOWP_FN explicit code_book_sums(const code_book<Real>& book) noexcept {
    for (int i = 0; i < book.size; ++i) {
      sum[i] = real_from_bits<Real>(0);
      count[i] = 0;
    }
  }
  LOWP_FN void add(const code_book<Real>& book, const Real* row, std::uint64_t n) noexcept {
    for (std::uint64_t i = 0; i < n; ++i) {
      const int at = book.nearest(row[i]);
      sum[at] = sum[at] + row[i];
      ++count[at];
    }
  }
  /// Moves the numbers of the book to the means; those without elements stay. True if any moved.
  LOWP_FN bool move(code_book<Real>& book) const noexcept {
    bool moved = false;
    for (int i = 0; i < book.size; ++i) {
      if (count[i] == 0) continue;
      const Real mean = sum[i] / real_from_integer<Real>(count[i]);
      if (mean == book.value[i]) continue;
      book.value[i] = mean;
      moved = true;
    }
    return moved;
  }
};

/// Rounds of Lloyd's algorithm that are enough.
inline constexpr int most_rounds = 100;

}  // namespace detail

/// KMEANS: the code book of a row, from the even one over its range until nothing moves, 100 rounds
/// at most. Rows whose range is not finite keep the even one. TAB-12.
template <binary32_real Real>
LOWP_FN code_book<Real> row_code_book(const Real* row, std::uint64_t n, int bits) noexcept {
  const row_range<Real> whole = row_range_of(row, n);
  code_book<Real> book = even_code_book(whole, bits);
  if (!is_searchable(row, n, whole)) return book;
  for (int round = 0; round < detail::most_rounds; ++round) {
    detail::code_book_sums<Real> sums(book);
    sums.add(book, row, n);
    if (!sums.move(book)) break;
  }
  return book;
}

/// The code book with its numbers rounded to a format of at most 32 bits.
template <binary32_real Real>
LOWP_FN code_book<Real> rounded(code_book<Real> book, format f) noexcept {
  for (int i = 0; i < book.size; ++i) book.value[i] = rounded_to(f, book.value[i]);
  return book;
}

/// KMEANS-CLS: groups of rows with a code book each. The books begin as those of rows 0, R/K,
/// 2R/K...; then every row joins the group whose book loses least (of equal ones the first), and
/// every book takes one round over the elements of its group, until nothing moves, `rounds` times
/// at most. `group` gets the group of each row. TAB-13.
template <binary32_real Real = float32>
LOWP_FN table_error group_code_books(std::span<const std::type_identity_t<Real>> numbers,
                                     std::uint64_t columns, int bits,
                                     std::span<std::type_identity_t<code_book<Real>>> books,
                                     std::span<std::uint32_t> group, int rounds = 20) noexcept {
  if (bits < 1 || bits > 8) return table_error::bits;
  if (rounds < 1 || rounds > 1000) return table_error::iterations;
  const std::uint64_t rows = columns == 0 ? 0 : numbers.size() / columns;
  if (rows == 0 || numbers.size() % columns != 0 || group.size() != rows) return table_error::shape;
  if (books.empty() || books.size() > rows) return table_error::groups;
  const auto row = [&](std::uint64_t r) noexcept { return numbers.data() + r * columns; };
  for (std::uint64_t k = 0; k < books.size(); ++k) {
    books[k] = row_code_book(row(k * rows / books.size()), columns, bits);
  }
  for (int round = 0;; ++round) {
    for (std::uint64_t r = 0; r < rows; ++r) {
      Real least = squared_loss(row(r), columns, books[0]);
      group[r] = 0;
      for (std::uint32_t k = 1; k < books.size(); ++k) {
        const Real here = squared_loss(row(r), columns, books[k]);
        if (!(here < least)) continue;
        least = here;
        group[r] = k;
      }
    }
    if (round == rounds) return table_error::none;
    bool moved = false;
    for (std::uint32_t k = 0; k < books.size(); ++k) {
      detail::code_book_sums<Real> sums(books[k]);
      for (std::uint64_t r = 0; r < rows; ++r) {
        if (group[r] == k) sums.add(books[k], row(r), columns);
      }
      moved = sums.move(books[k]) || moved;
    }
    if (!moved) return table_error::none;
  }
}

/// How rows with code books stand in bytes: codes end to end, the first in the lowest bits, then
/// the book's numbers unless it is kept elsewhere. TAB-12.
struct code_book_layout {
  int bits = 4;
  format number;         ///< of the book's numbers: up to 32 bits, whole bytes
  bool has_book = true;  ///< a book in each row
};

/// Which rule a layout breaks.
LOWP_FN table_error check(const code_book_layout& l) noexcept {
  if (l.bits < 1 || l.bits > 8) return table_error::bits;
  const bool whole = l.number.width % 8 == 0 && l.number.width <= 32;
  return whole && check(l.number) == format_error::none ? table_error::none : table_error::number;
}

/// Where a book's numbers stand: end to end.
LOWP_FN array_layout number_layout(const code_book_layout& l) noexcept {
  return {l.number, {.slot = l.number.width}};
}

/// Bytes of a row of n columns.
LOWP_FN std::uint64_t bytes_per_row(const code_book_layout& l, std::uint64_t n) noexcept {
  const auto bits = static_cast<std::uint64_t>(l.bits);
  const std::uint64_t book =
      l.has_book ? bytes_of(number_layout(l), std::uint64_t{1} << l.bits) : 0;
  return (n * bits + 7) / 8 + book;
}

/// Where the codes stand.
LOWP_FN array_layout code_layout(const code_book_layout& l) noexcept {
  return {integer_format(l.bits, false), {.slot = static_cast<std::uint8_t>(l.bits)}};
}

/// Writes a row of codes and its book of 2^bits numbers.
template <binary32_real Real>
LOWP_FN void write_row(const code_book_layout& l, const code_book<Real>& book, const Real* row,
                       std::uint64_t n, std::byte* out) noexcept {
  for (std::uint64_t i = 0; i < bytes_per_row(l, n); ++i) out[i] = std::byte{0};
  const array_layout packed = code_layout(l);
  for (std::uint64_t i = 0; i < n; ++i) {
    write_code(packed, out, i, static_cast<code_t>(book.nearest(row[i])));
  }
  if (!l.has_book) return;
  std::byte* numbers = out + bytes_of(packed, n);
  for (int i = 0; i < book.size; ++i) {
    write_code(number_layout(l), numbers, static_cast<std::uint64_t>(i),
               encode_real(l.number, book.value[i], projection{}));
  }
}

/// Element i of a row of n columns, with the row's own book or with that of its group.
template <binary32_real Real = float32>
LOWP_FN Real read_element(const code_book_layout& l, const std::byte* row, std::uint64_t n,
                          std::uint64_t i, const code_book<Real>* group_book = nullptr) noexcept {
  const array_layout packed = code_layout(l);
  const code_t code = read_code(packed, row, i);
  if (!l.has_book) return group_book->value[code];
  return decode_real<Real>(l.number, read_code(number_layout(l), row + bytes_of(packed, n), code));
}

}  // namespace lowp

#endif  // LOWP_INTEGER_TABLE_CODE_BOOK_HPP
