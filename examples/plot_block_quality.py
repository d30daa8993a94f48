#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws the table of the example block_quality: signal to noise against bits per value, one panel for
each distribution, a colour and marker for each family; hollow: other recipes than the format's own.

usage: plot_block_quality.py TABLE.json PICTURE     (needs matplotlib; .svg, .png or .pdf)
"""
import json
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402  after the choice of the back end

STYLES = {
    "MX": ("tab:blue", "o"),
    "NVFP4": ("tab:green", "s"),
    "FP8 blocks": ("tab:purple", "D"),
    "block floating point": ("tab:brown", "v"),
    "shared microexponents": ("tab:pink", "^"),
    "HiFloat": ("tab:olive", "P"),
    "ggml": ("tab:orange", "X"),
    "integers": ("tab:gray", "<"),
    "row-wise": ("tab:cyan", ">"),
}
# Text as text, and the same picture from the same table.
plt.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "lowp",
                     "font.sans-serif": ["DejaVu Sans", "Arial"]})

# Formats with labels, besides those that no other one beats; CLOSE in the window that shows 4 to 5 bits.
NAMED = {"mxfp6_e2m3", "mxfp8_e4m3", "mxfp8_e5m2", "mxint8", "fp8_1x128", "mx6", "mx9", "msfp13", "msfp14",
         "msfp16", "bfp2_b", "hif3", "hif5", "int2 of 32", "int2 of 128", "int8 of 128", "int8 of 32",
         "q8_sbfloat", "q2_sbhalf", "ggml_q2_0", "ggml_q8_0", "ggml_q8_K", "ggml_q2_K", "ggml_q5_0", "ggml_q6_K"}
CLOSE = {"mx4", "mxfp4", "mx4_e3m0", "nvfp4", "nvfp4_16x16", "hif4", "msfp12", "int4 of 32", "int4 of 128",
         "int4 of 256", "q4_sbhalf", "ggml_q4_0", "ggml_q4_1", "ggml_q4_K", "ggml_iq4_nl", "ggml_iq4_xs"}
WINDOW = (3.9, 5.25)  # bits
WINDOW_AT = (0.5, 0.05, 0.49, 0.36)  # left, bottom, width, height in parts of a panel
DIRECTIONS = [(0, 1), (0, -1), (-1, 0.6), (1, -0.6), (-1, -0.6), (1, 0.6), (-1, 0), (1, 0)]


def best_of_its_size(lines, key):
    """The lines that no other one beats with as few bits."""
    best = float("-inf")
    for line in sorted(lines, key=lambda l: (l["bits"], -l["sqnr"][key])):
        if line["sqnr"][key] > best:
            best = line["sqnr"][key]
            yield line


def overlap(a, b):
    return max(0, min(a[2], b[2]) - max(a[0], b[0])) * max(0, min(a[3], b[3]) - max(a[1], b[1]))


def place(box_size, at, obstacles, frame):
    """The centre of a label near the point `at` that covers least of the obstacles. Pixels."""
    width, height = box_size
    best = None
    for distance in range(10, 90, 8):
        for dx, dy in DIRECTIONS:
            x = at[0] + dx * (distance + (width / 2 if dx else 0))
            y = at[1] + dy * (distance + height / 2)
            box = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
            outside = width * height - overlap(box, frame)
            cost = sum(overlap(box, o) for o in obstacles) + 10 * outside + 0.6 * distance
            if best is None or cost < best[0]:
                best = (cost, (x, y), box)
    return best[1:]


def label_points(axes, points, taken=()):
    """Names beside points, in their colours, apart from each other, from all points and boxes taken."""
    figure = axes.figure
    figure.canvas.draw()
    to_pixels, from_pixels = axes.transData.transform, axes.transData.inverted().transform
    obstacles = list(taken)
    for x, y, _, _ in points:
        px, py = to_pixels((x, y))
        obstacles.append((px - 4, py - 4, px + 4, py + 4))
    frame = axes.get_window_extent().extents
    for x, y, name, colour in points:
        if name is None:
            continue
        text = axes.text(0, 0, name, fontsize=7, color=colour, ha="center", va="center")
        extent = text.get_window_extent()
        centre, box = place((extent.width + 2, extent.height + 1), to_pixels((x, y)), obstacles, frame)
        text.set_position(from_pixels(centre))
        obstacles.append(box)
        axes.annotate("", (x, y), from_pixels(centre), zorder=1,
                      arrowprops={"arrowstyle": "-", "color": colour, "linewidth": 0.4, "shrinkA": 5,
                                  "shrinkB": 2})


def draw_points(axes, lines, key):
    groups = {}
    for line in lines:
        groups.setdefault((line["family"], line["default"]), []).append((line["bits"], line["sqnr"][key]))
    for (family, is_default), points in groups.items():
        colour, marker = STYLES[family]
        axes.plot(*zip(*points), marker, color=colour, markersize=5, zorder=3,
                  markerfacecolor=colour if is_default else "none", markeredgewidth=0.8, alpha=0.85)
    axes.plot([0, 20], [0, 20 * 6.0206], color="gray", linewidth=0.8, linestyle=":", zorder=0)
    axes.grid(alpha=0.25)


def points_with_names(lines, key, wanted):
    shown, points = set(), []
    for line in lines:
        name = line["name"] if wanted(line) and line["name"] not in shown else None
        shown.add(name)
        points.append((line["bits"], line["sqnr"][key], name, STYLES[line["family"]][0]))
    return points


def window(axes, lines, key):
    """The formats of about four bits, drawn larger in the empty corner of a panel."""
    lines = [l for l in lines if WINDOW[0] <= l["bits"] <= WINDOW[1]]
    if not lines:
        return
    inset = axes.inset_axes(WINDOW_AT)
    draw_points(inset, lines, key)
    of_sources = [l["sqnr"][key] for l in lines if l["default"]]
    inset.set_xlim(*WINDOW)
    inset.set_ylim(min(of_sources) - 1.5, max(of_sources) + 2.5)
    inset.tick_params(labelsize=7)
    axes.indicate_inset_zoom(inset, edgecolor="gray", linewidth=0.5)
    label_points(inset, points_with_names(lines, key, lambda l: l["default"] and l["name"] in CLOSE))


def panel(axes, lines, distribution):
    key = distribution["name"]
    draw_points(axes, lines, key)
    axes.set_xlim(0.8, max(l["bits"] for l in lines) + 0.5)
    axes.set_ylim(0, max(l["sqnr"][key] for l in lines) * 1.12)
    axes.set_title(distribution["meaning"], fontsize=10)
    axes.set_xlabel("bits per value")
    axes.set_ylabel("signal to quantisation noise, dB")
    frontier = {id(l) for l in best_of_its_size(lines, key)}

    def wanted(line):
        inside = WINDOW[0] <= line["bits"] <= WINDOW[1]
        return not inside and line["default"] and (id(line) in frontier or line["name"] in NAMED)

    left, bottom, width, height = WINDOW_AT
    corners = axes.transAxes.transform([(left - 0.03, bottom - 0.03), (left + width, bottom + height)])
    label_points(axes, points_with_names(lines, key, wanted), [tuple(corners.flatten())])
    window(axes, lines, key)


def legend(axes, families):
    axes.axis("off")
    for family, (colour, marker) in STYLES.items():
        if family in families:
            axes.plot([], [], marker, color=colour, label=family)
    axes.plot([], [], "o", color="black", markerfacecolor="none",
              label="hollow: by another recipe than its source's")
    axes.plot([], [], ":", color="gray", label="6.02 dB per bit: no code of N(0, 1) gets beyond")
    axes.legend(loc="center", fontsize=10, frameon=False)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as file:
        report = json.load(file)
    panels = report["distributions"]
    rows = (len(panels) + 2) // 2
    figure, axes = plt.subplots(rows, 2, figsize=(13, 5.6 * rows))
    figure.suptitle(f"Formats with shared scales: {report['samples']} numbers of each distribution, "
                    f"seed {report['seed']}", fontsize=12, y=0.995)
    figure.tight_layout(h_pad=2, rect=(0, 0, 1, 0.99))
    axes = axes.flatten()
    for ax, distribution in zip(axes, panels):
        panel(ax, report["lines"], distribution)
    for ax in axes[len(panels):]:
        ax.axis("off")
    legend(axes[-1], {l["family"] for l in report["lines"]})
    figure.tight_layout(h_pad=2, rect=(0, 0, 1, 0.99))
    figure.savefig(sys.argv[2], metadata={"Date": None} if sys.argv[2].endswith(".svg") else None)


if __name__ == "__main__":
    main()
