# SPDX-License-Identifier: Apache-2.0
"""What follows from trainings with several recipes and seeds: for compare_recipes.py."""
import math
import statistics

from compare_runs import BASE, final_loss, smoothed

# Student's t: 95 % of its values lie between -x and x, by degrees of freedom from 1 on; for more, the last.
STUDENT_95 = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228)


class Difference:
    """Numbers of one kind, one for each seed: differences of two recipes."""

    def __init__(self, values):
        self.values = list(values)
        self.is_finite = bool(self.values) and all(map(math.isfinite, self.values))
        self.mean = statistics.fmean(self.values) if self.values else math.nan
        self.least = min(self.values, default=math.nan)
        self.greatest = max(self.values, default=math.nan)

    @property
    def half(self):
        """Half the width of the interval around the mean that has the true one in 95 of 100 cases, where the
        numbers are of normal distribution. Infinite for one number."""
        n = len(self.values)
        if n < 2 or not self.is_finite:
            return math.inf
        return STUDENT_95[min(n - 1, len(STUDENT_95)) - 1] * statistics.stdev(self.values) / math.sqrt(n)

    @property
    def low(self):
        """Where that interval begins. Losses that are no number are above all others."""
        if len(self.values) > 1 and not self.is_finite and self.least > 0:
            return self.least
        return self.mean - self.half if self.is_finite else -math.inf

    @property
    def high(self):
        return self.mean + self.half if self.is_finite else math.inf


class Comparison:
    """Recipes against the base with the same seed, in one setting."""

    def __init__(self, runs):
        self.runs = runs
        names = list(dict.fromkeys(r for r, _ in runs))
        self.recipes = [n for n in names if n == BASE] + [n for n in names if n != BASE]
        self.seeds = sorted({s for _, s in runs})
        self.rows = [self._row(name) for name in self.recipes]

    def of(self, recipe):
        return [self.runs[recipe, s] for s in self.seeds if (recipe, s) in self.runs]

    def pairs(self, recipe, other=BASE):
        """(run, run of the other) with the same seed."""
        return [(self.runs[recipe, s], self.runs[other, s]) for s in self.seeds
                if (recipe, s) in self.runs and (other, s) in self.runs]

    def difference(self, recipe, other=BASE):
        """Of final losses, seed by seed; infinite where the recipe's is no number. Seeds with which the other one's
        is none, or one of them is not finished, do not count."""
        losses = [(final_loss(a), final_loss(b)) for a, b in self.pairs(recipe, other) if a.is_done and b.is_done]
        return Difference(a - b for a, b in losses if math.isfinite(b))

    def seed_noise(self):
        """How far the base's final losses of two seeds lie apart, root of the mean of squares; None with fewer than
        two seeds."""
        losses = [x for x in map(final_loss, filter(lambda r: r.is_done, self.of(BASE))) if math.isfinite(x)]
        return math.sqrt(2) * statistics.stdev(losses) if len(losses) > 1 else None

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

    def departed(self, recipe):
        return [r for r in self.of(recipe) if self.departure(r) is not None]

    def _row(self, name):
        runs = self.of(name)
        held = [h for h in (r.held_out() for r in runs) if h is not None]
        return {"recipe": name, "runs": len(runs), "done": sum(r.is_done for r in runs),
                "final": [final_loss(r) for r in runs if r.is_done], "held_out": held, "paired": self.difference(name),
                "verdict": self._verdict(name)}

    def _verdict(self, name):
        """In words; never from one run alone."""
        if failed := self.departed(name):
            return f"departs from f32 or fails in {len(failed)} of {len(self.of(name))} runs"
        if name == BASE:
            return "what the others are compared with"
        d, noise = self.difference(name), self.seed_noise()
        if not d.values:
            return "not finished" if self.pairs(name) else "no run of f32 with the same seed"
        if not d.is_finite:
            return "has losses that are no numbers"
        if noise is None or len(d.values) < 2:
            return "one seed only: no statement"
        if d.low <= 0 <= d.high:
            return "not told apart from f32 by these seeds"
        way = "above" if d.mean > 0 else "below"
        return f"{way} f32, by {'less' if abs(d.mean) <= noise else 'more'} than another seed changes"
