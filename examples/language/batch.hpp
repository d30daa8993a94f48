// SPDX-License-Identifier: Apache-2.0
// What a step learns from, and where it comes from.
#ifndef LOWP_EXAMPLES_LANGUAGE_BATCH_HPP
#define LOWP_EXAMPLES_LANGUAGE_BATCH_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <lowp/training/training_random.hpp>

namespace language {

// Whole sequences, one after the other: a byte at each place and the one that should be foreseen
// there, or -1 where nothing can be.
struct batch {
  std::vector<std::uint8_t> tokens;
  std::vector<std::int16_t> targets;

  // A sequence from its bytes, one more than it is long; `counted` says which bytes are foreseen.
  template <class Counted>
  void add(const std::uint8_t* bytes, std::size_t sequence, const Counted& counted) {
    for (std::size_t i = 0; i < sequence; ++i) {
      tokens.push_back(bytes[i]);
      targets.push_back(counted(i + 1) ? static_cast<std::int16_t>(bytes[i + 1])
                                       : std::int16_t{-1});
    }
  }
};

// Random numbers of the sequences of a step, sequence i having those from 2^32 i on. The stream is
// that of a tensor that no model has.
inline lowp::random_source batch_random(std::uint64_t seed, std::uint64_t step, bool held_out) {
  return lowp::source_of(seed, step, held_out ? 0xfffffe : 0xffffff, lowp::training_draw::initial);
}

// Sequences of a run: functions of the seed, the step and the place in the batch alone.
class data_source {
 public:
  virtual ~data_source() = default;

  // `count` sequences of the batch of a step, from `first` on.
  virtual batch training(std::uint64_t seed, std::uint64_t step, std::uint64_t first,
                         std::uint64_t count) const = 0;
  // `count` sequences of those that are not trained on, from `first` on; `held_out_sequences` of
  // them differ.
  virtual batch held_out(std::uint64_t first, std::uint64_t count) const = 0;
  virtual std::uint64_t held_out_sequences() const = 0;

  virtual std::string name() const = 0;
  // Of all bytes, so that a checkpoint goes on with the same data only.
  virtual std::uint64_t digest() const = 0;
};

}  // namespace language

#endif  // LOWP_EXAMPLES_LANGUAGE_BATCH_HPP
