// SPDX-License-Identifier: Apache-2.0
/// \file
/// Calling an implementation in batches of any length, and calls that must agree (GLD-5).
#ifndef LOWP_FUZZ_PLUGIN_CONDUCT_HPP
#define LOWP_FUZZ_PLUGIN_CONDUCT_HPP

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "../implementation.hpp"

namespace lowp::tool {

/// Lengths of the batches into which a block is cut, in order.
using cut = std::vector<std::size_t>;

/// Batches up to this length are each run at every length: a loop over vectors of 64 elements, its
/// tail, and what begins anew behind it.
inline constexpr std::size_t longest_short = 67;

/// Two batches; one for a block of one case.
cut cut_in_two(std::uint64_t seed, std::size_t cases);
/// Batches of seeded lengths from 1 to longest_short.
cut cut_short(std::uint64_t seed, std::size_t cases);

/// Where a case of a block stands: its place in its batch, and the length of that.
struct place_in_batch {
  std::size_t place = 0;
  std::size_t length = 0;  ///< 0: not known
};
place_in_batch find_place(const cut& lengths, std::size_t index);

/// What calls disagree in, the plainest first: each one may make those behind it show, too.
enum class disagreement { unwritten, equal_calls, other_cases, place, identity };
const char* words(disagreement d);
/// With an example each.
using conduct_faults = std::map<disagreement, std::string>;

class conduct {
 public:
  /// `own_random`: results depend on seed, stream and index of a case.
  conduct(const implementation& row, std::vector<field> in, std::vector<field> out,
          bool own_random);

  /// Runs a block in batches. Results not written keep the byte 0xa5, on a second attempt 0x5a.
  void call(const batch& block, const cut& lengths, int attempt = 0) const;

  /// Runs a block again: the same calls; other cases next to each; another cut; other indices,
  /// seeds and ranks. The second and last not of implementations that draw random bits. `block` has
  /// the results of the first time, which stay.
  void compare(const batch& block, const cut& lengths, std::uint64_t seed,
               conduct_faults& faults) const;

 private:
  struct arrays {
    std::vector<std::vector<std::byte>> data;
    std::vector<void*> pointers;
  };
  static arrays make_arrays(const std::vector<field>& fields, std::size_t cases);
  /// Overwrites every second case by another one of the block, or by the same of another array.
  static void replace_others(const std::vector<field>& fields, std::size_t parity,
                             std::size_t cases, const void* const* from, void* const* to,
                             bool backwards);
  /// The first case in which results differ; `cases`: none.
  std::size_t difference(const void* const* a, const void* const* b, std::size_t cases) const;
  bool unwritten(const void* const* a, const void* const* b, std::size_t index) const;
  std::string results_text(const void* const* a, std::size_t index) const;
  std::string operands_words(const batch& block, std::size_t index) const;

  const implementation& row_;
  std::vector<field> in_;
  std::vector<field> out_;
  bool own_random_;
};

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_PLUGIN_CONDUCT_HPP
