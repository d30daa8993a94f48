# SPDX-License-Identifier: Apache-2.0
"""The values that lowp table and lowp show give, against fractions computed from scratch.

usage: table_test.py PATH-OF-LOWP"""
import csv
from fractions import Fraction
import io
import json
import math
import pathlib
import re
import sys

from tool import output_of, rows_of, run_checks
from values import read_hex, read_ratio, value_of

SPEC = pathlib.Path(__file__).resolve().parents[2] / "spec"
FORMATS = json.loads((SPEC / "formats.json").read_text(encoding="ascii"))["formats"]


def check_row(m, code, row):
    """One row of a table against the value from scratch."""
    width = m["width"]
    assert row["code"] == f"0x{code:0{(width + 3) // 4}x}" and row["bits"].replace("'", "") == f"0b{code:0{width}b}", row
    value = value_of(m, code)
    if m["kind"] == "minifloat":
        t, e = m["precision"] - 1, width - m["is_signed"] - m["precision"] + 1
        fields = (code >> (t + e) if m["is_signed"] else None, code >> t & (1 << e) - 1, code & (1 << t) - 1 if t else None)
        assert (row["sign"], row["exponent"], row["significand"]) == fields, row
    if value is None:
        return
    if isinstance(value, float):
        assert row["value"].lstrip("-") == row["ratio"].lstrip("-") == ("nan" if math.isnan(value) else "inf"), row
        assert math.isnan(value) or (row["value"][0] == "-") == (value < 0), row
        assert row["class"] == ("quiet NaN" if math.isnan(value) else "negative infinity" if value < 0 else "positive infinity") \
            or row["class"] == "signalling NaN" and m["nans"] == "ieee", row
        return
    assert Fraction(row["value"]) == read_ratio(row["ratio"]) == value, row
    assert m["kind"] == "fixed_point" or read_hex(row["hex"]) == value, row
    assert ("zero" in row["class"]) == (value == 0), row
    assert value == 0 or row["class"].startswith("negative") == (value < 0), row


def tables_of_narrow_formats_are_right():
    """Every code of every registered format of up to 8 bits; what has no formula against the table of the oracle."""
    for f in FORMATS:
        m = f["members"]
        if m["width"] > 8:
            continue
        rows = rows_of("table", f["name"])
        assert len(rows) == 2 ** m["width"], f["name"]
        oracle = list(csv.DictReader((SPEC / "values" / f"{f['name']}.csv").open(encoding="ascii")))
        for code, (row, known) in enumerate(zip(rows, oracle)):
            check_row(m, code, row)
            assert row["class"].replace(" ", "_").lower() == known["class"].lower(), (row, known)
            if m["kind"] == "codebook":
                assert Fraction(row["value"]) == read_hex(known["value"]), (row, known)
            if m["kind"] == "logarithmic" and known["class"].endswith("normal"):
                numerator = int(row["ratio"].split("(")[1].split("/")[0]) if "(" in row["ratio"] else None
                exact = 2.0 ** (numerator / 8) if numerator is not None else abs(float(read_ratio(row["ratio"])))
                assert math.isclose(exact, abs(float(row["shortest"])), rel_tol=0.05), row
                assert abs(float(row["value"].rstrip(".")) / exact) - 1 < 1e-14, row


def parts_of_wide_tables_are_right():
    """Ranges by codes and by numbers; 16 bits in one piece."""
    half, single, double = (next(f["members"] for f in FORMATS if f["name"] == name)
                            for name in ("binary16", "binary32", "binary64"))
    rows = list(csv.DictReader(io.StringIO(output_of("table", "binary16", "--as", "csv"))))
    assert len(rows) == 65536
    for code in (*range(0, 65536, 97), 65535):
        row = {k: int(v) if k in ("sign", "exponent", "significand") else v for k, v in rows[code].items()}
        check_row(half, code, row)
    for name, m, first, last, begin, end in (("binary32", single, "1", "1.00001", 0x3F800000, 0x3F800054),
                                             ("float64", double, "0x7feffffffffffff0", "inf", 0x7FEFFFFFFFFFFFF0, 0x7FF << 52),
                                             ("binary64", double, "0", "5e-324", 0, 1)):
        rows = rows_of("table", name, "--from", first, "--to", last)
        assert len(rows) == end - begin + 1, (name, len(rows))
        for i, row in enumerate(rows):
            check_row(m, begin + i, row)
    assert len(rows_of("table", "uint64", "--from", "0xffffffffffffffff")) == 1


def tables_can_be_read():
    """Text and Markdown of a small format."""
    lines = output_of("table", "e2m1").splitlines()
    assert len(lines) == 17 and re.split(r"\s{2,}", lines[4]) == ["0x3", "0b0'01'1", "positive normal", "1.5", "3/2", "0x1.8p+0"]
    assert "| 0x3 | 0b0'01'1 | positive normal | 1.5 | 3/2 | 0x1.8p+0 |" in output_of("table", "e2m1", "--as", "markdown")


def other_formats_hold_what_they_say():
    """What each format makes of a value, its error, and whether it is exact, against fractions."""
    members = {f["name"]: f["members"] for f in FORMATS}
    for name, text in (("e4m3fn", "0x2a"), ("binary64", "0.1"), ("e5m2", "-57344"), ("binary32", "3"), ("e8m0fnu", "0x00")):
        first, *others = rows_of("show", name, text)
        assert first["format"] == name and len(others) > 60
        value = value_of(members[name], int(first["code"], 16))
        for row in others:
            there = value_of(members[row["format"]], int(row["code"], 16))
            if there is None:
                continue
            assert (row["outcome"] == "exact") == (there == value), row
            if row["error"] is None or row["error"].startswith("about"):
                assert row["error"] or there == value or isinstance(there, float), row
                continue
            assert read_ratio(row["error"]) == there - value, row
            assert math.isclose(float(row["relative_error"]), float((there - value) / abs(value)), rel_tol=1e-5), row
            # Posits and takums never round to zero.
            if row["outcome"] == "rounded" and members[row["format"]]["kind"] not in ("posit", "takum"):
                nearest = min(abs(value_of(members[row["format"]], int(row[k], 16)) - value) for k in ("below", "above") if row[k]
                              and not isinstance(value_of(members[row["format"]], int(row[k], 16)), float))
                assert abs(there - value) <= nearest or there == 0, row


def specials_are_told():
    """What becomes of zeros, infinities, NaN and what is too great, in words."""
    for arguments, wanted in ((["e4m3fn", "-0"], {"binary16": "exact", "e4m3fnuz": "sign of zero lost", "e8m0fnu": "no zero"}),
                              (["e5m2", "57344"], {"e4m3": "overflow", "e4m3fn": "becomes NaN", "e2m1": "saturated"}),
                              (["e5m2", "-inf"], {"hifloat8": "exact", "e2m1": "no infinity", "posit8": "becomes NaN"}),
                              (["e5m2", "nan"], {"posit8": "NaN", "e2m1": "no NaN"}),
                              (["e5m2", "0x01"], {"binary16": "exact", "e2m1": "becomes zero", "posit8": "exact"})):
        outcomes = {row["format"]: row["outcome"] for row in rows_of("show", *arguments)}
        assert {name: outcomes[name] for name in wanted} == wanted, (arguments, outcomes)


sys.exit(run_checks([], [
    tables_of_narrow_formats_are_right, parts_of_wide_tables_are_right, tables_can_be_read,
    other_formats_hold_what_they_say, specials_are_told]))
