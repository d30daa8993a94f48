// SPDX-License-Identifier: Apache-2.0
/// \file
/// What a rank does in the steps of a reduction by levels: the parts that it sends, the sums that
/// it makes, the bytes that come back. spec/collectives.md COL-19.
#ifndef LOWP_COLLECTIVE_REDUCE_WALK_HPP
#define LOWP_COLLECTIVE_REDUCE_WALK_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

#include "collective_options.hpp"
#include "collective_random.hpp"
#include "error_feedback.hpp"
#include "pieces.hpp"
#include "reduce_schedule.hpp"

namespace lowp::detail {

/// Bytes that all ranks will have of some numbers of the result.
struct result_part {
  index_range range;
  framed_payload payload;
};

/// Decodes the result. Nothing may fail behind it.
inline void decode_parts(const wire_coder& c, std::span<result_part> parts, std::span<float> out,
                         const thread_options& threads) {
  for (result_part& p : parts) {
    if (p.range.count == 0) continue;
    c.decode(p.payload.bytes(), out.subspan(p.range.first, p.range.count), threads);
  }
}

/// Encodes numbers that begin at number `at` of a hop's, with their residuals if there are any, and
/// returns the checksum of the bytes, 0 where none is wanted.
inline std::uint32_t encode_hop(const wire_coder& c, feedback_walk& feedback, std::size_t hop,
                                std::uint64_t at, std::span<const float> in,
                                std::span<std::byte> out, const wire_position& where,
                                const thread_options& threads,
                                checksum_use use = checksum_use::sent) {
  if (!feedback.is_wanted()) return encode_checked(c, in, out, where, threads, use);
  std::uint32_t checksum = 0;
  for_pieces(in.size(), c.codec().row, threads, [&](index_range r) {
    const std::span<float> residual = feedback.begin(hop, {at + r.first, r.count});
    const std::span<std::byte> bytes = bytes_of(c.codec(), out, r);
    c.encode_feedback(in.subspan(r.first, r.count), residual, bytes,
                      {where.random, where.first + r.first}, threads);
    feedback.end(hop, residual);
    if (use == checksum_use::sent) checksum = checksum_of(bytes, checksum);
  });
  return checksum;
}

/// One rank's way through the levels, down to the part that it owns and back.
class reduce_walk {
 public:
  /// How payloads of parts are accepted: their checksums are compared while they are added.
  static constexpr payload_check check_of_parts = payload_check::later;

  reduce_walk(rank_of self, std::span<const float> numbers, const reduce_plan& plan,
              const collective_options& options, error_feedback* feedback)
      : plan_(plan),
        options_(options),
        own_(options.contribution.value_or(self.rank)),
        places_(plan, self, numbers.size()),
        numbers_(numbers),
        feedback_(feedback, residual_sizes()) {}

  /// Tells the operation what is wrong with this rank's arguments.
  void check(exchange& x) const { feedback_.check(x); }

  const reduce_places& places() const noexcept { return places_; }
  /// Levels: steps on the way to the sums, and as many on the way back.
  std::uint32_t steps() const noexcept { return static_cast<std::uint32_t>(places_.levels()); }

  /// Level h: parts of what this rank has go to their owners.
  void post_sum(exchange& x, std::size_t h) {
    const reduce_places::level& l = places_[h];
    const wire_coder& c = plan_.coder(h);
    const random_source random = source(h, places_.contribution(h, own_));
    const index_range own = places_.part(h, l.digit);
    expected_.assign(l.ranks, 0);
    own_part_ = raw_buffer<std::byte>(c.encoded_size(own.count), memory_of(options_));
    for (std::uint32_t d = 0; d < l.ranks; ++d) {
      const index_range r = places_.part(h, d);
      const bool is_own = d == l.digit;
      const auto encode = [&](std::span<std::byte> out) {
        const std::uint64_t at = r.first - l.range.first;
        return encode_hop(c, feedback_, h, at, numbers_.subspan(at, r.count), out,
                          {random, r.first}, options_.threads,
                          is_own ? checksum_use::none : checksum_use::sent);
      };
      if (!is_own) {
        x.post(places_.peer(h, d), c.codec(), r, random, encode);
        expected_[d] = x.expect(places_.peer(h, d), c.codec(), own);
      } else if (r.count != 0 && !x.failed()) {
        encode(own_part_.span());
      }
    }
  }

  /// Level h: the sum of the parts that have come, in the order of digits, is what this rank has.
  void take_parts(exchange& x, std::size_t h) {
    const std::uint64_t n = x.failed() ? 0 : places_.part(h, places_[h].digit).count;
    raw_buffer<float> sum(n, memory_of(options_));
    add_parts(x, h, n, [&](index_range r, const auto& parts) {
      plan_.coder(h).reduce(parts, plan_.schedule().sum, sum.span().subspan(r.first, r.count),
                            options_.threads);
    });
    sum_ = std::move(sum);
    numbers_ = sum_.span();
  }

  /// The same on the way to a result, whose last sum `encode_sum` makes.
  void take_sum(exchange& x, std::size_t h) {
    if (h + 1 < steps()) take_parts(x, h);
  }

  /// What this rank has after the last level: the numbers of `places().owned()`.
  std::span<const float> sum() const noexcept { return numbers_; }

  /// The last level: the sum goes into the bytes of the result.
  void encode_sum(exchange& x) {
    const std::size_t h = steps() - 1;
    const index_range own = places_.owned();
    const wire_coder& to = plan_.gather();
    framed_payload p = x.payload_of(to.codec(), own.count);
    add_parts(x, h, x.failed() ? 0 : own.count, [&](index_range r, const auto& parts) {
      const std::span<float> residual = feedback_.begin(steps(), r);
      const std::span<std::byte> bytes = bytes_of(to.codec(), p.bytes(), r);
      plan_.coder(h).reduce_encode(parts, r.count, plan_.schedule().sum, to, bytes,
                                   {source(steps(), 0), own.first + r.first},
                                   {.residual = residual}, options_.threads);
      feedback_.end(steps(), residual);
      p.checksum = checksum_of(bytes, p.checksum);
    });
    result_.clear();
    result_.push_back({own, std::move(p)});
  }

  /// Step s on the way back, from the last level: what this rank knows of the result goes to its
  /// group.
  void post_result(exchange& x, std::size_t s) {
    const std::size_t h = steps() - 1 - s;
    const reduce_places::level& l = places_[h];
    if (s != 0) join_result(x, places_.part(h, l.digit));
    const wire_codec& c = plan_.gather().codec();
    expected_.assign(l.ranks, 0);
    for (std::uint32_t d = 0; d < l.ranks; ++d) {
      if (d == l.digit) continue;
      x.post(places_.peer(h, d), c, result_[0].range, {}, result_[0].payload);
      expected_[d] = x.expect(places_.peer(h, d), c, places_.part(h, d));
    }
  }
  void take_result(exchange& x, std::size_t s) {
    const std::size_t h = steps() - 1 - s;
    const reduce_places::level& l = places_[h];
    for (std::uint32_t d = 0; d < l.ranks && !x.failed(); ++d) {
      if (d != l.digit) result_.push_back({places_.part(h, d), x.take(expected_[d])});
    }
  }

  /// The result, from the bytes that all ranks have.
  void decode_result(std::span<float> out) {
    decode_parts(plan_.gather(), result_, out, options_.threads);
  }
  void commit() noexcept { feedback_.commit(); }

 private:
  std::vector<std::uint64_t> residual_sizes() const {
    std::vector<std::uint64_t> sizes;
    for (std::size_t h = 0; h < places_.levels(); ++h) sizes.push_back(places_[h].range.count);
    sizes.push_back(places_.owned().count);
    return sizes;
  }

  /// Calls add(r, parts) piece by piece with what has come of n numbers, in the order of digits,
  /// and compares the checksums of the parts.
  template <class Add>
  void add_parts(exchange& x, std::size_t h, std::uint64_t n, const Add& add) {
    const reduce_places::level& l = places_[h];
    const wire_codec& c = plan_.coder(h).codec();
    std::vector<std::span<const std::byte>> parts(l.ranks);
    std::vector<std::uint32_t> checksum(l.ranks);
    for_pieces(n, plan_.unit(), options_.threads, [&](index_range r) {
      for (std::uint32_t d = 0; d < l.ranks; ++d) {
        const std::span<const std::byte> whole =
            d == l.digit ? std::span<const std::byte>(own_part_.span()) : x.payload(expected_[d]);
        parts[d] = bytes_of(c, whole, r);
        if (d != l.digit) checksum[d] = checksum_of(parts[d], checksum[d]);
      }
      add(r, parts);
    });
    if (n == 0) return;
    for (std::uint32_t d = 0; d < l.ranks; ++d) {
      if (d != l.digit) x.check_payload(expected_[d], checksum[d]);
    }
  }

  /// What is known of the result, in one payload: numbers of this range.
  void join_result(exchange& x, index_range range) {
    const wire_codec& c = plan_.gather().codec();
    framed_payload joined = x.payload_of(c, range.count);
    if (!joined.bytes().empty()) {
      for (result_part& p : result_) {
        const std::span<const std::byte> in = p.payload.bytes();
        if (in.empty()) continue;
        const index_range here{p.range.first - range.first, p.range.count};
        std::memcpy(bytes_of(c, joined.bytes(), here).data(), in.data(), in.size());
      }
      joined.checksum = checksum_of(joined.bytes());
    }
    result_.clear();
    result_.push_back({range, std::move(joined)});
  }

  random_source source(std::size_t hop, std::uint64_t contribution) const {
    return source_of_hop(options_.random, static_cast<std::uint32_t>(hop), contribution);
  }

  const reduce_plan& plan_;
  const collective_options& options_;
  std::uint64_t own_;
  reduce_places places_;
  std::span<const float> numbers_;  // of the range of the present level
  feedback_walk feedback_;
  raw_buffer<float> sum_;
  raw_buffer<std::byte> own_part_;
  std::vector<result_part> result_;  // the first is this rank's
  std::vector<std::size_t> expected_;
};

}  // namespace lowp::detail

#endif  // LOWP_COLLECTIVE_REDUCE_WALK_HPP
