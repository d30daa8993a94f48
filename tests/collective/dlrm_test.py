#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The example dlrm in small: losses fall and stay finite, workers agree on what all of them have, and the
parameters are the same to the bit in 1, 2 and 4 processes, under every codec.

usage: dlrm_test.py PROGRAM [MPIRUN]      without MPIRUN one process runs
"""
import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile

NAMES = ["fp32", "int4, stochastic, feedback", "mxfp4, feedback", "int2"]
OPTIONS = ["--seeds", "1", "--steps", "32", "--checks", "2", "--each", "32", "--validation-steps", "8"]


def run(program, mpirun, processes, folder):
    """The experiments of a run, by name, without the seconds that they took."""
    table = pathlib.Path(folder) / f"{processes}.json"
    command = [mpirun, "-n", str(processes)] if mpirun else []
    command += [program, *OPTIONS, "--json", str(table)]
    for name in NAMES:
        command += ["--only", name]
    environment = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1",
                       OMPI_MCA_rmaps_base_oversubscribe="1", OMPI_MCA_mpi_yield_when_idle="1")
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL, timeout=300)
    experiments = json.loads(table.read_text(encoding="ascii"))["experiments"]
    for experiment in experiments:
        for one in experiment["runs"]:
            del one["seconds"]
    return {e["name"]: e["runs"][0] for e in experiments}


def complaints(runs, reference):
    """What is wrong with the trainings of one run."""
    if set(runs) != set(NAMES):
        yield f"ran {sorted(runs)}"
    for name, one in runs.items():
        losses = [p[key] for p in one["curve"] for key in ("loss", "training_loss")]
        if not all(math.isfinite(x) for x in losses):
            yield f"{name}: a loss is not finite: {losses}"
        if not one["curve"][-1]["loss"] < one["curve"][0]["loss"]:
            yield f"{name}: the validation loss does not fall: {losses}"
        if not one["workers_agree"]:
            yield f"{name}: workers have different parameters"
        if one != reference[name]:
            yield f"{name}: other results than in one process: digests {one['digest']}, {reference[name]['digest']}"
    if len({one["digest"] for one in runs.values()}) != len(NAMES):
        yield "two codecs give the same parameters"


def main():
    program, mpirun = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None
    passed = failed = 0
    reference = None
    with tempfile.TemporaryDirectory() as folder:
        for processes in [1, 2, 4] if mpirun else [1]:
            runs = run(program, mpirun, processes, folder)
            reference = reference or runs
            found = list(complaints(runs, reference))
            for what in found:
                print(f"{processes} processes: {what}")
            passed, failed = passed + (not found), failed + bool(found)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
