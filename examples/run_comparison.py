#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Trains with several recipes and seeds side by side, one thread each, and writes a page that compares them. What an
interrupted comparison has done is kept: the same command goes on. ./run compare calls it.

usage: run_comparison.py PROGRAM FOLDER [OPTION...]     PROGRAM: the example train; --help lists the options
"""
import argparse
import json
import os
import subprocess
import sys
import time

RECIPES = ["f32", "bf16", "fp8_delayed", "fp8_block", "fp8_unscaled", "mxfp8", "mxfp6_e2m3", "mxfp4", "nvfp4", "nvfp4_bare"]
FORMATS = ["bfloat16", "mxfp8_e4m3", "e4m3fn", "int8", "mxfp6_e2m3", "mxfp6_e3m2", "nvfp4", "mxfp4", "hif4", "msfp12"]
HERE = os.path.dirname(os.path.abspath(__file__))


def arguments():
    parser = argparse.ArgumentParser(prog="./run compare", description="Trains with several recipes and seeds side by side, and "
                                     "writes a page that compares them. The same command goes on with what was interrupted.")
    parser.add_argument("program", help=argparse.SUPPRESS)
    parser.add_argument("folder", help=argparse.SUPPRESS)
    parser.add_argument("--recipes", default=",".join(RECIPES), help="names, with commas between; f32 is always there (%(default)s)")
    parser.add_argument("--seeds", type=int, default=2, help="how many, from 1 on (%(default)s)")
    parser.add_argument("--steps", type=int, default=300, help="of each training (%(default)s)")
    parser.add_argument("--monitor", type=int, default=20, help="steps between statistics of all tensors (%(default)s)")
    parser.add_argument("--formats", default=",".join(FORMATS), help="formats for the trained model; empty: none (%(default)s)")
    parser.add_argument("--output", metavar="FOLDER", help="where records and the page go (build-release/comparison)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="trainings at the same time (%(default)s)")
    parser.epilog = "Behind -- stand options of ./run train for all trainings."
    words, rest = sys.argv[1:], []
    if "--" in words:
        at = words.index("--")
        words, rest = words[:at], words[at + 1:]
    a = parser.parse_args(words)
    a.rest = rest
    for name in ("seeds", "steps", "jobs"):
        if getattr(a, name) < 1:
            parser.error(f"--{name}: {getattr(a, name)} is not 1 or more")
    a.recipes = list(dict.fromkeys(["f32", *filter(None, a.recipes.split(","))]))
    return a


def ending(path):
    """How the training of a record ended; None: it has not, or there is no record."""
    try:
        with open(path, "rb") as file:
            file.seek(max(0, os.path.getsize(path) - 4096))
            last = file.read().splitlines()[-1]
        return json.loads(last).get("end")
    except (OSError, IndexError, json.JSONDecodeError):
        return None


def step_of(path):
    """The last step that a record tells."""
    try:
        with open(path, "rb") as file:
            file.seek(max(0, os.path.getsize(path) - 65536))
            lines = file.read().splitlines()
    except OSError:
        return 0
    for line in reversed(lines):
        if line.startswith(b'{"step":'):
            return int(line[8:line.index(b",")])
    return 0


class Training:
    """One run, as a process."""

    def __init__(self, a, recipe, seed):
        self.name = f"{recipe}-{seed}"
        self.steps = a.steps
        base = os.path.join(a.folder, self.name)
        self.record, self.checkpoint, self.log = base + ".jsonl", base + ".checkpoint", base + ".log"
        self.command = [a.program, "--recipe", recipe, "--seed", str(seed), "--steps", str(a.steps), "--threads", "1",
                        "--checkpoint", self.checkpoint, *a.rest]
        self.monitor = a.monitor
        self.process = None

    def start(self):
        command = [*self.command, "--json", self.record, "--monitor", str(self.monitor)]
        if os.path.exists(self.checkpoint):
            command.append("--resume")
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)

    def wait_is_over(self):
        return self.process.poll() is not None

    def result(self):
        """None, or why there is no whole record: a training that fails is a result, too."""
        if ending(self.record) is not None:
            return None
        with open(self.log, encoding="utf-8", errors="replace") as log:
            text = log.read().strip().splitlines()
        return f"{self.name} ended with status {self.process.returncode}: {text[-1] if text else 'no message'}"


def show(text):
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def train_all(a, trainings):
    """All that are not done, `a.jobs` at a time. Returns what went wrong."""
    waiting, running, wrong = [t for t in trainings if ending(t.record) is None], [], []
    done, begin = len(trainings) - len(waiting), time.monotonic()
    if done:
        print(f"{done} of {len(trainings)} trainings are there already")
    try:
        while waiting or running:
            while waiting and len(running) < a.jobs:
                running.append(waiting.pop(0))
                running[-1].start()
            time.sleep(0.2)
            for t in [t for t in running if t.wait_is_over()]:
                running.remove(t)
                done += 1
                error = t.result()
                show("")
                print(f"{error}" if error else f"{done} of {len(trainings)}: {t.name}, {ending(t.record)}", flush=True)
                wrong += [error] if error else []
            if wrong:
                waiting.clear()
            show(f"{done} of {len(trainings)} trainings, " + ", ".join(f"{t.name} at {step_of(t.record)}" for t in running)
                 + f", {time.monotonic() - begin:.0f} s")
    finally:
        for t in running:
            t.process.terminate()
        for t in running:
            t.process.wait()
        show("")
    return wrong


def evaluate(a, trainings):
    """The model of f32 with the first seed in other formats."""
    t = trainings[0]
    out = os.path.join(a.folder, t.name + ".evaluation.jsonl")
    if not a.formats or os.path.exists(out) or not os.path.exists(t.checkpoint):
        return None
    command = [*t.command, "--evaluate", a.formats, "--json", out]
    command[command.index("--threads") + 1] = "0"
    result = subprocess.run(command, capture_output=True, text=True)
    return None if result.returncode == 0 else f"evaluation: {result.stderr.strip()}"


def same_setting(a):
    """A folder belongs to one setting. Returns what differs."""
    path = os.path.join(a.folder, "comparison.json")
    own = {"steps": a.steps, "monitor": a.monitor, "options": a.rest}
    if not os.path.exists(path):
        with open(path + ".new", "w", encoding="utf-8") as file:
            json.dump(own, file)
        os.replace(path + ".new", path)
        return None
    with open(path, encoding="utf-8") as file:
        there = json.load(file)
    differing = [f"{k} {there.get(k)}, not {own[k]}" for k in own if there.get(k) != own[k]]
    return ", ".join(differing) or None


def main():
    a = arguments()
    os.makedirs(a.folder, exist_ok=True)
    if (other := same_setting(a)) is not None:
        sys.exit(f"compare: {a.folder} has trainings with {other}; name another folder with --output, or remove it")
    trainings = [Training(a, r, s) for s in range(1, a.seeds + 1) for r in a.recipes]
    try:
        wrong = train_all(a, trainings)
    except KeyboardInterrupt:
        sys.exit("compare: interrupted; the same command goes on")
    if wrong:
        sys.exit("compare: " + "; ".join(wrong))
    if (error := evaluate(a, trainings)) is not None:
        sys.exit(f"compare: {error}")
    page = os.path.join(a.folder, "comparison.html")
    maker = "/usr/bin/python3" if os.path.exists("/usr/bin/python3") else sys.executable
    table = os.path.join(a.folder, "formats.json")  # of the example block_quality
    command = [maker, os.path.join(HERE, "compare_recipes.py"), a.folder, page, *([table] if os.path.exists(table) else [])]
    status = subprocess.run(command).returncode
    if status == 0:
        print(f"the page: {os.path.abspath(page)}")
    sys.exit(status)


if __name__ == "__main__":
    main()
