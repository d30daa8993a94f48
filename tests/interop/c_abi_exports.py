# SPDX-License-Identifier: Apache-2.0
"""liblowp.so exports what lowp/interop/lowp.h and lowp_dpi.h declare, under the version of its ABI, and nothing else.

usage: c_abi_exports.py SOURCE-ROOT LIBRARY"""
import pathlib
import re
import shutil
import subprocess
import sys

ROOT, LIBRARY = pathlib.Path(sys.argv[1]), sys.argv[2]


def main():
    if not shutil.which("nm") or not shutil.which("readelf"):
        print("skipped: there is no nm or no readelf")
        return 77
    header = "".join((ROOT / "include/lowp/interop" / name).read_text(encoding="ascii") for name in ("lowp.h", "lowp_dpi.h"))
    abi = re.search(r"^#define LOWP_ABI (\d+)$", header, re.M).group(1)
    declared = set(re.findall(r"^LOWP_API [\w ]+?[ *]+(\w+)\(", header, re.M))
    listed = subprocess.run(["nm", "-D", "--defined-only", "--with-symbol-versions", LIBRARY],
                            capture_output=True, text=True, check=True).stdout
    exported = {line.split()[-1] for line in listed.splitlines()} - {f"LOWP_{abi}"}
    # The version node is listed as a symbol of itself by some versions of nm.
    exported = {name for name in exported if not re.fullmatch(rf"LOWP_{abi}(@@?LOWP_{abi})?", name)}
    wanted = {f"{name}@@LOWP_{abi}" for name in declared}
    complaints = [f"declared, not exported: {name}" for name in sorted(wanted - exported)]
    complaints += [f"exported, not declared: {name}" for name in sorted(exported - wanted)]
    soname = re.search(r"SONAME\).*\[(.*)\]", subprocess.run(
        ["readelf", "-d", LIBRARY], capture_output=True, text=True, check=True).stdout)
    if not soname or soname.group(1) != f"liblowp.so.{abi}":
        complaints.append(f"the soname is {soname and soname.group(1)}, not liblowp.so.{abi}")
    if len(declared) < 55:
        complaints.append(f"only {len(declared)} declarations were recognised: the check is blind")
    print(*complaints, sep="\n")
    print(f"{len(wanted & exported)} passed, {len(complaints)} failed")
    return 1 if complaints else 0


sys.exit(main())
