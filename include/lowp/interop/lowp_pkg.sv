// SPDX-License-Identifier: Apache-2.0
// Generated from lowp_dpi.h by tests/interop/dpi_package.py; do not edit.
//
// lowp for test benches and UVM predictors: the golden model through DPI-C. Compile this file with the bench
// and link liblowp.so. lowp_dpi.h beside this file says what vectors, handles and refusals are.
/* verilator lint_off UNUSEDPARAM */
package lowp_pkg;

  localparam int LOWP_OK              = 0;
  localparam int LOWP_NULL_ARGUMENT   = 1;  // a pointer is null that must not be
  localparam int LOWP_UNKNOWN_NAME    = 2;  // nothing in the registry has this name
  localparam int LOWP_OUT_OF_RANGE    = 3;  // an index, an enumerator or a number is not one of those allowed
  localparam int LOWP_BAD_FORMAT      = 4;  // a format breaks a rule of spec/formats.md FMT-3
  localparam int LOWP_BAD_PROJECTION  = 5;  // a member of a projection has a value that does not exist
  localparam int LOWP_BAD_SIZE        = 6;  // an array or a buffer is too small, or larger than memory
  localparam int LOWP_OVERLAP         = 7;  // two arrays share bytes that must not
  localparam int LOWP_MISALIGNED      = 8;  // an array of binary32 numbers does not begin at a multiple of 4
  localparam int LOWP_BAD_COMBINATION = 9;  // arguments that are right alone do not go together
  localparam int LOWP_NO_MEMORY       = 10;  // memory for the call could not be had

  localparam int LOWP_FORMATS          = 0;
  localparam int LOWP_OPERATIONS       = 1;  // indices are the operations of `lowp_compute`
  localparam int LOWP_CONVERSION_RULES = 2;
  localparam int LOWP_POLICIES         = 3;
  localparam int LOWP_INSTRUCTIONS     = 4;  // conversion instructions
  localparam int LOWP_MMA_MODELS       = 5;  // matrix instructions
  localparam int LOWP_BLOCK_FORMATS    = 6;
  localparam int LOWP_BLOCK_RECIPES    = 7;
  localparam int LOWP_BLOCK_LAYOUTS    = 8;
  localparam int LOWP_PACKINGS         = 9;
  localparam int LOWP_REGISTRIES       = 10;  // how many there are

  // Bits of the flags that operations yield: spec/projection.md PRJ-11.
  localparam int LOWP_INEXACT        = 1;
  localparam int LOWP_UNDERFLOW      = 2;
  localparam int LOWP_OVERFLOW       = 4;
  localparam int LOWP_DIVIDE_BY_ZERO = 8;
  localparam int LOWP_INVALID        = 16;
  localparam int LOWP_SATURATED      = 32;

  // How to round: as `frm` of RISC-V. 5 is reserved and refused. GLD-21.
  localparam int LOWP_RNE = 0;  // to nearest, ties to even
  localparam int LOWP_RTZ = 1;  // toward zero
  localparam int LOWP_RDN = 2;  // down
  localparam int LOWP_RUP = 3;  // up
  localparam int LOWP_RMM = 4;  // to nearest, ties away from zero
  localparam int LOWP_ODD = 6;  // to odd
  localparam int LOWP_DYN = 7;  // what the projection says: the only way to stochastic rounding

  // When lowp_same takes a NaN for another.
  localparam int LOWP_SAME_CODE      = 0;  // equal codes
  localparam int LOWP_SAME_NAN_CLASS = 1;  // both quiet or both signalling
  localparam int LOWP_SAME_ANY_NAN   = 2;  // always

  // What a conversion instruction reads besides its sources.
  typedef struct packed {
    bit [47:0] reserved;
    bit [7:0] fp16_ovfl;
    bit [7:0] altfmt;
    bit [7:0] frm;
    bit [7:0] immediate;
    bit [7:0] select;
    bit [7:0] length;
    bit [31:0] mxcsr;
    bit [31:0] random;
    bit [31:0] scale;
    bit [63:0] fpmr;
    bit [63:0] fpcr;
  } lowp_instruction_state;

  import "DPI-C" function string lowp_last_message();
  import "DPI-C" function string lowp_version();
  import "DPI-C" function int lowp_abi();

  // A format by any name: those of the registry, binary8p3se and the like, int7, posit12 ...
  import "DPI-C" pure lowp_dpi_format = function longint unsigned lowp_format(
      input string name);

  // A projection: the name of a policy, or MEMBER=VALUE words as in claims, "overflow=saturate
  // nan=all_ones", or both, the name first. The empty text is 0: IEEE 754's.
  import "DPI-C" pure lowp_dpi_projection = function longint unsigned lowp_projection(
      input string words);

  // The index of a name in a registry: LOWP_OPERATIONS, LOWP_CONVERSION_RULES, LOWP_MMA_MODELS ...
  import "DPI-C" pure lowp_dpi_find = function int lowp_find(
      input int registry, input string name);

  // Bits of a code.
  import "DPI-C" pure lowp_dpi_width = function int lowp_width(
      input longint unsigned format);

  // A code of one format in another. `rm`: LOWP_RNE and the like; `random`: the bits of
  // stochastic rounding.
  import "DPI-C" pure lowp_dpi_convert = function longint unsigned lowp_convert(
      input longint unsigned from, input longint unsigned code, input longint unsigned to,
      input longint unsigned projection, input int rm, input int unsigned random);

  // The flags of that conversion (lowp_flag; the low five bits are RISC-V's fflags).
  import "DPI-C" pure lowp_dpi_convert_flags = function int lowp_convert_flags(
      input longint unsigned from, input longint unsigned code, input longint unsigned to,
      input longint unsigned projection, input int rm, input int unsigned random);

  // A row of LOWP_CONVERSION_RULES: what one implementation does between two formats.
  import "DPI-C" pure lowp_dpi_apply_rule = function longint unsigned lowp_apply_rule(
      input int rule, input longint unsigned code, input int unsigned random);

  // A row of LOWP_OPERATIONS on operands of any formats, rounded once: add, multiply, fma ...
  // Operands that it does not have, and their formats, are not read.
  import "DPI-C" pure lowp_dpi_compute = function longint unsigned lowp_compute(
      input int operation, input longint unsigned format_a, input longint unsigned a,
      input longint unsigned format_b, input longint unsigned b, input longint unsigned format_c,
      input longint unsigned c, input longint unsigned to, input longint unsigned projection, input int rm,
      input int unsigned random);
  import "DPI-C" pure lowp_dpi_compute_flags = function int lowp_compute_flags(
      input int operation, input longint unsigned format_a, input longint unsigned a,
      input longint unsigned format_b, input longint unsigned b, input longint unsigned format_c,
      input longint unsigned c, input longint unsigned to, input longint unsigned projection, input int rm,
      input int unsigned random);

  // 1 if a result is the expected one: equal codes, or NaNs of both that lowp_same_nans lets
  // pass.
  import "DPI-C" pure lowp_dpi_same = function int lowp_same(
      input longint unsigned format, input longint unsigned a, input longint unsigned b, input int nans);

  // A row of LOWP_MMA_MODELS: c and k products, k from 1 on, as lowp_mma makes them (GLD-22); a step
  // of a matrix unit is one call for each element of its result. Scales: k / scale_block of each,
  // else 0.
  import "DPI-C" pure lowp_dpi_dot = function longint unsigned lowp_dot(
      input int model, input int k, input bit [8191:0] a, input bit [8191:0] b, input longint unsigned c,
      input bit [2047:0] scale_a, input bit [2047:0] scale_b);

  // The state of a machine that has just started, a lowp_instruction_state. Returns lowp_status.
  import "DPI-C" lowp_dpi_default_state = function int lowp_default_state(
      output lowp_instruction_state state);

  // A row of LOWP_INSTRUCTIONS, on whole registers one behind the other. `old`: the result register
  // before, of which some instructions leave parts. Returns lowp_status.
  import "DPI-C" lowp_dpi_run_instruction = function int lowp_run_instruction(
      input int instruction, input lowp_instruction_state state, input bit [8191:0] sources,
      input bit [8191:0] old, output bit [8191:0] result);

  // Quantises one block of a row of LOWP_BLOCK_FORMATS, of at most 256 numbers, to codes without
  // gaps. `recipe`: of LOWP_BLOCK_RECIPES, or -1; `seed`: of random bits (Philox, stream 0). Formats
  // with an outer scale are told the greatest magnitude, `outer_amax`, a binary32 number, and yield
  // the `outer` scale that follows. Returns lowp_status.
  import "DPI-C" lowp_dpi_quantise = function int lowp_quantise(
      input int format, input int recipe, input longint unsigned seed, input bit [8191:0] numbers,
      input int unsigned outer_amax, output bit [8191:0] codes, output longint unsigned scale,
      output int unsigned outer);

  // The binary32 numbers of such a block, each value rounded once. Returns lowp_status.
  import "DPI-C" lowp_dpi_dequantise = function int lowp_dequantise(
      input int format, input bit [8191:0] codes, input longint unsigned scale, input int unsigned outer,
      output bit [8191:0] numbers);

  // Ends the simulation if a call was refused, with the reason of the last one.
  function automatic void lowp_check();
    string message;
    message = lowp_last_message();
    if (message != "") $fatal(1, "lowp: %s", message);
  endfunction

endpackage
/* verilator lint_on UNUSEDPARAM */
