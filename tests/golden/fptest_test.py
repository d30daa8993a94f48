# SPDX-License-Identifier: Apache-2.0
"""lowp check on FPgen's lines: a sample worked out by hand, and lines of results computed with fractions.

usage: fptest_test.py PATH-OF-LOWP [PART-OF-A-NAME...]
test: GLD-15 lines of FPgen"""
import fractions
import pathlib
import random
import sys
import tempfile

from vector_tool import check, run, run_checks

SAMPLE = pathlib.Path(__file__).resolve().parents[1] / "data/fptest/sample.fptest"
Fraction = fractions.Fraction
PRECISION, LEAST, GREATEST = 24, -126, 127
LARGEST = (2 - Fraction(1, 2 ** 23)) * 2 ** GREATEST


def text_of(x, negative):
    """A number of binary32 as the lines have it."""
    sign = "-" if negative else "+"
    if x == 0:
        return sign + "Zero"
    if x > LARGEST:
        return sign + "Inf"
    exponent = max(exponent_of(x), LEAST)
    significand = x / Fraction(2) ** (exponent - PRECISION + 1)
    assert significand.denominator == 1
    hidden, trailing = divmod(int(significand), 1 << 23)
    return f"{sign}{hidden}.{trailing:06X}P{exponent}"


def exponent_of(x):
    exponent = x.numerator.bit_length() - x.denominator.bit_length()
    return exponent - 1 if Fraction(2) ** exponent > x else exponent


def rounded(x, negative, mode, least=LEAST):
    """The magnitude x to 24 bits."""
    step = Fraction(2) ** (max(exponent_of(x), least) - PRECISION + 1)
    down = x // step
    rest = x / step - down
    up = {"0": False, ">": not negative, "<": negative, "=0": rest > Fraction(1, 2) or (rest == Fraction(1, 2) and down % 2),
          "=^": rest >= Fraction(1, 2)}[mode]
    return (down + (1 if up and rest else 0)) * step


def result_of(x, mode):
    """Text and exceptions of a number that is not 0."""
    negative, x = x < 0, abs(x)
    r = rounded(x, negative, mode)
    flags = "x" if r != x else ""
    if r > LARGEST:
        flags = "xo"
        if mode == "0" or mode == (">" if negative else "<"):
            r = LARGEST
    elif x < Fraction(2) ** LEAST and r != x:
        flags += "u"  # tiny before rounding, and inexact
    return f"{text_of(r, negative)} {flags}"


def some_number(generator):
    exponent = generator.choice([-126, -125, -100, -24, -1, 0, 1, 23, 60, 126, 127])
    low = generator.choice([0, 1, 2, 0x7FFFFF, 0x7FFFFE, 0x400000, generator.randrange(1 << 23)])
    if exponent == -126 and generator.random() < 0.5 and low:
        x = Fraction(low) * Fraction(2) ** (-149)
    else:
        x = (1 + Fraction(low, 1 << 23)) * Fraction(2) ** exponent
    return -x if generator.random() < 0.5 else x


OPERATIONS = {"+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b,
              "*+": lambda a, b, c: a * b + c}


def computed_lines(count):
    generator = random.Random(15)
    lines = []
    while len(lines) < count:
        symbol = generator.choice(list(OPERATIONS))
        mode = generator.choice(["=0", "=^", "0", ">", "<"])
        operands = [some_number(generator) for _ in range(3 if symbol == "*+" else 2)]
        exact = OPERATIONS[symbol](*operands)
        if exact:
            texts = " ".join(text_of(abs(x), x < 0) for x in operands)
            lines.append(f"b32{symbol} {mode} {texts} -> {result_of(exact, mode)}")
    return lines


def the_sample_is_right():
    for arguments in ([], ["--as", "fptest"]):
        status, out, err = run("check", str(SAMPLE), *arguments)
        out = out.decode()
        assert status == 0 and not err, (out, err)
        assert "0 mismatches" in out and sum(int(line.split(": ")[1].split()[0]) for line in out.splitlines()
                                             if "mismatch" in line) == 22, out
        for text in ("not checked: 2 lines of 'b32?-', not covered\n", "not checked: 1 line of 'b32cfi', not covered\n",
                     "not checked: 1 line of 'd64+', not covered\n", "not checked: 2 lines with a trap that is taken\n"):
            assert text in out, (text, out)


def computed_results_are_right():
    lines = computed_lines(2000)
    status, out, err = check(("\n".join(["text", "", *lines]) + "\n").encode())
    assert status == 0 and "not checked" not in out, (out[:1000], err)
    for name in ("add", "subtract", "multiply", "divide", "fma"):
        assert out.count(f"{name} binary32") == 5, out


def wrong_results_are_found():
    for wrong, texts in {
            "b32+ =0 +1.000000P0 +1.000000P0 -> +1.000001P1 ": ["line 2: ", "expected 0x40000000", "got      0x40000001"],
            "b32* =0 +1.7FFFFFP127 +1.000000P1 -> +Inf x": ["line 2: ", "overflow"],
            "b32/ =0 +1.000000P0 +Zero -> +Inf ": ["divide", "by zero"],
            "b32V =0 +1.000000P1 -> Q i": ["line 2: ", "expected 0x3fb504f3"],
            "b32b16cff 0 +1.000001P0 -> +1.001P0 x": ["expected 0x3c00"]}.items():
        status, out, _ = check(f"A remark\n{wrong}\n".encode())
        assert status == 1 and "1 case, 1 mismatch" in out, (wrong, out)
        assert all(t in out for t in texts), (texts, out)


def malformed_lines_are_refused():
    good = "b32+ =0 +1.000000P0 +1.000000P0 -> +1.000000P1"
    for bad, texts in {
            "b32+ =0 +1.000000P0 -> +1.000000P1": ["1 operand, 'b32+' has 2"],
            "b32+ =0 +1.000000P0 +1.000000P0 +Zero -> +Zero": ["3 operands"],
            "b32+ =1 +Zero +Zero -> +Zero": ["'=1' is no rounding", "=0"],
            "x32+ =0 +Zero +Zero -> +Zero": ["'x32+' begins with no format"],
            "b32+ =0 +2.000000P0 +Zero -> +Zero": ["'+2.000000P0' is no operand of binary32"],
            "b32+ =0 1.000000P0 +Zero -> +Zero": ["'1.000000P0' is no operand", "sign"],
            "b32+ =0 +1.00000P0 +Zero -> +Zero": ["'+1.00000P0'", "6 digits"],
            "b32+ =0 +1.800000P0 +Zero -> +Zero": ["'+1.800000P0'", "23 bits"],
            "b32+ =0 +1.00000GP0 +Zero -> +Zero": ["'+1.00000GP0'", "23 bits"],
            "b32+ =0 +1.000000P128 +Zero -> +Zero": ["'+1.000000P128'", "-126 to 127"],
            "b32+ =0 +1.000000P +Zero -> +Zero": ["-126 to 127"],
            "b32+ =0 +0.000001P0 +Zero -> +Zero": ["hidden bit 0", "-126"],
            "b32+ =0 +Zero +Zero -> +Zero y": ["'y' is no list of exceptions"],
            "b32+ =0 +Zero +Zero -> +Zero x x": ["no line of operation"],
            "b32+ =0 +Zero +Zero ->": ["no line of operation"],
            "b32+ =0 +Zero +Zero +Zero": ["no line of operation"]}.items():
        status, out, err = check(f"{good}\n{bad}\n".encode())
        assert status == 2 and not out and "line 2: " in err, (bad, out, err)
        assert all(t in err for t in texts), (texts, err)
    status, out, err = check(f"{good}\n".encode(), "--claim", "add binary32")
    assert status == 2 and "--claim says 'add binary32'" in err, (out, err)
    assert check(f"{good}\n".encode(), "--as", "fptets")[2].count("nearest: fptest") == 1


def nothing_checked_is_no_success():
    for data in (b"b32?- =0 -Zero -> 0x1\n", b"b32V =0 i -Inf -> # i\n"):
        status, out, err = check(data)
        assert status == 1 and "not checked: 1 line" in out and "no rows that are covered" in err, (out, err)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "empty.fptest")
        path.write_bytes(b"Floating point tests\n\n")
        status, out, err = run("check", str(path), "--as", "fptest")
        assert status == 1 and b"no case was checked" in err, (out, err)


sys.exit(run_checks([(f.__name__, f) for f in (the_sample_is_right, computed_results_are_right, wrong_results_are_found,
                                               malformed_lines_are_refused, nothing_checked_is_no_success)]))
