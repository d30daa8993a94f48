#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Breaks the library on purpose, one change at a time, and demands that a test notices.

usage: mutate.py [--list] [--only TEXT] [--turn N] [--jobs N] [--compiler CXX]

Each mutant replaces a text that occurs exactly once in a header by another. The tests of its row are
built against the changed copy of include/ and run in order until one fails; a mutant that none of them
notices, or that does not compile, fails the run. A text that is gone, or occurs twice, fails as well:
the row must follow the code. A mutant whose tests need a processor that this machine is not is skipped.
Closes with 'N passed, N failed, N skipped'.

With --turn N only every fourth mutant runs, from the (N mod 4)-th on, so that runs of a growing N come to
all of them; the texts of all rows are checked nevertheless.
"""
import argparse
import concurrent.futures
import os
import pathlib
import platform
import shutil
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TESTS = ROOT / "tests"

# What a test program needs besides its file: arguments that narrow it to the part that matters here, more
# words for the compiler. Kernels of bulk conversion are compiled for one instruction set, the least with vectors.
KERNELS = ["-DHWY_COMPILE_ONLY_STATIC", *(["-mssse3"] if platform.machine() == "x86_64" else [])]
# Few cases: compiling takes longest.
LITERAL = ["-O0"]
FRONT_DOOR = [*KERNELS, "-include", "lowp/simd/implementation_convert.hpp", "-lhwy"]
# Words that end in .cpp are units to be linked. Which instruction sets: the least, the least with a fused
# multiply-add, and the one that dequantise-inl.hpp and block_dot-inl.hpp have kernels for.
UNIT = ["-DHWY_COMPILE_ONLY_STATIC", "-lhwy", "-pthread", "src/lowp_simd.cpp"]
LEAST = [*UNIT, *KERNELS]
FUSED = [*UNIT, *(["-march=haswell", "-maes"] if platform.machine() == "x86_64" else [])]
NEWEST = [*UNIT, "-march=icelake-server", "-DHWY_WANT_AVX3_DL"]
NEEDED = {"-march=haswell": {"avx2", "fma"}, "-march=icelake-server": {"avx512vbmi", "avx512_vnni"}}
PROGRAMS = {
    "values": ("values_test.cpp", []),
    "clauses": ("clauses_test.cpp", [], *LITERAL),
    "clauses_projection": ("clauses_projection_test.cpp", [], *LITERAL),
    "text_rounding": ("text_rounding_test.cpp", []),
    "number": ("number_test.cpp", []),
    "compare": ("compare_test.cpp", []),
    "status": ("status_test.cpp", []),
    "stochastic": ("stochastic_test.cpp", []),
    "p3109": ("p3109_test.cpp", []),
    "text": ("text_test.cpp", []),
    "vendor_tables": ("vendor_tables_test.cpp", [], *LITERAL),
    "clauses_arithmetic": ("clauses_arithmetic_test.cpp", [], *LITERAL),
    "operators": ("operators_test.cpp", []),
    "integer_operations": ("integer_operations_test.cpp", ["--test-case=*2^(k/8)*"]),
    "accumulator": ("accumulator_test.cpp", []),
    "logarithms": ("arithmetic_logarithms_test.cpp",
                   ["--test-case=*stochastic*,*dyadic*,*finest*,*far*"]),
    "elementary_specials": ("elementary_specials_test.cpp", [], *LITERAL),
    "p3109_report": ("p3109_report_test.cpp", [], *LITERAL),
    "p3109_blocks": ("p3109_blocks_test.cpp", []),
    "rowwise": ("integer/table/rowwise_test.cpp", [], *LITERAL),
    "table_quantisers": ("integer/table/quantisers_test.cpp", [], *LITERAL),
    "table_codebook": ("integer/table/code_book_test.cpp", [], *LITERAL),
    "table_bag": ("integer/table/bag_test.cpp", [], *LITERAL),
    "machine_binary32": ("simd/machine_binary32_test.cpp", [], "-ffast-math"),
    "block_registries": ("block/registries_test.cpp", [], *LITERAL),
    "layout": ("block/layout_test.cpp", []),
    "block_layout": ("block/block_layout_test.cpp", []),
    "block_clauses": ("block/quantise_clauses_test.cpp", [], *LITERAL),
    "block_format": ("block/block_format_test.cpp", [], "-lmpfr", "-lgmp"),
    "scale_rule": ("block/scale_rule_test.cpp", [], "-lmpfr", "-lgmp"),
    "quantise_powers": ("block/quantise_test.cpp", ["--test-case=*BLS-7*"], "-lmpfr", "-lgmp"),
    "quantise_quotients": ("block/quantise_test.cpp", ["--test-case=*BLS-9*"], "-lmpfr", "-lgmp"),
    "quantise_search": ("block/quantise_test.cpp", ["--test-case=*BLS-10*"], "-lmpfr", "-lgmp"),
    "quantise_hif4": ("block/quantise_test.cpp", ["--test-case=*BLS-14*"], "-lmpfr", "-lgmp"),
    "quantise_random": ("block/quantise_test.cpp", ["--test-case=*random words*"], "-lmpfr", "-lgmp"),
    "block_dot": ("block/matrix_test.cpp", ["--test-case=*refused vectors*"]),
    "convert_layout": ("block/convert_layout_test.cpp", []),
    "hadamard": ("block/hadamard_test.cpp", ["--test-case-exclude=*bounds*"]),
    "simd_static": ("simd/static_test.cpp", [], *KERNELS),
    "simd_edges": ("simd/edges_test.cpp", [], *FRONT_DOOR),
    "simd_front_door": ("simd/front_door_test.cpp", [], *FRONT_DOOR),
    "simd_quantise": ("simd/quantise_test.cpp", [], *LEAST, "src/lowp_simd_quantise.cpp"),
    "simd_dequantise": ("simd/dequantise_test.cpp", [], *LEAST, "src/lowp_simd_dequantise.cpp"),
    "simd_dequantise_newest": ("simd/dequantise_test.cpp", [], *NEWEST, "src/lowp_simd_dequantise.cpp"),
    "simd_block_dot": ("simd/block_dot_test.cpp", [], *NEWEST, "src/lowp_simd_dequantise.cpp"),
    "simd_rowwise": ("simd/rowwise_test.cpp", [], *FUSED, "src/lowp_simd_rowwise.cpp"),
    "simd_rowwise_least": ("simd/rowwise_test.cpp", [], *LEAST, "src/lowp_simd_rowwise.cpp"),
    "simd_affine": ("simd/affine_array_test.cpp", [], *FUSED, "src/lowp_simd_affine.cpp"),
    "simd_pool": ("simd/pool_rows_test.cpp", [], *FUSED, "src/lowp_simd_pool.cpp",
                  "src/lowp_simd_rowwise.cpp"),
    "simd_stochastic": ("simd/stochastic_test.cpp", [], *FRONT_DOOR),
    "simd_custom_formats": ("simd/custom_formats_test.cpp", [], *FRONT_DOOR),
    "simd_compare": ("simd/compute_test.cpp", ["--test-case=*comparisons*"], *FRONT_DOOR),
    "integer_intn": ("integer/intn_test.cpp", []),
    "integer_affine": ("integer/affine_test.cpp", [], *LITERAL),
    "integer_parameters": ("integer/parameters_test.cpp", []),
    "integer_requantise": ("integer/requantise_test.cpp", [], *LITERAL),
    "integer_dot": ("integer/dot_test.cpp", []),
    "integer_calibration": ("integer/calibration_test.cpp", []),
    "instructions": ("hardware/instructions_test.cpp", ["--test-case=*mnemonic*"]),
    "instruction_state": ("hardware/instruction_state_test.cpp", [], *LITERAL),
    "instruction_cases": ("hardware/instruction_cases_test.cpp", [], *LITERAL),
    "block_ggml": ("block/ggml_test.cpp", []),
    "block_ggml_rows": ("block/ggml_rows_test.cpp", [], *LITERAL, "-ffp-contract=off"),
    "block_ggml_numbers": ("block/ggml_numbers_test.cpp", [], *LITERAL),
    "block_ggml_reading": ("block/ggml_reading_test.cpp", [], "-ffp-contract=off"),
}

CODEC = "codec.hpp"
MINI = "detail/minifloat.hpp"
WIDE = "detail/wide.hpp"
FINITE = "detail/exact_arithmetic.hpp"
SPECIAL = "detail/arithmetic_operations.hpp"
COMMON = "detail/special_results.hpp"
INTEGER = "detail/integer_operations.hpp"
IRRATIONAL = "detail/irrational.hpp"
SELECT = "detail/selection_operations.hpp"
SHORT = "detail/short_arithmetic.hpp"
DRAFT = "p3109/projection.hpp"
REDUCE = "p3109/reduction.hpp"
BLOCK = "p3109/block.hpp"
GGML = "block/ggml/"
RUN = "hardware/run_instruction.hpp"

# (name, header, text, replacement, tests that must notice - the first that fails is enough)
MUTANTS = [
    ("nearest-even becomes ties away", CODEC,
     "case rounding::to_nearest_even: return jammed > half - (odd ? 1 : 0);",
     "case rounding::to_nearest_even: return jammed >= half;", ["vendor_tables", "p3109"]),
    ("nearest-even becomes ties to odd", CODEC,
     "case rounding::to_nearest_even: return jammed > half - (odd ? 1 : 0);",
     "case rounding::to_nearest_even: return jammed > half - (odd ? 0 : 1);", ["p3109"]),
    ("nearest-away becomes ties to zero", CODEC,
     "case rounding::to_nearest_away: return jammed >= half;",
     "case rounding::to_nearest_away: return jammed > half;", ["p3109", "vendor_tables"]),
    ("sticky bit dropped from every decision", CODEC,
     "const Word jammed = nu.bits | (nu.sticky ? 1 : 0);",
     "const Word jammed = nu.bits;", ["clauses_projection", "text_rounding", "status"]),
    ("fraction lost in long shifts", "detail/kind.hpp",
     "return {0, {x.significand >> (shift - 64), lost || low}};",
     "return {0, {0, lost || low}};", ["p3109", "status"]),
    ("toward_positive and toward_negative exchanged", CODEC,
     "case rounding::toward_positive: return !negative && jammed != 0;",
     "case rounding::toward_positive: return negative && jammed != 0;", ["p3109"]),
    ("to_odd rounds to even", CODEC,
     "case rounding::to_odd: return !odd && jammed != 0;",
     "case rounding::to_odd: return odd && jammed != 0;", ["p3109"]),
    ("StochasticB without its half bit", CODEC,
     "(leading + 2 * random + 1)", "(leading + 2 * random)", ["stochastic", "p3109"]),
    ("StochasticC truncates instead of rounding", CODEC,
     "(rest > middle - (leading & 1) ? 1 : 0)", "0", ["stochastic", "p3109"]),
    ("random bits from the wrong end", CODEC,
     "? (word & low_mask(32)) >> (32 - bits)", "? (word & low_mask(bits))",
     ["stochastic", "vendor_tables"]),
    ("greatest finite code off by one", MINI,
     "return last - (f.nans == nan_codes::top ? 1 : 0) - (f.has_infinity ? 1 : 0);",
     "return last - (f.nans == nan_codes::top ? 1 : 0) - (f.has_infinity ? 0 : 1);", ["values"]),
    ("subnormals one binade too low", MINI,
     "const std::int32_t lift = f.bottom == bottom_binade::halved ? 0 : 1;",
     "const std::int32_t lift = 0;", ["values"]),
    ("bias off by one in encoding", MINI,
     "const std::int32_t field = binade(x) + f.bias;",
     "const std::int32_t field = binade(x) - 1 + f.bias;", ["values"]),
    ("least normal value treated as subnormal", MINI,
     "if (field >= lowest) {", "if (field > lowest) {", ["values", "p3109"]),
    ("saturation forgets infinities", CODEC,
     "bool clamp = p.overflow == overflow_rule::saturate;",
     "bool clamp = p.overflow == overflow_rule::saturate && !infinite;",
     ["vendor_tables", "p3109"]),
    ("saturate_finite clamps infinities", CODEC,
     "bool clamp = p.overflow == overflow_rule::saturate;",
     "bool clamp = p.overflow == overflow_rule::saturate || p.overflow == overflow_rule::saturate_finite;",
     ["vendor_tables", "p3109"]),
    ("directed rounding overflows to infinity", CODEC,
     "case rounding::toward_zero: return true;", "case rounding::toward_zero: return false;",
     ["p3109", "vendor_tables"]),
    ("NaN loses its sign", CODEC,
     "const bool negative = apply(p.nan_sign, x.negative);",
     "const bool negative = apply(p.nan_sign, false);", ["vendor_tables"]),
    ("NaN payload not quieted", CODEC,
     "return sign | infinity | kept | quiet;", "return sign | infinity | kept;", ["vendor_tables"]),
    ("underflow flag before instead of after rounding", CODEC,
     "p.tininess == tininess_rule::before_rounding", "true", ["clauses_projection", "status"]),
    ("inexact flag missing on overflow", CODEC,
     "r.flags.bits |= status::overflow | status::inexact;",
     "r.flags.bits |= status::overflow;", ["clauses_projection", "status"]),
    ("the short way keeps one bit too many", "detail/narrow.hpp",
     "int shift = dropped + raised - scale;", "int shift = dropped + raised - scale - 1;", ["number"]),
    ("the short way forgets overflow", "detail/narrow.hpp",
     "out = (overflow & over) | ((index | sign) & ~over);", "out = index | sign;", ["number"]),
    ("HiFloat8 overflows at 1.5 x 2^15 only", "detail/hifloat8.hpp",
     "const int t = trailing_bits_of(exponent);\n    const position p",
     "const int t = exponent == 15 ? 0 : trailing_bits_of(exponent);\n    const position p",
     ["vendor_tables"]),
    ("greatest unsigned integer off by one", "detail/fixed_point.hpp",
     "return negative ? 0 : low_mask(f.width);", "return negative ? 0 : low_mask(f.width) - 1;",
     ["number"]),
    ("posit regime cut one bit early", "detail/tapered.hpp",
     "return cut_string(head, tail, sticky, f.width - 1 - length);",
     "return cut_string(head, tail, sticky, f.width - 2 - length);", ["values"]),
    ("logarithm table index shifted", "detail/logarithmic.hpp",
     "x.sticky = part != 0;", "x.sticky = false;", ["values", "compare"]),
    ("-0 is less than +0", "compare.hpp",
     "if (a.cls == number_class::zero && b.cls == number_class::zero) return ordering::equal;",
     "", ["compare"]),
    ("sum loses what is shifted out", FINITE,
     "if (x.negative == y.negative) return exact_from(x.negative, greater + lesser, exponent, lost);",
     "if (x.negative == y.negative) return exact_from(x.negative, greater + lesser, exponent, false);",
     ["clauses_arithmetic"]),
    ("difference forgets the borrow of the rest", FINITE,
     "if (lost) difference = difference - uint256{0, 1};", "", ["clauses_arithmetic"]),
    ("a cancelled sum is always +0", COMMON,
     "return exact_zero(p.round == rounding::toward_negative);", "return exact_zero();",
     ["clauses_arithmetic"]),
    ("the sign of the product is that of the first factor", FINITE,
     "const bool negative = x.negative != y.negative;\n  if (x.tail == 0",
     "const bool negative = x.negative;\n  if (x.tail == 0", ["clauses_arithmetic"]),
    ("0 x infinity is infinite", SPECIAL, "    if (zero) return invalid_result();\n", "",
     ["clauses_arithmetic"]),
    ("division by zero is NaN under IEEE 754", SPECIAL,
     "if (is_zero(x) || uses_p3109(p)) return invalid_result();", "return invalid_result();",
     ["clauses_arithmetic"]),
    ("division by zero is infinite in P3109", SPECIAL,
     "if (is_zero(x) || uses_p3109(p)) return invalid_result();",
     "if (is_zero(x)) return invalid_result();", ["clauses_arithmetic"]),
    ("square root rounded to even before the projection", FINITE,
     "rest = rest || !(multiply_wide(root, root) == x);", "", ["clauses_arithmetic"]),
    ("square root of an odd exponent not doubled", FINITE,
     "const int k = (x.exponent & 1) != 0 ? 127 : 128;", "const int k = 128;",
     ["clauses_arithmetic"]),
    ("integer square root not corrected", WIDE,
     "while (x < multiply_wide(root, root)) --root;", "", ["clauses_arithmetic"]),
    ("three terms added in any order", FINITE,
     "if (!leading.sticky) return add_finite(leading, z);", "return add_finite(leading, z);",
     ["clauses_arithmetic"]),
    ("fma takes the sign of the product alone for zero sums", SPECIAL,
     "return is_nan(xy.value) ? xy : sum(xy.value, x[2], p);",
     "return is_nan(xy.value) || (is_zero(xy.value) && is_zero(x[2])) ? xy : sum(xy.value, x[2], p);",
     ["clauses_arithmetic"]),
    ("remainder ignores the parity of the quotient", INTEGER,
     "(o == ordering::equal && odd)", "o == ordering::equal", ["clauses_arithmetic"]),
    ("long remainders lose a step", FINITE,
     "const int step = left < 64 ? left : 64;", "const int step = left < 63 ? left : 64;",
     ["clauses_arithmetic"]),
    ("roundToIntegral truncates", INTEGER,
     "return exact_wide(x.negative, whole + (away ? 1 : 0), 0, false);",
     "return exact_wide(x.negative, whole, 0, false);", ["clauses_arithmetic"]),
    ("roundToIntegral keeps fractions behind 64 bits", INTEGER,
     "x.exponent >= 64) return x;", "x.exponent >= 0) return x;", ["integer_operations"]),
    ("scalb takes great irrational numbers for integers", INTEGER,
     "x[1].sticky || ", "", ["integer_operations"]),
    ("a trace below a logarithmic number counts as one above", IRRATIONAL,
     "(side < 0) == r.negative ? 1", "true ? 1", ["clauses_arithmetic"]),
    ("dyadic numbers that begin as a root are taken for it", IRRATIONAL,
     "if (surd_index(r) != 0) return algebraic_on_irrationals(op, operands, p);\n  return {r, {}};",
     "return {r, {}};", ["logarithms"]),
    ("terms of one root that cancel wait for a far third", IRRATIONAL,
     "if (t[0].root == t[1].root) {", "if (false) {", ["logarithms"]),
    ("stochastic rounding above a code of a logarithm starts below it", "detail/logarithmic.hpp",
     "if (x.significand != exp2_64th(part)) fraction", "fraction", ["logarithms"]),
    ("roots are looked for in too narrow a window", "detail/interval_values.hpp",
     "> 32 || i == 64", "> 16 || i == 64", ["logarithms"]),
    ("logarithmic sums forget the side of a trace", "detail/accumulator_surds.hpp",
     "return rest.evaluated().negative ? -1 : 1;", "return 1;", ["accumulator"]),
    ("minimum does not order zeros", SELECT,
     "return (y.negative ? 1 : 0) - (x.negative ? 1 : 0);", "return 0;", ["clauses_arithmetic"]),
    ("minimum_number does not signal", SELECT,
     "return {is_nan(x[0]) ? x[1] : x[0], flags};", "return {is_nan(x[0]) ? x[1] : x[0], {}};",
     ["clauses_arithmetic"]),
    ("NaN operands stay signalling", COMMON,
     "if (is_nan(x[i])) return {quieted(x[i]), signals<N>(x)};",
     "if (is_nan(x[i])) return {quieted(x[i]), {}};", ["clauses_arithmetic"]),
    ("hypot drops the lesser square", FINITE,
     "return sqrt_of(shift_left(sum, up), exponent - up, lost);",
     "return sqrt_of(shift_left(uint256{a >> 2, a << 126}, up), exponent - up, lost);",
     ["clauses_arithmetic"]),
    ("the short way divides one digit less", "detail/short_quotient.hpp",
     "return {to.precision + 2, false};", "return {to.precision + 1, false};", ["operators"]),
    ("the short way makes 0 x infinity infinite", SHORT, "r.nan = r.infinite & r.zero;", "",
     ["operators"]),
    ("tanpi has zeros of one sign", "detail/elementary_results.hpp",
     "exact_zero(x.negative != second)", "exact_zero(x.negative)", ["elementary_specials"]),
    ("powers of odd numbers are never exact", "detail/elementary_results.hpp",
     "if (exponent > 6 || fy.odd > 80) return false;", "return false;", ["elementary_specials"]),
    ("the logarithm of zero is no pole", "detail/elementary_operations.hpp",
     "return pole(true);", "return {exact_infinity(true), {}};", ["elementary_specials"]),
    ("merged accumulators forget infinities", "basic_accumulator.hpp",
     "facts_ |= other.facts_;", "", ["accumulator"]),
    ("borrows stop after one limb", "detail/accumulator_limbs.hpp",
     "for (; borrow != 0 && i < n; ++i) borrow = limb[i]-- == 0 ? 1 : 0;", "", ["accumulator"]),
    ("P3109: external formats keep an odd greatest value under ToOdd", DRAFT,
     "p.odd_overflows = !report || f.is_signed;", "p.odd_overflows = !report;", ["p3109_report"]),
    ("P3109: SatNone clamps finite domains in the formal specification", DRAFT,
     "report ? no_infinity_rule::max_finite : no_infinity_rule::nan", "no_infinity_rule::max_finite",
     ["p3109_report"]),
    ("P3109: no random bits round as the formula says in every version", DRAFT,
     "rho.N == 0 && rho.version != InterimReport_4_0", "false", ["p3109_report"]),
    ("P3109: -0 keeps its sign", "p3109/format.hpp",
     "if (X.cls == number_class::zero) return exact_zero();", "", ["p3109_report"]),
    ("P3109: neighbours stay at the end of the range", "p3109/compare.hpp",
     "r == x ? exact_nan() : Decode(f, r)", "Decode(f, r)", ["p3109_report"]),
    ("P3109: NaN is not least in the total order", "p3109/compare.hpp",
     "if (Decode(fx, x).cls == number_class::nan) return true;", "", ["p3109_report"]),
    ("P3109: kappa across zero is a difference", "p3109/kappa.hpp",
     "p.negative != q.negative ? p.index + q.index", "false ? p.index + q.index", ["p3109_report"]),
    ("P3109: an infinite scale gives 1 whatever the signs", BLOCK,
     "exact_finite(X.negative != S.negative, 1, 0)", "exact_finite(false, 1, 0)", ["p3109_blocks"]),
    ("P3109: quotients by a scale lose the rest of the dividend", BLOCK,
     "Q.sticky = Q.sticky || (Q.cls == number_class::finite && Z.sticky);", "", ["p3109_blocks"]),
    ("P3109: the scale of a block counts infinities", BLOCK,
     "omega<operation::maximum_finite>", "omega<operation::maximum_number>", ["p3109_blocks"]),
    ("P3109: sums lose the low half of factors", REDUCE,
     "for (const exact& b : y) sum.add_product(a, b);", "sum.add_product(a, y[0]);", ["p3109_blocks"]),
    ("P3109: sums of many bits in an accumulator of few", REDUCE,
     "return limbs <= few_limbs ?", "return limbs > 0 ?", ["p3109_blocks"]),
    ("P3109: long products forget what they cut off", REDUCE,
     "r.sticky = size_ > 3 || low << shift != 0;", "r.sticky = low << shift != 0;", ["p3109_blocks"]),
    ("P3109: a cut product is always taken as decided", REDUCE,
     "drops_ == 0 || limb_[Limbs - 4] != ~std::uint64_t{0}", "true", ["p3109_blocks"]),
    ("bulk: ties away go to zero", "simd/encode_plan.hpp",
     "case rounding::to_nearest_away: return half - 1;", "case rounding::to_nearest_away: return half;",
     ["simd_static"]),
    ("bulk: toward_positive becomes toward_negative", "simd/encode_plan.hpp",
     "case rounding::toward_positive: return negative ? never : 0;",
     "case rounding::toward_positive: return negative ? 0 : never;", ["simd_static"]),
    ("bulk: a far exact tie counts as more", "simd/encode-inl.hpp",
     "hn::IfThenZeroElse(hn::Eq(hn::Shl(moved, shift), significand),",
     "hn::IfThenZeroElse(hn::Eq(significand, hn::Zero(d)),", ["simd_stochastic"]),
    ("bulk: negative integers lose one", "simd/decode-inl.hpp",
     "const V magnitude = hn::Sub(hn::Xor(value, below_zero), below_zero);",
     "const V magnitude = hn::Xor(value, below_zero);", ["simd_static"]),
    ("bulk: every chunk has the random bits of the first", "simd/convert_array-inl.hpp",
     "convert_codes(p, codes, results, here, first + start, b);",
     "convert_codes(p, codes, results, here, first, b);", ["simd_static"]),
    ("bulk: the last chunk is written whole", "simd/convert_array-inl.hpp",
     "const bool direct_out = writes_memory && is_whole;",
     "const bool direct_out = writes_memory;", ["simd_edges"]),
    ("bulk: integers of any bias go the short way", "simd/carry_plan.hpp",
     "if (e.twos_complement && !is_linear) return false;", "", ["simd_custom_formats"]),
    ("bulk: bytes from subnormal lanes lose a bit", "simd/byte_plan.hpp",
     "trailing > (b.raises ? 5 : 6)", "trailing > 6", ["simd_custom_formats"]),
    ("bulk: numbers beyond 64 bits wrap", "simd/encode_wide-inl.hpp",
     "hn::Or(hn::Gt(index, top), is_far)", "hn::Gt(index, top)", ["simd_static"]),
    ("bulk: integers of 32 bits see no number beyond", "simd/encode-inl.hpp",
     "is_over = hn::Or(hn::Gt(index, most_index), hn::RebindMask(d, is_far));",
     "is_over = hn::Gt(index, most_index);", ["simd_static"]),
    ("bulk: the last part of an array is forgotten", "simd/parts.hpp",
     "static_cast<std::size_t>((n + each - 1) / each)}", "static_cast<std::size_t>(n / each)}",
     ["simd_front_door"]),
    ("bulk: a byte short is enough", "simd/argument_checks.hpp",
     "if (!absurd && have >= need) return;", "if (!absurd && have + 1 >= need) return;",
     ["simd_front_door"]),
    ("bulk: NaN compares as a number", "simd/compute_plan.hpp",
     "for (std::uint64_t& k : key) k = k == 256 ? r.nan_key : k;",
     "for (std::uint64_t& k : key) k = k == 256 ? 0 : k;", ["simd_compare"]),
    ("bulk: stochastic C sends ties up, not to even", "simd/carry_plan.hpp",
     "r.odd = (std::uint32_t{1} << (r.at - 1)) - 1;", "r.odd = std::uint32_t{1} << (r.at - 1);",
     ["simd_stochastic"]),
    ("bulk: stochastic C sends ties in the odd step of a ladder up", "simd/carry_plan.hpp",
     "r.gap.parity = p.round == rounding::stochastic_c ? 1 : 0;", "r.gap.parity = 0;",
     ["simd_stochastic"]),
    ("bulk: stochastic rounding takes infinity for a number", "simd/carry_plan.hpp",
     "r.far = (index < most && r.unit == 0 ? index : most) - 1;", "r.far = most;",
     ["simd_static"]),
    ("bulk: random words from the wrong place of a block", "simd/random-inl.hpp",
     "return buffer + before;", "return buffer;", ["simd_front_door"]),
    ("bulk blocks: scales go up one step too late", "simd/quantise_plan.hpp",
     "never_up - up_threshold(r.rule, f.element));", "never_up - up_threshold(r.rule, f.element)) - 1;",
     ["simd_quantise"]),
    ("bulk blocks: -0 stays -0", "simd/quantise_plan.hpp",
     "if (zeros == zero_sign_rule::exact_positive) p.drops_sign = 1;", "", ["simd_quantise"]),
    ("bulk blocks: what stood beside partial blocks stays", "simd/quantise_places.hpp",
     "const bool has_parts = writes_bits &&", "const bool has_parts = false && writes_bits &&",
     ["simd_quantise"]),
    ("bulk blocks: records of scales are as far apart as those of elements", "simd/dequantise_rows-inl.hpp",
     "const std::uint64_t step = scale_record_bytes();", "const std::uint64_t step = element_record_bytes();",
     ["simd_dequantise"]),
    ("bulk blocks: units of integers below 2^-127 may round", "simd/dequantise_plan.hpp",
     "scales.takes(-f.element.bias)", "scales.takes(0)", ["simd_dequantise"]),
    ("bulk blocks: any elements of 8 bits with a sign are integers", "simd/dequantise_plan.hpp",
     "return f.kind == number_kind::fixed_point && f.is_signed", "return f.is_signed", ["simd_dequantise"]),
    ("tables: any bounds are usable", "integer/table/rowwise.hpp",
     ">= 0x7f800000) return rowwise_error::bounds;", "> 0xffffff00) return rowwise_error::bounds;", ["rowwise"]),
    ("integers: what stood beside codes stays", "integer/quantise_array.hpp",
     "b = std::byte{0};", "static_cast<void>(b);", ["integer_affine"]),
    ("blocks: a power of two that the scale's format lacks becomes its greatest number", "block/element_quantiser.hpp",
     "if (!has_powers_only(f.scale)) e = power_within(f.scale, e);", "", ["block_clauses"]),
    ("blocks: a power of two may stand where zero does", "block/element_quantiser.hpp",
     "if (there.flags.has(status::inexact)) ++least;", "", ["block_clauses"]),
    ("blocks: quotients may be less than -M", "block/element_quantiser.hpp",
     "within_symmetry(encode_real(f.element, scaled, r.element, random))", "encode_real(f.element, scaled, r.element, random)",
     ["block_clauses"]),
    ("blocks: subnormal bounds of scales are half as great", "block/quotient_scale.hpp",
     "std::uint32_t{1} << (e + 149)", "std::uint32_t{1} << (e + 148)", ["block_clauses"]),
    ("blocks: any scales have neighbours", "block/block_recipe.hpp",
     "is_power_rule(r.rule) ? has_powers_only : !is_hif4", "!is_hif4", ["block_clauses"]),
    ("blocks: units of sums may be finer than what is added up", "block/block_dot.hpp",
     "products.low >= unit_of_products", "products.low >= unit_of_products - 2", ["block_dot"]),
    ("blocks: sums may be greater than what is added up", "block/block_dot.hpp",
     "products.high <= of_products", "products.high <= of_products + 1", ["block_dot"]),
    ("blocks: scales may take sums beyond what is added up", "block/block_dot.hpp",
     "scales = {scales.low + s.low, scales.high + s.high};", "", ["block_dot"]),
    ("blocks: elements may be 0 and -1", "block/block_format.hpp",
     "if (is_one_bit && f.element.is_signed) return element;", "", ["block_format"]),
    ("bulk blocks: tiny products are zeros where rounding is directed", "simd/quantise_plan.hpp",
     "p.keeps_tiny = is_power && !is_to_nearest(e.round);", "p.keeps_tiny = false;", ["simd_quantise"]),
    # Reading of blocks in bulk.
    ("bulk reading: 0 times infinity is 0", "simd/dequantise_plan.hpp",
     "p.zero_is_special = p.zero_is_special || (bits & 0x7fffffff) == 0x7f800000;", "", ["simd_dequantise"]),
    ("bulk reading: blocks of 48 lie as blocks of 16", "simd/dequantise_plan.hpp",
     " || f.columns % 16 != 0 || (f.columns & (f.columns - 1)) != 0;", " || f.columns % 16 != 0;", ["simd_dequantise"]),
    ("bulk reading: codes of 4 bits stand in one order", "simd/dequantise_plan.hpp",
     "low ? place : place ^ 1", "place", ["simd_dequantise_newest"]),
    ("bulk reading: split packings are low first", "simd/dequantise_plan.hpp",
     "k.group == 32 && k.step == 16 && low", "k.group == 32 && k.step == 16", ["simd_dequantise_newest"]),
    ("bulk reading: narrow codes have a sign in bit 7", "simd/dequantise_plan.hpp",
     "p.sign_mask = p.m.f.element.width == 8 ? 0x80 : 0;", "p.sign_mask = 0x80;", ["simd_dequantise_newest"]),
    ("bulk reading: rows may begin in the middle of a packing", "simd/dequantise_plan.hpp",
     "p.align = pack.group != pack.step ? pack.group : 8 / std::gcd(std::uint64_t{8}, slot);", "p.align = 1;",
     ["simd_dequantise"]),
    ("bulk reading: scales of any order stand in fours", "simd/dequantise_plan.hpp",
     "run != 0 && run % 4 == 0 &&", "run != 0 &&", ["simd_dequantise"]),
    ("bulk reading: levels beyond the exponents of binary32", "simd/dequantise_plan.hpp",
     "if (least < -126 || most > 127 || !scales.takes(least) || !scales.takes(most)) return p;", "", ["simd_dequantise"]),
    ("bulk reading: outer scales where products are not exact", "simd/dequantise_plan.hpp",
     "if (p.has_outer && (has_levels || !elements.takes(scales))) return p;", "", ["simd_dequantise"]),
    ("bulk reading: 1 / F / M", "simd/dequantise_plan.hpp", "one / (F * M)", "one / F / M", ["simd_dequantise"]),
    ("bulk reading: tables forget the outer scale", "simd/dequantise-inl.hpp",
     "if (p.has_outer) y = MulStep(y, P);", "", ["simd_dequantise"]),
    ("bulk reading: 64 bytes are read for 48", "simd/dequantise-inl.hpp",
     "(std::uint64_t{1} << 48) - 1", "~std::uint64_t{0}", ["simd_dequantise_newest"]),
    ("bulk reading: bytes have no sign", "simd/dequantise-inl.hpp", "sign_, 0xf8)", "sign_, 0xf0)",
     ["simd_dequantise_newest"]),
    ("bulk reading: the rest of a split group is one line", "simd/dequantise-inl.hpp",
     "std::is_same_v<Decoder, split_decoder> && n - i > 32", "false", ["simd_dequantise_newest"]),
    ("bulk reading: 2^-127 is 0", "simd/dequantise_rows-inl.hpp",
     "hn::Max(hn::ShiftLeft<23>(code), hn::Set(d, std::uint32_t{0x00400000}))", "hn::ShiftLeft<23>(code)",
     ["simd_dequantise"]),
    ("bulk reading: infinite outer scales are numbers", "simd/dequantise_rows-inl.hpp",
     "const bool all = P_bits >= 0x7f800000 ||", "const bool all =", ["simd_dequantise"]),
    ("bulk reading: factors of zero never count", "simd/dequantise_rows-inl.hpp",
     "(bits != 0 || !p.zero_is_special)) continue;", "true) continue;", ["simd_dequantise"]),
    ("bulk reading: elements of a block of NaN are alike whatever the steps", "simd/dequantise_rows-inl.hpp",
     "bits > 0x7f800000 && p.steps == dequantise_steps::exact", "bits > 0x7f800000", ["simd_dequantise"]),
    ("bulk reading: each row has scales of its own", "simd/dequantise_rows-inl.hpp",
     "part(places_.scales(), row / p_.m.f.rows)", "part(places_.scales(), row)", ["simd_dequantise"]),
    # Dot products of blocks in bulk.
    ("bulk dots: bits below binary64 are dropped", "simd/block_dot_table.hpp",
     "if (static_cast<lowp::detail::uint128>(top) << shift != magnitude) top |= 1;", "", ["simd_block_dot"]),
    ("bulk dots: both parts of x have one unit", "simd/block_dot_table.hpp",
     "int128{high} * (std::int64_t{1} << t.low_bits) + low", "int128{high} + low", ["simd_block_dot"]),
    ("bulk dots: every block is whole", "simd/block_dot_table.hpp",
     "if (in_block < columns && i + k < n) continue;", "if (in_block < columns) continue;", ["simd_block_dot"]),
    ("bulk dots: what is kept is for any second vector", "simd/implementation_block_dot.hpp",
     "alike(x, a) && alike(y, b)", "alike(x, a)", ["simd_block_dot"]),
    ("bulk reading: buffers are checked once", "simd/implementation_dequantise.hpp",
     " || !holds(have, kept->places->bytes())", "", ["simd_dequantise"]),
    ("bulk reading: partial blocks go on in the next row", "simd/implementation_dequantise.hpp",
     "s.columns % m.f.columns == 0 && ", "", ["simd_dequantise"]),
    ("bulk blocks: the shape is checked once", "simd/implementation_quantise.hpp",
     "kept->shape != in.shape || ", "", ["simd_quantise"]),
    ("bulk dots: products have the sign of y", "simd/block_dot-inl.hpp", "sign, 0x78)", "sign, 0xf0)", ["simd_block_dot"]),
    ("bulk dots: two roundings never miss", "simd/block_dot-inl.hpp",
     "return (middle | (small & some)) != 0;", "return (small & some) != 0;", ["simd_block_dot"]),
    ("bulk dots: what is beside the last nibble counts", "simd/block_dot-inl.hpp",
     "if ((n - i) * Blocks::bytes % each != 0) {", "if (false) {", ["simd_block_dot"]),
    ("bulk dots: the unit of products of integers is one less", "simd/block_dot_plan.hpp", "p.unit = -12;", "p.unit = -13;",
     ["simd_block_dot"]),
    ("bulk dots: every scale is a power or UE4M3", "simd/block_dot_plan.hpp",
     "if (!p.scale_is_power && f.scale != formats::ue4m3) return p;", "", ["simd_block_dot"]),
    # Refusals of the front doors.
    ("bulk: the last byte of the second argument is shared", "simd/argument_checks.hpp",
     "before(x, y + b.bytes)", "before(x, y + b.bytes - 1)", ["simd_rowwise"]),
    ("bulk: the last byte of the first argument is shared", "simd/argument_checks.hpp",
     "before(y, x + a.bytes)", "before(y, x + a.bytes - 1)", ["simd_rowwise"]),
    ("bulk: rows share a number", "simd/argument_checks.hpp",
     "m.stride < s.columns", "m.stride + 1 < s.columns", ["simd_dequantise"]),
    # Rows of tables in bulk.
    ("bulk rows: halves of the last place go up", "simd/rowwise_vectors-inl.hpp",
     "hn::Add(hn::Add(m, set_bits(0xfff)), odd)", "hn::Add(m, set_bits(0x1000))", ["simd_rowwise"]),
    ("bulk rows: subnormal halves lose a bit", "simd/rowwise_vectors-inl.hpp", "set_real(0x33800000)",
     "set_real(0x33000000)", ["simd_rowwise"]),
    ("bulk rows: NaN counts among the ends", "simd/rowwise_vectors-inl.hpp",
     "vminps {%2, %1, %0|%0, %1, %2}", "vminps {%1, %2, %0|%0, %2, %1}", ["simd_rowwise"]),
    ("bulk rows: any zero may be the least element", "simd/rowwise_ends-inl.hpp",
     "b.lo[r] = first_zero(in + r * columns, columns);", "", ["simd_rowwise"]),
    ("bulk rows: infinite halves are scales", "simd/rowwise_ends-inl.hpp",
     """scale_code = halves_of(step);
      const auto magnitude = as_signed(hn::And(scale_code, set_bits(0x7fff)));
      special = hn::Or(special, hn::Gt(magnitude, hn::Set(integers(), 0x7bff)));""",
     """scale_code = halves_of(step);
      const auto magnitude = as_signed(hn::And(scale_code, set_bits(0x7fff)));""", ["simd_rowwise"]),
    ("bulk rows: a range of 0 has an infinite factor", "simd/rowwise_ends-inl.hpp",
     "AddStep(range, set_real(constant(c.epsilon)))", "range", ["simd_rowwise"]),
    ("bulk rows: the last vector of a long row is forgotten", "simd/rowwise_ends-inl.hpp",
     "hi1 = greater(x, hi1);\n  }", "}", ["simd_rowwise"]),
    ("bulk rows: one of four maxima is lost", "simd/rowwise_ends-inl.hpp",
     "greater(greater(hi0, hi1), greater(hi2, hi3))", "greater(greater(hi0, hi1), hi2)", ["simd_rowwise"]),
    ("bulk rows: bytes in the order of blocks", "simd/rowwise_codes-inl.hpp",
     "_mm256_set_epi32(7, 3, 6, 2, 5, 1, 4, 0)", "_mm256_set_epi32(7, 6, 5, 4, 3, 2, 1, 0)", ["simd_rowwise"]),
    ("bulk rows: the first of two codes is above", "simd/rowwise_codes-inl.hpp",
     "_mm256_set1_epi16(0x1001)", "_mm256_set1_epi16(0x0110)", ["simd_rowwise"]),
    ("bulk rows: pairs of codes lose the upper half", "simd/rowwise_codes-inl.hpp",
     "hn::And(hn::ShiftRight<12>(nibbles), hn::Set(d32, 0xf0))", "hn::And(hn::ShiftRight<12>(nibbles), hn::Set(d32, 0x30))",
     ["simd_rowwise", "simd_rowwise_least"]),
    ("bulk rows: what is beside the last nibble stays", "simd/rowwise_encode-inl.hpp",
     "if (rest % 2 != 0) out[n / 2] &= std::byte{15};", "", ["simd_rowwise"]),
    ("bulk rows: what is beside the last codes of 2 bits stays", "simd/rowwise_encode-inl.hpp",
     "if (n % 4 != 0) out[n / 4] &=", "if (false) out[n / 4] &=", ["simd_rowwise"]),
    ("bulk rows: the gap behind codes is not filled", "simd/rowwise_encode-inl.hpp",
     "if (first_gap_bytes != 0) std::memset(row + first_gap, 0, first_gap_bytes);", "", ["simd_rowwise"]),
    ("bulk rows: nibbles wrap", "simd/rowwise_encode-inl.hpp",
     "const byte_vector x = hn::Min(e.whole(row + i), most);", "const byte_vector x = e.whole(row + i);", ["simd_rowwise"]),
    ("bulk rows: a row of zeros has amax 0", "simd/rowwise_encode-inl.hpp",
     "hn::Set(integers(), static_cast<std::int32_t>(least))", "hn::Zero(integers())", ["simd_rowwise"]),
    ("bulk rows: clipped NaNs lose their sign", "simd/rowwise_encode-inl.hpp",
     "hn::Or(as_words(m), hn::And(bits_of(x), sign))", "hn::Or(as_words(m), hn::And(bits_of(MulStep(x, factor)), hn::And(sign, as_words(hn::VecFromMask(integers(), hn::Not(are_nan(x)))))))",
     ["simd_rowwise"]),
    ("bulk rows: numbers rounded once where twice is meant", "simd/rowwise_decode-inl.hpp",
     "p.reading.arithmetic == row_arithmetic::twice_rounded", "false", ["simd_rowwise"]),
    ("bulk rows: subnormal halves are 0", "simd/rowwise_decode-inl.hpp",
     "if (m >= 0x400) [[likely]]", "if (m < 0x400) return sign;\n  if (m >= 0x400) [[likely]]", ["simd_rowwise"]),
    ("bulk rows: scales of 0 are divided by", "simd/rowwise_decode-inl.hpp",
     "if (!s.are_finite() || s.scale << 1 == 0) {", "if (!s.are_finite()) {", ["simd_rowwise"]),
    ("bulk rows: upper halves without the half", "simd/rowwise_decode-inl.hpp",
     "(x + 0x8000) >> 16", "(x + 0x7fff) >> 16", ["simd_rowwise"]),
    ("bulk rows: the last byte of codes is not read", "simd/rowwise_decode-inl.hpp",
     "std::memcpy(last, codes, ((n - i) * Bits + 7) / 8);", "std::memcpy(last, codes, (n - i) * Bits / 8);", ["simd_rowwise"]),
    ("bulk rows: infinite parameters are taken for numbers", "simd/rowwise_decode-inl.hpp",
     "&& (bias & 0x7fffffff) < 0x7f800000", "", ["simd_rowwise"]),
    # Arrays of integers in bulk.
    ("bulk integers: 2^31 is an integer", "simd/affine-inl.hpp", "set_real(0x4effffff)", "set_real(0x4f000000)",
     ["simd_affine"]),
    ("bulk integers: zero points up to 2^24", "simd/affine-inl.hpp", "most_zero_point = 1 << 22", "most_zero_point = 1 << 24",
     ["simd_affine"]),
    ("bulk integers: ties go to zero", "simd/affine-inl.hpp", "set_bits(0x3effffff)", "set_bits(0x3f000000)",
     ["simd_affine"]),
    ("bulk integers: ends are those before the zero point", "simd/affine-inl.hpp", "after ? q - zero : q", "q",
     ["simd_affine"]),
    ("bulk integers: every product is by the scale", "simd/affine-inl.hpp",
     "const bool reciprocal = !Divides && r.rule.scale != scaling::multiply;", "const bool reciprocal = false;",
     ["simd_affine"]),
    ("bulk integers: NaN is the least", "simd/affine-inl.hpp",
     "select(are_nan(y), hn::Zero(floats()), y)", "y", ["simd_affine"]),
    ("bulk integers: the rest of a run is lost", "simd/affine-inl.hpp",
     "std::memcpy(codes + i, bytes, have);", "if (have == row_lanes) std::memcpy(codes + i, bytes, have);", ["simd_affine"]),
    ("bulk integers: codes have no sign", "simd/affine-inl.hpp",
     "hn::Sub(hn::Xor(code, sign), sign)", "code", ["simd_affine"]),
    ("bulk integers: infinite steps are numbers", "simd/affine-inl.hpp",
     " ||\n      magnitude_of(step) >= 0x7f800000) {", ") {", ["simd_affine"]),
    ("bulk integers: all planes have one tile", "simd/implementation_affine.hpp",
     "return next(plane, t.tile[0], t.size[0]) * t.size[1] * t.size[2];", "return t.size[0] * t.size[1] * t.size[2];",
     ["simd_affine"]),
    ("bulk integers: a tile of rows goes on in the next plane", "simd/implementation_affine.hpp",
     "return (row - place + next(place, t.tile[1], t.size[1])) * t.size[2];",
     "return (row - place + place - place % t.tile[1] + t.tile[1]) * t.size[2];", ["simd_affine"]),
    # Hadamard transforms in bulk.
    ("bulk Hadamard: differences the other way", "simd/hadamard-inl.hpp", "x[k + h] = SubStep(a, b);",
     "x[k + h] = SubStep(b, a);", ["simd_affine"]),
    ("bulk Hadamard: the inverse without scaling is too great", "simd/hadamard-inl.hpp",
     "(127u - static_cast<unsigned>(std::countr_zero(size))) << 23", "127u << 23", ["simd_affine"]),
    ("bulk Hadamard: signs of the inverse come first", "simd/hadamard-inl.hpp", "signs_first(!p.inverse)", "signs_first(true)",
     ["simd_affine"]),
    ("bulk Hadamard: a NaN of the machine stays", "simd/hadamard-inl.hpp",
     "if (!hn::AllFalse(integers(), are_nan(from_bits(greatest)))) return false;", "", ["simd_affine"]),
    ("bulk Hadamard: groups of 2 are groups of 4", "simd/hadamard-inl.hpp", "if (size > 2) x = stage<2>(x);",
     "x = stage<2>(x);", ["simd_affine"]),
    ("bulk Hadamard: sums in order have one sign", "simd/hadamard-inl.hpp",
     "static_cast<std::uint32_t>(std::popcount(common)) << 31", "0", ["simd_affine"]),
    ("bulk Hadamard: the factor comes after", "simd/hadamard-inl.hpp",
     "case hadamard_scaling::before: before = factor; break;", "case hadamard_scaling::before: after = factor; break;",
     ["simd_affine"]),
    # Bags in bulk.
    ("bulk bags: the bias is added last", "simd/pool-inl.hpp",
     "sums[v] = FmaStep(q, scale, AddStep(sums[v], bias));", "sums[v] = AddStep(FmaStep(q, scale, sums[v]), bias);",
     ["simd_pool"]),
    ("bulk bags: weights leave the bias as it is", "simd/pool-inl.hpp", "bias = MulStep(weight, bias);", "", ["simd_pool"]),
    ("bulk bags: pruned rows end a bag", "simd/pool-inl.hpp", "if (row == nullptr) continue;", "if (row == nullptr) break;",
     ["simd_pool"]),
    ("bulk bags: a NaN of the machine stays", "simd/pool-inl.hpp",
     "return hn::AllFalse(integers(), are_nan(from_bits(greatest)));", "return true;", ["simd_pool"]),
    ("bulk bags: infinite scales are numbers", "simd/pool-inl.hpp", "if (!s.are_finite()) return false;", "", ["simd_pool"]),
    ("bulk bags: means are sums", "simd/pool-inl.hpp",
     "if (b.p.how.mode == pooling::mean) sums[v] = MulStep(sums[v], b.factor);", "", ["simd_pool"]),
    ("bulk bags: the last codes of a row are cut", "simd/pool-inl.hpp",
     "std::memcpy(last, codes, (rest * Bits + 7) / 8);", "std::memcpy(last, codes, rest * Bits / 8);", ["simd_pool"]),
    ("NaNs of the machine are taken as they come", "simd/machine_binary32.hpp",
     "if (r.is_nan()) [[unlikely]]", "if (false)", ["machine_binary32"]),
    ("machine numbers to integers: ties go up", "simd/machine_binary32.hpp",
     "away = fraction > half || (fraction == half && (whole & 1) != 0);",
     "away = fraction >= half;", ["machine_binary32"]),
    ("the environment is not put back", "simd/float_environment.hpp",
     'volatile("ldmxcsr %0" : : "m"(saved_)', 'volatile("" : : "m"(saved_)', ["machine_binary32"]),
    ("the environment keeps what the caller left", "simd/float_environment.hpp",
     'volatile("ldmxcsr %0" : : "m"(nearest)', 'volatile("" : : "m"(nearest)', ["machine_binary32"]),
    ("layout: a row of a 128x4 tile is in the next line, not in the next part", "block/layout/matrix_orders.hpp",
     "{row, 32, 4}, {row, 1, 32}, {column, 4, 0}", "{row, 1, 4}, {row, 4, 32}, {column, 4, 0}", ["layout"]),
    ("layout: gfx950 padded to its tile of 32 rows only", "block/layout/matrix_orders.hpp",
     "256,\n    8};", "32,\n    8};", ["layout"]),
    ("layout: two layouts have one name", "block/layout/scale_layouts.hpp",
     '{"tile_4x128"', '{"tile_128x4"', ["block_registries"]),
    ("layout: a digit that takes the rest counts one", "block/layout/matrix_order.hpp",
     "worth *= d.count != 0 ? d.count : length / d.step;", "worth *= d.count != 0 ? d.count : 1;", ["layout"]),
    ("layout: orders whose digits overlap are usable", "block/layout/matrix_order.hpp",
     "return met == used ? layout_error::none : layout_error::digits;", "return layout_error::none;",
     ["layout"]),
    ("layout: padding of scales is always zero", "block/layout/scale_layout.hpp",
     "const auto byte = static_cast<std::byte>(l.pad);", "const auto byte = std::byte{0};", ["layout"]),
    ("layout: the last scales of a line that fill no run are lost", "block/layout/scale_layout.hpp",
     "if (whole != length) {", "if (false) {", ["layout"]),
    ("layout: FBGEMM's exponent before its codes", "block/layout/block_layouts.hpp",
     "detail::records(32, 1, detail::e2m1, 1, detail::after)",
     "detail::records(32, 1, detail::e2m1, 1, detail::before)", ["block_layout"]),
    ("layout: parts of a record are not padded", "block/layout/block_layout.hpp",
     "scale_bytes_ = detail::round_up_to(record_scales_ * l.scales.scale_bytes, l.part_multiple);",
     "scale_bytes_ = record_scales_ * l.scales.scale_bytes;", ["block_layout"]),
    ("layout: partial blocks have no scale", "block/layout/block_layout.hpp",
     "detail::pieces_of(s.columns, l.block_columns)", "s.columns / l.block_columns", ["block_layout"]),
    ("layout: buffers of scales are not looked at", "block/layout/block_layout.hpp",
     "return have.data >= need.data && have.scales >= need.scales;", "return have.data >= need.data;", ["convert_layout"]),
    ("layout: what padding held stays", "block/layout/convert_layout.hpp",
     "for (std::uint64_t k = 0; k < n.data; ++k) b.data[k] = std::byte{0};", "", ["convert_layout"]),
    ("hadamard: far elements first", "block/hadamard.hpp",
     "for (int h = 1; h < n; h *= 2) {", "for (int h = n / 2; h > 0; h /= 2) {", ["hadamard"]),
    ("hadamard: 1/sqrt(2) one unit too small", "block/hadamard.hpp", "half_root_2 = 0x3f3504f3", "half_root_2 = 0x3f3504f2",
     ["hadamard"]),
    ("hadamard: sums in order begin with zero", "block/hadamard.hpp",
     "sums[j] = x[0];\n    for (int i = 1;", "sums[j] = real<Real>(0.0f);\n    for (int i = 0;", ["hadamard"]),
    ("hadamard: the inverse changes signs first", "block/hadamard.hpp",
     "detail::multiply_by_matrix(t, y);", "detail::change_signs(t.minus, y, t.size);\n  detail::multiply_by_matrix(t, y);",
     ["hadamard"]),
    ("hadamard: random signs beyond the size", "block/hadamard.hpp",
     "if (n - i < 32) m.word", "if (n - i < 0) m.word", ["hadamard"]),
    ("integers: saturation of unsigned ones at the signed least", "integer/intn.hpp",
     "const std::int64_t least = f.is_signed ? -codes / 2 : 0;",
     "const std::int64_t least = -codes / 2;", ["integer_intn"]),
    ("integers: ties away from zero go down for positive ones", "integer/rounding_shift.hpp",
     "return floor + (above || (tie && x > 0) ? 1 : 0);", "return floor + (above || (tie && x < 0) ? 1 : 0);",
     ["integer_intn"]),
    ("integers: the reciprocal of a scale is a division", "integer/affine.hpp",
     "case scaling::multiply_reciprocal: return x * (real<Real>(1.0f) / scale);",
     "case scaling::multiply_reciprocal: return x / scale;", ["integer_affine"]),
    ("integers: a zero point before rounding is added after", "integer/affine.hpp",
     "case zero_point_place::before_rounding: return y + zero_point;",
     "case zero_point_place::before_rounding: return round_to_whole(y, r.round) + zero_point;",
     ["integer_affine"]),
    ("integers: AVX2's zero point does not wrap", "integer/affine.hpp",
     "return clamp_to(q, static_cast<std::int32_t>(static_cast<std::uint32_t>(n)));",
     "return clamp_to(q, n);", ["integer_affine"]),
    ("integers: narrow ranges of unsigned integers", "integer/affine.hpp",
     "if (!f.is_signed) return {0,", "if (!f.is_signed) return {use == range_use::narrow,",
     ["integer_affine"]),
    ("integers: tiles of the middle dimension", "integer/tiling.hpp",
     "i / t.size[2] % t.size[1];", "i / t.size[1] % t.size[2];", ["integer_affine"]),
    ("integers: arrays of codes may be a byte short", "integer/quantise_array.hpp",
     "if (bytes < bytes_of(a, numbers))", "if (bytes + 1 < bytes_of(a, numbers))", ["integer_affine"]),
    ("integers: ranges may end beyond their format's", "integer/quantise_array.hpp",
     "q.greatest > all.greatest ||", "q.greatest > all.greatest + 1 ||", ["integer_affine"]),
    ("integers: PyTorch's symmetric scale divides by 127", "integer/affine_parameters.hpp",
     "case scale_formula::per_half_step: return amax / (number(steps) * real<Real>(0.5f));",
     "case scale_formula::per_half_step: return amax / number(steps / 2);", ["integer_parameters"]),
    ("integers: FBGEMM's zero point from the other end", "integer/fbgemm_parameters.hpp",
     "from_low ? lowest - low : greatest - high;", "from_low ? greatest - high : lowest - low;",
     ["integer_parameters"]),
    ("integers: FBGEMM's least scale", "integer/fbgemm_parameters.hpp", "6.1e-5f;", "6.2e-5f;",
     ["integer_parameters"]),
    ("integers: FBGEMM's undefined power of two", "integer/fbgemm_parameters.hpp",
     "exponent >= -30", "exponent >= -31", ["integer_parameters"]),
    ("integers: TFLite's multiplier rounds down", "integer/multipliers.hpp",
     "leading_bits(x, 31, integer_rounding::to_nearest_away)",
     "leading_bits(x, 31, integer_rounding::toward_negative)", ["integer_requantise"]),
    ("integers: 15 bits of a multiplier round to 2^15", "integer/multipliers.hpp",
     "rounds_beyond = 0x7fff0000", "rounds_beyond = 0x7fffffff", ["integer_requantise"]),
    ("integers: the last of two roundings has ties up", "integer/requantisations.hpp",
     '{"tflite.double", {.method = requantise_method::shift_high_product, .last = integer_rounding::to_nearest_away}',
     '{"tflite.double", {.method = requantise_method::shift_high_product}', ["integer_requantise"]),
    ("integers: 16 bits before a product do not saturate", "integer/requantise.hpp",
     "integer_code(half_word, shifted, integer_overflow::saturate)",
     "integer_code(half_word, shifted, integer_overflow::wrap)", ["integer_requantise"]),
    ("integers: pair sums of vpmaddubsw wrap", "integer/dot.hpp",
     "sum += detail::project(d.partial, partial, d.partial_overflow);",
     "sum += detail::project(d.partial, partial, integer_overflow::wrap);", ["integer_dot"]),
    ("integers: vpdpbusds saturates after every product", "integer/dots.hpp",
     '{"vpdpbusds", {.a = detail::u8, .b = detail::s8, .products = 4',
     '{"vpdpbusds", {.a = detail::u8, .b = detail::s8, .products = 1', ["integer_dot"]),
    ("integers: a correction misses the other operand's zero point", "integer/dot.hpp",
     "- of_a - of_b;", "- of_a;", ["integer_dot"]),
    ("integers: percentiles of one count too few", "integer/calibration.hpp",
     "return n * s.denominator >= total * s.numerator;", "return n * s.denominator > total * s.numerator;",
     ["integer_calibration"]),
    ("integers: empty bins share in a group's counts", "integer/calibration.hpp",
     "members += counts[b] != 0 ? 1 : 0;", "members += 1;", ["integer_calibration"]),
    ("integers: bins beyond a window have no squared error", "integer/calibration.hpp",
     "if (counts[b] == 0) continue;", "if (counts[b] == 0 || b < w.first || b >= w.last) continue;",
     ["integer_calibration"]),
    ("ggml: q4_0 rounds by 8", GGML + "types.hpp", ".divisor = -8, .add = 8.5F", ".divisor = -8, .add = 8.0F",
     ["block_ggml"]),
    ("ggml: bit 4 of q5_1 stands where q5_0 has it", GGML + "types.hpp",
     "{.at = 8, .width = 4, .pack = packings::split_32}, {.at = 4, .width = 1",
     "{.at = 8, .width = 4, .pack = packings::split_32}, {.at = 2, .width = 1", ["block_ggml"]),
    ("ggml: upper bits of six-bit scales from the wrong bytes", GGML + "types.hpp",
     "{.at = own, .width = 2, .pack = {.slot = 8, .lift = 6}", "{.at = at, .width = 2, .pack = {.slot = 8, .lift = 6}",
     ["block_ggml"]),
    ("ggml: one digit of base 3 truncates", GGML + "fields.hpp", "* 256 + 242) / 243", "* 256) / 243",
     ["block_ggml"]),
    ("ggml: a minimum is added", GGML + "dequantise.hpp", "subtracts ? product - low", "subtracts ? product + low",
     ["block_ggml_reading"]),
    ("ggml: the byte 255 of a power is NaN's half", GGML + "casts.hpp", "static_cast<std::uint32_t>(b - 1) << 23",
     "static_cast<std::uint32_t>(b == 255 ? 255 : b - 1) << 23", ["block_ggml_numbers"]),
    ("ggml: 248 is a scale of its own", GGML + "casts.hpp", "code >= 0x78 ? 0x7e", "code >= 0x79 ? 0x7e",
     ["block_ggml_numbers"]),
    ("ggml: no ulp below 2^4 has the logarithm 4", "block/scale_rule.hpp", "(power && (k < 0) == above ? 1 : 0)", "(power && (k < 0) == above ? 2 : 0)",
     ["block_ggml_numbers"]),
    ("ggml: ties of E2M1 values go away from zero", GGML + "nearest.hpp", "if (!(error < least)) continue;",
     "if (!(error <= least)) continue;", ["block_ggml_numbers"]),
    ("ggml: the last of the greatest magnitudes", GGML + "plain.hpp",
     "if (magnitude(x[i]) > magnitude(peak)) peak", "if (magnitude(x[i]) >= magnitude(peak)) peak", ["block_ggml"]),
    ("ggml: ties between IQ4 values go down", GGML + "iq4.hpp", "x - value(high - 1) < value(high) - x ?",
     "x - value(high - 1) <= value(high) - x ?", ["block_ggml_reading"]),
    ("ggml: six trials of IQ4 scales", GGML + "types.hpp", ".method = ggml_method::iq4, .tries = 7", ".method = ggml_method::iq4, .tries = 6",
     ["block_ggml_reading"]),
    ("ggml: later lines start from the least number", GGML + "asymmetric.hpp",
     "encode_line(g, best.low, most / (g.greatest - best.low)", "encode_line(g, g.least, most / (g.greatest - g.least)",
     ["block_ggml"]),
    ("ggml: the first line is not tried again", GGML + "asymmetric.hpp", "for (int s = 0; s <= rule.steps; ++s)",
     "for (int s = 1; s < rule.steps; ++s)", ["block_ggml"]),
    ("ggml: one pass over the codes of q3_K", GGML + "symmetric.hpp", "pass < 5", "pass < 1", ["block_ggml"]),
    ("ggml: the scale of q6_K moves by fifths", GGML + "symmetric.hpp", "real<Real>(0.1F)", "real<Real>(0.2F)",
     ["block_ggml"]),
    ("ggml: NaN does not end an amax", GGML + "plain.hpp", "if (!(result > magnitude(x[i])))",
     "if (magnitude(x[i]) > result)", ["block_ggml"]),
    ("ggml: fields may end a byte beyond the block", GGML + "check.hpp",
     "end > static_cast<std::uint64_t>(bytes) ?", "end > static_cast<std::uint64_t>(bytes) + 1 ?", ["block_ggml_rows"]),
    ("ggml: only the first of several numbers must be in the block", GGML + "check.hpp",
     "(t.elements + numbers.span - 1) / numbers.span", "1", ["block_ggml_rows"]),
    ("ggml: bits of a table's integers are those of a part", GGML + "check.hpp",
     "part.width + part.shift > bits) bits = part.width + part.shift", "part.width > bits) bits = part.width",
     ["block_ggml_rows"]),
    ("ggml: groups need not divide a block", GGML + "check.hpp", "if (grouped && t.elements % t.group != 0)",
     "if (false)", ["block_ggml_rows"]),
    ("ggml: packings of parts are not looked at", GGML + "check.hpp",
     "check(layout_of(part)) != packing_error::none", "false", ["block_ggml_rows"]),
    ("rows: epsilon is not added to the range", "integer/table/rowwise_convert.hpp",
     "steps / (range + real<Real>(c.epsilon))", "steps / range", ["rowwise"]),
    ("rows: the inverse is 1 / scale", "integer/table/rowwise_convert.hpp",
     "steps / (range + real<Real>(c.epsilon))", "real<Real>(1.0f) / (range / steps)",
     ["rowwise"]),
    ("rows: the range is taken before the bias is rounded", "integer/table/rowwise_convert.hpp",
     "const Real range = r.hi - bias;", "const Real range = r.hi - r.lo;", ["rowwise"]),
    ("rows: the inverse is of the scale before rounding", "integer/table/rowwise_convert.hpp",
     "Real scale = range == zero ? one : rounded_to(f, range / steps);",
     "Real scale = range == zero ? one : range / steps;", ["rowwise"]),
    ("rows: codes are cut, not rounded", "integer/table/rowwise_convert.hpp",
     "to_integer((x - p.bias) * p.inverse, rounding::to_nearest_even)",
     "to_integer((x - p.bias) * p.inverse, rounding::toward_zero)", ["rowwise"]),
    ("rows: of equal elements the last is the least", "integer/table/rowwise_convert.hpp",
     "if (row[i] < lo) lo = row[i];", "if (row[i] <= lo) lo = row[i];", ["rowwise"]),
    ("rows: HFP8 decodes by multiplication", "integer/table/rowwise_convert.hpp",
     "if (!has_integer_codes(c)) return decode_real<Real>(c.element, code) / p.scale;",
     "if (!has_integer_codes(c)) return decode_real<Real>(c.element, code) * (real<Real>(1.0f) / p.scale);",
     ["rowwise"]),
    ("rows: amax has no least value", "integer/table/rowwise_convert.hpp",
     "std::uint32_t amax = detail::bit_cast<std::uint32_t>(least);", "std::uint32_t amax = 0;", ["rowwise"]),
    ("rows: decoding rounds the product", "integer/table/rowwise_convert.hpp",
     """return binary32_traits<Real>::fma(p.scale, real_from_integer<Real>(static_cast<int>(code)),
                                    p.bias);""",
     "return p.scale * real_from_integer<Real>(static_cast<int>(code)) + p.bias;", ["rowwise"]),
    ("rows: the adding conversion rounds to even", "integer/table/rowwise_convert.hpp",
     "(bits + 0x8000) >> 16", "(bits + 0x7fff + (bits >> 16 & 1)) >> 16", ["rowwise"]),
    ("rows: epsilon of CUDA is that of the CPU", "integer/table/rowwise_codecs.hpp",
     "cuda_epsilon = 1e-20f", "cuda_epsilon = 1e-8f", ["rowwise"]),
    ("rows: HFP8 ends at the next number", "integer/table/rowwise_codecs.hpp",
     "forward_end = 0.9375f", "forward_end = 1.0f", ["rowwise"]),
    ("tables: GREEDY moves the lower end where losses are equal", "integer/table/range_search.hpp",
     "const bool from_below = loss_up < loss_down;",
     "const bool from_below = !(loss_down < loss_up);", ["table_quantisers"]),
    ("tables: GREEDY keeps the last dip, not the deepest", "integer/table/range_search.hpp",
     "here < loss_down && here < best_loss", "here < loss_down", ["table_quantisers"]),
    ("tables: ACIQ keeps the range that loses more", "integer/table/range_search.hpp",
     "return loss(row, n, b, o) < loss(row, n, a, o) ? b : a;",
     "return loss(row, n, b, o) < loss(row, n, a, o) ? a : b;", ["table_quantisers"]),
    ("tables: the golden section keeps the worse half", "integer/table/range_search.hpp",
     "high = right;", "low = left;", ["table_quantisers"]),
    ("tables: a histogram's cells stand for their lower ends", "integer/table/row_histogram.hpp",
     "real_from_integer<Real>(c) * cell + half_cell;", "real_from_integer<Real>(c) * cell;",
     ["table_quantisers"]),
    ("tables: HIST-APPRX moves the lower end where both skip the same", "integer/table/row_histogram.hpp",
     "const bool from_below = from - start > end - to;",
     "const bool from_below = from - start >= end - to;", ["table_quantisers"]),
    ("tables: HIST-APPRX goes on where the loss grows", "integer/table/row_histogram.hpp",
     "if (least < here) break;", "", ["table_quantisers"]),
    ("tables: SYM has no step at zero", "integer/table/uniform_grid.hpp",
     "full_steps(o.bits) - 1}", "full_steps(o.bits)}", ["table_quantisers"]),
    ("tables: of equally near numbers the last", "integer/table/code_book.hpp",
     "if (!(here < least)) continue;\n      least = here;\n      best = i;",
     "if (!(here <= least)) continue;\n      least = here;\n      best = i;", ["table_codebook"]),
    ("tables: numbers without elements become NaN", "integer/table/code_book.hpp",
     "if (count[i] == 0) continue;", "", ["table_codebook"]),
    ("bags: bias is added last", "integer/table/bag.hpp",
     """return binary32_traits<Real>::fma(r.scale, real_from_integer<Real>(static_cast<int>(code)),
                                    sum + r.bias);""",
     """return binary32_traits<Real>::fma(r.scale, real_from_integer<Real>(static_cast<int>(code)),
                                    sum) + r.bias;""", ["table_bag"]),
    ("bags: refusals of sizes tell none", "integer/table/bag.hpp",
     "bag_refusal{r, 0, static_cast<std::int64_t>(n)}", "bag_refusal{r, 0, 0}", ["table_bag"]),
    ("bags: the row behind the last one is one", "integer/table/bag.hpp",
     "index < rows) continue;", "index <= rows) continue;", ["table_bag"]),
    ("bags: a mean divides by the length", "integer/table/bag.hpp",
     "o.mode == pooling::mean ? sums[i] * factor : sums[i]",
     "o.mode == pooling::mean ? sums[i] / real_from_integer<Real>(length > 0 ? static_cast<std::int64_t>(length) : 1) : sums[i]",
     ["table_bag"]),
    # Quantisers of blocks: scales.
    ("block: round_up from the greatest element itself", "block/scale_rule.hpp",
     "case scale_rule::round_up: return top + 1;", "case scale_rule::round_up: return top;", ["scale_rule"]),
    ("block: even without its tie", "block/scale_rule.hpp",
     "case scale_rule::even: return even;", "case scale_rule::even: return even + 1;", ["block_clauses"]),
    ("block: even_exclusive with the tie", "block/scale_rule.hpp",
     "case scale_rule::even_exclusive: return even + 1;", "case scale_rule::even_exclusive: return even;",
     ["block_clauses"]),
    ("block: in_range takes every tie beyond M for out of range", "block/scale_rule.hpp",
     "return tie + ((max_finite(element) & 1) == 0 ? 1 : 0);", "return tie;", ["scale_rule"]),
    ("block: sqrt(2) is one unit less", "block/scale_rule.hpp", "return 11863284;", "return 11863283;", ["scale_rule"]),
    ("block: ln 2 of a rounded logarithm is 0.65625", "block/scale_rule.hpp",
     "ln2 = 2977044471;", "ln2 = 2818572288;", ["scale_rule"]),
    ("block: logarithms next to powers of two have one spacing on both sides", "block/scale_rule.hpp",
     "(power && (k < 0) == above ? 1 : 0)", "0", ["scale_rule"]),
    ("block: one random bit less for stochastic scales", "block/scale_rule.hpp",
     "const int below = 23 - detail::element_trailing_bits(element);",
     "const int below = 22 - detail::element_trailing_bits(element);", ["scale_rule"]),
    ("block: the clamp of a recipe from below is not applied", "block/element_quantiser.hpp",
     "if (e > r.greatest_exponent) e = r.greatest_exponent;", "", ["block_clauses"]),
    ("block: a rounded logarithm of 128 poisons", "block/element_quantiser.hpp",
     "const scale_rule rule = by_bits ? scale_rule::even_exclusive : r.rule;",
     "const scale_rule rule = by_bits ? r.rule : r.rule;", ["block_clauses"]),
    ("block: numbers below zero count where only those above should", "block/element_quantiser.hpp",
     "if (same_binade) e = scale_exponent(r.rule, f.element, s.positive_amax);",
     "if (same_binade) e = scale_exponent(r.rule, f.element, s.amax);", ["quantise_powers"]),
    ("block: groups of zeros have the field 0", "block/element_quantiser.hpp",
     "std::int32_t field = most;", "std::int32_t field = 0;", ["block_format"]),
    ("block: the offset of a recipe is not one of its groups", "block/element_quantiser.hpp",
     "scale_exponent(r.rule, f.element, a) + r.exponent_offset;", "scale_exponent(r.rule, f.element, a);",
     ["block_format"]),
    ("block: the second level counts from the block", "block/element_quantiser.hpp",
     "field = exponent + level_exponent(f, fields, at) - own;", "field = exponent - own;", ["block_format"]),
    ("block: joined infinities do not count", "block/block_input.hpp",
     "if (rule != special_rule::join) continue;", "continue;", ["block_clauses"]),
    ("block: amax is not raised", "block/block_input.hpp",
     "if (s.amax < r.least_amax) s.amax = r.least_amax;", "", ["block_clauses"]),
    # Elements.
    ("block: two's complement always within +-M", "block/element_quantiser.hpp",
     "return r.symmetric && has_one_below", "return has_one_below", ["block_clauses"]),
    ("block: zeros that were rounded lose their sign as well", "block/element_quantiser.hpp",
     "if (magnitude_of(x) != 0) return code;", "", ["block_clauses"]),
    ("block: exact zeros become -0 under the other rule", "block/element_quantiser.hpp",
     "return r.zero_sign == zero_sign_rule::exact_negative ? sign : 0;",
     "return r.zero_sign == zero_sign_rule::exact_negative ? 0 : sign;", ["block_clauses"]),
    ("block: fields of levels scale twice", "block/element_quantiser.hpp",
     "v.exponent -= exponent + level_exponent(f, scale, at);", "v.exponent -= exponent + 2 * level_exponent(f, scale, at);",
     ["quantise_powers"]),
    ("block: random words ignore the stride of rows", "block/block_random.hpp",
     "random_word_of(p, source, first + i * stride + j)", "random_word_of(p, source, first + i * 16 + j)", ["quantise_random"]),
    # Quotients.
    ("block: formats without outer scale take T = 1", "block/quotient_scale.hpp",
     "c.S = c.P = c.one;", "c.S = c.bound, c.P = c.one / c.bound;", ["block_clauses"]),
    ("block: S stays 0 where T is infinite", "block/quotient_scale.hpp",
     "if (magnitude_of(T) == 0 || magnitude_of(c.S) == 0) c.S = c.one;", "if (magnitude_of(T) == 0) c.S = c.one;",
     ["block_clauses"]),
    ("block: TransformerEngine's quotient in another order", "block/quotient_scale.hpp",
     "return A * (c.S * (c.one / M));", "return (A * c.S) * (c.one / M);", ["quantise_quotients"]),
    ("block: Model-Optimizer's quotient in another order", "block/quotient_scale.hpp",
     "return A / (M * c.P);", "return (A / M) / c.P;", ["quantise_quotients"]),
    ("block: a product of reciprocals", "block/quotient_scale.hpp",
     "times(c.one / (b * (c.one / c.S)))", "times(c.S / b)", ["quantise_quotients"]),
    ("block: a division becomes a product by the reciprocal", "block/quotient_scale.hpp",
     "case element_step::over_scale: return {b, true};", "case element_step::over_scale: return times(c.one / b);",
     ["quantise_quotients"]),
    ("block: scale_up leaves numbers just above powers", "block/quotient_scale.hpp",
     "(real_bits(x) + binary32_bits::fraction)", "(real_bits(x) + 0x7ffffe)", ["quantise_quotients"]),
    ("block: an infinite factor becomes 1", "block/quotient_scale.hpp",
     "if (rule == infinite_factor::greatest) return real_from_bits<Real>(binary32_bits::greatest);", "", ["block_clauses"]),
    # Search, HiF4.
    ("block: four over six takes a scale that is as good", "block/scale_search.hpp",
     "if (!(error < least)) return;", "if (!(error <= least)) return;", ["block_clauses"]),
    ("block: 1.25 times over six", "block/scale_search.hpp", "base * real<Real>(1.5f)", "base * real<Real>(1.25f)",
     ["block_clauses"]),
    ("block: errors of rows are added in order", "block/scale_search.hpp",
     "return of_rows(first, 2 * step, rows) + of_rows(first + step, 2 * step, rows);",
     "Real sum = of_row(first);\n    for (int i = first + 1; i < rows; ++i) sum = sum + of_row(i);\n    return sum;",
     ["block_clauses"]),
    ("block: the scale above is tried first", "block/scale_search.hpp",
     "static_cast<code_t>(code - k)", "static_cast<code_t>(code - k - 1)", ["quantise_search"]),
    ("hif4: 1/7 is not rounded to bfloat16", "block/hif4.hpp", "0x3e120000", "0x3e124925", ["quantise_hif4"]),
    ("hif4: groups of 8 from above 4", "block/hif4.hpp",
     "if (!(v < real<Real>(4.0f)))", "if (v > real<Real>(4.0f))", ["block_clauses"]),
    ("hif4: groups of 4 look at the number before it is halved", "block/hif4.hpp",
     "v = v * half;", "v = v * real<Real>(1.0f);", ["block_clauses"]),
    ("hif4: elements are cut", "block/hif4.hpp",
     "(a * factor) * steps + real<Real>(0.5f)", "(a * factor) * steps", ["block_clauses"]),
    # Rows of the registries.
    ("block: a row of a format", "block/block_formats.hpp",
     "detail::bfp(5, 16)", "detail::bfp(5, 32)", ["block_format"]),
    ("block: a row of a recipe", "block/block_recipes.hpp",
     "infinite_factor::one), detail::ten_to_minus_12)", "infinite_factor::greatest), detail::ten_to_minus_12)",
     ["block_format"]),
    ("block: fields of the second level stand first", "block/block_format.hpp",
     "const int before = level == 0 ? 0 :", "const int before = level == 1 ? 0 :", ["block_format"]),
    # Conversion instructions.
    ("instructions: the first source goes to the low part", RUN,
     "static_cast<std::uint64_t>((row.sources - 1 - s) * per_source + i)",
     "static_cast<std::uint64_t>(s * per_source + i)", ["instruction_cases"]),
    ("instructions: sources are not interleaved", RUN, "static_cast<std::uint64_t>(i * row.sources + s)",
     "static_cast<std::uint64_t>(s * per_source + i)", ["instruction_cases"]),
    ("instructions: odd elements before even ones", RUN, "i % 2 * (per_source / 2) + i / 2",
     "(1 - i % 2) * (per_source / 2) + i / 2", ["instruction_cases"]),
    ("instructions: MXCSR.RC in front of the immediate", RUN, "(state.immediate & 4) != 0 ? mxcsr_rounding",
     "true ? mxcsr_rounding", ["instruction_state"]),
    ("instructions: MXCSR.RC one bit lower", RUN, "state.mxcsr >> 13 & 3", "state.mxcsr >> 12 & 3",
     ["instruction_state"]),
    ("instructions: DAZ is FTZ", RUN, "(state.mxcsr >> 6 & 1)", "(state.mxcsr >> 15 & 1)", ["instruction_state"]),
    ("instructions: F8D where F8S2 is", RUN, "4 * is_e4m3(6)", "4 * is_e4m3(3)", ["instruction_state"]),
    ("instructions: OSC where OSM is", RUN, "bit(state.fpmr, 15)", "bit(state.fpmr, 14)", ["instruction_state"]),
    ("instructions: altfmt first chooses E5M2", RUN, "(state.altfmt ? 5 : 0)", "(state.altfmt ? 0 : 5)",
     ["instruction_state"]),
    ("instructions: the significand of a scale counts", RUN, "of_e8m0(state.scale >> 23)",
     "of_e8m0((state.scale + 0x7fffff) >> 23)", ["instruction_state"]),
    ("instructions: a NaN scale is a power of two", RUN, "- 127, (byte & 0xff) == 0xff}", "- 127, false}",
     ["instruction_state"]),
    ("instructions: scales of pairs swapped", RUN, "(8 * (element & 1))", "(8 * (~element & 1))",
     ["instruction_state"]),
    ("instructions: NSCALE without sign", RUN, "as_signed(state.fpmr >> 24, row.scale_bits)",
     "static_cast<std::int32_t>(state.fpmr >> 24 & low_mask(row.scale_bits))", ["instruction_state"]),
    ("instructions: HIP's scale of -128 is a number", RUN, "(state.scale & 0xff) == 0x80", "false",
     ["instruction_state"]),
    ("instructions: every scale multiplies", RUN, "s.exponent = -s.exponent;", "s.exponent = s.exponent;",
     ["instruction_state"]),
    ("instructions: random bits reversed by halves only", RUN,
     "return (byte & 0x55) << 1 | (byte >> 1 & 0x55);", "return byte;", ["instruction_state"]),
    ("instructions: upper byte of a slice below", RUN, "byte_of(slice.high) << 8 | byte_of(slice.low)",
     "byte_of(slice.low) << 8 | byte_of(slice.high)", ["instruction_state"]),
    ("instructions: relu keeps -0", RUN, "clamps_negative && x.negative && x.cls != number_class::nan",
     "clamps_negative && x.negative && x.cls == number_class::finite", ["instruction_state"]),
    ("instructions: relu makes NaN zero", RUN, "clamps_negative && x.negative && x.cls != number_class::nan",
     "clamps_negative && x.negative", ["instruction_state"]),
    ("instructions: the rest of the register is always cleared", RUN, "if (!detail::has(row, instruction_option::keeps_rest)) {",
     "if (true) {", ["instruction_cases"]),
    ("instructions: FZ is FPCR.AHP", RUN, "(state.fpcr >> 24 & 1) != 0", "(state.fpcr >> 26 & 1) != 0",
     ["instruction_state"]),
    ("instructions: DN keeps the payload", RUN, "p.nan = nan_rule::quiet;", "p.nan = nan_rule::payload;",
     ["instruction_state"]),
    ("instructions: op_sel of a source is its result's", RUN, "both ? state.select >> 2 : state.select",
     "state.select", ["instruction_cases"]),
    ("instructions: cvt.rs: a half for each pair of bytes in order", "hardware/instructions_nvidia.hpp",
     "slices shared_halves{{{1, 0}, {0, 1, true}, {3, 2}, {2, 3, true}}}",
     "slices shared_halves{{{1, 0}, {1, 0}, {3, 2}, {3, 2}}}", ["instruction_state"]),
    ("instructions: cvt.rs: e2m1 as the others", "hardware/instructions_nvidia.hpp",
     "slices shared_bytes{{{2, 0}, {0, 2, true}, {3, 1}, {1, 3, true}}}",
     "slices shared_bytes{{{1, 0}, {0, 1, true}, {3, 2}, {2, 3, true}}}", ["instruction_state"]),
    ("instructions: a mnemonic finds those that begin with it", "hardware/all_instructions.hpp",
     "if (*a == ' ' && first == nullptr)", "if (first == nullptr)", ["instruction_cases"]),
    ("instructions: rows may round twice", "hardware/check_instruction.hpp", "return !rounds_twice(rule) &&",
     "return", ["instruction_cases"]),
    ("instructions: gfx950 clamps infinities", "hardware/amd_cdna4.hpp",
     "inline constexpr projection cdna4_ovfl1{.overflow = saturate_finite};",
     "inline constexpr projection cdna4_ovfl1{.overflow = saturate};", ["instructions"]),
]


def cpu_flags():
    try:
        text = pathlib.Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:
        return set()
    return {word for line in text.splitlines() if line.startswith("flags") for word in line.split()}


CPU_FLAGS = cpu_flags()


def runs_here(test):
    return all(needed <= CPU_FLAGS for word, needed in NEEDED.items() if word in PROGRAMS[test])


class Objects:
    """Compiles. What does not include a changed header is compiled once for all mutants, with its text in
    the source tree."""

    def __init__(self, compiler, folder):
        self.compiler, self.folder, self.lock = compiler, folder, threading.Lock()
        self.made, self.headers = {}, {}
        self.main_object = self.unchanged(TESTS / "doctest_main.cpp", ())

    def command(self, flags, include):
        return [self.compiler, "-std=c++20", "-O1", "-DLOWP_INLINE=", *flags, f"-I{include}", f"-I{TESTS}",
                f'-DLOWP_SOURCE_DIR="{ROOT}"', f'-DLOWP_SHARED_DIR="{ROOT.parent / "shared"}"']

    def run(self, flags, include, *words):
        done = subprocess.run([*self.command(flags, include), *map(str, words)], capture_output=True, text=True)
        if done.returncode == 0:
            return done.stdout
        if "static assertion failed" in done.stderr or "static_assert" in done.stderr:
            raise AssertionError
        raise RuntimeError(f"{words[0]} does not compile: {done.stderr.splitlines()[:3]}")

    def unchanged(self, source, flags):
        with self.lock:
            key = (source, *flags)
            if key not in self.made:
                self.made[key] = self.folder / f"unchanged{len(self.made)}.o"
                self.run(flags, ROOT / "include", source, "-c", "-o", self.made[key])
            return self.made[key]

    def includes(self, source, flags, header):
        with self.lock:
            key = (source, *flags)
            if key not in self.headers:
                said = self.run(flags, ROOT / "include", source, "-MM")
                self.headers[key] = {os.path.realpath(name) for name in said.replace("\\\n", " ").split()}
            return os.path.realpath(ROOT / "include" / "lowp" / header) in self.headers[key]

    def object(self, source, flags, header, include, folder):
        """Of a source whose `header` stands changed in `include`."""
        if not self.includes(source, flags, header):
            return self.unchanged(source, flags)
        out = folder / (source.stem + ".o")
        self.run(flags, include, source, "-c", "-o", out)
        return out


def build_and_run(test, header, include, folder, objects):
    """None if the test passed, else a word on how it noticed."""
    source, args, *words = PROGRAMS[test]
    program = folder / ("test_" + test)
    units = [ROOT / word for word in words if word.endswith(".cpp")]
    words = [word for word in words if not word.endswith(".cpp")]
    flags, libraries = [w for w in words if not w.startswith("-l")], [w for w in words if w.startswith("-l")]
    try:
        parts = [TESTS / source]
        if units:
            parts = [objects.object(part, flags, header, include, folder) for part in [*parts, *units]]
        objects.run(flags, include, *parts, objects.main_object, "-o", program, *libraries)
    except AssertionError:
        return "static_assert in " + test
    try:
        ran = subprocess.run([str(program), "--no-intro=1", *args], capture_output=True, text=True, timeout=300)
    except subprocess.TimeoutExpired:
        return test + ", which did not end"
    return None if ran.returncode == 0 else test


def check(mutant, objects):
    """Name; True, False, or None where no test can run; a remark."""
    name, header, old, new, tests = mutant
    tests = [test for test in tests if runs_here(test)]
    if not tests:
        return name, None, "this machine has not the instructions"
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="lowp-mutant-") as temporary:
        folder = pathlib.Path(temporary)
        include = folder / "include"
        shutil.copytree(ROOT / "include", include)
        path = include / "lowp" / header
        text = path.read_text()
        if text.count(old) != 1:
            return name, False, f"'{old}' occurs {text.count(old)} times in {header}"
        path.write_text(text.replace(old, new))
        for test in tests:
            try:
                noticed = build_and_run(test, header, include, folder, objects)
            except (RuntimeError, subprocess.TimeoutExpired) as problem:
                return name, False, str(problem)
            if noticed:
                return name, True, f"noticed by {noticed} ({time.monotonic() - start:.0f} s)"
        return name, False, "survived " + ", ".join(tests)


def misquoted(mutants):
    """Rows whose text does not occur exactly once."""
    for name, header, old, *_ in mutants:
        count = (ROOT / "include" / "lowp" / header).read_text().count(old)
        if count != 1:
            yield f"'{name}': '{old}' occurs {count} times in {header}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--list", action="store_true", help="only list the mutants")
    parser.add_argument("--only", default="", metavar="TEXT", help="mutants whose name contains TEXT")
    parser.add_argument("--turn", type=int, metavar="N", help="every fourth mutant, from the (N mod 4)-th on")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--compiler", default=os.environ.get("CXX", "g++"))
    options = parser.parse_args()
    chosen = [m for m in MUTANTS if options.only in m[0]]
    if not chosen:
        parser.error(f"--only: no mutant's name contains '{options.only}'")
    for name, *_, tests in MUTANTS:
        for test in tests:
            if test not in PROGRAMS or not (TESTS / PROGRAMS[test][0]).exists():
                parser.exit(2, f"mutate.py: mutant '{name}': no test program '{test}' in PROGRAMS and tests/\n")
    problems = list(misquoted(MUTANTS))
    if problems:
        parser.exit(2, "".join(f"mutate.py: mutant {p}\n" for p in problems))
    if options.turn is not None:
        chosen = chosen[options.turn % 4::4]
    if options.list:
        for name, header, *_ in chosen:
            print(f"{header:28} {name}")
        return 0
    count = {True: 0, False: 0, None: 0}
    words = {True: "killed  ", False: "SURVIVED", None: "skipped "}
    with tempfile.TemporaryDirectory(prefix="lowp-mutant-objects-") as temporary, \
            concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        objects = Objects(options.compiler, pathlib.Path(temporary))
        for name, killed, remark in pool.map(lambda m: check(m, objects), chosen):
            count[killed] += 1
            print(f"{words[killed]}  {name}: {remark}", flush=True)
    print(f"{count[True]} passed, {count[False]} failed, {count[None]} skipped")
    return 1 if count[False] else 0


if __name__ == "__main__":
    sys.exit(main())
