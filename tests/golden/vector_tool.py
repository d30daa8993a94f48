# SPDX-License-Identifier: Apache-2.0
"""What the tests of lowp vectors and lowp check share: running the tool, reading lines."""
import resource
import subprocess
import sys

LOWP = sys.argv[1]


def run(*arguments, data=None, limit=None):
    """Exit status, output and errors as bytes; `limit`: bytes of address space."""
    def bound():
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    p = subprocess.run([LOWP, *arguments], input=data, capture_output=True, timeout=120,
                       preexec_fn=bound if limit else None)
    return p.returncode, p.stdout, p.stderr


def vectors(*arguments):
    status, out, err = run("vectors", *arguments)
    assert status == 0 and not err, (arguments, err)
    return out


def check(data, *arguments):
    status, out, err = run("check", "-", *arguments, data=data)
    return status, out.decode(), err.decode()


CLAIMS = ["f16_add", "convert binary32 e4m3fn overflow=saturate", "fma e5m2", "compare less bfloat16",
          "convert binary32 bfloat16 round=stochastic_a random_bits=16", "dot avx512_bf16.vdpbf16ps",
          "convert binary32 e2m1", "convert binary64 binary32", "instruction cvt.rn.bf16x2.f32", "convert e3m2 int16",
          "quantise mxfp8_e4m3 torchao_rceil", "dequantise nvfp4", "affine onnx int8", "requantise tflite.double",
          "integer_dot vpdpbusd", "unpack dense4_low int4 to=int8"]
COUNT = "500"


def plain_rows(claim):
    return [line.split(" ") for line in lines_of(vectors(claim, "--count", COUNT))]


def lines_of(out):
    text = out.decode("ascii")
    assert not text or text.endswith("\n")
    return text.splitlines()


def rows_of(out, separator=" "):
    return [[int(f, 16) for f in line.split(separator)] for line in lines_of(out) if not line.startswith("//")]


def run_checks(checks):
    """Runs pairs of name and function, only those whose name contains a further word of the command line."""
    only = sys.argv[2:]
    checks = [c for c in checks if not only or any(o in c[0] for o in only)]
    failed = 0
    for name, one in checks:
        try:
            one()
        except (AssertionError, subprocess.TimeoutExpired, OSError, ValueError, KeyError, IndexError) as error:
            failed += 1
            print(f"FAILED lowp {name!r}: {type(error).__name__} {str(error)[:1500]}")
    print(f"{len(checks) - failed} passed, {failed} failed")
    return 1 if failed else 0
