#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws what the bench bulk_convert measured: one dot for each job, one row for each group.

usage: plot_bulk_convert.py FIGURES.json PICTURE     (needs matplotlib; .svg, .png or .pdf)
"""
import json
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402  after the choice of the back end


def panel(axes, groups, key, gate, title):
    for y, (name, jobs) in enumerate(groups):
        ratios = [j[key] for j in jobs]
        axes.plot(ratios, [y] * len(ratios), "|", color="tab:blue", markersize=12, alpha=0.6)
        gates = {j[gate] for j in jobs}
        for g in gates:
            axes.plot([g, g], [y - 0.35, y + 0.35], color="tab:red", linewidth=2)
    axes.axvline(1, color="gray", linewidth=0.8)
    axes.set_xlim(left=0)
    axes.set_xlabel("speed / speed of moving the same bytes")
    axes.set_title(title)
    axes.grid(axis="x", alpha=0.3)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as file:
        report = json.load(file)
    groups = {}
    for job in report["jobs"]:
        groups.setdefault(job["group"], []).append(job)
    groups = list(groups.items())[::-1]
    panels = [("l2", "gate_l2", "arrays in the L2 cache")]
    if all("dram" in j for j in report["jobs"]):
        panels.append(("dram", "gate_dram", "arrays in memory"))
    figure, axes = plt.subplots(1, len(panels), figsize=(5 + 5 * len(panels), 0.55 * len(groups) + 2),
                                sharey=True, squeeze=False)
    for ax, (key, gate, title) in zip(axes[0], panels):
        panel(ax, groups, key, gate, title)
    axes[0][0].set_yticks(range(len(groups)),
                          [f"{name} ({len(jobs)})" for name, jobs in groups])
    axes[0][0].set_ylim(-0.6, len(groups) - 0.4)
    figure.suptitle(f"{report['machine']}, {report['instruction_set']}, one thread "
                    "(blue: jobs, red: gates)")
    figure.tight_layout()
    figure.savefig(sys.argv[2])


if __name__ == "__main__":
    main()
