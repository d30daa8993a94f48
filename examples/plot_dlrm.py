#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws the table of the example dlrm: loss over samples for some trainings, and for every training
how far its normalised entropy is above that of binary32 with the same seed.

usage: plot_dlrm.py TABLE.json PICTURE     (needs matplotlib; .svg, .png or .pdf)
"""
import json
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402  after the choice of the back end

# Text as text, and the same picture from the same table.
plt.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "lowp",
                     "font.sans-serif": ["DejaVu Sans", "Arial"]})
COLOURS = {"fp32": "black", "fp16": "tab:gray", "bf16": "tab:brown", "fp8_e4m3": "tab:purple",
           "int8": "tab:cyan", "mxfp4": "tab:blue", "int4": "tab:green", "int2": "tab:red"}
MARKERS = {("nearest", False): "o", ("nearest", True): "s", ("stochastic", False): "^",
           ("stochastic", True): "D"}


def colour(experiment):
    return COLOURS.get(experiment["codec"], "tab:orange")


def mean(numbers):
    numbers = list(numbers)
    return sum(numbers) / len(numbers)


def curves(axes, report):
    """Mean over the seeds; training losses thin and dotted."""
    scale = report["samples_of_step"] / 1000
    for experiment in report["experiments"]:
        if experiment["where"] != "all" or experiment["rounding"] != "nearest" or experiment["feedback"]:
            continue
        runs = [r["curve"] for r in experiment["runs"]]
        x = [p["step"] * scale for p in runs[0]]
        for key, style, width in [("loss", "-", 1.4), ("training_loss", ":", 0.9)]:
            axes.plot(x, [mean(run[i][key] for run in runs) for i in range(len(x))], style, linewidth=width,
                      color=colour(experiment), label=experiment["name"] if key == "loss" else None)
    axes.axhline(mean(t["loss"] for t in report["teacher"]), color="gray", linewidth=0.8, linestyle="--",
                 label="the teacher itself")
    axes.set_xlabel("thousands of samples")
    axes.set_ylabel("log loss, nats (dotted: training)")
    axes.set_title("rounded to nearest, without feedback", fontsize=10)
    axes.grid(alpha=0.25)
    axes.legend(fontsize=8, frameon=False)


def differences(axes, report):
    """A row for each training: every seed, and the mean."""
    experiments = report["experiments"]
    base = next(e for e in experiments if e["name"] == "fp32")
    entropy = {r["seed"]: r["curve"][-1]["normalised_entropy"] for r in base["runs"]}
    rows = [e for e in experiments if e is not base]
    for y, experiment in enumerate(rows):
        more = [1000 * (r["curve"][-1]["normalised_entropy"] - entropy[r["seed"]])
                for r in experiment["runs"]]
        axes.plot(more, [y] * len(more), "|", color=colour(experiment), markersize=9)
        marker = MARKERS[(experiment["rounding"], experiment["feedback"])]
        axes.plot([mean(more)], [y], marker, color=colour(experiment), markersize=5)
    axes.axvline(0, color="black", linewidth=0.8)
    axes.set_yticks(range(len(rows)), [e["name"] for e in rows], fontsize=8)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlabel("normalised entropy above fp32 with the same seed, 1/1000 (ticks: seeds)")
    axes.set_title("after the last step", fontsize=10)
    axes.grid(axis="x", alpha=0.25)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as file:
        report = json.load(file)
    figure, axes = plt.subplots(1, 2, figsize=(13, 7))
    curves(axes[0], report)
    differences(axes[1], report)
    seeds = len(report["experiments"][0]["runs"])
    figure.suptitle(f"DLRM of {report['workers']} workers, {seeds} seeds, {report['optimiser']}: "
                    "embeddings, their gradients and those of the layers under codecs", fontsize=12)
    figure.tight_layout(rect=(0, 0, 1, 0.98))
    figure.savefig(sys.argv[2], metadata={"Date": None} if sys.argv[2].endswith(".svg") else None)


if __name__ == "__main__":
    main()
