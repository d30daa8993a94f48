#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The example train as a program: a run that is killed again and again ends with the bits of one that is not;
records, arguments and checkpoints that are refused; processes that share the batches end with the bits of one.

usage: train_test.py PROGRAM [MPIRUN]
"""
import json
import os
import pathlib
import stat
import subprocess
import sys
import tempfile
import time

SMALL = {"--layers": "1", "--width": "32", "--heads": "2", "--sequence": "16", "--batch": "4", "--threads": "1",
         "--check-every": "10", "--rate": "0.01", "--warm-up": "5"}
STEPS = ["--steps", "60", "--task", "copy", "--every", "3"]


class Checks:
    def __init__(self, program, folder):
        self.program, self.folder = program, pathlib.Path(folder)
        self.passed = self.failed = 0

    def check(self, what, holds, more=""):
        self.passed, self.failed = self.passed + bool(holds), self.failed + (not holds)
        if not holds:
            print(f"failed: {what} {more}")

    def command(self, options):
        return [self.program, *options, *(x for pair in SMALL.items() if pair[0] not in options for x in pair)]

    def run(self, *options):
        return subprocess.run(self.command(options), capture_output=True, text=True, errors="replace", timeout=300)

    def record(self, name):
        """The lines of a record, without the times."""
        lines = [json.loads(line) for line in (self.folder / name).read_text(encoding="utf-8").splitlines()]
        for line in lines:
            line.pop("seconds", None)
        return lines

    def refused(self, what, status, text, *options):
        """A run that must not begin, and leaves all files as they are."""
        def files():
            return {p.name: p.read_bytes() if p.is_file() else stat.S_IFMT(p.stat().st_mode) for p in self.folder.iterdir()}

        before = files()
        r = self.run(*options)
        after = files()
        self.check(what, r.returncode == status and text in r.stderr and after == before,
                   f"status {r.returncode}, {r.stderr!r}, files {sorted(after)}")

    def kills(self, recipe):
        whole, parts = self.folder / f"{recipe}.whole.json", self.folder / f"{recipe}.parts.json"
        file = self.folder / f"{recipe}.checkpoint"
        options = [*STEPS, "--recipe", recipe, *([] if recipe == "f32" else ["--monitor", "4"])]
        r = self.run(*options, "--json", str(whole))
        self.check(f"{recipe}: a run to its end", r.returncode == 0, r.stderr)
        killed = 0
        for attempt in range(40):
            resume = ["--resume"] if file.exists() else []
            command = self.command([*options, "--json", str(parts), "--checkpoint", str(file), *resume])
            with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
                lines = self.lines(parts)
                # Some steps on, and at any moment of a step.
                while process.poll() is None and attempt < 6 and self.lines(parts) < lines + 5:
                    time.sleep(0.001)
                if attempt < 6 and process.poll() is None:
                    time.sleep(0.0007 * attempt)
                    process.kill()
                    killed += 1
                error = process.stderr.read()
                status = process.wait(timeout=300)
            if status == 0:
                break
            self.check(f"{recipe}: dies of the kill only", status == -9, f"status {status} {error}")
            self.check(f"{recipe}: there is a checkpoint from the start on", file.exists())
        self.check(f"{recipe}: was killed, and ended", killed >= 3 and status == 0, f"{killed} kills, status {status}")
        self.check(f"{recipe}: the same record and the same digest", self.record(whole.name) == self.record(parts.name))
        last = self.record(whole.name)[-1]
        self.check(f"{recipe}: the record has an end", last.get("end") == "done" and len(last["digest"]) == 16, last)
        return last["digest"]

    @staticmethod
    def lines(path):
        return path.read_bytes().count(b"\n") if path.exists() else 0

    def records(self):
        lines = [l for l in self.record("f32.whole.json") if "kind" not in l]
        self.check("the setting comes first", lines[0]["setting"]["recipe"] == "f32" and lines[0]["parameters"] > 0)
        self.check("a line for each step", [l["step"] for l in lines[1:-1]] == list(range(1, 61)))
        self.check("checks of what is held out", [l["step"] for l in lines if "held_out" in l] == [10, 20, 30, 40, 50, 60])
        self.check("the loss falls", lines[-2]["loss"] < lines[1]["loss"] - 1)
        costs = {r: self.record(f"{r}.whole.json")[0] for r in ("f32", "bf16", "fp8_delayed_16")}
        bits = {r: (c["recipe_bits"], c["bits"]) for r, c in costs.items()}
        self.check("bits of operands", bits["f32"] == (32, 32) and bits["bf16"] == (16, 16) and bits["fp8_delayed_16"][0] == 8, bits)
        self.check("the head is in bfloat16 and counts", 8.1 < bits["fp8_delayed_16"][1] < 12, bits)
        # By hand: 8 x 8 adders, 8 bits of exponents, five stages of a shifter by 25, a sum of 16 + 25 + 6 bits, a part
        # of an addition of binary32.
        cells = 8 * 8 + 8 + (17 + 19 + 23 + 31 + 41) + 47 + 0.9 / 0.0031 / 32
        self.check("the energy of a multiply-accumulate", abs(costs["bf16"]["energy"] - 0.0031 * cells) < 1e-9, costs["bf16"])

    def monitors(self):
        """Statistics of operands in records that the runs above left."""
        lines = self.record("fp8_delayed_16.whole.json")
        tensors = [l for l in lines if l.get("kind") == "tensor"]
        self.check("what the recipe is", lines[1]["kind"] == "recipe" and "history of 16" in lines[1]["description"], lines[1])
        self.check("every fourth step", sorted({l["step"] for l in tensors}) == list(range(4, 61, 4)))
        names = {l["tensor"] for l in tensors}
        self.check("all linear layers", names == {"head", *(f"block0.{n}" for n in ("q", "k", "v", "o", "gate", "up", "down"))}, names)
        keys = {(l["step"], l["tensor"], l["product"], l["operand"]) for l in tensors}
        self.check("each operand once", len(keys) == len(tensors) == 15 * 8 * 6, len(tensors))
        q = next(l for l in tensors if l["tensor"] == "block0.q" and l["product"] == "weight_gradient" and l["operand"] == "a")
        self.check("counts add up", q["role"] == "gradients" and q["numbers"] == 64 * 32 == sum(q["exponents"].values()), q)
        self.check("one factor", sum(q["scales"].values()) == 1, q["scales"])
        self.check("errors of E5M2", 15 < q["sqnr"] < 35 and 0.99 < q["cosine"] < 1, q)
        head = next(l for l in tensors if l["tensor"] == "head")
        self.check("the head is in bfloat16", head["sqnr"] > 45, head["sqnr"])

    def signals(self):
        """A run that fails is foreseen: which tensor, from what cause."""
        record = self.folder / "failing.json"
        r = self.run("--task", "copy", "--steps", "200", "--recipe", "fp8_delayed", "--rate", "1", "--warm-up", "100",
                     "--monitor", "2", "--json", str(record))
        lines = self.record("failing.json")
        signs = [l for l in lines if l.get("kind") == "signal"]
        self.check("signs are told", signs and all(s["tensor"] and s["cause"] for s in signs), r.stdout + r.stderr)
        self.check("and shown", signs and f"{signs[0]['severity']}: {signs[0]['rule']} in {signs[0]['tensor']}" in r.stdout, r.stdout)
        for recipe in ("f32", "fp8_unscaled"):
            record = self.folder / f"stress.{recipe}.json"
            r = self.run("--task", "copy", "--steps", "300", "--recipe", recipe, "--layers", "1", "--width", "64", "--batch", "8",
                         "--sequence", "32", "--rate", "0.01", "--warm-up", "30", "--monitor", "5", "--json", str(record))
            lines = self.record(record.name)
            losses = [l["loss"] for l in lines if "kind" not in l and "loss" in l]
            alarms = [l for l in lines if l.get("kind") == "signal" and l["severity"] == "alarm"]
            if recipe == "f32":
                base = losses
                self.check("f32 learns the task, without alarms", losses[-1] < 0.5 and not alarms, (losses[-1], alarms))
                continue
            apart = next((i + 1 for i in range(len(losses)) if all(b + 0.1 < l for b, l in zip(base[i:], losses[i:]))), 0)
            self.check("fp8_unscaled does not", losses[-1] > 2.5, losses[-1])
            self.check("which an alarm tells before the loss goes away from f32's", alarms and 0 < alarms[0]["step"] < apart - 10
                       and alarms[0]["rule"] == "underflow" and alarms[0]["product"] != "forward", (apart, alarms[:1]))

    def evaluations(self):
        """The trained model in other formats."""
        out = self.folder / "evaluation"
        model = [*STEPS, "--checkpoint", str(self.folder / "f32.checkpoint"), "--json", str(out)]
        r = self.run(*model, "--evaluate", "mxfp8_e4m3,nvfp4,int8,nvfp4:mxfp8_e4m3:,::nvfp4")
        self.check("a table", r.returncode == 0 and r.stdout.count("nvfp4") == 8, r.stdout + r.stderr)
        lines = self.record("evaluation")
        plain, rows = lines[1], {(l["weights"], l["activations"], l["cache"]): l for l in lines[1:]}
        last = [l["held_out"] for l in self.record("f32.whole.json") if "held_out" in l][-1]
        self.check("without other formats it is the model", plain["loss"] == last and plain["logit_error"] == 0, plain)
        self.check("each kind alone, all, and two choices", len(rows) == 14 and len(lines) - 1 == 15, len(rows))
        self.check("a choice that is one of those", lines[-1] == rows["binary32", "binary32", "nvfp4"] and lines.count(lines[-1]) == 2)
        pair = rows["nvfp4", "mxfp8_e4m3", "binary32"]
        self.check("weights in 4 bits, activations in 8", (pair["weight_bits"], pair["activation_bits"]) == (4.5, 8.25) and
                   rows["binary32", "mxfp8_e4m3", "binary32"]["logit_error"] < pair["logit_error"] < rows["nvfp4", "nvfp4", "nvfp4"]["logit_error"],
                   pair)
        heads = {k: (l["head_weight_bits"], l["head_activation_bits"]) for k, l in rows.items()}
        self.check("the head", heads["nvfp4", "mxfp8_e4m3", "binary32"] == (16, 16) and heads["nvfp4", "binary32", "binary32"] == (16, 32)
                   and heads["binary32", "binary32", "nvfp4"] == (32, 32), heads)
        for place, bits in enumerate(("weight_bits", "activation_bits", "cache_bits")):
            few, more = (rows[tuple(f if i == place else "binary32" for i in range(3))] for f in ("nvfp4", "mxfp8_e4m3"))
            self.check(f"{bits}: fewer bits, greater errors",
                       few["logit_error"] > 1.5 * more["logit_error"] > 0 and few[bits] == 4.5 and more[bits] == 8.25, (few, more))
        self.refused("an unknown format", 2, "--evaluate: there is no block format or format 'x'", *model, "--evaluate", "x")
        self.refused("an unknown format in a choice", 2, "--evaluate: there is no block format or format 'y'", *model, "--evaluate",
                     "nvfp4:y:")
        for wrong in ("nvfp4:int8", "a:b:c:d"):
            self.refused("half a choice", 2, f"--evaluate: '{wrong}' must be WEIGHTS:ACTIVATIONS:CACHE", *model, "--evaluate", wrong)


    def refusals(self):
        file = self.folder / "f32.checkpoint"
        good = file.read_bytes()
        to_file = ["--checkpoint", str(file)]
        self.refused("an unknown recipe", 2, "--recipe: there is no 'f33'", "--recipe", "f33")
        self.refused("an unknown task", 2, "--task: there is no 'x'", "--task", "x")
        self.refused("a task and a text", 2, "--text excludes --task", "--task", "copy", "--text", "x")
        self.refused("no such text", 2, "--text: there is no file '/no/text'", "--text", "/no/text")
        self.refused("no steps", 2, "--steps", "--steps", "0")
        self.refused("a word for a number", 2, "--batch", "--batch", "many")
        self.refused("no sequences", 2, "--batch: Value 0 not in range 1", "--batch", "0")
        self.refused("too many sequences", 2, "--batch: 65537 is not from 1 to 65536", "--batch", "65537", "--task", "copy")
        for option in ("--batch", "--layers", "--width", "--heads", "--sequence", "--warm-up", "--seed"):
            self.refused(f"{option} below zero", 2, "-1", option, "-1", "--task", "copy")
        self.refused("a width that heads do not divide", 2, "--heads: 3 is not", "--heads", "3")
        self.refused("a rate that is none", 2, "--rate: -1 is not above 0 and at most 1", "--rate", "-1", "--task", "copy")
        self.refused("an unknown option", 2, "--recipes", "--recipes")
        self.refused("to resume from nowhere", 2, "--resume requires --checkpoint", "--resume")
        self.refused("to resume from no file", 2, "there is no file", *STEPS, "--checkpoint", str(self.folder / "none"), "--resume")
        self.refused("a checkpoint that is there", 2, "is there: go on from it", *STEPS, *to_file)
        self.refused("a checkpoint of another recipe", 2, 'is of another run: recipe is "f32" there, "bf16" here',
                     *STEPS, *to_file, "--resume", "--recipe", "bf16")
        self.refused("a checkpoint of more steps", 2, "is of another run: steps is 60 there, 61 here",
                     "--task", "copy", "--steps", "61", *to_file, "--resume")
        self.refused("no folder for the record", 2, "cannot open", *STEPS, "--json", str(self.folder / "no" / "record"))
        self.refused("no folder for the record of a run with a checkpoint", 2, "cannot open", *STEPS, "--json",
                     str(self.folder / "no" / "record"), "--checkpoint", str(self.folder / "new"))
        self.refused("no folder for the checkpoint", 2, "cannot open", *STEPS, "--checkpoint", str(self.folder / "no" / "file"))
        for what, bytes_ in [("cut short", good[:len(good) // 3]), ("damaged", good[:300] + b"x" + good[301:]),
                             ("another file", b"#!/bin/sh\n" + good)]:
            file.write_bytes(bytes_)
            self.refused(f"a checkpoint that is {what}", 2, str(file), *STEPS, *to_file, "--resume")
        file.write_bytes(good)
        record = self.folder / "f32.whole.json"
        self.refused("a record of another run", 2, "is the record of another run", *STEPS, *to_file, "--resume",
                     "--json", str(self.folder / "bf16.whole.json"))
        held_out = [l["held_out"] for l in self.record(record.name) if "held_out" in l][-1]
        r = self.run(*STEPS, *to_file, "--resume", "--json", str(record))
        self.check("a run that has ended ends again", r.returncode == 0 and f"all 60 steps were done before: held out {held_out:.4f}, digest" in r.stdout, r.stdout + r.stderr)

    def others(self):
        r = self.run("--list")
        self.check("recipes and tasks are listed", r.returncode == 0 and
                   all(word in r.stdout for word in ["f32 ", "mxfp8 ", "nvfp4 ", "copy ", "sums "]), r.stdout)
        text = self.folder / "text"
        text.write_text("all work and no play makes jack a dull boy\n" * 1000, encoding="ascii")
        r = self.run("--text", str(text), "--steps", "3")
        self.check("a text of one's own", r.returncode == 0 and f"3 steps on {text}" in r.stdout, r.stdout + r.stderr)
        name = os.fsdecode(os.fsencode(text) + b"\xff")
        os.link(text, name)
        r = self.run("--text", name, "--steps", "3", "--json", str(self.folder / "odd.json"))
        self.check("a name that is no UTF-8", r.returncode == 0 and self.record("odd.json")[0]["setting"]["data"].endswith("text\ufffd"),
                   r.stdout + r.stderr)

    def files(self):
        """Files that are no files, or two things at once."""
        text, pipe = str(self.folder / "text"), str(self.folder / "pipe")
        os.mkfifo(pipe)
        run = ["--text", text, "--steps", "3"]
        self.refused("a record that is a pipe", 2, "it is there and is no file", *run, "--json", pipe)
        self.refused("a text that is a pipe", 2, "--text: " + pipe + " is neither a file nor a folder", "--text", pipe)
        self.refused("no name of a text", 2, "--text: there is no file ''", "--text", "")
        self.refused("a record that is the text", 2, "is the file of --text too", *run, "--json", text)
        self.refused("the same, otherwise written", 2, "is the file of --text too", *run, "--json", str(self.folder / "." / "no" / ".." / "text"))
        self.refused("a record that is the checkpoint", 2, "is the file of --checkpoint too", *run, "--json", text + "1", "--checkpoint", text + "1")
        self.refused("an evaluation to the checkpoint", 2, "is the file of --checkpoint too", *STEPS, "--evaluate", "int8",
                     "--json", str(self.folder / "f32.checkpoint"), "--checkpoint", str(self.folder / "f32.checkpoint"))
        self.refused("a record among the texts", 2, "lies in the folder of --text", "--text", str(self.folder), "--json", text + "1")
        self.refused("too short a text", 2, f"--text: {text}: 43000 bytes are too few", *run, "--sequence", "4096")

    def ranks(self, mpirun, recipe):
        """A training that 1, 2 and 4 processes share, and one alone."""
        environment = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1",
                           OMPI_MCA_rmaps_base_oversubscribe="1", OMPI_MCA_mpi_yield_when_idle="1")

        def together(n, *options):
            return subprocess.run([mpirun, "-q", "-n", str(n), *self.command([*options, "--exact", "--share"])], env=environment,
                                  capture_output=True, text=True, timeout=300)

        # Blocks of all recipes and slices of exact sums: 512 tokens, 128 in each.
        size = ["--task", "copy", "--steps", "6", "--sequence", "32", "--batch", "16", "--layers", "2", "--check-every", "3", "--monitor", "0",
                "--recipe", recipe]
        alone = f"{recipe}.alone.json"
        r = self.run(*size, "--exact", "--json", str(self.folder / alone))
        self.check(f"{recipe}: alone", r.returncode == 0, r.stderr)
        for n in (1, 2, 4):
            name = f"{recipe}.{n}.json"
            r = together(n, *size, "--json", str(self.folder / name))
            self.check(f"{recipe}: {n} processes", r.returncode == 0, r.stderr)
            self.check(f"TRN-13: {recipe}: {n} processes have the losses and the parameters of one",
                       r.returncode == 0 and self.record(name) == self.record(alone))
        r = together(3, *size)
        self.check("3 processes", r.returncode != 0 and "--share: there are 3 ranks, they must divide 4" in r.stderr, r.stderr)
        r = together(2, "--task", "copy", "--steps", "6", "--monitor", "0", "--recipe", recipe)
        self.check("few tokens", r.returncode != 0 and "--batch: has 64 tokens in all, ranks share multiples of 128" in r.stderr,
                   r.stderr)


def main():
    with tempfile.TemporaryDirectory() as folder:
        checks = Checks(sys.argv[1], folder)
        digests = {checks.kills(recipe) for recipe in ["f32", "bf16", "fp8_delayed_16"]}
        checks.check("recipes give other parameters", len(digests) == 3)
        checks.records()
        checks.monitors()
        checks.signals()
        checks.evaluations()
        checks.refusals()
        checks.others()
        checks.files()
        checks.refused("processes that share sums of Eigen's order", 2, "--share requires --exact", "--share")
        if len(sys.argv) > 2:
            for recipe in ["f32", "fp8_delayed_16", "mxfp4_rotated", "nvfp4_all_blocks", "bf16_stored_stochastic"]:
                checks.ranks(sys.argv[2], recipe)
        else:
            print("no mpirun: nothing is shared")
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


sys.exit(main())
