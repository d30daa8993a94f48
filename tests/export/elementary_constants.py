#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the constants of the elementary functions:

  elementary_constants.py constants   > include/lowp/detail/constants.hpp
  elementary_constants.py two_over_pi > include/lowp/detail/two_over_pi.hpp

Integer arithmetic only: pi by Machin's formula, logarithms by atanh series, roots by isqrt.
"""
import sys
from math import isqrt

LIMBS = 20  # of 64 bits: the highest working precision
REDUCTION_LIMBS = 2084  # 2^131073 x 2/pi modulo 4, and 30 limbs of the fraction


def arc_series(n, bits, sign):
    """atan(1/n) x 2^bits (sign -1) or atanh(1/n) x 2^bits (sign 1)."""
    power = (1 << bits) // n
    total, k, s = 0, 1, 1
    while power:
        total += s * (power // k)
        power //= n * n
        k += 2
        s *= sign
    return total


def pi(bits):
    b = bits + 64
    return 4 * (4 * arc_series(5, b, -1) - arc_series(239, b, -1)) >> 64


def ln2(bits):
    return 2 * arc_series(3, bits + 64, 1) >> 64


def ln10(bits):
    b = bits + 64
    return (3 * (2 * arc_series(3, b, 1)) + 2 * arc_series(9, b, 1)) >> 64


def inverse_sqrt_pi(bits):
    b = bits + 64
    return isqrt((1 << (3 * b)) // pi(b)) >> 64


def rows(limbs, per_row=5):
    for i in range(0, len(limbs), per_row):
        yield "      " + ", ".join("0x%016x" % x for x in limbs[i:i + per_row]) + ","


def limbs_of(value, count):
    """The leading `count` limbs of a positive integer, the lowest first, as floor(value / 2^n)."""
    value >>= value.bit_length() - 64 * count
    return [(value >> (64 * i)) & (2**64 - 1) for i in range(count)]


def constants():
    bits = 64 * LIMBS + 256
    out = []
    for name, meaning, value in (
            ("pi", "pi", pi(bits)),
            ("ln2", "The natural logarithm of 2", ln2(bits)),
            ("ln10", "The natural logarithm of 10", ln10(bits)),
            ("inverse_sqrt_pi", "1 / sqrt(pi)", inverse_sqrt_pi(bits))):
        top = value.bit_length() - bits
        out.append(f"""/// {meaning}.
template <int N>
LOWP_FN interval<N> {name}() noexcept {{
  constexpr std::uint64_t table[{LIMBS}] = {{
{chr(10).join(rows(limbs_of(value, LIMBS), 4))}
  }};
  return leading_limbs<N>(table, {top});
}}
""")
    print(f"""// SPDX-License-Identifier: Apache-2.0
/// \\file
/// Irrational constants to {64 * LIMBS} bits. Written by tests/export/elementary_constants.py.
#ifndef LOWP_DETAIL_CONSTANTS_HPP
#define LOWP_DETAIL_CONSTANTS_HPP

#include "interval.hpp"

namespace lowp::detail {{

/// The first N of the limbs (lowest first) of a number in [2^(binades - 1), 2^binades) that goes on.
template <int N>
LOWP_FN interval<N> leading_limbs(const std::uint64_t (&limbs)[{LIMBS}], int binades) noexcept {{
  static_assert(N <= {LIMBS});
  interval<N> r;
  for (int i = 0; i < N; ++i) r.limb[i] = limbs[{LIMBS} - N + i];
  r.exponent = binades - 64 * N;
  r.above = 1;
  return r;
}}
""")
    print("\n".join(out))
    print("""}  // namespace lowp::detail

#endif  // LOWP_DETAIL_CONSTANTS_HPP""")


def two_over_pi():
    count = REDUCTION_LIMBS
    bits = 64 * count + 64
    value = (1 << (64 * count + 1 + bits)) // pi(bits)  # 2/pi x 2^(64 count)
    limbs = [(value >> (64 * (count - 1 - i))) & (2**64 - 1) for i in range(count)]
    print(f"""// SPDX-License-Identifier: Apache-2.0
/// \\file
/// 2/pi to {64 * count} bits, for the reduction of large angles. Written by
/// tests/export/elementary_constants.py.
#ifndef LOWP_DETAIL_TWO_OVER_PI_HPP
#define LOWP_DETAIL_TWO_OVER_PI_HPP

#include <cstdint>

#include "../config.hpp"

namespace lowp::detail {{

/// Number of 64-bit digits of 2/pi that are known.
inline constexpr int two_over_pi_digits = {count};

/// Digit i of 2/pi = sum of digit(i) x 2^(-64 (i + 1)), 0 <= i < 32: enough for most angles.
LOWP_FN std::uint64_t two_over_pi_leading(int i) noexcept {{
  constexpr std::uint64_t table[32] = {{
{chr(10).join(rows(limbs[:32], 4))}
  }};
  return table[i];
}}

/// Any digit, 0 <= i < two_over_pi_digits.
LOWP_FN std::uint64_t two_over_pi(int i) noexcept {{
  if (i < 32) return two_over_pi_leading(i);
  constexpr std::uint64_t table[{count}] = {{
{chr(10).join(rows(limbs, 4))}
  }};
  return table[i];
}}

}}  // namespace lowp::detail

#endif  // LOWP_DETAIL_TWO_OVER_PI_HPP""")


if __name__ == "__main__":
    {"constants": constants, "two_over_pi": two_over_pi}[sys.argv[1]]()
