// SPDX-License-Identifier: Apache-2.0
/// \file
/// What a rank does in the steps of a reduction around a ring. spec/collectives.md COL-20.
#ifndef LOWP_COLLECTIVE_RING_WALK_HPP
#define LOWP_COLLECTIVE_RING_WALK_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "reduce_walk.hpp"

namespace lowp::detail {

/// One rank's way around the ring. Part p begins at rank p, whose neighbour adds its own numbers to
/// what it decodes, and so on; rank p - 1 has the sum.
class ring_walk {
 public:
  ring_walk(rank_of self, std::span<const float> numbers, const reduce_plan& plan,
            const collective_options& options, error_feedback* feedback)
      : self_(self),
        plan_(plan),
        options_(options),
        numbers_(numbers),
        feedback_(feedback, {numbers.size()}),
        gathered_(plan.gather().encoded_size(numbers.size())) {
    const reduce_schedule& s = plan.schedule();
    if (s.level.size() != 1 || s.level[0].ranks != 0) {
      throw array_error("lowp::reduce_plan: a ring has one level, of all ranks");
    }
    take_own(part(self.rank));
  }

  /// Tells the operation what is wrong with this rank's arguments.
  void check(exchange& x) const { feedback_.check(x); }

  /// Steps on the way to the sums, and as many on the way back.
  std::uint32_t steps() const noexcept { return self_.size - 1; }

  /// Step s: the partial sum of part rank - s goes on.
  void post_sum(exchange& x, std::uint32_t s) {
    const wire_coder& c = plan_.coder(0);
    const index_range out = part(behind(s)), in = part(behind(s + 1));
    const random_source random = source_of_hop(options_.random, s, 0);
    const std::span<std::byte> bytes = x.post(behind(self_.size - 1), c.codec(), out, random);
    expected_ = x.expect(behind(1), c.codec(), in);
    if (!x.failed() && out.count != 0) encode(c, out, bytes, random);
  }
  void take_sum(const exchange& x, std::uint32_t s) {
    const index_range r = part(behind(s + 1));
    if (x.failed() || r.count == 0) return;
    take_own(r);
    plan_.coder(0).decode_add(x.payload(expected_), partial_, options_.threads);
  }

  /// Encodes the sum that this rank has, that of part rank + 1.
  void encode_sum(const exchange& x) {
    const index_range r = owned();
    if (x.failed() || r.count == 0) return;
    encode(plan_.gather(), r, bytes_of(r), source_of_hop(options_.random, steps(), 0));
  }

  /// Step s on the way back: the bytes of part rank + 1 - s go on.
  void post_result(exchange& x, std::uint32_t s) {
    const wire_codec& c = plan_.gather().codec();
    const index_range out = part(behind(s + self_.size - 1)), in = part(behind(s));
    const std::span<std::byte> bytes = x.post(behind(self_.size - 1), c, out);
    expected_ = x.expect(behind(1), c, in);
    if (!x.failed() && out.count != 0) {
      std::memcpy(bytes.data(), bytes_of(out).data(), bytes.size());
    }
  }
  void take_result(const exchange& x, std::uint32_t s) {
    const index_range r = part(behind(s));
    if (x.failed() || r.count == 0) return;
    const std::span<const std::byte> in = x.payload(expected_);
    std::memcpy(bytes_of(r).data(), in.data(), in.size());
  }

  void decode_result(std::span<float> out) {
    plan_.gather().decode(gathered_.span(), out, options_.threads);
  }
  void commit() { feedback_.commit(); }

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
  void take_own(index_range r) {
    const std::span<const float> own = numbers_.subspan(r.first, r.count);
    partial_.assign(own.begin(), own.end());
  }
  index_range owned() const noexcept { return part(behind(self_.size - 1)); }

  void encode(const wire_coder& c, index_range r, std::span<std::byte> out,
              const random_source& random) {
    feedback_.encode(c, 0, r.first, partial_, out, {random, r.first}, options_.threads);
  }
  std::span<std::byte> bytes_of(index_range r) {
    const wire_codec& c = plan_.gather().codec();
    return gathered_.span().subspan(row_offset(c, r.first), encoded_size(c, r.count));
  }

  rank_of self_;
  const reduce_plan& plan_;
  const collective_options& options_;
  std::span<const float> numbers_;
  feedback_copy feedback_;
  std::vector<float> partial_;
  byte_buffer gathered_;
  std::size_t expected_ = 0;
};

}  // namespace lowp::detail

#endif  // LOWP_COLLECTIVE_RING_WALK_HPP
