// SPDX-License-Identifier: Apache-2.0
/// \file
/// How an emulated product is computed, and who sees its operands. Without Eigen.
/// spec/training.md TRN-7.
#ifndef LOWP_TRAINING_PRODUCT_OPTIONS_HPP
#define LOWP_TRAINING_PRODUCT_OPTIONS_HPP

#include <cstdint>

#include "operand.hpp"
#include "training_recipe.hpp"

namespace lowp {

/// What an observer of operands sees: some columns of one operand of a product, as read, before and
/// after. Both matrices live during the call only.
struct observed_operand {
  std::uint32_t tensor;  ///< as `product_options` says
  training_product product;
  bool is_b;
  const operand_rule* rule;
  matrix_shape whole;                 ///< of the operand, as read
  std::uint64_t first_column;         ///< of these columns
  number_matrix<const float> x;       ///< as read, not rotated
  number_matrix<const float> values;  ///< what is multiplied; rotated where the rule says so
};

/// Sees operands as they are multiplied, slab by slab, on the thread of the caller: so monitors
/// need no path of their own.
class operand_observer {
 public:
  virtual ~operand_observer() = default;
  /// Told of each operand before its product, whole; `in` lives during the call only.
  virtual void begin(std::uint32_t tensor, training_product product, bool is_b,
                     const operand_rule& rule, const operand& in) {
    (void)tensor, (void)product, (void)is_b, (void)rule, (void)in;
  }
  /// Does it want to see this operand? Asked once before each product.
  virtual bool wants(std::uint32_t tensor, training_product product, bool is_b) = 0;
  virtual void observe(const observed_operand& o) = 0;
};

/// How a product is computed, beside its rule.
struct product_options {
  bool accumulate = false;  ///< D + A B^T instead of A B^T. TRN-7
  unsigned threads = 1;     ///< this and `pool`: as in `thread_options`
  parallel_for pool = {};
  operand_observer* observer = nullptr;
  std::uint32_t tensor = 0;  ///< for the observer: whose product it is, and which
  training_product product = training_product::forward;
};

namespace detail {

/// d (+)= a b^T of binary32 numbers.
using matrix_multiply = void (*)(const number_matrix<const float>& a,
                                 const number_matrix<const float>& b, const number_matrix<float>& d,
                                 bool add);

/// Throws what `run_product` would before it reads a number, and does nothing else.
void check_product(const product_rule& rule, const lowp::operand& a, const lowp::operand& b,
                   const number_matrix<float>& d);

/// Throws if dX overlaps what is read or written after it.
void check_gradients(const number_matrix<const float>& x, const number_matrix<float>& dx,
                     const number_matrix<float>& dw);

void run_product(const product_rule& rule, const lowp::operand& a, const lowp::operand& b,
                 const number_matrix<float>& d, const product_options& options,
                 matrix_multiply multiply);

}  // namespace detail

}  // namespace lowp

#endif  // LOWP_TRAINING_PRODUCT_OPTIONS_HPP
