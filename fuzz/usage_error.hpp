// SPDX-License-Identifier: Apache-2.0
/// \file
/// The error of a user, as opposed to ours.
#ifndef LOWP_FUZZ_USAGE_ERROR_HPP
#define LOWP_FUZZ_USAGE_ERROR_HPP

#include <stdexcept>

namespace lowp::tool {

/// The user asked for something that cannot be: exit status 2. The message names the argument, its
/// value and the rule.
struct usage_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_USAGE_ERROR_HPP
