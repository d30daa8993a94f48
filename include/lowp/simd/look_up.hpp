// SPDX-License-Identifier: Apache-2.0
/// \file
/// A table of all results of a conversion from codes of at most 8 bits, cut into what vector
/// instructions look up: one plane of 256 bytes for every byte of a result. spec/bulk.md BLK-5.
#ifndef LOWP_SIMD_LOOK_UP_HPP
#define LOWP_SIMD_LOOK_UP_HPP

#include <cstdint>

#include "../config.hpp"
#include "chunk.hpp"

namespace lowp::simd {

/// How vector instructions of AVX-512 VBMI read codes that stand end to end: bytes of memory are
/// moved by `from`, then every byte takes the bits from bit `shift` of its lane of 64 on.
struct dense_codes {
  int slot = 0;  ///< bits of a code; 0: not this way
  bool high_first = false;
  alignas(64) std::uint8_t from[64] = {};
  alignas(64) std::uint8_t shift[64] = {};
};

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
  dense_codes dense;  ///< for codes end to end, in the order of `woven_element`
};

/// The index in a vector of `step` codes of the code that stands at byte i, so that entries of so
/// many bytes woven from planes come out in order. `by_shift`: the planes are woven to halves, of
/// which shifts make the entries.
LOWP_FN int woven_element(int bytes, bool by_shift, int step, int i) noexcept {
  const int block = i / 16, j = i % 16;
  if (by_shift) return step / 4 * (2 * (j / 8) + j % 2) + 4 * block + j % 8 / 2;
  const int run = 16 / bytes;  // entries in a block of a result
  return step / bytes * (j / run) + run * block + j % run;
}

/// Do the upper halves of entries of 4 bytes get to their places by shifts, fewer of the operations
/// that only some ports have than interleaving with zeros? The order of codes must then mix bytes.
LOWP_FN bool weaves_by_shift(int bytes, int zeros, bool has_vbmi) noexcept {
  return bytes == 4 && zeros == 2 && has_vbmi;
}

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

/// The code of element e to the byte at i of a lane whose first `used` bytes are taken; false: the
/// lane has no room.
LOWP_FN bool place_code(dense_codes& d, int e, int i, int& used) noexcept {
  const int bit = d.slot * e;
  // The byte of its lowest bit, and the one of its highest.
  int low = bit / 8, high = (bit + d.slot - 1) / 8;
  if (d.high_first) {
    const int first = low;
    low = high;
    high = first;
  }
  std::uint8_t* lane = d.from + i / 8 * 8;
  int at = 0;
  while (at < used && lane[at] != low) ++at;
  const int last = at + (low != high ? 1 : 0);
  if (last > 7 || (last < used && lane[last] != high)) return false;
  lane[at] = static_cast<std::uint8_t>(low);
  lane[last] = static_cast<std::uint8_t>(high);
  if (used <= last) used = last + 1;
  const int below = d.high_first ? 7 - (bit + d.slot - 1) % 8 : bit % 8;
  d.shift[i] = static_cast<std::uint8_t>(8 * at + below);
  return true;
}

}  // namespace detail

/// Fills `dense` of a prepared table where its codes stand in memory as `from` says, if they can be
/// read like that.
LOWP_FN void prepare_dense(look_up_plan& t, const array_layout& from) noexcept {
  t.dense = {};
  if (!is_dense(from) || from.f.width > 7) return;
  t.dense.slot = from.f.width;
  t.dense.high_first = from.pack.order == bit_order::high_first;
  const bool by_shift = weaves_by_shift(t.bytes, t.zeros, true);
  const auto element = [&](int i) { return woven_element(t.bytes, by_shift, 64, i); };
  for (int lane = 0; lane < 64; lane += 8) {
    // Neighbours in memory share bytes: their codes are placed one after the other.
    int used = 0;
    for (int k = 0; k < 8; ++k) {
      const int rank = t.dense.high_first ? 7 - k : k;
      int i = lane;
      for (int j = lane; j < lane + 8; ++j) {
        int less = 0;
        for (int other = lane; other < lane + 8; ++other) less += element(other) < element(j);
        if (less == rank) i = j;
      }
      if (!detail::place_code(t.dense, element(i), i, used)) {
        t.dense = {};
        return;
      }
    }
  }
}

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
