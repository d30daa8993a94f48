// SPDX-License-Identifier: Apache-2.0
/// \file
/// lowp for SystemVerilog: what a test bench or a UVM predictor calls through DPI-C. The functions
/// are in liblowp.so, stand on those of lowp.h and define nothing anew. The package lowp_pkg.sv
/// beside this file imports them; it is generated from this header by tests/interop/dpi_package.py,
/// which drops `dpi_` from the names: lowp_convert there is lowp_dpi_convert here.
/// spec/golden.md GLD-20.
///
/// **Types.** Integers by value, and packed vectors of a fixed length, the lowest 32 bits first
/// (`svBitVecVal`): shorter ones are extended with zeros where they are assigned. Element i of
/// width w is bits w i to w i + w - 1. A code lies in the low bits; bits above its width are not
/// read.
///
/// **Handles.** Strings are for the beginning: lowp_dpi_format, lowp_dpi_projection and
/// lowp_dpi_find make numbers of names. They are constant while the simulation runs, nothing else.
///
/// **Refusals.** What cannot be done gives -1 (all ones), which no format below 64 bits has as a
/// code; functions with output arguments return a lowp_status and give ones in these. The reason is
/// kept for lowp_last_message of the same thread, which is empty before. lowp_check of the package
/// ends a simulation with that message: call it behind the look-ups and at the end.
///
/// Functions with arguments, none of them an output, are pure: the result depends on the arguments
/// alone.
#ifndef LOWP_INTEROP_LOWP_DPI_H
#define LOWP_INTEROP_LOWP_DPI_H

#include "lowp.h"

#if defined(__GNUC__)
#define LOWP_API __attribute__((visibility("default")))
#else
#define LOWP_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define LOWP_DPI_WORDS 256       ///< of vectors of operands, registers, blocks: 8192 bits
#define LOWP_DPI_SCALE_WORDS 64  ///< of vectors of scales
#define LOWP_DPI_STATE_WORDS 10  ///< of lowp_instruction_state

/// How to round: as `frm` of RISC-V. 5 is reserved and refused. GLD-21.
enum lowp_dpi_rounding {
  LOWP_RNE = 0,  ///< to nearest, ties to even
  LOWP_RTZ = 1,  ///< toward zero
  LOWP_RDN = 2,  ///< down
  LOWP_RUP = 3,  ///< up
  LOWP_RMM = 4,  ///< to nearest, ties away from zero
  LOWP_ODD = 6,  ///< to odd
  LOWP_DYN = 7   ///< what the projection says: the only way to stochastic rounding
};

/// When lowp_dpi_same takes a NaN for another.
enum lowp_dpi_same_nans {
  LOWP_SAME_CODE = 0,       ///< equal codes
  LOWP_SAME_NAN_CLASS = 1,  ///< both quiet or both signalling
  LOWP_SAME_ANY_NAN = 2     ///< always
};

// ---- Handles ----------------------------------------------------------------------------------

/// A format by any name: those of the registry, binary8p3se and the like, int7, posit12 ...
LOWP_API uint64_t lowp_dpi_format(const char* name);
/// A projection: the name of a policy, or MEMBER=VALUE words as in claims, "overflow=saturate
/// nan=all_ones", or both, the name first. The empty text is 0: IEEE 754's.
LOWP_API uint64_t lowp_dpi_projection(const char* words);
/// The index of a name in a registry: LOWP_OPERATIONS, LOWP_CONVERSION_RULES, LOWP_MMA_MODELS ...
LOWP_API int lowp_dpi_find(int registry, const char* name);
/// Bits of a code.
LOWP_API int lowp_dpi_width(uint64_t format);

// ---- Numbers ----------------------------------------------------------------------------------

/// A code of one format in another. `rm`: LOWP_RNE and the like; `random`: the bits of
/// stochastic rounding.
LOWP_API uint64_t lowp_dpi_convert(uint64_t from, uint64_t code, uint64_t to, uint64_t projection,
                                   int rm, uint32_t random);
/// The flags of that conversion (lowp_flag; the low five bits are RISC-V's fflags).
LOWP_API int lowp_dpi_convert_flags(uint64_t from, uint64_t code, uint64_t to, uint64_t projection,
                                    int rm, uint32_t random);
/// A row of LOWP_CONVERSION_RULES: what one implementation does between two formats.
LOWP_API uint64_t lowp_dpi_apply_rule(int rule, uint64_t code, uint32_t random);
/// A row of LOWP_OPERATIONS on operands of any formats, rounded once: add, multiply, fma ...
/// Operands that it does not have, and their formats, are not read.
LOWP_API uint64_t lowp_dpi_compute(int operation, uint64_t format_a, uint64_t a, uint64_t format_b,
                                   uint64_t b, uint64_t format_c, uint64_t c, uint64_t to,
                                   uint64_t projection, int rm, uint32_t random);
LOWP_API int lowp_dpi_compute_flags(int operation, uint64_t format_a, uint64_t a, uint64_t format_b,
                                    uint64_t b, uint64_t format_c, uint64_t c, uint64_t to,
                                    uint64_t projection, int rm, uint32_t random);
/// 1 if a result is the expected one: equal codes, or NaNs of both that lowp_dpi_same_nans lets
/// pass.
LOWP_API int lowp_dpi_same(uint64_t format, uint64_t a, uint64_t b, int nans);

// ---- Machines ---------------------------------------------------------------------------------

/// A row of LOWP_MMA_MODELS: c and k products, k from 1 on, as lowp_mma makes them (GLD-22); a step
/// of a matrix unit is one call for each element of its result. Scales: k / scale_block of each,
/// else 0.
LOWP_API uint64_t lowp_dpi_dot(int model, int k, const uint32_t a[LOWP_DPI_WORDS],
                               const uint32_t b[LOWP_DPI_WORDS], uint64_t c,
                               const uint32_t scale_a[LOWP_DPI_SCALE_WORDS],
                               const uint32_t scale_b[LOWP_DPI_SCALE_WORDS]);
/// The state of a machine that has just started, a lowp_instruction_state. Returns lowp_status.
LOWP_API int lowp_dpi_default_state(uint32_t state[LOWP_DPI_STATE_WORDS]);
/// A row of LOWP_INSTRUCTIONS, on whole registers one behind the other. `old`: the result register
/// before, of which some instructions leave parts. Returns lowp_status.
LOWP_API int lowp_dpi_run_instruction(int instruction, const uint32_t state[LOWP_DPI_STATE_WORDS],
                                      const uint32_t sources[LOWP_DPI_WORDS],
                                      const uint32_t old[LOWP_DPI_WORDS],
                                      uint32_t result[LOWP_DPI_WORDS]);

// ---- Blocks that share scales -----------------------------------------------------------------

/// Quantises one block of a row of LOWP_BLOCK_FORMATS, of at most 256 numbers, to codes without
/// gaps. `recipe`: of LOWP_BLOCK_RECIPES, or -1; `seed`: of random bits (Philox, stream 0). Formats
/// with an outer scale are told the greatest magnitude, `outer_amax`, a binary32 number, and yield
/// the `outer` scale that follows. Returns lowp_status.
LOWP_API int lowp_dpi_quantise(int format, int recipe, uint64_t seed,
                               const uint32_t numbers[LOWP_DPI_WORDS], uint32_t outer_amax,
                               uint32_t codes[LOWP_DPI_WORDS], uint64_t* scale, uint32_t* outer);
/// The binary32 numbers of such a block, each value rounded once. Returns lowp_status.
LOWP_API int lowp_dpi_dequantise(int format, const uint32_t codes[LOWP_DPI_WORDS], uint64_t scale,
                                 uint32_t outer, uint32_t numbers[LOWP_DPI_WORDS]);

#undef LOWP_API

#ifdef __cplusplus
}
#endif

#endif  // LOWP_INTEROP_LOWP_DPI_H
