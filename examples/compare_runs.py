# SPDX-License-Identifier: Apache-2.0
"""Run files of the example train, one JSON object a line, and what follows from several of them: for
compare_recipes.py."""
import json
import math
import os
import statistics

EVALUATION = ".evaluation.jsonl"  # ends the names of records of evaluations of a trained model
BASE = "f32"  # the recipe that all others are compared with
NOISE_FLOOR = 3 ** 0.5  # of gradients: norm of the numbers by norm of their errors, arXiv 2505.19115


class RunError(Exception):
    """A file that is no run file: its text names the file, the line and the rule."""


class Run:
    """One training: what its file says."""

    def __init__(self, path):
        self.path = path
        self.head, self.end, self.description = None, None, ""
        self.signals, self.evaluations = [], []
        steps, tensors = {}, {}
        for number, line in enumerate(self._lines(), 1):
            if self.head is None and "setting" not in line:
                raise RunError(f"{path}, line {number}: the first object must have a 'setting'")
            kind = line.get("kind")
            if "setting" in line:
                self.head = self.head or line
            elif kind == "tensor":
                tensors[line["step"], line["tensor"], line["product"], line["operand"]] = line
            elif kind == "signal":
                self.signals.append(line)
            elif kind == "evaluation":
                self.evaluations.append(line)
            elif kind == "recipe":
                self.description = line["description"]
            elif "end" in line:
                self.end = line
            elif "step" in line:
                steps[line["step"]] = line
        if self.head is None:
            raise RunError(f"{path}: is empty")
        self.setting = self.head["setting"]
        self.recipe, self.seed = self.setting["recipe"], self.setting["seed"]
        self.steps = [steps[s] for s in sorted(steps)]
        self.tensors = [tensors[k] for k in sorted(tensors)]
        self.signals.sort(key=lambda s: s["step"])

    def _lines(self):
        with open(self.path, encoding="utf-8") as file:
            lines = file.read().split("\n")
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                yield json.loads(line)
            except json.JSONDecodeError as error:
                if number == len(lines):  # cut off while it was written
                    return
                raise RunError(f"{self.path}, line {number}: {error}") from None

    @property
    def is_done(self):
        return self.end is not None

    def series(self, key):
        """(step, number) where there is one; infinite where the run says null after numbers."""
        return [(s["step"], s[key]) for s in self.steps if s.get(key) is not None]

    def losses(self):
        """Loss by step; NaN where it was no number."""
        return {s["step"]: s["loss"] if s["loss"] is not None else math.nan for s in self.steps}

    def held_out(self):
        """The last held-out loss, or None."""
        values = [v for _, v in self.series("held_out")]
        return values[-1] if values and self.steps[-1].get("loss") is not None else None

    def divergence(self):
        """The first step at which the loss alone shows that the training failed: it is no number, or it is more
        than 1 above the least loss before it for five steps on end, or the run ended there. None if it never does."""
        least, above = math.inf, 0
        for s in self.steps:
            loss = s["loss"]
            if loss is None:
                return s["step"]
            above = above + 1 if loss > least + 1 else 0
            if above == 5:
                return s["step"] - 4
            least = min(least, loss)
        failed = self.end is not None and self.end["end"] != "done"
        return self.steps[-1]["step"] if failed and self.steps else None

    def observed(self):
        """Steps with statistics of tensors."""
        return sorted({t["step"] for t in self.tensors})

    def at(self, step, role=None):
        return [t for t in self.tensors if t["step"] == step and role in (None, t["role"])]


def read_runs(folder):
    """All run files of a folder by recipe and seed, in the order of recipes that their names have."""
    names = sorted(n for n in os.listdir(folder) if n.endswith(".jsonl"))
    paths = [os.path.join(folder, n) for n in names if not n.endswith(EVALUATION)]
    if not paths:
        raise RunError(f"{folder} has no run files (*.jsonl)")
    runs = {}
    for path in paths:
        run = Run(path)
        if (run.recipe, run.seed) in runs:
            other = runs[run.recipe, run.seed].path
            raise RunError(f"{path}: recipe {run.recipe} with seed {run.seed} is in {other}, too")
        runs[run.recipe, run.seed] = run
    for name in (n for n in names if n.endswith(EVALUATION)):
        of = Run(os.path.join(folder, name))
        if (of.recipe, of.seed) in runs:
            runs[of.recipe, of.seed].evaluations += of.evaluations
    return runs


def name_of(tensor):
    """What a line of statistics is about: block0.q, weight_gradient a."""
    return f"{tensor['tensor']}, {tensor['product']} {tensor['operand']}"


def final_loss(run):
    """Mean of the training loss over the last fifth of the steps; infinite if one is no number."""
    losses = list(run.losses().values())
    last = losses[-max(1, len(losses) // 5):]
    return math.inf if any(math.isnan(x) for x in last) else statistics.fmean(last)


class Comparison:
    """Recipes against the base with the same seed."""

    def __init__(self, runs):
        self.runs = runs
        names = sorted({r for r, _ in runs})
        self.recipes = [n for n in names if n == BASE] + [n for n in names if n != BASE]
        self.seeds = sorted({s for _, s in runs})
        self.rows = [self._row(name) for name in self.recipes]

    def of(self, recipe):
        return [self.runs[recipe, s] for s in self.seeds if (recipe, s) in self.runs]

    def pairs(self, recipe):
        """(run, run of the base) with the same seed."""
        return [(self.runs[recipe, s], self.runs[BASE, s]) for s in self.seeds
                if (recipe, s) in self.runs and (BASE, s) in self.runs]

    def seed_noise(self):
        """How far the base's final losses of different seeds lie apart; None with fewer than two seeds."""
        losses = [x for x in map(final_loss, self.of(BASE)) if math.isfinite(x)]
        return max(losses) - min(losses) if len(losses) > 1 else None

    def far(self):
        """What is far above f32: three times what another seed changes, and at least 0.1."""
        return max(0.1, 3 * (self.seed_noise() or 0.0))

    def departure(self, run):
        """The first step at which the loss shows that a run goes its own way: it fails, or from there to the end it
        is far above f32 with the same seed, in the mean of a thirtieth of the steps. None if it never does. Without
        the noise of seeds, only failures count."""
        failed, base = run.divergence(), self.runs.get((BASE, run.seed))
        if failed is not None or base is None or run is base or self.seed_noise() is None:
            return failed
        of_base, first = base.losses(), None
        both = [(s, v - of_base[s]) for s, v in run.losses().items() if s in of_base]
        for step, difference in smoothed(both, max(1, len(both) // 30)):
            if not difference > self.far():
                first = None
            elif first is None:
                first = step
        return first

    def _row(self, name):
        runs = self.of(name)
        final = [final_loss(r) for r in runs]
        held = [h for h in (r.held_out() for r in runs) if h is not None]
        paired = [final_loss(r) - final_loss(b) for r, b in self.pairs(name)]
        failed = [r for r in runs if self.departure(r) is not None]
        return {"recipe": name, "runs": len(runs), "done": sum(r.is_done for r in runs),
                "final": final, "held_out": held, "paired": paired, "failed": failed,
                "verdict": self._verdict(name, paired, failed, len(runs))}

    def _verdict(self, name, paired, failed, runs):
        """In words; never from one run alone."""
        if failed:
            return f"departs from f32 or fails in {len(failed)} of {runs} runs"
        if name == BASE:
            return "what the others are compared with"
        if not paired:
            return "no run of f32 with the same seed"
        if not all(map(math.isfinite, paired)):
            return "has losses that are no numbers"
        noise = self.seed_noise()
        if noise is None:
            return "one seed only: no statement"
        mean = statistics.fmean(paired)
        same_way = all(d > 0 for d in paired) or all(d < 0 for d in paired)
        if not same_way or abs(mean) <= max(paired) - min(paired):
            return "not told apart from f32 by these seeds"
        way = "above" if mean > 0 else "below"
        if abs(mean) <= noise:
            return f"{way} f32 with every seed, by less than another seed changes"
        return f"{way} f32 with every seed, by more than another seed changes"


def smoothed(series, window):
    """Means of the last `window` numbers; NaN from the first NaN on."""
    out, kept = [], []
    for step, value in series:
        kept = (kept + [value])[-window:]
        out.append((step, statistics.fmean(kept)))
    return out


def worst(tensors, key, greatest=False):
    """The line whose number of a key is least (or greatest); lines without it do not count."""
    having = [t for t in tensors if t.get(key) is not None]
    return (max if greatest else min)(having, key=lambda t: t[key], default=None)


def share(tensor, key):
    """Counts of saturated or underflowed numbers as a share of those that are not zero."""
    n = tensor["numbers"] - tensor["zeros"] - tensor["not_finite"]
    return tensor[key] / n if n else 0.0
