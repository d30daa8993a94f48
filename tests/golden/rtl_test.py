# SPDX-License-Identifier: Apache-2.0
"""examples/rtl: the units against lowp under Verilator (DPI-C, pipes) and Icarus ($readmemh), and with mistakes.

usage: rtl_test.py PATH-OF-LOWP LIBLOWP SOURCE-ROOT
Skips what needs a simulator that is not installed; exit status 77 if there is none.
test: GLD-20 the package in a simulator, GLD-11 words for $readmemh, GLD-13 pipes"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

LOWP, LIBRARY, ROOT = (pathlib.Path(a).resolve() for a in sys.argv[1:4])
RTL = ROOT / "examples/rtl"
KINDS = [(name, saturate) for name in ("e4m3fn", "e5m2") for saturate in (0, 1)]
SOURCES = ["fp8_convert.sv", "fp8_dot.sv", "fp8_bench.sv", "fp8_pipe.sv", "tour.sv", "fp8_top.sv"]


def run(arguments, folder):
    """Exit status and all output."""
    p = subprocess.run([str(a) for a in arguments], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                       text=True, check=False)
    return p.returncode, p.stdout


def claim_of(name, saturate):
    return f"f16_to_{name}" + (" overflow=saturate" if saturate else "")


def counts(text):
    """What is before the colon -> (cases, mismatches)."""
    return {what: (int(n), int(bad)) for what, n, bad in re.findall(r"^(?:(.*): )?(\d+) cases, (\d+) mismatches$", text, re.M)}


# What +tour prints; lowp instruction, lowp model, lowp block and lowp show say the same.
TOUR = """\
1.1 in E4M3, rm 0: 39
1.1 in E4M3, rm 1: 38
1.1 in E4M3, rm 2: 38
1.1 in E4M3, rm 3: 39
1.1 in E4M3, rm 4: 39
random bits 3fff: 3f80
random bits 4000: 3f81
448 x 448 + 1: 7c00, flags 00101
465 by ml_dtypes: 7f
7c01 for 7e00: 0 by code, 0 by class, 1 as any NaN
VCVTNEPS2BF16: 7fc03f8200003f80, status 0
NVFP4: 7776666555443221, scale 7e, outer 3bc30c31, status 0
back: 3faaaaab ... 41800000, status 0
dot: 4c21ee00
lowp_format_named: name is "e4m3fm", which is no format; lowp_row_text lists them
"""


def verilate(folder):
    """Builds fp8_sim in a folder."""
    flags = ["OPT_FAST=-O1", "OPT_SLOW=-O0", "OPT_GLOBAL=-O1"] + (["OBJCACHE=ccache"] if shutil.which("ccache") else [])
    status, text = run(["verilator", "--binary", "--timing", "--top-module", "fp8_top", "-Mdir", folder / "obj", "-o", "fp8_sim",
                        "-MAKEFLAGS", " ".join(flags), "-LDFLAGS", f"{LIBRARY} -Wl,-rpath,{LIBRARY.parent}",
                        ROOT / "include/lowp/interop/lowp_pkg.sv", *(RTL / s for s in SOURCES)], folder)
    assert status == 0 and "%Warning" not in text, text[-3000:]
    return folder / "obj/fp8_sim"


def right_units_pass(simulator, folder):
    status, text = run([simulator], folder)
    want = {f"{fmt} to {name}, saturate {s}": (n, 0) for fmt, n in (("binary16", 65536), ("binary32", 3 * 65536))
            for name, s in KINDS} | {"dot of 4 products": (65536 + 200000, 0)}
    assert status == 0 and counts(text) == want and "MISMATCH" not in text, text


def mistakes_are_found(simulator, folder):
    for mistake in 1, 2:
        status, text = run([simulator, f"+mistake={mistake}"], folder)
        found = counts(text)
        assert status != 0 and len(found) == 5 and all(bad > 0 for _, bad in found.values()), text
        assert text.count("MISMATCH") == 15 and re.search(r"\d+ mismatches", text), text
    assert "MISMATCH 2380 in e4m3fn: 08 with flags 00001, lowp: 08 with flags 00011" in text, text  # tininess
    status, text = run([simulator, "+mistake=3"], folder)
    assert status != 0 and "+mistake=3: there are mistakes 1 and 2" in text, text


def tour_is_as_printed(simulator, folder):
    status, text = run([simulator, "+tour"], folder)
    assert status == 0 and text == TOUR, text


def pipes_need_no_script(simulator, folder):
    def pipe(cases, simulated, checked):
        line = f"'{LOWP}' vectors {cases} | '{simulator}' +pipe {simulated} | '{LOWP}' check - --claim '{checked}'"
        return run(["bash", "-c", "set -o pipefail; " + line], folder)
    for name, saturate in KINDS:
        plus = f"+{name} " + ("+saturate" if saturate else "")
        # As they come, with results behind the operands, and without.
        only = " --operands-only" if saturate else ""
        status, text = pipe(claim_of(name, saturate) + " --cases exhaustive" + only, plus, claim_of(name, saturate))
        assert status == 0 and "65 536 cases, 0 mismatches" in text, text[-2000:]
        status, text = pipe(claim_of(name, saturate), plus, claim_of(name, 1 - saturate))
        assert status == 1 and "expected" in text, text[-2000:]
    status, text = run(["bash", "-c", f"'{simulator}' +pipe </dev/null | '{LOWP}' check - --claim f16_to_e5m2"], folder)
    assert status == 1 and "no case was checked" in text, text
    status, text = run(["bash", "-c", f"echo hello | '{simulator}' +pipe"], folder)
    assert status != 0 and "no code in this line: hello" in text, text


def readmemh(folder, name, saturate, mistake=0, vectors=None):
    """The unit in Icarus on a file of vectors."""
    program = folder / f"memory_{name}_{saturate}_{mistake}"
    if not program.exists():
        parameters = {"EXP": 4 if name == "e4m3fn" else 5, "FRAC": 3 if name == "e4m3fn" else 2, "SATURATE": saturate,
                      "MISTAKE": mistake}
        status, text = run(["iverilog", "-g2012", "-o", program, *(f"-Pfp8_memory.{k}={v}" for k, v in parameters.items()),
                            RTL / "fp8_memory.sv", RTL / "fp8_convert.sv"], folder)
        assert status == 0 and not text, text
    return run(["vvp", "-n", program, *([f"+vectors={vectors}"] if vectors else [])], folder)


def vectors_file(folder, name, saturate, *more):
    path = folder / f"{name}_{saturate}.hex"
    status, text = run([LOWP, "vectors", *claim_of(name, saturate).split(), "--as", "readmemh", "--output", path, *more], folder)
    assert status == 0 and not text, text
    return path


def memories_are_read(folder):
    for name, saturate in KINDS:
        path = vectors_file(folder, name, saturate, "--cases", "exhaustive")
        assert readmemh(folder, name, saturate, 0, path) == (0, "65536 cases, 0 mismatches\n")
        if not saturate:
            status, text = readmemh(folder, name, 0, 1 if name == "e5m2" else 2, path)
            assert status == 1 and text.count("MISMATCH") == 3 and not re.search(r"\b0 mismatches", text), text
    # Fewer vectors than there is room for are counted, none is a failure.
    status, text = readmemh(folder, "e4m3fn", 0, 0, vectors_file(folder, "e4m3fn", 0, "--cases", "random", "--count", "1000"))
    assert status == 0 and "1000 cases, 0 mismatches" in text, text
    empty = folder / "empty.hex"
    empty.write_text("// nothing\n", encoding="ascii")
    for file, words in ((empty, "no vectors"), (folder / "not_there.hex", "not_there.hex"), (None, "+vectors=FILE is missing")):
        status, text = readmemh(folder, "e4m3fn", 0, 0, file)
        assert status == 1 and words in text, text


def main():
    tools = {"verilator": bool(shutil.which("verilator")), "iverilog": bool(shutil.which("iverilog") and shutil.which("vvp"))}
    for tool, there in tools.items():
        if not there:
            print(f"skipped: there is no {tool} (Debian package {tool})")
    checks = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        if tools["verilator"]:
            simulator = verilate(folder)
            checks += [(f.__name__, lambda f=f: f(simulator, folder)) for f in (
                right_units_pass, mistakes_are_found, tour_is_as_printed, pipes_need_no_script)]
        if tools["iverilog"]:
            checks += [("memories_are_read", lambda: memories_are_read(folder))]
        failed = 0
        for name, check in checks:
            try:
                check()
            except (AssertionError, OSError) as error:
                failed += 1
                print(f"FAILED {name}: {type(error).__name__} {str(error)[:3000]}")
    if not checks:
        return 77
    print(f"{len(checks) - failed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
