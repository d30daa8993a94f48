// SPDX-License-Identifier: Apache-2.0
/// \file
/// Chunks from every rank to every rank, encoded once. spec/collectives.md COL-23.
#ifndef LOWP_COLLECTIVE_ALL_TO_ALL_HPP
#define LOWP_COLLECTIVE_ALL_TO_ALL_HPP

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "chunks.hpp"

namespace lowp {

/// This rank's part in an exchange of chunks: of `in`, the chunk of `in_counts[r]` numbers goes to
/// rank r, end to end in the order of ranks; `out` gets `out_counts[r]` numbers of rank r in the
/// same way. A rank's own chunk is encoded and decoded, too; `out` may overlap `in`. Spans and
/// coder stay until the task ends. The task throws `array_error`: counts that are not one for each
/// rank, or of more than 2^48 numbers, before any message; counts that do not add up to the numbers
/// at its end, while other ranks fail; and `collective_error`, COL-18. Nothing is written then.
/// Ranks that expect other counts than are sent may wait for ever.
LOWP_COROUTINE inline rank_task all_to_all_task(rank_of self, std::uint64_t operation,
                                                std::span<const float> in,
                                                std::span<const std::uint64_t> in_counts,
                                                std::span<float> out,
                                                std::span<const std::uint64_t> out_counts,
                                                const wire_coder& coder,
                                                collective_options options = {}) {
  const wire_codec& c = coder.codec();
  detail::check_task("lowp::all_to_all", self, c);
  const detail::chunk_places from("lowp::all_to_all", "in", in_counts, in.size(), self.size, c.row);
  const detail::chunk_places to("lowp::all_to_all", "out", out_counts, out.size(), self.size,
                                c.row);
  exchange x("lowp::all_to_all", self, operation, detail::memory_of(options));
  from.check(x);
  to.check(x);
  if (in_counts[self.rank] != out_counts[self.rank]) {
    x.refuse("lowp::all_to_all: rank " + std::to_string(self.rank) + " sends itself " +
             std::to_string(in_counts[self.rank]) + " numbers and expects " +
             std::to_string(out_counts[self.rank]));
  }
  x.begin_step();
  const random_source random =
      source_of_hop(options.random, 0, options.contribution.value_or(self.rank));
  raw_buffer<std::byte> own(coder.encoded_size(in_counts[self.rank]), detail::memory_of(options));
  std::vector<std::size_t> expected(self.size);
  for (std::uint32_t peer = 0; peer < self.size; ++peer) {
    const index_range r = from.in_tensor(peer);
    const auto encode = [&](std::span<std::byte> bytes) {
      return detail::encode_checked(
          coder, detail::chunk_of(in, from.in_array(peer)), bytes, {random, r.first},
          options.threads,
          peer == self.rank ? detail::checksum_use::none : detail::checksum_use::sent);
    };
    if (peer != self.rank) {
      x.post(peer, c, {0, r.count}, random, encode);
      expected[peer] = x.expect(peer, c, {0, out_counts[peer]});
    } else if (r.count != 0 && !x.failed()) {
      encode(own.span());
    }
  }
  co_yield x.round();
  x.accept();
  // Messages stay while verdicts are exchanged.
  std::vector<framed_payload> held(self.size);
  for (std::uint32_t peer = 0; peer < self.size; ++peer) {
    if (peer != self.rank) held[peer] = x.take(expected[peer]);
  }
  for (std::uint64_t k = 0; detail::needs_verdict(options, self, k); ++k) {
    co_yield x.verdict_round();
    x.accept_verdicts(k == 0);
  }
  x.finish();
  for (std::uint32_t peer = 0; peer < self.size; ++peer) {
    const index_range r = to.in_array(peer);
    if (r.count == 0) continue;
    const std::span<const std::byte> bytes = peer == self.rank ? own.span() : held[peer].bytes();
    coder.decode(bytes, detail::chunk_of(out, r), options.threads);
  }
}

/// The same over a transport.
inline void all_to_all(transport& t, std::span<const float> in,
                       std::span<const std::uint64_t> in_counts, std::span<float> out,
                       std::span<const std::uint64_t> out_counts, const wire_coder& coder,
                       const collective_options& options = {}) {
  const collective_options here = detail::options_over(t, options);
  run(all_to_all_task(t.self(), t.next_operation(), in, in_counts, out, out_counts, coder, here),
      t);
}

}  // namespace lowp

#endif  // LOWP_COLLECTIVE_ALL_TO_ALL_HPP
