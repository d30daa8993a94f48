# SPDX-License-Identifier: Apache-2.0
"""Helpers of ./run that need more than a shell: reading Meson's lists and logs."""
import difflib
import json
import re
import subprocess
import sys

DOCTEST = re.compile(r"\[doctest\] test cases:\s*(\d+)\s*\|\s*(\d+) passed\s*\|\s*(\d+) failed\s*\|\s*(\d+) skipped")
DOCTEST_CHECKS = re.compile(r"\[doctest\] assertions:\s*(\d+)")
PLAIN = re.compile(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$", re.M)


def nearest(value, known):
    """The known word that looks most like value, or nothing."""
    found = difflib.get_close_matches(value, known, n=1, cutoff=0.4)
    if found:
        print(found[0])
    return 0


def check_names(build, names):
    """Error for names that are no test of the build directory; Meson itself would ignore them."""
    tests = json.loads(subprocess.check_output(["meson", "introspect", "--tests", build]))
    known = sorted(t["name"] for t in tests)
    bad = [n for n in names if n not in known]
    for name in bad:
        close = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
        hint = f"; nearest: {close[0]}" if close else ""
        print(f"run: no test is named '{name}'{hint}", file=sys.stderr)
    if bad:
        print("known tests: " + " ".join(known), file=sys.stderr)
    return 2 if bad else 0


def counts(test):
    """(passed, failed, skipped, checks) of one entry of testlog.json: doctest's own counts of test cases,
    or the plain line of a script, or one for the whole program."""
    result = test["result"]
    if result == "SKIP":
        return 0, 0, 1, 0
    good = result in ("OK", "EXPECTEDFAIL")
    out = test.get("stdout", "")
    checks = sum(int(n) for n in DOCTEST_CHECKS.findall(out))
    doctest, plain = DOCTEST.search(out), PLAIN.findall(out)
    if doctest:
        total, passed, failed, skipped = map(int, doctest.groups())
        if total == 0:
            failed = 1
    elif plain:
        passed, failed, skipped = (int(n or 0) for n in plain[-1])
        if passed + failed + skipped == 0:
            failed = 1
    else:
        passed, failed, skipped = int(good), 0, 0
    if not good:
        failed = max(failed, 1)
    return passed, failed, skipped, checks


def summary(log):
    """Prints what a run of `meson test` did, closing with the plain line; fails when no test ran."""
    passed = failed = skipped = checks = programs = 0
    try:
        lines = [json.loads(line) for line in open(log, encoding="utf-8")]
    except OSError:
        lines = []
    for test in lines:
        p, f, s, c = counts(test)
        passed, failed, skipped, checks = passed + p, failed + f, skipped + s, checks + c
        programs += 1
        if f:
            print(f"failed: {test['name']} ({test['result']})")
        if test["result"] == "SKIP":
            why = test.get("stdout", "").strip().splitlines()
            print(f"skipped: {test['name']}" + (f" ({why[-1]})" if why else ""))
    if passed + failed == 0:
        print("no test was run", file=sys.stderr)
        failed = 1
    print(f"{programs} programs, {checks} checks")
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed else 0


def main():
    what, rest = sys.argv[1], sys.argv[2:]
    if what == "nearest":
        return nearest(rest[0], rest[1:])
    if what == "check-names":
        return check_names(rest[0], rest[1:])
    if what == "summary":
        return summary(rest[0])
    print(f"frame.py: unknown command '{what}'", file=sys.stderr)
    return 2


sys.exit(main())
