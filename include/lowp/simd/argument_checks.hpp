// SPDX-License-Identifier: Apache-2.0
/// \file
/// Refusals of array arguments, for the definitions behind the front doors. Each message names the
/// function, the argument, its value and the rule.
#ifndef LOWP_SIMD_ARGUMENT_CHECKS_HPP
#define LOWP_SIMD_ARGUMENT_CHECKS_HPP

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "../pack/matrix.hpp"
#include "convert.hpp"

namespace lowp::detail {

/// An argument's bytes.
struct argument_bytes {
  const char* name;
  const void* at;
  std::uint64_t bytes;
};

/// Do they have a byte in common?
LOWP_UNIT inline bool share_bytes(const argument_bytes& a, const argument_bytes& b) {
  if (a.bytes == 0 || b.bytes == 0 || a.at == nullptr || b.at == nullptr) return false;
  const auto* x = static_cast<const std::byte*>(a.at);
  const auto* y = static_cast<const std::byte*>(b.at);
  const std::less<> before;
  return before(x, y + b.bytes) && before(y, x + a.bytes);
}

/// Where the second begins, e.g. "8 bytes behind", for two that share bytes.
LOWP_UNIT inline std::string distance_text(const void* first, const void* second) {
  const auto* x = static_cast<const std::byte*>(first);
  const auto* y = static_cast<const std::byte*>(second);
  const bool is_before = std::less<>()(y, x);
  return std::to_string(is_before ? x - y : y - x) + " bytes " + (is_before ? "before" : "behind");
}

/// Checks of one call; `function` begins its messages.
struct argument_checks {
  const char* function;

  /// Elements beyond which sizes in bytes may wrap.
  static constexpr std::uint64_t most_elements = std::uint64_t{1} << 50;

  [[noreturn]] LOWP_UNIT void refuse(const std::string& what) const {
    throw array_error(std::string("lowp::") + function + ": " + what);
  }

  LOWP_UNIT void layout(const char* name, const array_layout& a) const {
    const packing_error e = check(a);
    if (e == packing_error::none) return;
    const auto number = [](const char* member, int value) {
      return std::string(", ") + member + ' ' + std::to_string(value);
    };
    refuse(std::string(name) + ": " +
           (e == packing_error::format ? message(check(a.f)) : message(e)) + " (width " +
           std::to_string(a.f.width) + number("slot", a.pack.slot) + number("lift", a.pack.lift) +
           number("group", a.pack.group) + number("step", a.pack.step) + number("run", a.pack.run) +
           number("padding", a.pack.padding) + ")");
  }

  /// `have` bytes hold rows of n elements, `stride` bytes from one row to the next.
  LOWP_UNIT void rows(const char* name, std::size_t have, const array_layout& a, std::size_t rows,
                      std::size_t n, std::size_t stride) const {
    const bool absurd = n > most_elements || (rows > 1 && stride > most_elements / rows);
    const std::string elements =
        std::to_string(n) + " elements of " + std::to_string(a.f.width) + " bits";
    if (!absurd && rows > 1 && stride < bytes_of(a, n)) {
      refuse(std::string("the rows of ") + name + " are " + std::to_string(stride) +
             " bytes apart, " + elements + " need " + std::to_string(bytes_of(a, n)));
    }
    const std::uint64_t need = absurd || rows == 0 ? 0 : (rows - 1) * stride + bytes_of(a, n);
    if (!absurd && have >= need) return;
    refuse(std::string(name) + " has " + std::to_string(have) + " bytes, " +
           (rows == 1 ? "" : std::to_string(rows) + " rows of ") + elements + " need " +
           (absurd ? "more than memory has" : std::to_string(need)));
  }

  /// A matrix that is not empty stands in memory, its rows apart; returns the bytes that it spans.
  template <class Number>
  LOWP_UNIT argument_bytes matrix(const char* name, const number_matrix<Number>& m) const {
    const matrix_shape s = m.shape;
    if (s.rows == 0 || s.columns == 0) return {name, m.x, 0};
    if (m.x == nullptr) refuse(std::string(name) + ".x is null, the matrix is not empty");
    if (s.rows > 1 && m.stride < s.columns) {
      refuse(std::string("the rows of ") + name + " are " + std::to_string(m.stride) +
             " numbers apart and have " + std::to_string(s.columns));
    }
    if (s.columns > most_elements || (s.rows > 1 && m.stride > most_elements / s.rows)) {
      refuse(std::string(name) + ": " + std::to_string(s.rows) + " rows of " +
             std::to_string(s.columns) + ", " + std::to_string(m.stride) +
             " numbers apart, are more than memory has");
    }
    return {name, m.x, ((s.rows - 1) * m.stride + s.columns) * sizeof(Number)};
  }

  /// The arguments share no byte.
  LOWP_UNIT void apart(const argument_bytes& a, const argument_bytes& b) const {
    if (!share_bytes(a, b)) return;
    refuse(std::string(a.name) + " and " + b.name + " overlap: " + std::to_string(a.bytes) +
           " and " + std::to_string(b.bytes) + " bytes, the second begins " +
           distance_text(a.at, b.at) + " the first; they must share no byte");
  }

  /// The operand and the result share no byte, or begin together and the result's codes take no
  /// more room. True if they begin together.
  LOWP_UNIT bool overlap(const char* name, const std::byte* in, std::uint64_t in_bytes,
                         const array_layout& from, const std::byte* out, std::uint64_t out_bytes,
                         const array_layout& to) const {
    if (!share_bytes({name, in, in_bytes}, {"out", out, out_bytes})) return false;
    if (in != out) {
      refuse("out begins " + distance_text(in, out) + " " + name +
             " and overlaps it: it may begin only where that does");
    }
    const std::uint64_t room = bytes_of(from, packing_tile);
    const std::uint64_t need = bytes_of(to, packing_tile);
    if (need > room) {
      refuse(std::string("out is ") + name + ", but its codes take more room: " +
             std::to_string(need) + " bytes for 256 elements, not " + std::to_string(room));
    }
    return true;
  }
};

}  // namespace lowp::detail

#endif  // LOWP_SIMD_ARGUMENT_CHECKS_HPP
