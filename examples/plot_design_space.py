#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws the table of the example design_space: digits that are right against bits that the unit keeps, a
line for each number of products per step; what is built, and what the codes lose, as levels.

usage: plot_design_space.py TABLE.json PICTURE     (needs matplotlib; .svg, .png or .pdf)
"""
import json
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402  after the choice of the back end

# Text as text, and the same picture from the same table.
plt.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "lowp",
                     "font.sans-serif": ["DejaVu Sans", "Arial"]})


PANELS = {False: "accumulator among the addends", True: "sums added to an accumulator in binary32"}


def draw_units(axes, table, apart):
    groups = sorted({unit["group"] for unit in table["units"]})
    colours = plt.get_cmap("viridis")
    for i, group in enumerate(groups):
        line = [(u["kept"], u["bits"]) for u in table["units"]
                if u["group"] == group and u["apart"] == apart]
        axes.plot(*zip(*line), marker="o", markersize=3, label=f"{group} products a step",
                  color=colours(i / max(1, len(groups) - 1)))
    axes.set_title(PANELS[apart], fontsize=10)
    axes.set_xlabel("fraction bits kept below the greatest addend of a step")
    axes.grid(alpha=0.3)


def draw_levels(axes, table, with_names):
    levels = [(m["name"], m["bits"], "tab:red") for m in table["machines"]]
    levels.append(("what e4m3fn codes lose", table["codes"], "black"))
    at = float("-inf")
    for name, bits, colour in sorted(levels, key=lambda level: level[1]):
        axes.axhline(bits, color=colour, linewidth=0.8, linestyle="--")
        at = max(bits, at + 0.75)
        if with_names:
            axes.annotate(f"{name} ({bits:.1f})", (1.01, at), xycoords=("axes fraction", "data"),
                          fontsize=8, color=colour, va="center", annotation_clip=False)


def draw(table, picture):
    figure, panels = plt.subplots(1, 2, figsize=(12, 5.5), sharey=True)
    for apart, axes in zip(PANELS, panels):
        draw_units(axes, table, apart)
        draw_levels(axes, table, with_names=apart)
    panels[0].set_ylabel("binary digits right, -log2 of the relative error")
    panels[0].legend(fontsize=8, loc="upper left")
    figure.suptitle(f"FP8 matrix unit, {table['rows']} x {table['columns']} x {table['depth']}, "
                    "activations with outlier channels")
    figure.savefig(picture, bbox_inches="tight", metadata={"Date": None} if picture.endswith(".svg") else None)


def main():
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    with open(sys.argv[1], encoding="utf-8") as file:
        draw(json.load(file), sys.argv[2])
    return 0


if __name__ == "__main__":
    sys.exit(main())
