# SPDX-License-Identifier: Apache-2.0
"""lowp verify from outside: wrong usage, files, exit statuses, JSON.

usage: verify_test.py PATH-OF-LOWP"""
import json
import os
import pathlib
import sys
import tempfile

from tool import run, run_checks

# Arguments, and what the message must contain: the argument, the value, the rule or a near name.
BAD = [
    ([], ["Usage"]),
    (["verfy"], ["'verfy'", "verify"]),
    ([""], ["unknown command ''"]),
    (["--frobnicate"], ["'--frobnicate'"]),
    (["verify", "--bugdet", "3"], ["'--bugdet'", "nearest: --budget"]),
    (["verify", "surplus"], ["'surplus'"]),
    (["surplus", "verify"], ["'surplus'"]),
    (["verify", "--budget"], ["--budget"]),
    (["verify", "--budget", "0"], ["--budget", "'0'", "above 0"]),
    (["verify", "--budget", "-1"], ["--budget", "'-1'", "above 0"]),
    (["verify", "--budget", "nan"], ["--budget", "'nan'"]),
    (["verify", "--budget", "inf"], ["--budget", "'inf'"]),
    (["verify", "--budget", "1e400"], ["--budget", "'1e400'"]),
    (["verify", "--budget", "12s"], ["--budget", "'12s'"]),
    (["verify", "--budget", ""], ["--budget"]),
    (["verify", "--budget", "1", "--budget", "2"], ["--budget"]),
    (["verify", "--threads", "0"], ["--threads", "'0'", "1 to 1024"]),
    (["verify", "--threads", "99999999999999999999"], ["--threads", "1 to 1024"]),
    (["verify", "--threads", "two"], ["--threads", "'two'"]),
    (["verify", "--seed", "-3"], ["--seed", "'-3'"]),
    (["verify", "--seed", "0x10"], ["--seed", "'0x10'"]),
    (["verify", "--only", "f17c"], ["--only", "'f17c'", "--list"]),
    (["verify", "--only", ""], ["--only"]),
    (["verify", "--json", "/nonexistent/folder/a.json"], ["/nonexistent/folder/a.json", "No such file"]),
    (["verify", "--html", "/"], ["'/'", "directory"]),
    (["verify", "--json", ""], ["cannot write ''", "empty"]),
    (["verify", "--gpu", "stand-in:70"], ["--gpu", "'70'", "75 to 120"]),
    (["verify", "--gpu", "stand-in:x"], ["--gpu", "'x'"]),
]


def quick_run_is_clean():
    """Every implementation of this machine by its directed and sampled inputs."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "out.json")
        page = pathlib.Path(folder, "out.html")
        status, out, err = run("verify", "--budget", "5", "--json", str(path), "--html", str(page))
        assert status == 0, out[-2000:] + err
        assert "no unexplained mismatch" in out and not err, err
        check_json(json.loads(path.read_text(encoding="ascii")))
        html = page.read_text(encoding="ascii")
        assert html.startswith("<!DOCTYPE html>") and html.rstrip().endswith("</html>")
        assert "http:" not in html and "https:" not in html and "<script" not in html
        assert sorted(os.listdir(folder)) == ["out.html", "out.json"]


def check_json(data):
    """The documented members, with sane values."""
    assert data["schema"] == "lowp-verify-1"
    for group, members in {"machine": ["cpu", "system", "compiler"], "options": ["budget_seconds", "ranks", "threads", "seed"],
                           "summary": ["operations", "cases", "unexplained_mismatches", "not_checked_to_the_end",
                                       "whose_calls_together_are_wrong", "seconds"]}.items():
        assert set(data[group]) == set(members), data[group]
    rows = data["results"]
    assert len(rows) == data["summary"]["operations"] > 0
    assert sum(r["cases"] for r in rows) == data["summary"]["cases"]
    assert sum(r["mismatches"] for r in rows) == data["summary"]["unexplained_mismatches"]
    for r in rows:
        assert set(r) == {"family", "function", "operation", "rule", "source", "space_bits", "cases", "coverage",
                          "mismatches", "failure", "faults", "findings", "places", "documented_differences", "first_mismatch",
                          "seconds"}, r
        assert r["coverage"] in ("all", "sample") and r["cases"] > 0, r
        if r["coverage"] == "all":
            assert r["cases"] == 2 ** r["space_bits"], r
        if r["space_bits"] <= 16:
            assert r["coverage"] == "all", r
        assert (r["first_mismatch"] is None) == (r["mismatches"] == 0), r
        for d in r["documented_differences"]:
            assert set(d) == {"what", "source", "count", "of", "kind"} and d["what"] and d["source"], d
    for absent in data["not_checked"]:
        assert absent["family"] and absent["reason"], absent


def broken_implementation_is_found():
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "out.json")
        status, out, _ = run("verify", "--self-test", "--only", "self-test trunc", "--budget", "0.5", "--json", str(path))
        assert status == 1, f"exit status {status}"
        for word in ("MISMATCH self-test", "expected 0x", "got      0x", "rounding toward zero would give"):
            assert word in out, out
        first = json.loads(path.read_text(encoding="ascii"))["results"][0]["first_mismatch"]
        assert first["expected"]["bits"] != first["got"]["bits"] and first["explanation"], first


def one_wrong_input_is_found():
    """A run on all inputs means all."""
    status, out, _ = run("verify", "--self-test", "--only", "self-test wrong once", "--budget", "200")
    assert status == 1 and "all 2^32" in out and "1 of 4 294 967 296" in out and "0x3f812345" in out, out


def double_rounding_is_found():
    """A fused multiply-add by way of float, wrong in some of the sums."""
    status, out, _ = run("verify", "--self-test", "--only", "self-test fma", "--budget", "0.5")
    assert status == 1 and "MISMATCH self-test fma" in out and "both are NaN" not in out, out


def wrong_dot_product_is_found():
    """Rounded products instead of fused multiply-adds: operands by name in text, JSON and HTML."""
    with tempfile.TemporaryDirectory() as folder:
        path, page = pathlib.Path(folder, "out.json"), pathlib.Path(folder, "out.html")
        status, out, _ = run("verify", "--self-test", "--only", "self-test dot", "--budget", "1", "--json", str(path),
                             "--html", str(page))
        assert status == 1 and "MISMATCH self-test dot" in out and "both are NaN" not in out, out
        names = ["a[0]", "a[1]", "b[0]", "b[1]", "c"]
        assert all(f"\n  {name} " in out for name in names), out
        row = json.loads(path.read_text(encoding="ascii"))["results"][0]
        assert row["rule"] == "avx512_bf16.vdpbf16ps" and row["space_bits"] == 96 and row["coverage"] == "sample", row
        assert [i["operand"] for i in row["first_mismatch"]["inputs"]] == names, row
        assert "golden model: avx512_bf16.vdpbf16ps" in page.read_text(encoding="ascii")


def tiles_come_back_as_they_went():
    """Dot products in tiles of x86, multiplied in software."""
    status, out, _ = run("verify", "--self-test", "--only", "self-test tiles", "--budget", "20")
    rows = [line for line in out.splitlines() if line.startswith("self-test tiles")]
    assert status == 0 and len(rows) == 2 and all("4 096 of 2^" in row for row in rows), out


def gpu_in_software_agrees():
    """What the host does for GPUs, with a device that follows the golden models: conversions with random bits and
    without, mma.sync, wgmma and tcgen05 of all widths of elements."""
    only = ["cvt.rs*e4m3", "cvt*scaled*bf16x2.e4m3", "cvt*e2m1x2.f32*", "mma.*tf32", "mma.*f16.f16", "mma.*s4.u4",
            "mma.*e5m2.e4m3"]
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "out.json")
        for capability, kinds in ((90, {"cvt", "mma", "wgmma"}), (100, {"cvt", "mma", "tcgen05"})):
            options = [word for pattern in only for word in ("--only", f"stand-in*{pattern}")]
            status, out, err = run("verify", "--gpu", f"stand-in:{capability}", "--budget", "3", "--json", str(path),
                                   *options)
            assert status == 0, out + err
            rows = json.loads(path.read_text(encoding="ascii"))["results"]
            assert {row["family"] for row in rows} == {f"stand-in sm_{capability}"}, rows
            assert {row["function"].split(".")[0] for row in rows} == kinds, (capability, rows)


def wrong_gpu_is_found():
    """A unit that keeps one bit less; integers are right."""
    status, out, _ = run("verify", "--gpu", "stand-in:90:wrong", "--budget", "2", "--only", "stand-in*wgmma*f32.e4m3.e4m3",
                         "--only", "stand-in*mma.m16n8k16.s32.s8.s8")
    assert status == 1 and "MISMATCH stand-in sm_90 wgmma.m64nNk32.f32.e4m3.e4m3" in out, out
    assert "MISMATCH stand-in sm_90 mma.m16n8k16.s32" not in out and "\n  cause: the accumulator and 32 products" in out, out


def absent_gpu_is_named():
    """No library, and one that is none."""
    status, out, _ = run("verify", "--list")
    assert status == 0 and "absent: GPU (./run verify checks one" in out, out
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "none.so")
        path.write_text("no library", encoding="ascii")
        for library in (path, pathlib.Path(folder, "missing.so")):
            status, out, _ = run("verify", "--list", "--gpu", str(library))
            assert status == 0 and "absent: GPU (" in out and library.name in out, out


def dot_products_are_listed():
    """Or why they are not there."""
    status, out, _ = run("verify", "--list")
    lines = out.splitlines()
    rows = {"AVX512-VNNI": "vpdpbusds: int32: c + a b, 4 products of uint8 and int8",
            "AMX-BF16": "tdpbf16ps, rows of 64 bytes: binary32: c + a b, 32 products of bfloat16",
            "AVX-VNNI-INT16": "vpdpwuud: uint32: c + a b, 2 products of uint16"}
    if os.uname().machine == "x86_64":
        for family, row in rows.items():
            assert f"{family} {row}" in lines or any(line.startswith(f"absent: {family} (") for line in lines), family
    assert status == 0


def arithmetic_is_listed():
    """Results and flags, mixed formats, comparisons."""
    status, out, _ = run("verify", "--list")
    rows = ["float +: binary32: a + b, nearest even", "libm fma: binary64: fma(a, b, c), nearest even",
            "libm ldexp: binary64, int32 -> binary64: scalb(a, b)", "float <: binary32: a < b"]
    if os.uname().machine == "x86_64":
        rows += ["SSE2 divpd ru: binary64: a / b, toward +inf", "SSE2 divpd ru: binary64: flags of a / b, toward +inf",
                 "SSE2 mulps rn FTZ DAZ: binary32: a * b, nearest even, DAZ, FTZ"]
    missing = [row for row in rows if not any(line.startswith(row) for line in out.splitlines())]
    assert status == 0 and not missing, missing


def same_seed_same_cases():
    """Small spaces do not depend on time, so two runs agree in everything but time."""
    def rows():
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "out.json")
            run("verify", "--only", "float(*)", "--only", "vcvtph2ps", "--budget", "1", "--seed", "7", "--json", str(path))
            if not path.exists():
                return []
            data = json.loads(path.read_text(encoding="ascii"))["results"]
            return [{k: v for k, v in r.items() if k != "seconds"} for r in data if r["space_bits"] <= 16]
    assert rows() == rows()


def existing_file_survives_an_error():
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "kept.json")
        path.write_text("precious", encoding="ascii")
        status, _, _ = run("verify", "--json", str(path), "--html", "/nonexistent/x.html")
        assert status == 2 and path.read_text(encoding="ascii") == "precious"
        assert os.listdir(folder) == ["kept.json"]


sys.exit(run_checks(BAD, [
    broken_implementation_is_found,
    one_wrong_input_is_found,
    double_rounding_is_found,
    wrong_dot_product_is_found,
    tiles_come_back_as_they_went,
    gpu_in_software_agrees,
    wrong_gpu_is_found,
    absent_gpu_is_named,
    dot_products_are_listed,
    arithmetic_is_listed,
    same_seed_same_cases,
    existing_file_survives_an_error,
    quick_run_is_clean,
]))
