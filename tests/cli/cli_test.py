# SPDX-License-Identifier: Apache-2.0
"""The lowp command-line tool from outside: wrong usage, files, exit statuses, JSON.

usage: cli_test.py PATH-OF-LOWP"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

LOWP = sys.argv[1]

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
    (["formats", "no such format"], ["no such format"]),
    (["formats", "e4m3fm"], ["'e4m3fm'", "e4m3fn"]),
    (["show"], ["FORMAT"]),
    (["show", "e4m3fn"], ["VALUE"]),
    (["show", "e4m3fm", "1"], ["FORMAT", "'e4m3fm'", "e4m3fn"]),
    (["show", "binary99p3se", "1"], ["'binary99p3se'"]),
    (["show", "e4m3fn", "1.5x"], ["VALUE", "'1.5x'", "character 4"]),
    (["show", "e4m3fn", ""], ["VALUE", "empty"]),
    (["show", "e4m3fn", "0x1ff"], ["'0x1ff'", "more bits"]),
    (["show", "e4m3fn", "1e99999999999"], ["out of the range", "448"]),
    (["show", "e4m3fn", "-inf"], ["'-inf'", "no infinity"]),
    (["show", "e2m1", "nan"], ["'nan'", "no NaN"]),
    (["show", "e8m0fnu", "-2"], ["'-2'"]),
    (["show", "e4m3fn", "0b12"], ["'0b12'"]),
    (["show", "x" * 100000, "1"], ["FORMAT"]),
    (["show", "e4m3fn", "9" * 100000], ["VALUE"]),
    (["show", "\xff\x1b[31m", "%n%s{}"], ["FORMAT"]),
    (["show", "e4m3fn", "1", "2"], ["'2'"]),
    (["blocks", "mxfp4"], ["'mxfp4'"]),
    (["block"], ["FORMAT"]),
    (["block", "mxfp4"], ["NUMBER"]),
    (["block", "mxfq4", "1"], ["FORMAT", "'mxfq4'", "mxfp4"]),
    (["block", "mxfp4", "1", "--recipe", "ocq"], ["--recipe", "'ocq'", "ocp"]),
    (["block", "mxfp4", "1", "--recipe", ""], ["--recipe", "''"]),
    (["block", "mxfp4", "1", "--recipe", "hif4"], ["--recipe", "hif4 is none for mxfp4", "two levels"]),
    (["block", "mxfp4", "1", "two"], ["NUMBER", "'two'", "character 1"]),
    (["block", "nvfp4", *["1"] * 17], ["17 numbers", "has 16"]),
    (["instructions", "vcvtneps2fb16"], ["SEARCH", "'vcvtneps2fb16'", "VCVTNEPS2BF16"]),
    (["instruction"], ["NAME"]),
    (["instruction", "VCVTPH2HF8"], ["WORD"]),
    (["instruction", "VCVTPH2HF9", "0"], ["NAME", "'VCVTPH2HF9'", "VCVTPH2HF8"]),
    (["instruction", "cvt.rn.f16x2.f32", "3f800000"], ["2 source registers of 32 bits, not 1"]),
    (["instruction", "cvt.rn.f16.f32", "3f80000g"], ["WORD", "'3f80000g'", "hexadecimal"]),
    (["instruction", "cvt.rn.f16.f32", ""], ["WORD", "''", "hexadecimal"]),
    (["instruction", "cvt.rn.f16.f32", "13f800000"], ["WORD", "'13f800000'", "32 bits"]),
    (["instruction", "cvt.rn.f16.f32", "0", "--length", "2"], ["--length", "'2'", "1 to 1"]),
    (["instruction", "VCVTPS2PH", "0", "--length", "3"], ["--length", "'3'", "1, 2 or 4"]),
    (["instruction", "fcvt.bf16.s", "0", "--frm", "5"], ["--frm", "'5'", "0 to 4"]),
    (["instruction", "cvt.rn.f16.f32", "0", "--random", "123456789"], ["--random", "32 bits"]),
    (["instruction", "cvt.rn.f16.f32", "0", "--mxscr", "0"], ["'--mxscr'", "--mxcsr"]),
    (["mma", "gaudi3.f17"], ["NAME", "'gaudi3.f17'", "nearest: gaudi3.f16"]),
    (["mma", ""], ["NAME", "''"]),
    (["mma", "--only", "volta9"], ["--only", "'volta9'"]),
    (["mma", "gaudi3.f16", "--only", "x"], ["--only", "NAME"]),
    (["mma", "gaudi3.f16", "40004200"], ["B: missing"]),
    (["mma", "gaudi3.f16", "40004200", "3c003c00"], ["C: missing"]),
    (["mma", "gaudi3.f16", "4000420", "3c003c00", "0"], ["A: '4000420'", "7 digits", "2 codes of 16 bits have 8"]),
    (["mma", "gaudi3.f16", "40004200", "3c00xc00", "0"], ["B: '3c00xc00'", "character 5", "hexadecimal"]),
    (["mma", "gaudi3.f16", "40004200", "3c003c00", "0"], ["C: '0'", "1 code of 32 bits"]),
    (["mma", "gaudi3.f16", "40004200", "3c003c00", "3f800000", "7f"], ["SA: '7f'", "no scales"]),
    (["mma", "sm120.mma.block_scale.m16n8k32.block32.f32.e2m3.e2m3.f32.ue8m0", "7f" + "00" * 31, "00" * 32, "00000000"],
     ["A: '7f', number 1", "6 bits"]),
    (["mma", "sm120.mma.block_scale.m16n8k32.block32.f32.e2m3.e2m3.f32.ue8m0", "00" * 32, "00" * 32, "00000000", "7f"],
     ["SB", "1 scales of e8m0fnu"]),
    (["mma", "gaudi3.f16", "40004200", "3c003c00", "3f800000", "--zeros", "skiped"], ["--zeros", "'skiped'", "skipped"]),
    (["mma", "gaudi3.f16", "--zeros", "skipped"], ["--zeros", "A, B and C"]),
    (["mma", "--k", "4"], ["--k"]),
    (["mma", "amx_int8.tdpbssd", "00", "00", "00000000", "--k", "6"], ["--k: 6", "group divides k"]),
    (["mma", "amx_int8.tdpbssd", "00", "00", "00000000", "--k", "0"], ["--k", "'0'", "1 to 512"]),
    (["mma", "gaudi3.f16", "40004200", "3c003c00", "3f800000", "--zero", "x"], ["'--zero'", "nearest: --zeros"]),
]


def run(*arguments, environment=None):
    """Exit status, standard output, standard error."""
    done = subprocess.run([LOWP, *arguments], capture_output=True, text=True, timeout=250, errors="replace",
                          env=environment)
    return done.returncode, done.stdout, done.stderr


def bad_usage(arguments, wanted):
    """Exit status 2, nothing on standard output, one message that says what and why."""
    status, out, err = run(*arguments)
    assert status == 2, f"exit status {status}"
    assert not out, f"wrote to standard output: {out[:200]}"
    missing = [word for word in wanted if word not in err]
    assert not missing, f"message lacks {missing}: {err[:300]}"


def show_works():
    status, out, _ = run("show", "e4m3fn", "0.3")
    assert status == 0 and "0x2a" in out and "0.3125" in out and "0x29" in out and "0x2b" in out, out
    for arguments in (["fp8_e4m3", "0x7f"], ["float16", "-inf"], ["bf16", "-.5"], ["posit16", "0b01"], ["nf4", "0"],
                      ["lns8", "0x80"], ["e8m0fnu", "0x1p-127"], ["binary64", "5e-324"], ["int8", "-128"]):
        status, out, err = run("show", *arguments)
        assert status in (0, 2) and ("class" in out or "nearest" in err), (arguments, status, out, err)


def blocks_are_listed_and_made():
    status, out, _ = run("blocks")
    assert status == 0
    for name in ("mxfp8_e4m3", "q4_K", "nvfp4_4over6_mse", "tile_128x4", "ggml_mxfp4"):
        assert any(line.split()[:1] == [name] for line in out.splitlines()), name
    status, out, _ = run("block", "mxfp4", "0.1", "-0.3", "7", "5")
    assert status == 0 and "0b01111111 = 1" in out, out
    assert [line.split()[-1] for line in out.splitlines()[-4:]] == ["0", "-0.5", "6", "4"], out
    status, out, _ = run("block", "mxfp4", "7", "--recipe", "torchao_rceil")
    assert status == 0 and "0b10000000 = 2" in out, out
    # Infinities join: S is 1, P infinite.
    status, out, _ = run("block", "nvfp4", "inf", "1")
    assert status == 0 and [line for line in out.splitlines() if line.split()[:2] == ["outer", "inf"]], out


def instructions_are_listed_and_run():
    status, out, _ = run("instructions")
    assert status == 0 and len(out.splitlines()) > 300, out[:200]
    status, out, _ = run("instructions", "gfx950", "fp4", "bf16")
    assert status == 0 and "v_cvt_scalef32_pk_fp4_bf16" in out and "cvt.rn" not in out, out
    status, out, _ = run("instructions", "VCVTPS2PH")
    assert status == 0 and "imm8, MXCSR.RC" in out and "f16c.vcvtps2ph.rz" in out, out
    for arguments, wanted in ((["cvt.rn.satfinite.e4m3x2.f32", "3f800000", "0x40000000"], "0x3840"),
                              (["v_cvt_pk_fp8_f32 gfx1201", "3f800000", "40000000", "--old", "11112222",
                                "--select", "1"], "0x40382222"),
                              (["FCVTN", "3f800000", "0", "--fpmr", "40"], "0x0000000000000038"),
                              (["vfncvt.f.f.q", "3f880000", "--frm", "4"], "0x00000039"),
                              (["VCVTPH2HF8", "3c00", "--length", "2"], "0x" + "0" * 30 + "38")):
        status, out, err = run("instruction", *arguments)
        assert status == 0 and out.strip() == wanted, (arguments, out, err)


def matrix_units_are_listed_shown_and_run():
    status, out, _ = run("mma")
    assert status == 0 and out.count("\n") > 580 and "gfx942.v_mfma_f32_16x16x16_f16" in out, out[:300]
    status, out, _ = run("mma", "--only", "wgmma")
    assert status == 0 and "sm90a.wgmma" in out and "gfx942" not in out
    status, out, _ = run("mma", "sm90a.wgmma.m64nNk32.f32.e4m3.e4m3")
    for text in ("13 bits", "e8m13", "32, 32 a step", "measured", "H100", "toward_zero"):
        assert status == 0 and text in out, (text, out)
    for unit, texts in (("gfx942.v_mfma_f32_32x32x16_fp8_fp8", ["cut again", "reach_c"]),
                        ("gfx908.v_mfma_f32_32x32x4f16", ["exactly", "disputed"]),
                        ("amx_bf16.tdpbf16ps", ["at the end", "run"]),
                        ("sm100a.tcgen05.mma.block_scale.mMnNk64.block16.f32.e2m1.e2m1.ue4m3", ["ue4m3", "16 products"])):
        status, out, _ = run("mma", unit)
        assert status == 0 and all(t in out for t in texts), (unit, out)
    tiny, factor = "0080" * 4 + "0000" * 4, "3300" * 4 + "0000" * 4
    nvfp4 = "sm100a.tcgen05.mma.block_scale.mMnNk64.block16.f32.e2m1.e2m1.ue4m3"
    for arguments, result in ((["gaudi3.f16", "40004200", "3c003c00", "3f800000"], "0x40c00000 = 6"),
                              (["sm80.mma.m16n8k8.f32.bf16.bf16.f32", tiny, factor, "00000000"], "0x00000001"),
                              (["sm80.mma.m16n8k8.f32.bf16.bf16.f32", tiny, factor, "00000000", "--zeros", "minus_126"],
                               "0x00000000 = 0"),
                              (["amx_int8.tdpbssd", "ff010203", "02020202", "00000001", "--k", "4"], "= 11"),
                              ([nvfp4, "7" + "0" * 63, "2" * 64, "3F800000", "40383838", "38383838"], "= 13")):
        status, out, err = run("mma", *arguments)
        assert status == 0 and result in out, (arguments, out, err)


def every_format_shows():
    status, out, _ = run("formats")
    names = [line.split()[0] for line in out.splitlines()[1:]]
    assert status == 0 and len(names) > 50, out[:200]
    for name in names:
        status, out, err = run("show", name, "0x1")
        assert status == 0 and "class" in out, (name, err)


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
    for group, members in {"machine": ["cpu", "system", "compiler"], "options": ["budget_seconds", "threads", "seed"],
                           "summary": ["operations", "cases", "unexplained_mismatches", "seconds"]}.items():
        assert set(data[group]) == set(members), data[group]
    rows = data["results"]
    assert len(rows) == data["summary"]["operations"] > 0
    assert sum(r["cases"] for r in rows) == data["summary"]["cases"]
    assert sum(r["mismatches"] for r in rows) == data["summary"]["unexplained_mismatches"]
    for r in rows:
        assert set(r) == {"family", "function", "operation", "rule", "source", "space_bits", "cases", "coverage",
                          "mismatches", "documented_differences", "first_mismatch", "seconds"}, r
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
    assert "MISMATCH stand-in sm_90 mma.m16n8k16.s32" not in out and "\n  a[31] " in out, out


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


def help_is_there():
    for arguments in (["--help"], ["verify", "--help"], ["formats", "--help"], ["show", "--help"], ["blocks", "--help"], ["block", "--help"],
                      ["mma", "--help"], ["--version"],
                      ["verify", "--list"]):
        status, out, err = run(*arguments)
        assert status == 0 and out and not err, (arguments, status, err)


def main():
    checks = [(" ".join(a)[:60], lambda a=a, w=w: bad_usage(a, w)) for a, w in BAD]
    checks += [(f.__name__, f)
               for f in (help_is_there, show_works, blocks_are_listed_and_made,
                         instructions_are_listed_and_run, matrix_units_are_listed_shown_and_run,
                         every_format_shows, broken_implementation_is_found, one_wrong_input_is_found,
                         double_rounding_is_found, wrong_dot_product_is_found, tiles_come_back_as_they_went,
                         gpu_in_software_agrees, wrong_gpu_is_found, absent_gpu_is_named,
                         dot_products_are_listed, arithmetic_is_listed,
                         same_seed_same_cases, existing_file_survives_an_error, quick_run_is_clean)]
    failed = 0
    for name, check in checks:
        try:
            check()
        except (AssertionError, subprocess.TimeoutExpired, OSError, ValueError, KeyError) as error:
            failed += 1
            print(f"FAILED lowp {name!r}: {error}")
    print(f"{len(checks) - failed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
