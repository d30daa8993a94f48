# SPDX-License-Identifier: Apache-2.0
"""The value of a code, from the description of its format in spec/formats.json and the text of spec/values.md, in exact
fractions: written for the tests of the tool, without a look at include/."""
from fractions import Fraction
import re

INF, NAN = float("inf"), float("nan")


def power(exponent):
    return Fraction(2) ** exponent


def minifloat(m, code):
    magnitude_bits = m["width"] - m["is_signed"]
    negative, magnitude = code >> magnitude_bits, code & ((1 << magnitude_bits) - 1)
    t = m["precision"] - 1
    field, fraction = magnitude >> t, magnitude & ((1 << t) - 1)
    greatest = (1 << magnitude_bits) - 1
    if m["nans"] == "ieee" and field == greatest >> t:
        return NAN if fraction or not m["has_infinity"] else -INF if negative else INF
    if m["nans"] == "negative_zero" and negative and magnitude == 0:
        return NAN
    if m["nans"] == "top" and magnitude == greatest:
        return NAN
    if m["has_infinity"] and magnitude == greatest - (m["nans"] == "top"):
        return -INF if negative else INF
    if field == 0 and m["bottom"] != "no_zero":
        if m["bottom"] == "zero_only":
            value = (Fraction(1) + Fraction(fraction, 1 << t)) * power(-m["bias"]) if fraction else Fraction(0)
        else:
            value = Fraction(fraction, 1 << t) * power((m["bottom"] == "gradual") - m["bias"])
    else:
        value = (1 + Fraction(fraction, 1 << t)) * power(field - m["bias"])
    return -value if negative else value


def fixed_point(m, code):
    if m["is_signed"] and code >> (m["width"] - 1):
        code -= 1 << m["width"]
    return code * power(-m["bias"])


def tapered(m, code, positive):
    """Posits and takums: zero, NaR, and two's complement around the value of a positive code."""
    width = m["width"]
    if code == 0:
        return Fraction(0)
    if code == 1 << (width - 1):
        return NAN
    if code >> (width - 1):
        return -positive(m, format((1 << width) - code, f"0{width}b")[1:])
    return positive(m, format(code, f"0{width}b")[1:])


def significand(bits):
    return 1 + (Fraction(int(bits, 2), 1 << len(bits)) if bits else 0)


def positive_posit(m, bits):
    run = len(bits) - len(bits.lstrip(bits[0]))
    regime = run - 1 if bits[0] == "1" else -run
    es = m["exponent_bits"]
    rest = bits[run + 1:]
    exponent = int(rest[:es].ljust(es, "0") or "0", 2)
    return significand(rest[es:]) * power(regime * 2 ** es + exponent)


def positive_takum(_, bits):
    bits = bits + "0" * 16
    up, regime = bits[0] == "1", int(bits[1:4], 2)
    r = regime if up else 7 - regime
    c = int(bits[4:4 + r] or "0", 2)
    characteristic = 2 ** r - 1 + c if up else 1 - 2 ** (r + 1) + c
    return significand(bits[4 + r:]) * power(characteristic)


def hifloat8(_, code):
    bits = format(code & 0x7F, "07b")
    negative = code >> 7
    if code & 0x7F == 0x6F:
        return -INF if negative else INF
    if code & 0x7F == 0:
        return NAN if negative else Fraction(0)
    if bits.startswith("0000"):
        value = power(int(bits, 2) - 23)
    elif bits.startswith("0001"):
        value = significand(bits[4:])
    else:
        stored, prefix = {"001": (0, 3), "010": (1, 2), "011": (1, 2)}.get(bits[:3], (int(bits[:2], 2), 2))
        sign, size = bits[prefix], "1" + bits[prefix + 1:prefix + 1 + stored]
        exponent = int(size, 2) * (-1 if sign == "1" else 1)
        value = significand(bits[prefix + 1 + stored:]) * power(exponent)
    return -value if negative else value


def value_of(m, code):
    """A Fraction, an infinity or NaN; None for logarithms and tables."""
    kind = m["kind"]
    if kind == "minifloat":
        return minifloat(m, code)
    if kind == "fixed_point":
        return fixed_point(m, code)
    if kind == "posit":
        return tapered(m, code, positive_posit)
    if kind == "takum":
        return tapered(m, code, positive_takum)
    return hifloat8(m, code) if kind == "hifloat8" else None


def read_ratio(text):
    """5/16, 31 x 2^250, -2^-24."""
    sign, text = (-1, text[1:]) if text.startswith("-") else (1, text)
    factor, _, power = text.rpartition(" x ") if "^" in text else ("", "", "")
    if not power and "^" in text:
        power = text
    if power:
        return sign * Fraction(factor or 1) * Fraction(2) ** int(power[2:])
    return sign * Fraction(text)


def read_hex(text):
    """0x1.8p-3, without the limits of binary64."""
    sign, whole, fraction, exponent = re.fullmatch(r"(-?)0x([01])\.?([0-9a-f]*)p([+-]\d+)", text).groups()
    value = (int(whole) + Fraction(int(fraction or "0", 16), 16 ** len(fraction))) * Fraction(2) ** int(exponent)
    return -value if sign else value
