# SPDX-License-Identifier: Apache-2.0
"""What lowp lists and shows, from outside: formats, codes, registries; as text, CSV, JSON and Markdown.

usage: browse_test.py PATH-OF-LOWP"""
import json
import pathlib
import re
import sys
import tempfile

from tool import output_of, rows_of, run, run_checks

SPEC = pathlib.Path(__file__).resolve().parents[2] / "spec"
FORMATS = json.loads((SPEC / "formats.json").read_text(encoding="ascii"))["formats"]
LISTS = {"formats": 70, "ops": 74, "rules": 300, "instructions": 300, "models": 580, "blocks": 150, "integers": 50,
         "codecs": 20}

# Arguments, and what the message must contain: the argument, the value, the rule or a near name.
BAD = [
    (["formats", "fp8", "--as", "xml"], ["--as", "'xml'", "text, csv, json, markdown"]),
    (["formats", "--as", "cvs"], ["--as", "'cvs'", "nearest: csv"]),
    (["formats", "--as", ""], ["--as", "''"]),
    (["formats", "--as"], ["--as"]),
    (["formats", "--as", "csv", "--as", "json"], ["--as"]),
    (["ops", "--has", "csv"], ["'--has'", "nearest: --as"]),
    (["opps"], ["unknown command 'opps'", "nearest: ops"]),
    (["format"], ["unknown command 'format'", "nearest: formats"]),
    (["models", "--only", "wgmma"], ["unknown option '--only'", "lowp models --help"]),
    (["show"], ["FORMAT"]),
    (["show", "e4m3fn"], ["VALUE"]),
    (["show", "e4m3fm", "1"], ["FORMAT", "'e4m3fm'", "nearest: e4m3fn"]),
    (["show", "", "1"], ["FORMAT", "''"]),
    (["show", "binary99p3se", "1"], ["'binary99p3se'"]),
    (["show", "binary8p9se", "1"], ["'binary8p9se'"]),
    (["show", "int65", "1"], ["'int65'", "int64"]),
    (["show", "e4m3fn", "1.5x"], ["VALUE", "'1.5x'", "character 4"]),
    (["show", "e4m3fn", "1", "2", "three"], ["VALUE", "'three'", "character 1"]),
    (["show", "e4m3fn", "1", "--as", "html"], ["--as", "'html'"]),
    (["show", "e4m3fn", ""], ["VALUE", "empty"]),
    (["show", "e4m3fn", "0x1ff"], ["'0x1ff'", "more bits"]),
    (["show", "e4m3fn", "1e99999999999"], ["out of the range", "448"]),
    (["show", "e4m3fn", "-inf"], ["'-inf'", "no infinity"]),
    (["show", "e4m3fn", "-INF"], ["'-INF'", "no infinity"]),
    (["show", "e4m3fn", "1", "-.5.", "--as", "json"], ["'-.5.'", "character 4"]),
    (["show", "e2m1", "nan"], ["'nan'", "no NaN"]),
    (["show", "e8m0fnu", "-2"], ["'-2'"]),
    (["show", "e4m3fn", "0b12"], ["'0b12'", "character 4"]),
    (["show", "x" * 100000, "1"], ["FORMAT"]),
    (["show", "e4m3fn", "9" * 100000], ["VALUE"]),
    (["show", "\xff\x1b[31m", "%n%s{}"], ["FORMAT"]),
    (["table"], ["FORMAT"]),
    (["table", "e4m3fm"], ["FORMAT", "'e4m3fm'", "nearest: e4m3fn"]),
    (["table", "e4m3fn", "e5m2"], ["unexpected argument 'e5m2'"]),
    (["table", "binary32"], ["FORMAT", "4 294 967 296 codes", "at most 65 536", "--from and --to"]),
    (["table", "binary32", "--from", "1"], ["codes of binary32", "at most 65 536"]),
    (["table", "tf32"], ["524 288 codes of tf32"]),
    (["table", "int64"], ["2^64 codes of int64"]),
    (["table", "binary16", "--from", "2", "--to", "1"], ["--from", "0x4000", "behind --to", "0x3c00"]),
    (["table", "e2m1", "--from", "17"], ["--from", "'17'", "-6 to 6"]),
    (["table", "e2m1", "--to", "0x1f"], ["--to", "'0x1f'", "more bits"]),
    (["table", "e2m1", "--to", "0y1"], ["--to", "'0y1'", "character 2"]),
    (["table", "e2m1", "--from", ""], ["--from", "''", "empty"]),
    (["table", "e2m1", "--form", "1"], ["'--form'", "nearest: --from"]),
    (["table", "e2m1", "--as", "jsn"], ["--as", "'jsn'", "nearest: json"]),
    (["message"], ["FILE"]),
    (["message", "/no/such/file"], ["/no/such/file", "No such file"]),
    (["message", "/"], ["'/'", "directory"]),
    (["message", "/dev/null", "--as", "xml"], ["--as", "'xml'", "text, csv, json, markdown"]),
]

# Searches without result: the texts, and names near them.
NOTHING = [
    (["formats", "e4m3fm"], ["no format", "'e4m3fm'", "nearest: e4m3fn"]),
    (["formats", "no such format"], ["'no such format'"]),
    (["formats", "e4m3fn", "posit"], ["no format has all", "'e4m3fn' ", "'posit' "]),
    (["formats", "binary8p9se"], ["'binary8p9se'"]),
    (["ops", "fmaa"], ["no operation", "'fmaa'", "fma"]),
    (["ops", "add", "zzzz"], ["'add' 2, 'zzzz' none"]),
    (["rules", "cuda13.e4m3.satfinit"], ["no rule", "nearest: cuda13.e4m3fn.satfinite"]),
    (["instructions", "vcvtneps2fb16"], ["'vcvtneps2fb16'", "VCVTNEPS2BF16"]),
    (["models", "gaudi3.f17"], ["no model", "nearest: gaudi3.f16"]),
    (["models", "wgmma", "e4m3", "volta9"], ["'volta9' none"]),
    (["blocks", "mxfq4"], ["'mxfq4'", "nearest: mxfp4"]),
    (["integers", "xnnpak"], ["'xnnpak'"]),
    (["codecs", "mxfq4"], ["no codec", "'mxfq4'", "nearest: mxfp4"]),
    (["models", "x" * 100000], ["no model"]),
    (["models", "\xff%n{}"], ["no model"]),
]


def lists_parse_in_every_way():
    """CSV and JSON are the same; Markdown and text have a line for each row; what is narrow is wrapped, not lost."""
    for command, least in LISTS.items():
        data = rows_of(command)
        names = [next(iter(row.values())) for row in data]
        assert len(data) >= least and all(names), (command, len(data))
        assert all(row.keys() == data[0].keys() for row in data)
        markdown = output_of(command, "--as", "markdown").splitlines()
        cells = [re.split(r"(?<!\\)\|", line) for line in markdown]
        assert len(markdown) == len(data) + 2 and len({len(row) for row in cells}) == 1, command
        text = output_of(command).splitlines()
        assert len(text) == len(data) + 1, command
        assert all(line.startswith(name) for line, name in zip(text[1:], names)), command
        narrow = output_of(command, columns=80)
        assert narrow.split() != [] and all(name in narrow for name in names)
        assert sorted(narrow.split()) == sorted(" ".join(text).split()), command
        assert all(len(line) <= 80 or line in names for line in narrow.splitlines()), command


def columns_are_aligned():
    """Every column begins where its heading does (or ends, where numbers are)."""
    lines = output_of("ops").splitlines()
    start = lines[0].index("meaning")
    end = lines[0].index("operands") + len("operands")
    for line in lines[1:]:
        assert line[start - 1] == " " and line[start] != " " and line[end - 1] in "123", line


def searches_find_all_words():
    """In names, descriptions and sources, in either case, in any order."""
    def names(*arguments):
        return [next(iter(row.values())) for row in rows_of(*arguments)]
    assert names("formats", "FP8", "amd")[0] == "e4m3fnuz" and "e4m3fn" not in names("formats", "amd", "fp8")
    assert names("formats", "fp8", "ocp") == names("formats", "OCP", "Fp8") == ["e5m2", "e4m3fn", "e8m0fnu"]
    assert "v_cvt_scalef32_pk_fp4_bf16" in names("instructions", "gfx950", "e2m1", "bfloat16")
    assert names("models", "WGMMA", "e5m2.e4m3") == ["sm90a.wgmma.m64nNk32.f32.e5m2.e4m3", "sm90a.wgmma.m64nNk32.f16.e5m2.e4m3"]
    assert "gfx942" not in " ".join(names("models", "wgmma"))
    assert "torchao_rceil" in names("blocks", "recipe", "torchao")
    assert names("ops", "F_mulAdd") == ["fma"]
    assert "rint_even" in names("ops", "F_roundToInt") and len(names("ops", "F_roundToInt")) == 5
    assert {"cuda13.e4m3fn.satfinite", "CUDA 13 satfinite"} <= set(names("rules", "cuda", "satfinite"))


def whole_names_show_all():
    """One row with every fact; the names of all that have the text, too."""
    out = output_of("formats", "e4m3fn")
    for text in ("float8_e4m3fn", "0x7e = 448", "0x08 = 1/64", "0x01 = 1/512", "0x7f, 0xff", "FLOAT8E4M3FN", "OCP OFP8 v1.0",
                 "more with this text", "e4m3fnuz"):
        assert text in out, (text, out)
    assert output_of("formats", "E4M3").startswith("format         e4m3fn\n")
    assert output_of("formats", "e4m3").startswith("format         e4m3\n")
    assert "2^72" in output_of("formats", "posit20") and rows_of("formats", "binary5p2uf")[0]["bits"] == 5
    assert len(rows_of("formats", "e4m3")) == 1
    out = output_of("instructions", "VCVTPS2PH")
    assert "imm8, MXCSR.RC" in out and "f16c.vcvtps2ph.rz" in out, out
    assert "gfx1201" in output_of("instructions", "v_cvt_pk_fp8_f32", "gfx1201").splitlines()[0]
    for unit, texts in (("sm90a.wgmma.m64nNk32.f32.e4m3.e4m3", ["13 bits", "e8m13", "measured", "H100", "toward_zero"]),
                        ("gfx942.v_mfma_f32_32x32x16_fp8_fp8", ["cut again", "reach_c"]),
                        ("gfx908.v_mfma_f32_32x32x4f16", ["exactly", "disputed"]),
                        ("amx_bf16.tdpbf16ps", ["at the end", "run"]),
                        ("sm100a.tcgen05.mma.block_scale.mMnNk64.block16.f32.e2m1.e2m1.ue4m3", ["ue4m3", "16 products"])):
        out = output_of("models", unit)
        assert all(t in out for t in texts), (unit, out)
    # The name of several rows shows each of them.
    assert output_of("blocks", "mxfp4").count("\nkind ") == 3
    assert output_of("ops", "FMA").startswith("operation     fma\n")


def registries_are_complete():
    """Against the tables of the specification."""
    def names(file, key):
        return [row["name"] for row in json.loads((SPEC / file).read_text(encoding="ascii"))[key]]
    for command, file, key in (("formats", "formats.json", "formats"), ("models", "mma_models.json", "models"),
                               ("instructions", "conversion_instructions.json", "instructions")):
        assert [next(iter(row.values())) for row in rows_of(command)] == names(file, key), command
    listed = [row["rule"] for row in rows_of("rules")]
    assert listed[:len(names("conversion_rules.json", "rules"))] == names("conversion_rules.json", "rules")
    for name in ("mxfp8_e4m3", "q4_K", "nvfp4_4over6_mse", "tile_128x4", "ggml_mxfp4", "dense4_low"):
        assert rows_of("blocks", name), name
    for name in ("xnnpack.rndnu", "vpdpbusd", "q4_sbhalf", "greedy", "pytorch.affine", "fbgemm.avx2"):
        assert rows_of("integers", name), name
    assert {"fp32", "mxfp4", "nvfp4", "int8", "fbgemm_mx4"} <= {row["codec"] for row in rows_of("codecs")}


# Three numbers in binary32: the message of the test of COL-11.
MESSAGE = bytes.fromhex(
    "4c4f5750010060000100000001000000030000000000000008070605040302011817161514131211282726252423222100000000000000004847464544434241"
    "54535251646362617473727100000000"
    "0c00000000000000eaff776df865cd75"
    "0000803f000020c000000000")


def messages_are_read():
    """Fields of a right one; of a wrong one the offset and the rule."""
    codec = rows_of("codecs", "mxfp4")[0]
    assert (codec["id"], codec["row"], codec["bytes_of_row"], codec["bits_per_number"]) == (10, 256, 136, "4.25"), codec
    assert "wgmma" not in output_of("codecs", "fbgemm") and len(rows_of("codecs", "fbgemm", "torchrec")) == 6
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "message"
        path.write_bytes(MESSAGE)
        row = rows_of("message", str(path))[0]
        assert row["kind"] == "data" and row["codec"] == "fp32" and row["elements"] == "3" and row["payload_bytes"] == "12", row
        assert int(row["first"]) == 0x0102030405060708 and int(row["sender"]) == 0x61626364, row
        assert "receiver       1903326068\n" in output_of("message", str(path))
        for data, offset, words in ((MESSAGE[:-1], 107, "fewer bytes"), (MESSAGE + b"x", 108, "behind the payload"), (b"", 0, "no message"),
                                    (MESSAGE[:-1] + b"x", 88, "checksum of the payload"), (b"x" + MESSAGE[1:], 0, "4c 4f 57 50"),
                                    (MESSAGE[:8] + b"x" + MESSAGE[9:], 92, "checksum of the header")):
            path.write_bytes(data)
            status, out, err = run("message", str(path))
            assert status == 1 and not out and f"offset {offset}: " in err and words in err, (offset, out, err)


def codes_are_taken_apart():
    """Fields, value, neighbours and their distances; other formats in the order of their error."""
    out = output_of("show", "e4m3fn", "0.3")
    for text in ("rounded to nearest", "0x2a", "0b0'0101'010", "exponent 0101 (5, bias 7)", "1.010 x 2^-2", "0.3125", "5/16",
                 "0x1.4p-2", "shortest  0.3\n", "0x29 = 0.28125, 1/32 away", "0x2b = 0.34375, 1/32 away", "e5m2 0x35"):
        assert text in out, (text, out)
    table = out.splitlines()
    table = [line.split()[:2] for line in table[table.index("") + 2:]]
    assert table[0] == ["0.3125", "exact"] and ["0.25", "-20"] in table and ["0", "-100"] in table, table
    assert "0.001 x 2^-6 in binary" in output_of("show", "e4m3fn", "0x01")
    assert "0x7b = 57344\n" in output_of("show", "e5m2", "0x7c") and "above     none" in output_of("show", "e5m2", "inf")
    assert "regime 10 (2), exponent 01 (1), fraction 100 (4)" in output_of("show", "posit8", "-3")
    assert "direction 0, regime 100 (4), characteristic 101 (5)" in output_of("show", "takum16", "-0.001")
    assert "dot 01 (1), exponent 10 (2), fraction 010 (2)" in output_of("show", "hifloat8", "0.3")
    out = output_of("show", "e4m3fn", "1", "-.5", "0x7f")
    assert out.count("\nclass ") == 3 and "-1/2" in out and "quiet NaN" in out
    for arguments in (["fp8_e4m3", "0x7f"], ["float16", "-inf"], ["bf16", "-.5"], ["posit16", "0b01"], ["nf4", "0"],
                      ["lns8", "0x80"], ["e8m0fnu", "0x1p-127"], ["binary64", "5e-324"], ["int8", "-128"]):
        status, out, err = run("show", *arguments)
        assert status in (0, 2) and ("class" in out or "nearest" in err), (arguments, status, out, err)


def every_format_shows():
    """All kinds of numbers."""
    for f in FORMATS:
        assert "\nclass " in output_of("show", f["name"], "0x1"), f["name"]


def help_is_there():
    """Of each command that lowp --help names."""
    commands = re.findall(r"^  ([a-z]+) {3,}", output_of("--help"), re.M)
    assert set(LISTS) | {"show", "table", "block", "instruction", "model", "verify"} <= set(commands), commands
    for command in commands:
        assert "Usage" in output_of(command, "--help"), command
    assert output_of("--version").startswith("lowp ")


sys.exit(run_checks(BAD, [
    help_is_there, lists_parse_in_every_way, columns_are_aligned, searches_find_all_words, whole_names_show_all,
    registries_are_complete, messages_are_read, codes_are_taken_apart, every_format_shows], NOTHING))
