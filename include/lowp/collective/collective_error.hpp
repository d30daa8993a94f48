// SPDX-License-Identifier: Apache-2.0
/// \file
/// How operations of many ranks fail. spec/collectives.md COL-18.
#ifndef LOWP_COLLECTIVE_COLLECTIVE_ERROR_HPP
#define LOWP_COLLECTIVE_COLLECTIVE_ERROR_HPP

#include <cstdint>
#include <stdexcept>
#include <string>

#include "../simd/convert.hpp"
#include "message.hpp"

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

namespace detail {

/// What a rank knows of the errors of an operation.
class exchange_failure {
 public:
  /// Where a message belongs.
  struct place {
    std::uint32_t from, to, step;
  };

  explicit exchange_failure(const char* operation) noexcept : operation_(operation) {}

  bool is_there() const noexcept { return is_there_; }

  /// Its own errors are told before those of others, and of them the first.
  void met(const read_result& r, const place& at, std::uint64_t came, std::uint64_t expected) {
    if (error_ == message_error::none) {
      error_ = r.error;
      text_ = std::string(operation_) + ": the message of rank " + std::to_string(at.from) +
              " to rank " + std::to_string(at.to) + " in step " + std::to_string(at.step) +
              ", at byte " + std::to_string(r.offset) + ": " + message(r.error);
      // What ranks that call with different sizes see.
      if (came != 0 && came != expected) {
        text_ += " (it has " + std::to_string(came) + " bytes, expected are " +
                 std::to_string(expected) + ": are sizes and schedules the same on all ranks?)";
      }
    }
    is_there_ = true;
  }
  void told(const place& at) {
    if (!is_there_) {
      text_ = std::string(operation_) + ": rank " + std::to_string(at.from) +
              " reports an error to rank " + std::to_string(at.to) + " in step " +
              std::to_string(at.step);
    }
    is_there_ = true;
  }
  void refuse(const std::string& text) {
    if (refusal_.empty()) refusal_ = text;
    is_there_ = true;
  }

  void raise() const {
    if (!refusal_.empty()) throw array_error(refusal_);
    if (is_there_) throw collective_error(text_, error_);
  }

 private:
  const char* operation_;
  bool is_there_ = false;
  message_error error_ = message_error::none;
  std::string text_, refusal_;
};

}  // namespace detail

}  // namespace lowp

#endif  // LOWP_COLLECTIVE_COLLECTIVE_ERROR_HPP
