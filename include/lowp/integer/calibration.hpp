// SPDX-License-Identifier: Apache-2.0
/// \file
/// Ranges from histograms: a share of all numbers, the least squared error, the least relative
/// entropy. All of it in integers, so that the choice depends on nothing but the counts.
#ifndef LOWP_INTEGER_CALIBRATION_HPP
#define LOWP_INTEGER_CALIBRATION_HPP

#include <cstddef>
#include <cstdint>

#include "../detail/wide.hpp"
#include "../elementary.hpp"
#include "histogram.hpp"

namespace lowp {

/// Which ends of a histogram may be cut off.
enum class cut_ends : std::uint8_t {
  upper,  ///< of magnitudes
  both,
};

/// A share of one, at most, e.g. 9999 / 10000.
struct share {
  std::uint32_t numerator = 1;
  std::uint32_t denominator = 1;
};

/// The fewest bins from the lower end that hold the share of all numbers; with both ends, without
/// those below the fewest from the upper end that do. All bins of an empty histogram.
/// spec/integers.md INT-17.
LOWP_FN bin_window percentile_window(const std::uint64_t* counts, std::size_t bins, share s,
                                     cut_ends ends) noexcept {
  detail::uint128 total = 0;
  for (std::size_t i = 0; i < bins; ++i) total += counts[i];
  if (total == 0) return {0, bins};
  const auto enough = [&](detail::uint128 n) { return n * s.denominator >= total * s.numerator; };
  bin_window w{0, 0};
  for (detail::uint128 n = 0; w.last < bins && !(w.last > 0 && enough(n)); ++w.last) {
    n += counts[w.last];
  }
  if (ends == cut_ends::upper) return w;
  w.first = bins;
  for (detail::uint128 n = 0; w.first > 0 && !(w.first < bins && enough(n)); --w.first) {
    n += counts[w.first - 1];
  }
  return w.first < w.last ? w : bin_window{0, bins};
}

/// Which windows are tried: at least `levels` bins wide, cut off in multiples of `stride`.
struct window_search {
  /// Integers of the range: 255 of int8 narrow, 16 of uint4; of magnitudes 128 (0...127). 2 or
  /// more.
  std::size_t levels = 128;
  std::size_t stride = 1;
  cut_ends ends = cut_ends::upper;
};

namespace detail {

/// The window of the least cost; of equals the first, where windows come from the widest, each
/// beginning as low as it can. `cost` takes a window.
template <class Cost>
LOWP_FN bin_window least_window(std::size_t bins, const window_search& search, Cost cost) noexcept {
  const std::size_t stride = search.stride == 0 ? 1 : search.stride;
  bin_window best{0, bins};
  int128 least = 0;
  bool any = false;
  for (std::size_t cut = 0; cut + search.levels <= bins; cut += stride) {
    const std::size_t most_below = search.ends == cut_ends::both ? cut : 0;
    for (std::size_t below = 0; below <= most_below; below += stride) {
      const bin_window w{below, bins - (cut - below)};
      const int128 c = cost(w);
      if (c < 0 || (any && c >= least)) continue;
      best = w;
      least = c;
      any = true;
    }
  }
  return best;
}

}  // namespace detail

/// The sum over all bins of count x (distance of the bin's centre from the nearest level)^2, in
/// units of the bins' width / (2 (levels - 1)), squared. The levels stand evenly on the window,
/// the first and the last at its edges. An unsigned integer of 128 bits: below 2^127 for counts
/// below 2^40. spec/integers.md INT-18.
LOWP_FN detail::uint128 squared_error(const std::uint64_t* counts, std::size_t bins, bin_window w,
                                      std::size_t levels) noexcept {
  using detail::int128;
  const int128 steps = static_cast<int128>(levels) - 1;
  const int128 step = 2 * static_cast<int128>(w.last - w.first);
  detail::uint128 sum = 0;
  for (std::size_t b = 0; b < bins; ++b) {
    if (counts[b] == 0) continue;
    const int128 centre = (2 * (static_cast<int128>(b) - static_cast<int128>(w.first)) + 1) * steps;
    int128 level = centre < 0 ? 0 : (centre + step / 2) / step;
    if (level > steps) level = steps;
    const int128 distance = centre - level * step;
    sum += static_cast<detail::uint128>(distance * distance) * counts[b];
  }
  return sum;
}

/// The window of the least squared error. INT-18.
LOWP_FN bin_window least_error_window(const std::uint64_t* counts, std::size_t bins,
                                      const window_search& search) noexcept {
  return detail::least_window(bins, search, [&](bin_window w) {
    return static_cast<detail::int128>(squared_error(counts, bins, w, search.levels));
  });
}

namespace detail {

inline constexpr int128 no_entropy = -1;

/// 2^40 log2(n), rounded to nearest even; of 0 it is 0.
LOWP_FN std::uint64_t fixed_log2(std::uint64_t n) noexcept {
  constexpr format fixed = fixed_point_format(48, 40, false);
  return n <= 1 ? 0 : lowp::log2(coded{integer_format(64, false), n}, fixed);
}

/// The same, remembered: windows share most of their counts, and a logarithm takes microseconds.
class logarithms {
 public:
  LOWP_FN int128 of(std::uint64_t n) noexcept {
    constexpr std::uint64_t spread = 0x9e3779b97f4a7c15;
    const std::uint64_t place = (n * spread) >> (64 - places_log2);
    if (number_[place] != n) {
      number_[place] = n;
      log_[place] = fixed_log2(n);
    }
    return static_cast<int128>(log_[place]);
  }
  /// factor x 2^40 log2(n)
  LOWP_FN int128 times(std::uint64_t factor, std::uint64_t n) noexcept {
    return static_cast<int128>(factor) * of(n);
  }

 private:
  static constexpr int places_log2 = 11;
  std::uint64_t number_[std::size_t{1} << places_log2] = {};
  std::uint64_t log_[std::size_t{1} << places_log2] = {};
};

/// A count of a window's bin with what lies beyond the window, which its end bins take.
struct clipped_counts {
  const std::uint64_t* counts;
  bin_window window;
  std::uint64_t below = 0, above = 0;

  LOWP_FN clipped_counts(const std::uint64_t* c, std::size_t bins, bin_window w) noexcept
      : counts(c), window(w) {
    for (std::size_t b = 0; b < w.first; ++b) below += c[b];
    for (std::size_t b = w.last; b < bins; ++b) above += c[b];
  }
  LOWP_FN std::uint64_t operator[](std::size_t b) const noexcept {
    return counts[b] + (b == window.first ? below : 0) + (b + 1 == window.last ? above : 0);
  }
};

LOWP_FN int128 relative_entropy(logarithms& log, const std::uint64_t* counts, std::size_t bins,
                                bin_window w, std::size_t levels) noexcept {
  const clipped_counts clipped(counts, bins, w);
  const std::size_t width = w.last - w.first;
  int128 sum = 0;
  std::uint64_t inside = 0;
  std::size_t b = w.first;
  for (std::size_t level = 0; level < levels; ++level) {
    const std::size_t end = w.first + ((level + 1) * width + levels - 1) / levels;
    std::uint64_t group = 0, members = 0, clipped_group = 0;
    for (; b < end; ++b) {
      const std::uint64_t p = clipped[b];
      if (p != 0 && counts[b] == 0) return no_entropy;
      group += counts[b];
      members += counts[b] != 0 ? 1 : 0;
      clipped_group += p;
      sum += log.times(p, p);
    }
    sum -= log.times(clipped_group, group) - log.times(clipped_group, members);
    inside += group;
  }
  const std::uint64_t total = inside + clipped.below + clipped.above;
  sum += log.times(total, inside) - log.times(total, total);
  return sum < 0 ? 0 : sum;
}

}  // namespace detail

/// total x 2^40 x the relative entropy, in bits, of the clipped counts of a window from the same
/// spread over `levels` groups of bins; -1 if it is infinite. An integer of 128 bits.
/// spec/integers.md INT-19.
LOWP_FN detail::int128 relative_entropy(const std::uint64_t* counts, std::size_t bins, bin_window w,
                                        std::size_t levels) noexcept {
  detail::logarithms log;
  return detail::relative_entropy(log, counts, bins, w, levels);
}

/// The window of the least relative entropy. With thousands of bins and both ends use a stride.
/// INT-19.
LOWP_FN bin_window least_entropy_window(const std::uint64_t* counts, std::size_t bins,
                                        const window_search& search) noexcept {
  detail::logarithms log;
  return detail::least_window(bins, search, [&](bin_window w) {
    return detail::relative_entropy(log, counts, bins, w, search.levels);
  });
}

}  // namespace lowp

#endif  // LOWP_INTEGER_CALIBRATION_HPP
