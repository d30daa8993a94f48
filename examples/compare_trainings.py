# SPDX-License-Identifier: Apache-2.0
"""Trainings as processes, several at a time: for run_comparison.py."""
import json
import os
import subprocess
import sys
import time

from compare_runs import BASE, EVALUATION


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

    def __init__(self, program, folder, group, recipe, seed):
        """group: its name, steps, monitor (steps between statistics) and options."""
        self.recipe, self.seed = recipe, seed
        self.name = f"{group['name']}/{recipe}-{seed}"
        base = os.path.join(folder, self.name)
        self.record, self.checkpoint, self.log = base + ".jsonl", base + ".checkpoint", base + ".log"
        self.evaluation = base + EVALUATION
        self.command = [program, "--recipe", recipe, "--seed", str(seed), "--steps", str(group["steps"]), *group["options"],
                        "--checkpoint", self.checkpoint]
        self.monitor = group["monitor"]
        self.process = None

    @property
    def is_done(self):
        return ending(self.record) is not None

    def start(self):
        if not os.path.exists(self.record) and os.path.exists(self.checkpoint):
            os.remove(self.checkpoint)  # its losses are lost: begin anew
        command = [*self.command, "--threads", "1", "--json", self.record, "--monitor", str(self.monitor)]
        if os.path.exists(self.checkpoint):
            command.append("--resume")
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)

    def wait_is_over(self):
        return self.process.poll() is not None

    def result(self):
        """None, or why there is no whole record: a training that fails is a result, too."""
        if self.is_done:
            if self.recipe != BASE and os.path.exists(self.checkpoint):
                os.remove(self.checkpoint)  # only those of the base are evaluated
            return None
        with open(self.log, encoding="utf-8", errors="replace") as log:
            text = log.read().strip().splitlines()
        return f"{self.name} ended with status {self.process.returncode}: {text[-1] if text else 'no message'}"

    def evaluate(self, formats):
        """The trained model in other formats. Returns what went wrong, or None."""
        asked = self.evaluation + ".formats"
        if os.path.exists(self.evaluation) and os.path.exists(asked):
            with open(asked, encoding="utf-8") as file:
                if file.read() == formats:
                    return None
        if not os.path.exists(self.checkpoint):
            return f"{self.evaluation} has other formats, and {self.checkpoint} is gone" if os.path.exists(asked) else None
        command = [*self.command, "--threads", "0", "--evaluate", formats, "--json", self.evaluation]
        result = subprocess.run(command, capture_output=True, text=True)
        if result.returncode == 0:
            with open(asked, "w", encoding="utf-8") as file:
                file.write(formats)
        return None if result.returncode == 0 else f"evaluation of {self.name}: {result.stderr.strip()}"


def show(text):
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def train_all(trainings, jobs):
    """All that are not done, so many at a time. Returns what went wrong."""
    waiting, running, wrong = [t for t in trainings if not t.is_done], [], []
    done, begin = len(trainings) - len(waiting), time.monotonic()
    if done:
        print(f"{done} of {len(trainings)} trainings are there already")
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
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
