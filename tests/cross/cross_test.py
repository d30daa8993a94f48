# SPDX-License-Identifier: Apache-2.0
"""Runs core tests compiled for other processors, under QEMU user emulation: the same results on 64-bit
Arm, RISC-V and the big-endian s390x.

usage: cross_test.py ROOT
A processor whose compiler or emulator is missing is skipped by name; all missing: exit status 77.
Closes with 'N passed, N failed, N skipped'.
"""
import concurrent.futures
import pathlib
import shutil
import subprocess
import sys
import tempfile

PROCESSORS = ["aarch64", "riscv64", "s390x"]
PROGRAMS = ["number", "values", "compare", "text"]


def build_and_run(root, processor, program, folder):
    """None, or what went wrong."""
    executable = folder / f"{processor}-{program}"
    tests = root / "tests"
    command = [f"{processor}-linux-gnu-g++", "-std=c++20", "-O1", "-static", f"-I{root / 'include'}",
               f"-I{tests}", f'-DLOWP_SOURCE_DIR="{root}"',
               f'-DLOWP_SHARED_DIR="{root.parent / "shared"}"',
               "-idirafter", "/usr/include",  # header-only packages, behind the target's own headers
               str(tests / f"{program}_test.cpp"), str(tests / "doctest_main.cpp"),
               "-o", str(executable)]
    built = subprocess.run(command, capture_output=True, text=True)
    if built.returncode != 0:
        return "does not compile:\n" + built.stderr[:2000]
    ran = subprocess.run([f"qemu-{processor}", str(executable), "--no-intro=1"],
                         capture_output=True, text=True)
    return None if ran.returncode == 0 else ran.stdout[-2000:] + ran.stderr[-500:]


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    passed = failed = skipped = 0
    jobs = []
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
        for processor, program, work in jobs:
            problem = work.result()
            print(f"{processor} {program}: {problem or 'ok'}", flush=True)
            failed += problem is not None
            passed += problem is None
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 77 if passed + failed == 0 else 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
