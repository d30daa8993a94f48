// SPDX-License-Identifier: Apache-2.0
/// \file
/// The definitions behind quantise.hpp, for the instruction sets of spec/bulk.md BLK-1, chosen when
/// the program runs. One unit of a program includes this header, before any header of Highway, and
/// links Highway's library; it calls what implementation_convert.hpp defines in another.
#ifndef LOWP_SIMD_IMPLEMENTATION_QUANTISE_HPP
#define LOWP_SIMD_IMPLEMENTATION_QUANTISE_HPP

#include "implementation_targets.hpp"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lowp/simd/quantise-inl.hpp"

// The order of these three matters.
// clang-format off
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include "quantise-inl.hpp"
// clang-format on

#include <algorithm>
#include <cstring>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include "float_environment.hpp"
#include "kept_plans.hpp"
#include "parts.hpp"
#include "quantise.hpp"
#include "quantise_checks.hpp"
#include "quantise_places.hpp"

namespace lowp {

namespace simd {

HWY_EXPORT(can_quantise);
HWY_EXPORT(can_pack);
HWY_EXPORT(quantise_band);
HWY_EXPORT(greatest_magnitude);
HWY_EXPORT(lanes_of_scales);

bool has_block_kernels(const quantise_plan& p) noexcept {
  return HWY_DYNAMIC_DISPATCH(can_quantise)(p);
}
bool packs_blocks(const quantise_plan& p) noexcept { return HWY_DYNAMIC_DISPATCH(can_pack)(p); }
void quantise_blocks(const quantise_plan& p, quantise_band_data& b) noexcept {
  HWY_DYNAMIC_DISPATCH(quantise_band)(p, b);
}
std::size_t blocks_at_once() noexcept { return HWY_DYNAMIC_DISPATCH(lanes_of_scales)(); }
std::uint32_t greatest_below(const float* x, std::size_t n, std::uint32_t limit) noexcept {
  return HWY_DYNAMIC_DISPATCH(greatest_magnitude)(x, n, limit);
}

/// A quantisation that this thread did, with the last shape of it and the bytes of that.
struct kept_quantisation {
  quantise_plan plan;
  matrix_shape shape{};
  block_bytes need{};
};

/// A matrix on its way, cut into bands that threads take in any order: the blocks of a row of them,
/// side by side, so many at a time. Where rows follow each other without a gap they are one.
class quantise_task {
 public:
  LOWP_UNIT quantise_task(const quantise_plan& plan, const number_matrix<const float>& in,
                          const machine_binary32* outer_amax, block_buffers out)
      : plan_(plan),
        in_(in),
        outer_amax_(outer_amax),
        out_(out),
        places_(plan.q.to.layout, in.shape),
        blocks_(scale_shape(plan.q.to.layout, in.shape)) {
    const block_format& f = plan.q.to.f;
    const std::uint64_t n = f.columns;
    const std::uint64_t tile = std::lcm(n, packing_tile);
    by_kernels_ = places_.is_fast() && tile <= most_band_elements && has_block_kernels(plan_);
    const bool is_one = by_kernels_ && f.rows == 1 && blocks_.rows > 1 &&
                        f.outer != outer_scale::row && in.stride == in.shape.columns &&
                        in.shape.columns % n == 0 && places_.row_elements() == in.shape.columns &&
                        (plan.q.stride == 0 || plan.q.stride == in.shape.columns);
    direct_ = places_.bits() == 8 || (places_.bits() != 0 && by_kernels_ && packs_blocks(plan_));
    lines_ = is_one ? 1 : blocks_.rows;
    line_blocks_ = is_one ? blocks_.rows * blocks_.columns : blocks_.columns;
    band_blocks_ = line_blocks_;
    if (by_kernels_) {
      const std::uint64_t most = most_band_elements / std::min<std::uint64_t>(f.rows, 16);
      band_blocks_ = std::max<std::uint64_t>(most / tile, 1) * tile / n;
    }
    bands_of_line_ = (line_blocks_ + band_blocks_ - 1) / band_blocks_;
  }

  LOWP_UNIT std::uint64_t bands() const { return lines_ * bands_of_line_; }
  LOWP_UNIT std::uint64_t band_elements() const {
    return band_blocks_ * static_cast<std::uint64_t>(block_elements(plan_.q.to.f));
  }
  LOWP_UNIT bool can_split() const { return places_.can_split(); }
  /// Before `run`: writes padding.
  LOWP_UNIT void prepare() const {
    if (by_kernels_) return places_.write_padding(out_);
    clear(plan_.q.to.layout, out_, in_.shape);
  }

  /// Bands from `first` to before `end`, by one thread.
  LOWP_UNIT void run(std::uint64_t first, std::uint64_t end) const {
    const float_environment environment;
    std::unique_ptr<definition> define;
    const block_format& f = plan_.q.to.f;
    std::vector<std::uint8_t> room;
    if (by_kernels_ && !direct_) {
      room.resize(band_blocks_ * f.columns * (f.rows + 1u) + 64);
    }
    quotient_floats c;
    if (plan_.way == scale_way::quotient && f.outer != outer_scale::row) {
      const machine_binary32 one = machine_binary32::from_float(1);
      c = quotient_floats_of(plan_.q, f.outer == outer_scale::none ? one : outer_amax_[0]);
    }
    for (std::uint64_t k = first; k < end; ++k) {
      const std::uint64_t line = k / bands_of_line_, j = k % bands_of_line_ * band_blocks_;
      const std::uint64_t last = std::min(j + band_blocks_, line_blocks_);
      std::uint64_t done = j;
      if (by_kernels_) done = by_kernels(line, j, last, room.data(), c, define);
      for (; done < last; ++done) define_block(line, done, define);
    }
  }

 private:
  using definition = matrix_quantiser<machine_binary32>;

  /// By the definition: block j of a line.
  LOWP_UNIT void define_block(std::uint64_t line, std::uint64_t j,
                              std::unique_ptr<definition>& define) const {
    if (!define) define = std::make_unique<definition>(plan_.q, in_, outer_amax_);
    (*define)(line + j / blocks_.columns, j % blocks_.columns, out_);
  }

  /// The whole ones of blocks j to before `last` of a line; returns the block behind them.
  LOWP_UNIT std::uint64_t by_kernels(std::uint64_t line, std::uint64_t j, std::uint64_t last,
                                     std::uint8_t* room, quotient_floats& c,
                                     std::unique_ptr<definition>& define) const {
    const block_format& f = plan_.q.to.f;
    const bool is_one = lines_ != blocks_.rows;
    const std::uint64_t whole = is_one ? last : std::min(last, in_.shape.columns / f.columns);
    if (whole <= j) return j;
    const std::uint64_t row = line * f.rows, column = j * f.columns;
    quantise_band_data b;
    b.x = in_.x + row * in_.stride + column;
    b.stride = in_.stride;
    b.rows = static_cast<int>(std::min<std::uint64_t>(f.rows, in_.shape.rows - row));
    b.blocks = static_cast<std::size_t>(whole - j);
    const block_random random = lowp::detail::random_of_block(plan_.q, in_.shape, line, j);
    b.columns = random.stride;
    b.first_element = random.first;
    b.first_block = random.block;
    if (f.outer == outer_scale::row) c = quotient_floats_of(plan_.q, outer_amax_[row]);
    b.c = &c;
    const std::uint64_t n = b.blocks * f.columns;
    b.codes = direct_ ? places_.codes(out_, row, column) : room;
    b.bits = direct_ ? places_.bits() : 8;
    b.codes_stride = direct_ ? places_.row_elements() * static_cast<unsigned>(b.bits) / 8 : n;
    quantise_blocks(plan_, b);
    if (!direct_) {
      std::byte* packed = reinterpret_cast<std::byte*>(room + b.codes_stride * f.rows);
      for (std::uint64_t r = 0; r < static_cast<std::uint64_t>(b.rows); ++r) {
        places_.write_codes(out_, row + r, column, b.codes + r * n, n, packed);
      }
    }
    for (std::uint64_t k = 0; k < b.blocks;) {
      const std::uint64_t at = (j + k) % blocks_.columns;
      const std::uint64_t here = std::min(b.blocks - k, blocks_.columns - at);
      places_.write_scales(out_, line + (j + k) / blocks_.columns, at, b.scales + k, here);
      k += here;
    }
    for (std::size_t k = 0; k < b.odd_count; ++k) define_block(line, j + b.odd[k], define);
    return whole;
  }

  const quantise_plan& plan_;
  const number_matrix<const float>& in_;
  const machine_binary32* outer_amax_;
  block_buffers out_;
  quantise_places places_;
  matrix_shape blocks_;
  bool by_kernels_ = false, direct_ = false;
  std::uint64_t lines_ = 0, line_blocks_ = 0, band_blocks_ = 0, bands_of_line_ = 0;
};

/// amax of rows, each by its own or all together in `amax[0]`. BLS-3.
LOWP_UNIT inline void measure_outer(const block_quantisation& q,
                                    const number_matrix<const float>& in, const thread_options& how,
                                    std::vector<machine_binary32>& amax) {
  const std::uint32_t limit = q.recipe.infinity == special_rule::join ? 0x7f800001 : 0x7f800000;
  // In pieces, so that one row is split too.
  constexpr std::uint64_t piece = std::uint64_t{1} << 16;
  const std::uint64_t pieces = (in.shape.columns + piece - 1) / piece;
  if (in.shape.rows == 0 || pieces == 0) return;
  const lowp::detail::part_split parts =
      lowp::detail::split(how, in.shape.rows * pieces, 1, std::min(piece, in.shape.columns));
  const bool by_row = amax.size() > 1;
  std::vector<std::vector<std::uint32_t>> found(parts.count);
  lowp::detail::for_each_part(how, parts.count, [&](std::size_t part) {
    const std::uint64_t first = part * parts.each;
    const std::uint64_t end = std::min(first + parts.each, in.shape.rows * pieces);
    const std::uint64_t first_row = first / pieces;
    std::vector<std::uint32_t> greatest(by_row ? (end - 1) / pieces - first_row + 1 : 1);
    for (std::uint64_t k = first; k < end; ++k) {
      const std::uint64_t row = k / pieces, column = k % pieces * piece;
      const std::uint64_t n = std::min(piece, in.shape.columns - column);
      std::uint32_t& most = greatest[by_row ? row - first_row : 0];
      most = std::max(most, greatest_below(in.x + row * in.stride + column, n, limit));
    }
    found[part] = std::move(greatest);
  });
  for (std::size_t part = 0; part < parts.count; ++part) {
    const std::uint64_t first_row = part * parts.each / pieces;
    for (std::size_t k = 0; k < found[part].size(); ++k) {
      machine_binary32& most = amax[by_row ? first_row + k : 0];
      if (found[part][k] > most.bits()) most = machine_binary32::from_bits(found[part][k]);
    }
  }
}

}  // namespace simd

block_bytes quantise(const number_matrix<const float>& in, const block_quantisation& asked,
                     block_buffers out, const block_options& options) {
  block_quantisation q = asked;
  q.first = q.stride = 0;  // plans are the same for any
  const block_format& f = q.to.f;
  thread_local simd::kept_plans<simd::kept_quantisation> all;
  const block_bytes have{out.data.size(), out.scales.size()};
  simd::kept_quantisation* kept =
      all.find([&](const simd::kept_quantisation& k) { return k.plan.q == q; });
  if (kept == nullptr || kept->shape != in.shape || !holds(have, kept->need)) {
    const block_bytes need = detail::check_quantisation(q, in.shape, have);
    if (kept == nullptr) kept = &all.add({simd::make_quantise_plan(q)});
    kept->shape = in.shape;
    kept->need = need;
  }
  const block_bytes bytes = kept->need;
  detail::check_numbers(in, q, out, options, bytes);
  thread_options how = detail::threads_of(options);
  // Who runs other threads may quantise on this one meanwhile.
  std::unique_ptr<simd::quantise_plan> own;
  if (how.threads != 1 || asked.first != 0 || asked.stride != 0) {
    own = std::make_unique<simd::quantise_plan>(kept->plan);
    own->q.first = asked.first;
    own->q.stride = asked.stride;
  }
  const simd::quantise_plan& plan = own ? *own : kept->plan;
  using simd::machine_binary32;
  std::vector<machine_binary32> amax;
  if (f.outer != outer_scale::none) {
    amax.assign(detail::outer_count(f, in.shape), machine_binary32::from_bits(0));
    if (options.outer_amax == nullptr) {
      simd::measure_outer(q, in, how, amax);
    } else {
      for (std::size_t i = 0; i < amax.size(); ++i) {
        amax[i] = machine_binary32::from_float(options.outer_amax[i]);
      }
    }
    const simd::float_environment environment;
    for (std::size_t i = 0; i < amax.size(); ++i) {
      const machine_binary32 P = outer_scale_of(f, q.recipe, amax[i]);
      std::memcpy(options.outer + i, &P, sizeof(float));
    }
  }
  if (in.shape.rows == 0 || in.shape.columns == 0) return bytes;  // none, padding neither
  const simd::quantise_task task(plan, in, amax.data(), out);
  task.prepare();
  if (!task.can_split()) {
    how.threads = 1;
    how.pool = {};
  }
  const detail::part_split parts = detail::split(how, task.bands(), 1, task.band_elements());
  detail::for_each_part(how, parts.count, [&](std::size_t i) {
    task.run(i * parts.each, std::min((i + 1) * parts.each, task.bands()));
  });
  return bytes;
}

block_bytes quantise(std::span<const float> in, const block_quantisation& q, block_buffers out,
                     const block_options& options, std::uint64_t rows) {
  if (rows == 0 || in.size() % rows != 0) {
    const detail::argument_checks check{"quantise"};
    check.refuse("in has " + std::to_string(in.size()) + " numbers, which are not " +
                 std::to_string(rows) + " rows of one length");
  }
  const std::uint64_t columns = in.size() / rows;
  return quantise(number_matrix<const float>{in.data(), columns, {rows, columns}}, q, out, options);
}

}  // namespace lowp

#endif  // LOWP_SIMD_IMPLEMENTATION_QUANTISE_HPP
