# SPDX-License-Identifier: Apache-2.0
"""./run fuzz plugin: what is right stays so, faults on inputs that no sample meets are found.

usage: plugin_fuzz_test.py SOURCE-ROOT BUILD-ROOT PATH-OF-LOWP
test: GLD-16 fuzzing of plug-ins"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT, BUILD, LOWP = (pathlib.Path(p).resolve() for p in sys.argv[1:4])
RARE = str(ROOT / "tests/golden/plugins/rare.c")


def fuzz(*arguments, folder=ROOT):
    """Exit status and all that is printed."""
    environment = {**os.environ, "LOWP_BUILD": str(BUILD), "LOWP_NO_INSTALL": "1"}
    done = subprocess.run([str(ROOT / "run"), "fuzz", "plugin", *arguments], cwd=folder, env=environment, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=400, check=False)
    return done.returncode, done.stdout


def example_is_clean():
    status, out = fuzz("1")
    assert status == 0, out
    runs = int(re.search(r"number_of_executed_units: (\d+)", out).group(1))
    seeds = len(list((ROOT / "build-fuzz/seeds/plugin_example").iterdir()))
    assert 50 < seeds < runs, out


def rare_pair_is_found():
    """The message says what lowp check says of its line."""
    status, out = fuzz("150", "--sources", RARE, "--operation", "one pair")
    assert status != 0, out
    for text in ("operation 'one pair'", "0x3f9e0652", "0x40490fdb", "expected 0x40783980", "got      0x40783981",
                 "wrong, too", "the input is "):
        assert text in out, (text, out)
    line, claim = re.search(r"printf '(.*)\\n' \| lowp check - --claim '(.*)'", out).groups()
    done = subprocess.run([str(LOWP), "check", "-", "--claim", claim], input=line + "\n", text=True, capture_output=True,
                          check=False)
    assert done.returncode == 1 and "1 case, 1 mismatch" in done.stdout, done.stdout


def rare_access_is_found():
    """From another folder, with an option for the compiler."""
    status, out = fuzz("150", "--sources", "rare.c", "--operation", "reads behind", "--", "-DUNUSED=1",
                       folder=ROOT / "tests/golden/plugins")
    assert status != 0, out
    for text in ("operation 'reads behind' (claim 'multiply binary32'), a batch of ", "51EB851F", "heap-buffer-overflow"):
        assert text in out, (text, out)


def samples_miss_them():
    """Else this would not show what coverage is for."""
    with tempfile.TemporaryDirectory() as folder:
        library = str(pathlib.Path(folder, "rare.so"))
        subprocess.run(["cc", "-shared", "-fPIC", "-I", str(ROOT / "include"), "-o", library, RARE], check=True)
        done = subprocess.run([str(LOWP), "verify", "--plugin", library, "--budget", "2"], text=True, capture_output=True,
                              check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def unusable_ones_are_refused():
    status, out = fuzz("1", "--sources", RARE, "--operation", "one pear")
    assert status != 0 and "'one pear' is none of one pair, reads behind; nearest: one pair" in out, out


def main():
    for tool in ("clang++-16", "cc"):
        if shutil.which(tool) is None:
            print(f"skipped: needs {tool}")
            return 77
    if not list(pathlib.Path("/usr/lib/llvm-16/lib/clang/16/lib/linux").glob("libclang_rt.fuzzer-*")):
        print("skipped: needs libclang-rt-16-dev")
        return 77
    failed = 0
    checks = [example_is_clean, rare_pair_is_found, rare_access_is_found, samples_miss_them, unusable_ones_are_refused]
    for check in checks:
        try:
            check()
        except (AssertionError, subprocess.SubprocessError, AttributeError, OSError) as error:
            failed += 1
            print(f"FAILED {check.__name__}: {type(error).__name__} {str(error)[:1500]}")
    print(f"{len(checks) - failed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
