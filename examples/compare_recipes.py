#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes one page, which needs nothing else, about trainings with several recipes and seeds: losses and their
differences from f32 with the same seed, what the literature says, what monitors saw, which run fails from what cause,
loss against bits and energy, what a trained model loses in other formats. From run files of the example train
(./run compare makes them).

usage: compare_recipes.py FOLDER PAGE.html [FORMATS.json]    (needs matplotlib)
FOLDER: run files, or folders of them, one for each group of trainings that its comparison.json names
FORMATS.json: the table of the example block_quality
"""
import html
import json
import os
import statistics
import sys

import compare_pictures as pictures
from compare_claims import claims
from compare_costs import costs, formats
from compare_html import STYLE, figure, items, number, paragraph, short, spread, table
from compare_monitors import monitors
from compare_post_training import evaluations
from compare_runs import BASE, RunError, name_of, read_runs
from compare_statistics import Comparison


def introduction(c, options):
    some = next(iter(c.runs.values()))
    s = some.setting
    noise = c.seed_noise()
    unfinished = [r for r in c.runs.values() if not r.is_done]
    seeds = sorted({len(c.of(r)) for r in c.recipes})
    return paragraph(
        f"A byte-level language model with {some.head['parameters']} parameters, {s['layers']} blocks of width {s['width']}, "
        f"was trained for {s['steps']} steps of {s['batch']} sequences of {s['sequence']} bytes on {s['data']}, "
        f"with {len(c.recipes)} recipes and {' to '.join(map(str, seeds[::max(1, len(seeds) - 1)]))} "
        f"seed{'s' if seeds[-1] != 1 else ''} each: {len(c.runs)} runs.",
        f"Options: {' '.join(options)}." if options else ""
    ) + paragraph(
        "Runs with the same seed begin with the same weights and see the same batches, so a recipe is compared with f32 "
        "seed by seed. The final loss is the mean of the training loss over the last fifth of the steps.",
        f"Two seeds of f32 lie {number(noise)} apart (root of the mean of squares); smaller differences are seen only because "
        "runs are paired: where the interval of their mean over seeds (Student's t, 95 %) is on one side of zero. This page "
        "does not rank recipes." if noise is not None else
        "There are fewer than two runs of f32, so the noise of seeds is not known, and no statement is made.",
        f"{len(unfinished)} of the runs are not finished." if unfinished else "")


def summary(c):
    rows = []
    for r in c.rows:
        rows.append((r["recipe"], c.of(r["recipe"])[0].description, f"{r['done']} of {r['runs']}",
                     number(statistics.fmean(r["final"]) if r["final"] else None), number(statistics.fmean(r["held_out"]) if r["held_out"] else None),
                     "" if r["recipe"] == BASE else spread(r["paired"].values), r["verdict"]))
    return table("Recipes: final training loss, loss on what was held out (means over seeds), final training loss above "
                 "f32 with the same seed (mean, least to greatest), and what may be said of it",
                 ("recipe", "~what it is", "#runs done", "#final loss", "#held out", "#above f32", "~statement"), rows)


def by_statement(c):
    groups = {}
    for r in c.rows:
        if r["recipe"] != BASE:
            words = "departs from f32 or fails" if c.departed(r["recipe"]) else r["verdict"]
            groups.setdefault(words, []).append(r["recipe"])
    return items(f"{v[0].upper() + v[1:]}: {', '.join(names)}." for v, names in sorted(groups.items())) if groups else ""


def curves(c):
    text = figure(pictures.losses(c), "training loss, and its difference from that of f32, against steps",
                  "Above: training loss, means over seeds, with the range of seeds as a band. Triangle: the first alarm of a "
                  f"run that fails or ends far ({c.far():.2g}) above f32; cross: where its loss begins to show it. Below: loss above f32 "
                  "with the same seed and the same batches. Grey: how far final losses of f32 lie apart when only the seed differs.")
    rows = []
    for run in (r for r in c.runs.values() if c.departure(r) is not None):
        shown = c.departure(run)
        for s in pictures.first_signals(run, shown):
            rows.append((run.recipe, run.seed, s["step"], shown, shown - s["step"], s.get("severity", "alarm"), name_of(s),
                         s["rule"], s["cause"], short(s["value"])))
        if not pictures.first_signals(run, shown):
            rows.append((run.recipe, run.seed, "-", shown, "-", "-", "-", "-", "no alarm was seen", "-"))
    if not rows:
        return text + paragraph("No run fails or ends far above f32.")
    return text + table("Runs that fail, or end far above f32: the first sign of each kind until then, the step at which the loss "
                        "shows it, and how many steps before that the sign was. Healthy runs have notes, too",
                        ("recipe", "#seed", "#step", "#loss shows it", "#lead", "severity", "tensor", "sign", "~cause", "#value"), rows)


def page(groups, table_of_formats):
    """groups: (name, title, comparison, options)."""
    by_name = {name: c for name, _, c, _ in groups}
    groups, first = [g[1:] for g in groups], groups[0][2]
    parts = [(f"group{i}", title, introduction(c, options) + summary(c) + by_statement(c) + curves(c))
             for i, (title, c, options) in enumerate(groups)]
    parts[1:1] = [("claims", "What the literature says", claims(by_name)), ("costs", "Loss against bits and energy", costs(first))]
    parts += [(f"monitors{i}", "Monitors" + (f": {title}" if len(groups) > 1 else ""), monitors(c))
              for i, (title, c, _) in enumerate(groups)]
    parts += [("after", "After training", evaluations(first)), ("formats", "What formats cost", formats(table_of_formats))]
    parts = [p for p in parts if p[2]]
    links = " ".join(f'<a href="#{key}">{html.escape(title)}</a>' for key, title, _ in parts)
    body = "".join(f'<h2 id="{key}">{html.escape(title)}</h2>\n{text}' for key, title, text in parts)
    recipes = {r for _, c, _ in groups for r in c.recipes}
    return (f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
            f"<title>Recipes compared</title><style>{STYLE}</style></head><body>\n<h1>Training in few bits: "
            f"{len(recipes)} recipes</h1>\n<nav>{links}</nav>\n{body}</body></html>\n")


def groups_of(folder):
    """(name, title, comparison, options): those that comparison.json names, or one of the folder's own run files."""
    path = os.path.join(folder, "comparison.json")
    if not os.path.exists(path):
        return [("", "Losses", Comparison(read_runs(folder)), [])]
    with open(path, encoding="utf-8") as file:
        named = json.load(file)["groups"]
    return [(g["name"], g["title"], Comparison(read_runs(os.path.join(folder, g["name"]), g["recipes"])), g["options"]) for g in named]


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    try:
        text = page(groups_of(sys.argv[1]), sys.argv[3] if len(sys.argv) == 4 else None)
    except (RunError, OSError, json.JSONDecodeError) as error:
        sys.exit(f"compare_recipes.py: {error}")
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main()
