// SPDX-License-Identifier: Apache-2.0
/// \file
/// Fuzz target: embedding tables, row-wise codecs and bags from outside, with sizes, offsets and
/// indices that may be wrong. Nothing outside the buffers is touched, refusals write nothing, and
/// rows that were read and written again are read as the same.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>
#include <vector>

#include <lowp/integer/table/bag.hpp>
#include <lowp/integer/table/quantisers.hpp>
#include <lowp/integer/table/rowwise_codecs.hpp>
#include <lowp/simd/machine_binary32.hpp>

#include "input.hpp"

namespace {

using real = lowp::simd::machine_binary32;

/// A published codec, or one like it.
lowp::rowwise_codec some_codec(reader& in) {
  lowp::rowwise_codec c = lowp::all_rowwise_codecs[in.below(lowp::rowwise_codec_count)].value;
  const unsigned change = in.number<std::uint8_t>();
  if (change < 128) return c;
  if ((change & 1) != 0) c.element.width = in.number<std::uint8_t>();
  if ((change & 2) != 0) c.scaling = static_cast<lowp::row_scaling>(in.below(5));
  if ((change & 4) != 0) c.code_alignment = in.number<std::uint8_t>();
  if ((change & 8) != 0) c.row_alignment = in.number<std::uint8_t>();
  if ((change & 16) != 0) c.parameters_first = !c.parameters_first;
  if ((change & 32) != 0) c.epsilon = in.number<float>();
  if ((change & 64) != 0) c.greatest = in.number<float>();
  return c;
}

/// A number that is often right.
std::size_t size_near(reader& in, std::uint64_t right) {
  const unsigned change = in.number<std::uint8_t>();
  return change < 224 ? right : right / 2 + change % 8;
}

std::vector<std::int64_t> some_list(reader& in, std::size_t n, std::int64_t end) {
  std::vector<std::int64_t> list(n);
  for (std::int64_t& x : list) {
    const unsigned byte = in.number<std::uint8_t>();
    x = byte < 250 ? byte % (std::max<std::int64_t>(end, 0) + 1) : in.number<std::int64_t>();
  }
  return list;
}

/// Bags over a table; where they are refused, nothing is written.
template <class Table>
void pool(reader& in, const Table& t, std::int64_t rows) {
  const std::vector<std::int64_t> indices = some_list(in, in.below(20), rows - 1 + in.below(2));
  std::vector<std::int64_t> offsets =
      some_list(in, in.below(6), static_cast<std::int64_t>(indices.size()));
  const bool lengths = in.below(2) != 0;
  if (!lengths && in.below(8) != 0) {
    std::sort(offsets.begin(), offsets.end());
    offsets.insert(offsets.begin(), 0);
    offsets.push_back(static_cast<std::int64_t>(indices.size()));
  }
  lowp::pooling_options o;
  o.mode = static_cast<lowp::pooling>(in.below(3));
  o.output = static_cast<lowp::row_output>(in.below(5));
  o.weight_by_place = in.below(4) == 0;
  o.allow_pruned = in.below(2) != 0;
  std::vector<real> weights(size_near(in, indices.size()));
  for (real& w : weights) w = real::from_bits(in.number<std::uint32_t>());
  std::span<const real> some;
  if (in.below(2) != 0) some = weights;
  const std::size_t bags = lengths ? offsets.size() : offsets.size() - 1;
  const buffer out(offsets.empty() ? 8 : size_near(in, bags * t.columns * bytes_of(o.output)));
  if (out.size > 1 << 20) return;
  std::fill(out.span().begin(), out.span().end(), std::byte{0xa5});
  const auto e = lowp::pool_rows<real>(t, {indices, offsets, lengths}, some, out.span(), o);
  if (e.error == lowp::bag_error::none) return;
  for (const std::byte b : out.span()) demand(b == std::byte{0xa5});
}

void rowwise(reader& in) {
  const lowp::rowwise_codec c = some_codec(in);
  const std::uint64_t columns = in.below(70), rows = in.below(6);
  const bool usable = lowp::check(c) == lowp::rowwise_error::none;
  const buffer bytes(in, size_near(in, usable ? rows * bytes_per_row(c, columns) : rows * columns));
  lowp::row_reading how{static_cast<lowp::row_output>(in.below(5)),
                        static_cast<lowp::row_arithmetic>(in.below(2))};
  const buffer numbers(size_near(in, rows * columns * bytes_of(how.output)));
  (void)lowp::dequantise_rows<real>(c, bytes.span(), columns, numbers.span(), how);
  pool(in, lowp::rowwise_table{c, columns, bytes.span()}, static_cast<std::int64_t>(rows));
  // Numbers from outside to rows.
  std::vector<real> x(size_near(in, rows * columns));
  for (real& v : x) v = real::from_bits(in.number<std::uint32_t>());
  const auto e = lowp::quantise_rows<real>(c, x, columns, bytes.span());
  demand(e != lowp::rowwise_error::none || usable);
}

void code_books(reader& in) {
  lowp::code_book_layout l{static_cast<int>(in.below(10)), lowp::formats::binary16,
                           in.below(2) == 0};
  if (in.below(4) == 0) l.number = lowp::all_formats[in.below(lowp::format_count)].value;
  const bool usable = lowp::check(l) == lowp::table_error::none;
  const std::uint64_t columns = in.below(40), rows = in.below(5);
  const buffer bytes(in, size_near(in, usable ? rows * bytes_per_row(l, columns) : rows));
  std::vector<lowp::code_book<real>> books(in.below(3));
  for (auto& b : books) b.size = in.below(8) == 0 ? 3 : usable ? 1 << l.bits : 1;
  std::vector<std::uint32_t> group(size_near(in, rows));
  for (auto& g : group) g = in.below(3);
  pool(in, lowp::code_book_table<real>{l, columns, bytes.span(), books, group},
       static_cast<std::int64_t>(rows));
}

void quantisers(reader& in) {
  lowp::table_options o{.bits = static_cast<int>(in.below(10)),
                        .half = in.below(2) != 0,
                        .bins = static_cast<int>(1 + in.below(24)),
                        .iterations = static_cast<int>(in.below(8))};
  if (in.below(2) == 0) o.ratio = in.number<float>();
  const std::uint64_t columns = 1 + in.below(12);
  std::vector<real> x(columns);
  for (real& v : x) v = real::from_bits(in.number<std::uint32_t>());
  const auto method = lowp::all_table_quantisers[in.below(lowp::table_quantiser_count)].value;
  std::vector<lowp::row_range<real>> ranges(1);
  const auto e = lowp::choose_ranges<real>(method, x, columns, ranges, o);
  demand((e == lowp::table_error::none) == (lowp::check(o) == lowp::table_error::none));
  if (e != lowp::table_error::none) return;
  const auto codec = lowp::rowwise_codecs::q8_sbhalf;
  const buffer row(bytes_per_row(codec, columns));
  lowp::quantise_row(codec, x.data(), columns, row.memory.get(), ranges.data());
  std::vector<lowp::code_book<real>> books(in.below(3));
  std::vector<std::uint32_t> group(1 + in.below(2));
  (void)lowp::group_code_books<real>(x, columns / group.size(), std::min(o.bits, 4), books, group,
                                     3);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const lowp::simd::float_environment guard;
  reader in(data, size);
  switch (in.below(3)) {
    case 0: rowwise(in); break;
    case 1: code_books(in); break;
    default: quantisers(in);
  }
  return 0;
}
