// SPDX-License-Identifier: Apache-2.0
/// \file
/// How long operations of many ranks take, and when a codec pays: latency and bytes of messages and
/// the codec's work, from speeds that were measured. Functions of numbers only.
/// spec/collectives.md COL-30, COL-31.
#ifndef LOWP_COLLECTIVE_COST_MODEL_HPP
#define LOWP_COLLECTIVE_COST_MODEL_HPP

#include <cstddef>
#include <cstdint>

#include "links.hpp"
#include "wire_codec.hpp"

namespace lowp {

/// What a codec costs. Speeds are 10^9 bytes a second of the binary32 numbers; 0: it takes no time,
/// as where numbers travel as they are.
struct codec_speed {
  double bytes_per_number = 4;
  double encode = 0, decode = 0;
  double decode_add = 0;  ///< decoding one message and adding it to sums
  double call_us = 0;  ///< of every encoding or decoding beside its numbers, as a kernel's launch
};

/// What messages cost a processor beside their codec: 10^9 bytes of messages a second; 0: no time.
struct message_speed {
  double checksum = 0;
  double copy = 0;
};

/// Bytes of a codec for each number of whole rows.
LOWP_FN double bytes_per_number(const wire_codec& c) noexcept {
  return static_cast<double>(bytes_per_row(c, c.row)) / static_cast<double>(c.row);
}

/// A step of an operation: what one rank does in it. All but `messages` and `calls` are shares of
/// the tensor, whose size is that of its binary32 numbers.
struct cost_step {
  bool is_within = false;  ///< it goes over the links within nodes
  double messages = 0;     ///< that the rank sends, one after the other
  double sent = 0;
  double encoded = 0, added = 0, decoded = 0;  ///< added: decoded and added to sums
  double calls = 0;                            ///< of the codec
  double checked = 0, copied = 0;              ///< encoded: checksums, and copies of payloads
};

/// What one rank does in an operation.
struct operation_cost {
  cost_step step[4] = {};
  std::size_t steps = 0;

  LOWP_FN void add(const cost_step& s) noexcept { step[steps++] = s; }
};

/// The operations and schedules that the model knows. COL-30.
enum class cost_pattern : std::uint8_t {
  all_to_all,    ///< the tensor is what a rank sends
  all_gather,    ///< the tensor is what all ranks have together
  two_shot,      ///< all-reduce, as `two_shot` of reduce_schedule.hpp
  ring,          ///< all-reduce, as `ring`
  hierarchical,  ///< all-reduce, as `hierarchical`
};

/// Stands for so many ranks that their number plays no role; latencies are then left out.
inline constexpr std::uint32_t many_ranks = 0;

namespace detail {

/// Of one rank among `ranks`: its part, the rest, the number of others.
struct rank_shares {
  double own = 0, rest = 1, others = 0;

  LOWP_FN explicit rank_shares(std::uint32_t ranks) noexcept {
    if (ranks == many_ranks) return;
    own = 1.0 / ranks, rest = 1 - own, others = ranks - 1.0;
  }
  /// Copies of the own part for all others but one.
  LOWP_FN double copied() const noexcept { return rest > own ? rest - own : 0; }
};

/// The own part goes to all.
LOWP_FN cost_step gather_step(const rank_shares& all) noexcept {
  return {.messages = all.others,
          .sent = all.rest,
          .encoded = all.own,
          .decoded = 1,
          .calls = 2,
          .checked = all.own + all.rest,
          .copied = all.copied()};
}

}  // namespace detail

/// What a rank does in an operation of `ranks` ranks, or `many_ranks`; `node`: ranks of a node of
/// `hierarchical`, which divides them. COL-30.
LOWP_FN operation_cost cost_of(cost_pattern p, std::uint32_t ranks,
                               std::uint32_t node = 1) noexcept {
  const detail::rank_shares all(ranks);
  operation_cost c;
  switch (p) {
    case cost_pattern::all_to_all:
      c.add({.messages = all.others,
             .sent = all.rest,
             .encoded = 1,
             .decoded = 1,
             .calls = 2,
             .checked = 2 * all.rest});
      break;
    case cost_pattern::all_gather: c.add(detail::gather_step(all)); break;
    case cost_pattern::two_shot:
      c.add({.messages = all.others,
             .sent = all.rest,
             .encoded = 1,
             .added = 1,
             .calls = 2,
             .checked = 2 * all.rest});
      c.add(detail::gather_step(all));
      break;
    case cost_pattern::ring:
      c.add({.messages = all.others,
             .sent = all.rest,
             .encoded = all.rest,
             .added = all.rest,
             .calls = 2 * all.others,
             .checked = 2 * all.rest});
      c.add(detail::gather_step(all));
      c.step[1].copied = 0;  // what has come goes on as it is
      break;
    case cost_pattern::hierarchical: {
      const detail::rank_shares in(node), out(ranks == many_ranks ? many_ranks : ranks / node);
      const double share = in.own;  // of the tensor, between nodes
      c.add({.is_within = true,
             .messages = in.others,
             .sent = in.rest,
             .encoded = 1,
             .added = 1,
             .calls = 2,
             .checked = 2 * in.rest});
      c.add({.messages = out.others,
             .sent = share * out.rest,
             .encoded = share,
             .added = share,
             .calls = 2,
             .checked = share * 2 * out.rest});
      c.add({.messages = out.others,
             .sent = share * out.rest,
             .encoded = share * out.own,
             .calls = 1,
             .checked = share * (out.own + out.rest),
             .copied = share * out.copied()});
      // What came from other nodes is joined.
      c.add({.is_within = true,
             .messages = in.others,
             .sent = in.rest,
             .decoded = 1,
             .calls = 1,
             .checked = share + in.rest,
             .copied = share + in.copied()});
      break;
    }
  }
  return c;
}

/// A link and the codec of what goes over it.
struct coded_link {
  link_speed link;
  codec_speed codec = {};
  message_speed message = {};
};

/// Do a rank's codec and its link work at the same time?
enum class cost_overlap : std::uint8_t {
  serial,     ///< one after the other
  pipelined,  ///< a step takes as long as the slowest of encoding, sending, decoding, handling
};

/// Time of an operation in microseconds.
struct cost_time {
  double latency = 0, wire = 0, codec = 0;  ///< each for itself
  double handling = 0;                      ///< checksums and copies
  double total = 0;

  /// Part of the time that the codec alone would take.
  LOWP_FN double codec_share() const noexcept { return total == 0 ? 0 : codec / total; }
};

namespace detail {

/// Microseconds for so many bytes; 0 gigabytes a second stand for no time.
LOWP_FN double microseconds(double bytes, double gigabytes) noexcept {
  return gigabytes == 0 ? 0 : bytes / gigabytes * 1e-3;
}

LOWP_FN cost_time time_of(const cost_step& s, double bytes, const coded_link& l,
                          cost_overlap overlap) noexcept {
  const double encoding = microseconds(s.encoded * bytes, l.codec.encode);
  const double decoding = microseconds(s.decoded * bytes, l.codec.decode) +
                          microseconds(s.added * bytes, l.codec.decode_add);
  const double calls = s.calls * l.codec.call_us;
  cost_time t;
  t.latency = s.messages * l.link.latency_us;
  t.wire = microseconds(s.sent * bytes * l.codec.bytes_per_number / 4, l.link.gigabytes);
  t.codec = encoding + decoding + calls;
  const double message_bytes = bytes * l.codec.bytes_per_number / 4;
  t.handling = microseconds(s.checked * message_bytes, l.message.checksum) +
               microseconds(s.copied * message_bytes, l.message.copy);
  const double coding = encoding > decoding ? encoding : decoding;
  const double slower = coding > t.handling ? coding : t.handling;
  t.total = t.latency + (overlap == cost_overlap::serial ? t.wire + t.codec + t.handling
                         : t.wire > slower               ? t.wire + calls
                                                         : slower + calls);
  return t;
}

}  // namespace detail

/// Time of an operation on a tensor of `bytes` bytes of binary32 numbers. `within`: the links of
/// steps within nodes. COL-30.
LOWP_FN cost_time predict(const operation_cost& c, double bytes, const coded_link& between,
                          const coded_link& within, cost_overlap overlap) noexcept {
  cost_time sum;
  for (std::size_t i = 0; i < c.steps; ++i) {
    const coded_link& l = c.step[i].is_within ? within : between;
    const cost_time t = detail::time_of(c.step[i], bytes, l, overlap);
    sum.latency += t.latency, sum.wire += t.wire, sum.codec += t.codec, sum.total += t.total;
    sum.handling += t.handling;
  }
  return sum;
}
LOWP_FN cost_time predict(const operation_cost& c, double bytes, const coded_link& l,
                          cost_overlap overlap = cost_overlap::serial) noexcept {
  return predict(c, bytes, l, l, overlap);
}

/// The speed of encoding, decoding and decode_add alike at which a serial codec of so many bytes
/// for each number takes as long as numbers that travel as `baseline_bytes` without work; 0 if none
/// is enough. COL-31.
LOWP_FN double break_even_speed(const operation_cost& c, double codec_bytes, double baseline_bytes,
                                double gigabytes) noexcept {
  double sent = 0, work = 0;
  for (std::size_t i = 0; i < c.steps; ++i) {
    const cost_step& s = c.step[i];
    sent += s.sent, work += s.encoded + s.added + s.decoded;
  }
  const double saved = sent * (baseline_bytes - codec_bytes) / 4;
  return saved > 0 ? work * gigabytes / saved : 0;
}

/// The speed from which on a pipelined codec does not slow its link down. COL-31.
LOWP_FN double saturating_speed(double codec_bytes, double gigabytes) noexcept {
  return 4 / codec_bytes * gigabytes;
}

/// The tensor, in bytes of binary32 numbers, from which on the second of two codecs is the faster
/// one, serial, over one link; 0 if it is so from the beginning, negative if never. COL-31.
LOWP_FN double break_even_bytes(const operation_cost& c, const link_speed& l,
                                const codec_speed& first, const codec_speed& second) noexcept {
  constexpr double much = 1e9;  // so that latencies do not swallow differences
  const double a = predict(c, 0, {l, first}).total, b = predict(c, 0, {l, second}).total;
  const double slope_a = (predict(c, much, {l, first}).total - a) / much;
  const double slope_b = (predict(c, much, {l, second}).total - b) / much;
  if (slope_b >= slope_a) return -1;
  return b <= a ? 0 : (b - a) / (slope_a - slope_b);
}

}  // namespace lowp

#endif  // LOWP_COLLECTIVE_COST_MODEL_HPP
