# SPDX-License-Identifier: Apache-2.0
"""lowp vectors from outside: every format of files read by code of our own, values against exact fractions.

usage: vectors_test.py PATH-OF-LOWP [PART-OF-A-NAME...]
test: GLD-10 claims by name
test: GLD-11 lines
test: GLD-12 files"""
import ast
import csv
import hashlib
import io
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from vector_oracle import Fraction, decode, expected, rounded_unbounded, width
from vector_tool import CLAIMS, COUNT, LOWP, check, lines_of, plain_rows, rows_of, run, run_checks, vectors

try:
    import numpy
except ImportError:
    numpy = None


def conversions_are_right():
    for source, target in (("binary32", "e4m3fn"), ("binary16", "e5m2"), ("bfloat16", "e2m1"), ("binary32", "bfloat16"),
                           ("binary32", "binary16")):
        seen = 0
        rows = rows_of(vectors("convert", source, target))
        step = max(1, len(rows) // 20000)
        for operand, result in rows[::step]:
            x = decode(source, operand)
            if not isinstance(x, Fraction):
                continue
            seen += 1
            want = expected(target, x, operand >> (width(source) - 1))
            assert result == want, (source, target, hex(operand), hex(result), hex(want))
        assert seen > 1000 or width(source) < 16, (source, target, seen)


def sums_and_products_are_right():
    operations = {"add": lambda a, b: a + b, "multiply": lambda a, b: a * b, "subtract": lambda a, b: a - b}
    for name, of in operations.items():
        for f in ("binary16", "e5m2", "binary32"):
            seen = 0
            for a, b, result in rows_of(vectors(name, f, "--cases", "random", "--count", "4000", "--seed", "5")):
                x, y = decode(f, a), decode(f, b)
                if not isinstance(x, Fraction) or not isinstance(y, Fraction) or of(x, y) == 0:
                    continue
                seen += 1
                assert result == expected(f, of(x, y)), (name, f, hex(a), hex(b), hex(result))
            assert seen > 1000


def exhaustive_is_all_in_order():
    rows = rows_of(vectors("multiply", "e5m2", "--cases", "exhaustive"))
    assert [(a << 8) | b for a, b, _ in rows] == list(range(65536))
    for a, b, result in rows:
        x, y = decode("e5m2", a), decode("e5m2", b)
        if isinstance(x, Fraction) and isinstance(y, Fraction):
            assert result == expected("e5m2", x * y, (a ^ b) >> 7), (a, b, result)


def dot_products_are_right():
    """Sums that binary32 holds exactly, in a unit that adds without rounding but at the end."""
    seen = 0
    for *o, d in rows_of(vectors("dot", "generic.exact.f32.f16", "--cases", "random", "--count", "3000")):
        k = (len(o) - 1) // 2
        values = [decode("binary16", c) for c in o[:2 * k]] + [decode("binary32", o[2 * k])]
        if not all(isinstance(v, Fraction) for v in values):
            continue
        total = sum(a * b for a, b in zip(values[:k], values[k:2 * k])) + values[2 * k]
        if total != 0:
            seen += 1
            assert d == expected("binary32", total), (o, hex(d))
    assert seen > 300, seen


def flags_are_right():
    """Recorded lines of TestFloat 3e, and the flags of a conversion by the rules of IEEE 754."""
    status, out, err = check(b"87FF E850 E850 01\n", "--claim", "f16_add")
    assert status == 0, out + err
    least_normal = Fraction(1, 1 << 14)
    for operand, result, flags in rows_of(vectors("f32_to_f16"))[::7]:
        x = decode("binary32", operand)
        if not isinstance(x, Fraction):
            signalling = x == "nan" and not operand >> 22 & 1
            assert flags == (16 if signalling else 0), (hex(operand), flags)
            continue
        y = decode("binary16", result)
        inexact = x != y
        overflow = y in ("inf", "-inf")
        # Tiny after rounding: with an exponent without bounds it would be below the least normal.
        tiny = x != 0 and rounded_unbounded(abs(x)) < least_normal
        want = (1 if inexact else 0) | (4 if overflow else 0) | (2 if inexact and tiny else 0)
        assert flags == want, (hex(operand), hex(result), flags, want)


def lines_are_testfloats():
    """Upper case, as many digits as the width needs, single blanks; random bits before the result."""
    shapes = {"f16_add": [4, 4, 4, 2], "f32_to_bf16": [8, 4, 2], "e5m2_mulAdd": [2, 2, 2, 2, 2], "f16_lt": [4, 4, 1],
              "f64_to_f32": [16, 8, 2], "i32_to_f16": [8, 4, 2], "e2m1_add": [1, 1, 1, 2], "bf16_sqrt": [4, 4, 2],
              "convert binary32 bfloat16 round=stochastic_a random_bits=16": [8, 8, 4], "f32_to_e4m3fn": [8, 2, 2],
              "cfloat16_shp_to_f32": [4, 8, 2], "f32_to_cfloat16_shp": [8, 4, 2], "f16_roundToInt": [4, 4, 2],
              "dot avx512_bf16.vdpbf16ps": [4, 4, 4, 4, 8, 8], "convert tf32 e3m2": [5, 2]}
    for claim, digits in shapes.items():
        pattern = re.compile(" ".join(f"[0-9A-F]{{{n}}}" for n in digits))
        for line in lines_of(vectors(claim, "--count", "300")):
            assert pattern.fullmatch(line), (claim, line)
    assert lines_of(vectors("f16_add", "--no-flags", "--count", "1"))[0].count(" ") == 2
    assert lines_of(vectors("add", "binary16", "--flags", "--count", "1"))[0].count(" ") == 3
    assert lines_of(vectors("f16_add", "--operands-only", "--count", "1"))[0].count(" ") == 1
    assert lines_of(vectors("f16_add", "--join", "_", "--count", "1"))[0].count("_") == 3


def readmemh_is_words():
    for claim in CLAIMS:
        out = lines_of(vectors(claim, "--count", COUNT, "--as", "readmemh"))
        words = [line.split("_") for line in out if not line.startswith("//")]
        assert words == plain_rows(claim), claim
        remarks = "\n".join(line for line in out if line.startswith("//"))
        assert "claim: " in remarks and "seed 1" in remarks and f"cases: {COUNT}" in remarks and "lowp vectors " in remarks
        bits = int(re.search(r"word: (\d+) bits", remarks).group(1))
        assert all(4 * len("".join(w)) == bits for w in words), claim
        # The places that it names hold the fields.
        ranges = re.findall(r" (\d+):(\d+)", remarks)
        assert len(ranges) == len(words[0])
        for word in words[:20]:
            number = int("".join(word), 16)
            assert [number >> int(low) & (1 << int(high) - int(low) + 1) - 1 for high, low in ranges] == \
                [int(field, 16) for field in word]


def csv_is_read():
    for claim in CLAIMS:
        text = vectors(claim, "--count", COUNT, "--as", "csv").decode("ascii")
        rows = list(csv.reader(line for line in io.StringIO(text) if not line.startswith("#")))
        assert all(field.startswith("0x") for row in rows[1:] for field in row)
        assert [[field[2:] for field in row] for row in rows[1:]] == plain_rows(claim), claim
        assert len(rows[0]) == len(rows[1]) and len(set(rows[0])) == len(rows[0]), rows[0]


def json_is_read():
    for claim in CLAIMS:
        header, *rows = [json.loads(line) for line in lines_of(vectors(claim, "--count", COUNT, "--as", "jsonl"))]
        assert header["cases"] == 500 and header["seed"] == 1 and header["kind"] == "directed", header
        names = [f["name"] for f in header["fields"]]
        flat = []
        for row in rows:
            assert list(row) == names
            flat.append([c for value in row.values() for c in (value if isinstance(value, list) else [value])])
        assert flat == plain_rows(claim), claim


def records(data, fields):
    """Rows of hexadecimal text from little-endian records."""
    out, at = [], 0
    while at < len(data):
        row = []
        for f in fields:
            for _ in range(f["count"]):
                row.append(f"{int.from_bytes(data[at:at + f['bytes']], 'little'):0{(f['bits'] + 3) // 4}X}")
                at += f["bytes"]
        out.append(row)
    assert at == len(data)
    return out


def binary_is_read():
    for claim in CLAIMS:
        data = vectors(claim, "--count", COUNT, "--as", "binary")
        assert data[:8] == b"LOWPVEC1"
        size = int.from_bytes(data[8:12], "little")
        assert (12 + size) % 64 == 0
        header = json.loads(data[12:12 + size])
        assert records(data[12 + size:], header["fields"]) == plain_rows(claim), claim


def npy_is_bytes():
    """The format as its definition says, without NumPy."""
    for claim in CLAIMS:
        data = vectors(claim, "--count", COUNT, "--as", "npy")
        assert data[:8] == b"\x93NUMPY\x01\x00"
        size = int.from_bytes(data[8:10], "little")
        assert (10 + size) % 64 == 0 and data[9 + size] == 10
        header = ast.literal_eval(data[10:10 + size].decode("ascii"))
        assert header["fortran_order"] is False and header["shape"] == (500,)
        fields = json.loads(lines_of(vectors(claim, "--count", COUNT, "--as", "jsonl"))[0])["fields"]
        types = [(f["name"], f"{'|' if f['bytes'] == 1 else '<'}u{f['bytes']}", *([(f["count"],)] if f["count"] > 1 else []))
                 for f in fields]
        assert header["descr"] == types, header
        assert records(data[10 + size:], fields) == plain_rows(claim), claim


def npy_is_read():
    if numpy is None:
        print("NumPy is not installed: its reader is not tried")
        return
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "v.npy")
        for claim in CLAIMS:
            assert vectors(claim, "--count", COUNT, "--as", "npy", "--output", str(path)) == b""
            array = numpy.load(path, allow_pickle=False)
            header = json.loads(lines_of(vectors(claim, "--count", COUNT, "--as", "jsonl"))[0])
            assert array.shape == (500,) and list(array.dtype.names) == [f["name"] for f in header["fields"]]
            assert records(array.tobytes(), header["fields"]) == plain_rows(claim), claim
            # What NumPy writes is read back.
            name = claim if claim != "f16_add" else "add binary16"
            again = ["--flags"] if claim == "f16_add" else []
            numpy.save(path, array)
            status, out, err = run("check", str(path), "--claim", name, *again)
            assert status == 0 and b"500 cases, 0 mismatches" in out, out + err


# Arguments after "vectors", and what the message must name.
BAD_VECTORS = [
    ([], ["CLAIM"]),
    ([""], ["claim is empty"]),
    (["f33_to_e4m3fn"], ["FORMAT", "'f33'", "f32"]),
    (["f32_to_e4m3fm"], ["'e4m3fm'", "e4m3fn"]),
    (["f16_ad"], ["'f16_ad'", "f16_add"]),
    (["nothing_at_all"], ["'nothing_at_all'", "FORMAT_to_FORMAT"]),
    (["ad", "binary16"], ["'ad'", "add"]),
    (["convert", "binary32"], ["convert", "missing"]),
    (["convert", "binary32", "e4m3fn", "?"], ["open"]),
    (["convert", "binary32", "e4m3fn", "overflow=saturat"], ["overflow", "'saturat'", "saturate"]),
    (["f32_to_e4m3fn", "owerflow=saturate"], ["'owerflow'", "overflow"]),
    (["f16_add", "--cases", "all"], ["--cases", "'all'", "exhaustive, directed, random"]),
    (["f32_add", "--cases", "exhaustive"], ["--cases exhaustive", "64 bits", "at most 32"]),
    (["f16_add", "--cases", "exhaustive", "--count", "5"], ["--count", "exhaustive"]),
    (["f16_add", "--count", "0"], ["--count", "'0'", "1 to"]),
    (["f16_add", "--count", "1e3"], ["--count", "'1e3'"]),
    (["f16_add", "--count", "-1"], ["--count", "'-1'"]),
    (["f16_add", "--seed", "x"], ["--seed", "'x'"]),
    (["f16_add", "--as", "testflot"], ["--as", "'testflot'", "testfloat"]),
    (["f16_add", "--join", ","], ["--join", "','"]),
    (["f16_add", "--as", "csv", "--join", "_"], ["--join", "csv"]),
    (["f16_add", "--output", ""], ["cannot write ''"]),
    (["f16_add", "--output", "/nonexistent/x"], ["/nonexistent/x", "No such file"]),
    (["f16_add", "--output", "/"], ["'/'", "directory"]),
    (["f16_add", "--flags", "--no-flags"], ["--flags", "--no-flags"]),
    (["compare", "less", "binary16", "--flags"], ["--flags", "compare less binary16"]),
    (["dot", "avx512_bf16.vdpbf16ps", "--flags"], ["--flags"]),
    (["f16_add", "--frob"], ["'--frob'"]),
]


def bad_usage(arguments, words):
    status, out, err = run(*arguments)
    text = err.decode("ascii", "replace")
    assert status == 2 and not out and text.startswith("lowp: ") and text.count("\n") == 1, (status, out, err)
    assert all(w in text for w in words), (arguments, text)


def nothing_is_half_written():
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "v.txt")
        path.write_text("precious", encoding="ascii")
        assert run("vectors", "f32_add", "--cases", "exhaustive", "--output", str(path))[0] == 2
        assert path.read_text(encoding="ascii") == "precious" and os.listdir(folder) == ["v.txt"]
        # Broken off: the file is as it was, and no other is left.
        p = subprocess.Popen([LOWP, "vectors", "f32_add", "--count", "1000000000", "--output", str(path)])
        try:
            p.wait(timeout=0.5)
        except subprocess.TimeoutExpired:
            p.kill()
        p.wait()
        assert path.read_text(encoding="ascii") == "precious" and os.listdir(folder) == ["v.txt"], os.listdir(folder)
        assert run("vectors", "f16_add", "--count", "7", "--output", str(path))[0] == 0
        assert len(path.read_text(encoding="ascii").splitlines()) == 7 and os.listdir(folder) == ["v.txt"]
    status, _, err = run("vectors", "f16_add", "--output", "/dev/full")
    assert status == 2 and b"/dev/full" in err, err


def same_everywhere():
    """Pure functions of claim, seed and number. The digests hold for version 0.1.0: who changes them changes the
    version or says so in spec/golden.md."""
    for claim, digest in (("f32_to_e4m3fn", "02b222491e5f4e2b"), ("e5m2_mulAdd", "d7a9dad6051323cc")):
        data = vectors(claim, "--cases", "random", "--count", "1000", "--seed", "7")
        assert data == vectors(claim, "--cases", "random", "--count", "1000", "--seed", "7")
        assert data != vectors(claim, "--cases", "random", "--count", "1000", "--seed", "8")
        assert hashlib.sha256(data).hexdigest()[:16] == digest, (claim, hashlib.sha256(data).hexdigest()[:16])
    assert vectors("f16_add", "--count", "100") == b"".join(vectors("f16_add").splitlines(True)[:100])


CHECKS = [(" ".join(["vectors", *a])[:70], lambda a=a, w=w: bad_usage(["vectors", *a], w)) for a, w in BAD_VECTORS]
CHECKS += [(f.__name__, f) for f in (
    conversions_are_right, sums_and_products_are_right, exhaustive_is_all_in_order, dot_products_are_right,
    flags_are_right, lines_are_testfloats, readmemh_is_words, csv_is_read, json_is_read, binary_is_read, npy_is_bytes,
    npy_is_read, nothing_is_half_written, same_everywhere)]

sys.exit(run_checks(CHECKS))
