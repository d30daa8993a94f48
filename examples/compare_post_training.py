# SPDX-License-Identifier: Apache-2.0
"""Trained models in other formats, without any more training: for compare_recipes.py."""
import math
import statistics

import compare_pictures as pictures
from compare_html import figure, number, paragraph, short, table

KINDS = ("weights", "activations", "cache")
BITS = ("weight_bits", "activation_bits", "cache_bits")
PLAIN = "binary32"
NAMES = {"cache": "keys and values"}


def formats_of(line):
    return tuple(line[k] for k in KINDS)


class Choice:
    """One choice of formats, evaluated on the models of several seeds."""

    def __init__(self, formats, lines, plain):
        """lines, plain: evaluations by (recipe, seed) with these formats, and without."""
        self.formats, self.line = formats, next(iter(lines.values()))
        self.seeds = len(lines)
        is_number = {k: e["perplexity"] is not None and plain.get(k, {}).get("perplexity") for k, e in lines.items()}
        self.perplexities = [e["perplexity"] for e in lines.values()]
        # By how much the perplexity grows, each model for itself.
        self.growth = [lines[k]["perplexity"] / plain[k]["perplexity"] - 1 if is_number[k] else math.nan for k in lines]
        self.errors = [e["logit_error"] if e["logit_error"] is not None else math.nan for e in lines.values()]

    def bits(self, kind):
        return self.line[BITS[KINDS.index(kind)]]

    @property
    def mean_bits(self):
        return statistics.fmean(self.line[b] for b in BITS)

    @property
    def alone(self):
        """The kind of numbers that alone is in another format; None: several, or none."""
        changed = [k for k, f in zip(KINDS, self.formats) if f != PLAIN]
        return changed[0] if len(changed) == 1 else None

    @property
    def name(self):
        """As options have it: formats of all, or weights:activations:cache."""
        if len(set(self.formats)) == 1:
            return self.formats[0]
        return ":".join("" if f == PLAIN else f for f in self.formats)


def choices_of(runs):
    lines = {}
    for run in runs:
        for e in run.evaluations:
            lines.setdefault(formats_of(e), {})[run.recipe, run.seed] = e
    plain = lines.get((PLAIN,) * 3, {})
    return [Choice(f, by_run, plain) for f, by_run in lines.items()]


def panel(axes, points, of, label):
    """points: (bits, choice)."""
    named = []
    for bits, c in points:
        values = of(c)
        if not all(map(math.isfinite, values)) or statistics.fmean(values) <= 0:
            continue
        mean = statistics.fmean(values)
        axes.errorbar([bits], [mean], yerr=[[mean - min(values)], [max(values) - mean]], fmt="o", markersize=3.5, elinewidth=0.8,
                      color=pictures.COLOURS[1])
        named.append((bits, mean, label(c), "#6b7280"))
    axes.set_yscale("log")
    axes.margins(x=0.2, y=0.1)
    return named


ROWS = (("error of logits", lambda c: c.errors), ("perplexity grows by", lambda c: c.growth))


def alone(choices):
    """A column for each kind of numbers that alone is in other formats."""
    drawing, panels = pictures.plt.subplots(len(ROWS), len(KINDS), figsize=(12, 7.6), sharey="row", sharex=True)
    waiting = []
    for (text, of), row in zip(ROWS, panels):
        for i, (kind, axes) in enumerate(zip(KINDS, row)):
            points = [(c.bits(kind), c) for c in choices if c.alone == kind]
            waiting.append((axes, panel(axes, points, of, lambda c, i=i: c.formats[i])))
            axes.set_title(f"{NAMES.get(kind, kind)} alone", fontsize=9)
        row[0].set_ylabel(text)
    for axes in panels[-1]:
        axes.set_xlabel("bits per number")
    return finished(drawing, waiting)


def together(choices):
    """Several kinds of numbers in other formats."""
    drawing, panels = pictures.plt.subplots(1, len(ROWS), figsize=(14, 6.6))
    several, waiting = [(c.mean_bits, c) for c in choices if c.alone is None and set(c.formats) != {PLAIN}], []
    for (text, of), axes in zip(ROWS, panels):
        waiting.append((axes, panel(axes, several, of, lambda c: c.name.replace("bfloat16", "bf16").replace("mxfp8_e4m3", "mxfp8"))))
        axes.set_title(text, fontsize=9)
        axes.set_xlabel("bits per number, mean of the three kinds")
    return finished(drawing, waiting)


def finished(drawing, waiting):
    drawing.tight_layout()
    for axes, named in waiting:
        pictures.label_points(axes, named)
    return pictures.svg_of(drawing)


def over_seeds(values, digits):
    if not all(map(math.isfinite, values)):
        return "-"
    mean = number(statistics.fmean(values), digits)
    return mean if len(values) == 1 else f"{mean} ({number(min(values), digits)} to {number(max(values), digits)})"


def percent(values):
    return over_seeds([100 * v for v in values], 2)


def evaluations(comparison):
    """The part of the page."""
    choices = choices_of(comparison.runs.values())
    if not choices:
        return ""
    rows = [(*c.formats, *(short(c.line[b]) for b in BITS),
             f"{short(c.line.get('head_weight_bits'))}, {short(c.line.get('head_activation_bits'))}", c.seeds,
             over_seeds([p if p is not None else math.nan for p in c.perplexities], 3), percent(c.growth), short(statistics.fmean(c.errors)))
            for c in sorted(choices, key=lambda c: (c.alone is None, KINDS.index(c.alone) if c.alone else 0, c.mean_bits, c.name))]
    return (paragraph(
        "The trained models of f32 with their weights, the inputs of their linear layers, or their keys and values (the cache) in "
        "other formats, without any more training; weights:activations:cache. Error of logits: norm of the difference from "
        "those in binary32, by their norm. Weights and activations of the head are in bfloat16 where those of the other layers are "
        "not in binary32.")
        + figure(alone(choices), "error of logits and perplexity against bits, one kind of numbers",
                 "Means over the models of several seeds, bars from least to greatest. Growth of perplexity, not drawn where it is "
                 "not above 0, is that of each model against itself.")
        + figure(together(choices), "error of logits and perplexity against bits, several kinds of numbers",
                 "The same of formats of several kinds of numbers: one name for all, or weights:activations:cache.")
        + table("Formats after training: bits of weights, activations and cache, those of the head (weights, activations), "
                "perplexity on what was held out, how many percent it grows by, error of logits",
                ("weights", "activations", "cache", "#w", "#a", "#c", "#head", "#models", "#perplexity", "#grows by, %",
                 "#error of logits"), rows))
