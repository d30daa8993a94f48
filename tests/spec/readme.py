# SPDX-License-Identifier: Apache-2.0
"""Checks that README.md shows examples/readme.cpp word for word, and what it prints.

usage: readme.py SOURCE-ROOT EXAMPLE
"""
import pathlib
import re
import subprocess
import sys


def block(text, language):
    """The first fenced block of a language."""
    found = re.search(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)
    return found.group(1) if found else None


def main():
    root = pathlib.Path(sys.argv[1])
    readme = (root / "README.md").read_text(encoding="utf-8")
    program = (root / "examples" / "readme.cpp").read_text(encoding="utf-8")
    program = program.split("\n", 1)[1]  # without the licence line
    printed = subprocess.run([sys.argv[2]], capture_output=True, text=True, check=True).stdout
    failed = 0
    for language, wanted, where in (("cpp", program, "examples/readme.cpp"),
                                    ("text", printed, "what examples/readme.cpp prints")):
        if block(readme, language) != wanted:
            print(f"the first {language} block of README.md is not {where}")
            failed += 1
    print(f"{2 - failed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
