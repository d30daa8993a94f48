# SPDX-License-Identifier: Apache-2.0
"""The classes that directed test vectors hit, over many claims.

usage: coverage_of_vectors_test.py PATH-OF-LOWP [PART-OF-A-NAME...]
test: GLD-14 coverage"""
import json
import sys

from vector_tool import check, run, run_checks

COVERED = {  # claims and classes that their directed cases must hit, whatever chance says
    "convert binary32 e4m3fn": ["rounding: " + c for c in (
        "exact", "tie above an even code", "tie above an odd code", "just below a tie", "just above a tie",
        "carry into the exponent", "subnormal tie", "subnormal just below a tie", "subnormal just above a tie",
        "tie below the least normal", "half the least magnitude", "just below half the least magnitude",
        "just above half the least magnitude", "overflow threshold", "just below the overflow threshold",
        "just above the overflow threshold", "far above the greatest")] +
    ["input: signalling NaN of low payload", "input: NaN with payload", "result: greatest", "result: NaN"],
    "convert binary32 e4m3fn overflow=saturate": ["rounding: overflow threshold", "result: lowest"],
    "convert binary32 e8m0fnu": ["rounding: overflow threshold", "rounding: just above the overflow threshold"],
    "convert binary64 binary32": ["rounding: tie above an even code", "rounding: subnormal tie"],
    "add binary16": ["sum: cancels to zero", "sum: cancels by more", "sum: grows by a binade", "sum: infinities of both signs",
                     "sum: terms apart by the precision", "rounding: overflow threshold", "rounding: tie above an odd code"],
    "multiply binary16": ["rounding: overflow threshold", "rounding: just above a tie", "rounding: subnormal tie",
                          "rounding: half the least magnitude"],
    "fma binary32": ["sum: cancels by more", "rounding: subnormal tie", "rounding: just above a tie"],
    "dot avx512_bf16.vdpbf16ps": ["sum: cancels to zero", "sum: infinities of both signs", "rounding: just above a tie"],
}


def coverage(claim, *options):
    """subject -> class -> count."""
    status, _, err = run("vectors", claim, "--coverage", "--output", "/dev/null", *options)
    assert status == 0, err
    out = {}
    for line in err.decode("ascii").splitlines()[1:]:
        subject, _, classes = line.strip().partition(": ")
        if subject.endswith(", never"):
            out.setdefault(subject[:-7], {}).update({c: 0 for c in classes.split(", ")})
        elif classes != "none":
            out.setdefault(subject, {}).update({c.rsplit(" ", 1)[0]: int(c.rsplit(" ", 1)[1]) for c in classes.split(", ")})
    return out


def covered(claim):
    """Directed cases hit every class that the operands have, those that are named above, and each that random cases hit
    now and then."""
    directed = coverage(claim, *(["--count", "200000"] if claim.startswith("dot") else []))
    chance = coverage(claim, "--cases", "random", "--count", "10000")
    missed = [f"{s}: {c}" for s, classes in directed.items() for c, n in classes.items()
              if n == 0 and (s not in ("result", "d", "rounding", "sum") or chance[s].get(c, 0) >= 4)]
    missed += [named for named in COVERED.get(claim, [])
               if directed[named.split(": ")[0]].get(named.split(": ")[1], 0) == 0]
    assert not missed, missed


COVERED_CLAIMS = [*COVERED, "convert binary32 binary16", "convert binary64 bfloat16", "convert binary16 e2m1",
                  "convert e4m3fn binary32", "convert binary32 int8", "convert int32 binary16",
                  "convert binary32 bfloat16 via=binary16", "convert binary32 posit8", "convert binary64 int64",
                  "subtract bfloat16", "divide binary16", "divide binary32", "sqrt binary16", "sqrt binary32", "fma binary16",
                  "fma bfloat16", "fma e5m2", "add e4m3fn", "add binary32", "add binary32 to=bfloat16", "multiply binary32",
                  "multiply binary64", "multiply e4m3fn e5m2 to=binary32", "remainder binary16", "hypot binary32", "exp binary16",
                  "exp binary32", "recip binary32", "rsqrt binary32", "faa binary16", "minimum binary16", "scalb binary16 int8",
                  "atan2 binary16", "pow binary16", "rint_even binary32", "add int8", "compare less binary16",
                  "instruction cvt.rn.bf16x2.f32", "rule cuda13.e4m3fn.satfinite",
                  "dot sm80.mma.m16n8k16.f32.f16.f16.f32"]


def coverage_is_told():
    status, out, err = run("vectors", "add e4m3fn", "--coverage", "--as", "jsonl")
    last = json.loads(out.splitlines()[-1])["coverage"]
    assert status == 0 and last["a"]["NaN"] == 512 and last["rounding"]["exact"] > 1000 and b"a: +0 256" in err
    # Counted by hand: both codes of -0 and +0 against 256 others.
    assert last["a"]["+0"] == last["a"]["-0"] == 256 and last["a"]["one"] == 256
    # Formats with remarks have it there; and all files with it are read back.
    for kind in ("csv", "jsonl", "readmemh"):
        data = run("vectors", "add e4m3fn", "--coverage", "--as", kind)[1]
        assert b"overage" in data.splitlines()[-1] and check(data)[0] == 0, kind


CHECKS = [(f"coverage of {c}", lambda c=c: covered(c)) for c in COVERED_CLAIMS]
CHECKS.append(("coverage_is_told", coverage_is_told))

sys.exit(run_checks(CHECKS))
