// SPDX-License-Identifier: Apache-2.0
/// \file
/// Numbers to rows of a row-wise codec and back, every rounding as published, NaNs and infinities
/// too (spec/tables.md TAB-7). Any bytes are a row; sizes are checked by the functions on spans.
#ifndef LOWP_INTEGER_TABLE_ROWWISE_CONVERT_HPP
#define LOWP_INTEGER_TABLE_ROWWISE_CONVERT_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include "../../binary32.hpp"
#include "../../pack/bytes.hpp"
#include "../../pack/convert_array.hpp"
#include "../../types.hpp"
#include "rowwise.hpp"

namespace lowp {

/// What a row's codes cover: `steps` equal steps from `lo` to `hi`; 0 steps: as many as there are.
template <binary32_real Real = float32>
struct row_range {
  Real lo, hi;
  int steps = 0;
};

/// The steps of the greatest grid with elements of so many bits.
LOWP_FN int full_steps(int bits) noexcept { return (1 << bits) - 1; }

namespace detail {

/// A row of `float` read as numbers of type Real.
template <binary32_real Real>
struct float_row {
  const float* x;
  LOWP_FN Real operator[](std::uint64_t i) const noexcept { return real<Real>(x[i]); }
};

/// `row_range_of` of anything with elements.
template <binary32_real Real, class Row>
LOWP_FN row_range<Real> range_of_row(const Row& row, std::uint64_t n) noexcept {
  Real lo = row[0], hi = lo;
  for (std::uint64_t i = 1; i < n; ++i) {
    const Real x = row[i];
    if (x < lo) lo = x;
    if (hi < x) hi = x;
  }
  return {lo, hi};
}

}  // namespace detail

/// Least and greatest element; of equal ones, zeros of both signs too, the first. A NaN counts only
/// as the first element, which then is both. n > 0. spec/tables.md TAB-3.
template <binary32_real Real>
LOWP_FN row_range<Real> row_range_of(const Real* row, std::uint64_t n) noexcept {
  return detail::range_of_row<Real>(row, n);
}

/// A row's parameters as they are stored, and the factor of `encode_element`.
template <binary32_real Real = float32>
struct row_parameters {
  Real scale, bias, inverse;
};

namespace detail {

/// TAB-4, with everything that makes the row's own inverse finite.
template <binary32_real Real>
LOWP_FN row_parameters<Real> rounded_range_parameters(format f, const row_range<Real>& r,
                                                      Real steps) noexcept {
  const Real zero = real_from_bits<Real>(0), one = real<Real>(1.0f);
  const Real bias = rounded_to(f, r.lo);
  const Real range = r.hi - bias;
  Real scale = range == zero ? one : rounded_to(f, range / steps);
  if (scale == zero) scale = one;
  Real inverse = one / scale;
  if (real_is_infinite(inverse)) scale = inverse = one;
  return {scale, bias, inverse};
}

/// TAB-5: the greatest magnitude, NaNs left out, but no less than `least`.
template <binary32_real Real, class Row>
LOWP_FN Real largest_magnitude(const Row& row, std::uint64_t n, float least) noexcept {
  std::uint32_t amax = detail::bit_cast<std::uint32_t>(least);
  for (std::uint64_t i = 0; i < n; ++i) {
    const std::uint32_t x = magnitude_of(row[i]);
    if (x > amax && x <= binary32_bits::infinity) amax = x;
  }
  return real_from_bits<Real>(amax);
}

/// x of magnitude no more than `greatest`, NaN that magnitude; the sign stays.
template <binary32_real Real>
LOWP_FN Real clipped(Real x, float greatest) noexcept {
  const auto most = detail::bit_cast<std::uint32_t>(greatest);
  if (magnitude_of(x) <= most) return x;
  return real_from_bits<Real>((real_bits(x) & binary32_bits::sign) | most);
}

/// scale q + bias with a sum rounded to binary64 and then to binary32.
LOWP_FN std::uint32_t twice_rounded_element(code_t q, std::uint32_t scale,
                                            std::uint32_t bias) noexcept {
  const code_t sum = lowp::fma({formats::uint8, q}, {formats::binary32, scale},
                               {formats::binary32, bias}, formats::binary64);
  return static_cast<std::uint32_t>(convert(formats::binary64, sum, formats::binary32, {}));
}

}  // namespace detail

/// Scale and bias of a row of integers that is to cover `r`. spec/tables.md TAB-3, TAB-4.
template <binary32_real Real>
LOWP_FN row_parameters<Real> parameters_of(const rowwise_codec& c,
                                           const row_range<Real>& r) noexcept {
  const Real steps = real_from_integer<Real>(r.steps != 0 ? r.steps : full_steps(c.element.width));
  if (c.scaling == row_scaling::rounded_range) {
    return detail::rounded_range_parameters(c.parameter, r, steps);
  }
  const Real range = r.hi - r.lo;
  return {rounded_to(c.parameter, range / steps), rounded_to(c.parameter, r.lo),
          steps / (range + real<Real>(c.epsilon))};
}

namespace detail {

template <binary32_real Real, class Row>
LOWP_FN row_parameters<Real> magnitude_parameters(const rowwise_codec& c, const Row& row,
                                                  std::uint64_t n) noexcept {
  const Real zero = real_from_bits<Real>(0), one = real<Real>(1.0f);
  if (c.scaling == row_scaling::none) return {one, zero, one};
  const Real amax = largest_magnitude<Real>(row, n, c.least_amax);
  const Real scale =
      rounded_to(c.parameter, real<Real>(c.greatest) / (real<Real>(c.epsilon) + amax));
  return {scale, zero, scale};
}

}  // namespace detail

/// Scale of a row of minifloats; its bias is 0. spec/tables.md TAB-5.
template <binary32_real Real>
LOWP_FN row_parameters<Real> parameters_of(const rowwise_codec& c, const Real* row,
                                           std::uint64_t n) noexcept {
  return detail::magnitude_parameters<Real>(c, row, n);
}

/// The code of one element: between 0 and `steps`, of NaN 0. `word` has the random bits of
/// stochastic modes. spec/tables.md TAB-3 to TAB-5, TAB-16.
template <binary32_real Real>
LOWP_FN code_t encode_element(const rowwise_codec& c, const row_parameters<Real>& p, Real x,
                              int steps, std::uint64_t word = 0) noexcept {
  const projection round = element_projection(c);
  if (!has_integer_codes(c)) {
    return encode_real(c.element, detail::clipped(x * p.inverse, c.greatest), round, word);
  }
  const Real place = (x - p.bias) * p.inverse;
  const auto most = static_cast<code_t>(steps);
  if (is_stochastic(c.round)) {
    const code_t q = encode_real(c.element, place, round, word);  // of NaN 0, PRJ-6
    return q > most ? most : q;
  }
  const std::int32_t q = to_integer(place, rounding::to_nearest_even);
  return q < 0 ? 0 : q > steps ? most : static_cast<code_t>(q);
}

/// The number of one code. spec/tables.md TAB-5, TAB-6.
template <binary32_real Real>
LOWP_FN Real decode_element(const rowwise_codec& c, const row_parameters<Real>& p, code_t code,
                            row_arithmetic how) noexcept {
  if (!has_integer_codes(c)) return decode_real<Real>(c.element, code) / p.scale;
  if (how == row_arithmetic::twice_rounded) {
    return real_from_bits<Real>(
        detail::twice_rounded_element(code, real_bits(p.scale), real_bits(p.bias)));
  }
  return binary32_traits<Real>::fma(p.scale, real_from_integer<Real>(static_cast<int>(code)),
                                    p.bias);
}

namespace detail {

/// `quantise_row` of anything with elements.
template <binary32_real Real, class Row>
LOWP_FN void quantise_any_row(const rowwise_codec& c, const Row& row, std::uint64_t n,
                              std::byte* out, const row_range<Real>* range,
                              const random_source& random, std::uint64_t first) noexcept {
  row_parameters<Real> p{};
  int steps = full_steps(c.element.width);
  if (has_integer_codes(c)) {
    const row_range<Real> r = range != nullptr ? *range : range_of_row<Real>(row, n);
    if (r.steps != 0) steps = r.steps;
    p = parameters_of(c, r);
  } else {
    p = magnitude_parameters<Real>(c, row, n);
  }
  for (std::uint64_t i = 0; i < bytes_per_row(c, n); ++i) out[i] = std::byte{0};
  const array_layout layout = code_layout(c);
  const projection round = element_projection(c);
  std::byte* codes = out + code_offset(c);
  for (std::uint64_t i = 0; i < n; ++i) {
    const std::uint64_t word = random_word_of(round, random, first + i);
    write_code(layout, codes, i, encode_element<Real>(c, p, row[i], steps, word));
  }
  if (c.scaling == row_scaling::none) return;
  std::byte* parameters = out + parameter_offset(c, n);
  const int size = c.parameter.width / 8;
  write_bytes(parameters, size, encode_real(c.parameter, p.scale, projection{}));
  write_bytes(parameters + size, size, encode_real(c.parameter, p.bias, projection{}));
}

}  // namespace detail

/// n numbers as a row of `bytes_per_row(c, n)` bytes; what nothing fills is zero. `range`, if there
/// is one, is what the codes of integers cover, and elements outside get the code of its nearer
/// end; without, it is the elements' own. n > 0. `random` is the source of stochastic modes, for
/// which element i of the row has index first + i.
template <binary32_real Real>
LOWP_FN void quantise_row(const rowwise_codec& c, const Real* row, std::uint64_t n, std::byte* out,
                          const row_range<Real>* range = nullptr, const random_source& random = {},
                          std::uint64_t first = 0) noexcept {
  detail::quantise_any_row<Real>(c, row, n, out, range, random, first);
}

/// The parameters that stand in a row of n columns.
template <binary32_real Real = float32>
LOWP_FN row_parameters<Real> read_parameters(const rowwise_codec& c, const std::byte* row,
                                             std::uint64_t n) noexcept {
  const Real zero = real_from_bits<Real>(0), one = real<Real>(1.0f);
  if (c.scaling == row_scaling::none) return {one, zero, one};
  const array_layout layout{c.parameter, packing{}};
  const std::byte* at = row + parameter_offset(c, n);
  return {decode_real<Real>(c.parameter, read_code(layout, at, 0)),
          decode_real<Real>(c.parameter, read_code(layout, at, 1)), zero};
}

/// Writes x as element i of an array of outputs, little-endian. spec/tables.md TAB-6.
template <binary32_real Real>
LOWP_FN void write_output(row_output o, Real x, std::byte* out, std::uint64_t i) noexcept {
  const std::uint32_t bits = real_bits(x);
  switch (o) {
    case row_output::binary32: write_code(formats::binary32, out, i, bits); return;
    case row_output::binary16:
      write_code(formats::binary16, out, i, encode_real(formats::binary16, x, projection{}));
      return;
    case row_output::bfloat16:
      write_code(formats::bfloat16, out, i, encode_real(formats::bfloat16, x, projection{}));
      return;
    case row_output::bfloat16_add_half:
      write_code(formats::bfloat16, out, i, (bits + 0x8000) >> 16);
      return;
  }
}

/// The n numbers of a row as `how` says, little-endian, to `bytes_of(how.output) * n` bytes.
template <binary32_real Real>
LOWP_FN void dequantise_row(const rowwise_codec& c, const std::byte* row, std::uint64_t n,
                            std::byte* numbers, row_reading how = {}) noexcept {
  const row_parameters<Real> p = read_parameters<Real>(c, row, n);
  const array_layout layout = code_layout(c);
  for (std::uint64_t i = 0; i < n; ++i) {
    const code_t code = read_code(layout, row + code_offset(c), i);
    write_output(how.output, decode_element(c, p, code, how.arithmetic), numbers, i);
  }
}

/// The rows of a table, one after another. Nothing is written where a rule is broken. TAB-2.
/// `random` and `first` as in `quantise_row`: element i of all numbers has index first + i.
template <binary32_real Real = float32>
LOWP_FN rowwise_error quantise_rows(const rowwise_codec& c,
                                    std::span<const std::type_identity_t<Real>> numbers,
                                    std::uint64_t columns, std::span<std::byte> rows,
                                    const random_source& random = {},
                                    std::uint64_t first = 0) noexcept {
  const rowwise_error e = check_table(c, columns, numbers.size(), rows.size());
  if (e != rowwise_error::none) return e;
  const std::uint64_t size = bytes_per_row(c, columns);
  for (std::uint64_t r = 0; r < numbers.size() / columns; ++r) {
    quantise_row<Real>(c, numbers.data() + r * columns, columns, rows.data() + r * size, nullptr,
                       random, first + r * columns);
  }
  return rowwise_error::none;
}

/// The same back, to numbers as `how` says, end to end and little-endian.
template <binary32_real Real = float32>
LOWP_FN rowwise_error dequantise_rows(const rowwise_codec& c, std::span<const std::byte> rows,
                                      std::uint64_t columns, std::span<std::byte> numbers,
                                      row_reading how = {}) noexcept {
  if (how.output > row_output::bfloat16_add_half) return rowwise_error::output;
  const rowwise_error e =
      check_table(c, columns, numbers.size(), rows.size(), bytes_of(how.output));
  if (e != rowwise_error::none) return e;
  const std::uint64_t size = bytes_per_row(c, columns);
  const std::uint64_t row_numbers = columns * bytes_of(how.output);
  for (std::uint64_t r = 0; r < rows.size() / size; ++r) {
    dequantise_row<Real>(c, rows.data() + r * size, columns, numbers.data() + r * row_numbers, how);
  }
  return rowwise_error::none;
}

}  // namespace lowp

#endif  // LOWP_INTEGER_TABLE_ROWWISE_CONVERT_HPP
