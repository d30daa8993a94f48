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

#include "convert.hpp"

namespace lowp::detail {

/// Checks of one call; `function` begins its messages.
struct argument_checks {
  const char* function;

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
    // Beyond that sizes in bytes may wrap.
    constexpr std::uint64_t most = std::uint64_t{1} << 50;
    const bool absurd = n > most || (rows > 1 && stride > most / rows);
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

  /// The operand and the result share no byte, or begin together and the result's codes take no
  /// more room. True if they begin together.
  LOWP_UNIT bool overlap(const char* name, const std::byte* in, std::uint64_t in_bytes,
                         const array_layout& from, const std::byte* out, std::uint64_t out_bytes,
                         const array_layout& to) const {
    const std::less<> before;
    if (!before(in, out + out_bytes) || !before(out, in + in_bytes)) return false;
    if (in != out) {
      const std::string distance = std::to_string(before(in, out) ? out - in : in - out);
      refuse("out begins " + distance + " bytes " + (before(in, out) ? "behind " : "before ") +
             name + " and overlaps it: it may begin only where that does");
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
