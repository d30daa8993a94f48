# SPDX-License-Identifier: Apache-2.0
"""Claims of codecs between ranks: vectors against formulas of FBGEMM and OCP MX written down in Python, and
programs that exchange nibbles or take other constants, which are explained.

usage: wires_test.py PATH-OF-LOWP [PART-OF-A-NAME...]
test: GLD-2 claims of codecs"""
import fractions
import json
import math
import pathlib
import struct
import sys
import tempfile

from vector_tool import check, lines_of, rows_of, run, run_checks, vectors

SHORT = ["--budget", "2"]
E2M1 = [0, 0.5, 1, 1.5, 2, 3, 4, 6]


def rounded(x, kind):
    """A finite double or an infinity as binary32 (f) or binary16 (e), nearest even."""
    if math.isinf(x) or math.isnan(x):
        return x
    try:
        return struct.unpack(kind, struct.pack(kind, x))[0]
    except OverflowError:
        return math.copysign(math.inf, x)


def f32(x):
    """Sums, differences, products and quotients of binary32 in double round to what binary32 has."""
    return rounded(x, "<f")


def exactly(x):
    """The binary32 number nearest to a fraction, ties to even."""
    if x == 0:
        return 0.0
    exponent = -149
    while abs(x) >= fractions.Fraction(2) ** (exponent + 24):
        exponent += 1
    return f32(float(round(x / fractions.Fraction(2) ** exponent)) * 2.0 ** exponent)


def number(code):
    return struct.unpack("<f", struct.pack("<I", code))[0]


def code(x):
    return struct.unpack("<I", struct.pack("<f", x))[0]


def ends(x):
    """The least and the greatest; of equal ones (zeros) the first."""
    low = high = x[0]
    for v in x:
        low, high = (v if v < low else low), (v if v > high else high)
    return low, high


def int8_row(x):
    low, high = ends(x)
    span = f32(high - low)
    inverse = f32(255 / f32(span + number(code(f32(1e-8)))))
    codes = [round(f32(f32(v - low) * inverse)) if math.isfinite(span) else 0 for v in x]
    return bytes(codes) + struct.pack("<ff", f32(span / 255), low)


def int4_row(x):
    low, high = ends(x)
    bias = rounded(low, "<e")
    span = f32(high - bias)
    scale = 1.0 if span == 0 else rounded(f32(span / 15), "<e")
    scale = scale or 1.0
    inverse = f32(1 / scale)
    codes = [min(max(round(f32(f32(v - bias) * inverse)), 0), 15) for v in x]
    codes += [0] * (len(x) % 2)
    packed = bytes(codes[i] | codes[i + 1] << 4 for i in range(0, len(codes), 2))
    return packed + struct.pack("<ee", scale, bias)


def in_rows(encode, x, row):
    return b"".join(encode(x[i:i + row]) for i in range(0, len(x), row))


def encoders_are_right():
    """Of rows without NaN, infinities and such whose parameters overflow: those are lowp's own."""
    for claim, encode, greatest in (("wire int8 n=40 row=32", int8_row, 1e38), ("wire int4 n=39 row=32", int4_row, 6e4),
                                    ("wire fbgemm_int8_cpu n=70", int8_row, 1e38)):
        n, counted = int(claim.split("n=")[1].split()[0]), 0
        for row in rows_of(vectors(claim, "--count", "3000")):
            x = [number(v) for v in row[:n]]
            if not all(abs(v) < greatest for v in x):
                continue
            counted += 1
            expected = in_rows(encode, x, 32)
            assert bytes(row[n:]) == expected, (claim, x, bytes(row[n:]).hex(), expected.hex())
        assert counted > 1000, (claim, counted)


def numbers_are_right():
    """Nearest even, saturating; NaN as it may."""
    for claim, kind, most in (("wire bf16 n=8", None, 0x7f7f), ("wire fp16 n=8", "<e", 0x7bff)):
        for row in rows_of(vectors(claim, "--count", "4000")):
            for i, bits in enumerate(row[:8]):
                got = row[8 + 2 * i] | row[9 + 2 * i] << 8
                x = number(bits)
                if math.isnan(x):
                    continue
                if kind is None:
                    expected = (bits >> 16) + ((bits & 0xffff) + (bits >> 16 & 1) > 0x8000)
                else:
                    expected = struct.unpack("<H", struct.pack("<e", rounded(x, "<e")))[0]
                expected = min(expected & 0x7fff, most) | expected & 0x8000 if bits & 0x7fffffff < 0x7f800000 else \
                    most | bits >> 16 & 0x8000
                assert got == expected, (claim, hex(bits), hex(got), hex(expected))


def decoders_are_right():
    """Integers in one rounding; E2M1 times a power of two."""
    for row in rows_of(vectors("unwire int8 n=5 row=5", "--count", "3000")):
        scale, bias = struct.unpack("<ff", bytes(row[5:13]))
        if not (math.isfinite(scale) and math.isfinite(bias)):
            continue
        for q, got in zip(row[:5], row[13:]):
            product = fractions.Fraction(q) * fractions.Fraction(scale) + fractions.Fraction(bias)
            if abs(product) < 2 ** 127 and product != 0:
                assert number(got) == exactly(product), (row, q)
    for row in rows_of(vectors("unwire mxfp4 n=40 row=32", "--count", "2000")):
        data, out = row[:22], row[22:]
        for i, got in enumerate(out):
            at, scale = (i // 2, data[16]) if i < 32 else (17 + (i - 32) // 2, data[21])
            c = data[at] >> 4 * (i % 2) & 15
            if scale == 255:
                assert math.isnan(number(got)), (row, i)
            else:
                x = f32(math.ldexp(E2M1[c & 7], scale - 127))
                assert got == code(x) | (c & 8) << 28, (row, i)


def every_codec_has_vectors():
    """Of its own row length, with rotation, random bits and a short last row; the same are right for lowp check."""
    codecs = json.loads(run("codecs", "--as", "json")[1])
    assert len(codecs) >= 20
    for codec in codecs:
        n = codec["row"] + 3
        claims = [f"wire {codec['codec']} n={n}", f"unwire {codec['codec']} n={n}", f"wire {codec['codec']} n={n} stochastic=8",
                  f"wire {codec['codec']} row=128 hadamard=16 n=150"]
        for claim in claims:
            data = vectors(claim, "--count", "20", "--as", "jsonl")
            status, out, err = check(data)
            assert status == 0 and "20 cases, 0 mismatches" in out, (claim, out, err)
        bytes_of_message = len(rows_of(vectors(claims[0], "--count", "1"))[0]) - n
        assert bytes_of_message > codec["bytes_of_row"], (claims[0], bytes_of_message)
    plain, rotated = (vectors(f"wire int8 n=32{words}", "--count", "50") for words in ("", " hadamard=16"))
    assert plain != rotated
    other = vectors("wire int8 n=32 hadamard=16 hadamard_seed=5", "--count", "50")
    assert rotated != other


def wrong_bytes_are_found():
    lines = lines_of(vectors("wire mxfp4 n=40 row=32", "--count", "100"))
    fields = lines[70].split(" ")
    fields[40 + 16] = f"{int(fields[56], 16) ^ 1:02X}"
    lines[70] = " ".join(fields)
    status, out, _ = check("\n".join(lines).encode() + b"\n", "--claim", "wire mxfp4 n=40 row=32")
    assert status == 1 and "line 71" in out and "bytes[16]" in out, out


PROGRAM = """import struct, sys
for line in sys.stdin:
    data = bytes(int(f, 16) for f in line.split())
    if {swaps}: data = bytes(b >> 4 | b << 4 & 255 for b in data[:16]) + data[16:]
    out = []
    for i in range(32):
        c = data[i // 2] >> 4 * (i % 2) & 15
        x = [0, 0.5, 1, 1.5, 2, 3, 4, 6][c & 7]
        try: bits = struct.unpack("<I", struct.pack("<f", x * 2.0 ** (data[16] - 127)))[0]
        except OverflowError: bits = 0x7f800000
        out.append("%08X" % (0x7fc00000 if data[16] == 255 else bits | (c & 8) << 28))
    print(" ".join(out))
"""


def programs_are_checked():
    """Somebody's decoder of MX4, right and with its nibbles exchanged."""
    with tempfile.TemporaryDirectory() as folder:
        for swaps in (False, True):
            path = pathlib.Path(folder) / f"mx4_{swaps}.py"
            path.write_text(PROGRAM.format(swaps=swaps), encoding="ascii")
            status, out, err = run("verify", "--command", f"{sys.executable} {path}", "--claim", "unwire fbgemm_mx4", *SHORT)
            assert status == int(swaps), (out.decode(), err.decode())
            assert ("exchanged" in out.decode()) == swaps, out


BAD = [
    ("wire mxfp", ["'mxfp'", "mxfp4"]),
    ("wire", ["the codec"]),
    ("wire int8 n=0", ["n", "0", "1024"]),
    ("wire int8 row=4097", ["row", "4097", "4096"]),
    ("wire mxfp4 row=48", ["wire: mxfp4", "fill rows"]),
    ("wire int8 hadamard=24", ["wire: int8", "power of two"]),
    ("wire int8 stochastic=17", ["stochastic", "17", "16"]),
    ("unwire int8 stochastic=8", ["stochastic"]),
    ("wire int8 rows=32", ["rows"]),
]


def bad_claims_are_refused():
    for claim, words in BAD:
        status, out, err = run("vectors", claim)
        assert status == 2 and not out and all(w in err.decode() for w in words), (claim, err)


sys.exit(run_checks([(f.__name__, f) for f in (
    encoders_are_right, numbers_are_right, decoders_are_right, every_codec_has_vectors, wrong_bytes_are_found,
    programs_are_checked, bad_claims_are_refused)]))
