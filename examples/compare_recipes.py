#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes one page, which needs nothing else, about trainings with several recipes and seeds: loss curves and
their differences from f32 with the same seed, what monitors saw, which run fails from what cause, what a trained
model loses in other formats, what formats cost. From run files of the example train (./run compare makes them).

usage: compare_recipes.py FOLDER-OF-RUNS PAGE.html [FORMATS.json]    (needs matplotlib)
FORMATS.json: the table of the example block_quality
"""
import html
import json
import math
import statistics
import sys

import compare_pictures as pictures
from compare_runs import BASE, Comparison, RunError, name_of, read_runs, share, worst

STYLE = """
body{font:16px/1.5 system-ui,sans-serif;color:#1a1a1a;background:#fff;max-width:62rem;margin:0 auto;padding:1.5rem}
h1{font-size:1.6rem;line-height:1.2}h2{font-size:1.25rem;margin-top:2.4rem;border-bottom:1px solid #ccc}
figure{margin:1rem 0}figure svg{width:100%;height:auto}figcaption,caption{font-size:.9rem;color:#444;text-align:left}
table{border-collapse:collapse;font-size:.88rem;margin:.8rem 0}caption{padding:.2rem 0}
th,td{padding:.2rem .7rem .2rem 0;text-align:left;vertical-align:top;border-bottom:1px solid #e4e4e4}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}.scroll{overflow-x:auto}
nav a{margin-right:1rem}
"""


def number(x, digits=4):
    if x is None or not math.isfinite(x):
        return "-"
    return f"{x:.{digits}f}"


def short(x):
    return "-" if x is None or not math.isfinite(x) else f"{x:.3g}"


def table(caption, columns, rows):
    """columns: names, those of numbers with a leading '#'."""
    kinds = [' class="n"' if c.startswith("#") else "" for c in columns]
    head = "".join(f'<th scope="col"{k}>{html.escape(c.lstrip("#"))}</th>' for c, k in zip(columns, kinds))
    body = "".join("<tr>" + "".join(f"<td{k}>{html.escape(str(c))}</td>" for c, k in zip(row, kinds)) + "</tr>\n"
                   for row in rows)
    return (f'<div class="scroll"><table><caption>{html.escape(caption)}</caption><thead><tr>{head}</tr></thead>\n'
            f"<tbody>{body}</tbody></table></div>\n")


def figure(svg, label, caption):
    if not svg:
        return ""
    svg = svg.replace("<svg", f'<svg role="img" aria-label="{html.escape(label, quote=True)}"', 1)
    return f"<figure>{svg}<figcaption>{html.escape(caption)}</figcaption></figure>\n"


def paragraph(*sentences):
    return f"<p>{html.escape(' '.join(s for s in sentences if s))}</p>\n"


def spread(values):
    """Mean, least and greatest as text."""
    if not values or not all(map(math.isfinite, values)):
        return "-"
    mean = statistics.fmean(values)
    return f"{mean:+.4f} ({min(values):+.4f} to {max(values):+.4f})" if len(values) > 1 else f"{mean:+.4f}"


def introduction(c):
    some = next(iter(c.runs.values()))
    s = some.setting
    noise = c.seed_noise()
    unfinished = [r for r in c.runs.values() if not r.is_done]
    return paragraph(
        f"A byte-level language model with {some.head['parameters']} parameters, {s['layers']} blocks of width {s['width']}, "
        f"was trained for {s['steps']} steps of {s['batch']} sequences of {s['sequence']} bytes on {s['data']}, "
        f"with {len(c.recipes)} recipes and {len(c.seeds)} seed{'s' if len(c.seeds) != 1 else ''}: {len(c.runs)} runs."
    ) + paragraph(
        "Runs with the same seed begin with the same weights and see the same batches, so a recipe is compared with f32 "
        "seed by seed. The final loss is the mean of the training loss over the last fifth of the steps.",
        f"Other seeds move that of f32 by {number(noise)}; differences below that are seen only because runs are paired, "
        "and of two recipes that differ by less this page says nothing." if noise is not None else
        "There are fewer than two runs of f32, so the noise of seeds is not known, and no statement is made.",
        f"{len(unfinished)} of the runs are not finished." if unfinished else "")


def summary(c):
    rows = []
    for r in c.rows:
        rows.append((r["recipe"], c.of(r["recipe"])[0].description, f"{r['done']} of {r['runs']}",
                     number(statistics.fmean(r["final"])), number(statistics.fmean(r["held_out"]) if r["held_out"] else None),
                     "" if r["recipe"] == BASE else spread(r["paired"]), r["verdict"]))
    return table("Recipes: final training loss, loss on what was held out (means over seeds), final training loss above "
                 "f32 with the same seed (mean, least to greatest), and what may be said of it",
                 ("recipe", "what it is", "#runs done", "#final loss", "#held out", "#above f32", "statement"), rows)


def within_noise(c):
    groups = {}
    for r in c.rows:
        if r["recipe"] != BASE:
            groups.setdefault(r["verdict"], []).append(r["recipe"])
    items = "".join(f"<li>{html.escape(v[0].upper() + v[1:])}: {html.escape(', '.join(names))}.</li>\n"
                    for v, names in sorted(groups.items()))
    return f"<ul>{items}</ul>\n" if items else ""


def curves(c):
    failing = [r for r in c.runs.values() if c.departure(r) is not None]
    text = figure(pictures.losses(c), "training loss against steps, a line for each recipe",
                  "Training loss: means over seeds, with the range of seeds as a band. Triangle: the first sign of divergence of a "
                  f"run that fails or ends far ({c.far():.2g}) above f32; cross: where its loss begins to show it.")
    text += figure(pictures.differences(c), "difference of training losses from f32 against steps",
                   "Loss above f32 with the same seed and the same batches: means over seeds, with their range. Grey: how far "
                   "final losses of f32 lie apart when only the seed differs.")
    rows = []
    for run in failing:
        for s in pictures.first_signals(run):
            rows.append((run.recipe, run.seed, s["step"], name_of(s), s["rule"], s["cause"], short(s["value"]), c.departure(run)))
        if not run.signals:
            rows.append((run.recipe, run.seed, "-", "-", "-", "no sign was seen", "-", c.departure(run)))
    if rows:
        text += table("Runs that fail, or end far above f32: the first sign of each kind, and the step at which the loss shows it",
                      ("recipe", "#seed", "#step", "tensor", "sign", "cause", "#value", "#loss shows it"), rows)
    else:
        text += paragraph("No run fails or ends far above f32.")
    return text


def signs(c):
    """Signs in all other runs: how often, and the first."""
    rows = []
    for recipe in c.recipes:
        by_rule = {}
        for run in c.of(recipe):
            for s in run.signals if c.departure(run) is None else ():
                by_rule.setdefault(s["rule"], []).append((run, s))
        for rule, all_of in sorted(by_rule.items()):
            run, s = min(all_of, key=lambda x: x[1]["step"])
            rows.append((recipe, rule, len(all_of), len({name_of(x) for _, x in all_of}), s["step"], run.seed, name_of(s),
                         short(s["value"])))
    if not rows:
        return paragraph("Other runs have no signs.")
    return table("Signs in other runs: warnings that came to nothing within these steps",
                 ("recipe", "sign", "#times", "#tensors", "#first step", "#seed", "tensor", "#value"), rows)


def monitor_part(c):
    if not any(r.tensors for r in c.runs.values()):
        return paragraph("The runs have no statistics of tensors.")
    text = figure(pictures.monitors(c), "what monitors saw against steps, a panel for each quantity and role",
                  "Each point is the worst tensor of that role at that step, of the first seed. Dotted: below sqrt(3), quantised "
                  "training becomes less effective (arXiv 2505.19115).")
    rows = []
    for recipe in c.recipes:
        run = c.of(recipe)[0]
        if not run.tensors:
            continue
        step = run.observed()[-1]
        row = [recipe, step]
        for role in pictures.ROLES:
            t = worst(run.at(step, role), "sqnr")
            row += [short(t["sqnr"]), name_of(t)] if t else ["-", "no errors"]
        full = max(run.at(step), key=lambda t: share(t, "saturated"))
        gone = max(run.at(step), key=lambda t: share(t, "underflowed"))
        row += [f"{share(full, 'saturated'):.2%} {name_of(full)}" if full["saturated"] else "none",
                f"{share(gone, 'underflowed'):.2%} {name_of(gone)}" if gone["underflowed"] else "none"]
        rows.append(row)
    text += table("At the last observation: least SQNR in dB of each role and whose it is, most saturated and underflowed numbers",
                  ("recipe", "#step", "#activations", "whose", "#weights", "whose", "#gradients", "whose", "saturated", "underflowed"),
                  rows)
    text += signs(c)
    return text + figure(pictures.histograms(c), "histograms of exponents and scales",
                         "The gradient tensor with the least SQNR of each recipe at the last observation, of the first seed.")


def evaluations(c):
    lines = [(r, e) for r in c.runs.values() for e in r.evaluations]
    if not lines:
        return ""
    rows = [(run.recipe, run.seed, e["weights"], e["activations"], e["cache"], short(e["weight_bits"]),
             short(e["activation_bits"]), short(e["cache_bits"]), number(e["loss"]), short(e["perplexity"]), short(e["logit_error"]))
            for run, e in lines]
    base = [e for _, e in lines]
    return (paragraph(
        "A trained model with its weights, the inputs of its linear layers, or its keys and values (the cache) in other "
        "formats, without any more training. Error of logits: norm of the difference from those in binary32, by their norm.")
        + figure(pictures.evaluations(base), "error of logits against bits", "Error of logits against bits, of one kind of tensor at a time.")
        + table("Formats after training", ("recipe", "#seed", "weights", "activations", "cache", "#bits w", "#bits a", "#bits c",
                                            "#loss", "#perplexity", "#error of logits"), rows))


def formats(path):
    if path is None:
        return ""
    return (figure(
        pictures.formats(path), "signal to noise against bits and against energy",
        "Block formats on numbers of known distributions: signal to quantisation noise against bits per value, and against the "
        "energy of a multiply-accumulate by a proxy of published figures (examples/block_quality/cost.hpp). The black line joins "
        "formats of which no other has more for less."))


def page(c, table_of_formats):
    parts = [("summary", "Summary", introduction(c) + summary(c) + within_noise(c)),
             ("losses", "Losses", curves(c)), ("monitors", "Monitors", monitor_part(c)),
             ("after", "After training", evaluations(c)), ("formats", "What formats cost", formats(table_of_formats))]
    parts = [p for p in parts if p[2]]
    links = "".join(f'<a href="#{key}">{title}</a>' for key, title, _ in parts)
    body = "".join(f'<h2 id="{key}">{title}</h2>\n{text}' for key, title, text in parts)
    return (f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
            f"<title>Recipes compared</title><style>{STYLE}</style></head><body>\n<h1>Training in few bits: "
            f"{len(c.recipes)} recipes</h1>\n<nav>{links}</nav>\n{body}</body></html>\n")


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    try:
        text = page(Comparison(read_runs(sys.argv[1])), sys.argv[3] if len(sys.argv) == 4 else None)
    except (RunError, OSError, json.JSONDecodeError) as error:
        sys.exit(f"compare_recipes.py: {error}")
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main()
