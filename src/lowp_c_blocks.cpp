// SPDX-License-Identifier: Apache-2.0
/// \file
/// The C ABI: block quantisation.
#include <cinttypes>
#include <cstdint>
#include <memory>
#include <new>

#include <lowp/block/block_recipes.hpp>
#include <lowp/block/layout/block_layouts.hpp>
#include <lowp/block/quantise_matrix.hpp>

#include "lowp_c.hpp"
#include "lowp_c_simd.hpp"

namespace lowp::c {

namespace {

/// A matrix in a block format and a layout: checked for its shape.
int matrix_of(const call& c, std::size_t format, std::size_t layout, matrix_shape s,
              block_matrix& out) noexcept {
  LOWP_C_CHECK(c.index("format", format, block_format_count));
  out = block_matrix(all_block_formats[format].value);
  const char* layout_name = "its default";
  if (layout != LOWP_DEFAULT) {
    LOWP_C_CHECK(c.index("layout", layout, block_layout_count));
    layout_name = all_block_layouts[layout].name;
    out.layout = all_block_layouts[layout].value;
  }
  if (const layout_error e = check(out.layout, s); e != layout_error::none) {
    return refuse(LOWP_BAD_SIZE, "%s: layout \"%s\" for %" PRIu64 " x %" PRIu64 " numbers: %s",
                  c.function, layout_name, s.rows, s.columns, message(e));
  }
  const block_bytes need = bytes_of(out.layout, s);
  if (const block_matrix_error e = check(out, s, need); e != block_matrix_error::none) {
    return refuse(LOWP_BAD_COMBINATION, "%s: format \"%s\" with layout \"%s\": %s", c.function,
                  all_block_formats[format].name, layout_name, message(e));
  }
  // Elements of a layout may be of another format of the same width.
  out.layout.elements.f = out.f.element;
  return LOWP_OK;
}

// Rows without elements are not gone through one by one, but for their outer scales.
void drop_empty_rows(const block_matrix& m, matrix_shape& s) noexcept {
  if (s.columns == 0 && m.f.outer != outer_scale::row) s.rows = 0;
}

std::size_t outer_count(const block_matrix& m, matrix_shape s) noexcept {
  if (m.f.outer == outer_scale::none) return 0;
  return m.f.outer == outer_scale::row ? static_cast<std::size_t>(s.rows) : 1;
}

int check_numbers(const call& c, const char* name, const void* p, std::size_t n) noexcept {
  LOWP_C_CHECK(c.array(name, p, n, sizeof(float)));
  if (n != 0 && reinterpret_cast<std::uintptr_t>(p) % alignof(float) != 0) {
    return refuse(LOWP_MISALIGNED, "%s: %s begins at %p, not at a multiple of %zu", c.function,
                  name, p, alignof(float));
  }
  return LOWP_OK;
}

int check_buffer(const call& c, const char* name, const void* p, std::size_t have,
                 std::uint64_t need, const char* matrix) noexcept {
  if (have < need) {
    return refuse(LOWP_BAD_SIZE, "%s: %s has %zu bytes, %s needs %" PRIu64, c.function, name, have,
                  matrix, need);
  }
  return c.array(name, p, static_cast<std::size_t>(need), 1);
}

/// Arrays of a call that writes or reads a quantised matrix.
struct block_arrays {
  const void* numbers;
  const void* data;
  std::size_t data_bytes;
  const void* scales;
  std::size_t scale_bytes;
  const void* outer;
};

int check_arrays(const call& c, const block_matrix& m, matrix_shape s,
                 const block_arrays& a) noexcept {
  const block_bytes need = bytes_of(m.layout, s);
  const std::size_t count = static_cast<std::size_t>(s.rows * s.columns);
  LOWP_C_CHECK(check_numbers(c, "numbers", a.numbers, count));
  LOWP_C_CHECK(check_buffer(c, "data", a.data, a.data_bytes, need.data, "the matrix"));
  LOWP_C_CHECK(check_buffer(c, "scales", a.scales, a.scale_bytes, need.scales, "the matrix"));
  return check_numbers(c, "outer", a.outer, outer_count(m, s));
}

void extents_of(const block_matrix& m, matrix_shape s, const block_arrays& a,
                extent (&out)[4]) noexcept {
  const block_bytes need = bytes_of(m.layout, s);
  out[0] = {"numbers", a.numbers, s.rows * s.columns * sizeof(float)};
  out[1] = {"data", a.data, need.data};
  out[2] = {"scales", a.scales, need.scales};
  out[3] = {"outer", a.outer, outer_count(m, s) * sizeof(float)};
}

int recipe_of(const call& c, std::size_t format, std::size_t recipe, block_recipe& out) noexcept {
  const named_block_format& row = all_block_formats[format];
  const char* name = row.recipe;
  out = default_recipe(row);
  if (recipe != LOWP_DEFAULT) {
    LOWP_C_CHECK(c.index("recipe", recipe, block_recipe_count));
    name = all_block_recipes[recipe].name;
    out = all_block_recipes[recipe].value;
  }
  if (const block_recipe_error e = check(row.value, out); e != block_recipe_error::none) {
    return refuse(LOWP_BAD_COMBINATION, "%s: recipe \"%s\" with format \"%s\": %s", c.function,
                  name, row.name, message(e));
  }
  return LOWP_OK;
}

/// The amax of the matrix, or of each row, that nobody gave.
void measure_outer(const block_matrix& m, const block_recipe& r,
                   const number_matrix<const float>& in, float32* amax) noexcept {
  const bool by_row = m.f.outer == outer_scale::row;
  for (std::uint64_t i = 0; i < (by_row ? in.shape.rows : 1); ++i) {
    const number_matrix<const float> part{
        in.x + i * in.stride, in.stride, {by_row ? 1 : in.shape.rows, in.shape.columns}};
    amax[i] = outer_amax_of(r, part);
  }
}

/// Numbers as the definitions take them, n of `from`; null if memory is short.
std::unique_ptr<float32[]> definition_numbers(std::size_t n, const float* from) noexcept {
  std::unique_ptr<float32[]> out(new (std::nothrow) float32[n + 1]);
  for (std::size_t i = 0; out != nullptr && from != nullptr && i < n; ++i) {
    out[i] = real<float32>(from[i]);
  }
  return out;
}

int result_of(const call& c, block_matrix_error e) noexcept {
  if (e == block_matrix_error::none) return LOWP_OK;
  return refuse(LOWP_BAD_COMBINATION, "%s: %s", c.function, message(e));
}

int no_memory(const call& c) noexcept {
  return refuse(LOWP_NO_MEMORY, "%s: no memory for the outer scales", c.function);
}

int quantise_by_definition(const call& c, const block_quantisation& q,
                           const number_matrix<const float>& in, const float* given, float* outer,
                           block_buffers out) noexcept {
  const std::size_t count = outer_count(q.to, in.shape);
  const std::unique_ptr<float32[]> amax = definition_numbers(count, given);
  if (amax == nullptr) return no_memory(c);
  if (given == nullptr && count != 0) measure_outer(q.to, q.recipe, in, amax.get());
  LOWP_C_CHECK(result_of(c, quantise_matrix(q, in, amax.get(), out)));
  for (std::size_t i = 0; i < count; ++i) {
    outer[i] = detail::bit_cast<float>(real_bits(outer_scale_of(q.to.f, q.recipe, amax[i])));
  }
  return LOWP_OK;
}

int dequantise_by_definition(const call& c, const block_matrix& m, const_block_buffers in,
                             const float* outer, const number_matrix<float>& out) noexcept {
  const std::unique_ptr<float32[]> P = definition_numbers(outer_count(m, out.shape), outer);
  return P == nullptr ? no_memory(c) : result_of(c, dequantise_matrix(m, in, P.get(), out));
}

}  // namespace

}  // namespace lowp::c

extern "C" {

int lowp_block_format_at(size_t index, lowp_block_properties* out) {
  const lowp::c::call c{"lowp_block_format_at"};
  LOWP_C_CHECK(c.index("index", index, lowp::block_format_count));
  LOWP_C_CHECK(c.pointer("out", out));
  const lowp::block_format& f = lowp::all_block_formats[index].value;
  *out = {.element = lowp::c::to_c(f.element),
          .scale = lowp::c::to_c(f.scale),
          .rows = f.rows,
          .columns = f.columns,
          .millibits = static_cast<std::uint32_t>(millibits_per_element(f)),
          .outer = static_cast<std::uint8_t>(f.outer),
          .reserved = {}};
  return LOWP_OK;
}

int lowp_block_sizes(size_t format, size_t layout, uint64_t rows, uint64_t columns, size_t* data,
                     size_t* scales, size_t* outers) {
  const lowp::c::call c{"lowp_block_sizes"};
  lowp::block_matrix m;
  LOWP_C_CHECK(lowp::c::matrix_of(c, format, layout, {rows, columns}, m));
  LOWP_C_CHECK(c.pointer("data", data));
  LOWP_C_CHECK(c.pointer("scales", scales));
  LOWP_C_CHECK(c.pointer("outers", outers));
  const lowp::block_bytes need = bytes_of(m.layout, {rows, columns});
  *data = static_cast<std::size_t>(need.data);
  *scales = static_cast<std::size_t>(need.scales);
  *outers = lowp::c::outer_count(m, {rows, columns});
  return LOWP_OK;
}

int lowp_quantise(size_t format, size_t recipe, size_t layout, uint64_t rows, uint64_t columns,
                  const void* numbers, void* data, size_t data_bytes, void* scales,
                  size_t scale_bytes, void* outer, const void* outer_amax,
                  const lowp_random* random) {
  const lowp::c::call c{"lowp_quantise"};
  lowp::matrix_shape shape{rows, columns};
  lowp::block_quantisation q;
  LOWP_C_CHECK(lowp::c::matrix_of(c, format, layout, shape, q.to));
  lowp::c::drop_empty_rows(q.to, shape);
  LOWP_C_CHECK(lowp::c::recipe_of(c, format, recipe, q.recipe));
  LOWP_C_CHECK(c.random_of(random, q.random));
  if (random != nullptr && (random->words != nullptr || random->first != 0)) {
    return lowp::c::refuse(LOWP_BAD_COMBINATION,
                           "%s: random.words must be null and random.first 0: a block takes its "
                           "random bits by its place in the matrix",
                           c.function);
  }
  const lowp::c::block_arrays arrays{numbers, data, data_bytes, scales, scale_bytes, outer};
  LOWP_C_CHECK(lowp::c::check_arrays(c, q.to, shape, arrays));
  const std::size_t count = lowp::c::outer_count(q.to, shape);
  lowp::c::extent e[4];
  lowp::c::extents_of(q.to, shape, arrays, e);
  const lowp::c::extent read[] = {e[0], {"outer_amax", outer_amax, count * sizeof(float)}};
  for (int i = 1; i < 4; ++i) {
    LOWP_C_CHECK(check_apart(c, e[i], read, 2));
    LOWP_C_CHECK(check_apart(c, e[i], e + 1, static_cast<std::size_t>(i - 1)));
  }
  LOWP_C_CHECK(
      lowp::c::check_numbers(c, "outer_amax", outer_amax, outer_amax == nullptr ? 0 : count));
  const lowp::number_matrix<const float> in{static_cast<const float*>(numbers), columns, shape};
  const lowp::block_bytes need = bytes_of(q.to.layout, shape);
  const lowp::block_buffers out{{lowp::c::bytes_at(data), static_cast<std::size_t>(need.data)},
                                {lowp::c::bytes_at(scales), static_cast<std::size_t>(need.scales)}};
  const auto* given = static_cast<const float*>(outer_amax);
  auto* P = static_cast<float*>(outer);
  if constexpr (lowp::c::has_simd) return lowp::c::simd::quantise(c, q, in, given, P, out);
  return lowp::c::quantise_by_definition(c, q, in, given, P, out);
}

int lowp_dequantise(size_t format, size_t layout, uint64_t rows, uint64_t columns, const void* data,
                    size_t data_bytes, const void* scales, size_t scale_bytes, const void* outer,
                    void* numbers) {
  const lowp::c::call c{"lowp_dequantise"};
  lowp::matrix_shape shape{rows, columns};
  lowp::block_matrix m;
  LOWP_C_CHECK(lowp::c::matrix_of(c, format, layout, shape, m));
  lowp::c::drop_empty_rows(m, shape);
  const lowp::c::block_arrays arrays{numbers, data, data_bytes, scales, scale_bytes, outer};
  LOWP_C_CHECK(lowp::c::check_arrays(c, m, shape, arrays));
  lowp::c::extent e[4];
  lowp::c::extents_of(m, shape, arrays, e);
  LOWP_C_CHECK(check_apart(c, e[0], e + 1, 3));
  const lowp::block_bytes need = bytes_of(m.layout, shape);
  const lowp::const_block_buffers in{
      {lowp::c::bytes_at(data), static_cast<std::size_t>(need.data)},
      {lowp::c::bytes_at(scales), static_cast<std::size_t>(need.scales)}};
  const lowp::number_matrix<float> out{static_cast<float*>(numbers), columns, shape};
  const auto* P = static_cast<const float*>(outer);
  if constexpr (lowp::c::has_simd) return lowp::c::simd::dequantise(c, m, in, P, out);
  return lowp::c::dequantise_by_definition(c, m, in, P, out);
}

}  // extern "C"
