// SPDX-License-Identifier: Apache-2.0
/// \file
/// Links between ranks: how fast they are, as data. spec/collectives.md COL-30.
#ifndef LOWP_COLLECTIVE_LINKS_HPP
#define LOWP_COLLECTIVE_LINKS_HPP

#include "../config.hpp"
#include "../detail/find_row.hpp"

namespace lowp {

/// The way between two ranks.
struct link_speed {
  double latency_us = 0;  ///< from the call until the first byte is there: alpha
  double gigabytes = 0;   ///< 10^9 bytes a second of one rank in one direction: 1 / beta
};

/// A link that is sold.
struct named_link {
  const char* name;
  link_speed value;
  const char* source;

  /// A row stands for its speed.
  LOWP_FN operator link_speed() const noexcept { return value; }
};

/// What NCCL's tuner counts for a step of a ring under its protocol for large messages, over a
/// network and over NVLink: NCCL 01afd20, src/graph/tuning.cc, hwLat. Others measure their own.
inline constexpr double network_latency_us = 9.6, nvlink_latency_us = 3.4;

// clang-format off
/// Links from 25 Gb/s to NVLink. COL-30.
inline constexpr named_link all_links[] = {
    {"25 Gb/s", {network_latency_us, 3.125}, "line rate"},
    {"100 Gb/s", {network_latency_us, 12.5}, "line rate"},
    {"200 Gb/s", {network_latency_us, 25}, "line rate"},
    {"400 Gb/s", {network_latency_us, 50}, "line rate"},
    {"800 Gb/s", {network_latency_us, 100}, "line rate"},
    {"1600 Gb/s", {network_latency_us, 200}, "line rate"},
    {"NVLink 450 GB/s", {nvlink_latency_us, 450}, "NVLink 4, 18 links of 25 GB/s in each direction"},
    {"NVLink 900 GB/s", {nvlink_latency_us, 900}, "NVLink 5, 18 links of 50 GB/s in each direction"},
};
// clang-format on

/// The link of this name, or null.
LOWP_FN const named_link* find_link(const char* name) noexcept {
  return detail::find_row(all_links, name);
}

}  // namespace lowp

#endif  // LOWP_COLLECTIVE_LINKS_HPP
