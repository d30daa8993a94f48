// SPDX-License-Identifier: Apache-2.0
/// \file
/// What an implementation claims to compute, in the one shape in which every kind of operation is
/// run, written to files and compared: arrays of codes in, arrays of codes out.
#ifndef LOWP_FUZZ_CLAIM_HPP
#define LOWP_FUZZ_CLAIM_HPP

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <lowp/format.hpp>
#include <lowp/number.hpp>

namespace lowp::tool {

/// One array of an operation: `count` adjacent codes of every case.
struct field {
  std::string name;       ///< "a", "input", "scale"
  format of{};            ///< of each code
  std::size_t count = 1;  ///< codes of one case; 0: the operation has no such array
  bool random = false;    ///< random bits: all values are alike

  /// That hold a code in memory: 1, 2, 4 or 8.
  std::size_t bytes() const {
    return static_cast<std::size_t>(lowp::detail::storage_bytes(of.width));
  }
};

/// Codes of one case in all fields together.
std::size_t code_count(const std::vector<field>& fields);
/// Bits of one case in all fields together.
int bit_count(const std::vector<field>& fields);
/// "a[3]" for a code of one case, by its place among all of them.
std::string code_name(const std::vector<field>& fields, std::size_t place);
/// Its format.
format code_format(const std::vector<field>& fields, std::size_t place);

/// Results of one case from its operands; codes of all fields in order, field after field.
using case_function = std::function<void(const code_t* operands, code_t* results)>;

/// Something else than what is claimed, that an implementation may compute instead.
struct suspect {
  std::string words;  ///< "elements 2i and 2i+1 are exchanged"
  case_function golden;
};

/// An operation with cases to try it on. Functions may be called from several threads.
struct claim {
  std::string words;   ///< "binary32 -> binary16, toward zero"
  std::string source;  ///< where the definition was read
  std::vector<field> in;
  std::vector<field> out;
  case_function golden;
  /// Writes the operands of case number `index`: a pure function of seed and index.
  std::function<void(std::uint64_t seed, std::uint64_t index, code_t* operands)> make;
  /// Cases from 0 on that are made for places where implementations go wrong; those behind are
  /// random.
  std::uint64_t directed = 0;
  std::vector<suspect> suspects{};
  /// Which results are right, where that is more than one; empty: only those of `golden`.
  std::function<bool(const code_t* operands, const code_t* results)> accepts{};
  /// The implementation draws random bits itself, from seed, stream and index of a batch.
  bool own_random = false;
  /// Appends the exact terms whose sum is the first result before it is rounded; one term where the
  /// operation is no sum. Empty where there is no such value: registers, relations, flags.
  std::function<void(const code_t* operands, std::vector<exact>& terms)> terms{};
};

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_CLAIM_HPP
