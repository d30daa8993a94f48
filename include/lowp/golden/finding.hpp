// SPDX-License-Identifier: Apache-2.0
/// \file
/// What is wrong with an implementation: which inputs, one small example, and the likely cause.
#ifndef LOWP_GOLDEN_FINDING_HPP
#define LOWP_GOLDEN_FINDING_HPP

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <lowp/format.hpp>

namespace lowp::golden {

/// One way in which an implementation differs from what is expected of it.
struct finding {
  std::string inputs;       ///< the inputs concerned: "magnitudes from 2^8 on", "NaN (signalling)"
  std::string cause;        ///< "rounds toward zero, claimed nearest-even"; empty if nothing fits
  std::uint64_t cases = 0;  ///< differing cases of this kind among those that were run
  /// The simplest of them: the operands in the order of the operation, the results expected and
  /// returned.
  std::vector<code_t> in;
  std::vector<code_t> expected;
  std::vector<code_t> got;
  std::string example;  ///< the same case with values, in one line
};

/// What was found in one line: the causes, or the inputs where nothing explains them.
inline std::string summary(std::span<const finding> findings) {
  std::string out;
  for (const finding& f : findings) {
    if (!out.empty()) out += "; ";
    out += f.cause.empty() ? f.inputs + ": unexplained" : f.cause;
  }
  return out;
}

}  // namespace lowp::golden

#endif  // LOWP_GOLDEN_FINDING_HPP
