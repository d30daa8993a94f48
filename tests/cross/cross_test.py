# SPDX-License-Identifier: Apache-2.0
"""Runs core tests compiled for other processors, under QEMU user emulation: the same results on 64-bit
Arm, RISC-V and the big-endian s390x. The kernels of bulk conversion must also give the digest that they
give on this machine, for every instruction set and length of vectors, and pass their tests.

usage: cross_test.py ROOT
A processor whose compiler or emulator is missing is skipped by name; all missing: exit status 77.
RVV needs clang and a Highway newer than 1.0, whose folder of headers LOWP_HIGHWAY may name.
Closes with 'N passed, N failed, N skipped'.
"""
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HOST = "this machine"
PROCESSORS = ["aarch64", "riscv64", "s390x"]
PROGRAMS = ["number", "values", "compare", "text", "integer/intn", "integer/affine", "integer/requantise",
            "integer/dot", "integer/table/rowwise", "integer/table/bag", "block/layout", "block/convert_layout",
            "block/quantise_clauses", "block/hadamard", "block/ggml", "block/ggml_numbers"]
# Tests of instructions that need more than the least of a processor: compiler's and emulator's flags.
INSTRUCTIONS = {"aarch64": ("integer/arm", ["-march=armv8.6-a"], ["-cpu", "max"])}
# Tests of the kernels with the units of lowp_simd that they need; those in DIGESTS print digests, which
# must be those of this machine.
DIGESTS = {"static": [], "formats": [""]}
KERNEL_PROGRAMS = {
    **{name: [""] for name in ["edges", "front_door", "stochastic", "look_up", "environment", "compute"]},
    "quantise": ["", "_quantise"], "dequantise": ["", "_dequantise"], "block_dot": ["", "_dequantise"],
    "rowwise": ["", "_rowwise"], "affine_array": ["", "_affine"], "pool_rows": ["", "_rowwise", "_pool"],
    "crc32c": ["_crc32c"]}
# Hours under emulation; simd/static and other cases have samples of these.
LEFT_OUT = "--test-case-exclude=*all pairs*"
HIGHWAY = pathlib.Path(os.environ.get("LOWP_HIGHWAY", "/usr/include"))
SVE_BYTES = [16, 32, 256]
RVV_BYTES = [16, 128]
# Instruction sets by processor: Highway's name, the compiler's flags, the emulator's for each length
# of vectors. g++ 12 with Highway 1.0.3 has no vectors on RISC-V and s390x.
INSTRUCTION_SETS = [
    ("aarch64", "NEON", ["-march=armv8-a"], {16: []}),
    ("aarch64", "SVE", ["-march=armv8.2-a+sve"],
     {32: ["-cpu", "max,sve-default-vector-length=32"]}),
    ("aarch64", "SVE2", ["-march=armv9-a"],
     {n: ["-cpu", f"max,sve-default-vector-length={n}"] for n in SVE_BYTES}),
    ("riscv64", "SCALAR", [], {1: []}),
    ("riscv64", "RVV", ["-march=rv64gcv"],
     {n: ["-cpu", f"rv64,v=true,vlen={8 * n},vext_spec=v1.0"] for n in RVV_BYTES}),
    ("s390x", "SCALAR", [], {1: []})]


def clang():
    """Path of a compiler that has intrinsics of RVV, and its version."""
    for version in range(24, 15, -1):
        path = shutil.which(f"clang++-{version}")
        if path is not None:
            return path, version
    return None


def missing_for(name):
    """Why the kernels of an instruction set cannot be tested, or nothing."""
    if name != "RVV":
        return None
    found = [re.search(rf"#define HWY_{part} (\d+)", (HIGHWAY / "hwy" / header).read_text())
             for part in ("MAJOR", "MINOR") for header in ("base.h", "highway.h")]
    version = tuple(int(f[1]) for f in found if f)
    if version < (1, 1):
        return f"Highway {'.'.join(map(str, version))} has it for no compiler of today; LOWP_HIGHWAY names a newer one"
    return None if clang() else "no clang++-16 or newer"


class Failure(Exception):
    """A step that did not do."""


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise Failure(" ".join(command[:1]) + ": " + done.stdout[-2000:] + done.stderr[:2000])
    return done.stdout


class Build:
    """Programs for one processor and instruction set, in a folder of their own."""

    def __init__(self, root, folder, processor, name="", flags=()):
        self.root, self.processor = root, processor
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=folder))
        compiler = ["g++" if processor == HOST else f"{processor}-linux-gnu-g++"]
        if name == "RVV":
            path, version = clang()
            compiler = [path, f"--target={processor}-linux-gnu"]
            compiler += ["-DHWY_RVV_AVOID_VXRM"] if version < 17 else []
        self.command = [*compiler, "-std=c++20", "-O1", "-static", *flags,
                        "-DHWY_COMPILE_ONLY_STATIC", "-DHWY_DISABLED_TARGETS=0",
                        f"-I{root / 'include'}", f"-I{root / 'tests'}", f'-DLOWP_SOURCE_DIR="{root}"',
                        f'-DLOWP_SHARED_DIR="{root.parent / "shared"}"',
                        # Header-only packages, behind the target's own headers.
                        "-idirafter", "/usr/include"]
        if HIGHWAY != pathlib.Path("/usr/include"):
            self.command.append(f"-I{HIGHWAY}")

    def object(self, source):
        out = self.folder / (pathlib.Path(source).stem + ".o")
        if not out.exists():
            run([*self.command, "-c", str(self.root / source), "-o", str(out)])
        return str(out)

    def run(self, program, emulator_flags=(), units=()):
        """What the test says."""
        executable = self.folder / program.replace("/", "-")
        if not executable.exists():
            objects = [self.object("tests/doctest_main.cpp")]
            objects += [self.object(f"src/lowp_simd{unit}.cpp") for unit in units]
            run([*self.command, str(self.root / f"tests/{program}_test.cpp"), *objects, "-o", str(executable)])
        emulator = [] if self.processor == HOST else [f"qemu-{self.processor}", *emulator_flags]
        return run([*emulator, str(executable), "--no-intro=1", LEFT_OUT])


def core(root, folder, processor):
    """Lines of what passed, and of what failed."""
    passed, failed = [], []
    plain = Build(root, folder, processor)
    jobs = [(plain, program, []) for program in PROGRAMS]
    if processor in INSTRUCTIONS:
        program, flags, emulator_flags = INSTRUCTIONS[processor]
        jobs.append((Build(root, folder, processor, flags=flags), program, emulator_flags))
    for build, program, emulator_flags in jobs:
        try:
            said = build.run(program, emulator_flags)
            if "not compared" in said and build is not plain:
                raise Failure("without the instructions: " + said)
            passed.append(f"{processor} {program}")
        except Failure as problem:
            failed.append(f"{processor} {program}: {problem}")
    return passed, failed


def kernels(root, folder, processor, name, flags, lengths, own):
    """The same for the kernels of an instruction set; `own` has the digests to be had."""
    build, passed, failed = Build(root, folder, processor, name, flags), [], []
    for length, emulator_flags in lengths.items():
        for program, units in {**DIGESTS, **KERNEL_PROGRAMS}.items():
            what = f"{processor} {name}, {length} bytes: {program}"
            try:
                said = build.run(f"simd/{program}", emulator_flags, units)
                if program == "static" and f"static {name}, vectors of {length} bytes" not in said:
                    raise Failure("another instruction set or length: " + said)
                if program == "formats" and f"instruction sets: {name};" not in said:
                    raise Failure("another instruction set: " + said)
                if program in own and digests_of(said) != own[program]:
                    raise Failure(f"digests {digests_of(said)}, on this machine {own[program]}")
                passed.append(what)
            except Failure as problem:
                failed.append(f"{what}: {problem}")
    return passed, failed


def digests_of(said):
    found = re.findall(r"\bdigest ([0-9a-f]{16})$|\bdigest ([0-9a-f]{16}):", said, re.M)
    if not found:
        raise Failure("no digest: " + said)
    return [a or b for a, b in found]


def own_digests(root, folder):
    build = Build(root, folder, HOST)
    return {program: digests_of(build.run(f"simd/{program}", (), units)) for program, units in DIGESTS.items()}


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    passed = failed = skipped = 0
    jobs, own = [], None
    has_highway = (HIGHWAY / "hwy/highway.h").exists()
    if not has_highway:
        print("kernels: skipped, Highway (libhwy-dev) not installed")
        skipped += 1
    with tempfile.TemporaryDirectory(prefix="lowp-cross-") as folder, \
            concurrent.futures.ThreadPoolExecutor(2) as pool:
        for processor in PROCESSORS:
            needed = [f"{processor}-linux-gnu-g++", f"qemu-{processor}"]
            missing = [tool for tool in needed if shutil.which(tool) is None]
            if missing:
                print(f"{processor}: skipped, {' and '.join(missing)} not installed")
                skipped += 1
                continue
            jobs.append(pool.submit(core, root, folder, processor))
            for of, name, flags, lengths in INSTRUCTION_SETS if has_highway else []:
                if of != processor:
                    continue
                if missing_for(name):
                    print(f"{processor} {name}: skipped, {missing_for(name)}")
                    skipped += 1
                    continue
                own = own or own_digests(root, folder)
                jobs.append(pool.submit(kernels, root, folder, processor, name, flags, lengths, own))
        for job in concurrent.futures.as_completed(jobs):
            good, bad = job.result()
            for line in good:
                print(f"{line}: ok", flush=True)
            for line in bad:
                print(line, flush=True)
            passed += len(good)
            failed += len(bad)
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 77 if passed + failed == 0 else 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
