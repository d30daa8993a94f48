# SPDX-License-Identifier: Apache-2.0
"""Compiles each snippet of this folder twice: as it is, which must fail with the message that it
names, and with -DCORRECTED, which must compile without a warning.

test: ARI-12 narrowing does not compile

usage: compile_fail_test.py SOURCE-ROOT COMPILER...
Add a case: a file NAME.cpp here with a line '// error: TEXT', where TEXT must occur in the first
error or its notes."""
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(sys.argv[1])
COMPILER = sys.argv[2:] or ["g++"]
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror"]
EIGEN = "/usr/include/eigen3"


def compile_snippet(path, *flags):
    foreign = ["-isystem", EIGEN] if os.path.isdir(EIGEN) else []
    return subprocess.run([*COMPILER, "-std=c++20", *WARNINGS, "-I", ROOT / "include", *foreign, "-fsyntax-only",
                           *flags, path], capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"})


def complaint(path):
    """What is wrong with a snippet, or ''."""
    wanted = re.findall(r"^// error: (.+)$", path.read_text(encoding="ascii"), re.M)
    if len(wanted) != 1:
        return "has no line '// error: TEXT', or more than one"
    done = compile_snippet(path, "-DCORRECTED")
    if done.returncode != 0:
        return f"corrected, it does not compile: {done.stderr[:500]}"
    done = compile_snippet(path)
    if done.returncode == 0:
        return "compiles"
    if wanted[0] not in done.stderr:
        return f"the error does not say '{wanted[0]}': {done.stderr[:500]}"
    return ""


def main():
    snippets = sorted(pathlib.Path(__file__).resolve().parent.glob("*.cpp"))
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, said in zip(snippets, pool.map(complaint, snippets)):
            failed += bool(said)
            if said:
                print(f"{path.name}: {said}")
    print(f"{len(snippets) - failed} passed, {failed} failed")
    return 1 if failed or not snippets else 0


sys.exit(main())
