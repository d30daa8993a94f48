# SPDX-License-Identifier: Apache-2.0
"""Units compiled for different instruction sets share no function of lowp by name, so that none runs
instructions of the other: compiles unit.cpp for the least and for a wide x86-64, links the two in both
orders, looks at the machine code and runs it. The units of lowp_simd themselves must have no function that
one compiled otherwise would share, either.

usage: units_test.py SOURCE-ROOT LIBRARY CXX [COMPILER-WORD...]     (LIBRARY: lowp_simd's archive)"""
import pathlib
import platform
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(sys.argv[1])
LIBRARY = pathlib.Path(sys.argv[2])
COMPILER = sys.argv[3:]
FLAGS = ["-std=c++20", "-O2", "-DHWY_COMPILE_ONLY_STATIC", "-DHWY_WANT_AVX3_DL", f"-I{ROOT / 'include'}"]
SHARED = ["-O0", "-DLOWP_INLINE=", "-march=x86-64-v4"]
# Constructors and destructors, most of which nobody wrote, and what the standard library makes of types.
UNWRITTEN = re.compile(r"\b(\w+)(<.*>)?::~?\1\(|construct_at|array_error::invalid_argument\(")
UNITS = {"first": ["-march=x86-64", "-DLOWP_TEST_MAIN"], "second": ["-march=x86-64-v4"]}
# Instructions that the least x86-64 lacks: AVX and later begin with v; of the others, some that compilers like.
WIDE = re.compile(r"\t(v[a-z]\w*|[a-z]*lx|sarx|shrx|mulx|rorx|andn|bzhi|pext|pdep|lzcnt|popcnt|pshufb)\b|%[yz]mm|%k[0-7]\b")


def run(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{command}\nexit status {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def functions(path, kinds):
    """Mangled names of the functions of lowp that an object or archive defines."""
    found = re.findall(rf"^[0-9a-f]+ [{kinds}] (\S*4lowp\S*|\S*digest_\S*)$", run("nm", path), re.M)
    return set(found)


def untold(source, path):
    """Functions of lowp in a unit whose names do not tell what it was compiled for."""
    run(*COMPILER, *FLAGS, *SHARED, "-c", source, "-o", path)
    names = re.findall(r"^[0-9a-f]+ W (lowp::.*|.* lowp::.*)$", run("nm", "-C", path), re.M)
    return [name for name in names if "[abi:avx512" not in name and "std::" not in re.sub(r"\(.*", "", name)
            and not UNWRITTEN.search(name)]


def machine_code(program):
    """Disassembly by function."""
    parts = re.split(r"^[0-9a-f]+ <(.*)>:$", run("objdump", "-d", "--no-show-raw-insn", program), flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def check(work):
    complaints = []
    objects = {name: work / f"{name}.o" for name in UNITS}
    for name, flags in UNITS.items():
        run(*COMPILER, *FLAGS, *flags, f"-DLOWP_TEST_UNIT={name}", "-c", ROOT / "tests/simd/unit.cpp", "-o", objects[name])
    for other in (objects["first"], LIBRARY):
        shared = functions(objects["second"], "W") & functions(other, "W")
        complaints += [f"{other.name} and the wide unit both define {name}" for name in sorted(shared)[:5]]
    for source in sorted((ROOT / "src").glob("lowp_simd*.cpp")):
        complaints += [f"{source.name}: other units share {name}" for name in untold(source, work / "unit.o")[:5]]
    runs_wide = "avx512vl" in pathlib.Path("/proc/cpuinfo").read_text(encoding="ascii")
    for order in (["first", "second"], ["second", "first"]):
        program = work / "-".join(order)
        run(*COMPILER, *(objects[name] for name in order), "-o", program)
        code = machine_code(program)
        plain = functions(objects["first"], "WTt") - functions(objects["second"], "t")
        wide = [name for name in sorted(plain) if WIDE.search(code.get(name, ""))]
        complaints += [f"{program.name}: {name} has instructions that its unit was not compiled for" for name in wide[:5]]
        if len(plain & code.keys()) < 10:
            complaints.append(f"{program.name}: only {len(plain & code.keys())} functions found, the check is blind")
        if not any(WIDE.search(code[name]) for name in functions(objects["second"], "WTt") & code.keys()):
            complaints.append(f"{program.name}: no wide instruction in the wide unit either, the check is blind")
        if runs_wide:
            print(program.name, run(program).strip())
    return complaints


def main():
    if platform.machine() != "x86_64":
        print("skipped: this test knows x86-64 only")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        complaints = check(pathlib.Path(folder))
    print(*complaints, sep="\n")
    print(f"{0 if complaints else 1} passed, {len(complaints)} failed")
    return 1 if complaints else 0


sys.exit(main())
