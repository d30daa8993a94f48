# SPDX-License-Identifier: Apache-2.0
"""Compiles core.cu with nvcc and no extra flag, silently, and runs it where there is a GPU.

usage: compile_test.py SOURCE-ROOT"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(sys.argv[1])


def has_gpu():
    return bool(shutil.which("nvidia-smi")) and subprocess.run(["nvidia-smi", "-L"], capture_output=True).returncode == 0


def main():
    nvcc = shutil.which("nvcc") or shutil.which("/usr/local/cuda/bin/nvcc")
    if not nvcc:
        print("skipped: no nvcc here")
        return 77
    gpu = has_gpu()
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "core")
        command = [nvcc, "-std=c++20", "-arch=native" if gpu else "-arch=sm_90", "-I", ROOT / "include",
                   ROOT / "tests/cuda/core.cu", "-o", out] + ([] if gpu else ["-c"])
        done = subprocess.run(command, capture_output=True, text=True)
        said = done.stdout + done.stderr
        if done.returncode != 0 or "warning" in said:
            lines = {line[:200]: None for line in said.splitlines() if ": error" in line or ": warning" in line}
            print(*sorted(lines, key=lambda line: ": error" not in line)[:20], sep="\n")
            print("nvcc must compile the core without errors and warnings, and without extra flags:\n"
                  "- functions take a format by value: device code cannot refer to a namespace-scope constant;\n"
                  "- std::partial_ordering and the like exist on the host only")
            return 1
        if not gpu:
            print("compiled; no GPU here to run it")
            return 0
        return subprocess.run([out]).returncode


sys.exit(main())
