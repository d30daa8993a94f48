# SPDX-License-Identifier: Apache-2.0
"""Conversions and operations on NumPy arrays."""
import ctypes

from . import _library as library
from ._registry import Format, Random, format, index, projection

try:
    import numpy as np
except ImportError:
    np = None


def numpy():
    """NumPy, or an ImportError that says who asks."""
    if np is None:
        raise ImportError("lowp: arrays need NumPy, which is not installed; encode and value work without")
    return np


# Formats that NumPy has types for. Arrays of all others are of unsigned integers.
_NATURAL = {"binary16": "float16", "binary32": "float32", "binary64": "float64",
            **{f"int{n}": f"int{n}" for n in (8, 16, 32, 64)}, **{f"uint{n}": f"uint{n}" for n in (8, 16, 32, 64)}}
_FORMAT_OF = {dtype: name for name, dtype in _NATURAL.items()}


def natural_dtype(f):
    """The type of arrays of numbers of a format."""
    return np.dtype(_NATURAL.get(f.name, code_dtype(f)))


def code_dtype(f):
    """The type of arrays of codes."""
    return np.dtype(f"uint{8 * f.container_bytes}")


def format_of_dtype(dtype):
    """The format of NumPy's and of ml_dtypes' types; None for others."""
    if dtype.name in _FORMAT_OF:
        return format(_FORMAT_OF[dtype.name])
    if dtype.isbuiltin == 1:
        return None
    try:
        return format(dtype.name)
    except library.LowpError:
        return None


def _array(x, what):
    numpy()
    array = np.asarray(x)
    if array.dtype.byteorder in "<>":
        array = array.astype(array.dtype.newbyteorder("="))
    if array.dtype.kind in "OSUMmbc":
        raise TypeError(f"{what} is an array of {array.dtype}, which are no numbers of lowp")
    return array


def _contiguous(array, dtype):
    """As an array without gaps; one of no dimensions stays so."""
    return np.ascontiguousarray(array.astype(dtype, copy=False)).reshape(array.shape)


def _masked_view(array, f):
    codes = np.ascontiguousarray(array).reshape(array.shape).view(f"uint{8 * array.dtype.itemsize}")
    if f.width < 8 * array.dtype.itemsize:
        codes = codes & codes.dtype.type((1 << f.width) - 1)
    return _contiguous(codes, code_dtype(f))


def codes_of(x, f, what):
    """Codes of a format: unsigned integers, or an array of the format's own type."""
    array = _array(x, what)
    if array.size == 0:
        return np.zeros(array.shape, code_dtype(f))
    own = format_of_dtype(array.dtype)
    if own == f:
        return _masked_view(array, f)
    if array.dtype.kind not in "iu":
        raise TypeError(f"{what} is an array of {array.dtype}, not of codes of {f.name or 'the format'}; "
                        "lowp.convert makes these of numbers")
    least, most = int(array.min()), int(array.max())
    if least < 0 or most >= 1 << f.width:
        raise ValueError(f"{what} has {least if least < 0 else most}, which is no code of {f.width} bits")
    return _contiguous(array, code_dtype(f))


def numbers_of(x, source, what):
    """Codes and their format, from numbers or, where `source` names a format, from its codes."""
    if source is not None:
        f = format(source)
        return codes_of(x, f, what), f
    array = _array(x, what)
    f = format_of_dtype(array.dtype)
    if f is None:
        raise TypeError(f"{what} is an array of {array.dtype}, which is no format of lowp; "
                        "where it has codes, source= names their format")
    return _masked_view(array, f), f


def result(codes, f):
    """Codes as the caller sees them: floats and integers where NumPy has the type; no array for one."""
    return codes.view(natural_dtype(f))[()]


def pointer(array):
    return None if array is None else ctypes.c_void_p(array.ctypes.data)


def random_struct(random, shape):
    """For C, and what it points to."""
    if random is None:
        return None, None
    if isinstance(random, Random):
        return random.struct(), None
    if isinstance(random, int):
        return Random(seed=random).struct(), None
    words = np.asarray(random)
    if words.dtype.kind not in "iu" or words.shape != shape:
        raise ValueError(f"random is a seed, a Random, or words of the shape {shape}, "
                         f"not an array of {words.dtype} of the shape {words.shape}")
    if words.size and not (0 <= int(words.min()) and int(words.max()) < 2**32):
        raise ValueError("the words of random have 32 bits")
    words = _contiguous(words, np.uint32)
    return library.RandomStruct(words.ctypes.data), words


def convert(x, to, source=None, random=None, flags=False, policy=None, **members):
    """Numbers to a format, each rounded once.

    x: floats, integers, an array of ml_dtypes; or codes of the format `source`. Result: an array of the same
    shape, of float16, float32, float64 or integers where `to` is one of these, else of codes in unsigned
    integers. How it is rounded: a `policy`, or members of a projection such as rounding="toward_zero",
    overflow="saturate", nan="quiet" (see projection). Stochastic rounding takes random_bits= and `random`: a
    seed, a Random, or an array of words. With flags=True a second array has the exception flags."""
    codes, f = numbers_of(x, source, "x")
    to = format(to)
    struct = projection(policy, **members)
    words, kept = random_struct(random, codes.shape)
    out = np.empty(codes.shape, code_dtype(to))
    status = np.empty(codes.shape, np.uint8) if flags else None
    library.call("convert", f.pointer, pointer(codes), to.pointer, pointer(out), codes.size, ctypes.byref(struct),
           words and ctypes.byref(words), pointer(status))
    del kept
    return (result(out, to), status[()]) if flags else result(out, to)


def decode(codes, source):
    """The values of codes, as float64 (rounded to nearest where that has not all their digits)."""
    return convert(codes, "binary64", source=source)


def apply_rule(x, rule, random=None):
    """What an implementation makes of numbers, or of codes, of the format that its rule converts; a rule is
    one of names("conversion_rules")."""
    row = index("conversion_rules", rule)
    facts = library.got(library.RuleStruct, "rule_at", row)
    source, to = Format(facts.source), Format(facts.to)
    codes = codes_of(x, source, "x")
    words, kept = random_struct(random, codes.shape)
    out = np.empty(codes.shape, code_dtype(to))
    library.call("apply_rule", row, pointer(codes), pointer(out), codes.size, words and ctypes.byref(words))
    del kept
    return result(out, to)


def compute(operation, *operands, to=None, sources=None, random=None, flags=False, policy=None, **members):
    """An operation of names("operations") on numbers, each result rounded once: compute("fma", x, y, z).

    Operands broadcast. `sources`: the formats of operands that are codes, one name for all or one (or None)
    for each; `to`: the format of the result, by default that of the first operand. The rest as in convert."""
    number = index("operations", operation)
    count = library.got(ctypes.c_int, "operand_count", number).value
    if len(operands) != count:
        raise TypeError(f"{operation} has {count} operands, not {len(operands)}")
    if sources is None or isinstance(sources, (str, Format)):
        sources = [sources] * count
    if len(sources) != count:
        raise TypeError(f"sources has {len(sources)} formats for {count} operands")
    pairs = [numbers_of(x, source, f"operand {i}") for i, (x, source) in enumerate(zip(operands, sources))]
    to = pairs[0][1] if to is None else format(to)
    arrays = [np.ascontiguousarray(a).reshape(a.shape) for a in np.broadcast_arrays(*(a for a, _ in pairs))]
    shape = arrays[0].shape
    formats = (library.FormatStruct * count)(*(f._struct for _, f in pairs))
    places = (ctypes.c_void_p * count)(*(a.ctypes.data for a in arrays))
    struct = projection(policy, **members)
    words, kept = random_struct(random, shape)
    out = np.empty(shape, code_dtype(to))
    status = np.empty(shape, np.uint8) if flags else None
    library.call("compute", number, formats, places, to.pointer, pointer(out), out.size, ctypes.byref(struct),
           words and ctypes.byref(words), pointer(status))
    del kept
    return (result(out, to), status[()]) if flags else result(out, to)


def pack(codes, source, packing):
    """Codes to bytes in a packing of names("packings"): a uint8 array of one dimension."""
    f = format(source)
    codes = codes_of(codes, f, "codes")
    row = index("packings", packing)
    size = library.got(ctypes.c_size_t, "packed_bytes", f.pointer, row, codes.size).value
    out = np.empty(size, np.uint8)
    library.call("pack", f.pointer, row, pointer(codes), codes.size, pointer(out), size)
    return out


def unpack(packed, source, packing, count):
    """The first `count` codes of packed bytes."""
    f = format(source)
    packed = codes_of(packed, format("uint8"), "packed")
    out = np.empty(count, code_dtype(f))
    library.call("unpack", f.pointer, index("packings", packing), pointer(packed), packed.size, pointer(out), count)
    return out


def random_words(count, random=0):
    """The first words of 32 bits that a seed or a Random stands for."""
    numpy()
    struct, _ = random_struct(random, None)
    out = np.empty(count, np.uint32)
    library.call("random_words", ctypes.byref(struct), count, pointer(out))
    return out
