# SPDX-License-Identifier: Apache-2.0
"""Runs core tests compiled for other processors, under QEMU user emulation: the same results on 64-bit
Arm, RISC-V and the big-endian s390x. The kernels of bulk conversion must also give the digest that they
give on this machine.

usage: cross_test.py ROOT
A processor whose compiler or emulator is missing is skipped by name; all missing: exit status 77.
Closes with 'N passed, N failed, N skipped'.
"""
import concurrent.futures
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HOST = "this machine"
PROCESSORS = ["aarch64", "riscv64", "s390x"]
PROGRAMS = ["number", "values", "compare", "text"]
# Kernels by processor: flags of the compiler, of the emulator. Highway 1.0.3 has no vectors for g++ on
# RISC-V and s390x, and kernels have members that vectors without a fixed size cannot be: NEON for SVE.
NO_SVE = "-DHWY_DISABLED_TARGETS=(HWY_SVE|HWY_SVE2|HWY_SVE_256|HWY_SVE2_128)"
KERNELS = [("aarch64", ["-march=armv8-a"], []),
           ("aarch64", ["-march=armv9-a", NO_SVE], ["-cpu", "max,sve256=on"]),
           ("riscv64", [], []),
           ("s390x", [], [])]


def build_and_run(root, processor, program, folder, flags=(), emulator_flags=()):
    """What went wrong, or nothing, and what the program said."""
    executable = folder / f"{processor}-{program.replace('/', '-')}{''.join(flags[:1])}"
    tests = root / "tests"
    compiler = "g++" if processor == HOST else f"{processor}-linux-gnu-g++"
    command = [compiler, "-std=c++20", "-O1", "-static", f"-I{root / 'include'}", *flags,
               f"-I{tests}", f'-DLOWP_SOURCE_DIR="{root}"',
               f'-DLOWP_SHARED_DIR="{root.parent / "shared"}"',
               "-idirafter", "/usr/include",  # header-only packages, behind the target's own headers
               str(tests / f"{program}_test.cpp"), str(tests / "doctest_main.cpp"),
               "-o", str(executable)]
    built = subprocess.run(command, capture_output=True, text=True)
    if built.returncode != 0:
        return "does not compile:\n" + built.stderr[:2000], ""
    emulator = [] if processor == HOST else [f"qemu-{processor}", *emulator_flags]
    ran = subprocess.run([*emulator, str(executable), "--no-intro=1"], capture_output=True, text=True)
    return None if ran.returncode == 0 else ran.stdout[-2000:] + ran.stderr[-500:], ran.stdout


def kernels(root, processor, folder, flags, emulator_flags):
    """What went wrong with the kernels, and their digest."""
    problem, said = build_and_run(root, processor, "simd/static", folder,
                                  [*flags, "-DHWY_COMPILE_ONLY_STATIC"], emulator_flags)
    digest = re.search(r"^digest (\w+)$", said, re.M)
    return problem or (None if digest else "no digest"), digest and digest[1]


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    passed = failed = skipped = 0
    jobs, own = [], None
    has_highway = pathlib.Path("/usr/include/hwy/highway.h").exists()
    if not has_highway:
        print("kernels: skipped, Highway (libhwy-dev) not installed")
        skipped += 1
    with tempfile.TemporaryDirectory(prefix="lowp-cross-") as temporary, \
            concurrent.futures.ThreadPoolExecutor(2) as pool:
        for processor in PROCESSORS:
            needed = [f"{processor}-linux-gnu-g++", f"qemu-{processor}"]
            missing = [tool for tool in needed if shutil.which(tool) is None]
            if missing:
                print(f"{processor}: skipped, {' and '.join(missing)} not installed")
                skipped += 1
                continue
            for program in PROGRAMS:
                work = pool.submit(build_and_run, root, processor, program, pathlib.Path(temporary))
                jobs.append((processor, program, work))
            for of, flags, emulator_flags in KERNELS:
                if of == processor and has_highway:
                    work = pool.submit(kernels, root, processor, pathlib.Path(temporary), flags, emulator_flags)
                    jobs.append((processor, " ".join(["kernels", *flags[:1]]), work))
        for processor, program, work in jobs:
            problem, said = work.result()
            if program.startswith("kernels") and problem is None:
                own = own or kernels(root, HOST, pathlib.Path(temporary), [], [])
                if own[0] or said != own[1]:
                    problem = own[0] or f"digest {said}, on this machine {own[1]}"
            print(f"{processor} {program}: {problem or 'ok'}", flush=True)
            failed += problem is not None
            passed += problem is None
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 77 if passed + failed == 0 else 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
