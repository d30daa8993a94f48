#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws what formats cost, from the table of the example block_quality: signal to noise against bits per
value and against the energy of a multiply-accumulate by the proxy of block_quality/cost.hpp, with the
formats that no other one beats in both.

usage: plot_format_costs.py TABLE.json PICTURE [DISTRIBUTION]     (needs matplotlib; .svg, .png or .pdf)
"""
import json
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402  after the choice of the back end

from plot_block_quality import STYLES, label_points  # noqa: E402  its neighbour

# Formats with labels, besides those that no other one beats.
NAMED = {"mxfp4", "nvfp4", "mxfp6_e2m3", "mxfp6_e3m2", "mxfp8_e4m3", "mxfp8_e5m2", "mxint8", "hif4", "fp8_1x128",
         "fp8_1x128_ue8m0", "msfp12", "int4 of 32", "mx6", "mx4_e3m0"}


def pareto_front(lines, cost, gain):
    """The lines that none beats: none has more of `gain` for as much of `cost` or less."""
    front, best = [], float("-inf")
    for line in sorted(lines, key=lambda l: (cost(l), -gain(l))):
        if gain(line) > best:
            best = gain(line)
            front.append(line)
    return front


def best_recipes(lines, gain):
    """One line for each format: that of the best recipe."""
    best = {}
    for line in lines:
        if line["name"] not in best or gain(line) > gain(best[line["name"]]):
            best[line["name"]] = line
    return list(best.values())


def panel(axes, lines, cost, gain, label):
    for family, (colour, marker) in STYLES.items():
        points = [(cost(l), gain(l)) for l in lines if l["family"] == family]
        if points:
            axes.plot(*zip(*points), marker, color=colour, markersize=6, alpha=0.85, label=family)
    front = pareto_front(lines, cost, gain)
    axes.step([cost(l) for l in front], [gain(l) for l in front], where="post", color="black", linewidth=0.8,
              label="no other has more for less", zorder=0)
    axes.set_xlabel(label)
    axes.set_ylabel("signal to quantisation noise, dB")
    axes.grid(alpha=0.25)
    return [(cost(l), gain(l), l["name"] if l in front or l["name"] in NAMED else None, STYLES[l["family"]][0])
            for l in lines]


def draw(path, key=None):
    """The figure of a table; None: its first distribution."""
    with open(path, encoding="utf-8") as file:
        report = json.load(file)
    key = key or report["distributions"][0]["name"]
    meaning = {d["name"]: d["meaning"] for d in report["distributions"]}
    if key not in meaning:
        sys.exit(f"DISTRIBUTION is '{key}', must be one of {', '.join(meaning)}")

    def gain(line):
        return line["sqnr"][key]

    lines = best_recipes([l for l in report["lines"] if "cost" in l], gain)
    figure, axes = plt.subplots(1, 2, figsize=(14, 6.4))
    points = [panel(axes[0], lines, lambda l: l["bits"], gain, "bits per value"),
              panel(axes[1], lines, lambda l: l["cost"], gain,
                    "energy of a multiply-accumulate, pJ in 45 nm, by the proxy of block_quality/cost.hpp")]
    axes[1].legend(fontsize=8, loc="lower right")
    figure.suptitle(f"{meaning[key]}, {report['samples']} numbers, the best recipe of each format", fontsize=11)
    figure.tight_layout()
    for ax, named in zip(axes, points):
        label_points(ax, named)
    return figure


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    figure = draw(sys.argv[1], sys.argv[3] if len(sys.argv) == 4 else None)
    figure.savefig(sys.argv[2], metadata={"Date": None} if sys.argv[2].endswith(".svg") else None)


if __name__ == "__main__":
    main()
