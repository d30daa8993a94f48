// SPDX-License-Identifier: Apache-2.0
/// \file
/// Numbers of every rank to all, encoded once. spec/collectives.md COL-23.
#ifndef LOWP_COLLECTIVE_ALL_GATHER_HPP
#define LOWP_COLLECTIVE_ALL_GATHER_HPP

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "chunks.hpp"

namespace lowp {

/// This rank's part in gathering: `in` goes to every rank; `out` gets `counts[r]` numbers of rank
/// r, end to end in the order of ranks, on every rank the same: its own are decoded, too. Numbers
/// are indexed for the random source from `first`, a multiple of the codec's row. The rest as in
/// `all_to_all_task`.
LOWP_COROUTINE inline rank_task all_gather_task(rank_of self, std::uint64_t operation,
                                                std::span<const float> in, std::span<float> out,
                                                std::span<const std::uint64_t> counts,
                                                const wire_coder& coder,
                                                collective_options options = {},
                                                std::uint64_t first = 0) {
  const wire_codec& c = coder.codec();
  detail::check_task("lowp::all_gather", self, c);
  const detail::chunk_places to("lowp::all_gather", "out", counts, out.size(), self.size, c.row);
  exchange x("lowp::all_gather", self, operation, detail::memory_of(options));
  to.check(x);
  if (in.size() != counts[self.rank]) {
    x.refuse("lowp::all_gather: in has " + std::to_string(in.size()) + " numbers, counts say " +
             std::to_string(counts[self.rank]) + " of rank " + std::to_string(self.rank));
  }
  if (!in.empty() && first % c.row != 0) {
    x.refuse("lowp::all_gather: first is " + std::to_string(first) +
             ", it must be a multiple of the codec's row, " + std::to_string(c.row));
  }
  x.begin_step();
  const random_source random =
      source_of_hop(options.random, 0, options.contribution.value_or(self.rank));
  std::vector<framed_payload> of(self.size);
  framed_payload& own = of[self.rank];
  own = x.payload_of(c, in.size());
  if (!own.bytes().empty()) {
    own.checksum = detail::encode_checked(coder, in, own.bytes(), {random, first}, options.threads);
  }
  std::vector<std::size_t> expected(self.size);
  for (std::uint32_t peer = 0; peer < self.size; ++peer) {
    if (peer == self.rank) continue;
    x.post(peer, c, {0, counts[self.rank]}, random, own);
    expected[peer] = x.expect(peer, c, {0, counts[peer]});
  }
  co_yield x.round();
  x.accept();
  for (std::uint32_t peer = 0; peer < self.size; ++peer) {
    if (peer != self.rank) of[peer] = x.take(expected[peer]);
  }
  for (std::uint64_t k = 0; detail::needs_verdict(options, self, k); ++k) {
    co_yield x.verdict_round();
    x.accept_verdicts(k == 0);
  }
  x.finish();
  for (std::uint32_t r = 0; r < self.size; ++r) {
    const index_range here = to.in_array(r);
    if (here.count != 0) coder.decode(of[r].bytes(), detail::chunk_of(out, here), options.threads);
  }
}

/// The same over a transport.
inline void all_gather(transport& t, std::span<const float> in, std::span<float> out,
                       std::span<const std::uint64_t> counts, const wire_coder& coder,
                       const collective_options& options = {}, std::uint64_t first = 0) {
  const collective_options here = detail::options_over(t, options);
  run(all_gather_task(t.self(), t.next_operation(), in, out, counts, coder, here, first), t);
}

}  // namespace lowp

#endif  // LOWP_COLLECTIVE_ALL_GATHER_HPP
