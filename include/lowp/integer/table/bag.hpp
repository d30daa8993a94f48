// SPDX-License-Identifier: Apache-2.0
/// \file
/// Pooling of bags of rows straight from their bytes: sums, weighted sums and means, in the order
/// of each bag. Lists from outside are checked before anything is written. spec/tables.md TAB-15.
#ifndef LOWP_INTEGER_TABLE_BAG_HPP
#define LOWP_INTEGER_TABLE_BAG_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include "code_book.hpp"
#include "rowwise_convert.hpp"

namespace lowp {

/// Rows of a row-wise codec, end to end.
struct rowwise_table {
  rowwise_codec codec;
  std::uint64_t columns;
  std::span<const std::byte> bytes;
};

/// Rows of codes with a book in each, or with books of groups: then `group` has one for each row.
template <binary32_real Real = float32>
struct code_book_table {
  code_book_layout layout;
  std::uint64_t columns;
  std::span<const std::byte> bytes;
  std::span<const code_book<Real>> books = {};
  std::span<const std::uint32_t> group = {};
};

/// Bags of rows: bag b is the indices offsets[b] ... offsets[b + 1] - 1; or, where `are_lengths`,
/// as many of the next ones as offsets[b] says.
struct row_bags {
  std::span<const std::int64_t> indices;
  std::span<const std::int64_t> offsets;
  bool are_lengths = false;
};

/// What a bag becomes.
enum class pooling : std::uint8_t { sum, mean };

/// How bags are pooled.
struct pooling_options {
  pooling mode = pooling::sum;
  row_output output = row_output::binary32;
  bool weight_by_place = false;  ///< weights belong to places in a bag, else to indices
  bool allow_pruned = false;     ///< index -1 is a row that is no more: left out
};

/// The rule that a call breaks, see `message`.
enum class [[nodiscard]] bag_error : std::uint8_t{
    none,
    table,         ///< codec, layout or options are not usable
    columns,       ///< no columns, or over 2^32
    table_size,    ///< bytes are not whole rows
    groups,        ///< a row without group, or a group without book
    first_offset,  ///< no offsets, or the first is not 0
    offset_order,  ///< an offset is less than the one before; a length is negative
    last_offset,   ///< bags end elsewhere than the indices do
    index,         ///< an index names no row
    weights,       ///< not one weight for each index, or for each place in the longest bag
    output_size,   ///< the output is not one row of numbers for each bag
};

/// The rule in words, for messages.
LOWP_FN const char* message(bag_error r) noexcept {
  switch (r) {
    case bag_error::none: return "no error";
    case bag_error::table: return "codec, layout and options must be usable";
    case bag_error::columns: return "a row must have 1 to 2^32 columns";
    case bag_error::table_size: return "the table's bytes must be whole rows";
    case bag_error::groups: return "every row must have a group, every group a code book";
    case bag_error::first_offset: return "offsets must begin with 0";
    case bag_error::offset_order: return "offsets must not fall, lengths not be negative";
    case bag_error::last_offset: return "the bags must end where the indices do";
    case bag_error::index: return "an index must be that of a row, or -1 where rows may be pruned";
    case bag_error::weights:
      return "there must be one weight for each index, or for each place in the longest bag";
    case bag_error::output_size: return "the output must be one row of numbers for each bag";
  }
  return "unknown";
}

/// A broken rule: where in the list that it is about, and the value that stands there (of sizes: 0
/// and the size).
struct [[nodiscard]] bag_refusal {
  bag_error error = bag_error::none;
  std::uint64_t place = 0;
  std::int64_t value = 0;

  friend LOWP_FN bool operator==(const bag_refusal&, const bag_refusal&) noexcept = default;
};

namespace detail {

LOWP_FN std::uint64_t bag_count(const row_bags& b) noexcept {
  return b.are_lengths ? b.offsets.size() : b.offsets.size() - (b.offsets.empty() ? 0 : 1);
}

/// Rows of a table of usable shape.
template <class Table>
LOWP_FN std::uint64_t row_bytes(const Table& t) noexcept {
  if constexpr (requires { t.codec; }) {
    return bytes_per_row(t.codec, t.columns);
  } else {
    return bytes_per_row(t.layout, t.columns);
  }
}

LOWP_FN bag_refusal check_table(const rowwise_table& t) noexcept {
  return {check(t.codec) == rowwise_error::none ? bag_error::none : bag_error::table};
}
template <binary32_real Real>
LOWP_FN bag_refusal check_table(const code_book_table<Real>& t) noexcept {
  if (check(t.layout) != table_error::none) return {bag_error::table};
  if (t.layout.has_book) return {};
  if (t.columns == 0 || t.group.size() != t.bytes.size() / row_bytes(t)) {
    return {bag_error::groups, 0, static_cast<std::int64_t>(t.group.size())};
  }
  for (std::uint64_t r = 0; r < t.group.size(); ++r) {
    if (t.group[r] >= t.books.size() || t.books[t.group[r]].size != 1 << t.layout.bits) {
      return {bag_error::groups, r, t.group[r]};
    }
  }
  return {};
}

/// The bags themselves; `longest` becomes the length of the longest one.
LOWP_FN bag_refusal check_bags(const row_bags& b, std::uint64_t& longest) noexcept {
  const auto count = static_cast<std::int64_t>(b.indices.size());
  if (!b.are_lengths && (b.offsets.empty() || b.offsets[0] != 0)) {
    return {bag_error::first_offset, 0, b.offsets.empty() ? 0 : b.offsets[0]};
  }
  std::int64_t end = 0;
  for (std::uint64_t i = b.are_lengths ? 0 : 1; i < b.offsets.size(); ++i) {
    const std::int64_t here = b.offsets[i];
    if (here < (b.are_lengths ? 0 : end)) return {bag_error::offset_order, i, here};
    if (here > (b.are_lengths ? count - end : count)) return {bag_error::last_offset, i, here};
    const std::int64_t length = b.are_lengths ? here : here - end;
    if (static_cast<std::uint64_t>(length) > longest) longest = static_cast<std::uint64_t>(length);
    end += length;
  }
  if (end != count) return {bag_error::last_offset, b.offsets.size(), end};
  return {};
}

/// A row under a weight: what every column needs of it.
template <binary32_real Real>
struct weighted_row {
  const std::byte* bytes;
  Real scale, bias, weight;
  const code_book<Real>* book;
};

template <binary32_real Real>
LOWP_FN weighted_row<Real> weigh(const rowwise_table& t, std::uint64_t row, Real weight) noexcept {
  const std::byte* bytes = t.bytes.data() + row * row_bytes(t);
  const row_parameters<Real> p = read_parameters<Real>(t.codec, bytes, t.columns);
  if (!has_integer_codes(t.codec)) return {bytes, p.scale, p.bias, weight, nullptr};
  return {bytes, weight * p.scale, weight * p.bias, weight, nullptr};
}
template <binary32_real Real>
LOWP_FN weighted_row<Real> weigh(const code_book_table<Real>& t, std::uint64_t row,
                                 Real weight) noexcept {
  const Real zero = real_from_bits<Real>(0);
  return {t.bytes.data() + row * row_bytes(t), zero, zero, weight,
          t.layout.has_book ? nullptr : &t.books[t.group[row]]};
}

/// sum + weight x element i.
template <binary32_real Real>
LOWP_FN Real add_element(const rowwise_table& t, const weighted_row<Real>& r, std::uint64_t i,
                         Real sum) noexcept {
  const code_t code = read_code(code_layout(t.codec), r.bytes + code_offset(t.codec), i);
  if (!has_integer_codes(t.codec)) {
    const Real x = decode_real<Real>(t.codec.element, code) / r.scale;
    return binary32_traits<Real>::fma(r.weight, x, sum);
  }
  return binary32_traits<Real>::fma(r.scale, real_from_integer<Real>(static_cast<int>(code)),
                                    sum + r.bias);
}
template <binary32_real Real>
LOWP_FN Real add_element(const code_book_table<Real>& t, const weighted_row<Real>& r,
                         std::uint64_t i, Real sum) noexcept {
  const Real x = read_element(t.layout, r.bytes, t.columns, i, r.book);
  return binary32_traits<Real>::fma(r.weight, x, sum);
}

}  // namespace detail

/// Which rule a call breaks; `bag_error::none` for one that pools.
template <class Table>
LOWP_FN bag_refusal check_pooling(const Table& t, const row_bags& b, std::uint64_t weights,
                                  bool weighted, const pooling_options& o,
                                  std::uint64_t out) noexcept {
  const auto size = [](bag_error r, std::uint64_t n) noexcept {
    return bag_refusal{r, 0, static_cast<std::int64_t>(n)};
  };
  if (o.mode > pooling::mean || o.output > row_output::bfloat16_add_half) return {bag_error::table};
  if (t.columns == 0 || t.columns > (std::uint64_t{1} << 32)) {
    return size(bag_error::columns, t.columns);
  }
  if (const bag_refusal e = detail::check_table(t); e.error != bag_error::none) return e;
  const std::uint64_t row_bytes = detail::row_bytes(t);
  if (t.bytes.size() % row_bytes != 0) return size(bag_error::table_size, t.bytes.size());
  std::uint64_t longest = 0;
  if (const bag_refusal e = detail::check_bags(b, longest); e.error != bag_error::none) return e;
  const auto rows = static_cast<std::int64_t>(t.bytes.size() / row_bytes);
  for (std::uint64_t i = 0; i < b.indices.size(); ++i) {
    const std::int64_t index = b.indices[i];
    if (index >= (o.allow_pruned ? -1 : 0) && index < rows) continue;
    return {bag_error::index, i, index};
  }
  if (weighted && weights != (o.weight_by_place ? longest : b.indices.size())) {
    return size(bag_error::weights, weights);
  }
  const std::uint64_t bag_bytes = t.columns * bytes_of(o.output);
  if (out % bag_bytes != 0 || out / bag_bytes != detail::bag_count(b)) {
    return size(bag_error::output_size, out);
  }
  return {};
}

/// Pools every bag into a row of numbers, end to end and little-endian. No weights: each is 1.
/// A mean multiplies the sum by 1 / length, pruned rows counted. Nothing is written where a rule is
/// broken.
template <binary32_real Real = float32, class Table>
LOWP_FN bag_refusal pool_rows(const Table& t, const row_bags& b,
                              std::span<const std::type_identity_t<Real>> weights,
                              std::span<std::byte> out, const pooling_options& o = {}) noexcept {
  const bool weighted = weights.data() != nullptr;
  const bag_refusal e = check_pooling(t, b, weights.size(), weighted, o, out.size());
  if (e.error != bag_error::none) return e;
  constexpr std::uint64_t part = 64;  // columns that are summed at a time
  const Real one = real<Real>(1.0f);
  std::uint64_t begin = 0;
  for (std::uint64_t bag = 0; bag < detail::bag_count(b); ++bag) {
    const std::uint64_t length = static_cast<std::uint64_t>(
        b.are_lengths ? b.offsets[bag] : b.offsets[bag + 1] - b.offsets[bag]);
    const Real factor = o.mode == pooling::mean && length > 0
                            ? one / real_from_integer<Real>(static_cast<std::int64_t>(length))
                            : one;
    for (std::uint64_t first = 0; first < t.columns; first += part) {
      const std::uint64_t n = t.columns - first < part ? t.columns - first : part;
      Real sums[part] = {};
      for (std::uint64_t place = 0; place < length; ++place) {
        const std::int64_t index = b.indices[begin + place];
        if (index < 0) continue;
        const Real w = weighted ? weights[o.weight_by_place ? place : begin + place] : one;
        const auto row = detail::weigh<Real>(t, static_cast<std::uint64_t>(index), w);
        for (std::uint64_t i = 0; i < n; ++i) {
          sums[i] = detail::add_element(t, row, first + i, sums[i]);
        }
      }
      for (std::uint64_t i = 0; i < n; ++i) {
        const Real pooled = o.mode == pooling::mean ? sums[i] * factor : sums[i];
        write_output(o.output, pooled, out.data(), bag * t.columns + first + i);
      }
    }
    begin += length;
  }
  return {};
}

}  // namespace lowp

#endif  // LOWP_INTEGER_TABLE_BAG_HPP
