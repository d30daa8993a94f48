# SPDX-License-Identifier: Apache-2.0
"""The Python module over liblowp.so: what it declares against the header, numbers against NumPy and, where
it is installed, ml_dtypes; what it refuses; the example of README.md.

usage: lowp_test.py SOURCE-ROOT LIBRARY
Parts that need NumPy or ml_dtypes are skipped where these are missing. Closes with 'N passed, N failed'."""
import contextlib
import fractions
import io
import math
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT, LIBRARY = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
MODULE = ROOT / "src/python"
sys.dont_write_bytecode = True
sys.path.insert(0, str(MODULE))
os.environ["LOWP_LIBRARY"] = str(LIBRARY)

import lowp  # noqa: E402
from lowp import _library  # noqa: E402

try:
    import numpy as np
except ImportError:
    np = None
try:
    import ml_dtypes
except ImportError:
    ml_dtypes = None

needs_numpy = unittest.skipIf(np is None, "NumPy is not installed")
needs_ml_dtypes = unittest.skipIf(np is None or ml_dtypes is None, "ml_dtypes is not installed")
SEED = 20261122


def header():
    return re.sub(r"//[^\n]*", "", (ROOT / "include/lowp/interop/lowp.h").read_text(encoding="ascii"))


def python(code, **environment):
    """Runs a program; its output and exit status."""
    env = {**os.environ, "PYTHONPATH": str(MODULE), "PYTHONDONTWRITEBYTECODE": "1", **environment}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env)
    return done.stdout + done.stderr, done.returncode


class Declarations(unittest.TestCase):
    """ctypes checks nothing: the header does."""

    def test_functions_have_as_many_arguments(self):
        found = re.findall(r"LOWP_API int lowp_(\w+)\(([^;]*)\);", header())
        declared = {name: arguments.count(",") + 1 for name, arguments in found}
        self.assertGreater(len(declared), 35)
        for name, arguments in _library._FUNCTIONS.items():
            self.assertEqual(declared[name], len(arguments), name)

    def test_structures_have_the_same_members(self):
        sizes = {"uint8_t": 1, "uint32_t": 4, "int32_t": 4, "uint64_t": 8, "const uint32_t*": 8}
        names = {"lowp_format": "FormatStruct", "lowp_format_properties": "FormatFacts", "lowp_random": "RandomStruct",
                 "lowp_value": "ValueStruct", "lowp_rule": "RuleStruct", "lowp_block_properties": "BlockFacts",
                 "lowp_instruction_state": "StateStruct", "lowp_instruction_properties": "InstructionFacts",
                 "lowp_mma_properties": "MmaFacts"}
        for name, body in re.findall(r"typedef struct (\w+) \{(.*?)\} \1;", header(), re.S):
            members = []
            for kind, list_of in re.findall(r"^\s*(const uint32_t\*|\w+) ([^;]*);", body, re.M):
                for member in list_of.split(","):
                    word, count = re.fullmatch(r"\s*(\w+)(?:\[(\d+)\])?\s*", member).groups()
                    members.append((word, sizes.get(kind, 16 if kind == "lowp_format" else 32) * int(count or 1)))
            if name == "lowp_projection":
                self.assertEqual(sum(size for _, size in members), 32)
                self.assertEqual([word for word, _ in members[:-1]], list(lowp.projection_members()))
                continue
            mine = getattr(_library, names.pop(name))
            have = [("from" if word == "source" else word, getattr(mine, word).size) for word, _ in mine._fields_]
            self.assertEqual(have, members, name)
        self.assertEqual(names, {})

    def test_registries_and_texts_are_in_the_order_of_the_header(self):
        def enumerators(name):
            return re.findall(r"(\w+),?\s", re.search(rf"enum {name} \{{(.*?)\}}", header(), re.S).group(1))
        self.assertEqual(enumerators("lowp_registry")[:-1], [f"LOWP_{name.upper()}" for name in lowp.REGISTRIES])
        self.assertEqual(enumerators("lowp_text")[:-1], [f"LOWP_TEXT_{name.upper()}" for name in _library.TEXTS])

    def test_every_registry_has_rows_and_words(self):
        for registry in lowp.REGISTRIES:
            names = lowp.names(registry)
            self.assertGreater(len(names), 10 if registry != "packings" else 5)
            self.assertEqual(lowp.describe(registry, names[-1])["name"], names[-1])
        self.assertIn("e4m3fn", lowp.formats())


class Numbers(unittest.TestCase):
    """One code at a time, without NumPy."""

    def test_encode_and_value(self):
        self.assertEqual(lowp.encode(0.3, "e4m3fn"), 0x2a)
        self.assertEqual(lowp.value(0x2a, "e4m3fn"), fractions.Fraction(5, 16))
        self.assertEqual(lowp.encode(465, "e4m3fn"), 0x7f)
        self.assertEqual(lowp.encode(465, "e4m3fn", overflow="saturate"), 0x7e)
        self.assertEqual(lowp.encode(-math.inf, "binary16"), 0xfc00)
        self.assertEqual(lowp.encode(-0.0, "binary16"), 0x8000)
        self.assertTrue(math.isnan(lowp.value(lowp.encode(math.nan, "bfloat16"), "bfloat16")))
        self.assertEqual(lowp.value(0x80, "e5m2"), 0)

    def test_rationals_round_once(self):
        third = fractions.Fraction(1, 3)
        for name in ("e4m3fn", "binary64", "posit16", "int8"):
            for x in (third, -third, third * 2**70, fractions.Fraction(10**60 + 1, 10**40), 7, 2**63 - 1):
                code = lowp.encode(x, name, overflow="saturate")
                found = lowp.value(code, name)
                width = lowp.format(name).width
                for near in ((code + 1) % 2**width, (code - 1) % 2**width):
                    other = lowp.value(near, name)
                    if not isinstance(other, float):
                        self.assertLessEqual(abs(found - x), abs(other - x), (name, x))
        # Just above a tie of binary16, by less than 2^-130: the sticky rest decides.
        tie = fractions.Fraction(2049)
        self.assertEqual(lowp.encode(tie, "binary16"), 0x6800)
        self.assertEqual(lowp.encode(tie + fractions.Fraction(1, 2**140), "binary16"), 0x6801)

    def test_floats_against_python(self):
        import struct
        for code in range(0, 65536, 7):
            x = struct.unpack("<e", code.to_bytes(2, "little"))[0]
            if not math.isnan(x):
                self.assertEqual(lowp.encode(x, "binary16"), code)
                self.assertEqual(lowp.value(code, "binary16"), x)

    def test_formats(self):
        f = lowp.format("e4m3fn")
        self.assertEqual((f.width, f.max_finite, f.has_infinity), (8, 0x7e, 0))
        self.assertEqual(lowp.format("float8_e4m3fn"), f)
        self.assertEqual(f.replace(bias=11).bias, 11)
        self.assertIsNone(f.replace(bias=11).name)
        self.assertEqual(lowp.encode(1, f.replace(bias=11)), 0x58)
        self.assertIn("e4m3fn", repr(f))

    def test_instructions_on_words(self):
        name = "cvt.rn.satfinite.e4m3x2.f32"
        self.assertEqual(lowp.run(name, 0x3f800000, 0x40000000), 0x3840)
        self.assertEqual(lowp.instruction(name)["source_registers"], 2)

    def test_refusals(self):
        cases = [
            (lambda: lowp.format("e4m3fm"), ValueError, "there is no format 'e4m3fm'; near are"),
            (lambda: lowp.format(8), TypeError, "a format is a name or a Format, not int"),
            (lambda: lowp.format("e4m3\0"), ValueError, "has a zero in it"),
            (lambda: lowp.names("colours"), ValueError, "there is no registry 'colours', but formats, "),
            (lambda: lowp.describe("operations", "ad"), ValueError, "operations have no 'ad'; near are add"),
            (lambda: lowp.describe("operations", 3), TypeError, "a name of operations is a str, not int"),
            (lambda: lowp.encode("1", "e5m2"), TypeError, "not str"),
            (lambda: lowp.encode(True, "e5m2"), TypeError, "not bool"),
            (lambda: lowp.encode(1, "e5m2", roundin="x"), TypeError, "no member 'roundin'"),
            (lambda: lowp.encode(1, "e5m2", rounding="up"), ValueError, "round is 'up', not one of to_nearest_even, "),
            (lambda: lowp.encode(1, "e5m2", rounding="stochastic_a"), ValueError, "needs random_bits, from 1 to 32"),
            (lambda: lowp.encode(1, "e5m2", random_bits=33), ValueError, "random_bits is 33, not from 0 to 32"),
            (lambda: lowp.encode(1, "e5m2", policy="CUDA 99"), ValueError, "policies have no 'CUDA 99'"),
            (lambda: lowp.value(256, "e5m2"), ValueError, "code is 256, not one of 8 bits"),
            (lambda: lowp.format("e5m2").replace(colour=1), TypeError, "a format has no member 'colour'"),
            (lambda: lowp.format("e5m2").replace(width=99), ValueError, "width must be 2...64 bits"),
            (lambda: lowp.format("e5m2").colour, AttributeError, "a Format has no 'colour'"),
            (lambda: lowp.run("cvt.rn.satfinite.e4m3x2.f32", 0), TypeError, "reads 2 registers, not 1"),
            (lambda: lowp.run("cvt.rn.satfinite.e4m3x2.f32", 0, 2**32), ValueError, "no register of 32 bits"),
            (lambda: lowp.run("cvt.rn.satfinite.e4m3x2.f32", 0, 0, colour=1), TypeError, "no state 'colour'"),
            (lambda: lowp.run("cvt.rn.satfinite.e4m3x2.f32", 0, 0, length=3), ValueError, "state.length is 3"),
            (lambda: lowp.run("cvt.rn.satfinite.e4m3x2.f32", 0, 0, frm=256), ValueError, "frm is 256"),
        ]
        for do, error, words in cases:
            with self.assertRaises(error, msg=words) as caught:
                do()
            self.assertIn(words, str(caught.exception))


class Loading(unittest.TestCase):
    """Where the library is looked for."""

    def test_a_wrong_path_is_named(self):
        said, status = python("import lowp", LOWP_LIBRARY="/nowhere/liblowp.so")
        self.assertNotEqual(status, 0)
        self.assertIn("ImportError: lowp: /nowhere/liblowp.so cannot be used", said)
        self.assertIn("which LOWP_LIBRARY names", said)

    def test_another_library_is_refused(self):
        said, status = python("import lowp", LOWP_LIBRARY="libc.so.6")
        self.assertNotEqual(status, 0)
        self.assertIn("libc.so.6 cannot be used", said)

    def test_beside_itself_and_in_the_system(self):
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(MODULE / "lowp", pathlib.Path(folder) / "lowp", ignore=shutil.ignore_patterns("__pycache__"))
            where = {"PYTHONPATH": folder, "LOWP_LIBRARY": "", "LD_LIBRARY_PATH": ""}
            said, status = python("import lowp; print(lowp.version())", **where)
            if status != 0:  # no lowp is installed in this system
                self.assertIn("liblowp.so.0 cannot be used", said)
                self.assertIn("LOWP_LIBRARY may name another", said)
            os.symlink(LIBRARY, pathlib.Path(folder) / "liblowp.so.0")
            said, status = python("import lowp; print(lowp.version())", **{**where, "LD_LIBRARY_PATH": folder})
            self.assertEqual((said, status), (f"{lowp.version()}\n", 0))
            os.symlink(LIBRARY, pathlib.Path(folder) / "lowp" / "liblowp.so")
            said, status = python("import lowp; print(lowp.version())", **where)
            self.assertEqual((said, status), (f"{lowp.version()}\n", 0))

    def test_without_numpy(self):
        said, status = python("import sys; sys.modules['numpy'] = None\nimport lowp\n"
                              "print(lowp.encode(0.3, 'e4m3fn'))\nlowp.convert([0.3], 'e4m3fn')")
        self.assertNotEqual(status, 0)
        self.assertTrue(said.startswith("42\n"), said)
        self.assertIn("ImportError: lowp: arrays need NumPy", said)


@needs_numpy
class Arrays(unittest.TestCase):
    """Against NumPy's own conversions."""

    def setUp(self):
        self.random = np.random.default_rng(SEED)

    def floats(self, n=4096):
        """Every exponent, subnormals, infinities and NaN among them."""
        x = self.random.integers(0, 2**32, n, dtype=np.uint32)
        x[:8] = [0, 1 << 31, 0x7f800000, 0xff800000, 0x7fc00000, 1, 0x80000001, 0x7f7fffff]
        return x.view(np.float32)

    def test_float16_both_ways(self):
        halves = np.arange(65536, dtype=np.uint16).view(np.float16)
        wide = lowp.convert(halves, "binary32")
        self.assertEqual(wide.dtype, np.float32)
        np.testing.assert_array_equal(wide, halves.astype(np.float32))
        with np.errstate(all="ignore"):
            x = np.concatenate([self.floats(), halves.astype(np.float32) * np.float32(1 + 2**-11)])
            np.testing.assert_array_equal(lowp.convert(x, "binary16"), x.astype(np.float16))
            y = x.astype(np.float64) * (1 + 2**-30)
            np.testing.assert_array_equal(lowp.convert(y, "binary32"), y.astype(np.float32))

    def test_integers(self):
        x = np.array([-300, -1.5, 0.5, 1.5, 126.5, 1000], np.float32)
        np.testing.assert_array_equal(lowp.convert(x, "int8", overflow="saturate"),
                                      np.array([-128, -2, 0, 2, 126, 127], np.int8))
        codes = lowp.convert(np.array([-3, 5], np.int8), "e4m3fn")
        np.testing.assert_array_equal(lowp.decode(codes, "e4m3fn"), [-3, 5])
        self.assertEqual(lowp.convert(np.array([7], np.int64), "binary16").dtype, np.float16)

    def test_any_shape_and_strides(self):
        x = self.floats(4096).reshape(16, 16, 16)
        whole = lowp.convert(x, "e5m2")
        for view in (np.s_[::2], np.s_[:, ::-3, 1:], np.s_[..., 5], np.s_[3, 4, 5], np.s_[:, :0]):
            np.testing.assert_array_equal(lowp.convert(x[view], "e5m2"), whole[view])
        np.testing.assert_array_equal(lowp.convert(x.transpose(2, 0, 1), "e5m2"), whole.transpose(2, 0, 1))
        np.testing.assert_array_equal(lowp.convert(np.asfortranarray(x), "e5m2"), whole)
        np.testing.assert_array_equal(lowp.convert(x.astype(">f4"), "e5m2"), whole)
        shifted = np.frombuffer(b"x" + x.tobytes(), np.uint8)[1:].view(np.float32).reshape(x.shape)
        np.testing.assert_array_equal(lowp.convert(shifted, "e5m2"), whole)
        self.assertEqual(np.ndim(lowp.convert(0.3, "e4m3fn")), 0)
        self.assertEqual(lowp.convert(0.3, "e4m3fn"), 0x2a)
        self.assertEqual(lowp.convert([], "e4m3fn").shape, (0,))
        self.assertEqual(lowp.decode([], "e4m3fn").dtype, np.float64)

    def test_the_input_is_left_alone(self):
        x = self.floats(64)
        kept = x.copy()
        lowp.convert(x, "binary32")[...] = 0
        np.testing.assert_array_equal(x.view(np.uint32), kept.view(np.uint32))

    def test_decode_matches_value(self):
        for name in lowp.formats():
            f = lowp.format(name)
            if f.width <= 8 and name != "lns8":
                codes = np.arange(1 << f.width, dtype=np.uint8)
                wanted = [float(lowp.value(int(code), name)) for code in codes]
                np.testing.assert_array_equal(lowp.decode(codes, name), wanted, name)

    def test_flags_policies_rules(self):
        codes, flags = lowp.convert(np.float32([0.3, 1e9, 1]), "e4m3fn", policy="CUDA 13 satfinite", flags=True)
        np.testing.assert_array_equal(codes, [0x2a, 0x7e, 0x38])
        np.testing.assert_array_equal(flags, [1, 1 | 4 | 32, 0])
        x = self.floats()
        np.testing.assert_array_equal(lowp.apply_rule(x, "cuda13.e4m3fn.satfinite"),
                                      lowp.convert(x, "e4m3fn", policy="CUDA 13 satfinite"))

    def test_stochastic_rounding_does_not_depend_on_the_split(self):
        x = self.random.standard_normal(1000).astype(np.float32)
        how = {"rounding": "stochastic_a", "random_bits": 16}
        whole = lowp.convert(x, "bfloat16", random=lowp.Random(5, stream=2), **how)
        part = lowp.convert(x[300:], "bfloat16", random=lowp.Random(5, stream=2, first=300), **how)
        np.testing.assert_array_equal(whole[300:], part)
        self.assertFalse(np.array_equal(whole, lowp.convert(x, "bfloat16", random=6, **how)))
        words = np.zeros(x.shape, np.uint32)
        np.testing.assert_array_equal(lowp.convert(x, "bfloat16", random=words, **how),
                                      lowp.convert(x, "bfloat16", rounding="toward_zero"))
        words = lowp.random_words(4, lowp.Random(7, first=2))
        np.testing.assert_array_equal(lowp.random_words(6, 7)[2:], words)

    def test_operations(self):
        x, y = self.random.standard_normal((2, 500)).astype(np.float32)
        np.testing.assert_array_equal(lowp.compute("add", x, y), x + y)
        np.testing.assert_array_equal(lowp.compute("multiply", x, y), x * y)
        np.testing.assert_array_equal(lowp.compute("divide", x, y), x / y)
        np.testing.assert_array_equal(lowp.compute("sqrt", np.abs(x)), np.sqrt(np.abs(x)))
        np.testing.assert_array_equal(lowp.compute("add", x[:, None], np.float32(1)), x[:, None] + np.float32(1))
        _, flags = lowp.compute("divide", np.float32([1, 0]), np.float32([0, 0]), flags=True)
        np.testing.assert_array_equal(flags, [8, 16])
        a = lowp.convert(x, "e4m3fn")
        half = lowp.compute("multiply", a, a, sources="e4m3fn", to="binary16")
        np.testing.assert_array_equal(half, lowp.decode(a, "e4m3fn") ** 2)

    def test_packings(self):
        codes = np.arange(16, dtype=np.uint8)
        packed = lowp.pack(codes, "e2m1", "dense4_low")
        np.testing.assert_array_equal(packed, codes[0::2] | codes[1::2] << 4)
        np.testing.assert_array_equal(lowp.unpack(packed, "e2m1", "dense4_low", 16), codes)

    def test_blocks(self):
        x = self.random.standard_normal((3, 4, 64)).astype(np.float32)
        for name in ("mxfp8_e4m3", "nvfp4", "nvfp4_row", "mx9", "fp8_128x128"):
            q = lowp.quantise(x, name)
            back = lowp.dequantise(q)
            self.assertEqual(back.shape, x.shape)
            self.assertLess(np.abs(back - x).max(), 0.5, name)
        q = lowp.quantise(x, "mxfp8_e4m3", recipe="torchao_rceil", layout="mxfp8_128x4")
        self.assertEqual(q.scales.size, 128 * 4)
        self.assertLess(np.abs(lowp.dequantise(q) - x).max(), 0.25)
        scales = lowp.quantise(x, "mxfp8_e4m3").scales.reshape(3, 4, 2)
        amax = np.abs(x).reshape(3, 4, 2, 32).max(-1)
        np.testing.assert_array_equal(scales, np.floor(np.log2(amax)) - 8 + 127)
        self.assertEqual(lowp.quantise(np.zeros((0, 32), np.float32), "mxfp4").data.size, 0)
        self.assertEqual(lowp.quantise(x, "nvfp4", outer_amax=np.float32(8)).outer[0],
                         np.float32(8) / np.float32(6 * 448))
        self.assertEqual(lowp.block_format("mxfp4")["bits"], 4.25)

    def test_matrix_units(self):
        a = self.random.integers(-4, 5, (2, 3, 40)).astype(np.float16)
        b = self.random.integers(-4, 5, (2, 40, 5)).astype(np.float16)
        add = self.random.integers(-9, 9, (3, 5)).astype(np.float32)
        name = "sm80.mma.m16n8k16.f32.f16.f16.f32"
        exact = np.matmul(a.astype(np.float64), b.astype(np.float64))
        np.testing.assert_array_equal(lowp.mma(name, a, b), exact)
        np.testing.assert_array_equal(lowp.mma(name, a, b, add), exact + add)
        np.testing.assert_array_equal(lowp.mma(name, a[0], b), np.matmul(a[0].astype(np.float64), b))
        np.testing.assert_array_equal(lowp.mma(name, a[:, :, ::2], b.swapaxes(1, 2)[:, :, ::2].swapaxes(1, 2)),
                                      np.matmul(a[:, :, ::2].astype(np.float64), b[:, ::2]))
        self.assertEqual(lowp.mma(name, a[0, 0], b[0, :, 0]), exact[0, 0, 0])
        # A term that alignment cuts: kept in binary64, lost in the unit, which keeps 24 bits.
        x, y = np.float16([2048, 2**-14]), np.float16([2048, 2**-14])
        self.assertEqual(lowp.mma(name, x, y), 2.0**22)
        scaled = next(n for n in lowp.mma_models()
                      if lowp.mma_model(n).scale_block == 32 and lowp.mma_model(n).a.name == "e4m3fn"
                      and lowp.mma_model(n).b.name == "e4m3fn" and lowp.mma_model(n).scale.name == "e8m0fnu")
        ones, two = np.full(64, 0x38, np.uint8), np.uint8([128, 127])
        self.assertEqual(lowp.mma(scaled, ones, ones, scale_a=two, scale_b=two), 32 * 4 + 32)

    def test_instructions(self):
        x = self.random.standard_normal((2, 10)).astype(np.float32)
        out = lowp.run("cvt.rn.satfinite.e4m3x2.f32", x[0][:, None], x[1][:, None])
        self.assertEqual(out.shape, (10, 2))
        np.testing.assert_array_equal(out, lowp.convert(x[::-1].T, "e4m3fn", overflow="saturate"))

    def test_refusals(self):
        x, codes = np.zeros((4, 32), np.float32), np.zeros((4, 32), np.uint8)
        mma = "sm80.mma.m16n8k16.f32.f16.f16.f32"
        half = np.zeros((4, 4), np.float16)
        cases = [
            (lambda: lowp.convert(np.zeros(2, complex), "e5m2"), TypeError, "x is an array of complex128"),
            (lambda: lowp.convert([True], "e5m2"), TypeError, "x is an array of bool"),
            (lambda: lowp.convert(["1"], "e5m2"), TypeError, "x is an array of <U1"),
            (lambda: lowp.convert(np.zeros(2, np.longdouble), "e5m2"), TypeError, "no format of lowp"),
            (lambda: lowp.convert([300], "e5m2", source="e4m3"), ValueError, "x has 300, which is no code of 8 bits"),
            (lambda: lowp.convert([-1], "e5m2", source="e4m3"), ValueError, "x has -1, which is no code"),
            (lambda: lowp.decode([16], "e2m1"), ValueError, "x has 16, which is no code of 4 bits"),
            (lambda: lowp.decode([0.5], "e2m1"), TypeError, "x is an array of float64, not of codes of e2m1"),
            (lambda: lowp.convert(x, "e5m2", random=np.zeros(3, np.uint32)), ValueError, "words of the shape (4, 32)"),
            (lambda: lowp.convert(x, "e5m2", random=-1), ValueError, "seed is -1, not from 0 to 2**64 - 1"),
            (lambda: lowp.convert(x, "e5m2", random=lowp.Random(generator="x")), ValueError, "generator is 'x'"),
            (lambda: lowp.compute("add", x), TypeError, "add has 2 operands, not 1"),
            (lambda: lowp.compute("add", x, np.zeros(5, np.float32)), ValueError, "shape mismatch"),
            (lambda: lowp.compute("ad", x, x), ValueError, "operations have no 'ad'"),
            (lambda: lowp.compute("add", x, x, sources=["e5m2"]), TypeError, "1 formats for 2 operands"),
            (lambda: lowp.apply_rule(codes, "cuda13.e4m3fn.satfinit"), ValueError, "near are cuda13.e4m3fn.satfinite"),
            (lambda: lowp.apply_rule(x.astype(float), "cuda13.e4m3fn.satfinite"), TypeError, "not of codes of binary32"),
            (lambda: lowp.pack(codes, "e4m3fn", "dense4_low"), ValueError, "for codes of 4 bits, not of 8"),
            (lambda: lowp.unpack(codes[0], "e2m1", "dense4_low", 65), ValueError, "packed_bytes is 32, 65 codes take 33"),
            (lambda: lowp.quantise(x.astype(float), "mxfp4"), TypeError, "x is an array of float64"),
            (lambda: lowp.quantise(np.float32(1), "mxfp4"), ValueError, "x is one number"),
            (lambda: lowp.quantise(x, "mxfp5"), ValueError, "block_formats have no 'mxfp5'; near are mxfp4"),
            (lambda: lowp.quantise(x, "mxfp4", recipe="hif4"), ValueError, 'recipe "hif4" with format "mxfp4"'),
            (lambda: lowp.quantise(x, "mxfp4", layout="mxfp8"), ValueError, 'format "mxfp4" with layout "mxfp8"'),
            (lambda: lowp.quantise(x, "nvfp4", outer_amax=[1, 2]), ValueError, "outer_amax has 2 numbers"),
            (lambda: lowp.dequantise(lowp.Quantised("mxfp4", None, (4, 32), codes, codes[0, :3], x[0, :0])),
             ValueError, "scales has 3 bytes"),
            (lambda: lowp.dequantise(lowp.Quantised("nvfp4", None, (4, 32), codes, codes, x[0, :0])), ValueError,
             "outer has 0 numbers, nvfp4 of this shape needs 1"),
            (lambda: lowp.dequantise(lowp.Quantised("mxfp4", None, (4, 32), x, codes, x)), TypeError,
             "data is an array of float32, not of uint8"),
            (lambda: lowp.mma(mma, half, half[:3]), ValueError, "a of the shape (4, 4) and b of (3, 4)"),
            (lambda: lowp.mma(mma, half, half, half), TypeError, "c is an array of float16, not of codes of"),
            (lambda: lowp.mma(mma, half, half, x), ValueError, "c has the shape (4, 32)"),
            (lambda: lowp.mma(mma, half, half, scale_a=codes), ValueError, f"scale_a is given, {mma} has no scales"),
            (lambda: lowp.mma("sm80", half, half), ValueError, "mma_models have no 'sm80'"),
            (lambda: lowp.run("cvt.rn.satfinite.e4m3x2.f32", x, x), ValueError, "has 128 bytes in its last axis"),
        ]
        for do, error, words in cases:
            with self.assertRaises(error, msg=words) as caught:
                do()
            self.assertIn(words, str(caught.exception))


@needs_ml_dtypes
class MlDtypes(unittest.TestCase):
    """Against ml_dtypes: its default conversions from float32, and every code of its types."""

    def rules(self):
        for name in lowp.conversion_rules():
            about = lowp.describe("conversion_rules", name)
            if about.get("policy") == "ml_dtypes default" and "from_" not in name:
                yield name, name.split(".")[1]

    def dtype(self, name):
        alias = lowp.describe("formats", name)["alias"]
        for candidate in (name, alias, f"float8_{name}", f"float6_{name}fn", f"float4_{name}fn"):
            if hasattr(ml_dtypes, candidate):
                return np.dtype(getattr(ml_dtypes, candidate))
        return None

    def inputs(self, name):
        """Random bits, every code's value, the ties between neighbours, and their neighbours."""
        random = np.random.default_rng(SEED)
        f = lowp.format(name)
        codes = np.arange(1 << f.width, dtype=f"uint{8 * f.container_bytes}")
        values = lowp.decode(codes, name)
        values = np.unique(values[np.isfinite(values)])
        ties = np.float32((values[1:] + values[:-1]) / 2)
        with np.errstate(over="ignore"):
            edges = np.concatenate([ties, np.float32(values)])
        edges = np.concatenate([edges, np.nextafter(edges, np.float32(9e30)), np.nextafter(edges, np.float32(-9e30))])
        return np.concatenate([edges, random.integers(0, 2**32, 100000, dtype=np.uint32).view(np.float32)])

    def test_conversions_from_float32(self):
        compared = []
        for rule, name in self.rules():
            dtype = self.dtype(name)
            if dtype is None:
                continue
            x = self.inputs(name)
            with np.errstate(all="ignore"):
                theirs = x.astype(dtype).view(f"uint{8 * dtype.itemsize}")
            ours = lowp.apply_rule(x, rule)
            wrong = np.flatnonzero(ours.view(theirs.dtype) != theirs)
            self.assertEqual(wrong.size, 0, f"{rule}: {x[wrong[:3]]} {ours[wrong[:3]]} {theirs[wrong[:3]]}")
            compared.append(name)
        print(f"compared with ml_dtypes {ml_dtypes.__version__}:", *compared)
        self.assertGreater(len(compared), 8)

    def test_values_and_arrays(self):
        for name in lowp.formats():
            dtype = self.dtype(name)
            if dtype is None or lowp.format(name).width > 16:
                continue
            codes = np.arange(1 << lowp.format(name).width, dtype=f"uint{8 * dtype.itemsize}")
            theirs = codes.view(dtype)
            if name.startswith(("int", "uint")) and lowp.format(name).width < 8:
                continue  # stored sign-extended
            with np.errstate(all="ignore"):
                wanted = theirs.astype(np.float64)
            np.testing.assert_array_equal(lowp.decode(codes, name), wanted, name)
            np.testing.assert_array_equal(lowp.convert(theirs, "binary64"), wanted, name)

    def test_products_of_bfloat16(self):
        random = np.random.default_rng(SEED)
        x, y = random.standard_normal((2, 5000)).astype(ml_dtypes.bfloat16)
        for name, theirs in (("add", x + y), ("multiply", x * y)):
            np.testing.assert_array_equal(lowp.compute(name, x, y), theirs.view(np.uint16))


@needs_numpy
class Readme(unittest.TestCase):
    """The example of README.md prints what stands below it."""

    def test_example(self):
        text = (ROOT / "README.md").read_text(encoding="utf-8")
        found = re.findall(r"^```python\n(.*?)^```\n+```text\n(.*?)^```$", text, re.M | re.S)
        self.assertGreaterEqual(len(found), 1)
        for program, wanted in found:
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                exec(compile(program, "README.md", "exec"), {})  # pylint: disable=exec-used
            self.assertEqual(printed.getvalue(), wanted)


def main():
    done = unittest.main(argv=[sys.argv[0]], exit=False, verbosity=1).result
    bad = len(done.failures) + len(done.errors)
    for test, why in done.skipped:
        print(f"skipped: {test}: {why}")
    line = f"{done.testsRun - bad - len(done.skipped)} passed, {bad} failed"
    print(line + (f", {len(done.skipped)} skipped" if done.skipped else ""))
    return 1 if bad or done.testsRun == 0 else 0


sys.exit(main())
