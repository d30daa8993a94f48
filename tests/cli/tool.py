# SPDX-License-Identifier: Apache-2.0
"""What the tests of the lowp command-line tool share. Each is called with the path of lowp."""
import csv
import io
import json
import os
import subprocess
import sys
import traceback

LOWP = sys.argv[1]
PLAIN = {name: value for name, value in os.environ.items() if name != "COLUMNS"}


def run(*arguments, columns=None):
    """Exit status, standard output, standard error."""
    environment = PLAIN if columns is None else {**PLAIN, "COLUMNS": str(columns)}
    done = subprocess.run([LOWP, *arguments], capture_output=True, text=True, timeout=250, errors="replace",
                          env=environment, check=False)
    return done.returncode, done.stdout, done.stderr


def output_of(*arguments, columns=None):
    """Standard output of a command that succeeds and has nothing to complain about."""
    status, out, err = run(*arguments, columns=columns)
    assert status == 0 and not err, (arguments, status, err[:300])
    return out


def rows_of(*arguments):
    """The rows of a listing, read as JSON; CSV says the same."""
    data = json.loads(output_of(*arguments, "--as", "json"))
    table = list(csv.DictReader(io.StringIO(output_of(*arguments, "--as", "csv"), newline="")))
    assert len(table) == len(data)

    def as_csv(cell):
        if cell is None:
            return ""
        return "; ".join(cell) if isinstance(cell, list) else str(cell)
    for row, same in zip(data, table):
        assert {k: as_csv(v) for k, v in row.items()} == same, (row, same)
    return data


def refused(arguments, wanted, wanted_status=2):
    """Nothing on standard output, one message that says what and why."""
    status, out, err = run(*arguments)
    assert status == wanted_status, f"exit status {status}"
    assert not out, f"wrote to standard output: {out[:200]}"
    missing = [word for word in wanted if word not in err]
    assert not missing, f"message lacks {missing}: {err[:300]}"


def run_checks(bad, functions, nothing=()):
    """Runs a table of wrong usage (exit status 2), one of searches without result (1), and functions; the exit status."""
    checks = [(" ".join(a)[:60], lambda a=a, w=w: refused(a, w)) for a, w in bad]
    checks += [(" ".join(a)[:60], lambda a=a, w=w: refused(a, w, 1)) for a, w in nothing]
    checks += [(f.__name__, f) for f in functions]
    failed = 0
    for name, check in checks:
        try:
            check()
        except (AssertionError, subprocess.TimeoutExpired, OSError, ValueError, KeyError, IndexError) as error:
            failed += 1
            line = traceback.extract_tb(error.__traceback__)[-1]
            print(f"FAILED lowp {name!r}, {line.name} line {line.lineno}: {type(error).__name__} {error}")
    print(f"{len(checks) - failed} passed, {failed} failed")
    return 1 if failed else 0
