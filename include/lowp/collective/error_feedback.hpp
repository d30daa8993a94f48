// SPDX-License-Identifier: Apache-2.0
/// \file
/// What quantisation took away, to be added the next time. spec/collectives.md COL-21.
#ifndef LOWP_COLLECTIVE_ERROR_FEEDBACK_HPP
#define LOWP_COLLECTIVE_ERROR_FEEDBACK_HPP

#include <cstddef>
#include <vector>

namespace lowp {

/// Residuals of one rank for one tensor, from one call to the next: of every hop on which this rank
/// encodes numbers, those numbers less what their messages say. Empty before the first call. A call
/// that fails leaves them as they were. COL-21.
struct error_feedback {
  std::vector<std::vector<float>> of_hop;
};

}  // namespace lowp

#endif  // LOWP_COLLECTIVE_ERROR_FEEDBACK_HPP
