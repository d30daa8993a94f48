// SPDX-License-Identifier: Apache-2.0
/// \file
/// The C ABI: conversion instructions and matrix units.
#include <cinttypes>
#include <memory>
#include <new>

#include <lowp/hardware/all_instructions.hpp>
#include <lowp/hardware/gemm/gemm_rule.hpp>
#include <lowp/hardware/mma/all_mma_models.hpp>
#include <lowp/properties.hpp>

#include "lowp_c.hpp"
#include "lowp_c_simd.hpp"

namespace lowp::c {

namespace {

constexpr std::size_t instruction_count = all_conversion_instructions.size();

lowp_instruction_state state_in_c(const instruction_state& s) noexcept {
  return {.fpcr = s.fpcr,
          .fpmr = s.fpmr,
          .scale = s.scale,
          .random = s.random,
          .mxcsr = s.mxcsr,
          .length = s.length,
          .select = s.select,
          .immediate = s.immediate,
          .frm = s.frm,
          .altfmt = s.altfmt,
          .fp16_ovfl = s.fp16_ovfl,
          .reserved = {}};
}

bool has_length(const conversion_instruction& row, int length) noexcept {
  switch (row.lengths) {
    case vector_length::fixed: return length == 1;
    case vector_length::up_to_4: return length == 1 || length == 2 || length == 4;
    case vector_length::scalable: return length >= 1 && length <= 16;
  }
  return false;
}

int state_of(const call& c, const conversion_instruction& row, const lowp_instruction_state* in,
             instruction_state& out) noexcept {
  out = {};
  if (in == nullptr) return LOWP_OK;
  if (!has_length(row, in->length)) {
    return refuse(LOWP_OUT_OF_RANGE, "%s: state.length is %d, %s has %s", c.function, in->length,
                  row.name,
                  row.lengths == vector_length::fixed     ? "1 only"
                  : row.lengths == vector_length::up_to_4 ? "1, 2 and 4"
                                                          : "1 to 16");
  }
  if (in->frm > 4 || in->altfmt > 1 || in->fp16_ovfl > 1) {
    return refuse(LOWP_OUT_OF_RANGE,
                  "%s: state.frm %d must be 0 to 4, altfmt %d and fp16_ovfl %d 0 or 1", c.function,
                  in->frm, in->altfmt, in->fp16_ovfl);
  }
  for (const std::uint8_t byte : in->reserved) {
    if (byte != 0) {
      return refuse(LOWP_OUT_OF_RANGE, "%s: state.reserved must be zero", c.function);
    }
  }
  out = {.scale = in->scale,
         .random = in->random,
         .length = in->length,
         .select = in->select,
         .immediate = in->immediate,
         .frm = in->frm,
         .altfmt = in->altfmt != 0,
         .fp16_ovfl = in->fp16_ovfl != 0,
         .mxcsr = in->mxcsr,
         .fpcr = in->fpcr,
         .fpmr = in->fpmr};
  return LOWP_OK;
}

/// Bytes of an operand of n runs.
int check_registers(const call& c, const conversion_instruction& row, const extent& a,
                    std::size_t n, std::size_t each) noexcept {
  LOWP_C_CHECK(c.array(a.name, a.at, n, each));
  if (a.bytes != n * each) {
    return refuse(LOWP_BAD_SIZE, "%s: %s has %" PRIu64 " bytes, %zu runs of %s take %zu each",
                  c.function, a.name, a.bytes, n, row.name, each);
  }
  return LOWP_OK;
}

void run_once(const conversion_instruction& row, const instruction_state& state, bytes sources,
              std::byte* result) noexcept {
  bytes registers[8] = {};
  for (int r = 0; r < source_registers(row); ++r) {
    registers[r] = sources + static_cast<std::size_t>(r) * source_bytes(row, state);
  }
  run_instruction(row, registers, result, state);
}

format stored_format(const mma_model& m, const format& f) noexcept {
  return m.stored.width != 0 ? m.stored : f;
}

/// Results of one matrix from which on the packing of `gemm` pays.
constexpr std::size_t least_results = 16;

/// Codes row by row of matrix number i.
template <class Byte>
basic_code_matrix<Byte> matrix_of(Byte* codes, const format& f, std::size_t i, std::size_t rows,
                                  std::size_t columns) noexcept {
  if (codes == nullptr) return {};
  const std::size_t each = container_bytes(f);
  return {codes + i * rows * columns * each,
          static_cast<int>(each),
          rows,
          columns,
          static_cast<std::ptrdiff_t>(columns),
          1};
}

/// The shapes and arrays of a product of matrices.
struct product {
  mma_model m;
  std::size_t batch, rows, columns, k;
  bytes a, b, c, scale_a, scale_b;
  std::byte* d;

  std::size_t instructions() const noexcept { return gemm_instructions(m, k); }
  std::size_t factors() const noexcept { return instructions() * m.k; }
  std::size_t scale_blocks() const noexcept {
    return m.scale_block == 0 ? 0 : (k + m.scale_block - 1) / m.scale_block;
  }
  std::size_t padded_scales() const noexcept {
    return m.scale_block == 0 ? 0 : factors() / m.scale_block;
  }

  int multiply_at_speed(const call& refuser) const noexcept {
    const std::size_t n = scale_blocks();
    for (std::size_t i = 0; i < batch; ++i) {
      const simd::product one{matrix_of(a, stored_format(m, m.a), i, rows, k),
                              matrix_of(b, stored_format(m, m.b), i, k, columns),
                              matrix_of(c, m.c, i, rows, columns),
                              matrix_of(scale_a, m.scale, i, rows, n),
                              matrix_of(scale_b, m.scale, i, n, columns),
                              matrix_of(d, m.d, i, rows, columns)};
      LOWP_C_CHECK(simd::multiply(refuser, m, one));
    }
    return LOWP_OK;
  }
};

/// Operands of one row or column: factors, then scales.
using operands = std::unique_ptr<mma_operand[]>;

/// Reads n codes, `step` apart from `first` on; `fill` takes the places up to `all`.
template <class Read>
void read_codes(const format& f, bytes codes, std::size_t first, std::size_t step, std::size_t n,
                std::size_t all, const mma_operand& fill, mma_operand* out, Read read) noexcept {
  for (std::size_t i = 0; i < n; ++i) out[i] = read(load(f, codes, first + i * step));
  for (std::size_t i = n; i < all; ++i) out[i] = fill;
}

void read_row(const product& x, std::size_t row, mma_operand* out) noexcept {
  read_codes(stored_format(x.m, x.m.a), x.a, row * x.k, 1, x.k, x.factors(), read_a(x.m, 0), out,
             [&](code_t code) { return read_a(x.m, code); });
  if (x.m.scale_block == 0) return;
  const std::size_t n = x.scale_blocks();
  read_codes(x.m.scale, x.scale_a, row * n, 1, n, x.padded_scales(),
             read_scale(x.m, one(x.m.scale)), out + x.factors(),
             [&](code_t code) { return read_scale(x.m, code); });
}

void read_column(const product& x, std::size_t matrix, std::size_t column,
                 mma_operand* out) noexcept {
  read_codes(stored_format(x.m, x.m.b), x.b, matrix * x.k * x.columns + column, x.columns, x.k,
             x.factors(), read_b(x.m, 0), out, [&](code_t code) { return read_b(x.m, code); });
  if (x.m.scale_block == 0) return;
  const std::size_t n = x.scale_blocks();
  read_codes(x.m.scale, x.scale_b, matrix * n * x.columns + column, x.columns, n, x.padded_scales(),
             read_scale(x.m, one(x.m.scale)), out + x.factors(),
             [&](code_t code) { return read_scale(x.m, code); });
}

void multiply(const product& x, mma_operand* row, mma_operand* column) noexcept {
  const gemm_rule rule{.unit = x.m};
  const mma_operands pair{row, column, row + x.factors(), column + x.factors(), 0};
  for (std::size_t matrix = 0; matrix < x.batch; ++matrix) {
    for (std::size_t j = 0; j < x.columns; ++j) {
      read_column(x, matrix, j, column);
      for (std::size_t i = matrix * x.rows; i < (matrix + 1) * x.rows; ++i) {
        read_row(x, i, row);
        const std::size_t at = i * x.columns + j;
        const code_t c = x.c == nullptr ? 0 : load(x.m.c, x.c, at);
        store(x.m.d, x.d, at, gemm_element(rule, pair, x.instructions(), c));
      }
    }
  }
}

/// a b, or what no array may have.
std::size_t times(std::size_t a, std::size_t b) noexcept {
  std::size_t product = 0;
  return __builtin_mul_overflow(a, b, &product) ? SIZE_MAX : product;
}

int check_product(const call& c, const product& x) noexcept {
  const std::size_t all_rows = times(x.batch, x.rows), all_columns = times(x.batch, x.columns);
  const std::size_t results = times(all_rows, x.columns);
  if (x.k == 0 || x.k > SIZE_MAX / 128 / sizeof(mma_operand)) {
    return refuse(LOWP_OUT_OF_RANGE, "%s: k is %zu, it must be from 1 to what memory holds",
                  c.function, x.k);
  }
  const bool scaled = x.m.scale_block != 0;
  if (!scaled && (x.scale_a != nullptr || x.scale_b != nullptr)) {
    return refuse(LOWP_BAD_COMBINATION, "%s: scale_a or scale_b is given, the model has no scales",
                  c.function);
  }
  const format a = stored_format(x.m, x.m.a), b = stored_format(x.m, x.m.b);
  struct operand {
    const char* name;
    const void* at;
    std::size_t n, each;
  };
  const operand arrays[] = {
      {"a", x.a, times(all_rows, x.k), container_bytes(a)},
      {"b", x.b, times(all_columns, x.k), container_bytes(b)},
      {"scale_a", x.scale_a, times(all_rows, x.scale_blocks()), container_bytes(x.m.scale)},
      {"scale_b", x.scale_b, times(all_columns, x.scale_blocks()), container_bytes(x.m.scale)},
      {"c", x.c, x.c == nullptr ? 0 : results, container_bytes(x.m.c)},
  };
  extent read[5];
  std::size_t each[5] = {};  // only c may be d
  for (int i = 0; i < 5; ++i) {
    const operand& o = arrays[i];
    LOWP_C_CHECK(c.array(o.name, o.at, results == 0 ? 0 : o.n, o.each));
    read[i] = {o.name, o.at, o.n * o.each};
  }
  const std::size_t d_each = container_bytes(x.m.d);
  LOWP_C_CHECK(c.array("d", x.d, results, d_each));
  // In place an element is written where it was read.
  if (d_each == container_bytes(x.m.c)) each[4] = d_each;
  return check_result(c, {"d", x.d, results * d_each}, d_each, read, each, 5);
}

}  // namespace

}  // namespace lowp::c

extern "C" {

int lowp_default_state(lowp_instruction_state* out) {
  const lowp::c::call c{"lowp_default_state"};
  LOWP_C_CHECK(c.pointer("out", out));
  *out = lowp::c::state_in_c({});
  return LOWP_OK;
}

int lowp_instruction_at(size_t index, const lowp_instruction_state* state,
                        lowp_instruction_properties* out) {
  const lowp::c::call c{"lowp_instruction_at"};
  LOWP_C_CHECK(c.index("index", index, lowp::c::instruction_count));
  const lowp::conversion_instruction& row = lowp::all_conversion_instructions[index];
  lowp::instruction_state s;
  LOWP_C_CHECK(lowp::c::state_of(c, row, state, s));
  LOWP_C_CHECK(c.pointer("out", out));
  *out = {.source_registers = static_cast<std::uint32_t>(source_registers(row)),
          .source_bytes = static_cast<std::uint32_t>(source_bytes(row, s)),
          .result_bytes = static_cast<std::uint32_t>(result_bytes(row, s)),
          .elements = static_cast<std::uint32_t>(elements_of(row, s)),
          .reads_result = lowp::detail::has(row, lowp::instruction_option::keeps_rest),
          .reserved = {}};
  return LOWP_OK;
}

int lowp_run_instruction(size_t index, const void* sources, size_t source_bytes, void* result,
                         size_t result_bytes, size_t n, const lowp_instruction_state* states,
                         size_t state_count) {
  const lowp::c::call c{"lowp_run_instruction"};
  LOWP_C_CHECK(c.index("index", index, lowp::c::instruction_count));
  const lowp::conversion_instruction& row = lowp::all_conversion_instructions[index];
  LOWP_C_CHECK(c.array("states", states, state_count, sizeof *states));
  if (state_count > 1 && state_count != n) {
    return lowp::c::refuse(LOWP_BAD_SIZE, "%s: state_count is %zu, not 0, 1 or the %zu runs",
                           c.function, state_count, n);
  }
  lowp::instruction_state s;
  LOWP_C_CHECK(lowp::c::state_of(c, row, state_count == 0 ? nullptr : states, s));
  for (std::size_t i = 1; i < state_count; ++i) {
    lowp::instruction_state other;
    LOWP_C_CHECK(lowp::c::state_of(c, row, &states[i], other));
    if (other.length != s.length) {
      return lowp::c::refuse(
          LOWP_BAD_COMBINATION,
          "%s: states[%zu].length is %d, that of the first %d: one length a call", c.function, i,
          other.length, s.length);
    }
  }
  const auto registers = static_cast<std::size_t>(source_registers(row));
  const std::size_t source_each = registers * lowp::source_bytes(row, s);
  const std::size_t result_each = lowp::result_bytes(row, s);
  const lowp::c::extent read[] = {{"sources", sources, source_bytes},
                                  {"states", states, state_count * sizeof *states}};
  const lowp::c::extent written{"result", result, result_bytes};
  LOWP_C_CHECK(lowp::c::check_registers(c, row, read[0], n, source_each));
  LOWP_C_CHECK(lowp::c::check_registers(c, row, written, n, result_each));
  LOWP_C_CHECK(check_apart(c, written, read, 2));
  for (std::size_t i = 0; i < n; ++i) {
    if (state_count > 1) LOWP_C_CHECK(lowp::c::state_of(c, row, &states[i], s));
    lowp::c::run_once(row, s, lowp::c::bytes_at(sources) + i * source_each,
                      lowp::c::bytes_at(result) + i * result_each);
  }
  return LOWP_OK;
}

int lowp_mma_at(size_t index, lowp_mma_properties* out) {
  const lowp::c::call c{"lowp_mma_at"};
  LOWP_C_CHECK(c.index("index", index, lowp::all_mma_models.size()));
  LOWP_C_CHECK(c.pointer("out", out));
  const lowp::mma_model& m = lowp::all_mma_models[index].value;
  *out = {.a = lowp::c::to_c(lowp::c::stored_format(m, m.a)),
          .b = lowp::c::to_c(lowp::c::stored_format(m, m.b)),
          .c = lowp::c::to_c(m.c),
          .d = lowp::c::to_c(m.d),
          .scale = m.scale_block == 0 ? lowp_format{} : lowp::c::to_c(m.scale),
          .k = m.k,
          .group = m.group,
          .scale_block = m.scale_block,
          .reserved = 0};
  return LOWP_OK;
}

int lowp_mma(size_t model, uint64_t batch, uint64_t rows, uint64_t columns, uint64_t k,
             const void* a, const void* b, const void* c_codes, const void* scale_a,
             const void* scale_b, void* d) {
  const lowp::c::call c{"lowp_mma"};
  LOWP_C_CHECK(c.index("model", model, lowp::all_mma_models.size()));
  using lowp::c::bytes_at;
  const lowp::c::product x{lowp::all_mma_models[model].value,
                           batch,
                           rows,
                           columns,
                           k,
                           bytes_at(a),
                           bytes_at(b),
                           bytes_at(c_codes),
                           bytes_at(scale_a),
                           bytes_at(scale_b),
                           bytes_at(d)};
  LOWP_C_CHECK(lowp::c::check_product(c, x));
  if constexpr (lowp::c::has_simd) {
    if (x.rows * x.columns >= lowp::c::least_results) return x.multiply_at_speed(c);
  }
  const std::size_t each = x.factors() + x.padded_scales();
  const lowp::c::operands work(new (std::nothrow) lowp::mma_operand[2 * each]);
  if (work == nullptr) {
    return lowp::c::refuse(LOWP_NO_MEMORY, "%s: no memory for rows of k = %" PRIu64 " factors",
                           c.function, k);
  }
  lowp::c::multiply(x, work.get(), work.get() + each);
  return LOWP_OK;
}

}  // extern "C"
