# SPDX-License-Identifier: Apache-2.0
"""What pictures of a comparison have in common, and the picture of losses, as SVG without outside parts: for
compare_recipes.py and the parts of its page."""
import io
import itertools
import math
import re
import statistics

import matplotlib
import matplotlib.ticker

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402  after the choice of the back end

from compare_runs import BASE, smoothed  # noqa: E402  its neighbours
from plot_block_quality import label_points  # noqa: E402, F401  used by parts of the page

# Text as text, and the same picture from the same runs.
plt.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "lowp", "font.sans-serif": ["DejaVu Sans", "Arial"],
                     "font.size": 9, "axes.grid": True, "grid.alpha": 0.25, "axes.spines.top": False,
                     "axes.spines.right": False})
# Nearly those of Okabe and Ito, which are told apart without seeing colours well, on white and on black; and dashes.
COLOURS = ["#000000", "#1f7fc4", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f7f7f", "#a0694f", "#8a63d2"]
DASHES = ["-", "--", "-.", (0, (1, 1.2)), (0, (5, 1, 1, 1, 1, 1))]
GREY = "#7f7f7f"
_numbers = itertools.count()


def styles(recipes):
    """Colour and dashes of each recipe."""
    return {r: {"color": COLOURS[i % len(COLOURS)], "linestyle": DASHES[i // len(COLOURS) % len(DASHES)] if i >= len(COLOURS)
                else DASHES[i % 3] if i else "-"} for i, r in enumerate(recipes)}


def svg_of(figure):
    """The picture for use within a page: no prolog, no links, names of its own."""
    out = io.StringIO()
    figure.savefig(out, format="svg", bbox_inches="tight", transparent=True,
                   metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    plt.close(figure)
    text = out.getvalue()
    text = text[text.index("<svg"):]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.S)
    text = re.sub(r'\sxmlns(:\w+)?="[^"]*"', "", text)
    text = text.replace("#000000", "currentColor")  # that of the page
    own = f"p{next(_numbers)}-"
    text = re.sub(r'\bid="', f'id="{own}', text)
    text = re.sub(r'(href="#|url\(#)', rf"\g<1>{own}", text)
    # As wide as the page allows.
    return re.sub(r'<svg height="[^"]*"', "<svg", re.sub(r' width="[0-9.]+pt"', "", text, count=1), count=1)


plain_numbers = matplotlib.ticker.FormatStrFormatter("%.3g")
# Recipes by the bits of their numbers, so that no picture has too many lines: (title, least bits).
CLASSES = (("10 bits and more", 10), ("6 to 10 bits", 6), ("fewer than 6 bits", 0))
MOST_LINES = 8


def classes(comparison):
    """(title, recipes) of each picture; the base is in all."""
    others = [r for r in comparison.recipes if r != BASE]
    bits = {r: comparison.of(r)[0].recipe_bits for r in others}
    if len(others) <= MOST_LINES or None in bits.values():
        return [("", comparison.recipes)]
    out, upper = [], math.inf
    for title, least in CLASSES:
        names = [r for r in others if least <= bits[r] < upper]
        upper = least
        if names:
            out.append((title, [r for r in comparison.recipes if r == BASE] + names))
    return out


def over_seeds(all_series):
    """(steps, means, least, greatest) of series that have the same steps, where all have a number."""
    common = set.intersection(*({s for s, v in x if not math.isnan(v)} for x in all_series)) if all_series else set()
    by_step = [dict(x) for x in all_series]
    steps = sorted(common)
    values = [[b[s] for b in by_step] for s in steps]
    return steps, [statistics.fmean(v) for v in values], [min(v) for v in values], [max(v) for v in values]


def window_of(comparison):
    return max(1, max(len(r.steps) for r in comparison.runs.values()) // 30)


def draw_band(axes, series, style, label=None):
    steps, mean, low, high = over_seeds(series)
    if not steps:
        return
    marker = "." if len(steps) < 3 else None
    axes.plot(steps, mean, linewidth=1.4, marker=marker, label=label, **style)
    if len(series) > 1:
        axes.fill_between(steps, low, high, color=style["color"], alpha=0.13, linewidth=0)


def first_signals(run, shown, most=3):
    """The first sign of each cause that is there by the step at which the loss shows it, alarms before notes; else the
    first alarm."""
    seen, out = set(), []
    before = [s for s in run.signals if s["step"] <= shown]
    for s in sorted(before, key=lambda s: s not in run.alarms) or run.alarms[:1]:
        if s["rule"] not in seen:
            seen.add(s["rule"])
            out.append(s)
    return out[:most]


def mark_signals(axes, comparison, recipes, style, window):
    """Triangles where the first alarm of a failing run is, a cross where its loss shows it."""
    marks = 0
    for recipe in recipes:
        is_labelled = False
        for run in comparison.of(recipe):
            failed = comparison.departure(run)
            if failed is None:
                continue
            curve = dict(smoothed(list(run.losses().items()), window))
            colour = style[recipe]["color"]
            signs = [s for s in run.alarms if s["step"] <= failed]
            if signs:
                s = signs[0]
                near = min(curve, key=lambda step: abs(step - s["step"]))
                y = curve[near] if not math.isnan(curve[near]) else axes.get_ylim()[1]
                axes.plot([s["step"]], [y], marker="v", markersize=8, color=colour, markeredgecolor="black", zorder=5)
                if not is_labelled:
                    is_labelled = True
                    axes.annotate(f"{recipe}, seed {run.seed}: {s['rule']} in {s['tensor']}", (s["step"], y), fontsize=8,
                                  xytext=(0.98, 0.96 - 0.06 * marks), textcoords="axes fraction", ha="right", color=colour,
                                  arrowprops={"arrowstyle": "-", "color": colour, "linewidth": 0.6})
                    marks += 1
            before = [s for s, v in curve.items() if s <= failed and not math.isnan(v)]
            axes.plot([failed], [curve[before[-1]] if before else axes.get_ylim()[1]], marker="x", markersize=9,
                      markeredgewidth=2, color=colour, zorder=5)


def draw_losses(axes, comparison, recipes, style, window):
    for recipe in recipes:
        draw_band(axes, [smoothed(list(r.losses().items()), window) for r in comparison.of(recipe)], style[recipe], recipe)
    finite = [v for n in recipes for r in comparison.of(n) for v in list(r.losses().values())[:1] if not math.isnan(v)]
    if finite:
        low, high = axes.get_ylim()
        axes.set_ylim(low, min(high, max(finite) * 1.15))
    mark_signals(axes, comparison, recipes, style, window)


def draw_differences(axes, comparison, recipes, style, window):
    """Loss above that of f32 with the same seed and the same batches."""
    for recipe in recipes:
        series = []
        for run, base in [] if recipe == BASE else comparison.pairs(recipe):
            of_base = base.losses()
            series.append(smoothed([(s, v - of_base[s]) for s, v in run.losses().items() if s in of_base], window))
        if series:
            draw_band(axes, series, style[recipe])
    noise = comparison.seed_noise()
    if noise is not None:
        axes.axhspan(-noise, noise, color=GREY, alpha=0.15, linewidth=0)
    axes.axhline(0, color="black", linewidth=0.8)
    axes.set_yscale("symlog", linthresh=0.02, linscale=0.7)
    axes.yaxis.set_major_formatter(plain_numbers)
    axes.set_xlabel("step")


def losses(comparison):
    """Training losses with marks above, their differences from f32 below; a column for each class of recipes."""
    columns, window = classes(comparison), window_of(comparison)
    wide = len(columns) == 1
    figure, panels = plt.subplots(2, len(columns), figsize=(10 if wide else 4.6 * len(columns), 8), sharex=True, sharey="row",
                                  squeeze=False)
    for (title, recipes), above, below in zip(columns, *panels):
        style = styles(recipes)
        draw_losses(above, comparison, recipes, style, window)
        draw_differences(below, comparison, recipes, style, window)
        above.set_title(title, fontsize=10)
        handles, labels = above.get_legend_handles_labels()
        below.legend(handles, labels, fontsize=8, ncol=4 if wide else 2, loc="upper center", bbox_to_anchor=(0.5, -0.14), frameon=False)
    panels[0][0].set_ylabel(f"training loss, mean of {window} steps")
    panels[1][0].set_ylabel("above f32 (linear up to 0.02)")
    figure.tight_layout()
    return svg_of(figure)
