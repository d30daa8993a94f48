// SPDX-License-Identifier: Apache-2.0
/// \file
/// Where the codes of an array stand in its bytes: one per container, or packed in any of the
/// published orders. Data, read and written one code at a time; simd/ does it in bulk.
#ifndef LOWP_PACK_PACKING_HPP
#define LOWP_PACK_PACKING_HPP

#include <cstddef>
#include <cstdint>

#include "../detail/bits.hpp"
#include "../format.hpp"

namespace lowp {

/// Which end of a byte comes first in the string of bits that an array is. spec/packing.md PCK-1.
enum class bit_order : std::uint8_t {
  low_first,   ///< bit b of the string is bit b mod 8, from the lowest, of byte b / 8; codes begin
               ///< with their lowest bit. Codes in containers are little-endian
  high_first,  ///< bit b is bit b mod 8 from the highest; codes begin with their highest bit.
               ///< Codes in containers are big-endian
};

/// How codes stand in bytes. The default is one code in the low bits of a container of 8, 16, 32 or
/// 64 bits, little-endian. spec/packing.md PCK-2.
struct packing {
  /// Bits from one code to the next, 1...64; 0: the width rounded up to 8, 16, 32 or 64.
  std::uint8_t slot = 0;
  /// Zero bits below the code in its slot.
  std::uint8_t lift = 0;
  bit_order order = bit_order::low_first;
  /// Elements are transposed in groups of so many, a power of two up to 256: element j of a group
  /// stands in slot (j mod step) (group / step) + j / step. 1: in order.
  std::uint16_t group = 1;
  std::uint16_t step = 1;  ///< divides `group`
  /// Slots in a row before `padding` zero bytes, a power of two up to 256; 0: no padding.
  /// run x slot is a multiple of 8.
  std::uint16_t run = 0;
  std::uint8_t padding = 0;

  friend LOWP_FN bool operator==(const packing&, const packing&) noexcept = default;
};

/// How arrays of `f` stand where nobody says otherwise: codes of 1, 2 and 4 bits end to end, the
/// first in the lowest bits, all others in containers. spec/packing.md PCK-5.
LOWP_FN packing default_packing(format f) noexcept {
  return f.width == 1 || f.width == 2 || f.width == 4 ? packing{.slot = f.width} : packing{};
}

/// The format of an array's elements and the place of their codes. A format alone stands for its
/// `default_packing`.
struct array_layout {
  format f;
  packing pack;

  constexpr array_layout() noexcept = default;
  LOWP_FN array_layout(format of) noexcept : f(of), pack(default_packing(of)) {}
  LOWP_FN array_layout(format of, packing how) noexcept : f(of), pack(how) {}

  friend LOWP_FN bool operator==(const array_layout&, const array_layout&) noexcept = default;
};

/// The rule that a layout breaks, see `check` and `message`.
enum class [[nodiscard]] packing_error : std::uint8_t{
    none,
    format,  ///< the format is none: `check(format)`
    slot,    ///< a code and the zeros below it do not fit the slot, or the slot is over 64 bits
    group,   ///< group or step is no power of two up to 256, or step is greater than group
    run,     ///< run is no power of two up to 256, does not fill bytes, or is 0 beside padding
};

/// Every so many elements, an array of any layout is at the start of a byte, a group and a run.
inline constexpr std::uint64_t packing_tile = 256;

/// Bits from one code to the next.
LOWP_FN int slot_bits(const array_layout& a) noexcept {
  if (a.pack.slot != 0) return a.pack.slot;
  const int width = a.f.width;
  return width <= 8 ? 8 : width <= 16 ? 16 : width <= 32 ? 32 : 64;
}

/// Which rule a layout breaks; `packing_error::none` for a usable one. spec/packing.md PCK-3.
LOWP_FN packing_error check(const array_layout& a) noexcept {
  if (check(a.f) != format_error::none) return packing_error::format;
  if (slot_bits(a) > 64 || a.f.width + a.pack.lift > slot_bits(a)) return packing_error::slot;
  const auto is_power = [](unsigned n) { return n <= 256 && detail::is_power_of_two(n); };
  if (!is_power(a.pack.group) || !is_power(a.pack.step) || a.pack.step > a.pack.group) {
    return packing_error::group;
  }
  const bool padded = a.pack.run != 0;
  if (padded ? !is_power(a.pack.run) || a.pack.run * slot_bits(a) % 8 != 0 : a.pack.padding != 0) {
    return packing_error::run;
  }
  return packing_error::none;
}

/// The rule in words, for messages.
LOWP_FN const char* message(packing_error e) noexcept {
  switch (e) {
    case packing_error::none: return "no error";
    case packing_error::format: return "the format is not usable";
    case packing_error::slot:
      return "a code and the zeros below it must fit a slot of at most 64 bits";
    case packing_error::group:
      return "group and step must be powers of two, 1 <= step <= group <= 256";
    case packing_error::run:
      return "a run of slots before padding must be a power of two up to 256 and fill whole bytes";
  }
  return "unknown";
}

/// The slot of element i.
LOWP_FN std::uint64_t slot_of(const packing& p, std::uint64_t i) noexcept {
  if (p.group == p.step) return i;
  // All are powers of two.
  const std::uint64_t j = i & (p.group - 1U);
  const int step_log2 = detail::trailing_zeros(p.step);
  return i - j + (j & (p.step - 1U)) * (std::uint64_t{p.group} >> step_log2) + (j >> step_log2);
}

/// The first bit of a slot in the array's string of bits.
LOWP_FN std::uint64_t bit_of_slot(const array_layout& a, std::uint64_t slot) noexcept {
  const std::uint64_t bit = slot * static_cast<std::uint64_t>(slot_bits(a));
  return a.pack.run == 0 ? bit : bit + slot / a.pack.run * (std::uint64_t{8} * a.pack.padding);
}

/// Bytes of an array of n elements. The last group and the last run count whole; what no element
/// fills is zero. spec/packing.md PCK-4.
LOWP_FN std::uint64_t bytes_of(const array_layout& a, std::uint64_t n) noexcept {
  const std::uint64_t group = a.pack.group == a.pack.step ? 1 : a.pack.group;
  std::uint64_t slots = detail::round_up_to(n, group);
  if (a.pack.run != 0) slots = detail::round_up_to(slots, a.pack.run);
  return detail::pieces_of(bit_of_slot(a, slots), 8);
}

/// The code of element i.
LOWP_FN code_t read_code(const array_layout& a, const std::byte* bytes, std::uint64_t i) noexcept {
  const bool low = a.pack.order == bit_order::low_first;
  std::uint64_t bit =
      bit_of_slot(a, slot_of(a.pack, i)) +
      static_cast<std::uint64_t>(low ? a.pack.lift : slot_bits(a) - a.pack.lift - a.f.width);
  code_t code = 0;
  for (int done = 0; done < a.f.width;) {
    const int at = static_cast<int>(bit % 8);
    const int count = 8 - at < a.f.width - done ? 8 - at : a.f.width - done;
    const auto byte = static_cast<std::uint64_t>(bytes[bit / 8]);
    const std::uint64_t part =
        (byte >> (low ? at : 8 - at - count)) & ((std::uint64_t{1} << count) - 1);
    code = low ? code | part << done : code << count | part;
    done += count;
    bit += static_cast<std::uint64_t>(count);
  }
  return code;
}

/// Writes the code of element i over what stands there; bits beside it stay.
LOWP_FN void write_code(const array_layout& a, std::byte* bytes, std::uint64_t i,
                        code_t code) noexcept {
  const bool low = a.pack.order == bit_order::low_first;
  std::uint64_t bit =
      bit_of_slot(a, slot_of(a.pack, i)) +
      static_cast<std::uint64_t>(low ? a.pack.lift : slot_bits(a) - a.pack.lift - a.f.width);
  for (int done = 0; done < a.f.width;) {
    const int at = static_cast<int>(bit % 8);
    const int count = 8 - at < a.f.width - done ? 8 - at : a.f.width - done;
    const int shift = low ? at : 8 - at - count;
    const std::uint64_t ones = (std::uint64_t{1} << count) - 1;
    const std::uint64_t part = (code >> (low ? done : a.f.width - done - count)) & ones;
    const std::uint64_t kept = static_cast<std::uint64_t>(bytes[bit / 8]) & ~(ones << shift);
    bytes[bit / 8] = static_cast<std::byte>(kept | part << shift);
    done += count;
    bit += static_cast<std::uint64_t>(count);
  }
}

}  // namespace lowp

#endif  // LOWP_PACK_PACKING_HPP
