# SPDX-License-Identifier: Apache-2.0
"""What people get wrong, over all commands of lowp and ./run: arguments, names, sizes, files, programs. Each
ends with its exit status and a message that names the argument, the value and the rule, and changes no file.

usage: bad_invocations_test.py PATH-OF-LOWP [PART-OF-AN-ARGUMENT...]"""
import os
import pathlib
import struct
import subprocess
import sys
import tempfile

LOWP = pathlib.Path(sys.argv[1]).resolve()
RUN = pathlib.Path(__file__).resolve().parents[2] / "run"
HUGE = "9" * 30


def vectors(*arguments):
    return subprocess.run([LOWP, "vectors", "convert e5m2 e4m3fn", "--cases", "random", "--count", "4", *arguments],
                          capture_output=True, check=True).stdout


def files():
    """Good files and what becomes of them on the way."""
    binary, npy, jsonl, csv = (vectors("--as", kind) for kind in ("binary", "npy", "jsonl", "csv"))
    lines = vectors()
    return {
        "empty": b"",
        "cut.bin": binary[:-1],
        "header.bin": binary[:40],
        "long.bin": binary + b"\0",
        "huge.bin": b"LOWPVEC1" + struct.pack("<I", 0xFFFFFFFF),
        "no_json.bin": b"LOWPVEC1" + struct.pack("<I", 4) + b"....",
        "cut.npy": npy[:-1],
        "header.npy": npy[:20],
        "version.npy": npy[:6] + b"\x09" + npy[7:],
        "cut.jsonl": jsonl[:jsonl.rindex(b"{")],
        "member.jsonl": jsonl.replace(b'"result"', b'"results"'),
        "no.json": b"{\"lowp\": \n",
        "columns.csv": csv.replace(b"input,", b"inputs,"),
        "cut.csv": csv[:-6],
        "wide.txt": lines + b"100 38\n",
        "short.txt": lines + b"3 38\n",
        "prefix.txt": b"0x3C 0x38\n",
        "unknown.txt": b"3C xx\n",
        "blanks.txt": b"3C  38\n",
        "fields.txt": b"3C 38 00\n",
        "text.txt": b"not a number at all\n",
        "zero.txt": b"3C\x0038\n",
        "line.txt": b"3" * (3 << 20),
        "claim.csv": b"# claim: convert e5m2 e4m3fm\ninput,result\n",
        "old": b"what was there before\n",
        "bad.fptest": b"b32+ =0 +1.000000P0 -> +1.000000P1\n",
        "script.py": b"print(1)\n",
    }


TO_E4M3 = ["--claim", "convert e5m2 e4m3fn"]

# Arguments of lowp ({0}: a folder with the files), exit status, words of the message.
TOOL = [
    (["verifi"], 2, ["unknown command 'verifi'", "nearest: verify"]),
    (["--verson"], 2, ["'--verson'", "--version"]),
    (["formats", "--as", "yaml"], 2, ["--as", "'yaml'", "text, csv, json, markdown"]),
    (["formats", "e4m3fm"], 1, ["no format", "'e4m3fm'", "nearest: e4m3fn"]),
    (["ops", "fmaa"], 1, ["no operation", "'fmaa'", "fma"]),
    (["rules", "cuda13.e4m3.satfinit"], 1, ["no rule", "nearest: cuda13.e4m3fn.satfinite"]),
    (["instructions", "vcvtneps2fb16"], 1, ["'vcvtneps2fb16'", "VCVTNEPS2BF16"]),
    (["models", "gaudi3.f17"], 1, ["no model", "nearest: gaudi3.f16"]),
    (["blocks", "mxfq4"], 1, ["'mxfq4'", "nearest: mxfp4"]),
    (["integers", "xnnpak"], 1, ["'xnnpak'", "xnnpack"]),
    (["show", "e4m3fn", HUGE], 2, ["VALUE", HUGE, "-448 to 448"]),
    (["show", "uint8", "-1"], 2, ["VALUE", "'-1'", "0 to 255"]),
    (["show", "e3m99", "1"], 2, ["FORMAT", "'e3m99'"]),
    (["table", "int16", "--from", HUGE], 2, ["--from", HUGE, "32767"]),
    (["table", "binary64"], 2, ["codes of binary64", "at most 65 536"]),
    (["block", "nvfp4", "1", "1e999999999999"], 2, ["NUMBER", "'1e999999999999'"]),
    (["block", "nvfp4", "1", "--recipe", "nvidea"], 2, ["--recipe", "'nvidea'"]),
    (["instruction", "cvt.rn.f16.f32", HUGE], 2, ["WORD", HUGE, "32 bits"]),
    (["model", "gaudi3.f16", "4000420g", "3c003c00", "3f800000"], 2, ["A: '4000420g'", "character 8", "hexadecimal"]),
    (["model", "gaudi3.f16", "40004200", "3c003c00", "3f800000", "--k", "0"], 2, ["--k", "0"]),
    # Claims.
    (["claims", ""], 2, ["empty", "lowp claims"]),
    (["claims", "konvert binary32 e4m3fn"], 2, ["'konvert' is no kind of claim", "nearest: convert"]),
    (["claims", "convert binary32"], 2, ["convert", "the format to convert to"]),
    (["claims", "convert binary32 e4m3fm"], 2, ["'e4m3fm'", "nearest: e4m3fn"]),
    (["claims", "convert binary32 e4m3fn overflow=saturat"], 2, ["overflow", "'saturat'", "saturate"]),
    (["claims", "convert binary32 e4m3fn overfow=saturate"], 2, ["'overfow'", "overflow"]),
    (["claims", "convert binary32 e4m3fn round=stochastic_a"], 2, ["random_bits=1...32"]),
    (["claims", "convert binary32 e4m3fn random_bits=" + HUGE], 2, ["random_bits", HUGE]),
    (["claims", "dot amx_bf16.tdpbf16ps k=" + HUGE], 2, ["k", HUGE, "4096"]),
    (["claims", "all_reduce e4m3fn ranks=0"], 2, ["ranks", "0"]),
    (["claims", "compare les bfloat16"], 2, ["'les'", "less"]),
    (["claims", "fma binary32 binary16"], 2, ["fma: 2 formats for 3 operands"]),
    # Vectors.
    (["vectors"], 2, ["CLAIM"]),
    (["vectors", "f32_to_e4m3fm"], 2, ["'e4m3fm'", "e4m3fn"]),
    (["vectors", "convert e5m2 e4m3fn", "--cases", "al"], 2, ["--cases", "'al'", "exhaustive, directed, random"]),
    (["vectors", "fma binary32", "--cases", "exhaustive"], 2, ["--cases exhaustive", "96 bits", "at most 32"]),
    (["vectors", "convert e5m2 e4m3fn", "--count", "0"], 2, ["--count", "'0'", "from 1"]),
    (["vectors", "convert e5m2 e4m3fn", "--count", HUGE], 2, ["--count", HUGE]),
    (["vectors", "convert e5m2 e4m3fn", "--seed", "-1"], 2, ["--seed", "'-1'"]),
    (["vectors", "convert e5m2 e4m3fn", "--as", "npz"], 2, ["--as", "'npz'", "npy"]),
    (["vectors", "convert e5m2 e4m3fn", "--join", ","], 2, ["--join", "','", "'_'"]),
    (["vectors", "dot amx_bf16.tdpbf16ps", "--flags"], 2, ["--flags", "has none"]),
    (["vectors", "convert e5m2 e4m3fm", "--output", "{0}/old"], 2, ["'e4m3fm'"]),
    (["vectors", "convert e5m2 e4m3fn", "--output", "{0}/no/such/folder"], 2, ["no/such/folder", "No such file"]),
    (["vectors", "convert e5m2 e4m3fn", "--output", "{0}"], 2, ["directory"]),
    (["vectors", "convert e5m2 e4m3fn", "--output", ""], 2, ["--output", "''"]),
    # Files of results.
    (["check"], 2, ["FILE"]),
    (["check", "{0}/nothing"], 2, ["nothing'", "No such file"]),
    (["check", "{0}"], 2, ["cannot read", "directory"]),
    (["check", "{0}/empty", *TO_E4M3], 1, ["no case was checked"]),
    (["check", "{0}/wide.txt"], 2, ["--claim", "does not say what it claims"]),
    (["check", "{0}/wide.txt", *TO_E4M3], 2, ["line 5", "'100'", "3 digits, e5m2 has 2"]),
    (["check", "{0}/short.txt", *TO_E4M3], 2, ["line 5", "'3'", "1 digit, e5m2 has 2"]),
    (["check", "{0}/wide.txt", "--claim", "convert e4m3fn"], 2, ["the format to convert to"]),
    (["check", "{0}/wide.txt", "{0}/short.txt", *TO_E4M3], 2, ["unexpected argument", "short.txt"]),
    (["check", "{0}/prefix.txt", *TO_E4M3], 2, ["line 1", "'0x3C' has a prefix"]),
    (["check", "{0}/unknown.txt", *TO_E4M3], 2, ["'xx' has a digit that is unknown"]),
    (["check", "{0}/blanks.txt", *TO_E4M3], 2, ["line 1", "two blanks in a row"]),
    (["check", "{0}/fields.txt", *TO_E4M3], 2, ["3 fields", "has 2: input result"]),
    (["check", "{0}/text.txt", *TO_E4M3], 2, ["line 1", "5 fields"]),
    (["check", "{0}/zero.txt", *TO_E4M3], 2, ["line 1", "byte 3 is zero"]),
    (["check", "{0}/line.txt", *TO_E4M3], 2, ["line 1", "longer than 1048576 bytes"]),
    (["check", "{0}/cut.bin"], 2, ["cut.bin", "record 4", "1 byte", "4 records of 2"]),
    (["check", "{0}/header.bin"], 2, ["header.bin", "ends in its header"]),
    (["check", "{0}/long.bin"], 2, ["long.bin", "record 5", "4 records"]),
    (["check", "{0}/huge.bin"], 2, ["huge.bin", "4294967295 bytes", "at most 1048576"]),
    (["check", "{0}/no_json.bin"], 2, ["no_json.bin", "'....' is no JSON object"]),
    (["check", "{0}/cut.npy", *TO_E4M3], 2, ["cut.npy", "record 4"]),
    (["check", "{0}/header.npy", *TO_E4M3], 2, ["header.npy", "ends in its header"]),
    (["check", "{0}/version.npy", *TO_E4M3], 2, ["version.npy", "unknown version"]),
    (["check", "{0}/cut.npy", "--claim", "fma e5m2"], 2, ["its type is not that of 'fma e5m2'", "'c'"]),
    (["check", "{0}/cut.jsonl"], 2, ["cut.jsonl", "ends after 3 of the 4 cases"]),
    (["check", "{0}/member.jsonl"], 2, ["line 2", '"result" is missing']),
    (["check", "{0}/no.json"], 2, ["line 1", "no JSON object"]),
    (["check", "{0}/columns.csv"], 2, ["column 1 is 'inputs'", "input there"]),
    (["check", "{0}/cut.csv"], 2, ["cut.csv"]),
    (["check", "{0}/claim.csv"], 2, ["claim.csv", "its claim: ", "'e4m3fm'", "nearest: e4m3fn"]),
    (["check", "{0}/bad.fptest"], 2, ["line 1", "1 operand, 'b32+' has 2"]),
    (["check", "{0}/old", "--as", "binary"], 2, ["old'", "not in the format 'binary'"]),
    (["check", "{0}/old", "--as", "bin"], 2, ["--as", "'bin'", "binary"]),
    (["check", "{0}/old", "--errors", "-1", *TO_E4M3], 2, ["--errors", "'-1'"]),
    (["check", "{0}/old", "--nan", "some", *TO_E4M3], 2, ["--nan", "'some'", "exact nor any"]),
    # Implementations from outside.
    (["verify", "--budget", "nan"], 2, ["--budget", "'nan'", "seconds"]),
    (["verify", "--budget", HUGE], 2, ["--budget", HUGE]),
    (["verify", "--threads", "0"], 2, ["--threads", "'0'"]),
    (["verify", "--only", "no such unit"], 2, ["--only", "'no such unit'"]),
    (["verify", "--plugin", "{0}/nothing.so"], 2, ["nothing.so'", "No such file"]),
    (["verify", "--plugin", "{0}/old"], 2, ["old'", "cannot be loaded", "too short"]),
    (["verify", "--plugin", "{0}/empty"], 2, ["empty'", "cannot be loaded", "too short"]),
    (["verify", "--plugin", "{0}"], 2, ["cannot be loaded"]),
    (["verify", "--command", "cat"], 2, ["--command", "--claim"]),
    (["verify", "--command", "cat", "--claim", "negate e5m3"], 2, ["--claim", "'e5m3'", "e5m2"]),
    (["verify", "--command", "{0}/nothing", "--claim", "negate e5m2"], 2, ["--command", "nothing", "not found"]),
    (["verify", "--json", "{0}/no/such.json", "--only", "F16C", "--budget", "1"], 2, ["no/such.json", "No such file"]),
    (["verify", "--html", "{0}", "--only", "F16C", "--budget", "1"], 2, ["directory"]),
]

# Programs that speak lines: what they do, and what is said of it on standard output.
PROGRAMS = [
    ("exit 3", ["exit status 3"]),
    ("cat >/dev/null", ["no lines"]),
    ("echo hello", ["'hello'", "is no hexadecimal number"]),
    ("sed s/^/1/", ["more than the 8 bits"]),
    ("sed 's/$/ 00/'", ["2 fields where 1 belongs"]),
    ("head -c 1", ["does not end with a line feed"]),
    ("kill -9 $$", ["SIGKILL"]),
]

# Arguments of ./run.
SCRIPT = [
    (["tset"], ["unknown command 'tset'", "nearest: test"]),
    (["test", "numbr"], ["no test is named 'numbr'", "nearest: number"]),
    (["fuzz", "pluging"], ["unknown fuzz target 'pluging'", "nearest: plugin"]),
    (["fuzz", "text", "0"], ["SECONDS", "'0'"]),
    (["fuzz", "text", "soon"], ["SECONDS", "'soon'"]),
    (["fuzz", "text", HUGE], ["SECONDS", HUGE]),
    (["fuzz", "text", "5", "fast"], ["fuzz text", "'fast'"]),
    (["fuzz", "plugin", "5", "--sources"], ["--sources", "name the sources"]),
    (["fuzz", "plugin", "5", "--sources", "nothing.c"], ["--sources", "'nothing.c'"]),
    (["fuzz", "plugin", "5", "--sources", "script.py"], ["'script.py'", ".c .cc .cpp"]),
    (["fuzz", "plugin", "5", "--operation"], ["--operation"]),
    (["fuzz", "plugin", "5", "--source", "old"], ["'--source'", "nearest: --sources"]),
    (["format", "--chek"], ["--check", "'--chek'"]),
]


def contents(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(pathlib.Path(folder).rglob("*")) if p.is_file()}


def run(program, arguments, folder, **more):
    done = subprocess.run([str(program), *arguments], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=120, check=False,
                          env={**os.environ, "LOWP_BUILD": str(LOWP.parents[1]), "LOWP_NO_INSTALL": "1"}, **more)
    return done.returncode, done.stdout.decode("latin1"), done.stderr.decode("latin1")


def refused(program, arguments, folder, status, words):
    before = contents(folder)
    got, out, err = run(program, [a.replace("{0}", folder) for a in arguments], folder)
    assert got == status, f"exit status {got}: {out[:300]}{err[:300]}"
    assert not out or status == 1, f"wrote to standard output: {out[:200]}"
    missing = [w for w in words if w not in err]
    assert not missing, f"message lacks {missing}: {err[:600]}"
    assert len(err) < 5000, f"a message of {len(err)} bytes"
    assert contents(folder) == before, "changed a file"


def program_fails(command, folder, words):
    got, out, err = run(LOWP, ["verify", "--command", command, "--claim", "negate e5m2", "--budget", "1"], folder)
    assert got == 1 and not err, (got, err)
    assert all(w in out for w in words), out


def full_disk(folder):
    with open("/dev/full", "wb") as full:
        done = subprocess.run([str(LOWP), "vectors", "convert e5m2 e4m3fn"], stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 2 and b"standard output: cannot be written" in done.stderr, done.stderr


def main():
    with tempfile.TemporaryDirectory() as folder:
        for name, data in files().items():
            pathlib.Path(folder, name).write_bytes(data)
        checks = [("lowp " + " ".join(a)[:80], lambda a=a, s=s, w=w: refused(LOWP, a, folder, s, w)) for a, s, w in TOOL]
        checks += [("run " + " ".join(a)[:80], lambda a=a, w=w: refused(RUN, a, folder, 2, w)) for a, w in SCRIPT]
        checks += [(f"program {c}", lambda c=c, w=w: program_fails(c, folder, w)) for c, w in PROGRAMS]
        checks += [("full disk", lambda: full_disk(folder))]
        only = sys.argv[2:]
        checks = [c for c in checks if not only or any(o in c[0] for o in only)]
        failed = 0
        for name, check in checks:
            try:
                check()
            except (AssertionError, subprocess.SubprocessError, OSError) as error:
                failed += 1
                print(f"FAILED {name!r}: {type(error).__name__} {error}")
    print(f"{len(checks) - failed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
