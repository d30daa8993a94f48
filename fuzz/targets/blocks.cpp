// SPDX-License-Identifier: Apache-2.0
/// \file
/// Fuzz target: block formats, recipes and layouts of any numbers, matrices and buffers of any
/// size. `check` decides; what it allows is quantised, read from any bytes, requantised and
/// multiplied, and nothing outside the buffers is touched; what it refuses writes nothing.
// compile: -march=native
#include <cstddef>
#include <cstdint>
#include <vector>

#include <lowp/block/block.hpp>
#include <lowp/block/block_statistics.hpp>
#include <lowp/block/requantise_matrix.hpp>
#include <lowp/simd/machine_binary32.hpp>

#include "input.hpp"

namespace {

using real = lowp::simd::machine_binary32;

lowp::block_format some_format(reader& in) {
  lowp::block_format f = lowp::all_block_formats[in.below(lowp::block_format_count)].value;
  const unsigned change = in.number<std::uint8_t>();
  if (change < 128) return f;
  if ((change & 1) != 0) f.element = lowp::all_formats[in.below(lowp::format_count)].value;
  if ((change & 2) != 0) f.scale = lowp::all_formats[in.below(lowp::format_count)].value;
  if ((change & 4) != 0) f.rows = in.number<std::uint8_t>();
  if ((change & 8) != 0) f.columns = in.number<std::uint16_t>() % 300;
  if ((change & 16) != 0) {
    f.level[in.below(2)] = {static_cast<std::uint8_t>(in.below(20)),
                            static_cast<std::uint8_t>(in.below(10)), in.below(2) != 0};
  }
  if ((change & 32) != 0) f.outer = static_cast<lowp::outer_scale>(in.below(3));
  return f;
}

lowp::block_recipe some_recipe(reader& in) {
  lowp::block_recipe r = lowp::all_block_recipes[in.below(lowp::block_recipe_count)].value;
  const unsigned change = in.number<std::uint8_t>();
  if (change < 128) return r;
  if ((change & 1) != 0) r.rule = static_cast<lowp::scale_rule>(in.below(15));
  if ((change & 2) != 0) {
    r.steps = {static_cast<lowp::block_quotient>(in.below(6)),
               static_cast<lowp::element_step>(in.below(7)),
               static_cast<lowp::power_step>(in.below(3)),
               static_cast<lowp::infinite_factor>(in.below(3)),
               in.number<std::uint16_t>(),
               in.below(2) != 0,
               in.number<std::int8_t>()};
  }
  if ((change & 4) != 0) {
    r.search = {static_cast<lowp::search_kind>(in.below(3)),
                static_cast<lowp::error_measure>(in.below(2)),
                static_cast<std::uint8_t>(in.below(5)), static_cast<std::uint8_t>(in.below(5))};
  }
  if ((change & 8) != 0) r.nan = static_cast<lowp::special_rule>(in.below(4));
  if ((change & 16) != 0) r.infinity = static_cast<lowp::special_rule>(in.below(4));
  if ((change & 32) != 0) {
    r.element.round = static_cast<lowp::rounding>(in.below(12));
    r.element.random_bits = static_cast<std::uint8_t>(in.below(35));
  }
  if ((change & 64) != 0) {
    r.exponent_offset = in.number<std::int8_t>();
    r.least_exponent = in.number<std::int16_t>();
    r.greatest_exponent = in.number<std::int16_t>();
    r.least_amax = in.number<std::uint32_t>();
  }
  return r;
}

/// The default layout, one of the registry, or either with other packings.
lowp::block_layout some_layout(reader& in, const lowp::block_format& f) {
  lowp::block_layout l = lowp::default_layout(f);
  if (in.below(2) != 0) return l;
  l = lowp::all_block_layouts[in.below(lowp::block_layout_count)].value;
  if (in.below(4) != 0) {
    l.block_rows = f.rows;
    l.block_columns = f.columns;
    l.elements = f.element;
    l.scales.scale_bytes = static_cast<std::uint8_t>(in.below(10));
  }
  return l;
}

constexpr std::uint64_t most_bytes = 1 << 14;

/// Buffers as the layout needs them, now and then a byte too small; small ones where it is
/// unusable.
struct buffers {
  buffers(reader& in, const lowp::block_matrix& m, lowp::matrix_shape s)
      : need(lowp::check(m.layout, s) == lowp::layout_error::none ? bytes_of(m.layout, s)
                                                                  : lowp::block_bytes{}),
        missing(in.below(16)),
        data(room(need.data) - (missing == 1 && room(need.data) != 0 ? 1 : 0)),
        scales(room(need.scales) - (missing == 2 && room(need.scales) != 0 ? 1 : 0)) {}
  static std::uint64_t room(std::uint64_t n) { return n < most_bytes ? n : 0; }
  lowp::block_buffers view() const { return {data.span(), scales.span()}; }
  lowp::block_bytes need;
  unsigned missing;
  buffer data, scales;
};

lowp::matrix_shape some_shape(reader& in) {
  return {in.below(9), in.number<std::uint16_t>() % 200U};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  reader in(data, size);
  const lowp::simd::float_environment environment;
  lowp::block_quantisation q;
  q.to.f = some_format(in);
  demand(lowp::message(check(q.to.f)) != nullptr);
  if (check(q.to.f) != lowp::block_format_error::none) return 0;
  q.to.layout = some_layout(in, q.to.f);
  q.recipe = some_recipe(in);
  const lowp::matrix_shape s = some_shape(in);
  buffers out(in, q.to, s);
  std::vector<float> x(s.rows * s.columns);
  in.bytes(x.data(), x.size() * sizeof(float));
  std::vector<real> amax(s.rows + 1, real{});
  for (real& a : amax) a = lowp::real_from_bits<real>(in.number<std::uint32_t>());

  out.data.fill(std::byte{0x5a});
  out.scales.fill(std::byte{0x5a});
  const lowp::block_matrix_error e =
      quantise_matrix<real>(q, {x.data(), s.columns, s}, amax.data(), out.view());
  demand(lowp::message(e) != nullptr);
  if (e != lowp::block_matrix_error::none) {
    demand(out.data.holds(std::byte{0x5a}) && out.scales.holds(std::byte{0x5a}));
  }
  // Any bytes are a matrix.
  if (in.below(2) != 0) {
    in.bytes(out.data.memory.get(), out.data.size);
    in.bytes(out.scales.memory.get(), out.scales.size);
  }
  std::vector<float> y(x.size(), 1.0f);
  const auto steps = static_cast<lowp::dequantise_steps>(in.below(3));
  const lowp::block_matrix_error read =
      dequantise_matrix<real>(q.to, out.view(), amax.data(), {y.data(), s.columns, s}, steps);
  if (read != lowp::block_matrix_error::none) return 0;
  if (in.below(4) == 0) {
    std::vector<lowp::float32> outer(s.rows + 1, lowp::float32{1.0f});
    const auto all = statistics_of(q.to, out.view(), outer.data(), {x.data(), s.columns, s});
    demand(all.elements == x.size());
    demand(all.not_finite + all.lost + all.flushed <= all.elements);
  }
  if (in.below(4) == 0) {
    lowp::block_quantisation again{
        lowp::all_block_formats[in.below(lowp::block_format_count)].value, some_recipe(in)};
    const bool transpose = in.below(2) != 0;
    const lowp::matrix_shape after = transpose ? lowp::matrix_shape{s.columns, s.rows} : s;
    buffers result(in, again.to, after);
    std::vector<float> room(x.size());
    std::vector<real> measured(after.rows + 1, real{});
    const auto done = requantise_matrix<real>(q.to, out.view(), amax.data(), s, transpose, again,
                                              result.view(), room.data(), measured.data(), steps);
    demand(lowp::message(done) != nullptr);
  }
  if (q.to.f.rows == 1 && s.rows == 1 && q.to.layout == lowp::default_layout(q.to.f)) {
    const lowp::block_vector v{q.to.f, q.to.layout.elements, out.data.memory.get(),
                               out.scales.memory.get()};
    const lowp::dot_rule rule{static_cast<lowp::dot_sum>(in.below(2)),
                              static_cast<std::uint8_t>(in.below(80))};
    if (check(v, v, rule) == lowp::dot_error::none) {
      // A square is not negative.
      const lowp::float32 square = dot(v, v, s.columns, rule);
      demand(is_nan(square) || !(square < lowp::float32{}));
    }
  }
  return 0;
}
