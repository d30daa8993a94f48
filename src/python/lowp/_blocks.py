# SPDX-License-Identifier: Apache-2.0
"""Block quantisation of NumPy arrays."""
import ctypes
import dataclasses
import math
import typing

from . import _library as library
from ._arrays import convert, format_of_dtype, np, numpy, pointer, random_struct
from ._registry import Format, index


@dataclasses.dataclass
class Quantised:
    """A matrix in a block format: its bytes, and all that reading them needs."""
    format: str
    layout: typing.Optional[str]  #: None: rows of elements and rows of scales apart
    shape: tuple
    data: typing.Any  #: uint8
    scales: typing.Any  #: uint8; empty where scales stand among the data
    outer: typing.Any  #: float32: scales of the tensor or of each row; empty for most formats


def _layout(name):
    return library.DEFAULT if name is None else index("block_layouts", name)


def _matrix(shape):
    """Rows and columns: the last axis is a row."""
    return math.prod(shape[:-1]), shape[-1]


def _sizes(row, layout, shape):
    sizes = [ctypes.c_size_t() for _ in range(3)]
    library.call("block_sizes", row, layout, *_matrix(shape), *(ctypes.byref(size) for size in sizes))
    return [size.value for size in sizes]


def _float32(x, what):
    numpy()
    array = np.asarray(x, None if hasattr(x, "dtype") else np.float32)
    f = format_of_dtype(array.dtype.newbyteorder("=") if array.dtype.byteorder in "<>" else array.dtype)
    if f is None or f.is_signed == 0 or f.width > 32 or (f.width == 32 and f.name != "binary32"):
        raise TypeError(f"{what} is an array of {array.dtype}; float32, or what float32 holds, is quantised")
    if f.name != "binary32":
        array = convert(array, "binary32")
    return np.ascontiguousarray(array, np.float32).reshape(array.shape)


def quantise(x, format_name, recipe=None, layout=None, outer_amax=None, random=None):
    """Quantises the rows (the last axis) of an array to a format of names("block_formats").

    `recipe`: of names("block_recipes"), by default the one of the format; `layout`: of
    names("block_layouts"). `outer_amax`: for formats with outer scales the greatest magnitude of the tensor,
    or one for each row, where it is known from elsewhere. `random`: a seed or a Random."""
    array = _float32(x, "x")
    if array.ndim == 0:
        raise ValueError("x is one number, not an array of at least one dimension")
    row, place = index("block_formats", format_name), _layout(layout)
    data_size, scale_size, outer_count = _sizes(row, place, array.shape)
    data, scales = np.zeros(data_size, np.uint8), np.zeros(scale_size, np.uint8)
    outer = np.zeros(outer_count, np.float32)
    if outer_amax is not None:
        outer_amax = _float32(outer_amax, "outer_amax").reshape(-1)
        if outer_amax.size != outer_count:
            raise ValueError(f"outer_amax has {outer_amax.size} numbers, {format_name} of this shape "
                             f"takes {outer_count}")
    if random is not None and hasattr(random, "dtype"):
        raise TypeError("random is a seed or a Random: a block takes its bits by its place")
    words, _ = random_struct(random, None)
    library.call("quantise", row, library.DEFAULT if recipe is None else index("block_recipes", recipe), place,
           *_matrix(array.shape), pointer(array), pointer(data), data_size, pointer(scales), scale_size,
           pointer(outer), pointer(outer_amax), words and ctypes.byref(words))
    return Quantised(format_name, layout, array.shape, data, scales, outer)


def _bytes(array, what, dtype):
    array = np.asarray(array)
    if array.dtype != dtype:
        raise TypeError(f"{what} is an array of {array.dtype}, not of {np.dtype(dtype)}")
    return np.ascontiguousarray(array).reshape(-1)


def dequantise(q):
    """The float32 array of a Quantised."""
    numpy()
    row, place = index("block_formats", q.format), _layout(q.layout)
    data, scales = _bytes(q.data, "data", np.uint8), _bytes(q.scales, "scales", np.uint8)
    outer = _bytes(q.outer, "outer", np.float32)
    wanted = _sizes(row, place, q.shape)[2]
    if outer.size != wanted:
        raise ValueError(f"outer has {outer.size} numbers, {q.format} of this shape needs {wanted}")
    out = np.empty(q.shape, np.float32)
    library.call("dequantise", row, place, *_matrix(q.shape), pointer(data), data.size, pointer(scales), scales.size,
           pointer(outer), pointer(out))
    return out


def block_format(name):
    """The elements, the scale, rows and columns of a block, bits of storage for an element."""
    facts = library.got(library.BlockFacts, "block_format_at", index("block_formats", name))
    return {"element": Format(facts.element), "scale": Format(facts.scale), "rows": facts.rows, "columns": facts.columns,
            "bits": facts.millibits / 1000, "outer": ["none", "tensor", "row"][facts.outer]}
