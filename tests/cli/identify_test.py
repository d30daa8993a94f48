# SPDX-License-Identifier: Apache-2.0
"""`lowp identify`: implementations of this machine, programs with open claims, operations that are not inferred,
and wrong usage. usage: identify_test.py LOWP
test: GLD-8"""
import pathlib
import subprocess
import sys
import tempfile

TOOL = sys.argv[1]

# E5M2 by cutting, with zeros for subnormals; a sign bit that is flipped.
PROGRAMS = {
    "cuts": """
import sys
for line in sys.stdin:
    x = int(line, 16)
    print("%02X" % ((x >> 8) & (0xFF if x & 0x7C00 else 0x80)))
""",
    "negates": """
import sys
for line in sys.stdin:
    print("%02X" % (int(line, 16) ^ 0x80))
""",
}


def run(*args):
    r = subprocess.run([TOOL, "identify", *args], capture_output=True, text=True, timeout=120, check=False)
    return r.returncode, r.stdout, r.stderr


def program(folder, name):
    path = pathlib.Path(folder, name + ".py")
    path.write_text(PROGRAMS[name], encoding="ascii")
    return f"{sys.executable} {path}"


def open_conversion(folder):
    """Rounding and flush are found, and the claim that is printed says the same to verify."""
    command = program(folder, "cuts")
    status, out, err = run("--command", command, "--claim", "convert binary16 e5m2 ?")
    assert status == 0 and "toward zero" in out, out + err
    model = out.split("model: ")[1].split("\n")[0]
    assert "round=toward_zero" in model and "subnormal" in model, out
    r = subprocess.run([TOOL, "verify", "--budget", "1", "--command", command, "--claim", model],
                       capture_output=True, text=True, timeout=120, check=False)
    assert r.returncode == 0, r.stdout + r.stderr


def conversion_under_a_wrong_claim(folder):
    """The claim's behaviour does not count."""
    status, out, _ = run("--command", program(folder, "cuts"), "--claim", "convert binary16 e5m2 round=to_nearest_away")
    assert status == 0 and "round=toward_zero" in out, out


def operation_as_claimed_and_not(folder):
    command = program(folder, "negates")
    status, out, _ = run("--command", command, "--claim", "negate e4m3fn")
    assert status == 0 and "as claimed" in out, out
    status, out, _ = run("--command", command, "--claim", "negate e4m3fnuz")
    assert status == 0 and "the sign bit is flipped in every code, NaN 0x80 included" in out, out
    status, out, _ = run("--command", command, "--claim", "abs e4m3fn")
    assert status == 1 and "not explained" in out and "in all of them the sign of the result is wrong" in out, out


def machine(_):
    """The name of an implementation in either case; none of that name."""
    status, out, err = run("FLOAT to", "_float16")
    assert status == 2 or "of" in out, out + err
    status, out, err = run("nothing of that name")
    assert status == 2 and not out and "no implementation matches 'nothing of that name'" in err, err


USAGE = [
    ([], ["identify", "--plugin"]),
    (["--command", "cat"], ["--command", "--claim"]),
    (["--claim", "negate bfloat16"], ["--claim", "--command"]),
    (["--command", "cat", "--claim", "convert binary32 bfloat17 ?"], ["'bfloat17'", "bfloat16"]),
    (["--command", "cat", "--claim", "negate bfloat16", "--seed", "-1"], ["--seed", "'-1'"]),
    (["--command", "cat", "--claim", "negate bfloat16", "--timeout", "0"], ["--timeout", "'0'"]),
    (["--plugin", "nowhere.so"], ["nowhere.so", "No such file"]),
]


def main():
    bad = 0
    tests = [open_conversion, conversion_under_a_wrong_claim, operation_as_claimed_and_not, machine]
    with tempfile.TemporaryDirectory() as folder:
        for test in tests:
            try:
                test(folder)
            except AssertionError as e:
                print(f"FAILED {test.__name__}: {e}")
                bad += 1
    for args, words in USAGE:
        status, out, err = run(*args)
        if status != 2 or out or any(w not in err for w in words):
            print(f"FAILED usage {args}: {status} {out}{err}")
            bad += 1
    total = len(tests) + len(USAGE)
    print(f"{total - bad} passed, {bad} failed")
    return 1 if bad else 0


sys.exit(main())
