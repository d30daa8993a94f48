// SPDX-License-Identifier: Apache-2.0
/// \file
/// A conversion instruction as a row of data: what conversion_rule.hpp says of one number, here of
/// registers with several elements, their order, scales, random bits and control registers. The
/// rows are in instructions_VENDOR.hpp; all_instructions.hpp finds them by name, and
/// run_instruction.hpp runs any of them on raw registers.
#ifndef LOWP_HARDWARE_CONVERSION_INSTRUCTION_HPP
#define LOWP_HARDWARE_CONVERSION_INSTRUCTION_HPP

#include <cstddef>
#include <cstdint>

#include "../detail/find_row.hpp"
#include "../pack/packing.hpp"
#include "conversion_rule.hpp"

namespace lowp {

/// Where the elements of an operand stand in its register. Registers are strings of bytes, the
/// lowest first; groups of registers follow each other. spec/instructions.md INS-2.
struct register_layout {
  std::uint16_t bits = 0;     ///< of the register or group, a multiple of 8, at length 1
  std::uint8_t elements = 0;  ///< in one register, at length 1
  std::uint8_t slot = 0;      ///< bits from one place to the next
  std::uint8_t lift = 0;      ///< zero bits below a code in its slot (tf32: 13)
  std::uint8_t first = 0;     ///< the place of element 0
  std::uint8_t step = 1;      ///< places from one element to the next
  /// Places that `instruction_state::select` moves element 0 by. Where both registers have it, the
  /// two low bits of `select` are the source's and the others the result's.
  std::uint8_t per_select = 0;
};

/// In which order the elements of several sources stand in the result. With one source all are the
/// same. spec/instructions.md INS-3.
enum class source_order : std::uint8_t {
  first_low,      ///< the elements of the first source lowest, then those of the second (AMD, Arm)
  first_high,     ///< those of the last source lowest (PTX, AVX10.2, VCVTNE2PS2BF16)
  interleaved,    ///< element 0 of each source, then element 1 of each (SVE)
  deinterleaved,  ///< the even elements of the one source, then the odd ones (SME)
};

/// Which of a row's rules a control register or an immediate chooses. spec/instructions.md INS-4.
enum class rule_choice : std::uint8_t {
  only,              ///< the first; there is no other
  mxcsr_rounding,    ///< by MXCSR.RC: rn, rd, ru, rz
  immediate,         ///< by imm8[1:0] as above, or MXCSR.RC where imm8[2] is set
  fp16_ovfl,         ///< by MODE.FP16_OVFL: off, on
  fpcr_rounding,     ///< by FPCR.RMode: rn, rp, rm, rz
  fpmr_destination,  ///< by FPMR.F8D (E5M2, E4M3), then FPMR.OSC, then FPCR.AH: 4 F8D + 2 OSC + AH
  fpmr_source1,      ///< by FPMR.F8S1, then FPCR.AH: 2 F8S1 + AH
  fpmr_source2,      ///< by FPMR.F8S2 likewise
  frm,               ///< by frm: rne, rtz, rdn, rup, rmm
  frm_altfmt,        ///< by vtype.altfmt (E4M3, E5M2), then frm: 5 altfmt + frm
  altfmt,            ///< by vtype.altfmt (E4M3, E5M2)
};

/// What multiplies the exact value before the one rounding: always a power of two. INS-5.
enum class scale_kind : std::uint8_t {
  none,
  binary32_exponent,  ///< 2^(E - 127), E the exponent field of the binary32 operand (AMD)
  e8m0_pair,          ///< element k takes byte k of the operand, as e8m0fnu (PTX n2::ue8m0)
  int8,               ///< 2^operand, an int8; -128 is NaN (HIP header)
  nscale,             ///< 2^FPMR.NSCALE, its `scale_bits` low bits as two's complement
  lscale,             ///< 2^FPMR.LSCALE, its `scale_bits` low bits
  lscale2,            ///< 2^FPMR.LSCALE2 likewise
};

/// Where an element's random bits come from. spec/instructions.md INS-6.
enum class random_origin : std::uint8_t {
  none,
  operand,         ///< the random operand, the same for all elements
  slices,          ///< two bytes of the random operand for each element, see `random_slice`
  first_register,  ///< the low byte of the element's place in a register before the sources (AVX10)
};

/// 16 random bits out of the four bytes of the random operand, 0 the lowest.
struct random_slice {
  std::uint8_t high = 1;  ///< the byte that is bits 15:8
  std::uint8_t low = 0;   ///< the byte that is bits 7:0
  bool reversed = false;  ///< the bits within each byte in reverse order
};

/// Bits of `conversion_instruction::options`. spec/instructions.md INS-7, INS-8.
namespace instruction_option {

/// Negative results, -0 among them, become +0; NaN is as the rule has it.
inline constexpr std::uint8_t relu = 1;
/// MXCSR.DAZ: subnormal source values are zero.
inline constexpr std::uint8_t daz = 2;
/// FPCR.FZ: subnormal source values are zero.
inline constexpr std::uint8_t fz = 4;
/// FPCR.DN: NaN becomes the default NaN.
inline constexpr std::uint8_t dn = 8;
/// What no element fills keeps what the result register held, else it is zero.
inline constexpr std::uint8_t keeps_rest = 16;
/// The scale divides instead of multiplying.
inline constexpr std::uint8_t scale_divides = 32;

}  // namespace instruction_option

/// Which lengths of vectors an instruction has. spec/instructions.md INS-2.
enum class vector_length : std::uint8_t {
  fixed,     ///< one
  up_to_4,   ///< 1, 2 or 4 times the row's (x86 with AVX512VL or AVX10)
  scalable,  ///< any number of times up to 16 (SVE, RISC-V V)
};

/// One instruction. `name` is as its vendor writes it; where several machines or published rules
/// differ under one mnemonic, a blank and who it is follow ("v_cvt_pk_fp8_f32 gfx942").
/// The rules are those of the host's tables: a row for device code points to copies of its own.
/// spec/instructions.md INS-1.
struct conversion_instruction {
  const char* name = "";
  const char* target = "";  ///< the instruction set extension or processors that have it
  rule_origin origin{};     ///< vendor, evidence and source of the row; its `policy` is not used
  rule_choice choice = rule_choice::only;
  const conversion_rule* rules[10] = {};  ///< as `choice` says; none of them rounds twice
  register_layout source{};               ///< of each source register
  register_layout result{};
  std::uint8_t sources = 1;  ///< source registers, at most 4
  source_order order = source_order::first_low;
  vector_length lengths = vector_length::fixed;
  scale_kind scale = scale_kind::none;
  std::uint8_t scale_bits = 8;  ///< of nscale, lscale, lscale2: so many low bits of the field
  random_origin random = random_origin::none;
  random_slice slices[4] = {};  ///< of the element at place k of the result
  std::uint8_t options = 0;     ///< bits of `instruction_option`
  const char* notes = "";
};

/// What an instruction reads besides its sources. Each member counts only where the row says so;
/// the defaults are those of a machine that has just started.
struct instruction_state {
  std::uint32_t scale = 0;       ///< the scale operand
  std::uint32_t random = 0;      ///< the random operand
  std::uint8_t length = 1;       ///< of vectors, in units of the row's
  std::uint8_t select = 0;       ///< op_sel: see `per_select`
  std::uint8_t immediate = 4;    ///< imm8
  std::uint8_t frm = 0;          ///< 0...4: RNE, RTZ, RDN, RUP, RMM
  bool altfmt = false;           ///< RISC-V vtype
  bool fp16_ovfl = false;        ///< AMD MODE
  std::uint32_t mxcsr = 0x1f80;  ///< RC in bits 14:13, DAZ in bit 6
  std::uint64_t fpcr = 0;        ///< AH bit 1, RMode bits 23:22, FZ bit 24, DN bit 25
  std::uint64_t fpmr = 0;  ///< F8S1 2:0, F8S2 5:3, F8D 8:6, OSC 15, LSCALE 22:16, NSCALE 31:24,
                           ///< LSCALE2 37:32
};

/// Elements that the instruction converts, of all sources.
LOWP_FN int elements_of(const conversion_instruction& row,
                        const instruction_state& state = {}) noexcept {
  return row.sources * row.source.elements * state.length;
}

/// Bytes of each source register, and of the result.
LOWP_FN std::size_t source_bytes(const conversion_instruction& row,
                                 const instruction_state& state = {}) noexcept {
  return std::size_t{row.source.bits} * state.length / 8;
}
LOWP_FN std::size_t result_bytes(const conversion_instruction& row,
                                 const instruction_state& state = {}) noexcept {
  return std::size_t{row.result.bits} * state.length / 8;
}

/// Registers that `run_instruction` reads: the sources, after the one with random bits if there is
/// one.
LOWP_FN int source_registers(const conversion_instruction& row) noexcept {
  return row.sources + (row.random == random_origin::first_register ? 1 : 0);
}

namespace detail {

/// The rule of this name in a table, for rows of instructions; an unknown name is a compile error.
template <std::size_t N>
constexpr const conversion_rule* rule_named(const conversion_rule (&rules)[N], const char* name) {
  for (const conversion_rule& rule : rules) {
    if (same_text(rule.name, name)) return &rule;
  }
  throw "lowp: the table has no rule of this name";
}

/// The rule whose name is the parts one after the other.
template <std::size_t N, std::size_t Parts>
constexpr const conversion_rule* rule_joined(const conversion_rule (&rules)[N],
                                             const char* const (&parts)[Parts]) {
  for (const conversion_rule& rule : rules) {
    const char* name = rule.name;
    bool same = true;
    for (const char* part : parts) {
      while (same && *part != 0) same = *name++ == *part++;
    }
    if (same && *name == 0) return &rule;
  }
  throw "lowp: the table has no rule of this name";
}

/// Elements that find place in both registers.
constexpr std::uint8_t elements_in(const register_layout& source, const register_layout& result,
                                   int sources) {
  const auto places = [](const register_layout& r) {
    const int slots = r.bits / r.slot;
    if (r.per_select != 0 && r.step == 1) return int{r.per_select};
    return (slots - r.first + r.step - 1) / r.step;
  };
  const int most = places(result) / sources;
  return static_cast<std::uint8_t>(places(source) < most ? places(source) : most);
}

/// Whether a row has an option.
LOWP_FN bool has(const conversion_instruction& row, std::uint8_t option) noexcept {
  return (row.options & option) != 0;
}

/// A row with one rule, whose origin and notes it takes.
constexpr conversion_instruction instruction(const char* name, const char* target,
                                             const conversion_rule* rule, register_layout source,
                                             int sources, register_layout result, int options) {
  conversion_instruction row{.name = name, .target = target, .origin = rule->origin};
  row.rules[0] = rule;
  row.source = source;
  row.source.elements = elements_in(source, result, sources);
  row.result = result;
  row.result.elements = static_cast<std::uint8_t>(row.source.elements * sources);
  row.sources = static_cast<std::uint8_t>(sources);
  row.options = static_cast<std::uint8_t>(options);
  row.notes = rule->notes;
  return row;
}

}  // namespace detail

}  // namespace lowp

#endif  // LOWP_HARDWARE_CONVERSION_INSTRUCTION_HPP
