# SPDX-License-Identifier: Apache-2.0
"""Compiles core.cu, blocks.cu and hardware.cu with nvcc and no flag they need, silently, and runs them where there is a GPU.
Every header of the folders in FOLDERS must be reached from these, or be named in HOST_ONLY.

usage: compile_test.py SOURCE-ROOT"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(sys.argv[1])
PROGRAMS = ["core.cu", "blocks.cu", "hardware.cu"]
FOLDERS = ["block", "hardware", "integer", "pack", "random"]
SPAN = "calls std::span, which the standard library has for the host only"
USES = "needs a header that calls std::span"
TABLE = "looks words up in a table of constants, which is in the memory of the host"
HOST = "the front door of whole matrices: spans, threads and exceptions"
# Headers, and folders with a / at the end.
HOST_ONLY = {
    "block/block.hpp": USES,
    "block/block_dot.hpp": USES,
    "block/block_matrix.hpp": USES,
    "block/block_statistics.hpp": USES,
    "block/layout/block_layout.hpp": SPAN,
    "block/layout/block_layouts.hpp": USES,
    "block/layout/convert_layout.hpp": SPAN,
    "block/layout/scale_layout.hpp": SPAN,
    "block/layout/scale_layouts.hpp": USES,
    "block/quantise_matrix.hpp": USES,
    "block/requantise_matrix.hpp": USES,
    "hardware/gemm/": HOST,
    "integer/integer.hpp": USES,
    "integer/quantise_array.hpp": SPAN,
    "integer/table/bag.hpp": SPAN,
    "integer/table/code_book.hpp": SPAN,
    "integer/table/quantisers.hpp": SPAN,
    "integer/table/range_search.hpp": USES,
    "integer/table/row_histogram.hpp": USES,
    "integer/table/rowwise_convert.hpp": SPAN,
    "integer/table/table.hpp": USES,
    "integer/table/uniform_grid.hpp": USES,
    "pack/crc32c.hpp": TABLE,
}


def included(path):
    return [(path.parent / name).resolve() for name in re.findall(r'#include "([^"]+)"', path.read_text())] + \
        [(ROOT / "include" / name).resolve() for name in re.findall(r"#include <(lowp/[^>]+)>", path.read_text())]


def misplaced():
    """Complaints about headers that are neither compiled here nor named, or both."""
    reached, left = set(), [ROOT / "tests/cuda" / program for program in PROGRAMS]
    while left:
        new = [path for path in included(left.pop()) if path not in reached]
        reached.update(new)
        left += new
    folder = (ROOT / "include/lowp").resolve()
    headers = {path.relative_to(folder).as_posix(): path.resolve()
               for name in FOLDERS for path in (folder / name).rglob("*.hpp")}
    for name, path in sorted(headers.items()):
        named = any(name == host or (host.endswith("/") and name.startswith(host)) for host in HOST_ONLY)
        if (path in reached) == named:
            yield f"{name}: {'named in HOST_ONLY, but device code includes it' if path in reached else 'neither included by device code nor named in HOST_ONLY'}"
    for name in sorted(host for host in HOST_ONLY if not any(header.startswith(host) for header in headers)):
        yield f"{name}: named in HOST_ONLY, but there is no such header"


def has_gpu():
    return bool(shutil.which("nvidia-smi")) and subprocess.run(["nvidia-smi", "-L"], capture_output=True).returncode == 0


def compile_and_run(nvcc, program, gpu, folder):
    out = os.path.join(folder, "program")
    # Without a GPU as far as PTX of Hopper and Blackwell, with the least optimisation: the rest takes long and
    # finds nothing.
    words = ["-arch=native"] if gpu else ["-Xcicc", "-O1", "-c"] + [
        word for arch in (90, 100) for word in ("-gencode", f"arch=compute_{arch},code=compute_{arch}")]
    command = [nvcc, "-std=c++20", *words, "-I", ROOT / "include", ROOT / "tests/cuda" / program, "-o", out]
    done = subprocess.run(command, capture_output=True, text=True)
    said = done.stdout + done.stderr
    if done.returncode != 0 or "warning" in said:
        lines = {line[:200]: None for line in said.splitlines() if ": error" in line or ": warning" in line}
        print(*sorted(lines, key=lambda line: ": error" not in line)[:20], sep="\n")
        print(f"nvcc must compile {program} without errors and warnings, and without extra flags:\n"
              "- functions take a format by value: device code cannot refer to a namespace-scope constant;\n"
              "- std::partial_ordering, std::span and the like exist on the host only")
        return 1
    if not gpu:
        print(f"{program} compiled; no GPU here to run it", flush=True)
        return 0
    return subprocess.run([out]).returncode


def main():
    complaints = list(misplaced())
    if complaints:
        print(*complaints, sep="\n")
        return 1
    nvcc = shutil.which("nvcc") or shutil.which("/usr/local/cuda/bin/nvcc")
    if not nvcc:
        print("skipped: no nvcc here")
        return 77
    gpu = has_gpu()
    with tempfile.TemporaryDirectory() as folder:
        return max([compile_and_run(nvcc, program, gpu, folder) for program in PROGRAMS])

sys.exit(main())
