# SPDX-License-Identifier: Apache-2.0
"""Checks the source files outside include/: licence line, ASCII, that no test program is forgotten in
a list of Meson, and that nothing compiled was committed."""
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FOLDERS = ["src", "tests", "fuzz", "bench", "examples"]
C_LIKE = {".cpp", ".hpp", ".h", ".cu", ".cc"}
HASH_LIKE = {".py", ".sh"}


def complaints(path):
    """What is wrong with one file."""
    raw = path.read_bytes()
    mark = "//" if path.suffix in C_LIKE else "#"
    lines = raw.decode("utf-8", "replace").splitlines()[:2]
    if f"{mark} SPDX-License-Identifier: Apache-2.0" not in lines:
        yield "has no SPDX licence line at its top"
    if any(byte > 126 for byte in raw):
        yield "is not ASCII"
    if path.name.endswith("_test.cpp"):
        name = path.relative_to(ROOT / "tests").as_posix()
        listed = (ROOT / "tests" / "meson.build").read_text(encoding="ascii")
        of_tool = (ROOT / "fuzz" / "meson.build").read_text(encoding="ascii")
        named = f"'{name}'" in listed or f"'{name[:-len('_test.cpp')]}'" in listed
        if not named and f"'../tests/{name}'" not in of_tool:
            yield "is listed neither in tests/meson.build nor in fuzz/meson.build, so it never runs"


def clashes():
    """Types of one name in two headers of the tool: the linker merges their functions without a word."""
    homes = {}
    for path in sorted((ROOT / "fuzz").rglob("*.hpp")):
        if path.is_relative_to(ROOT / "fuzz" / "targets"):
            continue  # programs of their own
        for name in re.findall(r"^(?:struct|class) (\w+)(?: final)?(?: :.*)? \{", path.read_text(encoding="ascii"), re.M):
            homes.setdefault(name, []).append(path.relative_to(ROOT).as_posix())
    for name, paths in homes.items():
        if len(paths) > 1:
            yield f"type {name} is defined in {' and '.join(paths)}"


def compiled():
    """Programs and objects among the files that git keeps; none is known without a checkout and git."""
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        return
    listed = subprocess.run(["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"], cwd=ROOT, check=True,
                            capture_output=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        path = ROOT / name
        if path.is_file() and path.read_bytes()[:4] == b"\x7fELF":
            yield f"{name} is a compiled file, which does not belong into the repository"


def main():
    passed = failed = 0
    for what in [*clashes(), *compiled()]:
        print(what)
        failed += 1
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix not in C_LIKE | HASH_LIKE or "__pycache__" in path.parts:
                continue
            found = list(complaints(path))
            for what in found:
                print(f"{path.relative_to(ROOT)} {what}")
            passed, failed = passed + (not found), failed + bool(found)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
