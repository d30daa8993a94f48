// SPDX-License-Identifier: Apache-2.0
/// \file
/// An implementation of which nothing is known but what it returns.
#ifndef LOWP_GOLDEN_BLACK_BOX_HPP
#define LOWP_GOLDEN_BLACK_BOX_HPP

#include <cstddef>
#include <functional>
#include <span>

#include <lowp/format.hpp>

namespace lowp::golden {

/// Runs many cases of one operation. `in` holds the operands of case after case, as many codes per
/// case as the operation has operands, in the order that the operation documents; `out` takes the
/// results in the same way. Codes have zeros above their width. Calls are dear where the
/// implementation runs in another process: ask for thousands of cases at once.
using black_box = std::function<void(std::span<const code_t> in, std::span<code_t> out)>;

}  // namespace lowp::golden

#endif  // LOWP_GOLDEN_BLACK_BOX_HPP
