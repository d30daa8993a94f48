# SPDX-License-Identifier: Apache-2.0
"""lowp verify with implementations from outside: plug-ins and programs, right ones and such with every fault.

usage: plugin_test.py LOWP README.so EXAMPLE.so FAULTY.so UNUSABLE.so
test: GLD-1 GLD-2 GLD-3 GLD-4 GLD-5 GLD-6"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

LOWP, README, EXAMPLE, FAULTY, UNUSABLE = sys.argv[1:6]
HERE = pathlib.Path(__file__).resolve().parent

# Operation of plugins/faulty.c -> member of its row, words in it.
FAULTS = {
    "crashes": ("failure", ["was killed by SIGILL", "in the case input 0x4321 = 161", "alone"]),
    "null_pointer": ("failure", ["was killed by SIGSEGV", "at or next to a null pointer", "0x4321", "alone"]),
    "aborts": ("failure", ["was killed by SIGABRT", "its last output: 'assertion failed: x < 7'", "0x4321"]),
    "hangs": ("failure", ["did not return within", "0x4321", "alone"]),
    "refuses": ("failure", ["refused a batch of 3 cases", "returned -7", "in neither half"]),
    "exits": ("failure", ["exit status 3", "called exit", "0x4321"]),
    "writes_behind": ("failure", ["was killed by SIGSEGV", "behind", "the array of result 'result'"]),
    "reads_behind": ("failure", ["was killed by SIGSEGV", "reading", "behind", "the array of operand 'input'"]),
    "writes_before": ("failure", ["wrote before the start of the array of result 'result'"]),
    "writes_operands": ("failure", ["was killed by SIGSEGV", "writing to the array of operand 'input'"]),
    "leaves_last": ("faults", ["does not write all results", "nothing at index"]),
    "has_state": ("faults", ["different results for equal calls"]),
    "wrong_tail": ("places", ["index >= 8 floor(n/8)", "tail differs from the body (width 8)"]),
    "tail_rounds_away": ("places", ["index >= 8 floor(n/8)", "tail differs from the body (width 8)"]),
    "wrong_lane": ("places", ["i mod 4 = 3", "one lane"]),
    "uses_rank": ("faults", ["depend on first, total, seed, stream or rank"]),
    "uses_neighbour": ("faults", ["depend on the other cases of the batch"]),
    "writes_to_all_files": ("failure", ["connection"]),
    "closes_all_files": ("failure", ["connection"]),
    "overflows_stack": ("failure", ["was killed by SIGSEGV"]),
    "junk": ("failure", ["bits above the width are set", "a code of 4 bits"]),
}
# Those that do nothing wrong.
RIGHT = {"good first", "prints", "good last"}
# Undefined behaviour that may do anything but harm the tool.
ANYTHING = {"jumps"}

# LOWP_TEST_FAULT of plugins/unusable.c -> words of the message.
UNUSABLE_WORDS = {
    "crash on loading": ["was killed by SIGABRT", "while it was loaded"],
    "hang on loading": ["did not return within", "while it was loaded"],
    "null": ["lowp_vendor_describe returned null"],
    "crash": ["was killed by SIGABRT", "its last output: 'no such unit'", "while it was loaded"],
    "exit": ["exit status 0", "while it was loaded"],
    "bad pointer": ["was killed by SIGSEGV", "while it was loaded"],
    "abi": ["version 7 of the interface, this is version 1"],
    "no name": ["its name is a null pointer"],
    "empty name": ["its name is empty"],
    "other letters": [r"'Gr\xc3\xbc\xc3\x9fe\n' is not printable ASCII"],
    "none": ["operation_count is 0"],
    "many": ["operation_count is 18446744073709551615, above 10000"],
    "no operations": ["operations is a null pointer"],
    "operation without name": ["operation 1: its name is a null pointer"],
    "operation with empty name": ["operation 1: its name is empty"],
    "operation with other letters": [r"operation 1: its name '\x01' is not printable ASCII"],
    "same name": ["operation 'first': another one has the same name"],
    "no claim": ["operation 'second': its claim is a null pointer"],
    "empty claim": ["operation 'second': its claim ' ': ", "empty"],
    "unknown claim": ["operation 'second': its claim 'negatt binary16'", "'negatt' is no kind of claim", "negate"],
    "unknown format": ["operation 'second'", "'binary17'", "binary16"],
    "open claim": ["operation 'second'", "leaves the behaviour open", "nothing to hold it to; say what it computes"],
    "claim of other letters": ["operation 'second'", r"'negate\x09binary16\xff' is not printable ASCII"],
    "no function": ["operation 'second': its function run is a null pointer"],
    "two": ["operation 'first': its function", "operation 'second': its claim 'rule nothing'"],
}

# Argument of plugins/uses_lines.py -> words of the failure; none: it is right.
PROGRAMS = {
    "line by line": [],
    "all at once": [],
    "lower case and CR LF": [],
    "short": ["wrote no lines for 1 case"],
    "long": ["wrote more than 1 line", "'0000'"],
    "garbled": ["line 1 of its output, '12G4': '12G4' is no hexadecimal number"],
    "prefix": ["is no hexadecimal number", "'0x"],
    "wide": ["has more than the 16 bits of 'result'"],
    "two fields": ["has 2 fields where 1 belongs"],
    "empty line": ["line 1 of its output, ''", "has 0 fields where 1 belongs"],
    "banner": ["line 1 of its output, 'ACME negator 1.0'"],
    "early exit": ["ended with exit status 5", "standard error: 'licence has expired'"],
    "ends without reading": ["wrote no lines for"],
    "answers before it reads": ["wrote more than"],
    "status at the end": ["ended with exit status 1"],
    "hangs": ["did not end within"],
    "endless": ["wrote more than 1 line"],
    "killed": ["was killed by SIGKILL"],
    "no line feed": ["does not end with a line feed"],
}

# Arguments behind "verify", and what the message says.
BAD = [
    (["--plugin", "/nonexistent/unit.so"], ["'/nonexistent/unit.so'", "No such file"]),
    (["--plugin", ""], ["''", "No such file"]),
    (["--plugin", __file__], ["plugin_test.py'", "cannot be loaded", "invalid ELF header"]),
    (["--plugin", "/"], ["'/'", "cannot be loaded"]),
    (["--plugin", "libm.so.6"], ["'libm.so.6'", "No such file"]),
    (["--plugin", EXAMPLE, "--timeout", "0"], ["--timeout", "'0'"]),
    (["--plugin", EXAMPLE, "--only", "nothing"], ["--only", "'nothing'"]),
    (["--plugin", EXAMPLE, "--gpu", "stand-in:90"], ["--gpu", "--plugin"]),
    (["--command", "cat"], ["--command", "--claim"]),
    (["--claim", "negate bfloat16"], ["--claim", "--command"]),
    (["--command", "cat", "--claim", ""], ["--claim", "empty"]),
    (["--command", "cat", "--claim", "negat bfloat16"], ["--claim", "'negat'", "negate"]),
    (["--command", "cat", "--claim", "convert binary32 e5m2 ?"], ["--claim", "hold it to; say what it computes"]),
    (["--command", "/nonexistent/program", "--claim", "negate bfloat16"], ["--command", "/nonexistent/program", "not found"]),
    (["--command", "/dev/null", "--claim", "negate bfloat16"], ["--command", "/dev/null", "denied"]),
]


def run(*arguments, fault=None, timeout=120):
    environment = dict(os.environ)
    if fault is not None:
        environment["LOWP_TEST_FAULT"] = fault
    done = subprocess.run([LOWP, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          errors="replace", env=environment, timeout=timeout, check=False)
    return done.returncode, done.stdout, done.stderr


def verified(*arguments):
    """Status, text, rows of the JSON, HTML."""
    with tempfile.TemporaryDirectory() as folder:
        path, page = pathlib.Path(folder, "out.json"), pathlib.Path(folder, "out.html")
        status, out, err = run("verify", *arguments, "--json", str(path), "--html", str(page))
        assert status in (0, 1), (status, out, err)
        rows = json.loads(path.read_text(encoding="ascii"))["results"]
        return status, out, rows, page.read_text(encoding="ascii")


def example_is_right():
    status, out, rows, _ = verified("--plugin", EXAMPLE, "--budget", "3")
    assert status == 0 and "no unexplained mismatch" in out, out
    assert [(r["family"], r["function"]) for r in rows] == [("Example unit", n) for n in ("to_bfloat16", "multiply", "less")]
    assert all(r["cases"] > 65000 and not r["failure"] and not r["faults"] for r in rows), rows


def readme_is_right():
    """It shows the plug-in word for word, and what becomes of it."""
    text = (HERE.parents[1] / "README.md").read_text(encoding="utf-8")
    program = (HERE.parents[1] / "examples" / "plugin" / "first.c").read_text(encoding="ascii")
    assert "```c\n" + program.split("\n", 1)[1] + "```" in text
    status, out, _, _ = verified("--plugin", README, "--budget", "1", "--threads", "1")
    shown = [line.strip() for line in text.split("    MISMATCH ACME FPU", 1)[1].split("\n\n", 1)[0].splitlines()[1:]]
    assert status == 1 and len(shown) == 14 and not [line for line in shown if line not in out], (shown, out)


def faults_are_found():
    start = time.monotonic()
    status, out, rows, page = verified("--plugin", FAULTY, "--budget", "10", "--timeout", "1")
    print(f"  faulty.so: {time.monotonic() - start:.1f} s")
    assert status == 1
    found = {r["function"]: r for r in rows}
    assert set(found) == set(FAULTS) | RIGHT | ANYTHING, sorted(found)
    for name in RIGHT:
        r = found[name]
        assert r["mismatches"] == 0 and not r["failure"] and not r["faults"] and r["coverage"] == "all", r
    bad = []
    for name, (member, words) in FAULTS.items():
        text = "; ".join(found[name][member]) if member == "faults" else found[name][member]
        bad += [(name, word, found[name]) for word in words if word not in text]
        shown = text if member == "places" else text.split("; ", maxsplit=1)[0]
        bad += [(name, "in the text report", text) for _ in "x" if shown not in out]
        bad += [(name, "in the page", text) for _ in "x" if shown.replace(">", "&gt;") not in page]
    assert not bad, "\n".join(str(b) for b in bad)
    assert "\x1b" not in out and "noise" not in out


def rows_go_on_after_crashes():
    """On several threads, and only what --only names."""
    status, _, rows, _ = verified("--plugin", FAULTY, "--plugin", EXAMPLE, "--only", "Faulty crashes", "--only", "good",
                                  "--only", "less", "--threads", "4", "--budget", "2")
    assert status == 1 and [bool(r["failure"]) for r in rows] == [False, True, False, False], rows


def mismatch_has_its_place():
    _, out, rows, _ = verified("--plugin", FAULTY, "--only", "wrong_tail", "--budget", "1")
    assert not any("other cases" in f for f in rows[0]["faults"]), rows[0]
    batch = rows[0]["first_mismatch"]["batch"]
    assert batch["index"] >= batch["cases"] // 8 * 8, batch
    assert f"at index {batch['index']} of a batch of {batch['cases']}" in out, out
    assert any("depend on where a case stands" in f for f in rows[0]["faults"]), rows[0]


def unusable(fault, words):
    status, out, err = run("verify", "--plugin", UNUSABLE, "--timeout", "1", fault=fault)
    assert status == 2 and not out, (status, out)
    missing = [w for w in [UNUSABLE, *words] if w not in err]
    assert not missing, (missing, err)


def program(how, words):
    command = f"{sys.executable} -I -S {HERE / 'plugins' / 'uses_lines.py'} '{how}'"
    status, out, rows, _ = verified("--command", command, "--claim", "negate bfloat16", "--timeout", "2", "--budget", "1",
                                    "--threads", "2")
    r = rows[0]
    if not words:
        assert status == 0 and r["coverage"] == "all" and r["cases"] >= 65536 and not r["failure"], out
    else:
        missing = [w for w in words if w not in r["failure"]]
        assert status == 1 and not missing, (missing, r["failure"])


def wrong_program_is_found():
    command = f"{sys.executable} -I -S {HERE / 'plugins' / 'uses_lines.py'} wrong"
    status, out, rows, _ = verified("--command", command, "--claim", "negate bfloat16", "--budget", "1")
    assert status == 1 and rows[0]["first_mismatch"]["inputs"][0]["bits"] == "0x0000" and "MISMATCH" in out, out


def program_with_two_operands():
    """Fields in order, one blank between, digits by the width."""
    code = ("import sys\nfor l in sys.stdin:\n assert len(l) == 10, l\n a, b = l.split()\n"
            " print('1' if a == b and int(a, 16) & 0x7fff <= 0x7c00 or int(a + b, 16) & 0x7fff7fff == 0 else '0')")
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "equal.py")
        path.write_text(code, encoding="ascii")
        status, out, _, _ = verified("--command", f"{sys.executable} {path}", "--claim", "compare equal binary16",
                                     "--budget", "2")
    assert status == 0, out


def bad_usage(arguments, words):
    status, out, err = run("verify", *arguments)
    assert status == 2 and not out, (status, out)
    missing = [w for w in words if w not in err]
    assert not missing, (missing, err)


def claims_are_listed():
    status, out, _ = run("claims")
    assert status == 0 and "convert FROM TO" in out and "example: " in out, out
    for line in out.splitlines():
        if line.strip().startswith("example: "):
            example = line.split("example: ", maxsplit=1)[1]
            status, shown, err = run("claims", example)
            assert status == 0 and "operands" in shown and "results" in shown, (example, err)
    status, _, err = run("claims", "convert binary32")
    assert status == 2 and "is missing" in err, err


def main():
    checks = [(f.__name__, f) for f in (example_is_right, readme_is_right, faults_are_found, rows_go_on_after_crashes,
                                        mismatch_has_its_place, wrong_program_is_found, program_with_two_operands,
                                        claims_are_listed)]
    checks += [(f"unusable: {k}", lambda k=k, w=w: unusable(k, w)) for k, w in UNUSABLE_WORDS.items()]
    checks += [(f"program: {k}", lambda k=k, w=w: program(k, w)) for k, w in PROGRAMS.items()]
    checks += [(f"usage: {' '.join(a)[:60]}", lambda a=a, w=w: bad_usage(a, w)) for a, w in BAD]
    failed = 0
    for name, check in checks:
        try:
            check()
        except (AssertionError, subprocess.TimeoutExpired, KeyError, OSError) as e:
            failed += 1
            print(f"FAILED {name}: {e}")
    print(f"{len(checks) - failed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
