# SPDX-License-Identifier: Apache-2.0
"""liblowp.so through ctypes: where it is found, its structures, its functions, its errors.

What each of them means is in lowp/interop/lowp.h."""
import ctypes
import os
import pathlib
from ctypes import POINTER, c_char_p, c_int, c_int32, c_size_t, c_uint8, c_uint32, c_uint64, c_void_p

ABI = 0
DEFAULT = c_size_t(-1).value
REGISTRIES = ["formats", "operations", "conversion_rules", "policies", "instructions", "mma_models",
              "block_formats", "block_recipes", "block_layouts", "packings"]
TEXTS = ["name", "meaning", "source", "vendor", "evidence", "policy", "target", "alias", "used_by", "recipe",
         "formats"]


class LowpError(ValueError):
    """A refused call; the text names the argument, its value and the rule. `status`: of lowp.h."""

    def __init__(self, status, text):
        super().__init__(text)
        self.status = status


def _structure(name, members):
    return type(name, (ctypes.Structure,), {"_fields_": members})


FormatStruct = _structure("FormatStruct", [
    ("kind", c_uint8), ("width", c_uint8), ("precision", c_uint8), ("exponent_bits", c_uint8),
    ("is_signed", c_uint8), ("has_infinity", c_uint8), ("nans", c_uint8), ("bottom", c_uint8),
    ("table", c_uint8), ("reserved", c_uint8 * 3), ("bias", c_int32)])
FormatFacts = _structure("FormatFacts", [
    (name, c_uint64) for name in ("max_finite", "lowest", "min_positive", "min_normal", "zero", "one",
                                  "infinity", "canonical_nan", "finite_codes")] + [
    (name, c_uint8) for name in ("container_bytes", "has_nan", "has_infinity", "has_zero",
                                 "has_negative_zero", "has_subnormals")] + [("reserved", c_uint8 * 2)])
# One byte for each member; their names come from the library.
ProjectionStruct = c_uint8 * 32
RandomStruct = _structure("RandomStruct", [
    ("words", c_void_p), ("seed", c_uint64), ("stream", c_uint64), ("first", c_uint64),
    ("generator", c_uint8), ("reserved", c_uint8 * 7)])
ValueStruct = _structure("ValueStruct", [
    ("cls", c_uint8), ("negative", c_uint8), ("sticky", c_uint8), ("reserved", c_uint8),
    ("exponent", c_int32), ("significand", c_uint64), ("tail", c_uint64)])
RuleStruct = _structure("RuleStruct", [
    ("source", FormatStruct), ("to", FormatStruct), ("via", FormatStruct), ("first", ProjectionStruct),
    ("last", ProjectionStruct)])
BlockFacts = _structure("BlockFacts", [
    ("element", FormatStruct), ("scale", FormatStruct), ("rows", c_uint32), ("columns", c_uint32),
    ("millibits", c_uint32), ("outer", c_uint8), ("reserved", c_uint8 * 3)])
StateStruct = _structure("StateStruct", [
    ("fpcr", c_uint64), ("fpmr", c_uint64), ("scale", c_uint32), ("random", c_uint32),
    ("mxcsr", c_uint32), ("length", c_uint8), ("select", c_uint8), ("immediate", c_uint8),
    ("frm", c_uint8), ("altfmt", c_uint8), ("fp16_ovfl", c_uint8), ("reserved", c_uint8 * 6)])
InstructionFacts = _structure("InstructionFacts", [
    ("source_registers", c_uint32), ("source_bytes", c_uint32), ("result_bytes", c_uint32),
    ("elements", c_uint32), ("reads_result", c_uint8), ("reserved", c_uint8 * 7)])
MmaFacts = _structure("MmaFacts", [
    ("a", FormatStruct), ("b", FormatStruct), ("c", FormatStruct), ("d", FormatStruct),
    ("scale", FormatStruct), ("k", c_uint32), ("group", c_uint32), ("scale_block", c_uint32),
    ("reserved", c_uint32)])

_FORMAT, _PROJECTION, _RANDOM = POINTER(FormatStruct), POINTER(ProjectionStruct), POINTER(RandomStruct)
_INDEX, _TEXT = POINTER(c_size_t), POINTER(c_char_p)
_ARRAY, _CODE, _FLAGS = c_void_p, POINTER(c_uint64), c_void_p

# Arguments of the functions that return a status.
_FUNCTIONS = {
    "count": [c_int, _INDEX],
    "row_text": [c_int, c_size_t, c_int, _TEXT],
    "find": [c_int, c_char_p, _INDEX],
    "format_named": [c_char_p, _FORMAT],
    "format_at": [c_size_t, _FORMAT],
    "format_facts": [_FORMAT, POINTER(FormatFacts)],
    "projection_member": [c_size_t, _TEXT],
    "projection_value": [c_size_t, c_int, _TEXT],
    "policy_at": [c_size_t, _PROJECTION],
    "random_words": [_RANDOM, c_size_t, _ARRAY],
    "rounding_words": [_RANDOM, _PROJECTION, c_size_t, _ARRAY],
    "decode_code": [_FORMAT, c_uint64, POINTER(ValueStruct)],
    "encode_value": [_FORMAT, POINTER(ValueStruct), _PROJECTION, c_uint64, _CODE, _FLAGS],
    "convert": [_FORMAT, _ARRAY, _FORMAT, _ARRAY, c_size_t, _PROJECTION, _RANDOM, _FLAGS],
    "rule_at": [c_size_t, POINTER(RuleStruct)],
    "find_rule": [c_char_p, _FORMAT, _FORMAT, _INDEX],
    "apply_rule": [c_size_t, _ARRAY, _ARRAY, c_size_t, _RANDOM],
    "packed_bytes": [_FORMAT, c_size_t, c_size_t, _INDEX],
    "pack": [_FORMAT, c_size_t, _ARRAY, c_size_t, _ARRAY, c_size_t],
    "unpack": [_FORMAT, c_size_t, _ARRAY, c_size_t, _ARRAY, c_size_t],
    "operand_count": [c_int, POINTER(c_int)],
    "compute": [c_int, _FORMAT, POINTER(c_void_p), _FORMAT, _ARRAY, c_size_t, _PROJECTION, _RANDOM, _FLAGS],
    "compute_codes": [c_int, _FORMAT, _CODE, _FORMAT, _PROJECTION, c_uint64, _CODE, _FLAGS],
    "block_format_at": [c_size_t, POINTER(BlockFacts)],
    "block_sizes": [c_size_t, c_size_t, c_uint64, c_uint64, _INDEX, _INDEX, _INDEX],
    "quantise": [c_size_t, c_size_t, c_size_t, c_uint64, c_uint64, _ARRAY, _ARRAY, c_size_t, _ARRAY, c_size_t,
                 _ARRAY, _ARRAY, _RANDOM],
    "dequantise": [c_size_t, c_size_t, c_uint64, c_uint64, _ARRAY, c_size_t, _ARRAY, c_size_t, _ARRAY, _ARRAY],
    "default_state": [POINTER(StateStruct)],
    "instruction_at": [c_size_t, POINTER(StateStruct), POINTER(InstructionFacts)],
    "run_instruction": [c_size_t, _ARRAY, c_size_t, _ARRAY, c_size_t, c_size_t, POINTER(StateStruct), c_size_t],
    "mma_at": [c_size_t, POINTER(MmaFacts)],
    "mma": [c_size_t, c_uint64, c_uint64, c_uint64, c_uint64, _ARRAY, _ARRAY, _ARRAY, _ARRAY, _ARRAY, _ARRAY],
}


def _open():
    """The library: the one that LOWP_LIBRARY names, else the one beside this file, else the system's."""
    named = os.environ.get("LOWP_LIBRARY")
    beside = pathlib.Path(__file__).with_name("liblowp.so")
    path = named or (str(beside) if beside.exists() else f"liblowp.so.{ABI}")
    try:
        library = ctypes.CDLL(path)
        abi = library.lowp_abi()
    except (OSError, AttributeError) as problem:
        where = "which LOWP_LIBRARY names" if named else f"nor is it {beside}; LOWP_LIBRARY may name another"
        raise ImportError(f"lowp: {path} cannot be used ({problem}), {where}") from None
    if abi != ABI:
        raise ImportError(f"lowp: {path} has the ABI {abi}, this module needs {ABI}")
    for text in ("error_text", "last_message", "version"):
        getattr(library, f"lowp_{text}").restype = c_char_p
    for name, arguments in _FUNCTIONS.items():
        getattr(library, f"lowp_{name}").argtypes = arguments
    return library


_LIBRARY = _open()


def call(name, *arguments):
    """Calls lowp_<name>; a refusal is a LowpError."""
    status = getattr(_LIBRARY, f"lowp_{name}")(*arguments)
    if status != 0:
        raise LowpError(status, _LIBRARY.lowp_last_message().decode())


def version():
    """The version of the library."""
    return _LIBRARY.lowp_version().decode()


def got(kind, name, *arguments):
    """Calls a function whose last argument receives a result; returns it."""
    out = kind()
    call(name, *arguments, ctypes.byref(out))
    return out
