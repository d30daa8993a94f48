#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Breaks the library on purpose, one change at a time, and demands that a test notices.

usage: mutate.py [--list] [--only TEXT] [--turn N] [--jobs N] [--compiler CXX]

Each mutant replaces a text that occurs exactly once in a header by another. The tests of its row are
built against the changed copy of include/ and run in order until one fails; a mutant that none of them
notices, or that does not compile, fails the run. A text that is gone, or occurs twice, fails as well:
the row must follow the code. Closes with 'N passed, N failed'.

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
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TESTS = ROOT / "tests"

# What a test program needs besides its file: arguments that narrow it to the part that matters here, more
# words for the compiler. Kernels of bulk conversion are compiled for one instruction set, the least with vectors.
KERNELS = ["-DHWY_COMPILE_ONLY_STATIC", *(["-mssse3"] if platform.machine() == "x86_64" else [])]
FRONT_DOOR = [*KERNELS, "-include", "lowp/simd/implementation.hpp", "-lhwy"]
PROGRAMS = {
    "values": ("values_test.cpp", []),
    "clauses": ("clauses_test.cpp", []),
    "clauses_projection": ("clauses_projection_test.cpp", []),
    "text_rounding": ("text_rounding_test.cpp", []),
    "number": ("number_test.cpp", []),
    "compare": ("compare_test.cpp", []),
    "status": ("status_test.cpp", []),
    "stochastic": ("stochastic_test.cpp", []),
    "p3109": ("p3109_test.cpp", []),
    "text": ("text_test.cpp", []),
    "vendor_tables": ("vendor_tables_test.cpp", []),
    "clauses_arithmetic": ("clauses_arithmetic_test.cpp", []),
    "operators": ("operators_test.cpp", []),
    "integer_operations": ("integer_operations_test.cpp", ["--test-case=*2^(k/8)*"]),
    "accumulator": ("accumulator_test.cpp", []),
    "logarithms": ("arithmetic_logarithms_test.cpp",
                   ["--test-case=*stochastic*,*dyadic*,*finest*,*far*"]),
    "elementary_specials": ("elementary_specials_test.cpp", []),
    "p3109_report": ("p3109_report_test.cpp", []),
    "p3109_blocks": ("p3109_blocks_test.cpp", []),
    "rowwise": ("integer/rowwise_test.cpp", []),
    "table_quantisers": ("integer/table_quantisers_test.cpp", []),
    "table_codebook": ("integer/table_codebook_test.cpp", []),
    "table_bag": ("integer/table_bag_test.cpp", []),
    "machine_binary32": ("simd/machine_binary32_test.cpp", [], "-ffast-math"),
    "layout": ("block/layout_test.cpp", []),
    "block_layout": ("block/block_layout_test.cpp", []),
    "convert_layout": ("block/convert_layout_test.cpp", []),
    "hadamard": ("block/hadamard_test.cpp", ["--test-case-exclude=*bounds*"]),
    "simd_static": ("simd/static_test.cpp", [], *KERNELS),
    "simd_edges": ("simd/edges_test.cpp", [], *FRONT_DOOR),
    "simd_front_door": ("simd/front_door_test.cpp", [], *FRONT_DOOR),
    "simd_stochastic": ("simd/stochastic_test.cpp", [], *FRONT_DOOR),
    "simd_custom_formats": ("simd/custom_formats_test.cpp", [], *FRONT_DOOR),
    "simd_compare": ("simd/compute_test.cpp", ["--test-case=*comparisons*"], *FRONT_DOOR),
    "integer_intn": ("integer/intn_test.cpp", []),
    "integer_affine": ("integer/affine_test.cpp", []),
    "integer_parameters": ("integer/parameters_test.cpp", []),
    "integer_requantise": ("integer/requantise_test.cpp", []),
    "integer_dot": ("integer/dot_test.cpp", []),
    "integer_calibration": ("integer/calibration_test.cpp", []),
    "block_ggml": ("block/ggml_test.cpp", []),
    "block_ggml_numbers": ("block/ggml_numbers_test.cpp", []),
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
    ("NaNs of the machine are taken as they come", "simd/machine_binary32.hpp",
     "if (r.is_nan()) [[unlikely]]", "if (false)", ["machine_binary32"]),
    ("machine numbers to integers: ties go up", "simd/machine_binary32.hpp",
     "away = fraction > half || (fraction == half && (whole & 1) != 0);",
     "away = fraction >= half;", ["machine_binary32"]),
    ("the environment is not put back", "simd/float_environment.hpp",
     'volatile("ldmxcsr %0" : : "m"(saved_)', 'volatile("" : : "m"(saved_)', ["machine_binary32"]),
    ("the environment keeps what the caller left", "simd/float_environment.hpp",
     'volatile("ldmxcsr %0" : : "m"(nearest)', 'volatile("" : : "m"(nearest)', ["machine_binary32"]),
    ("layout: a row of a 128x4 tile is in the next line, not in the next part", "block/matrix_orders.hpp",
     "{row, 32, 4}, {row, 1, 32}, {column, 4, 0}", "{row, 1, 4}, {row, 4, 32}, {column, 4, 0}", ["layout"]),
    ("layout: gfx950 padded to its tile of 32 rows only", "block/matrix_orders.hpp",
     "256,\n    8};", "32,\n    8};", ["layout"]),
    ("layout: a digit that takes the rest counts one", "block/matrix_order.hpp",
     "worth *= d.count != 0 ? d.count : length / d.step;", "worth *= d.count != 0 ? d.count : 1;", ["layout"]),
    ("layout: orders whose digits overlap are usable", "block/matrix_order.hpp",
     "return met == used ? layout_error::none : layout_error::digits;", "return layout_error::none;",
     ["layout"]),
    ("layout: padding of scales is always zero", "block/scale_layout.hpp",
     "const auto byte = static_cast<std::byte>(l.pad);", "const auto byte = std::byte{0};", ["layout"]),
    ("layout: the last scales of a line that fill no run are lost", "block/scale_layout.hpp",
     "if (whole != length) {", "if (false) {", ["layout"]),
    ("layout: FBGEMM's exponent before its codes", "block/block_layouts.hpp",
     "detail::records(32, 1, detail::e2m1, 1, detail::after)",
     "detail::records(32, 1, detail::e2m1, 1, detail::before)", ["block_layout"]),
    ("layout: parts of a record are not padded", "block/block_layout.hpp",
     "scale_bytes_ = padded_to(record_scales_ * l.scales.scale_bytes, l.part_multiple);",
     "scale_bytes_ = record_scales_ * l.scales.scale_bytes;", ["block_layout"]),
    ("layout: partial blocks have no scale", "block/block_layout.hpp",
     "(s.columns + l.block_columns - 1) / l.block_columns", "s.columns / l.block_columns", ["block_layout"]),
    ("layout: buffers of scales are not looked at", "block/block_layout.hpp",
     "return have.scales < need.scales ? layout_error::scale_buffer : layout_error::none;",
     "return layout_error::none;", ["convert_layout"]),
    ("layout: what padding held stays", "block/convert_layout.hpp",
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
    ("ggml: no ulp below 2^4 has the logarithm 4", GGML + "nearest.hpp", "if (is_power) --e;", "if (is_power) e -= 2;",
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
    ("rows: epsilon is not added to the range", "integer/rowwise_convert.hpp",
     "steps / (range + real_from_bits<Real>(c.epsilon))", "steps / range", ["rowwise"]),
    ("rows: the inverse is 1 / scale", "integer/rowwise_convert.hpp",
     "steps / (range + real_from_bits<Real>(c.epsilon))", "real<Real>(1.0f) / (range / steps)",
     ["rowwise"]),
    ("rows: the range is taken before the bias is rounded", "integer/rowwise_convert.hpp",
     "const Real range = r.hi - bias;", "const Real range = r.hi - r.lo;", ["rowwise"]),
    ("rows: the inverse is of the scale before rounding", "integer/rowwise_convert.hpp",
     "Real scale = range == zero ? one : as_parameter(f, range / steps);",
     "Real scale = range == zero ? one : range / steps;", ["rowwise"]),
    ("rows: codes are cut, not rounded", "integer/rowwise_convert.hpp",
     "to_integer((x - p.bias) * p.inverse, rounding::to_nearest_even)",
     "to_integer((x - p.bias) * p.inverse, rounding::toward_zero)", ["rowwise"]),
    ("rows: of equal elements the last is the least", "integer/rowwise_convert.hpp",
     "if (row[i] < lo) lo = row[i];", "if (row[i] <= lo) lo = row[i];", ["rowwise"]),
    ("rows: HFP8 decodes by multiplication", "integer/rowwise_convert.hpp",
     "if (!has_integer_codes(c)) return decode_real<Real>(c.element, code) / p.scale;",
     "if (!has_integer_codes(c)) return decode_real<Real>(c.element, code) * (real<Real>(1.0f) / p.scale);",
     ["rowwise"]),
    ("rows: amax has no least value", "integer/rowwise_convert.hpp",
     "std::uint32_t amax = least;", "std::uint32_t amax = 0;", ["rowwise"]),
    ("rows: decoding rounds the product", "integer/rowwise_convert.hpp",
     """return binary32_traits<Real>::fma(p.scale, real_from_integer<Real>(static_cast<int>(code)),
                                    p.bias);""",
     "return p.scale * real_from_integer<Real>(static_cast<int>(code)) + p.bias;", ["rowwise"]),
    ("rows: the adding conversion rounds to even", "integer/rowwise_convert.hpp",
     "(bits + 0x8000) >> 16", "(bits + 0x7fff + (bits >> 16 & 1)) >> 16", ["rowwise"]),
    ("rows: epsilon of CUDA is that of the CPU", "integer/rowwise_codecs.hpp",
     "ten_to_minus_20 = 0x1e3ce508", "ten_to_minus_20 = 0x322bcc77", ["rowwise"]),
    ("rows: HFP8 ends at the next number", "integer/rowwise_codecs.hpp",
     "fifteen_sixteenths = 0x3f700000", "fifteen_sixteenths = 0x3f800000", ["rowwise"]),
    ("tables: GREEDY moves the lower end where losses are equal", "integer/table_search.hpp",
     "const bool from_below = loss_up < loss_down;",
     "const bool from_below = !(loss_down < loss_up);", ["table_quantisers"]),
    ("tables: GREEDY keeps the last dip, not the deepest", "integer/table_search.hpp",
     "here < loss_down && here < best_loss", "here < loss_down", ["table_quantisers"]),
    ("tables: ACIQ keeps the range that loses more", "integer/table_search.hpp",
     "return loss(row, n, b, o) < loss(row, n, a, o) ? b : a;",
     "return loss(row, n, b, o) < loss(row, n, a, o) ? a : b;", ["table_quantisers"]),
    ("tables: the golden section keeps the worse half", "integer/table_search.hpp",
     "high = right;", "low = left;", ["table_quantisers"]),
    ("tables: a histogram's cells stand for their lower ends", "integer/table_histogram.hpp",
     "real_from_integer<Real>(c) * cell + half_cell;", "real_from_integer<Real>(c) * cell;",
     ["table_quantisers"]),
    ("tables: HIST-APPRX moves the lower end where both skip the same", "integer/table_histogram.hpp",
     "const bool from_below = from - start > end - to;",
     "const bool from_below = from - start >= end - to;", ["table_quantisers"]),
    ("tables: HIST-APPRX goes on where the loss grows", "integer/table_histogram.hpp",
     "if (least < here) break;", "if (least < here) continue;", ["table_quantisers"]),
    ("tables: SYM has no step at zero", "integer/table_range.hpp",
     "full_steps(o.bits) - 1}", "full_steps(o.bits)}", ["table_quantisers"]),
    ("tables: of equally near numbers the last", "integer/table_codebook.hpp",
     "if (!(here < least)) continue;\n      least = here;\n      best = i;",
     "if (!(here <= least)) continue;\n      least = here;\n      best = i;", ["table_codebook"]),
    ("tables: numbers without elements become NaN", "integer/table_codebook.hpp",
     "if (count[i] == 0) continue;", "", ["table_codebook"]),
    ("bags: bias is added last", "integer/table_bag.hpp",
     """return binary32_traits<Real>::fma(r.scale, real_from_integer<Real>(static_cast<int>(code)),
                                    sum + r.bias);""",
     """return binary32_traits<Real>::fma(r.scale, real_from_integer<Real>(static_cast<int>(code)),
                                    sum) + r.bias;""", ["table_bag"]),
    ("bags: refusals of sizes tell none", "integer/table_bag.hpp",
     "bag_error{r, 0, static_cast<std::int64_t>(n)}", "bag_error{r, 0, 0}", ["table_bag"]),
    ("bags: the row behind the last one is one", "integer/table_bag.hpp",
     "index < rows) continue;", "index <= rows) continue;", ["table_bag"]),
    ("bags: a mean divides by the length", "integer/table_bag.hpp",
     "o.mode == pooling::mean ? sums[i] * factor : sums[i]",
     "o.mode == pooling::mean ? sums[i] / real_from_integer<Real>(length > 0 ? static_cast<std::int64_t>(length) : 1) : sums[i]",
     ["table_bag"]),
]


def build_and_run(test, include, folder, compiler, main_object):
    """None if the test passed, else a word on how it noticed."""
    source, args, *words = PROGRAMS[test]
    program = folder / ("test_" + test)
    command = [compiler, "-std=c++20", "-O1", f"-I{include}", f"-I{TESTS}",
               f'-DLOWP_SOURCE_DIR="{ROOT}"', f'-DLOWP_SHARED_DIR="{ROOT.parent / "shared"}"',
               str(TESTS / source), str(main_object), "-o", str(program), *words]
    built = subprocess.run(command, capture_output=True, text=True)
    if built.returncode != 0:
        if "static assertion failed" in built.stderr or "static_assert" in built.stderr:
            return "static_assert in " + test
        raise RuntimeError(f"{test} does not compile: {built.stderr.splitlines()[:3]}")
    ran = subprocess.run([str(program), "--no-intro=1", *args], capture_output=True, text=True,
                         timeout=900)
    return None if ran.returncode == 0 else test


def check(mutant, compiler, main_object):
    name, header, old, new, tests = mutant
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
                noticed = build_and_run(test, include, folder, compiler, main_object)
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
    failed = 0
    with tempfile.TemporaryDirectory(prefix="lowp-mutant-main-") as temporary, \
            concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        main_object = pathlib.Path(temporary) / "doctest_main.o"
        subprocess.run([options.compiler, "-std=c++20", "-O1", "-c", str(TESTS / "doctest_main.cpp"),
                        "-o", str(main_object)], check=True)
        for name, killed, remark in pool.map(lambda m: check(m, options.compiler, main_object), chosen):
            failed += not killed
            print(f"{'killed  ' if killed else 'SURVIVED'}  {name}: {remark}", flush=True)
    print(f"{len(chosen) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
