// SPDX-License-Identifier: Apache-2.0
/// \file
/// Fuzz target: arrays of codes from outside in any layout, of registered formats and of others,
/// to any layout. The kernels give the bytes and counts of the scalar definition and touch nothing
/// beside the arrays.
// compile: -march=native -DHWY_COMPILE_ONLY_STATIC -DHWY_WANT_AVX3_DL -lhwy
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>

#include <lowp/formats.hpp>
#include <lowp/simd/count-inl.hpp>

#include "input.hpp"

namespace {

/// A registered format, or one like it with another bias, width, precision or set of codes.
lowp::format some_format(reader& in) {
  lowp::format f = lowp::all_formats[in.below(lowp::format_count)].value;
  const unsigned change = in.number<std::uint8_t>();
  if ((change & 0xc0) == 0) return f;
  constexpr int biases[] = {0, 1, 127, 149, 1023, 1074, 65535, -127};
  if ((change & 1) != 0) {
    f.bias = static_cast<decltype(f.bias)>(biases[in.below(8)] + in.number<std::int8_t>());
  }
  if ((change & 2) != 0) f.width = static_cast<decltype(f.width)>(1 + in.below(64));
  if ((change & 4) != 0) f.precision = static_cast<decltype(f.precision)>(1 + in.below(60));
  if ((change & 8) != 0) f.is_signed = !f.is_signed;
  if ((change & 16) != 0) f.has_infinity = !f.has_infinity;
  if ((change & 32) != 0) f.bottom = static_cast<lowp::bottom_binade>(in.below(4));
  return f;
}

lowp::array_layout some_layout(reader& in) {
  const lowp::format f = some_format(in);
  lowp::packing p;
  switch (in.below(4)) {
    case 0: return {f, {}};
    case 1: p.slot = f.width; break;
    default:
      p.slot = static_cast<std::uint8_t>(f.width + in.below(3));
      p.lift = static_cast<std::uint8_t>(in.below(3));
      p.group = static_cast<std::uint16_t>(1u << in.below(9));
      p.step = static_cast<std::uint16_t>(1u << in.below(9));
      p.run = static_cast<std::uint16_t>(in.below(2) << in.below(9));
      p.padding = static_cast<std::uint8_t>(in.below(20));
  }
  p.order = static_cast<lowp::bit_order>(in.below(2));
  return {f, p};
}

/// One of the first n values of an enumeration; the first one as often as all others together.
template <class Enum>
void choose(reader& in, Enum& to, unsigned n) {
  const auto x = in.number<std::uint8_t>();
  to = static_cast<Enum>(x < 128 ? 0 : x % n);
}

lowp::projection some_projection(reader& in) {
  lowp::projection p;
  p.round = static_cast<lowp::rounding>(in.below(12));
  p.random_bits = static_cast<std::uint8_t>(in.below(65));
  choose(in, p.random_from, 2);
  choose(in, p.overflow, 4);
  choose(in, p.no_infinity, 3);
  choose(in, p.no_infinity_sign, 4);
  choose(in, p.nan, 8);
  choose(in, p.nan_sign, 4);
  choose(in, p.negative, 5);
  choose(in, p.no_zero, 2);
  choose(in, p.zero_sign, 4);
  const unsigned rare = in.below(64);
  if (rare < 4) p.subnormal_input = static_cast<lowp::subnormal_input_rule>(rare);
  p.flush_subnormal_result = rare == 4;
  p.overflow_before_rounding = rare == 5;
  p.odd_overflows = rare % 8 == 6;
  return p;
}

/// Bytes of an array at the end of a block of memory, so that none behind it is ours.
struct array {
  array(std::size_t bytes, std::size_t offset)
      : size(bytes), memory(new std::byte[bytes + offset]()), at(memory.get() + offset) {}
  std::size_t size;
  std::unique_ptr<std::byte[]> memory;
  std::byte* at;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  reader in(data, size);
  const lowp::array_layout from = some_layout(in), to = some_layout(in);
  const lowp::projection p = some_projection(in);
  if (check(from) != lowp::packing_error::none || check(to) != lowp::packing_error::none) return 0;
  const auto generator = static_cast<lowp::random_generator>(in.below(2));
  const lowp::array_conversion c{from, to, p, {in.number<std::uint64_t>(), 1, generator}};
  const auto first = in.number<std::uint32_t>();
  const std::size_t n = in.number<std::uint16_t>() % 2500;
  const std::size_t in_offset = in.below(9), out_offset = in.below(9);
  array source(bytes_of(from, n), in_offset);
  in.bytes(source.at, source.size);
  // What the input has not goes on from what it has.
  std::uint64_t state = first;
  for (std::size_t i = size; i < source.size; ++i) {
    state = state * 0x5851f42d4c957f2d + 1;
    source.at[i] = static_cast<std::byte>(state >> 56);
  }
  array expected(bytes_of(to, n), out_offset), got(bytes_of(to, n), out_offset);
  lowp::conversion_counts counts, own;
  lowp::convert_array(c, source.at, expected.at, n, first, &counts);
  const lowp::simd::plan plan = lowp::simd::make_plan(c);
  namespace kernels = lowp::simd::HWY_NAMESPACE;
  kernels::convert_planned(plan, source.at, got.at, n, first);
  demand(std::memcmp(expected.at, got.at, got.size) == 0);
  std::memset(got.at, 0xff, got.size);
  const lowp::simd::counter counter = lowp::simd::make_counter(plan);
  kernels::convert_counted(plan, counter, source.at, got.at, n, first, own);
  demand(std::memcmp(expected.at, got.at, got.size) == 0);
  // In place, where codes take no more room than they had.
  if (bytes_of(to, lowp::packing_tile) <= bytes_of(from, lowp::packing_tile) &&
      bytes_of(to, n) <= source.size) {
    kernels::convert_planned(plan, source.at, source.at, n, first);
    demand(std::memcmp(expected.at, source.at, got.size) == 0);
  }
  demand(counts.nan == own.nan && counts.overflow == own.overflow &&
         counts.underflow == own.underflow);
  return 0;
}
