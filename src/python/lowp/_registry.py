# SPDX-License-Identifier: Apache-2.0
"""Registries by name, formats, projections, random bits: everything that needs no NumPy."""
import ctypes
import dataclasses
import difflib
import fractions
import functools
import math

from . import _library as library


@functools.lru_cache(maxsize=None)
def names(registry):
    """The names of a registry: "formats", "operations", "conversion_rules", "policies", "instructions",
    "mma_models", "block_formats", "block_recipes", "block_layouts" or "packings"."""
    number = _registry(registry)
    count = library.got(ctypes.c_size_t, "count", number).value
    return tuple(library.got(ctypes.c_char_p, "row_text", number, i, 0).value.decode() for i in range(count))


def _registry(registry):
    if registry not in library.REGISTRIES:
        raise ValueError(f"there is no registry {registry!r}, but {', '.join(library.REGISTRIES)}")
    return library.REGISTRIES.index(registry)


def index(registry, name):
    """The row of a name."""
    if not isinstance(name, str):
        raise TypeError(f"a name of {registry} is a str, not {type(name).__name__}")
    try:
        return library.got(ctypes.c_size_t, "find", _registry(registry), _bytes(name)).value
    except library.LowpError as problem:
        raise library.LowpError(problem.status, f"{registry} have no {name!r}{_nearest(name, names(registry))}") from None


def _bytes(name):
    """A name for C, which ends where a zero is."""
    if "\0" in name:
        raise ValueError(f"the name {name!r} has a zero in it")
    return name.encode()


def _nearest(name, known):
    near = difflib.get_close_matches(name, known, 3)
    return f"; near are {', '.join(near)}" if near else ""


def describe(registry, name):
    """What is known of a row in words: a dict of its columns that are not empty."""
    row = index(registry, name)
    number = _registry(registry)
    texts = {text: library.got(ctypes.c_char_p, "row_text", number, row, i).value.decode()
             for i, text in enumerate(library.TEXTS)}
    return {text: words for text, words in texts.items() if words}


class Format:
    """A number format. Attributes are those of lowp_format and lowp_format_properties."""

    def __init__(self, struct):
        self._struct = struct
        self._facts = library.got(library.FormatFacts, "format_facts", ctypes.byref(struct))

    def __getattr__(self, name):
        for part in ("_struct", "_facts"):
            if not name.startswith("_") and hasattr(self.__dict__.get(part), name):
                return getattr(self.__dict__[part], name)
        raise AttributeError(f"a Format has no {name!r}")

    @property
    def pointer(self):
        return ctypes.byref(self._struct)

    def replace(self, **members):
        """The same format with other members: format("e4m3fn").replace(bias=11)."""
        struct = type(self._struct).from_buffer_copy(self._struct)
        known = {name for name, _ in struct._fields_}
        for name, value in members.items():
            if name not in known:
                raise TypeError(f"a format has no member {name!r}, but {', '.join(sorted(known))}")
            setattr(struct, name, value)
        return Format(struct)

    @property
    def name(self):
        """Of the first registered format that is the same; None if none is."""
        return _format_names().get(bytes(self._struct))

    def __eq__(self, other):
        return isinstance(other, Format) and bytes(self._struct) == bytes(other._struct)

    def __hash__(self):
        return hash(bytes(self._struct))

    def __repr__(self):
        return f"<lowp format {self.name or 'of no name'}, {self.width} bits>"


@functools.lru_cache(maxsize=None)
def _format_names():
    found = {}
    for i, name in enumerate(names("formats")):
        found.setdefault(bytes(library.got(library.FormatStruct, "format_at", i)), name)
    return found


@functools.lru_cache(maxsize=None)
def _format_named(name):
    try:
        return Format(library.got(library.FormatStruct, "format_named", _bytes(name)))
    except library.LowpError as problem:
        raise library.LowpError(problem.status,
                          f"there is no format {name!r}{_nearest(name, names('formats'))}") from None


def format(name):
    """The format of a name: e4m3fn, binary8p3se, int7, ...; a Format is itself."""
    if isinstance(name, Format):
        return name
    if not isinstance(name, str):
        raise TypeError(f"a format is a name or a Format, not {type(name).__name__}")
    return _format_named(name)


@functools.lru_cache(maxsize=None)
def projection_members():
    """The members of a projection in order, each with the names of its values; none for numbers."""
    members = {}
    try:
        while True:
            number = len(members)
            name = library.got(ctypes.c_char_p, "projection_member", number).value.decode()
            members[name] = []
            try:
                while (value := library.got(ctypes.c_char_p, "projection_value", number, len(members[name])).value) is not None:
                    members[name].append(value.decode())
            except library.LowpError:
                pass
    except library.LowpError:
        return members


def projection(policy=None, **members):
    """A projection from the names of its members and their values; `rounding` is another name of `round`.
    What is not named is as in the policy, one of names("policies"), or nearest-even and the defaults of
    IEEE 754."""
    struct = library.ProjectionStruct()
    if policy is not None:
        struct = library.got(library.ProjectionStruct, "policy_at", index("policies", policy))
    known = projection_members()
    if "rounding" in members:
        members["round"] = members.pop("rounding")
    for name, value in members.items():
        if name not in known:
            raise TypeError(f"a projection has no member {name!r}{_nearest(name, known)}; "
                            f"its members are {', '.join(known)}")
        struct[list(known).index(name)] = _member_value(name, value, known[name])
    if known["round"][struct[0]].startswith("stochastic") and "random_bits" not in members and policy is None:
        raise ValueError(f"rounding {known['round'][struct[0]]} needs random_bits, from 1 to 32")
    return struct


def _member_value(name, value, values):
    if values:
        if value not in values:
            raise ValueError(f"{name} is {value!r}, not one of {', '.join(values)}")
        return values.index(value)
    most = 32 if name == "random_bits" else 1
    if not isinstance(value, int) or not 0 <= value <= most:
        raise ValueError(f"{name} is {value!r}, not from 0 to {most}")
    return int(value)


@dataclasses.dataclass(frozen=True)
class Random:
    """Where the random bits of an array come from. `stream` tells arrays with one seed apart; `first` is the
    index of the first element, for parts of an array; generators are philox4x32_10 and keyed_mix."""
    seed: int = 0
    stream: int = 0
    first: int = 0
    generator: str = "philox4x32_10"

    def struct(self):
        generators = ["philox4x32_10", "keyed_mix"]
        if self.generator not in generators:
            raise ValueError(f"generator is {self.generator!r}, not one of {', '.join(generators)}")
        for name in ("seed", "stream", "first"):
            if not 0 <= getattr(self, name) < 2**64:
                raise ValueError(f"{name} is {getattr(self, name)}, not from 0 to 2**64 - 1")
        return library.RandomStruct(None, self.seed, self.stream, self.first, generators.index(self.generator))


def encode(value, to, word=0, policy=None, **members):
    """The code of one number: an int, a float, or a Fraction, rounded once. `word`: random bits."""
    to = format(to)
    struct = projection(policy, **members)
    out = ctypes.c_uint64()
    library.call("encode_value", to.pointer, ctypes.byref(_value_struct(value)), ctypes.byref(struct), word,
           ctypes.byref(out), None)
    return out.value


def _value_struct(value):
    if isinstance(value, float):
        if math.isnan(value):
            return library.ValueStruct(3, math.copysign(1, value) < 0, 0, 0, 0, 1 << 63, 0)
        if math.isinf(value):
            return library.ValueStruct(2, value < 0)
        if value == 0:
            return library.ValueStruct(0, math.copysign(1, value) < 0)
    if isinstance(value, bool) or not isinstance(value, (int, float, fractions.Fraction)):
        raise TypeError(f"a number is an int, a float or a Fraction, not {type(value).__name__}")
    x = fractions.Fraction(value)
    if x == 0:
        return library.ValueStruct(0)
    # 128 bits of the quotient and whether there is more.
    shift = 128 - (abs(x.numerator).bit_length() - x.denominator.bit_length())
    top, bottom = abs(x.numerator) << max(shift, 0), x.denominator << max(-shift, 0)
    quotient, rest = divmod(top, bottom)
    more = quotient.bit_length() - 128
    rest = rest or quotient & ((1 << more) - 1)
    quotient >>= more
    return library.ValueStruct(1, x < 0, rest != 0, 0, max(min(64 + more - shift, 1 << 24), -(1 << 24)), quotient >> 64,
                         quotient & (2**64 - 1))


def value(code, source):
    """The value of one code: a Fraction, or a float where it is infinite or NaN. Values of logarithmic
    formats are cut to 128 bits."""
    source = format(source)
    if not 0 <= code < 1 << source.width:
        raise ValueError(f"code is {code}, not one of {source.width} bits")
    x = library.got(library.ValueStruct, "decode_code", source.pointer, code)
    if x.cls == 3:
        return math.nan
    if x.cls == 2:
        return -math.inf if x.negative else math.inf
    if x.cls == 0:
        return fractions.Fraction(0)
    magnitude = ((x.significand << 64) + x.tail) * fractions.Fraction(2) ** (x.exponent - 64)
    return -magnitude if x.negative else magnitude
