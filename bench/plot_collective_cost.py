#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws the table of the bench collective_cost: the fastest codec by link and size, a panel for each
engine, with how many times as fast as binary32 it is.

usage: plot_collective_cost.py TABLE.json PICTURE     (needs matplotlib; .svg, .png or .pdf)
"""
import json
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402  after the choice of the back end

plt.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "lowp",
                     "font.sans-serif": ["DejaVu Sans", "Arial"]})
COLOURS = {"fp32": "white", "bf16": "#e8dcc8", "fp8_e4m3": "#ddcdea", "int8": "#c6e5ea", "mxfp4": "#c4d8f0",
           "int4": "#cbe7c9"}


def size_name(size):
    for unit, name in [(2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB")]:
        if size >= unit:
            return f"{size / unit:g} {name}"
    return f"{size:g} B"


def panel(axes, cells, links, sizes, title):
    for cell in cells:
        x, y = sizes.index(cell["bytes"]), links.index(cell["link"])
        axes.add_patch(plt.Rectangle((x, y), 1, 1, facecolor=COLOURS.get(cell["codec"], "lightgray"),
                                     edgecolor="gray", linewidth=0.5))
        axes.text(x + 0.5, y + 0.5, f"{cell['codec']}\n{cell['over_fp32']:.2f} | {cell['over_bf16']:.2f}",
                  ha="center", va="center", fontsize=7)
    axes.set_xlim(0, len(sizes))
    axes.set_ylim(len(links), 0)
    axes.set_xticks([i + 0.5 for i in range(len(sizes))], [size_name(s) for s in sizes], fontsize=8)
    axes.set_yticks([i + 0.5 for i in range(len(links))], links, fontsize=8)
    axes.set_title(title, fontsize=10)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as file:
        report = json.load(file)
    cells = report["cells"]
    engines = list(dict.fromkeys(c["engine"] for c in cells))
    overlaps = list(dict.fromkeys(c["overlap"] for c in cells))
    links = list(dict.fromkeys(c["link"] for c in cells))
    figure, axes = plt.subplots(len(overlaps), len(engines), figsize=(5 * len(engines), 4.2 * len(overlaps)),
                                sharex=True, sharey=True, squeeze=False)
    for i, overlap in enumerate(overlaps):
        for j, engine in enumerate(engines):
            chosen = [c for c in cells if c["engine"] == engine and c["overlap"] == overlap]
            panel(axes[i][j], chosen, links, report["sizes"], f"codecs by {engine}, {overlap}")
    figure.suptitle(f"Two-shot all-reduce of {report['ranks']} ranks by the cost model: the fastest codec, "
                    "times as fast as fp32 | as bf16 that needs no codec", fontsize=12)
    figure.tight_layout(rect=(0, 0, 1, 0.98))
    figure.savefig(sys.argv[2], metadata={"Date": None} if sys.argv[2].endswith(".svg") else None)


if __name__ == "__main__":
    main()
