#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The statistics of tensors in a record of the example train as CSV, without their histograms.

usage: run_csv.py RECORD.jsonl > TABLE.csv
"""
import csv
import sys

from compare_runs import Run, RunError  # its neighbour


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        run = Run(sys.argv[1])
    except (RunError, OSError) as error:
        sys.exit(f"run_csv.py: {error}")
    rows = [{"recipe": run.recipe, "seed": run.seed, **{k: v for k, v in t.items() if k not in ("kind", "exponents", "scales")}}
            for t in run.tensors]
    if not rows:
        sys.exit(f"run_csv.py: {sys.argv[1]} has no statistics of tensors; train with --monitor")
    writer = csv.DictWriter(sys.stdout, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)


if __name__ == "__main__":
    main()
