# SPDX-License-Identifier: Apache-2.0
"""lowp check from outside: right results, wrong ones, malformed files, pipes, memory.

usage: check_test.py PATH-OF-LOWP [PART-OF-A-NAME...]
test: GLD-13 checks"""
import pathlib
import random
import subprocess
import sys
import tempfile

from vector_tool import CLAIMS, COUNT, LOWP, check, lines_of, run, run_checks, vectors


def every_format_passes_its_check():
    for claim in CLAIMS:
        for kind in ("testfloat", "csv", "jsonl", "binary", "readmemh", "npy"):
            data = vectors(claim, "--count", COUNT, "--as", kind)
            options = ["--claim", claim] if kind in ("testfloat", "npy") else []
            status, out, err = check(data, *options)
            assert status == 0 and "500 cases, 0 mismatches" in out and not err, (claim, kind, out, err)
            assert check(data, "--as", kind, *options)[0] == 0, (claim, kind)


def one_wrong_digit_is_found():
    generator = random.Random(3)
    for claim in CLAIMS:
        lines = lines_of(vectors(claim, "--count", COUNT))
        at = generator.randrange(len(lines))
        fields = lines[at].split(" ")
        has_flags = claim == "f16_add"
        place = -2 if has_flags else -1
        # The last digit: its lowest bit is always there.
        fields[place] = fields[place][:-1] + f"{int(fields[place][-1], 16) ^ 1:X}"
        lines[at] = " ".join(fields)
        status, out, err = check("\n".join(lines).encode() + b"\n", "--claim", claim)
        assert status == 1 and ", 1 mismatch" in out and f"line {at + 1}: " in out, (claim, out, err)
        assert "expected" in out and "got" in out, out
    status, out, _ = check(b"3C00 3C00 4000 01\n", "--claim", "f16_add")
    assert status == 1 and "none" in out and "inexact" in out, out


def mismatches_are_explained():
    status, out, _ = check(b"3F880000 39 00\n3F880001 38\n", "--claim", "convert f32 e4m3fn", "--no-flags")
    assert status == 2, out  # the first line has flags
    status, out, _ = check(b"3F8FFFFF 38\n", "--claim", "convert f32 e4m3fn")
    assert status == 1, out
    for text in ("line 1: 3F8FFFFF 38", "0x3f8fffff", "[binary32]", "expected 0x39 = 1.125", "got      0x38 = 1",
                 "rounding toward zero", "convert f32 e4m3fn: 1 case, 1 mismatch"):
        assert text in out, (text, out)


def tolerated():
    good = vectors("f16_add", "--count", "50")
    for data in (good.lower(), good.replace(b"\n", b"\r\n"), good[:-1], good + b"\n", b"// a remark\n" + good,
                 good.replace(b" ", b"_"), good.replace(b" ", b""), b"@0\n" + good, good.replace(b"\n", b" // why\n")):
        status, out, err = check(data, "--claim", "f16_add")
        assert status == 0 and "50 cases, 0 mismatches" in out, (data[:60], out, err)


def nothing_is_no_success():
    for data in (b"", b"\n", b"// claim: add binary16\n", b"\r\n\r\n"):
        status, out, err = check(data, "--claim", "f16_add")
        assert status == 1 and "no case was checked" in err, (data, out, err)


def nan_by_class():
    line = b"7E00 3C00 FE01\n"
    claim = ["--claim", "add binary16"]
    assert check(line, *claim)[0] == 1
    assert check(line, *claim, "--nan", "any")[0] == 0
    assert check(b"3C00 3C00 7E00\n", *claim, "--nan", "any")[0] == 1
    assert check(b"7E00 3C00 3C00\n", *claim, "--nan", "any")[0] == 1


def shown_errors_are_limited():
    data = b"3C00 3C00 0000\n" * 30
    for options, shown in (([], 20), (["--errors", "3"], 3), (["--errors", "0"], 30)):
        status, out, _ = check(data, "--claim", "add binary16", *options)
        assert status == 1 and out.count("line ") == shown and "30 cases, 30 mismatches" in out, out


def files_of_several_claims_are_counted():
    parts = [vectors(c, "--count", "40", "--as", "readmemh") for c in ("f16_add", "mul", "e5m2_mulAdd")
             if c != "mul"]
    data = b"".join(parts)
    status, out, err = check(data)
    assert status == 0 and "add f16: 40 cases, 0 mismatches" in out and "fma e5m2: 40 cases" in out, out + err
    for kind in ("csv", "jsonl"):
        data = b"".join(vectors(c, "--count", "40", "--as", kind) for c in ("f16_add", "e5m2_mulAdd", "f16_add"))
        status, out, err = check(data)
        assert status == 0 and "add f16: 80 cases, 0 mismatches" in out and "fma e5m2: 40 cases" in out, out + err
    status, _, err = check(parts[0].rsplit(b"\n", 4)[0] + b"\n" + parts[1])
    assert status == 2 and "ends after" in err and "of the 40 cases" in err, err


def a_pipeline_works():
    """A generator, somebody's converter, the checker, without a script between."""
    converter = "import sys\nfor line in sys.stdin: sys.stdout.write(line)"
    command = f"{LOWP} vectors f32_to_e4m3fn | {sys.executable} -c '{converter}' | {LOWP} check - --claim f32_to_e4m3fn"
    p = subprocess.run(["bash", "-c", "set -o pipefail; " + command], capture_output=True, text=True, timeout=60)
    assert p.returncode == 0 and "0 mismatches" in p.stdout, p
    p = subprocess.run(["bash", "-c", command.replace(converter, "pass")], capture_output=True, text=True, timeout=60)
    assert p.returncode == 1 and "no case was checked" in p.stderr, p


ADD = ["--claim", "f16_add"]
# Bytes, options after "check -", and what the message must name.
BAD_FILES = [
    (b"3C00 3C00 4000 00\n", [], ["--claim", "standard input"]),
    (b"3C00 3C00 4000\n", ADD, ["line 1", "3 fields", "has 4", "a b result flags"]),
    (b"3C00 3C00 4000 00 00\n", ADD, ["line 1", "5 fields"]),
    (b"3C00 3C00 4000 00\n3C00  3C00 4000 00\n", ADD, ["line 2", "two blanks"]),
    (b" 3C00 3C00 4000 00\n", ADD, ["line 1", "blank"]),
    (b"3C00 3C00 4000 00 \n", ADD, ["line 1", "blank"]),
    (b"0x3C00 3C00 4000 00\n", ADD, ["line 1", "a: '0x3C00'", "prefix"]),
    (b"3C00 3CG0 4000 00\n", ADD, ["line 1", "b: '3CG0'", "no hexadecimal"]),
    (b"3C00 3C00 xxxx 00\n", ADD, ["result: 'xxxx'", "x or z"]),
    (b"3C0 3C00 4000 00\n", ADD, ["a: '3C0'", "3 digits", "binary16 has 4"]),
    (b"3C000 3C00 4000 00\n", ADD, ["a: '3C000'", "5 digits"]),
    (b"FF 00 00\n", ["--claim", "add e3m2"], ["a: 'FF'", "6 bits of e3m2"]),
    (b"\0\0\0\n", ADD, ["line 1", "zero"]),
    (b"3C00 3C00 4000 00" * 100000, ADD, ["line 1", "longer than"]),
    (b"\xff\xfe3\x00C\x00\n", ADD, ["line 1"]),
    (b"// claim: ad binary16\n0\n", [], ["'ad'", "its claim"]),
    (b"// claim: add binary16\n// cases: 2\n3C00 3C00 4000\n", [], ["1 of the 2 cases"]),
    (b"// claim: add binary16\n// cases: many\n3C00 3C00 4000\n", [], ["line 2", "cases", "'many'"]),
    (b"a,b,c,flags\n", ADD, ["column 3 is 'c'", "result"]),
    (b"a,b,result,flags,x\n", ADD, ["column 5", "too many"]),
    (b"a,b,result,flags\n0x3C00,0x3C00,0x4000\n", ADD, ["line 2", "3 fields"]),
    (b"a,b,result,flags\n0x3C00,0x3C00,,0x00\n", ADD, ["line 2", "result: ''"]),
    (b"{\"a\":\n", ADD, ["line 1", "no JSON object"]),
    (b"{\"a\": \"3C00\"}\n", ADD, ["\"b\" is missing"]),
    (b"{\"a\": 5, \"b\": \"3C00\", \"result\": \"4000\", \"flags\": \"00\"}\n", ADD, ["\"a\" is no text"]),
    (b"{\"a\": [\"3C00\"], \"b\": \"3C00\", \"result\": \"4000\", \"flags\": \"00\"}\n", ADD, ["\"a\" is not one code"]),
    (b"{\"a\": \"3C00\", \"b\": \"3C00\", \"result\": \"4000\", \"flags\": \"00\", \"c\": \"\"}\n", ADD, ["5 members"]),
    (b"{\"lowp\": 1}\n", [], ["\"claim\""]),
    (b"LOWPVEC1", ADD, ["header"]),
    (b"LOWPVEC1\xff\xff\xff\xff", ADD, ["header", "at most"]),
    (b"LOWPVEC1\x10\0\0\0{}", ADD, ["ends in its header"]),
    (b"LOWPVEC1\x02\0\0\0{}", ADD, ["\"claim\""]),
    (b"\x93NUMPY", ADD, ["version"]),
    (b"\x93NUMPY\x01\0\x00\x10", ADD, ["ends in its header"]),
    (b"\x93NUMPY\x01\0\x04\0{  }", ADD, ["type"]),
    (b"3C00 3C00 4000 00\n", [*ADD, "--as", "npy"], ["not in the format 'npy'"]),
    (b"3C00 3C00 4000 00\n", [*ADD, "--as", "pny"], ["--as", "'pny'", "npy"]),
    (b"3C00 3C00 4000 00\n", [*ADD, "--nan", "some"], ["--nan", "'some'"]),
    (b"3C00 3C00 4000 00\n", [*ADD, "--errors", "x"], ["--errors", "'x'"]),
    (b"3C00 3C00 4000 00\n", ["--flags"], ["--flags", "--claim"]),
    (b"3C00 3C00 4000 00\n", ["--claim", "f16_ad"], ["'f16_ad'"]),
]


def bad_file(data, options, words):
    status, _, text = check(data, *options)
    assert status == 2 and text.startswith("lowp: ") and all(w in text for w in words), (data[:60], status, text)
    assert len(text) < 500, text


def damaged_files_are_refused():
    """Every file cut anywhere: never accepted as it is, never a crash; damaged bytes: never a crash."""
    generator = random.Random(1)
    for kind in ("binary", "npy", "csv", "jsonl", "readmemh"):
        data = vectors("f16_add", "--count", "3", "--as", kind)
        options = ADD if kind == "npy" else []
        for _ in range(40):
            cut = data[:generator.randrange(len(data) - 1)]
            status, _, err = check(cut, *options)
            assert status in (1, 2) and err.startswith("lowp: "), (kind, len(cut), status, err)
            broken = bytearray(data)
            broken[generator.randrange(len(data))] = generator.randrange(256)
            status, _, err = check(bytes(broken), *options)
            assert status in (0, 1, 2), (kind, bytes(broken), status, err)


def missing_files_are_named():
    for path, why in (("/nonexistent/a", "No such file"), ("/", "directory")):
        status, _, err = run("check", path)
        assert status == 2 and path.encode() in err and why.encode() in err, err


def streams_need_no_memory():
    """10^7 lines each way within 100 MB of address space."""
    count, limit = 10_000_000, 100 << 20
    options = ["e5m2_to_f16", "--cases", "random", "--no-flags"]
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "v")
        status, _, err = run("vectors", *options, "--count", str(count), "--as", "binary", "--output", str(path), limit=limit)
        assert status == 0, err
        assert path.stat().st_size > 3 * count
        status, out, err = run("check", str(path), limit=limit)
        assert status == 0 and b"10 000 000 cases, 0 mismatches" in out, out + err


CHECKS = [(f"check {o} {d[:40]}", lambda d=d, o=o, w=w: bad_file(d, o, w)) for d, o, w in BAD_FILES]
CHECKS += [(f.__name__, f) for f in (
    every_format_passes_its_check, one_wrong_digit_is_found, mismatches_are_explained, tolerated, nothing_is_no_success,
    nan_by_class, shown_errors_are_limited, files_of_several_claims_are_counted, a_pipeline_works,
    damaged_files_are_refused, missing_files_are_named, streams_need_no_memory)]

sys.exit(run_checks(CHECKS))
