# SPDX-License-Identifier: Apache-2.0
"""lowp block, instruction and model from outside.

usage: compute_test.py PATH-OF-LOWP"""
import sys

from tool import output_of, run_checks

# Arguments, and what the message must contain: the argument, the value, the rule or a near name.
BAD = [
    (["block"], ["FORMAT"]),
    (["block", "mxfp4"], ["NUMBER"]),
    (["block", "mxfq4", "1"], ["FORMAT", "'mxfq4'", "mxfp4"]),
    (["block", "mxfp4", "1", "--recipe", "ocq"], ["--recipe", "'ocq'", "ocp"]),
    (["block", "mxfp4", "1", "--recipe", ""], ["--recipe", "''"]),
    (["block", "mxfp4", "1", "--recipe", "hif4"], ["--recipe", "hif4 is none for mxfp4", "two levels"]),
    (["block", "mxfp4", "1", "two"], ["NUMBER", "'two'", "character 1"]),
    (["block", "nvfp4", *["1"] * 17], ["17 numbers", "has 16"]),
    (["instruction"], ["NAME"]),
    (["instruction", "VCVTPH2HF8"], ["WORD"]),
    (["instruction", "VCVTPH2HF9", "0"], ["NAME", "'VCVTPH2HF9'", "VCVTPH2HF8"]),
    (["instruction", "cvt.rn.f16x2.f32", "3f800000"], ["2 source registers of 32 bits, not 1"]),
    (["instruction", "cvt.rn.f16.f32", "3f80000g"], ["WORD", "'3f80000g'", "hexadecimal"]),
    (["instruction", "cvt.rn.f16.f32", ""], ["WORD", "''", "hexadecimal"]),
    (["instruction", "cvt.rn.f16.f32", "13f800000"], ["WORD", "'13f800000'", "32 bits"]),
    (["instruction", "cvt.rn.f16.f32", "0", "--length", "2"], ["--length", "'2'", "1 to 1"]),
    (["instruction", "VCVTPS2PH", "0", "--length", "3"], ["--length", "'3'", "1, 2 or 4"]),
    (["instruction", "fcvt.bf16.s", "0", "--frm", "5"], ["--frm", "'5'", "0 to 4"]),
    (["instruction", "cvt.rn.f16.f32", "0", "--random", "123456789"], ["--random", "32 bits"]),
    (["instruction", "cvt.rn.f16.f32", "0", "--mxscr", "0"], ["'--mxscr'", "--mxcsr"]),
    (["model", "gaudi3.f17", "40004200", "3c003c00", "3f800000"], ["NAME", "'gaudi3.f17'", "nearest: gaudi3.f16"]),
    (["model", "", "0", "0", "0"], ["NAME", "''"]),
    (["model", "gaudi3.f16", "40004200"], ["B is required"]),
    (["model", "gaudi3.f16", "40004200", "3c003c00"], ["C is required"]),
    (["model", "gaudi3.f16", "4000420", "3c003c00", "0"], ["A: '4000420'", "7 digits", "2 codes of 16 bits have 8"]),
    (["model", "gaudi3.f16", "40004200", "3c00xc00", "0"], ["B: '3c00xc00'", "character 5", "hexadecimal"]),
    (["model", "gaudi3.f16", "40004200", "3c003c00", "0"], ["C: '0'", "1 code of 32 bits"]),
    (["model", "gaudi3.f16", "40004200", "3c003c00", "3f800000", "7f"], ["SA: '7f'", "no scales"]),
    (["model", "sm120.mma.block_scale.m16n8k32.block32.f32.e2m3.e2m3.f32.ue8m0", "7f" + "00" * 31, "00" * 32, "00000000"],
     ["A: '7f', number 1", "6 bits"]),
    (["model", "sm120.mma.block_scale.m16n8k32.block32.f32.e2m3.e2m3.f32.ue8m0", "00" * 32, "00" * 32, "00000000", "7f"],
     ["SB", "1 scales of e8m0fnu"]),
    (["model", "gaudi3.f16", "40004200", "3c003c00", "3f800000", "--zeros", "skiped"], ["--zeros", "'skiped'", "skipped"]),
    (["model", "amx_int8.tdpbssd", "00", "00", "00000000", "--k", "6"], ["--k: 6", "group divides k"]),
    (["model", "amx_int8.tdpbssd", "00", "00", "00000000", "--k", "0"], ["--k", "'0'", "1 to 512"]),
    (["model", "gaudi3.f16", "40004200", "3c003c00", "3f800000", "--zero", "x"], ["'--zero'", "nearest: --zeros"]),
]


def blocks_are_made():
    """Scales, codes and values of numbers in blocks; what comes from infinities."""
    def values(*arguments):
        return [line.split()[-1] for line in output_of("block", *arguments).splitlines()]
    out = output_of("block", "mxfp4", "0.1", "-0.3", "7", "5")
    assert "0b01111111 = 1" in out, out
    assert values("mxfp4", "0.1", "-0.3", "7", "5")[-4:] == ["0", "-0.5", "6", "4"], out
    assert "0b10000000 = 2" in output_of("block", "mxfp4", "7", "--recipe", "torchao_rceil")
    assert values("mxfp4", "0x3f800000", "0x3f000000")[-2:] == ["1", "0.5"]  # codes
    # Options may follow numbers that look like options themselves.
    assert values("mxfp4", "-.5", "-inf", "1", "--recipe", "torchao_rceil")[-1] == "nan"
    # Infinities join: S is 1, P infinite.
    out = output_of("block", "nvfp4", "inf", "1")
    assert [line for line in out.splitlines() if line.split()[:2] == ["outer", "inf"]], out


def instructions_are_run():
    """Registers in, registers out, with control registers, old contents, vector lengths."""
    for arguments, wanted in ((["cvt.rn.satfinite.e4m3x2.f32", "3f800000", "0x40000000"], "0x3840"),
                              (["v_cvt_pk_fp8_f32 gfx1201", "3f800000", "40000000", "--old", "11112222",
                                "--select", "1"], "0x40382222"),
                              (["FCVTN", "3f800000", "0", "--fpmr", "40"], "0x0000000000000038"),
                              (["vfncvt.f.f.q", "3f880000", "--frm", "4"], "0x00000039"),
                              (["VCVTPH2HF8", "3C00", "--length", "2"], "0x" + "0" * 30 + "38")):
        out = output_of("instruction", *arguments)
        assert out.strip() == wanted, (arguments, out)


def matrix_units_are_run():
    """One element of the result; rules for zeros, shorter tiles, scales."""
    tiny, factor = "0080" * 4 + "0000" * 4, "3300" * 4 + "0000" * 4
    nvfp4 = "sm100a.tcgen05.mma.block_scale.mMnNk64.block16.f32.e2m1.e2m1.ue4m3"
    for arguments, result in ((["gaudi3.f16", "40004200", "3c003c00", "3f800000"], "0x40c00000 = 6"),
                              (["sm80.mma.m16n8k8.f32.bf16.bf16.f32", tiny, factor, "00000000"], "0x00000001"),
                              (["sm80.mma.m16n8k8.f32.bf16.bf16.f32", tiny, factor, "00000000", "--zeros", "minus_126"],
                               "0x00000000 = 0"),
                              (["amx_int8.tdpbssd", "ff010203", "02020202", "00000001", "--k", "4"], "= 11"),
                              ([nvfp4, "7" + "0" * 63, "2" * 64, "3F800000", "40383838", "38383838"], "= 13")):
        out = output_of("model", *arguments)
        assert result in out, (arguments, out)


sys.exit(run_checks(BAD, [blocks_are_made, instructions_are_run, matrix_units_are_run]))
