// SPDX-License-Identifier: Apache-2.0
/// \file
/// What a rank does in the steps of a reduction around a ring. spec/collectives.md COL-20.
#ifndef LOWP_COLLECTIVE_RING_WALK_HPP
#define LOWP_COLLECTIVE_RING_WALK_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "reduce_walk.hpp"

namespace lowp::detail {

/// One rank's way around the ring. Part p begins at rank p, whose neighbour adds its own numbers to
/// what it decodes, and so on; rank p - 1 has the sum.
class ring_walk {
 public:
  /// How payloads of partial sums are accepted: their checksums are compared while they are added.
  static constexpr payload_check check_of_parts = payload_check::later;

  ring_walk(rank_of self, std::span<const float> numbers, const reduce_plan& plan,
            const collective_options& options, error_feedback* feedback)
      : self_(self),
        plan_(plan),
        options_(options),
        numbers_(numbers),
        feedback_(feedback, {numbers.size()}),
        partial_numbers_(numbers.subspan(part(self.rank).first, part(self.rank).count)) {}

  /// Tells the operation what is wrong with this rank's arguments.
  void check(exchange& x) const { feedback_.check(x); }

  /// Steps on the way to the sums, and as many on the way back.
  std::uint32_t steps() const noexcept { return self_.size - 1; }

  /// Step s: the partial sum of part rank - s goes on.
  void post_sum(exchange& x, std::uint32_t s) {
    const wire_coder& c = plan_.coder(0);
    const index_range out = part(behind(s)), in = part(behind(s + 1));
    const random_source random = source_of_hop(options_.random, s, 0);
    x.post(behind(self_.size - 1), c.codec(), out, random,
           [&](std::span<std::byte> bytes) { return encode(c, out, bytes, random); });
    expected_ = x.expect(behind(1), c.codec(), in);
  }
  void take_sum(exchange& x, std::uint32_t s) {
    const index_range in = part(behind(s + 1));
    if (x.failed() || in.count == 0) return;
    const wire_coder& c = plan_.coder(0);
    raw_buffer<float> sum(in.count, memory_of(options_));
    const std::span<const std::byte> payload = x.payload(expected_);
    std::uint32_t checksum = 0;
    for_pieces(in.count, c.codec().row, options_.threads, [&](index_range r) {
      const std::span<const float> own = numbers_.subspan(in.first + r.first, r.count);
      const std::span<float> here = sum.span().subspan(r.first, r.count);
      const std::span<const std::byte> bytes = bytes_of(c.codec(), payload, r);
      checksum = checksum_of(bytes, checksum);
      std::copy(own.begin(), own.end(), here.begin());
      c.decode_add(bytes, here, options_.threads);
    });
    x.check_payload(expected_, checksum);
    partial_ = std::move(sum);
    partial_numbers_ = partial_.span();
  }

  /// Encodes the sum that this rank has, that of part rank + 1.
  void encode_sum(exchange& x) {
    const index_range r = part(behind(self_.size - 1));
    const wire_coder& c = plan_.gather();
    result_.resize(self_.size);
    result_part& own = result_of(self_.size - 1);
    own = {r, x.payload_of(c.codec(), r.count)};
    if (x.failed() || r.count == 0) return;
    own.payload.checksum =
        encode(c, r, own.payload.bytes(), source_of_hop(options_.random, steps(), 0));
  }

  /// Step s on the way back: the bytes of part rank + 1 - s go on.
  void post_result(exchange& x, std::uint32_t s) {
    const wire_codec& c = plan_.gather().codec();
    result_part& out = result_of(s + self_.size - 1);
    x.post(behind(self_.size - 1), c, out.range, {}, out.payload);
    expected_ = x.expect(behind(1), c, part(behind(s)));
  }
  void take_result(exchange& x, std::uint32_t s) {
    result_of(s) = {part(behind(s)), x.take(expected_)};
  }

  void decode_result(std::span<float> out) {
    decode_parts(plan_.gather(), result_, out, options_.threads);
  }
  void commit() noexcept { feedback_.commit(); }

 private:
  /// Rank - s, and the part of that number.
  std::uint32_t behind(std::uint32_t s) const noexcept {
    return static_cast<std::uint32_t>((std::uint64_t{self_.rank} + 2 * std::uint64_t{self_.size} -
                                       s % (2 * std::uint64_t{self_.size})) %
                                      self_.size);
  }
  index_range part(std::uint32_t p) const noexcept {
    return part_of({0, numbers_.size()}, plan_.unit(), self_.size, p);
  }
  result_part& result_of(std::uint32_t s) { return result_[behind(s)]; }

  std::uint32_t encode(const wire_coder& c, index_range r, std::span<std::byte> out,
                       const random_source& random) {
    return encode_hop(c, feedback_, 0, r.first, partial_numbers_, out, {random, r.first},
                      options_.threads);
  }

  rank_of self_;
  const reduce_plan& plan_;
  const collective_options& options_;
  std::span<const float> numbers_;
  feedback_walk feedback_;
  raw_buffer<float> partial_;
  std::span<const float> partial_numbers_;  // these, or the first part's as they are given
  std::vector<result_part> result_;         // of all parts, by number
  std::size_t expected_ = 0;
};

}  // namespace lowp::detail

#endif  // LOWP_COLLECTIVE_RING_WALK_HPP
