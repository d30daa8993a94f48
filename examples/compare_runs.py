# SPDX-License-Identifier: Apache-2.0
"""Run files of the example train, one JSON object a line, and what one of them says: for compare_recipes.py and
run_csv.py."""
import functools
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
        self._of_tensors = []  # lines, most of all: parsed where they are asked for
        steps = {}
        for number, text in self._lines():
            if text[:20].startswith('{"kind"') and '"tensor"' in text[:20]:
                self._of_tensors.append((number, text))
                continue
            line = self._parsed(number, text)
            if line is None:
                break
            if self.head is None and "setting" not in line:
                raise RunError(f"{path}, line {number}: the first object must have a 'setting'")
            kind = line.get("kind")
            if "setting" in line:
                self.head = self.head or line
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
        # Of the products of linear layers: bits of a number, pJ of a multiply-accumulate, as the recipe has them and
        # as the model has them, of which parts are plain. None in records of before.
        self.recipe_bits, self.recipe_energy = self.head.get("recipe_bits"), self.head.get("recipe_energy")
        self.bits, self.energy = self.head.get("bits"), self.head.get("energy")
        self.steps = [steps[s] for s in sorted(steps)]
        self.signals.sort(key=lambda s: s["step"])

    def _lines(self):
        """(number from 1 on, text) of lines that are not empty."""
        with open(self.path, encoding="utf-8") as file:
            lines = file.read().split("\n")
        self._last = len(lines)
        return [(number, line) for number, line in enumerate(lines, 1) if line.strip()]

    def _parsed(self, number, text):
        """None for a last line that was cut off while it was written."""
        try:
            return json.loads(text)
        except json.JSONDecodeError as error:
            if number == self._last:
                return None
            raise RunError(f"{self.path}, line {number}: {error}") from None

    @functools.cached_property
    def tensors(self):
        """Statistics by step, tensor, product and operand; of those that were observed twice, after a kill, the last."""
        lines = filter(None, (self._parsed(*l) for l in self._of_tensors))
        by_key = {(l["step"], l["tensor"], l["product"], l["operand"]): l for l in lines}
        return [by_key[k] for k in sorted(by_key)]

    @property
    def alarms(self):
        """Signs that healthy trainings hardly ever have; the others are notes."""
        return [s for s in self.signals if s.get("severity") != "note"]

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


def read_runs(folder, recipes=()):
    """All run files of a folder by recipe and seed, in the order of `recipes` and then of their names."""
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
    place = {name: i for i, name in enumerate(recipes)}
    return dict(sorted(runs.items(), key=lambda r: (place.get(r[0][0], len(place)), *r[0])))


def name_of(tensor):
    """What a line of statistics is about: block0.q, weight_gradient a."""
    return f"{tensor['tensor']}, {tensor['product']} {tensor['operand']}"


def final_loss(run):
    """Mean of the training loss over the last fifth of the steps; infinite if one is no number."""
    losses = list(run.losses().values())
    if not losses:
        raise RunError(f"{run.path}: it ended without a step")
    last = losses[-max(1, len(losses) // 5):]
    return math.inf if any(math.isnan(x) for x in last) else statistics.fmean(last)


def smoothed(series, window):
    """Means of the last `window` numbers; NaN from the first NaN on."""
    out, kept = [], []
    for step, value in series:
        kept = [math.nan] * window if any(map(math.isnan, kept)) else (kept + [value])[-window:]
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
