# SPDX-License-Identifier: Apache-2.0
"""Prints what '#include <lowp/...>' costs g++: best of five runs, less an empty translation unit.

usage: cost.py [HEADER...]     (default: lowp/lowp.hpp)
Only a missing header or a compile error fails: time depends on the machine."""
import pathlib
import resource
import subprocess
import sys

INCLUDE = pathlib.Path(__file__).resolve().parent.parent.parent / "include"
RUNS = 5


def user_and_system():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def best(text, *flags):
    """Least CPU seconds of RUNS compilations of text."""
    seconds = []
    for _ in range(RUNS):
        before = user_and_system()
        subprocess.run(["g++", "-std=c++20", *flags, "-I", str(INCLUDE), "-x", "c++", "-c", "-o", "/dev/null", "-"],
                       input=text, text=True, check=True)
        seconds.append(user_and_system() - before)
    return min(seconds)


def main():
    headers = sys.argv[1:] or ["lowp/lowp.hpp"]
    for header in headers:
        if not (INCLUDE / header).is_file():
            print(f"skipped: no {header} yet")
            return 77
        for level in ("-O0", "-O2"):
            cost = best(f"#include <{header}>\n", level) - best("", level)
            print(f"#include <{header}> at {level}: {cost:.3f} s of g++ CPU time (best of {RUNS})")
    return 0


sys.exit(main())
