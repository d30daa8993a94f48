#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The page of examples/compare_recipes.py, from run files that are made here: a planted divergence is marked with
tensor and cause, statements follow from pairs and never from one run, claims are judged by their rules, the page needs
nothing from outside. And examples/run_comparison.py with a program that only writes records.

usage: compare_test.py SOURCE-ROOT
"""
import html.parser
import json
import math
import os
import random
import re
import subprocess
import sys
import tempfile

root = sys.argv[1]
SCRIPT = os.path.join(root, "examples", "compare_recipes.py")
DRIVER = os.path.join(root, "examples", "run_comparison.py")
PYTHON = "/usr/bin/python3"  # Debian's interpreter has Debian's matplotlib
sys.path.insert(0, os.path.join(root, "examples"))
failures = 0


def check(ok, what):
    global failures
    if not ok:
        failures += 1
        print(f"FAILED: {what}", file=sys.stderr)


def tensor_line(step, tensor, role, product, operand, **numbers):
    line = {"kind": "tensor", "step": step, "tensor": tensor, "product": product, "operand": operand, "role": role,
            "numbers": 1000, "zeros": 0, "not_finite": 0, "lost": 0, "saturated": 0, "underflowed": 3, "amax": 1.5, "fill": 0.9,
            "crest": 2.0, "sqnr": 30.0, "mean_relative_error": 0.01, "greatest_relative_error": 0.1, "cosine": 0.999,
            "signal_to_error": 31.0, "exponents": {"-3": 400, "-2": 600, "zeros": 0}, "scales": {"-9": 30}}
    return line | numbers


def write_run(folder, recipe, seed, offset, fails_at=None, steps=60, end="done", bits=8.0):
    """A training whose loss falls from 5 to 2.5; `offset` is added, and a failing one has no loss at the end."""
    noise = random.Random(seed)  # the same for all recipes: same batches
    lines = [{"setting": {"recipe": recipe, "data": "text", "layers": 2, "width": 64, "heads": 4, "sequence": 32, "batch": 8,
                          "steps": steps, "seed": seed}, "parameters": 12345, "recipe_bits": bits, "recipe_energy": bits / 16,
              "bits": bits + 1, "energy": bits / 10},
             {"kind": "recipe", "recipe": recipe, "description": f"what <{recipe}> is", "source": "test"}]
    for step in range(1, steps + 1):
        loss = 2.5 + 2.5 * math.exp(-step / 20) + 0.1 * noise.random() + 0.02 * seed + offset
        if fails_at and step >= fails_at:
            loss = None
        line = {"step": step, "loss": loss, "norm": 1.0, "rate": 1e-3, "loss_scale": 1, "updated": True, "seconds": step * 0.1}
        if step % 20 == 0:
            line["held_out"] = loss
        lines.append(line)
        if step % 10 == 0:
            quality = None if recipe == "f32" else 30 - 10 * offset
            lines.append(tensor_line(step, "block0.q", "activations", "forward", "a", sqnr=quality))
            lines.append(tensor_line(step, "block0.q", "weights", "forward", "b", sqnr=quality))
            lines.append(tensor_line(step, "block1.down", "gradients", "weight_gradient", "a", sqnr=quality,
                                     signal_to_error=None if quality is None else 10 ** (quality / 20)))
        if fails_at and step == fails_at - 15:
            lines.append({"kind": "signal", "step": step, "tensor": "block1.down", "product": "weight_gradient", "operand": "a",
                          "rule": "scale_lag", "cause": "numbers outgrow scales that were chosen from earlier steps", "value": 2.5,
                          "before": 0.1, "slope": None, "z": None, "by_trend": False, "severity": "alarm"})
        if step == 10:
            lines.append({"kind": "signal", "step": step, "tensor": "block0.down", "product": "forward", "operand": "a",
                          "rule": "growth", "cause": "activations grow", "value": 3.0, "before": 0.5, "slope": 0.5, "z": 2.5,
                          "by_trend": True, "severity": "note"})
        if loss is None:
            end = f"the loss of step {step} is not finite"
            break
    if end:
        lines.append({"end": end, "digest": "00"})
    with open(os.path.join(folder, f"{recipe}-{seed}.jsonl"), "w", encoding="utf-8") as file:
        file.write("\n".join(json.dumps(line) for line in lines) + "\n")


def write_evaluation(folder, seed):
    lines = [{"setting": {"recipe": "f32", "seed": seed}}]
    for formats, loss in ((("binary32",) * 3, 2.5), (("nvfp4", "binary32", "binary32"), 2.5 + 0.125 * seed), (("mxfp4",) * 3, None),
                          (("int8",) * 3, 2.6), (("e4m3fn",) * 3, 2.55 + 0.001 * seed), (("nvfp4", "bfloat16", "binary32"), 2.75)):
        bits = [{"binary32": 32, "nvfp4": 4.5, "mxfp4": 4.25, "bfloat16": 16}.get(f, 8) for f in formats]
        lines.append({"kind": "evaluation", "weights": formats[0], "activations": formats[1], "cache": formats[2],
                      "weight_bits": bits[0], "activation_bits": bits[1], "cache_bits": bits[2],
                      "head_weight_bits": min(2 * bits[0], 32), "head_activation_bits": 32, "loss": loss,
                      "perplexity": None if loss is None else math.exp(loss), "logit_error": 0.1 * seed})
    with open(os.path.join(folder, f"f32-{seed}.evaluation.jsonl"), "w", encoding="utf-8") as file:
        file.write("\n".join(json.dumps(line) for line in lines) + "\n")


def run(*arguments):
    return subprocess.run([PYTHON, SCRIPT, *arguments], capture_output=True, text=True)


class Page(html.parser.HTMLParser):
    """Text, tables as rows of cells, and what would be loaded from elsewhere."""

    def __init__(self, text):
        super().__init__()
        self.outside, self.rows, self.words, self.ids, self.images, self.is_cell = [], [], [], [], 0, False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        for key, value in attributes:
            if key in ("src", "href", "xlink:href", "srcset", "action") and not (value or "").startswith("#"):
                self.outside.append((tag, key, value))
            if key == "id":
                self.ids.append(value)
        self.images += dict(attributes).get("role") == "img"
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self.is_cell = True

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.is_cell = False

    def handle_data(self, data):
        self.words.append(data)
        if self.is_cell:
            self.rows[-1][-1] += data.strip()

    def row_of(self, *cells):
        return next((r for r in self.rows if r[:len(cells)] == list(cells)), None)


def test_page(folder):
    for seed in (1, 2, 3):
        write_run(folder, "f32", seed, 0, bits=32)
        write_run(folder, "near", seed, 0.001 * (-1) ** seed)
        write_run(folder, "little", seed, 0.01 + 0.001 * seed, bits=6)
        write_run(folder, "more", seed, 0.06 + 0.001 * seed, bits=7)
        write_run(folder, "far", seed, 0.3)
        write_run(folder, "lost", seed, 0.1, fails_at=40)
        write_evaluation(folder, seed)
    write_run(folder, "alone", 9, 0.01)
    out = os.path.join(folder, "page.html")
    result = run(folder, out)
    check(result.returncode == 0, f"the page is made: {result.stderr}")
    with open(out, encoding="utf-8") as file:
        text = file.read()
    page = Page(text)
    check(not page.outside, f"nothing is loaded from outside: {page.outside[:3]}")
    check("http" not in re.sub(r"<[^>]*>", "", text) and "@import" not in text and "url(h" not in text, "no address in the page")
    check(len(page.ids) == len(set(page.ids)), "each id is there once")
    check(page.images >= 5, f"pictures have a name: {page.images}")
    check("#000000" not in text and "prefers-color-scheme:dark" in text, "pictures take their black from the page")
    verdicts = {name: (page.row_of(name) or [""])[-1] for name in ("f32", "near", "little", "more", "far", "lost", "alone")}
    check(verdicts["near"] == "not told apart from f32 by these seeds", f"near: {verdicts['near']}")
    check(verdicts["little"] == "above f32, by less than another seed changes", f"little: {verdicts['little']}")
    check(verdicts["more"] == "above f32, by more than another seed changes", f"more: {verdicts['more']}")
    check(verdicts["far"] == "departs from f32 or fails in 3 of 3 runs", f"far: {verdicts['far']}")
    check(verdicts["lost"] == "departs from f32 or fails in 3 of 3 runs", f"lost: {verdicts['lost']}")
    check(verdicts["alone"] == "no run of f32 with the same seed", f"alone: {verdicts['alone']}")
    check((page.row_of("far") or [""] * 2)[1] == "what <far> is", "descriptions, with their signs")
    row = page.row_of("nvfp4", "binary32", "binary32") or []
    check(row[3:8] == ["4.5", "32", "32", "9, 32", "3"], f"formats after training: {row}")
    check(row[8:] == ["15.724 (13.805 to 17.725)", "29.07 (13.31 to 45.50)", "0.2"], f"perplexity over seeds: {row}")
    check(page.row_of("nvfp4", "bfloat16", "binary32", "4.5", "16", "32") is not None, "pairs of formats")
    mark = page.row_of("lost", "1", "25", "40", "15", "alarm", "block1.down, weight_gradient a", "scale_lag")
    check(mark is not None and mark[8].startswith("numbers outgrow"), f"the planted sign, 15 steps before: {mark}")
    note = page.row_of("lost", "1", "10", "40", "30", "note", "block0.down, forward a", "growth")
    check(note is not None and page.rows.index(note) > page.rows.index(mark), f"notes stand after alarms: {note}")
    check(page.row_of("near", "note", "growth", "3", "1", "10") is not None, "notes of healthy runs are counted")
    check(any("lost, seed 1: scale_lag in block1.down" in w for w in page.words), "the sign is marked on the curves")
    costs = {r[0]: r for r in page.rows if len(r) == 7 and r[0] in ("f32", "little", "more", "near", "far")}
    check(costs["little"][1:5] == ["6", "7", "0.38", "0.60"], f"bits and energy are those of the records: {costs['little']}")
    on = {n: r[6] for n, r in costs.items()}  # near is as often below f32 as above, and less in the mean
    check(on == {"little": "bits, energy", "near": "bits, energy", "f32": "", "more": "", "far": ""}, f"the front: {on}")
    again = os.path.join(folder, "again.html")
    run(folder, again)
    with open(again, encoding="utf-8") as file:
        check(file.read() == text, "the same page from the same runs")


def test_rules():
    """Student's t against its density; the verdict of each kind of claim around its edges."""
    from compare_claims import ABOVE, AGREES, CLAIMS, DISAGREES, FAILS, FEW, NOISE, RULES, TRACKS, Claim, verdict
    from compare_costs import front
    from compare_runs import smoothed
    from compare_statistics import STUDENT_95, Difference

    for n, t in enumerate(STUDENT_95, 1):
        constant = math.gamma((n + 1) / 2) / math.gamma(n / 2) / math.sqrt(n * math.pi)
        steps = 20000
        inside = sum(constant * (1 + (t * (i + 0.5) / steps) ** 2 / n) ** (-(n + 1) / 2) for i in range(steps)) * 2 * t / steps
        check(abs(inside - 0.95) < 4e-5, f"Student's t with {n} degrees of freedom: {inside}")
    d = Difference([1.0, 2.0, 3.0])
    check(abs(d.low - (2 - 4.303 / math.sqrt(3))) < 1e-12 and abs(d.high + d.low - 4) < 1e-12, f"an interval: {d.low} {d.high}")
    check(Difference([1.0]).half == math.inf, "nothing is known from one run")

    def judge(kind, values, margin=None, departed=0, other=0, runs=None):
        return verdict(Claim("", "", kind, "a", "b"), Difference(values), margin, runs or len(values), departed, other)

    inf = math.inf
    for expected, arguments in (
            (AGREES, (ABOVE, [0.10, 0.11, 0.12])), (DISAGREES, (ABOVE, [-0.10, -0.11, -0.12])), (NOISE, (ABOVE, [0.10, 0.01, 0.2])),
            (NOISE, (ABOVE, [0.001, 0.1])), (FEW, (ABOVE, [0.5])), (AGREES, (ABOVE, [0.1, inf, inf])), (NOISE, (ABOVE, [-0.1, inf])),
            (NOISE, (ABOVE, [0.0, 0.0, 0.0])),
            (AGREES, (TRACKS, [0.010, 0.011, 0.012], 0.02)), (DISAGREES, (TRACKS, [0.10, 0.11, 0.12], 0.02)),
            (NOISE, (TRACKS, [0.018, 0.02, 0.022], 0.02)), (AGREES, (TRACKS, [-0.3, -0.31, -0.32], 0.02)),
            (FEW, (TRACKS, [0.01], 0.02)), (FEW, (TRACKS, [0.01, 0.01], None)), (DISAGREES, (TRACKS, [inf, inf, inf], 0.02)),
            (NOISE, (TRACKS, [0.01, inf, 0.01], 0.02)),
            (AGREES, (FAILS, [1.0, 1.1], None, 2, 0)), (NOISE, (FAILS, [1.0, 0.0], None, 1, 0)), (DISAGREES, (FAILS, [0.1, 0.1], None, 0, 0)),
            (NOISE, (FAILS, [0.0, 0.0], None, 2, 2)), (FEW, (FAILS, [1.0], None, 1, 0)),
            (NOISE, (FAILS, [1.0, 1.1], None, 2, 0, 3))):
        check(judge(*arguments) == expected, f"{arguments}: {judge(*arguments)}, not {expected}")
    check(len(RULES) == 5 and all(c.source and c.sentence for c in CLAIMS), "claims have sources")
    nan = math.nan
    means = smoothed([(1, 1.0), (2, nan), (3, 2.0), (4, 3.0)], 1)
    check(means[0] == (1, 1.0) and all(math.isnan(x) for _, x in means[1:]), f"no means after what is no number: {means}")
    points = [(4, 0.3, "a"), (8, 0.1, "b"), (8, 0.05, "c"), (9, 0.05, "d"), (16, 0.0, "e")]
    check([p[2] for p in front(points)] == ["a", "c", "e"], f"what none beats: {front(points)}")


def test_claims(folder):
    """Claims are put to the runs that are there."""
    for seed in (1, 2, 3):
        write_run(folder, "f32", seed, 0)
        write_run(folder, "bf16", seed, 0.0001 * seed)
        write_run(folder, "mxfp4", seed, 0.05 + 0.001 * seed)
        write_run(folder, "mxfp4_rotated", seed, 0.05 + 0.03 * (-1) ** seed)
        write_run(folder, "nvfp4", seed, 0.01)
        write_run(folder, "nvfp4_nearest", seed, 0.0 - 0.001 * seed)
        write_evaluation(folder, seed)
    out = os.path.join(folder, "page.html")
    result = run(folder, out)
    check(result.returncode == 0, f"a page with claims: {result.stderr}")
    with open(out, encoding="utf-8") as file:
        page = Page(file.read())
    found = {r[2]: r for r in page.rows if len(r) == 8 and r[1].startswith("arXiv")}
    check({k: r[-1] for k, r in found.items()} == {
        "bf16 tracks f32": "agrees", "mxfp4 is above bf16": "agrees", "mxfp4 is above mxfp4_rotated": "within noise, cannot tell",
        "nvfp4_nearest is above nvfp4": "disagrees", "after int8 is above after e4m3fn": "agrees"}, f"verdicts: {found}")
    check((found.get("mxfp4 is above bf16") or [""] * 8)[3:5] == ["3", "+0.0518 (+0.0509 to +0.0527)"], f"{found}")
    check(sum("disagrees where all of it is below" in w for w in page.words) == 1, "the rules are on the page")


PROGRAM = """#!/usr/bin/env python3
import os, sys
sys.argv[0] = ROOT
sys.path.insert(0, os.path.dirname(TEST))
words = sys.argv[1:]
value = {w[2:]: v for w, v in zip(words, words[1:]) if w.startswith("--")}
sys.argv = ["", ROOT]
import compare_test as t
recipe, seed = value["recipe"], int(value["seed"])
folder = os.path.dirname(value["json"])
with open(os.path.join(folder, "calls"), "a") as file:
    file.write(" ".join(words) + "\\n")
if "evaluate" in value:
    t.write_evaluation(folder, seed)
elif recipe == "broken":
    sys.exit("no such recipe")
else:
    open(value["checkpoint"], "w").close()
    t.write_run(folder, recipe, seed, {"f32": 0}.get(recipe, 0.01 + 0.001 * seed), steps=int(value["steps"]))
"""


def test_driver(folder):
    """Groups, an interruption, settings that differ, a training without a record."""
    program = os.path.join(folder, "program")
    with open(program, "w", encoding="utf-8") as file:
        file.write(PROGRAM.replace("ROOT", repr(root)).replace("TEST", repr(os.path.abspath(__file__))))
    os.chmod(program, 0o755)
    out = os.path.join(folder, "out")

    def drive(*options):
        return subprocess.run([PYTHON, DRIVER, program, out, "--jobs", "2", *options], capture_output=True, text=True)

    r = drive("--recipes", "bf16,mxfp8", "--steps", "40", "--", "--width", "64")
    check(r.returncode == 0 and os.path.exists(os.path.join(out, "comparison.html")), f"a group of one's own: {r.stdout} {r.stderr}")
    with open(os.path.join(out, "asked", "calls"), encoding="utf-8") as file:
        calls = file.read().splitlines()
    check(len(calls) == 8 and all("--width 64" in c and "--steps 40" in c and "--rate" not in c for c in calls), f"6 trainings, 2 evaluations: {calls}")
    check(sorted(n for n in os.listdir(os.path.join(out, "asked")) if n.endswith("checkpoint")) == ["f32-1.checkpoint", "f32-2.checkpoint"],
          "checkpoints of f32 are kept")
    os.remove(os.path.join(out, "asked", "mxfp8-2.jsonl"))
    r = drive("--recipes", "bf16,mxfp8", "--steps", "40", "--", "--width", "64")
    check(r.returncode == 0 and "5 of 6 trainings are there already" in r.stdout and "6 of 6: asked/mxfp8-2, done" in r.stdout,
          f"goes on: {r.stdout} {r.stderr}")
    def evaluations():
        with open(os.path.join(out, "asked", "calls"), encoding="utf-8") as file:
            return [c for c in file.read().splitlines() if "--evaluate" in c]

    before = evaluations()
    drive("--recipes", "bf16,mxfp8", "--steps", "40", "--", "--width", "64")
    check(evaluations() == before, "what was evaluated is not evaluated again")
    r = drive("--recipes", "bf16,mxfp8", "--steps", "40", "--formats", "hif4", "--", "--width", "64")
    check(r.returncode == 0 and len(evaluations()) == len(before) + 2 and "--evaluate hif4 " in evaluations()[-1],
          f"other formats are evaluated: {evaluations()} {r.stderr}")
    os.remove(os.path.join(out, "asked", "f32-1.jsonl"))
    r = drive("--recipes", "bf16,mxfp8", "--steps", "40", "--formats", "hif4", "--", "--width", "64")
    with open(os.path.join(out, "asked", "calls"), encoding="utf-8") as file:
        check(r.returncode == 0 and not any("--resume" in c for c in file), f"a training whose record is lost begins anew: {r.stderr}")
    r = drive("--recipes", "bf16", "--steps", "41", "--", "--width", "64")
    check(r.returncode == 1 and "has trainings of asked with steps 40, not 41; name another folder" in r.stderr, f"other steps: {r.stderr}")
    r = drive("--recipes", "broken", "--steps", "40", "--seeds", "1", "--", "--width", "64")
    check(r.returncode == 1 and "asked/broken-1 ended with status 1: no such recipe" in r.stderr, f"a broken one: {r.stderr}")
    r = drive("--groups", "none")
    check(r.returncode == 2 and "--groups: there is no none" in r.stderr, f"no such group: {r.stderr}")
    check(drive("--seeds", "0").returncode == 2, "no seeds")
    check(drive("--out", folder).returncode == 2, "no options are guessed")
    out = os.path.join(folder, "groups")
    r = drive("--seeds", "1", "--steps", "30", "--formats", "")
    with open(os.path.join(out, "comparison.json"), encoding="utf-8") as file:
        groups = json.load(file)["groups"]
    check(r.returncode == 0 and len(groups) >= 2 and all(set(g["recipes"].values()) == {1} for g in groups), f"all groups: {r.stderr}")
    with open(os.path.join(out, "comparison.html"), encoding="utf-8") as file:
        page = Page(file.read())
    check(all(any(w == g["title"] for w in page.words) for g in groups), "each group has its part")
    for g in groups:
        check("f32" in g["recipes"], f"{g['name']} has its own f32")


def test_one_seed(folder):
    write_run(folder, "f32", 1, 0)
    write_run(folder, "far", 1, 0.3)
    write_run(folder, "part", 1, 0.3, end=None)
    out = os.path.join(folder, "page.html")
    check(run(folder, out).returncode == 0, "one seed is enough for a page")
    with open(out, encoding="utf-8") as file:
        page = Page(file.read())
    check((page.row_of("far") or [""])[-1] == "one seed only: no statement", "no statement from one run")
    check(any("1 of the runs are not finished" in w for w in page.words), "unfinished runs are told")
    check((page.row_of("part") or [""])[2:] == ["0 of 1", "-", page.row_of("part")[4], "-", "not finished"], "and not compared")


def test_refusals(folder):
    out = os.path.join(folder, "page.html")
    check("has no run files" in run(folder, out).stderr, "an empty folder is refused")
    write_run(folder, "f32", 1, 0)
    path = os.path.join(folder, "f32-1.jsonl")
    with open(path, encoding="utf-8") as file:
        whole = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(whole[:-30])
    check(run(folder, out).returncode == 0, "a line that was cut off is no error")
    lines = whole.splitlines(keepends=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(lines[0] + lines[-1])
    result = run(folder, os.path.join(folder, "other.html"))
    check(result.returncode == 1 and "f32-1.jsonl: it ended without a step" in result.stderr, f"no step: {result.stderr}")
    with open(path, "w", encoding="utf-8") as file:
        file.write(whole[:500] + "\n" + whole[500:])
    result = run(folder, os.path.join(folder, "other.html"))
    check(result.returncode == 1 and "f32-1.jsonl, line" in result.stderr, f"a broken file is refused: {result.stderr}")
    check(not os.path.exists(os.path.join(folder, "other.html")), "and nothing is written")


def main():
    if subprocess.run([PYTHON, "-c", "import matplotlib"], capture_output=True).returncode != 0:
        print("skipped: no matplotlib")
        return 77
    test_rules()
    for test in (test_page, test_one_seed, test_claims, test_driver, test_refusals):
        with tempfile.TemporaryDirectory() as folder:
            test(folder)
    print(f"{failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
