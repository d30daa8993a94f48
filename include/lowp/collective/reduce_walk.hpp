// SPDX-License-Identifier: Apache-2.0
/// \file
/// What a rank does in the steps of a reduction by levels: the parts that it sends, the sums that
/// it makes, the bytes that come back. spec/collectives.md COL-19.
#ifndef LOWP_COLLECTIVE_REDUCE_WALK_HPP
#define LOWP_COLLECTIVE_REDUCE_WALK_HPP

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "collective_options.hpp"
#include "collective_random.hpp"
#include "error_feedback.hpp"
#include "reduce_schedule.hpp"

namespace lowp::detail {

/// Residuals on their way: copies, which replace the caller's when the operation has succeeded.
class feedback_copy {
 public:
  /// Residuals of other sizes than `sizes` are refused by `check`.
  feedback_copy(error_feedback* of, const std::vector<std::uint64_t>& sizes) : of_(of) {
    if (of == nullptr) return;
    copy_ = of->of_hop;
    if (copy_.empty()) {
      for (const std::uint64_t n : sizes) copy_.emplace_back(n);
    }
    fits_ = copy_.size() == sizes.size();
    for (std::size_t h = 0; fits_ && h < sizes.size(); ++h) fits_ = copy_[h].size() == sizes[h];
  }

  void check(exchange& x) const {
    if (!fits_) {
      x.refuse("lowp::error_feedback: the residuals are of another tensor or schedule");
    }
  }

  /// Encodes numbers [at, at + in.size()) of those of a hop.
  void encode(const wire_coder& c, std::size_t hop, std::uint64_t at, std::span<const float> in,
              std::span<std::byte> out, const wire_position& where, const thread_options& threads) {
    if (of_ == nullptr) {
      c.encode(in, out, where, threads);
    } else {
      c.encode_feedback(in, std::span(copy_[hop]).subspan(at, in.size()), out, where, threads);
    }
  }

  /// The residuals of a hop; none without feedback.
  std::span<float> residual(std::size_t hop) {
    return of_ == nullptr ? std::span<float>{} : std::span(copy_[hop]);
  }

  /// What is left of infinities and NaNs is forgotten: they would stay for ever. COL-21.
  void commit() {
    if (of_ == nullptr) return;
    constexpr std::uint32_t exponent = 0x7f800000;
    for (std::vector<float>& residuals : copy_) {
      for (float& e : residuals) {
        if ((std::bit_cast<std::uint32_t>(e) & exponent) == exponent) e = 0;
      }
    }
    of_->of_hop.swap(copy_);
  }

 private:
  error_feedback* of_;
  bool fits_ = true;
  std::vector<std::vector<float>> copy_;
};

/// One rank's way through the levels, down to the part that it owns and back.
class reduce_walk {
 public:
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
    expected_.assign(l.ranks, 0);
    own_part_ = byte_buffer(c.encoded_size(places_.part(h, l.digit).count));
    for (std::uint32_t d = 0; d < l.ranks; ++d) {
      const index_range r = places_.part(h, d);
      const bool is_own = d == l.digit;
      const std::uint32_t peer = places_.peer(h, d);
      const std::span<std::byte> out =
          is_own ? own_part_.span() : x.post(peer, c.codec(), r, random);
      if (!is_own) expected_[d] = x.expect(peer, c.codec(), places_.part(h, l.digit));
      if (x.failed() || r.count == 0) continue;
      const std::uint64_t at = r.first - l.range.first;
      feedback_.encode(c, h, at, numbers_.subspan(at, r.count), out, {random, r.first},
                       options_.threads);
    }
  }

  /// Level h: the sum of the parts that have come, in the order of digits, is what this rank has.
  void take_parts(const exchange& x, std::size_t h) {
    const std::vector<std::span<const std::byte>> parts = parts_of(x, h);
    std::vector<float> sum(parts.empty() ? 0 : places_.part(h, places_[h].digit).count);
    if (!parts.empty()) plan_.coder(h).reduce(parts, plan_.schedule().sum, sum, options_.threads);
    sum_.swap(sum);
    numbers_ = sum_;
  }

  /// The same on the way to a result, whose last sum `encode_sum` makes.
  void take_sum(const exchange& x, std::size_t h) {
    if (h + 1 < steps()) take_parts(x, h);
  }

  /// What this rank has after the last level: the numbers of `places().owned()`.
  std::span<const float> sum() const noexcept { return numbers_; }

  /// The last level: the sum goes into the bytes of the whole result.
  void encode_sum(const exchange& x) {
    gathered_ = byte_buffer(plan_.gather().encoded_size(places_[0].range.count));
    const std::size_t h = steps() - 1;
    const index_range r = places_.owned();
    const std::vector<std::span<const std::byte>> parts = parts_of(x, h);
    if (parts.empty()) return;
    plan_.coder(h).reduce_encode(parts, r.count, plan_.schedule().sum, plan_.gather(), bytes_of(r),
                                 {source(steps(), 0), r.first},
                                 {.residual = feedback_.residual(steps())}, options_.threads);
  }

  /// Step s on the way back, from the last level: what this rank knows of the result goes to its
  /// group.
  void post_result(exchange& x, std::size_t s) {
    const std::size_t h = steps() - 1 - s;
    const reduce_places::level& l = places_[h];
    const wire_codec& c = plan_.gather().codec();
    const index_range known = places_.part(h, l.digit);
    expected_.assign(l.ranks, 0);
    for (std::uint32_t d = 0; d < l.ranks; ++d) {
      if (d == l.digit) continue;
      const std::uint32_t peer = places_.peer(h, d);
      const std::span<std::byte> out = x.post(peer, c, known);
      expected_[d] = x.expect(peer, c, places_.part(h, d));
      if (!x.failed() && !out.empty()) std::memcpy(out.data(), bytes_of(known).data(), out.size());
    }
  }
  void take_result(const exchange& x, std::size_t s) {
    const std::size_t h = steps() - 1 - s;
    const reduce_places::level& l = places_[h];
    for (std::uint32_t d = 0; d < l.ranks && !x.failed(); ++d) {
      if (d == l.digit || places_.part(h, d).count == 0) continue;
      const std::span<const std::byte> in = x.payload(expected_[d]);
      std::memcpy(bytes_of(places_.part(h, d)).data(), in.data(), in.size());
    }
  }

  /// The result, from the bytes that all ranks have.
  void decode_result(std::span<float> out) {
    plan_.gather().decode(gathered_.span(), out, options_.threads);
  }
  void commit() { feedback_.commit(); }

 private:
  std::vector<std::uint64_t> residual_sizes() const {
    std::vector<std::uint64_t> sizes;
    for (std::size_t h = 0; h < places_.levels(); ++h) sizes.push_back(places_[h].range.count);
    sizes.push_back(places_.owned().count);
    return sizes;
  }

  /// The bytes of the parts of level h in the order of digits; none of nothing, or after an error.
  std::vector<std::span<const std::byte>> parts_of(const exchange& x, std::size_t h) const {
    const reduce_places::level& l = places_[h];
    if (x.failed() || places_.part(h, l.digit).count == 0) return {};
    std::vector<std::span<const std::byte>> parts;
    for (std::uint32_t d = 0; d < l.ranks; ++d) {
      parts.push_back(d == l.digit ? std::span<const std::byte>(own_part_.span())
                                   : x.payload(expected_[d]));
    }
    return parts;
  }

  random_source source(std::size_t hop, std::uint64_t contribution) const {
    return source_of_hop(options_.random, static_cast<std::uint32_t>(hop), contribution);
  }
  std::span<std::byte> bytes_of(index_range r) {
    const wire_codec& c = plan_.gather().codec();
    return gathered_.span().subspan(row_offset(c, r.first), encoded_size(c, r.count));
  }

  const reduce_plan& plan_;
  const collective_options& options_;
  std::uint64_t own_;
  reduce_places places_;
  std::span<const float> numbers_;  // of the range of the present level
  feedback_copy feedback_;
  std::vector<float> sum_;
  byte_buffer own_part_, gathered_;
  std::vector<std::size_t> expected_;
};

}  // namespace lowp::detail

#endif  // LOWP_COLLECTIVE_REDUCE_WALK_HPP
