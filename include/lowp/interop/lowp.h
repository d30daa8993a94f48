// SPDX-License-Identifier: Apache-2.0
/// \file
/// lowp for other languages: C11, integers and pointers only. The shared library liblowp.so has
/// these functions, those of lowp_dpi.h for SystemVerilog, and exports nothing else. `pkg-config
/// lowp_c` tells how to link it.
///
/// **Status.** Every function that can be refused returns LOWP_OK or another `lowp_status`. Then
/// nothing was written, and `lowp_last_message` names the argument, its value and the rule. No
/// pointer, size, name or enumerator that is wrong in itself does harm; what is not checked is
/// whether memory is as large as the caller says. Nothing is printed, and nothing but
/// `lowp_last_message` is kept between calls: all functions may run in any thread at once.
///
/// **Codes** are the bits of numbers (lowp's spec/formats.md). One code is a uint64_t. An array of
/// them has each in the low bits of an integer of this machine, of 8, 16, 32 or 64 bits, the least
/// that holds the format's width; it may begin at any address. Bits above the width are not read
/// and are zero in results. So an array of binary64 codes is one of `double`, of binary32 `float`,
/// of int8 `int8_t`: to decode to double, convert to binary64.
///
/// **Structures** grow into `reserved`, which must be zero; all zeros is the default everywhere but
/// in `lowp_instruction_state`. A pointer that says "may be null" stands for the default when it
/// is. What changes beside that has another LOWP_ABI, which is the number in the library's soname
/// and in the version of its symbols, LOWP_<number>.
#ifndef LOWP_INTEROP_LOWP_H
#define LOWP_INTEROP_LOWP_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define LOWP_API __attribute__((visibility("default")))
#else
#define LOWP_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define LOWP_ABI 0

/// Stands for the recipe or the layout that a block format has where nobody names one.
#define LOWP_DEFAULT ((size_t)-1)

enum lowp_status {
  LOWP_OK = 0,
  LOWP_NULL_ARGUMENT,    ///< a pointer is null that must not be
  LOWP_UNKNOWN_NAME,     ///< nothing in the registry has this name
  LOWP_OUT_OF_RANGE,     ///< an index, an enumerator or a number is not one of those allowed
  LOWP_BAD_FORMAT,       ///< a format breaks a rule of spec/formats.md FMT-3
  LOWP_BAD_PROJECTION,   ///< a member of a projection has a value that does not exist
  LOWP_BAD_SIZE,         ///< an array or a buffer is too small, or larger than memory
  LOWP_OVERLAP,          ///< two arrays share bytes that must not
  LOWP_MISALIGNED,       ///< an array of binary32 numbers does not begin at a multiple of 4
  LOWP_BAD_COMBINATION,  ///< arguments that are right alone do not go together
  LOWP_NO_MEMORY         ///< memory for the call could not be had
};

/// The status in words; never null.
LOWP_API const char* lowp_error_text(int status);
/// What the last refused call of this thread was refused for; empty before the first. Valid until
/// the next call of this thread.
LOWP_API const char* lowp_last_message(void);
/// "0.1.0".
LOWP_API const char* lowp_version(void);
/// LOWP_ABI of the library.
LOWP_API int lowp_abi(void);

// ---- Registries -------------------------------------------------------------------------------

enum lowp_registry {
  LOWP_FORMATS,
  LOWP_OPERATIONS,  ///< indices are the operations of `lowp_compute`
  LOWP_CONVERSION_RULES,
  LOWP_POLICIES,
  LOWP_INSTRUCTIONS,  ///< conversion instructions
  LOWP_MMA_MODELS,    ///< matrix instructions
  LOWP_BLOCK_FORMATS,
  LOWP_BLOCK_RECIPES,
  LOWP_BLOCK_LAYOUTS,
  LOWP_PACKINGS,
  LOWP_REGISTRIES  ///< how many there are
};

/// What is known of a row in words; "" where the registry has no such column.
enum lowp_text {
  LOWP_TEXT_NAME,
  LOWP_TEXT_MEANING,  ///< description or notes
  LOWP_TEXT_SOURCE,
  LOWP_TEXT_VENDOR,
  LOWP_TEXT_EVIDENCE,  ///< how it is known: run, transcribed, measured, source, inferred
  LOWP_TEXT_POLICY,    ///< of conversion rules, for `lowp_find_rule`
  LOWP_TEXT_TARGET,    ///< of instructions: which processors have them
  LOWP_TEXT_ALIAS,     ///< formats: the C++ type; operations: the name of P3109
  LOWP_TEXT_USED_BY,   ///< of layouts and packings
  LOWP_TEXT_RECIPE,    ///< of block formats: the recipe where nobody names one
  LOWP_TEXT_FORMATS,   ///< of recipes: beginnings of the names of block formats they are for
  LOWP_TEXTS           ///< how many there are
};

/// "formats", "operations", "conversion_rules", ...
LOWP_API int lowp_registry_name(int registry, const char** name);
LOWP_API int lowp_count(int registry, size_t* count);
LOWP_API int lowp_row_text(int registry, size_t index, int text, const char** out);
/// The index of a name. Formats answer to their names elsewhere, too, instructions to a mnemonic.
LOWP_API int lowp_find(int registry, const char* name, size_t* index);

// ---- Formats ----------------------------------------------------------------------------------

enum lowp_kind {
  LOWP_KIND_MINIFLOAT,
  LOWP_KIND_FIXED_POINT,
  LOWP_KIND_HIFLOAT8,
  LOWP_KIND_POSIT,
  LOWP_KIND_TAKUM,
  LOWP_KIND_LOGARITHMIC,
  LOWP_KIND_CODEBOOK
};
enum lowp_nans { LOWP_NANS_NONE, LOWP_NANS_IEEE, LOWP_NANS_TOP, LOWP_NANS_NEGATIVE_ZERO };
enum lowp_bottom {
  LOWP_BOTTOM_GRADUAL,
  LOWP_BOTTOM_HALVED,
  LOWP_BOTTOM_ZERO_ONLY,
  LOWP_BOTTOM_NO_ZERO
};
enum lowp_table { LOWP_TABLE_NONE, LOWP_TABLE_NF4, LOWP_TABLE_BNB_FP4 };

/// A number format, of a registry or made by hand: spec/formats.md FMT-2 to FMT-7.
typedef struct lowp_format {
  uint8_t kind;           ///< `lowp_kind`
  uint8_t width;          ///< bits of a code, 2...64 (integers: 1...64)
  uint8_t precision;      ///< of minifloats: significand bits with the implicit one
  uint8_t exponent_bits;  ///< of posits; of logarithmic formats the fraction bits
  uint8_t is_signed;
  uint8_t has_infinity;
  uint8_t nans;    ///< `lowp_nans`
  uint8_t bottom;  ///< `lowp_bottom`
  uint8_t table;   ///< `lowp_table`
  uint8_t reserved[3];
  int32_t bias;
} lowp_format;

/// What follows from a format. Codes of what it lacks are of what stands for it by default.
typedef struct lowp_format_properties {
  uint64_t max_finite, lowest, min_positive, min_normal, zero, one, infinity, canonical_nan;
  uint64_t finite_codes;    ///< how many codes are zero or finite; 0 for widths of 64
  uint8_t container_bytes;  ///< of a code in arrays: 1, 2, 4 or 8
  uint8_t has_nan, has_infinity, has_zero, has_negative_zero, has_subnormals;
  uint8_t reserved[2];
} lowp_format_properties;

/// A format by any name: those of the registry, binary8p3se and the like, int7, uint3, posit12 ...
LOWP_API int lowp_format_named(const char* name, lowp_format* out);
LOWP_API int lowp_format_at(size_t index, lowp_format* out);
LOWP_API int lowp_format_facts(const lowp_format* format, lowp_format_properties* out);

// ---- Projections ------------------------------------------------------------------------------

// Enumerators are LOWP_<member>_<name>; what each does: spec/projection.md.
enum lowp_round {
  LOWP_ROUND_TO_NEAREST_EVEN,
  LOWP_ROUND_TO_NEAREST_AWAY,
  LOWP_ROUND_TO_NEAREST_ZERO,
  LOWP_ROUND_TO_NEAREST_NEGATIVE,
  LOWP_ROUND_TOWARD_ZERO,
  LOWP_ROUND_TOWARD_POSITIVE,
  LOWP_ROUND_TOWARD_NEGATIVE,
  LOWP_ROUND_AWAY_FROM_ZERO,
  LOWP_ROUND_TO_ODD,
  LOWP_ROUND_STOCHASTIC_A,
  LOWP_ROUND_STOCHASTIC_B,
  LOWP_ROUND_STOCHASTIC_C
};
enum lowp_overflow {
  LOWP_OVERFLOW_IEEE,
  LOWP_OVERFLOW_INFINITE,
  LOWP_OVERFLOW_SATURATE,
  LOWP_OVERFLOW_SATURATE_FINITE
};
enum lowp_no_infinity { LOWP_NO_INFINITY_NAN, LOWP_NO_INFINITY_MAX_FINITE, LOWP_NO_INFINITY_ZERO };
enum lowp_nan {
  LOWP_NAN_QUIET,
  LOWP_NAN_ALL_ONES,
  LOWP_NAN_PAYLOAD,
  LOWP_NAN_PAYLOAD_RAW,
  LOWP_NAN_PAYLOAD_ONE,
  LOWP_NAN_SIGNALLING,
  LOWP_NAN_MAX_FINITE,
  LOWP_NAN_ZERO
};
/// Of no_infinity_sign, nan_sign and zero_sign.
enum lowp_sign { LOWP_SIGN_KEEP, LOWP_SIGN_POSITIVE, LOWP_SIGN_NEGATIVE, LOWP_SIGN_FLIP };
enum lowp_negative {
  LOWP_NEGATIVE_CLAMP,
  LOWP_NEGATIVE_MAGNITUDE,
  LOWP_NEGATIVE_NAN,
  LOWP_NEGATIVE_P3109,
  LOWP_NEGATIVE_CLAMP_FINITE
};
enum lowp_no_zero { LOWP_NO_ZERO_LEAST, LOWP_NO_ZERO_NAN };
enum lowp_subnormal_input {
  LOWP_SUBNORMAL_INPUT_KEEP,
  LOWP_SUBNORMAL_INPUT_ZERO,
  LOWP_SUBNORMAL_INPUT_HALF_DOWN,
  LOWP_SUBNORMAL_INPUT_LEAST_NORMAL
};
enum lowp_tininess { LOWP_TININESS_AFTER_ROUNDING, LOWP_TININESS_BEFORE_ROUNDING };
enum lowp_random_from { LOWP_RANDOM_FROM_LOW, LOWP_RANDOM_FROM_HIGH };
enum lowp_rules { LOWP_RULES_IEEE754, LOWP_RULES_P3109_4_0, LOWP_RULES_P3109_2026_07 };

/// How an exact value becomes a code. All zeros: to nearest, ties to even, infinity on overflow.
typedef struct lowp_projection {
  uint8_t round;                     ///< `lowp_round`
  uint8_t overflow;                  ///< `lowp_overflow`
  uint8_t no_infinity;               ///< `lowp_no_infinity`
  uint8_t no_infinity_sign;          ///< `lowp_sign`
  uint8_t nan;                       ///< `lowp_nan`
  uint8_t nan_sign;                  ///< `lowp_sign`
  uint8_t negative;                  ///< `lowp_negative`: negative values in unsigned formats
  uint8_t no_zero;                   ///< `lowp_no_zero`
  uint8_t zero_sign;                 ///< `lowp_sign`
  uint8_t subnormal_input;           ///< `lowp_subnormal_input`
  uint8_t flush_subnormal_result;    ///< 0 or 1
  uint8_t tininess;                  ///< `lowp_tininess`
  uint8_t overflow_before_rounding;  ///< 0 or 1
  uint8_t odd_overflows;             ///< 0 or 1
  uint8_t random_bits;               ///< of the stochastic modes, 0...32
  uint8_t random_from;               ///< `lowp_random_from`: where they are in their word
  uint8_t rules;                     ///< `lowp_rules`: special operands of operations
  uint8_t reserved[15];
} lowp_projection;

/// The name of a member, of its declaration's index from 0 on; LOWP_OUT_OF_RANGE past the last.
LOWP_API int lowp_projection_member(size_t member, const char** name);
/// The name of a member's value; null for numbers. LOWP_OUT_OF_RANGE for a value that it has not.
LOWP_API int lowp_projection_value(size_t member, int value, const char** name);
/// The projection of a row of LOWP_POLICIES.
LOWP_API int lowp_policy_at(size_t index, lowp_projection* out);

/// Bits of the flags that operations yield: spec/projection.md PRJ-11.
enum lowp_flag {
  LOWP_INEXACT = 1,
  LOWP_UNDERFLOW = 2,
  LOWP_OVERFLOW = 4,
  LOWP_DIVIDE_BY_ZERO = 8,
  LOWP_INVALID = 16,
  LOWP_SATURATED = 32
};

// ---- Random bits of stochastic rounding -------------------------------------------------------

enum lowp_generator { LOWP_PHILOX4X32_10, LOWP_KEYED_MIX };

/// Where the elements of an array have their random bits from: spec/random.md. All zeros: Philox
/// with seed 0, stream 0.
typedef struct lowp_random {
  const uint32_t* words;  ///< one for each element, used as it is; or null: they are made from
  uint64_t seed;
  uint64_t stream;    ///< tells arrays with one seed apart
  uint64_t first;     ///< the index of the first element, for parts of an array
  uint8_t generator;  ///< `lowp_generator`
  uint8_t reserved[7];
} lowp_random;

/// Words first, first + 1, ... of the generator.
LOWP_API int lowp_random_words(const lowp_random* random, size_t n, uint32_t* out);
/// The words that n elements are rounded with under a projection: `words` of another machine.
LOWP_API int lowp_rounding_words(const lowp_random* random, const lowp_projection* projection,
                                 size_t n, uint32_t* out);

// ---- Values and conversion --------------------------------------------------------------------

enum lowp_class { LOWP_ZERO, LOWP_FINITE, LOWP_INFINITE, LOWP_NOT_A_NUMBER };

/// An exact value: (-1)^negative (significand + tail 2^-64 + rest) 2^exponent, the rest in (0,
/// 2^-64) where `sticky`, else 0; where tail or rest is not 0, bit 63 of the significand is set.
/// Zero and infinity have a sign only; of NaN the significand is the payload, from bit 63 down.
typedef struct lowp_value {
  uint8_t cls;       ///< `lowp_class`
  uint8_t negative;  ///< 0 or 1
  uint8_t sticky;    ///< 0 or 1
  uint8_t reserved;
  int32_t exponent;
  uint64_t significand;
  uint64_t tail;
} lowp_value;

/// The values of n codes.
LOWP_API int lowp_decode(const lowp_format* format, const void* codes, size_t n, lowp_value* out);
LOWP_API int lowp_decode_code(const lowp_format* format, uint64_t code, lowp_value* out);
/// The code of a value. Here and below: `projection` may be null, `word` holds random bits, `flags`
/// (of arrays: one byte for each element) may be null.
LOWP_API int lowp_encode_value(const lowp_format* format, const lowp_value* value,
                               const lowp_projection* projection, uint64_t word, uint64_t* code,
                               uint8_t* flags);

/// Codes of one format to codes of another. `out` may be `in` where its integers are no wider;
/// arrays share no bytes otherwise. `random` may be null.
LOWP_API int lowp_convert(const lowp_format* from, const void* in, const lowp_format* to, void* out,
                          size_t n, const lowp_projection* projection, const lowp_random* random,
                          uint8_t* flags);
LOWP_API int lowp_convert_code(const lowp_format* from, uint64_t code, const lowp_format* to,
                               const lowp_projection* projection, uint64_t word, uint64_t* out,
                               uint8_t* flags);

/// A row of LOWP_CONVERSION_RULES: what one implementation does between two formats.
typedef struct lowp_rule {
  lowp_format from, to;
  lowp_format via;        ///< rules that round twice go through it; else its width is 0
  lowp_projection first;  ///< into `via`
  lowp_projection last;   ///< into `to`
} lowp_rule;

LOWP_API int lowp_rule_at(size_t index, lowp_rule* out);
/// The index of what a policy ("CUDA 13 satfinite") does between two formats.
LOWP_API int lowp_find_rule(const char* policy, const lowp_format* from, const lowp_format* to,
                            size_t* index);
/// As `lowp_convert`, by a rule and its formats.
LOWP_API int lowp_apply_rule(size_t rule, const void* in, void* out, size_t n,
                             const lowp_random* random);
LOWP_API int lowp_apply_rule_code(size_t rule, uint64_t code, uint64_t word, uint64_t* out);

/// Codes to bytes in a packing of the registry, end to end, transposed, padded ..., and back. A
/// packing for another width of codes is refused. Results are zero where no element is.
LOWP_API int lowp_packed_bytes(const lowp_format* format, size_t packing, size_t n, size_t* bytes);
LOWP_API int lowp_pack(const lowp_format* format, size_t packing, const void* codes, size_t n,
                       void* packed, size_t packed_bytes);
LOWP_API int lowp_unpack(const lowp_format* format, size_t packing, const void* packed,
                         size_t packed_bytes, void* codes, size_t n);

// ---- Operations -------------------------------------------------------------------------------

LOWP_API int lowp_operand_count(int operation, int* count);
/// out[i] = operation(operands[0][i], operands[1][i] ...), each result rounded once. `formats` and
/// `operands` are arrays with an entry for each operand. `out` as in `lowp_convert`.
LOWP_API int lowp_compute(int operation, const lowp_format* formats, const void* const* operands,
                          const lowp_format* to, void* out, size_t n,
                          const lowp_projection* projection, const lowp_random* random,
                          uint8_t* flags);
LOWP_API int lowp_compute_codes(int operation, const lowp_format* formats, const uint64_t* codes,
                                const lowp_format* to, const lowp_projection* projection,
                                uint64_t word, uint64_t* out, uint8_t* flags);

// ---- Blocks that share scales -----------------------------------------------------------------

enum lowp_outer { LOWP_OUTER_NONE, LOWP_OUTER_TENSOR, LOWP_OUTER_ROW };

/// A row of LOWP_BLOCK_FORMATS.
typedef struct lowp_block_properties {
  lowp_format element, scale;
  uint32_t rows, columns;  ///< of a block
  uint32_t millibits;      ///< of storage for an element, in 1/1000 bits
  uint8_t outer;           ///< `lowp_outer`: a binary32 scale of the tensor or each row
  uint8_t reserved[3];
} lowp_block_properties;

LOWP_API int lowp_block_format_at(size_t index, lowp_block_properties* out);
/// Bytes of the buffers of a matrix, and how many outer scales it has. `layout`: an index of
/// LOWP_BLOCK_LAYOUTS or LOWP_DEFAULT, rows of elements and rows of scales apart. Layouts with
/// scales among the elements have no bytes of scales.
LOWP_API int lowp_block_sizes(size_t format, size_t layout, uint64_t rows, uint64_t columns,
                              size_t* data, size_t* scales, size_t* outers);
/// Quantises a matrix of binary32 numbers, row by row without gaps. `recipe`: an index or
/// LOWP_DEFAULT. Formats with outer scales write these to `outer` (binary32 numbers), and may be
/// told the greatest magnitudes that they start from, `outer_amax`, else null. `random`: null or
/// without `words` and `first`.
LOWP_API int lowp_quantise(size_t format, size_t recipe, size_t layout, uint64_t rows,
                           uint64_t columns, const void* numbers, void* data, size_t data_bytes,
                           void* scales, size_t scale_bytes, void* outer, const void* outer_amax,
                           const lowp_random* random);
/// The binary32 numbers of such a matrix, each value rounded once.
LOWP_API int lowp_dequantise(size_t format, size_t layout, uint64_t rows, uint64_t columns,
                             const void* data, size_t data_bytes, const void* scales,
                             size_t scale_bytes, const void* outer, void* numbers);

// ---- Machines ---------------------------------------------------------------------------------

/// What a conversion instruction reads besides its sources; see `lowp_default_state`.
typedef struct lowp_instruction_state {
  uint64_t fpcr, fpmr;  ///< Arm
  uint32_t scale;       ///< the scale operand
  uint32_t random;      ///< the random operand
  uint32_t mxcsr;       ///< x86: RC and DAZ count
  uint8_t length;       ///< of vectors, in units of the instruction's registers
  uint8_t select;       ///< which part of a register: op_sel of AMD
  uint8_t immediate;    ///< imm8
  uint8_t frm, altfmt;  ///< RISC-V
  uint8_t fp16_ovfl;    ///< AMD MODE
  uint8_t reserved[6];
} lowp_instruction_state;

/// Sizes of the registers of an instruction under a state (which may be null).
typedef struct lowp_instruction_properties {
  uint32_t source_registers;  ///< registers that it reads
  uint32_t source_bytes;      ///< of each
  uint32_t result_bytes;
  uint32_t elements;     ///< that it converts
  uint8_t reads_result;  ///< 1: parts of the result register stay as they were
  uint8_t reserved[7];
} lowp_instruction_properties;

/// The state of a machine that has just started.
LOWP_API int lowp_default_state(lowp_instruction_state* out);
LOWP_API int lowp_instruction_at(size_t index, const lowp_instruction_state* state,
                                 lowp_instruction_properties* out);
/// Runs an instruction n times. `sources`: the source registers of the first run one after the
/// other, then those of the next; `result`: the result registers; lowest bytes first. `states`: n
/// of them, or one for all, or none (null, 0).
LOWP_API int lowp_run_instruction(size_t index, const void* sources, size_t source_bytes,
                                  void* result, size_t result_bytes, size_t n,
                                  const lowp_instruction_state* states, size_t state_count);

/// A row of LOWP_MMA_MODELS.
typedef struct lowp_mma_properties {
  lowp_format a, b, c, d;  ///< of the codes of operands and result
  lowp_format scale;       ///< its width is 0 where there are no scales
  uint32_t k;              ///< products of one instruction
  uint32_t group;          ///< products of one step of it
  uint32_t scale_block;    ///< products that share a scale of a row and one of a column; else 0
  uint32_t reserved;
} lowp_mma_properties;

LOWP_API int lowp_mma_at(size_t index, lowp_mma_properties* out);
/// D = A B + C for `batch` matrices, in arrays of codes, row by row: A rows x k, B k x columns, C
/// and D rows x columns; `scale_a` rows x ceil(k / scale_block), `scale_b` ceil(k / scale_block) x
/// columns, null where there are none. C null is +0; D may be C where their formats are as wide.
/// k may be anything from 1 on: each instruction takes over the result of the one before, the last
/// is filled up with products of +0 (spec/gemm.md GEM-2). n dot products: batch n, 1 row, 1 column.
LOWP_API int lowp_mma(size_t model, uint64_t batch, uint64_t rows, uint64_t columns, uint64_t k,
                      const void* a, const void* b, const void* c, const void* scale_a,
                      const void* scale_b, void* d);

#undef LOWP_API

#ifdef __cplusplus
}
#endif

#endif  // LOWP_INTEROP_LOWP_H
