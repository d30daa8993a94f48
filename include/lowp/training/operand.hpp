// SPDX-License-Identifier: Apache-2.0
/// \file
/// An operand of an emulated product, and its values at speed: declarations, without Highway. The
/// definitions are in implementation_training.hpp, which one unit of a program includes; Meson
/// offers it in the dependency `lowp_simd`. The values are those of operand_definition.hpp to the
/// bit, whatever the instruction set, the threads and the part. spec/training.md TRN-6.
#ifndef LOWP_TRAINING_OPERAND_HPP
#define LOWP_TRAINING_OPERAND_HPP

#include <cstdint>

#include "../pack/matrix.hpp"
#include "../simd/convert.hpp"
#include "../simd/threads.hpp"
#include "operand_rule.hpp"
#include "scale_state.hpp"

namespace lowp {

/// The place of a matrix in the whole tensor, as stored, of which this rank may hold a part. Cuts
/// are where blocks end, or the tensor does. TRN-6.
struct operand_part {
  std::uint64_t row = 0, column = 0;    ///< of the whole that is element (0, 0)
  std::uint64_t rows = 0, columns = 0;  ///< of the whole; 0: those of the matrix
};

/// What makes the amax of the whole tensor of those of its parts: an all-reduce of maxima. Without
/// `reduce` the matrix is all that counts.
struct amax_reduction {
  float (*reduce)(void* context, float amax) = nullptr;
  void* context = nullptr;
};

/// One operand: a matrix in memory, read as it is or transposed; blocks and groups lie along the
/// columns as read.
struct operand {
  number_matrix<const float> x = {};
  bool transposed = false;
  operand_part part = {};
  random_source random = {};     ///< of stochastic rules; indices are those of the whole as read
  scale_state* scale = nullptr;  ///< of delayed factors; `begin_step` is the caller's
  amax_reduction amax = {};
  bool notes_amax = true;  ///< a delayed factor's state learns this tensor's amax
};

/// Rows and columns as read.
LOWP_UNIT inline matrix_shape shape_as_read(const operand& o) noexcept {
  const matrix_shape s = o.x.shape;
  return o.transposed ? matrix_shape{s.columns, s.rows} : s;
}

/// The values that a product sees: of the rows and columns as read, so many as `values` has. It
/// does not overlap x. Throws `array_error`, nothing written: a rule that `check` refuses, another
/// shape, cuts within blocks, a delayed factor without its state.
void quantise_operand(const operand_rule& rule, const operand& in,
                      const number_matrix<float>& values, const thread_options& options = {});

}  // namespace lowp

#endif  // LOWP_TRAINING_OPERAND_HPP
