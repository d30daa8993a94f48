// SPDX-License-Identifier: Apache-2.0
/// \file
/// Refusals of the arguments of codecs of wires, before anything is written.
#ifndef LOWP_COLLECTIVE_WIRE_CHECKS_HPP
#define LOWP_COLLECTIVE_WIRE_CHECKS_HPP

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>

#include "../simd/argument_checks.hpp"
#include "wire_coder.hpp"

namespace lowp::detail {

/// Refuses a codec that `check` refuses.
LOWP_UNIT inline void check_wire_codec(const wire_codec& c) {
  const wire_codec_error e = check(c);
  if (e == wire_codec_error::none) return;
  const auto refuse = [&](const char* member, std::uint64_t value, const char* why = "") {
    const argument_checks check{"wire_coder"};
    check.refuse(std::string("codec.") + member + " is " + std::to_string(value) + ": " +
                 message(e) + why);
  };
  const auto because = [](const char* rule) { return std::string(": ") + rule; };
  switch (e) {
    case wire_codec_error::row:
    case wire_codec_error::shape: return refuse("row", c.row);
    case wire_codec_error::hadamard: return refuse("hadamard", c.hadamard);
    case wire_codec_error::element: return refuse("element.width", c.element.width);
    case wire_codec_error::rows:
      return refuse("rows.element.width", c.rows.element.width,
                    because(message(check(c.rows))).c_str());
    case wire_codec_error::block: {
      const block_format_error f = check(c.block);
      const char* why =
          f != block_format_error::none ? message(f) : message(check(c.block, c.recipe));
      return refuse("block.columns", c.block.columns, because(why).c_str());
    }
    default: return refuse("kind", static_cast<std::uint64_t>(c.kind));
  }
}

/// Checks of one call about n numbers.
class wire_checks {
 public:
  LOWP_UNIT wire_checks(const char* function, std::uint64_t n) : check_{function}, n_(n) {
    if (n > argument_checks::most_elements) {
      check_.refuse("n is " + std::to_string(n) + ", more than memory has");
    }
  }

  /// A message has as many bytes as its numbers need.
  LOWP_UNIT void bytes(const char* name, const wire_codec& c, std::uint64_t have) const {
    const std::uint64_t need = encoded_size(c, n_);
    if (have == need) return;
    check_.refuse(std::string(name) + " has " + std::to_string(have) + " bytes, " +
                  std::to_string(n_) + " numbers take " + std::to_string(need));
  }
  LOWP_UNIT void numbers(const char* name, std::uint64_t have) const {
    if (have == n_) return;
    check_.refuse(std::string(name) + " has " + std::to_string(have) + " numbers, not " +
                  std::to_string(n_));
  }
  LOWP_UNIT void position(const wire_codec& c, const wire_position& at) const {
    if (at.first % c.row == 0) return;
    check_.refuse("at.first is " + std::to_string(at.first) + ": it must be a multiple of " +
                  std::to_string(c.row) + ", the codec's row");
  }
  LOWP_UNIT void parts(const wire_codec& c, std::span<const std::span<const std::byte>> all,
                       wire_sum how) const {
    if (all.empty()) check_.refuse("parts has 0 messages, a sum needs one at least");
    if (how > wire_sum::exact) {
      check_.refuse("how is " + std::to_string(static_cast<int>(how)) +
                    ": it must be in_order or exact");
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (all[i].size() == encoded_size(c, n_)) continue;
      bytes(("parts[" + std::to_string(i) + "]").c_str(), c, all[i].size());
    }
  }
  /// No argument that is written shares a byte with another or with one that is read.
  LOWP_UNIT void apart(std::span<const argument_bytes> read,
                       std::span<const argument_bytes> written) const {
    for (std::size_t i = 0; i < written.size(); ++i) {
      for (const argument_bytes& a : read) check_.apart(a, written[i]);
      for (std::size_t j = 0; j < i; ++j) check_.apart(written[j], written[i]);
    }
  }
  LOWP_UNIT void apart(std::initializer_list<argument_bytes> read,
                       std::initializer_list<argument_bytes> written) const {
    apart(std::span(read.begin(), read.size()), std::span(written.begin(), written.size()));
  }
  LOWP_UNIT void apart(std::initializer_list<argument_bytes> read,
                       std::span<const argument_bytes> written) const {
    apart(std::span(read.begin(), read.size()), written);
  }

 private:
  argument_checks check_;
  std::uint64_t n_;
};

}  // namespace lowp::detail

#endif  // LOWP_COLLECTIVE_WIRE_CHECKS_HPP
