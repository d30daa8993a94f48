// SPDX-License-Identifier: Apache-2.0
/// \file
/// The golden model of one element of a matrix instruction: a row of include/lowp/hardware/mma, run
/// by the library's engine.
#ifndef LOWP_FUZZ_DOT_MODEL_HPP
#define LOWP_FUZZ_DOT_MODEL_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <lowp/hardware/mma/mma.hpp>

#include "claim.hpp"

namespace lowp::tool {

/// A dot product. Its operands are, in this order: k codes of a, k of b, the code of c, and where
/// the model has them the scales of a and those of b.
struct dot_model {
  std::string name;  ///< of the row
  const char* source;
  mma_model value;
  const char* words = "";     ///< what is special about this row; may be empty
  std::int32_t exponent = 0;  ///< `mma_operands::exponent`
};

/// The fields of a dot product: a, b, c, scales of a, of b; without scales those are empty.
inline constexpr std::size_t dot_fields = 5;
std::array<field, dot_fields> fields_of(const mma_model& m);

/// The golden model, ready for many cases: factors of up to 8 bits are looked up.
class dot_engine {
 public:
  explicit dot_engine(const dot_model& m);
  /// The result for one case, operands in order.
  code_t operator()(const code_t* operands) const;

 private:
  mma_model model_;
  std::int32_t exponent_;
  std::vector<mma_operand> a_;  ///< of every code, if there are few
  std::vector<mma_operand> b_;
};

/// "binary32: c + a b, 2 products of bfloat16".
std::string operation_text(const dot_model& m);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_DOT_MODEL_HPP
