# SPDX-License-Identifier: Apache-2.0
"""What monitors saw in trainings: for compare_recipes.py."""
import compare_pictures as pictures
from compare_html import details, figure, paragraph, short, table
from compare_runs import NOISE_FLOOR, name_of, share, worst

plt = pictures.plt
ROLES = ("activations", "weights", "gradients")


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


def picture(comparison, recipes):
    """A row for each quantity, a column for each role; of each recipe the first seed."""
    style = pictures.styles(recipes)
    drawing, panels = plt.subplots(len(MONITORS), len(ROLES), figsize=(12, 10.5), sharex=True, squeeze=False)
    for row, (label, value, best, roles, level) in zip(panels, MONITORS):
        for role, axes in zip(ROLES, row):
            if role not in roles:
                axes.axis("off")
                continue
            for recipe in recipes:
                series = [(s, v) for s, v, _ in monitor_series(comparison.of(recipe)[0], role, value, best)]
                if series:
                    axes.plot(*zip(*series), linewidth=1.2, marker=".", markersize=3, label=recipe, **style[recipe])
            if "share" in label:
                axes.yaxis.set_major_formatter(pictures.matplotlib.ticker.PercentFormatter(1, decimals=None))
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
    drawing.tight_layout()
    return pictures.svg_of(drawing)


def bars(axes, counts, colour):
    total = sum(counts.values())
    pairs = sorted((int(k), v / total) for k, v in counts.items()) if total else []
    if pairs:
        axes.bar([p[0] for p in pairs], [p[1] for p in pairs], width=0.9, color=colour)


def finite_counts(histogram):
    return {k: v for k, v in (histogram or {}).items() if k.lstrip("-").isdigit()}


def histograms(comparison, recipes):
    """Exponents of the worst gradient tensor of each recipe at the last observation, and of its scales."""
    shown = []
    for recipe in recipes:
        run = comparison.of(recipe)[0]
        for step in reversed(run.observed()):
            tensor = worst(run.at(step, "gradients"), "sqnr") or next(iter(run.at(step, "gradients")), None)
            if tensor is not None:
                shown.append((recipe, tensor))
                break
    if not shown:
        return ""
    style = pictures.styles(recipes)
    drawing, panels = plt.subplots(len(shown), 2, figsize=(11, 1.55 * len(shown) + 0.5), squeeze=False, sharex="col")
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
    drawing.tight_layout()
    return pictures.svg_of(drawing)


def signs(c):
    """Signs in all other runs: how often, and the first."""
    rows = []
    for recipe in c.recipes:
        by_rule = {}
        for run in c.of(recipe):
            for s in run.signals if c.departure(run) is None else ():
                by_rule.setdefault((s.get("severity", "alarm"), s["rule"]), []).append((run, s))
        for (severity, rule), all_of in sorted(by_rule.items()):
            run, s = min(all_of, key=lambda x: x[1]["step"])
            rows.append((recipe, severity, rule, len(all_of), len({name_of(x) for _, x in all_of}), s["step"], run.seed, name_of(s),
                         short(s["value"])))
    if not rows:
        return paragraph("Runs that do not depart have no signs.")
    return table("Signs in runs that do not depart. An alarm here is a false one, within these steps",
                 ("recipe", "severity", "sign", "#times", "#tensors", "#first step", "#seed", "tensor", "#value"), rows)


def observations(c):
    """The worst tensors at the last observation."""
    rows = []
    for recipe in c.recipes:
        run = c.of(recipe)[0]
        if not run.tensors:
            continue
        step = run.observed()[-1]
        row = [recipe, step]
        for role in ROLES:
            t = worst(run.at(step, role), "sqnr")
            row += [short(t["sqnr"]), name_of(t)] if t else ["-", "no errors"]
        full = max(run.at(step), key=lambda t: share(t, "saturated"))
        gone = max(run.at(step), key=lambda t: share(t, "underflowed"))
        row += [f"{share(full, 'saturated'):.2%} {name_of(full)}" if full["saturated"] else "none",
                f"{share(gone, 'underflowed'):.2%} {name_of(gone)}" if gone["underflowed"] else "none"]
        rows.append(row)
    return table("At the last observation, first seed: least SQNR in dB of each role and whose it is, most saturated and underflowed numbers",
                 ("recipe", "#step", "#activations", "whose", "#weights", "whose", "#gradients", "whose", "saturated", "underflowed"),
                 rows)


def monitors(c):
    """The part of the page."""
    if not any(r.tensors for r in c.runs.values()):
        return paragraph("The runs have no statistics of tensors.")
    text, classes = "", pictures.classes(c)
    for i, (title, recipes) in enumerate(reversed(classes)):
        svg = figure(picture(c, recipes), f"what monitors saw against steps, a panel for each quantity and role, {title}",
                     "Each point is the worst tensor of that role at that step, of the first seed. Dotted: below sqrt(3), quantised "
                     "training becomes less effective (arXiv 2505.19115).")
        text += svg if i == 0 else details(f"The same: {title}", svg)
    text += details("The worst tensors at the end", observations(c)) + signs(c)
    drawn = "".join(figure(histograms(c, recipes), f"histograms of exponents and scales, {title}",
                           "The gradient tensor with the least SQNR of each recipe at the last observation, of the first seed.")
                    for title, recipes in classes)
    return text + details("Histograms of exponents and of scales", drawn)
