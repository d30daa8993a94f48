#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Trains with several recipes and seeds side by side, one thread each, and writes a page that compares them. What an
interrupted comparison has done is kept: the same command goes on. ./run compare calls it.

usage: run_comparison.py PROGRAM FOLDER [OPTION...]     PROGRAM: the example train; --help lists the options
"""
import argparse
import json
import os
import resource
import subprocess
import sys
import time

from compare_runs import BASE
from compare_trainings import Training, train_all

HERE = os.path.dirname(os.path.abspath(__file__))

# Groups of trainings, each with its own f32: recipes with how many seeds, from 1 on. Pairs that differ in one measure
# have more seeds. With this rate 300 steps learn more than with that of ./run train, and formats come further apart.
GROUPS = (
    {"name": "usual", "title": "Usual settings", "steps": 300, "monitor": 10, "options": ["--rate", "0.003"], "recipes": {
        "f32": 4, "bf16": 4, "bf16_stored": 3, "bf16_stored_stochastic": 3, "fp16": 3, "fp16_unscaled": 3, "fp8_delayed": 3,
        "fp8_current": 4, "fp8_block": 4, "fp8_unscaled": 3, "mxfp8": 3, "int8": 4, "int8_stochastic": 4, "mxfp6_e2m3": 3,
        "mxfp6_e3m2": 3, "mxfp4": 4, "mxfp4_stochastic": 4, "mxfp4_rotated": 4, "mxfp4_mxfp8": 3, "nvfp4": 4, "nvfp4_nearest": 4,
        "nvfp4_unrotated": 4, "nvfp4_all_blocks": 4, "nvfp4_bare": 4}},
    # Small gradients: f32 learns the task, recipes that lose or clip them do not.
    {"name": "stress", "title": "Under stress", "steps": 300, "monitor": 5, "options": [
        "--task", "copy", "--layers", "1", "--width", "64", "--batch", "8", "--sequence", "32", "--rate", "0.01", "--warm-up", "30"],
     "recipes": {"f32": 3, "fp8_current": 3, "fp8_unscaled": 3, "mxfp8": 3, "nvfp4_bare": 3, "mxfp4": 3, "mxfp4_ocp": 3, "mx4": 3}},
    # Activations that grow: casts without scales or saturation make NaNs of those beyond 464.
    {"name": "overflow", "title": "Under overflow", "steps": 300, "monitor": 2, "options": [
        "--task", "copy", "--layers", "2", "--width", "64", "--batch", "8", "--sequence", "32", "--rate", "0.03", "--warm-up", "60"],
     "recipes": {"f32": 3, "fp8_current": 3, "fp8_cast": 3}},
)
# Formats for the trained models of f32, each kind of numbers alone and all, and choices WEIGHTS:ACTIVATIONS:CACHE:
# weights alone, weights and activations, keys and values in 4 bits.
FORMATS = ("bfloat16", "mxfp8_e4m3", "e4m3fn", "int8", "mxfp6_e2m3", "mxfp6_e3m2", "nvfp4", "mxfp4", "hif4", "msfp12",
           "int8:bfloat16:bfloat16", "e4m3fn:bfloat16:bfloat16", "nvfp4:bfloat16:bfloat16", "mxfp4:bfloat16:bfloat16",
           "int8:int8:", "e4m3fn:e4m3fn:", "mxfp8_e4m3:mxfp8_e4m3:nvfp4", "nvfp4:mxfp8_e4m3:", "mxfp4:mxfp8_e4m3:", "nvfp4:e4m3fn:",
           "nvfp4:mxfp8_e4m3:mxfp8_e4m3", "nvfp4:mxfp8_e4m3:nvfp4", "nvfp4:nvfp4:", "nvfp4:nvfp4:mxfp8_e4m3", "mxfp4:mxfp4:",
           "bfloat16:bfloat16:nvfp4", "bfloat16:bfloat16:mxfp4")


def arguments():
    parser = argparse.ArgumentParser(prog="./run compare", allow_abbrev=False, description="Trains with several recipes and seeds side by side, and "
                                     "writes a page that compares them. The same command goes on with what was interrupted.")
    names = ",".join(g["name"] for g in GROUPS)
    parser.add_argument("program", help=argparse.SUPPRESS)
    parser.add_argument("folder", help=argparse.SUPPRESS)
    parser.add_argument("--groups", help=f"of trainings, with commas between ({names})", default=names)
    parser.add_argument("--recipes", help="one group with these instead, names with commas between; f32 is always there")
    parser.add_argument("--seeds", type=int, help="at most so many of each recipe; with --recipes so many (2)")
    parser.add_argument("--steps", type=int, help=f"of each training ({', '.join(str(g['steps']) for g in GROUPS)})")
    parser.add_argument("--monitor", type=int, help="steps between statistics of all tensors "
                        f"({', '.join(str(g['monitor']) for g in GROUPS)})")
    parser.add_argument("--formats", default=",".join(FORMATS), help="formats for the trained models, or "
                        f"WEIGHTS:ACTIVATIONS:CACHE, with commas between; empty: none ({FORMATS[0]},... and {FORMATS[-1]}: "
                        f"{len(FORMATS)} in all)")
    parser.add_argument("--output", metavar="FOLDER", help="where records and the page go (build-release/comparison)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="trainings at the same time (%(default)s)")
    parser.epilog = "Behind -- stand options of ./run train for all trainings."
    words, rest = sys.argv[1:], []
    if "--" in words:
        at = words.index("--")
        words, rest = words[:at], words[at + 1:]
    a = parser.parse_args(words)
    for name in ("seeds", "steps", "jobs"):
        if getattr(a, name) is not None and getattr(a, name) < 1:
            parser.error(f"--{name}: {getattr(a, name)} is not 1 or more")
    wanted = list(filter(None, a.groups.split(",")))
    if unknown := [w for w in wanted if w not in names.split(",")]:
        parser.error(f"--groups: there is no {unknown[0]}, but {names}")
    if not wanted and not a.recipes:
        parser.error("--groups: names none")
    a.groups = [changed(g, a, rest) for g in ([group_of(a.recipes)] if a.recipes else [g for g in GROUPS if g["name"] in wanted])]
    return a


def group_of(recipes):
    """The one that --recipes asks for."""
    names = dict.fromkeys(["f32", *filter(None, recipes.split(","))], 2)
    return {**GROUPS[0], "name": "asked", "title": "Losses", "options": [], "recipes": names}


def changed(group, a, rest):
    """A group with what the options say."""
    seeds = {r: n if a.seeds is None else a.seeds if a.recipes else min(n, a.seeds) for r, n in group["recipes"].items()}
    return {**group, "recipes": seeds, "steps": a.steps or group["steps"], "options": [*group["options"], *rest],
            "monitor": group["monitor"] if a.monitor is None else a.monitor}


def note_groups(a):
    """Notes in the folder which groups it has, for the page. A group belongs to one setting: returns what differs."""
    path, kept = os.path.join(a.folder, "comparison.json"), []
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            kept = json.load(file).get("groups", [])
    there = {g["name"]: g for g in kept}
    for g in a.groups:
        other = there.get(g["name"], g)
        if differing := [f"{k} {other[k]}, not {g[k]}," for k in ("steps", "monitor", "options") if other[k] != g[k]]:
            return f"{g['name']} with {' '.join(differing)[:-1]}"
        there[g["name"]] = g
    order = [g["name"] for g in GROUPS]  # the first has the claims
    groups = sorted(there.values(), key=lambda g: order.index(g["name"]) if g["name"] in order else len(order))
    with open(path + ".new", "w", encoding="utf-8") as file:
        json.dump({"groups": groups}, file, indent=1)
    os.replace(path + ".new", path)
    return None


def trainings_of(a):
    """Seed by seed, so that an interrupted comparison has something of all."""
    out = []
    for g in a.groups:
        os.makedirs(os.path.join(a.folder, g["name"]), exist_ok=True)
        for seed in range(1, max(g["recipes"].values()) + 1):
            out += [Training(a.program, a.folder, g, r, seed) for r, n in g["recipes"].items() if seed <= n]
    return out


def main():
    a = arguments()
    begin = time.monotonic()
    os.makedirs(a.folder, exist_ok=True)
    if (other := note_groups(a)) is not None:
        sys.exit(f"compare: {a.folder} has trainings of {other}; name another folder with --output, or remove it")
    trainings = trainings_of(a)
    try:
        if wrong := train_all(trainings, a.jobs):
            sys.exit("compare: " + "; ".join(wrong))
        of_base = [t for t in trainings if t.recipe == BASE and t.name.startswith(a.groups[0]["name"] + "/")]
        for t in of_base if a.formats else ():
            if (error := t.evaluate(a.formats)) is not None:
                sys.exit(f"compare: {error}")
    except KeyboardInterrupt:
        sys.exit("compare: interrupted; the same command goes on")
    page = os.path.join(a.folder, "comparison.html")
    maker = "/usr/bin/python3" if os.path.exists("/usr/bin/python3") else sys.executable
    table = os.path.join(a.folder, "formats.json")  # of the example block_quality
    command = [maker, os.path.join(HERE, "compare_recipes.py"), a.folder, page, *([table] if os.path.exists(table) else [])]
    status = subprocess.run(command).returncode
    if status == 0:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        print(f"{len(trainings)} trainings, {(time.monotonic() - begin) / 60:.1f} minutes, {(used.ru_utime + used.ru_stime) / 60:.1f} "
              f"of processors; the page: {os.path.abspath(page)}")
    sys.exit(status)


if __name__ == "__main__":
    main()
