# SPDX-License-Identifier: Apache-2.0
"""Every bug of fuzz/field_bugs is caught by `lowp verify --plugin` and its cause is named; controls are not
reported. usage: field_bugs_test.py LOWP PLUGIN...
test: GLD-7 causes"""
import concurrent.futures
import json
import pathlib
import re
import subprocess
import sys
import tempfile

# The budget of each plug-in: nearly all of it goes to cases that find nothing new.
SECONDS = 2

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

# Of each operation: words that its causes must contain, all of them. None: a control, no mismatch.
CAUSES = {
    "FB-01": ["exponent field", "half", "away"],
    "FB-02": ["toward zero"],
    "FB-03": ["NaN", "infinity"],
    "FB-04a": ["twice", "binary16", "toward zero"],
    "FB-04b": ["twice", "binary32"],
    "FB-05a": ["saturates from 2^8", "away"],
    "FB-05b": ["saturates from 2^7", "away"],
    "FB-06": ["toward zero", "NaN", "wrap"],
    "FB-07a": ["subnormal", "half"],
    "FB-07b": ["subnormal", "half"],
    "FB-07c": ["subnormal", "half"],
    "FB-07d": ["subnormal", "half"],
    "FB-07e": ["subnormal", "half", "fraction bit"],
    "FB-08": ["32", "toward zero"],
    "FB-09": ["NaN", "fraction"],
    "FB-10": ["saturates", "infinit"],
    "FB-11": ["subnormal", "implicit"],
    "FB-12": ["NaN", "480"],
    "FB-13a": ["0x80", "NaN"],
    "FB-13b": ["0x80", "NaN"],
    "FB-13c": ["NaN"],
    "FB-14": ["infinity", "0 "],
    "FB-15": ["identity", "NaN", "subnormal"],
    "FB-16": ["subnormal", "zero"],
    "FB-17": ["ties"],
    "FB-18": ["nearest in log2"],
    "FB-19 control": None,
    "FB-19": ["floor"],
    "FB-20": ["all-zero block is NaN"],
    "FB-21": ["another scale"],
    "FB-22a": ["logarithm"],
    "FB-22b": ["logarithm"],
    "FB-23a": ["random", "16", "5", "low"],
    "FB-23b": ["random", "16", "4", "low"],
    "FB-24": ["random bits repeat with period 512", "seed shared", "launch shape"],
    "FB-25": ["toward zero", "nearest even"],
    "FB-26a": ["zero point 0 reads back as 16"],
    "FB-26b": ["overwrites the higher fields"],
    "FB-27": ["zero-extended"],
    "FB-28": ["exchanged", "high nibble first"],
    "FB-29": ["pairs of products saturate"],
    "FB-30": ["index >= 8 floor(n/8)", "away", "tail"],
    "FB-31": ["once", "in float"],
    "FB-32": ["separately rounded product"],
    "FB-33": ["twice", "binary32"],
    "FB-34": ["unfused"],
    "FB-35": ["owner"],
}


def rows(tool, plugin, budget):
    """The results of one plug-in."""
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder) / "report.json"
        run = subprocess.run(
            [tool, "verify", "--plugin", plugin, "--budget", str(budget), "--json", str(report)],
            capture_output=True, text=True, timeout=300, check=False)
        if run.returncode != 1:
            raise SystemExit(f"{plugin}: exit status {run.returncode}\n{run.stderr}")
        return json.loads(report.read_text())["results"]


# Operands that are not 0 in the first mismatch once it is as small as it can be: one element of a block, one byte,
# two factors of two products that saturate together.
NOT_ZERO = {"FB-18": 1, "FB-21": 1, "FB-27": 1, "FB-28": 1, "FB-29": 4, "FB-26a": 0}


def complaint(row):
    """What is wrong with the verdict on one operation; empty if nothing is."""
    words = CAUSES[row["function"]]
    text = "; ".join(f["cause"] or "unexplained: " + f["inputs"] for f in row["findings"])
    if row["failure"]:
        return "failed: " + row["failure"]
    if words is None:
        return f"a control is reported: {text}" if row["mismatches"] or text else ""
    if not text:
        return f"no cause ({row['mismatches']} mismatches)"
    if row["function"] in NOT_ZERO:
        operands = [int(x["bits"], 16) for x in row["first_mismatch"]["inputs"]]
        if len(operands) - operands.count(0) != NOT_ZERO[row["function"]]:
            return f"its first mismatch is not small: {operands}"
    missing = [w for w in words if w.lower() not in text.lower()]
    return f"{missing} missing in: {text}" if missing else ""


def main():
    tool, *plugins = sys.argv[1:]
    listed = set(re.findall(r"^\| (FB-\d+)", (ROOT / "fuzz/field_bugs/README.md").read_text(), re.M))
    seen, bad = set(), 0
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda plugin: rows(tool, plugin, SECONDS), plugins))
    for result in results:
        for row in result:
            seen.add(row["function"])
            what = complaint(row)
            bad += bool(what)
            print(f"{'BAD ' if what else 'fine'} {row['function']:14} {what}")
    for name in set(CAUSES) - seen:
        print(f"BAD  {name} is in no plug-in")
        bad += 1
    for name in listed - {n[:5] for n in seen}:
        print(f"BAD  {name} of README.md is in no plug-in")
        bad += 1
    print(f"{len(seen) - bad} passed, {bad} failed")
    return 1 if bad else 0


sys.exit(main())
