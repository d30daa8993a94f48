// SPDX-License-Identifier: Apache-2.0
/// \file
/// Reads and writes the fields of a ggml block, one integer or number at a time.
#ifndef LOWP_BLOCK_GGML_FIELDS_HPP
#define LOWP_BLOCK_GGML_FIELDS_HPP

#include <cstddef>
#include <cstdint>

#include "../../pack/bytes.hpp"
#include "casts.hpp"
#include "type.hpp"

namespace lowp::detail::ggml {

/// Runs of bytes with digits of base 3: in byte j of a run of n, digit k belongs to element
/// j + k n. spec/ggml.md GGM-4.
struct digit_run {
  int first, at, bytes, digits;
};
LOWP_FN digit_run digit_run_of(int element) noexcept {
  if (element < 160) return {0, 0, 32, 5};
  return element < 240 ? digit_run{160, 32, 16, 5} : digit_run{240, 48, 4, 4};
}

LOWP_FN std::uint8_t byte_at(const std::byte* block, int at) noexcept {
  return static_cast<std::uint8_t>(block[at]);
}

/// A byte is 3^5 = 243 numbers, evenly spread over 256: digit k is the whole part of three times
/// the fraction b 3^k / 256.
LOWP_FN int read_digit(const std::byte* block, int i) noexcept {
  const digit_run run = digit_run_of(i);
  const int j = i - run.first;
  int fraction = byte_at(block, run.at + j % run.bytes);
  for (int k = j / run.bytes; k > 0; --k) fraction = fraction * 3 & 255;
  return fraction * 3 >> 8;
}

LOWP_FN void write_digits(std::byte* block, const int* codes) noexcept {
  for (int first = 0; first < 256; first += first == 0 ? 160 : 80) {
    const digit_run run = digit_run_of(first);
    for (int j = 0; j < run.bytes; ++j) {
      int n = 0;
      for (int k = 0; k < 5; ++k) {
        n = n * 3 + (k < run.digits ? codes[run.first + j + k * run.bytes] : 0);
      }
      // The least byte whose fraction has these digits. Modulo 256: digits may be none.
      block[run.at + j] = static_cast<std::byte>(((n & 255) * 256 + 242) / 243);
    }
  }
}

LOWP_FN bool has(const ggml_part& part, int i) noexcept {
  return part.width != 0 && i >= part.first && i < part.first + part.count;
}

/// Integer i of a field.
LOWP_FN int read_integer(const ggml_field& field, const std::byte* block, int i) noexcept {
  if (field.base_3) return read_digit(block, i);
  code_t code = 0;
  for (const ggml_part& part : field.parts) {
    if (!has(part, i)) continue;
    const auto element = static_cast<std::uint64_t>(i - part.first);
    code |= read_code(layout_of(part), block + part.at, element) << part.shift;
  }
  return static_cast<int>(code);
}

/// Writes integer i of a field, as many low bits of it as there is room for.
LOWP_FN void write_integer(const ggml_field& field, std::byte* block, int i, int code) noexcept {
  for (const ggml_part& part : field.parts) {
    if (!has(part, i)) continue;
    const auto element = static_cast<std::uint64_t>(i - part.first);
    write_code(layout_of(part), block + part.at, element, static_cast<code_t>(code) >> part.shift);
  }
}

/// What an integer of a field stands for. GGM-3.
LOWP_FN int value_of(const ggml_field& field, int code) noexcept {
  switch (field.value) {
    case ggml_value::scaled: return field.step * code + field.offset;
    case ggml_value::twos_complement: return through(ggml_cast::signed_byte, code);
    case ggml_value::e2m1: return ggml_e2m1_value(code);
    case ggml_value::iq4: return ggml_iq4_value(code);
  }
  return 0;
}

/// Writes n integers, for element or group 0...n - 1.
LOWP_FN void write_all(const ggml_field& field, std::byte* block, const int* codes,
                       int n) noexcept {
  if (field.base_3) return write_digits(block, codes);
  for (int i = 0; i < n; ++i) write_integer(field, block, i, codes[i]);
}

/// The number that belongs to element i. GGM-5.
template <binary32_real Real>
LOWP_FN Real read_number(const ggml_numbers& numbers, const std::byte* block, int i) noexcept {
  const int bytes = bytes_of(numbers.kind);
  const code_t code = read_bytes(block + numbers.at + i / numbers.span * bytes, bytes);
  switch (numbers.kind) {
    case ggml_number::binary16: return decode_real<Real>(formats::binary16, code);
    case ggml_number::binary32: return real_from_bits<Real>(static_cast<std::uint32_t>(code));
    default: return byte_scale<Real>(numbers.kind, static_cast<std::uint8_t>(code));
  }
}

/// Stores a number and returns what it is then. Bytes have rules of their own: nearest.hpp.
template <binary32_real Real>
LOWP_FN Real write_number(const ggml_numbers& numbers, std::byte* block, Real x) noexcept {
  if (numbers.kind == ggml_number::binary16) {
    write_bytes(block + numbers.at, 2, half_code(x));
  } else if (numbers.kind == ggml_number::binary32) {
    write_bytes(block + numbers.at, 4, real_is_nan(x) ? binary32_bits::quiet_nan : real_bits(x));
  }
  return read_number<Real>(numbers, block, 0);
}

}  // namespace lowp::detail::ggml

#endif  // LOWP_BLOCK_GGML_FIELDS_HPP
