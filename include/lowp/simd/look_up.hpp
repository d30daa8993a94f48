// SPDX-License-Identifier: Apache-2.0
/// \file
/// A table of all results of a conversion from codes of at most 8 bits, cut into what vector
/// instructions look up: one plane of 256 bytes for every byte of a result. spec/bulk.md BLK-5.
#ifndef LOWP_SIMD_LOOK_UP_HPP
#define LOWP_SIMD_LOOK_UP_HPP

#include <cstdint>

#include "../config.hpp"

namespace lowp::simd {

/// A table of 256 entries of 1, 2, 4 or 8 bytes, entry i for every byte whose low `width` bits are
/// the code. Everything below is another form of `entry`.
///
/// A byte h l (two nibbles) has in plane b the value
///   upper[b][h] ^ base[b][l] ^ extra[k][b][l] for the k with row[k] == h, if there is one.
/// Of a folded table that holds for magnitudes, and the byte 0x80 may have an entry of its own.
struct look_up_plan {
  /// How bytes from 0x80 on have the entry of a magnitude below with the highest bit flipped.
  enum class fold : std::uint8_t {
    none,
    sign_magnitude,   ///< of that without the highest bit
    twos_complement,  ///< of that of the negative
  };

  std::uint64_t entry[256] = {};
  int bytes = 0;  ///< of an entry
  int zeros = 0;  ///< lowest bytes that are 0 in every entry: 0, 2, 4 or 6, as kernels come
  int reach = 0;  ///< different entries: 16, 64, 128 or 256; 128 of folded tables
  fold folding = fold::none;
  bool has_odd = false;  ///< 0x80 does not follow `folding`
  int planes = 0;        ///< bytes that are not among the zeros; plane 0 is the lowest of them
  int rows = 0;          ///< of `extra`
  alignas(64) std::uint8_t plane[8][256] = {};
  std::uint8_t upper[8][16] = {};
  std::uint8_t base[8][16] = {};
  std::uint8_t row[16] = {};
  std::uint8_t extra[16][8][16] = {};
};

namespace detail {

/// Is every entry i the entry i mod `period`?
LOWP_FN bool repeats(const look_up_plan& t, int period) noexcept {
  for (int i = period; i < 256; ++i) {
    if (t.entry[i] != t.entry[i % period]) return false;
  }
  return true;
}

/// Is every byte above 0x80 folded like that?
LOWP_FN bool is_folded(const look_up_plan& t, look_up_plan::fold f) noexcept {
  const std::uint64_t highest = std::uint64_t{1} << (8 * t.bytes - 1);
  for (int i = 129; i < 256; ++i) {
    const int below = f == look_up_plan::fold::sign_magnitude ? i - 128 : 256 - i;
    if (t.entry[i] != (t.entry[below] ^ highest)) return false;
  }
  return true;
}

LOWP_FN bool is_same_row(const std::uint8_t* plane, int a, int b) noexcept {
  for (int l = 1; l < 16; ++l) {
    if ((plane[16 * a + l] ^ plane[16 * a]) != (plane[16 * b + l] ^ plane[16 * b])) return false;
  }
  return true;
}

/// The row among the first `rows` that most rows of the plane equal but for a constant.
LOWP_FN int commonest_row(const std::uint8_t* plane, int rows) noexcept {
  int best = 0, best_count = 0;
  for (int a = 0; a < rows; ++a) {
    int count = 0;
    for (int b = 0; b < rows; ++b) count += is_same_row(plane, a, b) ? 1 : 0;
    if (count > best_count) best = a, best_count = count;
  }
  return best;
}

/// The form by nibbles.
LOWP_FN void split_nibbles(look_up_plan& t) noexcept {
  const int rows = t.reach / 16;
  int common[8] = {};
  for (int b = 0; b < t.planes; ++b) common[b] = commonest_row(t.plane[b], rows);
  for (int h = 0; h < rows; ++h) {
    bool is_extra = false;
    for (int b = 0; b < t.planes; ++b) {
      is_extra = is_extra || !is_same_row(t.plane[b], h, common[b]);
    }
    if (is_extra) t.row[t.rows] = static_cast<std::uint8_t>(h);
    for (int b = 0; b < t.planes; ++b) {
      const std::uint8_t* plane = t.plane[b];
      t.upper[b][h] = plane[16 * h];
      for (int l = 0; l < 16; ++l) {
        const int base = plane[16 * common[b] + l] ^ plane[16 * common[b]];
        t.base[b][l] = static_cast<std::uint8_t>(base);
        const int rest = plane[16 * h + l] ^ plane[16 * h] ^ base;
        if (is_extra) t.extra[t.rows][b][l] = static_cast<std::uint8_t>(rest);
      }
    }
    t.rows += is_extra ? 1 : 0;
  }
}

}  // namespace detail

/// Prepares a table: `entry` holds the results of the first 2^width codes, in so many bytes.
LOWP_FN void prepare(look_up_plan& t, int width, int bytes) noexcept {
  t.bytes = bytes;
  const int codes = 1 << width;
  std::uint64_t used = 0;
  for (int i = 0; i < 256; ++i) {
    if (i >= codes) t.entry[i] = t.entry[i % codes];
    used |= t.entry[i];
  }
  const int step = bytes == 4 ? 2 : bytes == 8 ? 2 : 8;
  while (t.zeros + step < bytes &&
         (used & ((std::uint64_t{1} << (8 * (t.zeros + step))) - 1)) == 0) {
    t.zeros += step;
  }
  if (t.zeros == 2 && bytes == 8) t.zeros = 0;
  t.planes = bytes - t.zeros;
  using fold = look_up_plan::fold;
  t.reach = detail::repeats(t, 16) ? 16 : detail::repeats(t, 64) ? 64 : 128;
  if (t.reach == 128 && !detail::repeats(t, 128)) {
    t.folding = detail::is_folded(t, fold::sign_magnitude)    ? fold::sign_magnitude
                : detail::is_folded(t, fold::twos_complement) ? fold::twos_complement
                                                              : fold::none;
    const std::uint64_t highest = std::uint64_t{1} << (8 * bytes - 1);
    t.has_odd = t.folding != fold::none && t.entry[128] != (t.entry[0] ^ highest);
    if (t.folding == fold::none) t.reach = 256;
  }
  for (int b = 0; b < t.planes; ++b) {
    for (int i = 0; i < 256; ++i) {
      t.plane[b][i] = static_cast<std::uint8_t>(t.entry[i] >> (8 * (t.zeros + b)));
    }
  }
  detail::split_nibbles(t);
}

}  // namespace lowp::simd

#endif  // LOWP_SIMD_LOOK_UP_HPP
