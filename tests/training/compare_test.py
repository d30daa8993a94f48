#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The page of examples/compare_recipes.py, from run files that are made here: a planted divergence is marked with
tensor and cause, statements follow from pairs and never from one run, the page needs nothing from outside.

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
PYTHON = "/usr/bin/python3"  # Debian's interpreter has Debian's matplotlib
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


def write_run(folder, recipe, seed, offset, fails_at=None, steps=60, end="done"):
    """A training whose loss falls from 5 to 2.5; `offset` is added, and a failing one has no loss at the end."""
    noise = random.Random(seed)  # the same for all recipes: same batches
    lines = [{"setting": {"recipe": recipe, "data": "text", "layers": 2, "width": 64, "heads": 4, "sequence": 32, "batch": 8,
                          "steps": steps, "seed": seed}, "parameters": 12345},
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
                          "before": 0.1, "slope": None, "z": None, "by_trend": False})
        if loss is None:
            end = f"the loss of step {step} is not finite"
            break
    if end:
        lines.append({"end": end, "digest": "00"})
    with open(os.path.join(folder, f"{recipe}-{seed}.jsonl"), "w", encoding="utf-8") as file:
        file.write("\n".join(json.dumps(line) for line in lines) + "\n")


def write_evaluation(folder):
    lines = [{"setting": {"recipe": "f32", "seed": 1}}]
    for formats, loss in ((("binary32",) * 3, 2.5), (("nvfp4", "binary32", "binary32"), 2.75), (("nvfp4",) * 3, None)):
        bits = [32 if f == "binary32" else 4.5 for f in formats]
        lines.append({"kind": "evaluation", "weights": formats[0], "activations": formats[1], "cache": formats[2],
                      "weight_bits": bits[0], "activation_bits": bits[1], "cache_bits": bits[2], "loss": loss,
                      "perplexity": None if loss is None else math.exp(loss), "logit_error": 0.1})
    with open(os.path.join(folder, "f32-1.evaluation.jsonl"), "w", encoding="utf-8") as file:
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
    for seed in (1, 2):
        write_run(folder, "f32", seed, 0)
        write_run(folder, "near", seed, 0.001 * (-1) ** seed)
        write_run(folder, "little", seed, 0.01)
        write_run(folder, "more", seed, 0.06)
        write_run(folder, "far", seed, 0.3)
        write_run(folder, "lost", seed, 0.1, fails_at=40)
    write_run(folder, "alone", 3, 0.01)
    write_evaluation(folder)
    out = os.path.join(folder, "page.html")
    result = run(folder, out)
    check(result.returncode == 0, f"the page is made: {result.stderr}")
    with open(out, encoding="utf-8") as file:
        text = file.read()
    page = Page(text)
    check(not page.outside, f"nothing is loaded from outside: {page.outside[:3]}")
    check("http" not in re.sub(r"<[^>]*>", "", text) and "@import" not in text and "url(h" not in text, "no address in the page")
    check(len(page.ids) == len(set(page.ids)), "each id is there once")
    check(page.images >= 4, f"pictures have a name: {page.images}")
    verdicts = {name: (page.row_of(name) or [""])[-1] for name in ("f32", "near", "little", "more", "far", "lost", "alone")}
    check(verdicts["near"] == "not told apart from f32 by these seeds", f"near: {verdicts['near']}")
    check(verdicts["little"] == "above f32 with every seed, by less than another seed changes", f"little: {verdicts['little']}")
    check(verdicts["more"] == "above f32 with every seed, by more than another seed changes", f"more: {verdicts['more']}")
    check(verdicts["far"] == "departs from f32 or fails in 2 of 2 runs", f"far: {verdicts['far']}")
    check(verdicts["lost"] == "departs from f32 or fails in 2 of 2 runs", f"lost: {verdicts['lost']}")
    check(verdicts["alone"] == "no run of f32 with the same seed", f"alone: {verdicts['alone']}")
    check((page.row_of("far") or [""] * 2)[1] == "what <far> is", "descriptions, with their signs")
    row = page.row_of("f32", "1", "nvfp4", "binary32", "binary32") or []
    check(row[5:] == ["4.5", "32", "32", "2.7500", "15.6", "0.1"], f"formats after training: {row}")
    mark = page.row_of("lost", "1", "25", "block1.down, weight_gradient a", "scale_lag")
    check(mark is not None and mark[5].startswith("numbers outgrow") and mark[-1] == "40", f"the planted sign: {mark}")
    check(any("lost, seed 1: scale_lag in block1.down" in w for w in page.words), "the sign is marked on the curves")
    again = os.path.join(folder, "again.html")
    run(folder, again)
    with open(again, encoding="utf-8") as file:
        check(file.read() == text, "the same page from the same runs")


def test_one_seed(folder):
    write_run(folder, "f32", 1, 0)
    write_run(folder, "far", 1, 0.3, end=None)
    out = os.path.join(folder, "page.html")
    check(run(folder, out).returncode == 0, "one seed is enough for a page")
    with open(out, encoding="utf-8") as file:
        page = Page(file.read())
    check((page.row_of("far") or [""])[-1] == "one seed only: no statement", "no statement from one run")
    check(any("1 of the runs are not finished" in w for w in page.words), "unfinished runs are told")


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
    with open(path, "w", encoding="utf-8") as file:
        file.write(whole[:500] + "\n" + whole[500:])
    result = run(folder, os.path.join(folder, "other.html"))
    check(result.returncode == 1 and "f32-1.jsonl, line" in result.stderr, f"a broken file is refused: {result.stderr}")
    check(not os.path.exists(os.path.join(folder, "other.html")), "and nothing is written")


def main():
    if subprocess.run([PYTHON, "-c", "import matplotlib"], capture_output=True).returncode != 0:
        print("skipped: no matplotlib")
        return 77
    for test in (test_page, test_one_seed, test_refusals):
        with tempfile.TemporaryDirectory() as folder:
            test(folder)
    print(f"{failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
