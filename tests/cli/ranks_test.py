# SPDX-License-Identifier: Apache-2.0
"""lowp verify as several processes of mpirun: the report of one process, and errors where a rank is lost.

usage: ranks_test.py LOWP README.so EXAMPLE.so FAULTY.so UNUSABLE.so SOURCE-ROOT LOOPS
LOOPS: the program of tests/support/ranks_test.cpp, or nothing
test: GLD-17"""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from tool import LOWP, run_checks

EXAMPLE, FAULTY, ROOT, LOOPS = sys.argv[3], sys.argv[4], sys.argv[6], sys.argv[7]
# As root, and with more ranks than processors.
MPI = {**os.environ, "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
       "OMPI_MCA_rmaps_base_oversubscribe": "1", "OMPI_MCA_hwloc_base_binding_policy": "none"}

# Rows whose cases do not depend on time: all inputs, or a fixed number. Right ones, wrong ones whose causes are sought,
# one that crashes, and some whose calls disagree.
SELECTIONS = [
    ["--plugin", FAULTY, "--plugin", EXAMPLE] + [w for f in (
        "good", "crashes", "leaves_last", "wrong_tail", "wrong_lane", "uses_rank", "uses_neighbour", "junk") for w in (
            "--only", f)],
    ["--self-test"] + [w for f in ("float(half)", "float(__nv_fp8_e4m3)", "self-test tiles", "vcvtph2ps") for w in (
        "--only", f)],
]


def lowp(ranks, *arguments, timeout=300):
    """Exit status, standard output, standard error; ranks 0: without mpirun."""
    command = ["mpirun", "-q", "-n", str(ranks), LOWP] if ranks else [LOWP]
    done = subprocess.run([*command, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          errors="replace", env=MPI, timeout=timeout, check=False)
    return done.returncode, done.stdout, done.stderr


def report_of(ranks, selection):
    """Status and what a report says that does not depend on time or on the number of ranks."""
    with tempfile.TemporaryDirectory() as folder:
        path, page = pathlib.Path(folder, "out.json"), pathlib.Path(folder, "out.html")
        status, out, err = lowp(ranks, "verify", *selection, "--budget", "1000", "--threads", "1", "--json", str(path),
                                "--html", str(page))
        assert not err, err
        data = json.loads(path.read_text(encoding="ascii"))
        html = page.read_text(encoding="ascii")
    assert data["options"]["ranks"] == data["options"]["threads"] == max(ranks, 1), data["options"]
    for row in data["results"]:
        del row["seconds"]
        if row["failure"]:  # how much was run before the failure, and what that showed
            for member in ("cases", "mismatches", "first_mismatch", "documented_differences"):
                del row[member]
    lines = out.splitlines()
    assert len([line for line in lines if line.startswith("implementation ")]) == 1, out
    ends = [k for k, line in enumerate(lines) if "operations checked" in line]
    assert len(ends) == 1 and ends[0] == len(lines) - 2, lines[-4:]
    of_ranks = f"{ranks} threads of {ranks} ranks" if ranks > 1 else "1 threads"
    assert lines[-2].endswith(f"on {of_ranks}"), lines[-2]
    maps = html.count("<svg")
    return status, data["results"], data["not_checked"], maps


def split_is_unsplit():
    """Row by row, for any number of ranks, also more than there are processors."""
    for selection, numbers in zip(SELECTIONS, ((1, 2, 3, 5), (2, 5))):
        unsplit = report_of(0, selection)
        for ranks in numbers:
            split = report_of(ranks, selection)
            for a, b in zip(unsplit[1], split[1]):
                differing = {k: (a.get(k), b.get(k)) for k in {*a, *b} if a.get(k) != b.get(k)}
                assert not differing, (ranks, a["function"], differing)
            assert split == unsplit, (ranks, split[0], unsplit[0], split[3], unsplit[3])


def rows_with_faults_are_there():
    """What the comparison above is worth: mismatches, causes, places, a crash, calls that disagree."""
    status, rows, _, maps = report_of(2, SELECTIONS[0])
    found = {r["function"]: r for r in rows}
    assert status == 1 and maps > 0, (status, maps)
    assert "SIGILL" in found["crashes"]["failure"] and found["wrong_tail"]["places"] and found["uses_rank"]["faults"], found
    lane = found["wrong_lane"]
    assert lane["cases"] > 65536 and lane["first_mismatch"] and lane["findings"], lane


def first_mismatch_is_the_least():
    """Of all ranks', and its causes do not depend on who looks for them."""
    firsts = []
    for ranks in (0, 3):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "out.json")
            status, out, err = lowp(ranks, "verify", "--self-test", "--only", "self-test trunc", "--budget", "1", "--json",
                                    str(path))
            assert status == 1 and not err, (status, out, err)
            row = json.loads(path.read_text(encoding="ascii"))["results"][0]
            firsts.append((row["first_mismatch"], [(f["cause"], f["example"]) for f in row["findings"]]))
    assert firsts[0] == firsts[1], firsts


def listing_is_shown_once():
    assert lowp(3, "verify", "--list", "--plugin", EXAMPLE) == lowp(0, "verify", "--list", "--plugin", EXAMPLE)


def errors_are_told_once():
    for bad, words in [(["--bugdet", "3"], "'--bugdet'"), (["--budget", "0"], "above 0"),
                       (["--only", "f17c"], "'f17c'"), (["--json", "/nonexistent/a.json"], "/nonexistent/a.json"),
                       (["--plugin", "/nonexistent/unit.so"], "No such file")]:
        status, out, err = lowp(3, "verify", *bad)
        assert status == 2 and not out and err.count(words) == 1 and len(err.splitlines()) == 1, (bad, status, out, err)


def full_disk_is_an_error():
    with open("/dev/full", "wb") as full:
        done = subprocess.run(["sh", "-c", 'exec mpirun -q -n 2 sh -c \'exec "$0" "$@" >/dev/full\' "$0" "$@"', LOWP, "verify",
                               "--only", "vcvtph2ps", "--only", "float(half)"], stdout=full, stderr=subprocess.PIPE, text=True,
                              env=MPI, timeout=120, check=False)
    assert done.returncode == 2 and done.stderr.count("standard output: cannot be written") == 1, done


def ranks_must_agree():
    """Other options on one rank: no report of half of each."""
    command = ["mpirun", "-q", "-n", "2", LOWP, "verify", "--seed", "1", ":", "-n", "1", LOWP, "verify", "--seed", "2"]
    done = subprocess.run(command, capture_output=True, text=True, env=MPI, timeout=120, check=False)
    assert done.returncode == 2 and not done.stdout, done
    assert "rank 2" in done.stderr and "other options than rank 0" in done.stderr, done.stderr


def of_rank(parent, rank):
    """The process of a rank below mpirun, or none yet."""
    for entry in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1]) != parent:
                continue
            if f"OMPI_COMM_WORLD_RANK={rank}".encode() in (entry / "environ").read_bytes().split(b"\0"):
                return int(entry.name)
        except (OSError, ValueError):
            continue
    return None


def lost_rank_ends_the_run():
    """Killed in the middle: an error, no report, no file."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "out.json")
        command = ["mpirun", "-n", "3", LOWP, "verify", "--self-test", "--only", "self-test fma", "--only", "self-test dot",
                   "--budget", "100", "--progress", "--json", str(path)]
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              env=MPI) as process:
            begun = process.stderr.read(1)  # the bar of progress: rows are being checked
            victim = of_rank(process.pid, 2)
            assert begun and victim, (begun, victim)
            start = time.monotonic()
            os.kill(victim, signal.SIGKILL)
            out, err = process.communicate(timeout=60)
        assert process.returncode not in (0, 1) and time.monotonic() - start < 50, process.returncode
        assert "rank 2" in err and "operations checked" not in out and not os.listdir(folder), (out, err)


def loops(ranks, fault=None):
    """The tests of split loops; exit status and standard output."""
    environment = MPI if fault is None else {**MPI, "LOWP_TEST_FAULT": fault}
    done = subprocess.run(["mpirun", "-q", "-n", str(ranks), LOOPS, "--no-intro=1", "--no-colors=1"], capture_output=True, text=True,
                          env=environment, timeout=120, check=False)
    return done.returncode, done.stdout


def split_loops_add_up():
    """One report; where they fail, of the least task; none without one of the ranks."""
    if not LOOPS:
        return
    for ranks in (1, 2, 3, 5):
        status, out = loops(ranks)
        assert status == 0 and len(re.findall(r"test cases: +2 \| +2 passed", out)) == 1, (ranks, status, out)
        status, out = loops(ranks, "wrong")
        assert status == 1 and out.count("first := task 4034") == 1 and out.count("loop: 499500 cases") == 1, (ranks, status, out)
    status, out = loops(3, "dies")
    assert status not in (0, 1) and "SUCCESS" not in out and "loop:" not in out, (status, out)


def run_script(*arguments, path=None):
    environment = {**os.environ, "LOWP_NO_INSTALL": "1"}
    if path is not None:
        environment["PATH"] = path
    done = subprocess.run([shutil.which("bash"), str(pathlib.Path(ROOT, "run")), *arguments], capture_output=True, text=True,
                          env=environment, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr


def bad_numbers_of_ranks():
    for command in ("verify", "exhaustive"):
        for bad in ("0", "-1", "two", "", "1.5", "1025", "99999999999999999999"):
            for words in (["--ranks", bad], [f"--ranks={bad}"]):
                status, out, err = run_script(command, *words)
                assert status == 2 and not out and f"--ranks: '{bad}' is not an integer from 1 to 1024" in err, (words, err)
        status, out, err = run_script(command, "--ranks")
        assert status == 2 and not out and "--ranks" in err, err
        status, out, err = run_script(command, "--ranks", "2", "--ranks", "3")
        assert status == 2 and "--ranks: given twice" in err, err
    status, out, err = run_script("exhaustive", "--ranks", "2", "number")
    assert status == 2 and not out and "'number'" in err and "sweep_binary32" in err, (status, out, err)


def missing_mpirun_is_named():
    with tempfile.TemporaryDirectory() as folder:
        for program in ("bash", "dirname", "cut", "id", "grep", "tr", "cat"):
            os.symlink(shutil.which(program), pathlib.Path(folder, program))
        status, out, err = run_script("verify", "--ranks", "2", path=folder)
        assert status == 1 and not out and "openmpi-bin" in err and "LOWP_NO_INSTALL" in err, (status, out, err)


if shutil.which("mpirun") is None:
    print("skipped: needs mpirun (openmpi-bin)")
    sys.exit(77)
if "was built without MPI" in lowp(2, "verify", "--list")[2]:
    print("skipped: lowp was built without MPI (libopenmpi-dev)")
    sys.exit(77)

sys.exit(run_checks([], [
    split_is_unsplit,
    rows_with_faults_are_there,
    first_mismatch_is_the_least,
    listing_is_shown_once,
    errors_are_told_once,
    full_disk_is_an_error,
    ranks_must_agree,
    lost_rank_ends_the_run,
    split_loops_add_up,
    bad_numbers_of_ranks,
    missing_mpirun_is_named,
]))
