// SPDX-License-Identifier: Apache-2.0
/// \file
/// Codecs of wires at memory speed: declarations, without Highway. The definitions are in
/// collective/implementation_wire.hpp, which one unit of a program includes; Meson offers it in the
/// dependency `lowp_simd`. Same bits as wire_definition.hpp, whatever the instruction set, the
/// threads and the environment of the caller's floating-point arithmetic.
/// spec/collectives.md COL-6.
#ifndef LOWP_COLLECTIVE_WIRE_CODER_HPP
#define LOWP_COLLECTIVE_WIRE_CODER_HPP

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "../simd/convert.hpp"
#include "../simd/threads.hpp"
#include "wire_codec.hpp"
#include "wire_position.hpp"

namespace lowp {

namespace simd {
struct wire_plan;
}

/// How decoded numbers are added. spec/collectives.md COL-8.
enum class wire_sum : std::uint8_t {
  in_order,  ///< in binary32, one after the other, the first part first
  exact,     ///< the exact sum in one rounding to nearest even: the order does not matter
};

/// What a sum that is encoded leaves behind; each is empty or as long as the sum.
struct wire_keep {
  /// Added before the sum is encoded; becomes what encoding left out, as in `encode_feedback`.
  std::span<float> residual = {};
  std::span<float> decoded = {};  ///< becomes what receivers decode
};

/// A codec of a wire, prepared once for any number of messages. Calls may be made from several
/// threads at once. With `options.threads` = 1, the default, no call allocates memory. Everything
/// is checked before anything is written: `array_error` names the argument, its value and the rule.
/// Spans that are written overlap no other argument. Numbers as many as `encoded_size` says.
class wire_coder {
 public:
  /// Throws `array_error` if `check` refuses the codec.
  explicit wire_coder(const wire_codec& codec);

  const wire_codec& codec() const noexcept { return codec_; }
  /// Bytes of a message of n numbers: what every span of bytes below has.
  std::uint64_t encoded_size(std::uint64_t n) const noexcept {
    return lowp::encoded_size(codec_, n);
  }

  /// `at.first` is a multiple of the codec's `row`. COL-6.
  void encode(std::span<const float> numbers, std::span<std::byte> bytes,
              const wire_position& at = {}, const thread_options& options = {}) const;

  void decode(std::span<const std::byte> bytes, std::span<float> numbers,
              const thread_options& options = {}) const;

  /// sum[i] = fl(sum[i] + decoded[i]). COL-6.
  void decode_add(std::span<const std::byte> bytes, std::span<float> sum,
                  const thread_options& options = {}) const;

  /// Encodes v = fl(number + residual), and then residual = fl(v - decoded). COL-7.
  void encode_feedback(std::span<const float> numbers, std::span<float> residual,
                       std::span<std::byte> bytes, const wire_position& at = {},
                       const thread_options& options = {}) const;

  /// The sum of messages of as many numbers each; at least one. COL-8.
  void reduce(std::span<const std::span<const std::byte>> parts, wire_sum how,
              std::span<float> numbers, const thread_options& options = {}) const;

  /// The bytes, by the codec of `to`, of the sum of n numbers, which is stored nowhere. COL-9.
  void reduce_encode(std::span<const std::span<const std::byte>> parts, std::uint64_t n,
                     wire_sum how, const wire_coder& to, std::span<std::byte> bytes,
                     const wire_position& at = {}, const wire_keep& keep = {},
                     const thread_options& options = {}) const;

 private:
  wire_codec codec_;
  std::shared_ptr<const simd::wire_plan> plan_;
};

}  // namespace lowp

#endif  // LOWP_COLLECTIVE_WIRE_CODER_HPP
