# SPDX-License-Identifier: Apache-2.0
"""Checks that README.md shows examples word for word, each followed by what it prints.

usage: readme.py SOURCE-ROOT [NAME EXECUTABLE]...     (of examples/NAME.cpp)
"""
import pathlib
import re
import subprocess
import sys


def blocks(text):
    """The fenced blocks with a language, as (language, content)."""
    return re.findall(r"^```(\w+)\n(.*?)^```$", text, re.M | re.S)


def main():
    root = pathlib.Path(sys.argv[1])
    shown = blocks((root / "README.md").read_text(encoding="utf-8"))
    failed, count = 0, 0
    for name, executable in zip(sys.argv[2::2], sys.argv[3::2]):
        count += 2
        program = (root / "examples" / f"{name}.cpp").read_text(encoding="utf-8")
        program = ("cpp", program.split("\n", 1)[1])  # without the licence line
        if program not in shown:
            print(f"no cpp block of README.md is examples/{name}.cpp")
            failed += 2
            continue
        printed = subprocess.run([executable], capture_output=True, text=True, check=True).stdout
        if shown[shown.index(program) + 1:][:1] != [("text", printed)]:
            print(f"the block after examples/{name}.cpp in README.md is not what that prints")
            failed += 1
    print(f"{count - failed} passed, {failed} failed")
    return 1 if failed or not count else 0


sys.exit(main())
