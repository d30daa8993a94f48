// SPDX-License-Identifier: Apache-2.0
/// \file
/// The steps of an operation as its algorithm sees them: numbers go out under a codec, payloads
/// come in checked, and what goes wrong anywhere becomes an error everywhere.
/// spec/collectives.md COL-14, COL-18.
#ifndef LOWP_COLLECTIVE_EXCHANGE_HPP
#define LOWP_COLLECTIVE_EXCHANGE_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory_resource>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "../simd/convert.hpp"
#include "../simd/crc32c.hpp"
#include "collective_error.hpp"
#include "framed_payload.hpp"
#include "message.hpp"
#include "partition.hpp"
#include "rank_task.hpp"

namespace lowp {

/// When are checksums of payloads compared?
enum class payload_check : std::uint8_t {
  now,
  later,  ///< by `check_payload`, while their bytes are used; else when the step ends
};

/// Messages of one operation at one rank. Every step is `begin_step`, `post` and `expect` in any
/// order, `co_yield round()`, `accept`.
class exchange {
 public:
  /// `name` is that of the operation, for errors; `operation` its number in the group; `memory`
  /// where messages are.
  exchange(const char* name, rank_of self, std::uint64_t operation,
           std::pmr::memory_resource* memory) noexcept
      : self_(self), operation_(operation), memory_(memory), failure_(name) {}

  void begin_step() {
    check_payloads();
    ++step_;
    out_.clear();
    in_.clear();
    lent_ = nullptr;
  }

  /// Numbers [r.first, r.end()) of a tensor go out under a codec: `fill(bytes)` writes the payload,
  /// at once, and returns its checksum. It is not called after an error. Nothing is sent for no
  /// numbers.
  template <class Fill>
  void post(std::uint32_t to, const wire_codec& c, index_range r, const random_source& random,
            const Fill& fill) {
    if (r.count == 0) return;
    outgoing& m = post(to, header_of(c, r, random));
    if (!failed()) m.checksum = fill(m.frame.subspan(message_header_bytes));
  }

  /// The same with a payload that is there already, and stays until the next step: it is sent from
  /// where it stands, and copied only for further ranks.
  void post(std::uint32_t to, const wire_codec& c, index_range r, const random_source& random,
            framed_payload& p) {
    if (r.count == 0) return;
    const std::byte* at = p.frame.span().data();
    if (failed() || at == lent_) {
      return post(to, c, r, random, [&p](std::span<std::byte> bytes) {
        std::memcpy(bytes.data(), p.bytes().data(), bytes.size());
        return p.checksum;
      });
    }
    lent_ = at;
    out_.push_back({to, header_of(c, r, random), {}, p.frame.span(), p.checksum});
  }

  /// A payload of so many numbers, to be written.
  framed_payload payload_of(const wire_codec& c, std::uint64_t n) const {
    return {raw_buffer<std::byte>(failed() || n == 0 ? 0 : message_size(c, n), memory_), 0};
  }

  /// A message of these numbers must come; returns what `payload` calls it.
  std::size_t expect(std::uint32_t from, const wire_codec& c, index_range r) {
    if (r.count == 0) return no_message;
    expect(from, header_of(c, r, {}), c);
    return in_.size() - 1;
  }

  /// The messages of the step, complete; of a rank that has met an error, news of that instead.
  message_round& round() {
    round_.send.clear();
    round_.receive.clear();
    for (outgoing& m : out_) {
      if (failed()) {
        m.header = {.kind = message_kind::failure};
        m.checksum = 0;
        m.frame = m.frame.first(message_header_bytes);
      }
      address(m.header, self_.rank, m.to);
      write_header(m.header, m.checksum, m.frame.data());
      round_.send.push_back({m.to, m.frame});
    }
    for (incoming& m : in_) round_.receive.push_back({m.from, m.frame.span(), 0});
    return round_;
  }

  /// Checks what has come. After an error payloads are empty.
  void accept(payload_check when = payload_check::now) {
    for (std::size_t i = 0; i < in_.size(); ++i) accept(in_[i], round_.receive[i].came, when);
  }
  /// The checksum of the payload of a message that was accepted without.
  void check_payload(std::size_t expected, std::uint32_t checksum) {
    if (!failed() && expected != no_message) compare(in_[expected], checksum);
  }

  /// What came in this step, by what `expect` returned; nothing after an error.
  std::span<const std::byte> payload(std::size_t expected) const noexcept {
    return failed() || expected == no_message ? std::span<const std::byte>{}
                                              : in_[expected].payload;
  }

  /// The same for keeps.
  framed_payload take(std::size_t expected) {
    if (failed() || expected == no_message) return {};
    check(in_[expected]);
    return {std::move(in_[expected].frame), in_[expected].checksum};
  }

  /// Has this rank met an error, or news of one?
  bool failed() const noexcept { return failure_.is_there(); }

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
      const read_result r = read(in_[i], round_.receive[i].came, simd::crc32c);
      if (is_news(in_[i], round_.receive[i].came)) {
        fail_elsewhere(in_[i].from);
      } else if (!r.is_right() && must_come) {
        fail(in_[i], r, round_.receive[i].came);
      }
    }
  }

  /// This rank refuses its arguments: it goes through all steps as one that has met an error, so
  /// that nobody waits for it.
  void refuse(const std::string& text) { failure_.refuse(text); }

  /// Throws `array_error` if this rank refused its arguments, `collective_error` if it met an
  /// error.
  void finish() {
    check_payloads();
    failure_.raise();
  }

 private:
  static constexpr std::size_t no_message = ~std::size_t{0};

  struct outgoing {
    std::uint32_t to;
    message_header header;
    raw_buffer<std::byte> own;  // none of a frame that is lent
    std::span<std::byte> frame;
    std::uint32_t checksum = 0;  // of the payload
  };
  struct incoming {
    std::uint32_t from;
    message_header header;
    wire_codec codec;
    raw_buffer<std::byte> frame;
    std::span<const std::byte> payload = {};
    std::uint32_t checksum = 0;
    bool is_checked = true;
  };

  static message_header header_of(const wire_codec& c, index_range r, const random_source& random) {
    message_header h = lowp::header_of(c, r.count);
    h.first = r.first;
    if (is_stochastic(c)) {
      h.seed = random.seed;
      h.stream = random.stream;
    }
    return h;
  }

  void address(message_header& h, std::uint32_t from, std::uint32_t to) const noexcept {
    h.operation = operation_;
    h.step = step_;
    h.sender = from;
    h.receiver = to;
  }

  outgoing& post(std::uint32_t to, const message_header& h) {
    const std::uint64_t size = message_header_bytes + (failed() ? 0 : h.payload_bytes);
    out_.push_back({to, h, raw_buffer<std::byte>(size, memory_), {}});
    out_.back().frame = out_.back().own.span();
    return out_.back();
  }

  void expect(std::uint32_t from, message_header h, const wire_codec& c) {
    address(h, from, self_.rank);
    in_.push_back(
        {from, h, c, raw_buffer<std::byte>(message_header_bytes + h.payload_bytes, memory_)});
  }

  read_result read(const incoming& m, std::uint64_t came,
                   checksum_function checksum) const noexcept {
    const std::span<const std::byte> frame = m.frame.span();
    if (came > frame.size()) return {.error = message_error::extended, .offset = frame.size()};
    return read_message(frame.first(came), m.header, &m.codec, checksum);
  }

  void accept(incoming& m, std::uint64_t came, payload_check when) {
    m.is_checked = when == payload_check::now;
    const read_result r = read(m, came, m.is_checked ? simd::crc32c : nullptr);
    if (!r.is_right()) return fail(m, r, came);
    if (r.header.kind == message_kind::failure) return fail_elsewhere(m.from);
    m.payload = r.payload;
    m.checksum = stated_checksum(m.frame.span());
  }
  void compare(incoming& m, std::uint32_t checksum) {
    m.is_checked = true;
    if (checksum == m.checksum) return;
    const std::uint64_t at = detail::message_fields::payload_checksum.offset;
    fail(m, {.error = message_error::payload_checksum, .offset = at}, m.frame.span().size());
  }
  void check(incoming& m) {
    if (!m.is_checked && !failed()) compare(m, simd::crc32c(m.payload.data(), m.payload.size()));
  }
  void check_payloads() {
    for (incoming& m : in_) check(m);
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

  void fail(const incoming& m, const read_result& r, std::uint64_t came) {
    failure_.met(r, {m.from, self_.rank, step_}, came, m.frame.span().size());
  }
  void fail_elsewhere(std::uint32_t rank) { failure_.told({rank, self_.rank, step_}); }

  rank_of self_;
  std::uint64_t operation_;
  std::pmr::memory_resource* memory_;
  std::uint32_t step_ = 0;
  std::vector<outgoing> out_;
  std::vector<incoming> in_;
  message_round round_;
  const std::byte* lent_ = nullptr;  // the frame that the step sends from where it stands
  detail::exchange_failure failure_;
};

}  // namespace lowp

#endif  // LOWP_COLLECTIVE_EXCHANGE_HPP
