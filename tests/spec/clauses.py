# SPDX-License-Identifier: Apache-2.0
"""Checks that every clause of the specification is defined once, cited by the code, and tested.

usage: clauses.py [SOURCE-ROOT]
A clause is defined by a heading '## ABC-n Title' in spec/*.md. It must be cited in a comment of a header
under include/ or fuzz/, and named by a test: the title of a doctest TEST_CASE (or SUBCASE), or the line
'test: ABC-n ...' in a Python test. Ids that are cited and not defined are errors too.
Closes with 'N passed, N failed'; a clause counts once.
"""
import collections
import pathlib
import re
import sys

DEFINITION = re.compile(r"^## ([A-Z]{3}-\d+) \S", re.M)
FAMILIES = re.compile(r"^\| \[\w+\.md\]\(\w+\.md\) \| ([A-Z]{3}):", re.M)
COMMENT = re.compile(r"//[^\n]*")
TITLE = re.compile(r'(?:TEST_CASE|SUBCASE|TEST_CASE_TEMPLATE)\s*\(\s*((?:"(?:\\.|[^"\\])*"\s*)+)')
PYTHON_TEST = re.compile(r"\btest: ([^\n]*)")


def read(path):
    return path.read_text(encoding="utf-8", errors="replace")


def cited(pattern, texts):
    """id -> one place that cites it, from pairs (place, text)."""
    found = {}
    for place, text in texts:
        for clause in pattern.findall(text):
            found.setdefault(clause, place)
    return found


def main():
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[2]
    chapters = {p.name: read(p) for p in sorted((root / "spec").glob("*.md"))}
    families = FAMILIES.findall(chapters.get("README.md", ""))
    defined = collections.Counter(i for text in chapters.values() for i in DEFINITION.findall(text))
    if not families or not defined:
        print("no clauses in spec/*.md, or no table of chapters in spec/README.md")
        print("0 passed, 1 failed")
        return 1
    clause = re.compile(r"\b((?:" + "|".join(families) + r")-\d+)\b")

    headers = [(p.relative_to(root).as_posix(), read(p)) for folder in ("include", "fuzz")
               for kind in ("*.hpp", "*.h") for p in sorted((root / folder).rglob(kind))]
    in_code = cited(clause, [(n, "\n".join(COMMENT.findall(t))) for n, t in headers])
    tests = []
    for path in sorted((root / "tests").rglob("*")):
        if path.suffix == ".cpp":
            tests.append((path.relative_to(root).as_posix(), " ".join(TITLE.findall(read(path)))))
        elif path.suffix == ".py" and path != pathlib.Path(__file__).resolve():
            tests.append((path.relative_to(root).as_posix(), " ".join(PYTHON_TEST.findall(read(path)))))
    in_tests = cited(clause, tests)
    in_text = cited(clause, chapters.items())

    bad = collections.defaultdict(list)
    for i, times in defined.items():
        if times > 1:
            bad[i].append(f"is defined {times} times in spec/")
        if i[:3] not in families:
            bad[i].append("belongs to no chapter that spec/README.md lists")
        if i not in in_code:
            bad[i].append("is cited by no comment under include/ or fuzz/")
        if i not in in_tests:
            bad[i].append("is in the name of no test under tests/")
    for where, found in (("include/ or fuzz/", in_code), ("tests/", in_tests), ("spec/", in_text)):
        for i, place in found.items():
            if i not in defined:
                bad[i].append(f"is not defined in spec/, but cited in {place}")
    for i in sorted(bad, key=lambda c: (c[:3], int(c[4:]))):
        for what in bad[i]:
            print(f"{i} {what}")
    if bad:
        print("see spec/README.md, 'Add a clause'")
    print(f"{len(defined.keys() - bad.keys())} passed, {len(bad)} failed")
    return 1 if bad else 0


sys.exit(main())
