// SPDX-License-Identifier: Apache-2.0
/// \file
/// The directions in which a guess at a matrix unit can be wrong, and the kinds of cases that show
/// it. spec/diagnosis.md DIA-9.
#ifndef LOWP_GOLDEN_MMA_DIRECTIONS_HPP
#define LOWP_GOLDEN_MMA_DIRECTIONS_HPP

#include <vector>

#include "mma_aims.hpp"
#include "mma_alternative_sums.hpp"

namespace lowp::golden {

/// One direction.
struct mma_direction {
  const char* name;
  std::uint32_t aims;   ///< a bit per aim
  std::uint32_t sharp;  ///< those that show small differences
  void (*alternatives)(mma_alternatives&);
};

namespace detail {

template <class... Aims>
constexpr std::uint32_t aims_of(Aims... aims) {
  return (... | (1u << static_cast<int>(aims)));
}

}  // namespace detail

/// All of them, those first that decide most cases.
inline const std::vector<mma_direction>& mma_directions() {
  using enum mma_aim;
  using detail::aims_of;
  static const std::vector<mma_direction> all{
      {"reading", aims_of(product, pair, dense), aims_of(product, dense), detail::change_reading},
      {"rounding", aims_of(product, pair, ties, dense), aims_of(pair, ties, low, high),
       detail::change_rounding},
      {"kept bits", aims_of(addend, pair, triple, crumbs, ties, dense, spread, scales),
       aims_of(triple, ties, crumbs, lowest), detail::change_kept_bits},
      {"accumulator", aims_of(addend, product, pair, dense), aims_of(product, pair, dense, ties),
       detail::change_accumulator},
      {"significands", aims_of(product, pair, crumbs, dense, spread, low, zeros, lowest),
       aims_of(triple, ties, crumbs, spread, lowest), detail::change_significands},
      {"products", aims_of(product, pair, low, high, dense, special, ties),
       aims_of(product, low, dense, special), detail::change_product},
      {"overflow", aims_of(product, high, special, uniform, addend), aims_of(high, special),
       detail::change_overflow},
      {"flushes", aims_of(addend, product, low, zeros, uniform, dense, pair, lowest),
       aims_of(low, addend, product, ties), detail::change_flushes},
      {"zero sign", aims_of(addend, product, low, zeros, uniform, triple), aims_of(zeros, low),
       detail::change_zero_sign},
      {"choice of NaN", aims_of(addend, product, special, uniform, high, scales), aims_of(special),
       detail::change_nan_choice},
      {"code of NaN", aims_of(addend, product, special, uniform, high, scales),
       aims_of(special, addend), detail::change_nan_code},
      {"NaN of factors", aims_of(product, special, uniform, high), aims_of(special, product),
       detail::change_read_nan},
      {"least exponent",
       aims_of(addend, product, pair, low, zeros, uniform, spread, scales, lowest),
       aims_of(lowest, zeros, scales), detail::change_least_exponent},
      {"reach", aims_of(pair, high, special, triple, spread, crumbs, ties),
       aims_of(special, high, triple, spread), detail::change_reach},
      {"group", aims_of(triple, crumbs, ties, dense, spread, special, scales, high, low, zeros),
       aims_of(triple, ties, lowest), detail::change_group},
      {"run", aims_of(triple, crumbs, ties, dense, spread, scales), aims_of(triple, crumbs, spread),
       detail::change_run},
      {"order", aims_of(triple, crumbs, ties, dense, spread, special),
       aims_of(triple, ties, special), detail::change_order},
  };
  return all;
}

}  // namespace lowp::golden

#endif  // LOWP_GOLDEN_MMA_DIRECTIONS_HPP
