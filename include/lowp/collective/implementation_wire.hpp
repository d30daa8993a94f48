// SPDX-License-Identifier: Apache-2.0
/// \file
/// The definitions behind collective/wire_coder.hpp, for the instruction sets of spec/bulk.md
/// BLK-1, chosen when the program runs. One unit of a program includes this header, before any
/// header of Highway, and links Highway's library; it calls what the other implementations define.
#ifndef LOWP_COLLECTIVE_IMPLEMENTATION_WIRE_HPP
#define LOWP_COLLECTIVE_IMPLEMENTATION_WIRE_HPP

#include "../simd/implementation_targets.hpp"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lowp/collective/wire_sums-inl.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <numeric>
#include <span>
#include <string>

// The order of these three matters.
// clang-format off
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include "wire_sums-inl.hpp"
// clang-format on

#include "../simd/parts.hpp"
#include "wire_checks.hpp"
#include "wire_coder.hpp"
#include "wire_rows.hpp"

namespace lowp {

namespace simd {

HWY_EXPORT(copy_numbers);
HWY_EXPORT(add_numbers);
HWY_EXPORT(subtract_numbers);
HWY_EXPORT(start_pairs);
HWY_EXPORT(add_to_pairs);
HWY_EXPORT(round_pairs);

bool copy_numbers(const std::byte* in, std::byte* out, std::uint64_t n) noexcept {
  return HWY_DYNAMIC_DISPATCH(copy_numbers)(in, out, n);
}

namespace {

void add(const float* x, const float* y, float* out, std::size_t n) {
  HWY_DYNAMIC_DISPATCH(add_numbers)(x, y, out, n);
}
void subtract(const float* x, const float* y, float* out, std::size_t n) {
  HWY_DYNAMIC_DISPATCH(subtract_numbers)(x, y, out, n);
}

/// Calls body(begin, end) for parts of n numbers that begin with tiles, on the threads that the
/// options ask for, in a `float_environment` each.
template <class Body>
void for_parts_of_tiles(const thread_options& options, std::uint64_t n, std::uint64_t tile,
                        const Body& body) {
  if (n == 0) return;
  const lowp::detail::part_split parts =
      lowp::detail::split(options, lowp::detail::pieces_of(n, tile), 1, tile);
  lowp::detail::for_each_part(options, parts.count, [&](std::size_t i) {
    const float_environment environment;
    const std::uint64_t begin = i * parts.each * tile;
    body(begin, std::min(begin + parts.each * tile, n));
  });
}

/// Calls body(begin, numbers) for the tiles of a part.
template <class Body>
void for_tiles(std::uint64_t begin, std::uint64_t end, std::uint64_t tile, const Body& body) {
  for (std::uint64_t i = begin; i < end; i += tile) body(i, std::min(tile, end - i));
}

/// Adds what the parts of a sum hold, tile by tile.
class wire_adder {
 public:
  wire_adder(const wire_plan& p, std::span<const std::span<const std::byte>> parts, std::uint64_t n,
             wire_sum how)
      : p_(p), parts_(parts), n_(n), how_(how) {}

  /// The sums of numbers [begin, begin + count).
  void operator()(std::uint64_t begin, std::uint64_t count, wire_buffer& sums) {
    float* out = sums.x;
    if (how_ == wire_sum::in_order) {
      read(0, begin, count, out);
      for (std::size_t k = 1; k < parts_.size(); ++k) {
        read(k, begin, count, decoded_.x);
        add(out, decoded_.x, out, count);
      }
      return;
    }
    for (std::size_t k = 0; k < parts_.size(); ++k) {
      read(k, begin, count, decoded_.x);
      for (std::uint64_t i = count; i % 16 != 0; ++i) decoded_.x[i] = 0;
      if (k == 0) {
        HWY_DYNAMIC_DISPATCH(start_pairs)(decoded_.x, count, pairs_);
      } else {
        HWY_DYNAMIC_DISPATCH(add_to_pairs)(decoded_.x, count, pairs_);
      }
    }
    std::uint16_t odd[most_wire_row];
    const std::size_t n = HWY_DYNAMIC_DISPATCH(round_pairs)(pairs_, count, out, odd);
    define(begin, count, out, odd, n);
  }

 private:
  void read(std::size_t part, std::uint64_t begin, std::uint64_t count, float* y) const {
    read_part(p_, parts_[part].data(), n_, begin, begin + count, y);
  }

  /// The named sums by the definition, some at a time.
  void define(std::uint64_t begin, std::uint64_t count, float* out, const std::uint16_t* odd,
              std::size_t n) {
    constexpr std::size_t together = 64;
    for (std::size_t i = 0; i < n; i += together) {
      const std::size_t here = std::min(together, n - i);
      exact_sum sums[together];
      for (std::size_t k = 0; k < parts_.size(); ++k) {
        read(k, begin, count, decoded_.x);
        for (std::size_t j = 0; j < here; ++j) sums[j].add(decoded_.x[odd[i + j]]);
      }
      for (std::size_t j = 0; j < here; ++j) {
        const std::uint32_t bits = sums[j].bits();
        std::memcpy(out + odd[i + j], &bits, 4);
      }
    }
  }

  const wire_plan& p_;
  std::span<const std::span<const std::byte>> parts_;
  std::uint64_t n_;
  wire_sum how_;
  wire_buffer decoded_;
  exact_pairs pairs_;
};

/// Encodes the numbers of a tile, and keeps what its receivers decode and what they miss.
void encode_tile(const wire_plan& p, const wire_writer& write, const wire_buffer& v,
                 std::uint64_t i, std::uint64_t n, std::span<std::byte> bytes,
                 const wire_position& at, const wire_keep& keep) {
  std::byte* out = bytes.data() + row_offset(p.c, i);
  write(v.x, n, out, at.first + i);
  if (keep.residual.empty() && keep.decoded.empty()) return;
  wire_buffer decoded;
  read_rows(p, out, n, decoded.x);
  if (!keep.residual.empty()) subtract(v.x, decoded.x, keep.residual.data() + i, n);
  if (!keep.decoded.empty()) std::memcpy(keep.decoded.data() + i, decoded.x, 4 * n);
}

/// Numbers of a tile that has whole rows of both codecs where it can.
std::uint64_t common_tile(const wire_plan& from, const wire_plan& to) {
  const std::uint64_t row = std::lcm(from.c.row, to.c.row);
  return row > most_wire_row ? to.tile : tile_of(static_cast<std::uint32_t>(row));
}

}  // namespace

}  // namespace simd

wire_coder::wire_coder(const wire_codec& codec) : codec_(codec) {
  detail::check_wire_codec(codec);
  plan_ = std::make_shared<const simd::wire_plan>(codec);
}

void wire_coder::encode(std::span<const float> numbers, std::span<std::byte> bytes,
                        const wire_position& at, const thread_options& options) const {
  const detail::wire_checks check("wire_coder::encode", numbers.size());
  check.bytes("bytes", codec_, bytes.size());
  check.position(codec_, at);
  check.apart({{"numbers", numbers.data(), numbers.size_bytes()}},
              {{"bytes", bytes.data(), bytes.size()}});
  const simd::wire_writer write(*plan_, at.random);
  simd::for_parts_of_tiles(options, numbers.size(), plan_->tile,
                           [&](std::uint64_t begin, std::uint64_t end) {
                             write(numbers.data() + begin, end - begin,
                                   bytes.data() + row_offset(codec_, begin), at.first + begin);
                           });
}

void wire_coder::decode(std::span<const std::byte> bytes, std::span<float> numbers,
                        const thread_options& options) const {
  const detail::wire_checks check("wire_coder::decode", numbers.size());
  check.bytes("bytes", codec_, bytes.size());
  check.apart({{"bytes", bytes.data(), bytes.size()}},
              {{"numbers", numbers.data(), numbers.size_bytes()}});
  simd::for_parts_of_tiles(options, numbers.size(), plan_->tile,
                           [&](std::uint64_t begin, std::uint64_t end) {
                             simd::read_rows(*plan_, bytes.data() + row_offset(codec_, begin),
                                             end - begin, numbers.data() + begin);
                           });
}

void wire_coder::decode_add(std::span<const std::byte> bytes, std::span<float> sum,
                            const thread_options& options) const {
  const detail::wire_checks check("wire_coder::decode_add", sum.size());
  check.bytes("bytes", codec_, bytes.size());
  check.apart({{"bytes", bytes.data(), bytes.size()}}, {{"sum", sum.data(), sum.size_bytes()}});
  const std::uint64_t tile = plan_->tile;
  simd::for_parts_of_tiles(options, sum.size(), tile, [&](std::uint64_t begin, std::uint64_t end) {
    simd::wire_buffer decoded;
    simd::for_tiles(begin, end, tile, [&](std::uint64_t i, std::uint64_t n) {
      simd::read_rows(*plan_, bytes.data() + row_offset(codec_, i), n, decoded.x);
      simd::add(sum.data() + i, decoded.x, sum.data() + i, n);
    });
  });
}

void wire_coder::encode_feedback(std::span<const float> numbers, std::span<float> residual,
                                 std::span<std::byte> bytes, const wire_position& at,
                                 const thread_options& options) const {
  const detail::wire_checks check("wire_coder::encode_feedback", numbers.size());
  check.numbers("residual", residual.size());
  check.bytes("bytes", codec_, bytes.size());
  check.position(codec_, at);
  check.apart({{"numbers", numbers.data(), numbers.size_bytes()}},
              {{"residual", residual.data(), residual.size_bytes()},
               {"bytes", bytes.data(), bytes.size()}});
  const simd::wire_writer write(*plan_, at.random);
  const std::uint64_t tile = plan_->tile;
  simd::for_parts_of_tiles(
      options, numbers.size(), tile, [&](std::uint64_t begin, std::uint64_t end) {
        simd::wire_buffer v;
        simd::for_tiles(begin, end, tile, [&](std::uint64_t i, std::uint64_t n) {
          simd::add(numbers.data() + i, residual.data() + i, v.x, n);
          simd::encode_tile(*plan_, write, v, i, n, bytes, at, {.residual = residual});
        });
      });
}

void wire_coder::reduce(std::span<const std::span<const std::byte>> parts, wire_sum how,
                        std::span<float> numbers, const thread_options& options) const {
  const detail::wire_checks check("wire_coder::reduce", numbers.size());
  check.parts(codec_, parts, how);
  for (const std::span<const std::byte> part : parts) {
    check.apart({{"parts", part.data(), part.size()}},
                {{"numbers", numbers.data(), numbers.size_bytes()}});
  }
  const std::uint64_t tile = plan_->tile;
  simd::for_parts_of_tiles(
      options, numbers.size(), tile, [&](std::uint64_t begin, std::uint64_t end) {
        simd::wire_adder add(*plan_, parts, numbers.size(), how);
        simd::wire_buffer sum;
        simd::for_tiles(begin, end, tile, [&](std::uint64_t i, std::uint64_t n) {
          add(i, n, sum);
          std::memcpy(numbers.data() + i, sum.x, 4 * n);
        });
      });
}

void wire_coder::reduce_encode(std::span<const std::span<const std::byte>> parts, std::uint64_t n,
                               wire_sum how, const wire_coder& to, std::span<std::byte> bytes,
                               const wire_position& at, const wire_keep& keep,
                               const thread_options& options) const {
  const detail::wire_checks check("wire_coder::reduce_encode", n);
  check.parts(codec_, parts, how);
  check.bytes("bytes", to.codec_, bytes.size());
  check.position(to.codec_, at);
  if (!keep.residual.empty()) check.numbers("keep.residual", keep.residual.size());
  if (!keep.decoded.empty()) check.numbers("keep.decoded", keep.decoded.size());
  const detail::argument_bytes written[] = {
      {"bytes", bytes.data(), bytes.size()},
      {"keep.residual", keep.residual.data(), keep.residual.size_bytes()},
      {"keep.decoded", keep.decoded.data(), keep.decoded.size_bytes()}};
  check.apart({}, written);
  for (const std::span<const std::byte> part : parts) {
    check.apart({{"parts", part.data(), part.size()}}, written);
  }
  const simd::wire_writer write(*to.plan_, at.random);
  const std::uint64_t tile = simd::common_tile(*plan_, *to.plan_);
  simd::for_parts_of_tiles(options, n, tile, [&](std::uint64_t begin, std::uint64_t end) {
    simd::wire_adder add(*plan_, parts, n, how);
    simd::wire_buffer sum;
    simd::for_tiles(begin, end, tile, [&](std::uint64_t i, std::uint64_t count) {
      add(i, count, sum);
      if (!keep.residual.empty()) simd::add(sum.x, keep.residual.data() + i, sum.x, count);
      simd::encode_tile(*to.plan_, write, sum, i, count, bytes, at, keep);
    });
  });
}

}  // namespace lowp

#endif  // LOWP_COLLECTIVE_IMPLEMENTATION_WIRE_HPP
