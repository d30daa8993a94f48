# SPDX-License-Identifier: Apache-2.0
"""Conversion instructions and matrix units."""
import ctypes
import dataclasses
import typing

from . import _library as library
from ._arrays import code_dtype, codes_of, np, numpy, pointer, result
from ._registry import Format, index


@dataclasses.dataclass(frozen=True)
class MmaModel:
    """A matrix instruction: formats of its operands, products, products of one step, scales."""
    name: str
    a: Format
    b: Format
    c: Format
    d: Format
    scale: typing.Optional[Format]
    k: int
    group: int
    scale_block: int


def mma_model(name):
    """The instruction of a name of names("mma_models")."""
    return _model(index("mma_models", name), name)


def _model(row, name):
    m = library.got(library.MmaFacts, "mma_at", row)
    scale = Format(m.scale) if m.scale_block else None
    return MmaModel(name, Format(m.a), Format(m.b), Format(m.c), Format(m.d), scale, m.k, m.group, m.scale_block)


def _operand(array, batch, shape, what):
    """Broadcast to the batch, contiguous; of exactly these rows and columns."""
    if array.shape[-2:] != shape:
        raise ValueError(f"{what} has the shape {array.shape}, its last two axes must be {shape}")
    return np.ascontiguousarray(np.broadcast_to(array, batch + shape))


def mma(name, a, b, c=None, scale_a=None, scale_b=None):
    """A B + C as a matrix unit computes it, one instruction after the other along the inner dimension.

    a: codes of the shape (..., M, K), b: (..., K, N), c: (..., M, N) or None for +0; leading axes
    broadcast. Scales, where the unit has them: scale_a (..., M, blocks of K), scale_b (..., blocks of K, N).
    Codes are unsigned integers, or arrays of the format's own type, e.g. float16 for binary16. Two arrays of
    one dimension make one dot product."""
    numpy()
    row = index("mma_models", name)
    m = _model(row, name)
    a, b = codes_of(a, m.a, "a"), codes_of(b, m.b, "b")
    is_dot = a.ndim == 1 and b.ndim == 1
    if is_dot:
        a, b = a[np.newaxis, :], b[:, np.newaxis]
    if a.ndim < 2 or b.ndim < 2 or a.shape[-1] != b.shape[-2]:
        raise ValueError(f"a of the shape {a.shape} and b of {b.shape} do not make a product (..., M, K) (..., K, N)")
    (rows, k), columns = a.shape[-2:], b.shape[-1]
    blocks = -(-k // m.scale_block) if m.scale_block else 0
    wanted = {"a": (a, (rows, k)), "b": (b, (k, columns))}
    if c is not None:
        addend = codes_of(c, m.c, "c")
        wanted["c"] = (addend.reshape(1, 1) if addend.ndim == 0 else addend, (rows, columns))
    for what, scales, shape in (("scale_a", scale_a, (rows, blocks)), ("scale_b", scale_b, (blocks, columns))):
        if (scales is None) != (m.scale is None):
            raise ValueError(f"{what} is {'missing' if scales is None else 'given'}, {name} has "
                             f"{'no' if m.scale is None else ''} scales".replace("  ", " "))
        if scales is not None:
            codes = codes_of(scales, m.scale, what)
            wanted[what] = (codes.reshape(shape) if is_dot and codes.ndim == 1 and codes.size == blocks else codes, shape)
    batch = np.broadcast_shapes(*(array.shape[:-2] for array, _ in wanted.values()))
    arrays = {what: _operand(array, batch, shape, what) for what, (array, shape) in wanted.items()}
    d = np.empty(batch + (rows, columns), code_dtype(m.d))
    count = int(np.prod(batch, dtype=np.int64))
    library.call("mma", row, count, rows, columns, k,
           *(pointer(arrays.get(what)) for what in ("a", "b", "c", "scale_a", "scale_b")), pointer(d))
    d = result(d, m.d)
    return d[0, 0] if is_dot else d


def instruction(name, **state):
    """Registers of an instruction of names("instructions"): how many it reads, their bytes."""
    facts = library.got(library.InstructionFacts, "instruction_at", index("instructions", name), ctypes.byref(_state(state)))
    return {field: getattr(facts, field) for field, _ in facts._fields_ if field != "reserved"}


def _state(members):
    struct = library.got(library.StateStruct, "default_state")
    known = [name for name, _ in struct._fields_ if name != "reserved"]
    for name, value in members.items():
        if name not in known:
            raise TypeError(f"an instruction has no state {name!r}, but {', '.join(known)}")
        bits = 8 * getattr(library.StateStruct, name).size
        if not 0 <= int(value) < 1 << bits:
            raise ValueError(f"{name} is {value}, not from 0 to 2**{bits} - 1")
        setattr(struct, name, int(value))
    return struct


def run(name, *sources, old=None, **state):
    """The result register of a conversion instruction.

    sources: its registers in order, each an int (its bits), or an array whose last axis is one register of
    bytes, any type of elements; then the result is an array of bytes. `old`: what the result register held,
    for those that keep parts of it. `state`: operands and control registers besides, of
    lowp_instruction_state: scale, random, length, select, immediate, frm, altfmt, fp16_ovfl, mxcsr, fpcr,
    fpmr."""
    row = index("instructions", name)
    facts = instruction(name, **state)
    if len(sources) != facts["source_registers"]:
        raise TypeError(f"{name} reads {facts['source_registers']} registers, not {len(sources)}")
    size, out_size = facts["source_bytes"], facts["result_bytes"]
    struct = _state(state)
    if all(isinstance(source, int) for source in sources):
        read = b"".join(_register(f"source {i}", source, size) for i, source in enumerate(sources))
        out = ctypes.create_string_buffer(_register("old", old or 0, out_size), out_size)
        library.call("run_instruction", row, read, len(read), out, out_size, 1, ctypes.byref(struct), 1)
        return int.from_bytes(out.raw, "little")
    registers = [_registers(f"source {i}", source, size) for i, source in enumerate(sources)]
    shape = np.broadcast_shapes(*(array.shape[:-1] for array in registers))
    read = np.ascontiguousarray(np.stack([np.broadcast_to(array, shape + (size,)) for array in registers], -2))
    held = np.zeros(out_size, np.uint8) if old is None else _registers("old", old, out_size)
    out = np.array(np.broadcast_to(held, shape + (out_size,)), order="C")
    count = int(np.prod(shape, dtype=np.int64))
    library.call("run_instruction", row, pointer(read), read.nbytes, pointer(out), out.nbytes, count,
           ctypes.byref(struct), 1)
    return out


def _register(what, value, size):
    if not 0 <= value < 1 << (8 * size):
        raise ValueError(f"{what} is {value}, no register of {8 * size} bits")
    return value.to_bytes(size, "little")


def _registers(what, array, size):
    numpy()
    array = np.asarray(array)
    if array.dtype.kind in "OSUMmb" or array.ndim == 0:
        raise TypeError(f"{what} is neither an int nor an array of registers")
    array = np.ascontiguousarray(array).view(np.uint8)
    if array.shape[-1] != size:
        raise ValueError(f"{what} has {array.shape[-1]} bytes in its last axis, a register has {size}")
    return array
