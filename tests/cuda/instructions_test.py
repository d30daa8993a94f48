# SPDX-License-Identifier: Apache-2.0
"""The library of GPU instructions of `lowp verify --gpu` compiles to machine code for Hopper and Blackwell, and has
every conversion of the tables that these machines and this nvcc have.

usage: instructions_test.py SOURCE-ROOT"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(ROOT / "fuzz/gpu"))
import build  # noqa: E402


def targets_are_read():
    """What a row's target says, for some machines and versions of PTX."""
    cases = [("all", 75, (8, 0), True), ("sm_80", 90, (9, 0), True), ("sm_89", 80, (9, 0), False),
             ("sm_100a, sm_120a", 100, (9, 0), True), ("sm_100a, sm_120a", 103, (9, 0), False),
             ("PTX 9.1, sm_100a, sm_103a", 103, (9, 0), False), ("PTX 9.1, sm_100a, sm_103a", 103, (9, 1), True),
             ("PTX 9.2, sm_100f, sm_120f", 103, (9, 2), True), ("PTX 9.2, sm_100f, sm_120f", 110, (9, 2), False)]
    wrong = [case for case in cases if build.is_here(*case[:3]) != case[3]]
    assert not wrong, wrong


def everything_has_a_kernel():
    """Names in the program, and how many there are."""
    table = json.loads((ROOT / "spec/conversion_instructions.json").read_text(encoding="ascii"))["instructions"]
    names = {row["name"] for row in table if row["name"].startswith("cvt.")}
    here = set()
    for capability in (75, 89, 90, 100, 103, 120, 121):
        text, _ = build.program(capability, (9, 2))
        here |= {name for name in names if f'    {{"{name}", gpu_kind::cvt' in text}
    assert names == here, sorted(names - here)
    for capability, instructions in ((90, ["mma.m16n8k32.f32.e4m3.e5m2.f32", "wgmma.m64nNk32.f32.e4m3.e4m3"]),
                                     (100, ["mma.m16n8k16.f32.bf16.bf16.f32", "tcgen05.mma.mMnNk32.f32.e5m2.e4m3"])):
        text, _ = build.program(capability, (9, 0))
        assert all(f'    {{"{name}", ' in text for name in instructions), capability


def compiles(nvcc, capability):
    with tempfile.TemporaryDirectory() as folder:
        build.build(nvcc, capability, os.path.join(folder, "out.cubin"), True)


def main():
    targets_are_read()
    everything_has_a_kernel()
    nvcc = shutil.which("nvcc") or shutil.which("/usr/local/cuda/bin/nvcc")
    if not nvcc:
        print("skipped: no nvcc here")
        return 77
    if subprocess.run([nvcc, "--version"], capture_output=True, text=True).stdout.find("release 13.") < 0:
        print("skipped: sm_100a needs a newer nvcc")
        return 77
    for capability in (90, 100):
        compiles(nvcc, capability)
        print(f"sm_{capability} compiled", flush=True)
    return 0


sys.exit(main())
