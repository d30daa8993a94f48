// SPDX-License-Identifier: Apache-2.0
/// \file
/// The steps of an operation as its algorithm sees them: numbers go out under a codec, payloads
/// come in checked, and what goes wrong anywhere becomes an error everywhere.
/// spec/collectives.md COL-14, COL-18.
#ifndef LOWP_COLLECTIVE_EXCHANGE_HPP
#define LOWP_COLLECTIVE_EXCHANGE_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "../simd/convert.hpp"
#include "../simd/crc32c.hpp"
#include "byte_buffer.hpp"
#include "message.hpp"
#include "partition.hpp"
#include "rank_task.hpp"

namespace lowp {

/// An operation that failed: a message was lost, changed or not the expected one, here or at
/// another rank. The numbers that were to be results are as they were before. COL-18.
class collective_error : public std::runtime_error {
 public:
  collective_error(const std::string& text, message_error error)
      : std::runtime_error(text), error_(error) {}

  /// What this rank met first; `message_error::none` if only others met something.
  message_error error() const noexcept { return error_; }

 private:
  message_error error_;
};

/// Messages of one operation at one rank. Every step is `begin_step`, `post` and `expect` in any
/// order, `co_yield round()`, `accept`.
class exchange {
 public:
  /// `name` is that of the operation, for errors; `operation` its number in the group.
  exchange(const char* name, rank_of self, std::uint64_t operation) noexcept
      : name_(name), self_(self), operation_(operation) {}

  void begin_step() {
    ++step_;
    out_.clear();
    in_.clear();
  }

  /// Room for the payload of a message, to be filled before `round`: numbers [r.first, r.end()) of
  /// a tensor under a codec. Nothing is sent for no numbers.
  std::span<std::byte> post(std::uint32_t to, const wire_codec& c, index_range r,
                            const random_source& random = {}) {
    if (r.count == 0) return {};
    message_header h = header_of(c, r.count);
    h.first = r.first;
    if (is_stochastic(c)) {
      h.seed = random.seed;
      h.stream = random.stream;
    }
    return post(to, h);
  }

  /// A message of these numbers must come; returns what `payload` calls it.
  std::size_t expect(std::uint32_t from, const wire_codec& c, index_range r) {
    if (r.count == 0) return no_message;
    message_header h = header_of(c, r.count);
    h.first = r.first;
    expect(from, h, c);
    return in_.size() - 1;
  }

  /// The messages of the step, complete; of a rank that has met an error, news of that instead.
  message_round& round() {
    round_.send.clear();
    round_.receive.clear();
    for (outgoing& m : out_) {
      if (failed_) {
        m.header = {.kind = message_kind::failure};
        m.frame.shorten(message_header_bytes);
      }
      address(m.header, self_.rank, m.to);
      const std::byte* payload = m.frame.span().data() + message_header_bytes;
      write_header(m.header, simd::crc32c(payload, m.header.payload_bytes), m.frame.span().data());
      round_.send.push_back({m.to, m.frame.span()});
    }
    for (incoming& m : in_) round_.receive.push_back({m.from, m.frame.span(), 0});
    return round_;
  }

  /// Checks what has come. After an error payloads are empty.
  void accept() {
    for (std::size_t i = 0; i < in_.size(); ++i) accept(in_[i], round_.receive[i].came);
  }

  /// What came in this step, by what `expect` returned; nothing after an error.
  std::span<const std::byte> payload(std::size_t expected) const noexcept {
    return failed_ || expected == no_message ? std::span<const std::byte>{} : in_[expected].payload;
  }

  /// The same for keeps: its whole message, whose payload stands behind the header.
  byte_buffer take(std::size_t expected) {
    return failed_ || expected == no_message ? byte_buffer{} : std::move(in_[expected].frame);
  }

  /// Has this rank met an error, or news of one?
  bool failed() const noexcept { return failed_; }

  /// Verdicts for all other ranks. COL-18.
  message_round& verdict_round() {
    begin_step();
    const message_header verdict{.kind = message_kind::verdict};
    for (std::uint32_t peer = 0; peer < self_.size; ++peer) {
      if (peer == self_.rank) continue;
      post(peer, verdict);
      expect(peer, verdict, {});
    }
    return round();
  }

  /// Takes the verdicts in: news of an error count always, what is not a verdict only if
  /// `must_come`. COL-18.
  void accept_verdicts(bool must_come) {
    for (std::size_t i = 0; i < in_.size(); ++i) {
      const read_result r = read(in_[i], round_.receive[i].came);
      if (is_news(in_[i], round_.receive[i].came)) {
        fail_elsewhere(in_[i].from);
      } else if (!r.is_right() && must_come) {
        fail(in_[i], r, round_.receive[i].came);
      }
    }
  }

  /// This rank refuses its arguments: it goes through all steps as one that has met an error, so
  /// that nobody waits for it.
  void refuse(const std::string& text) {
    if (refusal_.empty()) refusal_ = text;
    failed_ = true;
  }

  /// Throws `array_error` if this rank refused its arguments, `collective_error` if it met an
  /// error.
  void finish() const {
    if (!refusal_.empty()) throw array_error(refusal_);
    if (failed_) throw collective_error(text_, error_);
  }

 private:
  static constexpr std::size_t no_message = ~std::size_t{0};

  struct outgoing {
    std::uint32_t to;
    message_header header;
    byte_buffer frame;
  };
  struct incoming {
    std::uint32_t from;
    message_header header;
    wire_codec codec;
    byte_buffer frame;
    std::span<const std::byte> payload = {};
  };

  void address(message_header& h, std::uint32_t from, std::uint32_t to) const noexcept {
    h.operation = operation_;
    h.step = step_;
    h.sender = from;
    h.receiver = to;
  }

  std::span<std::byte> post(std::uint32_t to, const message_header& h) {
    out_.push_back({to, h, byte_buffer(message_header_bytes + h.payload_bytes)});
    return out_.back().frame.span().subspan(message_header_bytes);
  }

  void expect(std::uint32_t from, message_header h, const wire_codec& c) {
    address(h, from, self_.rank);
    in_.push_back({from, h, c, byte_buffer(message_header_bytes + h.payload_bytes)});
  }

  read_result read(const incoming& m, std::uint64_t came) const noexcept {
    const std::span<const std::byte> frame = m.frame.span();
    if (came > frame.size()) return {.error = message_error::extended, .offset = frame.size()};
    return read_message(frame.first(came), m.header, &m.codec, simd::crc32c);
  }

  void accept(incoming& m, std::uint64_t came) {
    const read_result r = read(m, came);
    if (!r.is_right()) return fail(m, r, came);
    if (r.header.kind == message_kind::failure) return fail_elsewhere(m.from);
    m.payload = r.payload;
  }

  /// Does a failure of this operation come, of an earlier step if messages were doubled or late?
  bool is_news(const incoming& m, std::uint64_t came) const noexcept {
    const std::span<const std::byte> frame = m.frame.span();
    if (came > frame.size()) return false;
    const read_result r = read_message(frame.first(came), &m.codec, simd::crc32c);
    const message_header& h = r.header;
    return r.is_right() && h.kind == message_kind::failure && h.operation == operation_ &&
           h.sender == m.from && h.receiver == self_.rank;
  }

  /// The first error that is met is told, of its own errors before those of others.
  void fail(const incoming& m, const read_result& r, std::uint64_t came) {
    if (error_ == message_error::none) {
      error_ = r.error;
      text_ = std::string(name_) + ": the message of rank " + std::to_string(m.from) + " to rank " +
              std::to_string(self_.rank) + " in step " + std::to_string(step_) + ", at byte " +
              std::to_string(r.offset) + ": " + message(r.error);
      // What ranks that call with different sizes see.
      if (const std::uint64_t size = m.frame.span().size(); came != 0 && came != size) {
        text_ += " (it has " + std::to_string(came) + " bytes, expected are " +
                 std::to_string(size) + ": are sizes and schedules the same on all ranks?)";
      }
    }
    failed_ = true;
  }
  void fail_elsewhere(std::uint32_t rank) {
    if (!failed_) {
      text_ = std::string(name_) + ": rank " + std::to_string(rank) + " reports an error to rank " +
              std::to_string(self_.rank) + " in step " + std::to_string(step_);
    }
    failed_ = true;
  }

  const char* name_;
  rank_of self_;
  std::uint64_t operation_;
  std::uint32_t step_ = 0;
  std::vector<outgoing> out_;
  std::vector<incoming> in_;
  message_round round_;
  bool failed_ = false;
  message_error error_ = message_error::none;
  std::string text_, refusal_;
};

}  // namespace lowp

#endif  // LOWP_COLLECTIVE_EXCHANGE_HPP
