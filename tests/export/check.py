# SPDX-License-Identifier: Apache-2.0
"""Checks that the generated tables are up to date: writes them anew into a temporary folder and compares.

usage: check.py LOWP_EXPORT SOURCE-ROOT
Prints one line for each file that differs and closes with 'N passed, N failed'.
"""
import difflib
import pathlib
import shutil
import subprocess
import sys
import tempfile

GENERATED = ["formats.json", "conversion_rules.json", "conversion_instructions.json", "mma_models.json", "values"]


def files_below(folder):
    """Generated files of a spec folder: path from there -> bytes."""
    found = {}
    for name in GENERATED:
        path = folder / name
        for file in [path] if path.is_file() else sorted(path.rglob("*")):
            if file.is_file():
                found[file.relative_to(folder).as_posix()] = file.read_bytes()
    return found


def first_difference(old, new):
    """The first differing lines, for the message."""
    lines = list(difflib.unified_diff(old.decode().splitlines(), new.decode().splitlines(), lineterm="", n=0))
    return "\n    ".join(line[:160] for line in lines[2:8])


def main():
    exporter, root = sys.argv[1], pathlib.Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        fresh = pathlib.Path(folder)
        shutil.copy(root / "README.md", fresh / "README.md")
        ran = subprocess.run([exporter, str(fresh / "spec"), str(fresh / "README.md")],
                             capture_output=True, text=True)
        if ran.returncode != 0:
            print(ran.stderr.strip())
            print("0 passed, 1 failed")
            return 1
        new = {"spec/" + k: v for k, v in files_below(fresh / "spec").items()}
        new["README.md"] = (fresh / "README.md").read_bytes()
    old = {"spec/" + k: v for k, v in files_below(root / "spec").items()}
    old["README.md"] = (root / "README.md").read_bytes()
    failed = 0
    for name in sorted(old.keys() | new.keys()):
        if name not in new:
            print(f"{name} is not written by the exporter any more: delete it")
        elif name not in old:
            print(f"{name} is missing")
        elif old[name] != new[name]:
            print(f"{name} is not up to date:\n    {first_difference(old[name], new[name])}")
        else:
            continue
        failed += 1
    if failed:
        print("to write all of them anew: build/tests/lowp_export spec README.md")
    print(f"{len(old.keys() | new.keys()) - failed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
