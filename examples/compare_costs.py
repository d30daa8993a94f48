# SPDX-License-Identifier: Apache-2.0
"""Loss above f32 against bits and against energy of multiply-accumulates, and what formats cost: for
compare_recipes.py. Bits and energy are those that the program wrote into its records."""

import compare_pictures as pictures
from compare_html import figure, number, paragraph, short, spread, table
from compare_runs import BASE


def front(points):
    """Of (cost, loss, name): those that no other one beats in both, by cost."""
    out = []
    for p in sorted(points):
        if not out or p[1] < out[-1][1]:
            out.append(p)
    return out


def points_of(comparison):
    """A row for each recipe with known costs and losses that are numbers."""
    out = []
    for r in comparison.rows:
        run = comparison.of(r["recipe"])[0]
        if run.bits is not None and r["paired"].is_finite:
            out.append({"recipe": r["recipe"], "bits": run.bits, "energy": run.energy, "recipe_bits": run.recipe_bits,
                        "recipe_energy": run.recipe_energy, "paired": r["paired"]})
    return out


def fronts(points):
    return {kind: {p[2] for p in front((p[kind], p["paired"].mean, p["recipe"]) for p in points)} for kind in ("bits", "energy")}


LABELS = {"bits": "bits of a number that a product reads", "energy": "energy of a multiply-accumulate, pJ in 45 nm, by the proxy"}


def picture(comparison, points):
    plt, on = pictures.plt, fronts(points)
    noise = comparison.seed_noise() or 0.01
    drawing, panels = plt.subplots(1, 2, figsize=(12, 5), sharey=True)
    named = []
    for axes, kind in zip(panels, LABELS):
        axes.set_yscale("symlog", linthresh=0.01, linscale=0.5)
        if comparison.seed_noise() is not None:
            axes.axhspan(-noise, noise, color=pictures.GREY, alpha=0.15, linewidth=0, label="what another seed changes in f32")
        for p in points:
            d = p["paired"]
            colour = pictures.COLOURS[3] if p["recipe"] in on[kind] else pictures.COLOURS[1]
            axes.errorbar([p[kind]], [d.mean], yerr=[[d.mean - d.least], [d.greatest - d.mean]], fmt="o", markersize=4,
                          color=colour, elinewidth=1, capsize=2)
        line = [(p[kind], p["paired"].mean) for p in sorted(points, key=lambda p: p[kind]) if p["recipe"] in on[kind]]
        axes.step(*zip(*line), where="post", color=pictures.COLOURS[3], linewidth=1, label="no other has less for less")
        axes.set_xscale("log")
        ticks = [t for t in ((4, 5, 6, 8, 10, 12, 16, 24, 32) if kind == "bits" else (0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3))
                 if min(p[kind] for p in points) * 0.9 <= t <= max(p[kind] for p in points) * 1.1]
        axes.set_xticks(ticks, [f"{t:g}" for t in ticks])
        axes.minorticks_off()
        axes.margins(x=0.08)
        axes.set_xlabel(LABELS[kind])
        named.append((axes, [(p[kind], p["paired"].mean, p["recipe"], "#6b7280") for p in points]))
    panels[0].yaxis.set_major_formatter(pictures.plain_numbers)
    panels[0].set_ylabel("loss above f32, same seed\n(linear up to 0.01)")
    panels[0].legend(fontsize=8, loc="upper center", bbox_to_anchor=(1.0, -0.12), ncol=2)
    drawing.tight_layout()
    for axes, points_named in named:
        pictures.label_points(axes, points_named)
    return pictures.svg_of(drawing)


def costs(comparison):
    points = points_of(comparison)
    if len(points) < 2:
        return ""
    on = fronts(points)
    rows = [(p["recipe"], short(p["recipe_bits"]), short(p["bits"]), number(p["recipe_energy"], 2), number(p["energy"], 2),
             "" if p["recipe"] == BASE else spread(p["paired"].values),
             ", ".join(k for k in on if p["recipe"] in on[k])) for p in sorted(points, key=lambda p: p["bits"])]
    return (paragraph(
        "Bits of a number with its part of its block's scale: mean over both operands of the three products of a linear layer, "
        "and over all multiply-accumulates of the model's linear layers, of which the head, and blocks that a recipe leaves plain, are in "
        "bfloat16. Energy: a proxy from counted full adders and published figures of 45 nm (Horowitz, ISSCC 2014; "
        "examples/block_quality/cost.hpp). Storage of weights, random bits and rotations are not counted.")
        + figure(picture(comparison, points), "loss above f32 against bits, and against energy",
                 "Loss above f32 with the same seed: mean, and bars from the least to the greatest over seeds. Green: no other "
                 "recipe has less loss (mean) for as little. Where bars overlap, these seeds do not tell recipes apart, and the "
                 "line may run elsewhere.")
        + table("What recipes take, and their loss above f32 (mean, least to greatest); those on the line of what none beats",
                ("recipe", "#bits", "#of the model", "#pJ", "#of the model", "#above f32", "on the line of"), rows))


def formats(path):
    """Of known distributions: the table of the example block_quality."""
    if path is None:
        return ""
    import plot_format_costs  # its neighbour

    return figure(
        pictures.svg_of(plot_format_costs.draw(path)), "signal to noise against bits and against energy",
        "Block formats on numbers of known distributions: signal to quantisation noise against bits per value, and against the "
        "energy of a multiply-accumulate by the same proxy. The black line joins formats of which no other has more for less.")
