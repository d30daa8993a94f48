# SPDX-License-Identifier: Apache-2.0
"""For plugin_test.py: a program for `lowp verify --command` that negates bfloat16 codes, in the way that its
argument says."""
import os
import sys
import time


def negated(line):
    code = int(line, 16) ^ 0x8000
    if code & 0x7fff > 0x7f80:
        code = code & 0x8000 | 0x7fc0
    return f"{code:04X}"


def main():
    how = sys.argv[1]
    if how == "line by line":
        for line in sys.stdin:
            print(negated(line), flush=True)
        return 0
    if how == "early exit":
        sys.stderr.write("licence has expired\n")
        return 5
    if how == "answers before it reads":
        print("8000", flush=True)
    if how == "ends without reading":
        return 0
    lines = [negated(line) for line in sys.stdin]
    at = min(len(lines) - 1, 5)
    if how == "lower case and CR LF":
        sys.stdout.write("".join(f"{line.lower()}\r\n" for line in lines))
        return 0
    if how == "short":
        lines = lines[:at]
    elif how == "long":
        lines.append("0000")
    elif how == "garbled":
        lines[at] = "12G4"
    elif how == "prefix":
        lines[at] = "0x" + lines[at]
    elif how == "wide":
        lines[at] = "1" + lines[at]
    elif how == "two fields":
        lines[at] += " 00"
    elif how == "empty line":
        lines[at] = ""
    elif how == "banner":
        lines.insert(0, "ACME negator 1.0")
    elif how == "wrong":
        lines = [f"{int(line, 16) ^ (line == '8000'):04X}" for line in lines]
    elif how == "status at the end":
        print("\n".join(lines), flush=True)
        return 1
    elif how == "hangs":
        time.sleep(100)
    elif how == "endless":
        while True:
            print("0000" * 1000)
    elif how == "killed":
        os.kill(os.getpid(), 9)
    elif how == "no line feed":
        sys.stdout.write("\n".join(lines))
        return 0
    elif how not in ("all at once", "answers before it reads"):
        raise ValueError(how)
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 0


try:
    status = main()
    sys.stdout.flush()
except BrokenPipeError:
    os._exit(1)
sys.exit(status)
