# SPDX-License-Identifier: Apache-2.0
"""Minifloats as fractions, written apart from lowp."""
import fractions

Fraction = fractions.Fraction

FORMATS = {"binary16": (5, 10, "ieee"), "binary32": (8, 23, "ieee"), "bfloat16": (8, 7, "ieee"),
           "e5m2": (5, 2, "ieee"), "e4m3fn": (4, 3, "fn"), "e2m1": (2, 1, "finite")}


def width(name):
    return 1 + sum(FORMATS[name][:2])


def decode(name, code):
    """A fraction, or "inf", "-inf", "nan"; the sign of zero is lost."""
    e, t, style = FORMATS[name]
    sign = -1 if code >> (e + t) & 1 else 1
    field, low = code >> t & (1 << e) - 1, code & (1 << t) - 1
    bias = (1 << (e - 1)) - 1
    if style == "ieee" and field == (1 << e) - 1:
        return "nan" if low else "inf" if sign > 0 else "-inf"
    if style == "fn" and field == (1 << e) - 1 and low == (1 << t) - 1:
        return "nan"
    if field == 0:
        return sign * Fraction(low, 1 << t) * Fraction(2) ** (1 - bias)
    return sign * (1 + Fraction(low, 1 << t)) * Fraction(2) ** (field - bias)


def nearest_even(name, x):
    """The magnitude code of a positive fraction, unbounded above: a code too great means overflow."""
    e, t, _ = FORMATS[name]
    bias = (1 << (e - 1)) - 1
    exponent = x.numerator.bit_length() - x.denominator.bit_length()
    if Fraction(2) ** exponent > x:
        exponent -= 1
    exponent = max(exponent, 1 - bias)
    step = Fraction(2) ** (exponent - t)
    n = round(x / step)  # ties to even
    # Subnormals have field 0, all others the implicit bit in n: one formula for both.
    return ((exponent + bias - 1) << t) + n


def expected(name, x, sign_of_zero=0):
    """The code, and whether it is inexact; x is a fraction."""
    e, t, style = FORMATS[name]
    sign = (1 << (e + t)) if x < 0 or (x == 0 and sign_of_zero) else 0
    if x == 0:
        return sign
    code = nearest_even(name, abs(x))
    top = {"ieee": ((1 << e) - 1) << t, "fn": (1 << (e + t)) - 1, "finite": 1 << (e + t)}[style]
    if code >= top:
        code = {"ieee": top, "fn": top, "finite": top - 1}[style]
    return code | sign


def rounded_unbounded(x):
    """A positive fraction rounded to 11 bits."""
    exponent = x.numerator.bit_length() - x.denominator.bit_length()
    if Fraction(2) ** exponent > x:
        exponent -= 1
    step = Fraction(2) ** (exponent - 10)
    return round(x / step) * step
