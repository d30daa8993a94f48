# SPDX-License-Identifier: Apache-2.0
"""lowp: a bit-exact reference for low-precision numbers, from Python.

    import lowp
    codes = lowp.convert(x, "e4m3fn", overflow="saturate")   # NumPy arrays in and out
    lowp.decode(codes, "e4m3fn")                             # float64
    lowp.apply_rule(x, "cuda13.e4m3fn.satfinite")            # what an implementation does
    q = lowp.quantise(x, "nvfp4", recipe="nvfp4_te")         # blocks that share scales
    lowp.dequantise(q)
    lowp.compute("exp", x, to="bfloat16")
    lowp.mma("sm80.mma.m16n8k16.f32.bf16.bf16.f32", a, b)    # as a tensor core sums
    lowp.run("cvt.rn.satfinite.e4m3x2.f32", 0x3f800000, 0)   # an instruction on registers

Names: formats(), operations(), conversion_rules(), policies(), instructions(), mma_models(),
block_formats(), block_recipes(), block_layouts(), packings(); describe(registry, name) tells more. What the
names mean is in lowp's specification, spec/README.md. The module needs liblowp.so, NumPy only for arrays."""
import functools as _functools

from ._arrays import apply_rule, compute, convert, decode, pack, random_words, unpack
from ._blocks import Quantised, block_format, dequantise, quantise
from ._hardware import MmaModel, instruction, mma, mma_model, run
from ._library import REGISTRIES, LowpError, version
from ._registry import Format, Random, describe, encode, format, names, projection_members, value

__version__ = version()

formats = _functools.partial(names, "formats")
operations = _functools.partial(names, "operations")
conversion_rules = _functools.partial(names, "conversion_rules")
policies = _functools.partial(names, "policies")
instructions = _functools.partial(names, "instructions")
mma_models = _functools.partial(names, "mma_models")
block_formats = _functools.partial(names, "block_formats")
block_recipes = _functools.partial(names, "block_recipes")
block_layouts = _functools.partial(names, "block_layouts")
packings = _functools.partial(names, "packings")

__all__ = ["Format", "LowpError", "MmaModel", "Quantised", "Random", "apply_rule", "block_format", "compute",
           "convert", "decode", "dequantise", "describe", "encode", "format", "instruction", "mma", "mma_model",
           "names", "pack", "projection_members", "quantise", "random_words", "run", "unpack", "value", "version",
           *REGISTRIES]
