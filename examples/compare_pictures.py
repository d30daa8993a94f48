# SPDX-License-Identifier: Apache-2.0
"""Pictures of a comparison of recipes as SVG without outside parts: for compare_recipes.py."""
import io
import itertools
import math
import re
import statistics

import matplotlib
import matplotlib.ticker

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402  after the choice of the back end

from compare_runs import BASE, NOISE_FLOOR, name_of, share, smoothed, worst  # noqa: E402  its neighbour

# Text as text, and the same picture from the same runs.
plt.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "lowp", "font.sans-serif": ["DejaVu Sans", "Arial"],
                     "font.size": 9, "axes.grid": True, "grid.alpha": 0.25, "axes.spines.top": False,
                     "axes.spines.right": False})
# Told apart without seeing colours well (Okabe and Ito), and by their dashes in black and white.
COLOURS = ["#000000", "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f7f7f", "#8c564b", "#6a3d9a"]
DASHES = ["-", "--", "-.", (0, (1, 1.2)), (0, (5, 1, 1, 1, 1, 1))]
ROLES = ("activations", "weights", "gradients")
_numbers = itertools.count()


def styles(recipes):
    """Colour and dashes of each recipe."""
    return {r: {"color": COLOURS[i % len(COLOURS)], "linestyle": DASHES[i // len(COLOURS) % len(DASHES)] if i >= len(COLOURS)
                else DASHES[i % 3] if i else "-"} for i, r in enumerate(recipes)}


def svg_of(figure):
    """The picture for use within a page: no prolog, no links, names of its own."""
    out = io.StringIO()
    figure.savefig(out, format="svg", bbox_inches="tight",
                   metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    plt.close(figure)
    text = out.getvalue()
    text = text[text.index("<svg"):]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.S)
    text = re.sub(r'\sxmlns(:\w+)?="[^"]*"', "", text)
    own = f"p{next(_numbers)}-"
    text = re.sub(r'\bid="', f'id="{own}', text)
    text = re.sub(r'(href="#|url\(#)', rf"\g<1>{own}", text)
    # As wide as the page allows.
    return re.sub(r'<svg height="[^"]*"', "<svg", re.sub(r' width="[0-9.]+pt"', "", text, count=1), count=1)


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


def first_signals(run, most=3):
    """The first sign of each cause, without those that begin with the run itself."""
    seen, out = set(), []
    for s in run.signals:
        if s["rule"] not in seen:
            seen.add(s["rule"])
            out.append(s)
    return out[:most]


def mark_signals(axes, comparison, style, window):
    """Triangles where the first sign of a failing run is, a cross where its loss shows it."""
    marks = 0
    for recipe in comparison.recipes:
        first = next((r for r in comparison.of(recipe) if comparison.departure(r) is not None and r.signals), None)
        for run in comparison.of(recipe):
            failed = comparison.departure(run)
            if failed is None:
                continue
            curve = dict(smoothed(list(run.losses().items()), window))
            colour = style[recipe]["color"]
            signs = [s for s in run.signals if s["step"] <= failed]
            if signs:
                s = signs[0]
                is_first = run is first
                near = min(curve, key=lambda step: abs(step - s["step"]))
                y = curve[near] if not math.isnan(curve[near]) else axes.get_ylim()[1]
                axes.plot([s["step"]], [y], marker="v", markersize=8, color=colour, markeredgecolor="black", zorder=5)
                if is_first:
                    axes.annotate(f"{recipe}, seed {run.seed}: {s['rule']} in {s['tensor']}", (s["step"], y), fontsize=8,
                                  xytext=(8, 12 + 13 * marks), textcoords="offset points", color=colour,
                                  arrowprops={"arrowstyle": "-", "color": colour, "linewidth": 0.6})
                    marks += 1
            before = [s for s, v in curve.items() if s <= failed and not math.isnan(v)]
            axes.plot([failed], [curve[before[-1]] if before else axes.get_ylim()[1]], marker="x", markersize=9,
                      markeredgewidth=2, color=colour, zorder=5)


def losses(comparison):
    """Training loss of all recipes, with marks."""
    style, window = styles(comparison.recipes), window_of(comparison)
    figure, axes = plt.subplots(figsize=(9, 4.6))
    for recipe in comparison.recipes:
        draw_band(axes, [smoothed(list(r.losses().items()), window) for r in comparison.of(recipe)], style[recipe], recipe)
    finite = [v for r in comparison.runs.values() for v in list(r.losses().values())[:1] if not math.isnan(v)]
    if finite:
        low, high = axes.get_ylim()
        axes.set_ylim(low, min(high, max(finite) * 1.15))
    mark_signals(axes, comparison, style, window)
    axes.set_xlabel("step")
    axes.set_ylabel(f"training loss, mean of {window} steps")
    axes.legend(fontsize=8, ncol=2)
    return svg_of(figure)


def differences(comparison):
    """Loss above that of f32 with the same seed and the same batches."""
    style, window = styles(comparison.recipes), window_of(comparison)
    figure, axes = plt.subplots(figsize=(9, 4.2))
    lines = 0
    for recipe in comparison.recipes:
        pairs = [] if recipe == BASE else comparison.pairs(recipe)
        series = []
        for run, base in pairs:
            of_base = base.losses()
            series.append(smoothed([(s, v - of_base[s]) for s, v in run.losses().items() if s in of_base], window))
        if series:
            lines += 1
            draw_band(axes, series, style[recipe], recipe)
    if not lines:
        plt.close(figure)
        return ""
    noise = comparison.seed_noise()
    if noise is not None:
        axes.axhspan(-noise, noise, color="black", alpha=0.06, linewidth=0, label="what another seed changes in f32")
    axes.axhline(0, color="black", linewidth=0.8)
    linear = max(0.01, 2 * (noise or 0.01))
    axes.set_yscale("symlog", linthresh=linear)
    axes.yaxis.set_major_formatter(matplotlib.ticker.FormatStrFormatter("%.3g"))
    axes.set_xlabel("step")
    axes.set_ylabel(f"loss above f32, mean of {window} steps\n(linear up to {linear:.2g})")
    axes.legend(fontsize=8, ncol=2)
    return svg_of(figure)


def monitor_series(run, role, value, best):
    """(step, the worst tensor's number, its name) at each observation."""
    out = []
    for step in run.observed():
        having = [(value(t), name_of(t)) for t in run.at(step, role) if value(t) is not None]
        if having:
            out.append((step, *best(having)))
    return out


MONITORS = (
    ("SQNR of the worst tensor, dB", lambda t: t["sqnr"], min, ROLES, None),
    ("greatest share of saturated numbers", lambda t: share(t, "saturated"), max, ROLES, None),
    ("greatest share of underflowed numbers", lambda t: share(t, "underflowed"), max, ROLES, None),
    ("least gradient to error", lambda t: t["signal_to_error"], min, ("gradients",), NOISE_FLOOR),
)


def monitors(comparison):
    """What the monitors saw: a row for each quantity, a column for each role; seed by seed the first one."""
    style = styles(comparison.recipes)
    figure, panels = plt.subplots(len(MONITORS), len(ROLES), figsize=(12, 10.5), sharex=True, squeeze=False)
    for row, (label, value, best, roles, level) in zip(panels, MONITORS):
        for role, axes in zip(ROLES, row):
            if role not in roles:
                axes.axis("off")
                continue
            for recipe in comparison.recipes:
                series = [(s, v) for s, v, _ in monitor_series(comparison.of(recipe)[0], role, value, best)]
                if series:
                    axes.plot(*zip(*series), linewidth=1.2, marker=".", markersize=3, label=recipe, **style[recipe])
            if "share" in label:
                axes.yaxis.set_major_formatter(matplotlib.ticker.PercentFormatter(1, decimals=None))
                axes.set_ylim(0, max(axes.get_ylim()[1], 1e-3))
            if level is not None:
                axes.axhline(level, color="black", linewidth=0.8, linestyle=":")
                axes.set_yscale("log")
            axes.set_title(f"{label}: {role}", fontsize=9)
    for axes in panels[-1]:
        axes.set_xlabel("step")
    for axes in panels[-2]:
        axes.tick_params(labelbottom=True)
    handles = {}
    for axes in panels.flat:
        for handle, label in zip(*axes.get_legend_handles_labels()):
            handles.setdefault(label, handle)
    panels[-1][0].legend(handles.values(), handles.keys(), fontsize=8, loc="center", ncol=2)
    figure.tight_layout()
    return svg_of(figure)


def bars(axes, counts, colour):
    total = sum(counts.values())
    pairs = sorted((int(k), v / total) for k, v in counts.items()) if total else []
    if pairs:
        axes.bar([p[0] for p in pairs], [p[1] for p in pairs], width=0.9, color=colour)


def finite_counts(histogram):
    return {k: v for k, v in (histogram or {}).items() if k.lstrip("-").isdigit()}


def histograms(comparison):
    """Exponents of the worst gradient tensor of each recipe at the last observation, and of its scales."""
    shown = []
    for recipe in comparison.recipes:
        run = comparison.of(recipe)[0]
        for step in reversed(run.observed()):
            tensor = worst(run.at(step, "gradients"), "sqnr") or next(iter(run.at(step, "gradients")), None)
            if tensor is not None:
                shown.append((recipe, tensor))
                break
    if not shown:
        return ""
    style = styles(comparison.recipes)
    figure, panels = plt.subplots(len(shown), 2, figsize=(11, 1.55 * len(shown) + 0.5), squeeze=False, sharex="col")
    for (recipe, tensor), (left, right) in zip(shown, panels):
        bars(left, finite_counts(tensor["exponents"]), style[recipe]["color"])
        scales = finite_counts(tensor["scales"])
        bars(right, scales, style[recipe]["color"])
        if not scales:
            right.axis("off")
            right.text(0.5, 0.5, "no scales", transform=right.transAxes, ha="center", color="#555555")
        left.set_title(f"{recipe}: {name_of(tensor)}, step {tensor['step']}", fontsize=8, loc="left")
        if scales:
            right.set_title(f"{sum(scales.values())} scales", fontsize=8, loc="left")
    panels[-1][0].set_xlabel("floor(log2 |x|) of the numbers, share of them")
    panels[-1][1].set_xlabel("floor(log2) of the scales, share of them")
    figure.tight_layout()
    return svg_of(figure)


KINDS = ("weights", "activations", "cache")


def evaluations(lines):
    """Error of logits against bits, each kind of tensor alone."""
    figure, panels = plt.subplots(1, len(KINDS), figsize=(12, 4.2), sharey=True)
    for kind, axes in zip(KINDS, panels):
        alone = [e for e in lines if e["logit_error"] and all(e[k] == "binary32" for k in KINDS if k != kind)]
        bits = {"weights": "weight_bits", "activations": "activation_bits", "cache": "cache_bits"}[kind]
        for i, e in enumerate(sorted(alone, key=lambda e: (e[bits], e["logit_error"]))):
            axes.plot([e[bits]], [e["logit_error"]], "o", markersize=4, color=COLOURS[1], alpha=0.7)
            axes.annotate(e[kind], (e[bits], e["logit_error"]), fontsize=8, xytext=(4, 3 if i % 2 else -9),
                          textcoords="offset points")
        axes.set_title(f"{kind} alone", fontsize=9)
        axes.set_xlabel("bits per number")
        axes.set_yscale("log")
        axes.margins(x=0.2)
    panels[0].set_ylabel("error of logits")
    figure.tight_layout()
    return svg_of(figure)


def formats(path):
    """The picture of plot_format_costs.py."""
    import plot_format_costs  # its neighbour

    return svg_of(plot_format_costs.draw(path))
