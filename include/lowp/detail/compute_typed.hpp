// SPDX-License-Identifier: Apache-2.0
/// \file
/// Operations on typed values: the codes of the operands, their formats as constants.
#ifndef LOWP_DETAIL_COMPUTE_TYPED_HPP
#define LOWP_DETAIL_COMPUTE_TYPED_HPP

#include "../compute.hpp"
#include "../number.hpp"

namespace lowp::detail {

template <operation Op, numeric To, numeric... From>
LOWP_INLINE_FN To compute_typed(const projection& p, std::uint64_t random, From... x) noexcept {
  return traits<To>::from_code(
      compute<Op>(format_of<To>, p, random, coded{format_of<From>, traits<From>::code(x)}...));
}

}  // namespace lowp::detail

#endif  // LOWP_DETAIL_COMPUTE_TYPED_HPP
