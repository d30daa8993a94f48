// SPDX-License-Identifier: Apache-2.0
/// \file
/// What operations and formats are called in test vectors of the style of Berkeley TestFloat.
#ifndef LOWP_FUZZ_OPERATION_NAMES_HPP
#define LOWP_FUZZ_OPERATION_NAMES_HPP

#include <string>

#include <lowp/format.hpp>
#include <lowp/operation.hpp>

namespace lowp::tool {

/// "F_mulAdd", F being the format; "F_to_G" for `copy`. TestFloat's own names where it has the
/// operation (the rounding to integers takes its mode from an option), else lowp's.
std::string testfloat_name(operation op);

/// What F is: TestFloat's "f16", "bf16", "f32", "f64", else the name in lowp.
std::string testfloat_name(const format& f);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_OPERATION_NAMES_HPP
