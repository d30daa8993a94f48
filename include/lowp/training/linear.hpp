// SPDX-License-Identifier: Apache-2.0
/// \file
/// A linear layer in emulated formats: its three products, and what its delayed factors remember.
/// spec/training.md TRN-1, TRN-6.
#ifndef LOWP_TRAINING_LINEAR_HPP
#define LOWP_TRAINING_LINEAR_HPP

#include <array>
#include <cstdint>

#include "product.hpp"
#include "training_random.hpp"

namespace lowp {

/// A range of a dimension that ranks share: this one begins at `first` of `whole`; 0: it is all.
struct dimension_part {
  std::uint64_t first = 0, whole = 0;
};

/// What a layer remembers from step to step: its six operands, in the order of `training_draw`.
struct linear_state {
  std::array<scale_state, 2 * training_product_count> operand = {};

  friend bool operator==(const linear_state&, const linear_state&) = default;
};

/// How a layer computes.
struct linear_options {
  std::uint64_t seed = 0;  ///< of all random bits
  std::uint64_t step = 0;  ///< of training: of random bits and delayed factors
  /// False: an evaluation, which leaves delayed factors and their histories as they are.
  bool training = true;
  bool accumulate = false;  ///< weight gradients are added to what is there
  unsigned threads = 1;     ///< this and `pool`: as in `thread_options`
  parallel_for pool = {};
  dimension_part tokens = {}, inputs = {}, outputs = {};  ///< of the whole tensors. TRN-6
  amax_reduction amax = {};                               ///< over the ranks that share a tensor
  operand_observer* observer = nullptr;
};

/// A layer Y = X W^T with X (tokens x inputs), W (outputs x inputs), Y (tokens x outputs), all row
/// by row. It holds no weights.
class emulated_linear {
 public:
  /// `tensor` names the weights in random streams, below 2^24: one number for each layer.
  explicit emulated_linear(const training_recipe& recipe, std::uint32_t tensor = 0)
      : recipe_(recipe), tensor_(tensor) {}

  const training_recipe& recipe() const noexcept { return recipe_; }
  std::uint32_t tensor() const noexcept { return tensor_; }
  /// What a checkpoint writes and reads.
  linear_state& state() noexcept { return state_; }
  const linear_state& state() const noexcept { return state_; }

  /// Y = X W^T. Throws as `emulated_product`; then nothing has changed.
  void forward(const number_matrix<const float>& x, const number_matrix<const float>& w,
               const number_matrix<float>& y, const linear_options& o = {}) {
    check_forward(x, w, y, o);
    run(of_forward(x, w, y, o), o);
  }

  /// dX = dY W and dW = dY^T X, straight through the quantisation of the forward product. A
  /// gradient without data is not wanted. Throws as `emulated_product`; then nothing has changed.
  void backward(const number_matrix<const float>& x, const number_matrix<const float>& w,
                const number_matrix<const float>& dy, const number_matrix<float>& dx,
                const number_matrix<float>& dw, const linear_options& o = {}) {
    check_backward(x, w, dy, dx, dw, o);
    if (dx.x != nullptr) run(of_inputs(w, dy, dx, o), o);
    if (dw.x != nullptr) run(of_weights(x, dy, dw, o), o);
  }

  /// Throws what `forward` would, and does nothing else.
  void check_forward(const number_matrix<const float>& x, const number_matrix<const float>& w,
                     const number_matrix<float>& y, const linear_options& o = {}) {
    check(of_forward(x, w, y, o));
  }
  /// Throws what `backward` would, and does nothing else.
  void check_backward(const number_matrix<const float>& x, const number_matrix<const float>& w,
                      const number_matrix<const float>& dy, const number_matrix<float>& dx,
                      const number_matrix<float>& dw, const linear_options& o = {}) {
    if (dx.x != nullptr) check(of_inputs(w, dy, dx, o));
    if (dw.x != nullptr) check(of_weights(x, dy, dw, o));
    if (dx.x != nullptr && dw.x != nullptr) detail::check_gradients(x, dx, dw);
  }

 private:
  static operand_part part(const number_matrix<const float>& m, const dimension_part& rows,
                           const dimension_part& columns) noexcept {
    return {rows.first, columns.first, rows.whole != 0 ? rows.whole : m.shape.rows,
            columns.whole != 0 ? columns.whole : m.shape.columns};
  }

  /// One of the products, with what it reads and writes.
  struct one_product {
    training_product which;
    operand a, b;
    number_matrix<float> d;
    bool accumulate = false;
  };
  one_product of_forward(const number_matrix<const float>& x, const number_matrix<const float>& w,
                         const number_matrix<float>& y, const linear_options& o) {
    return prepared({training_product::forward,
                     {x, false, part(x, o.tokens, o.inputs)},
                     {w, false, part(w, o.outputs, o.inputs)},
                     y},
                    o);
  }
  one_product of_inputs(const number_matrix<const float>& w, const number_matrix<const float>& dy,
                        const number_matrix<float>& dx, const linear_options& o) {
    return prepared({training_product::input_gradient,
                     {dy, false, part(dy, o.tokens, o.outputs)},
                     {w, true, part(w, o.outputs, o.inputs)},
                     dx},
                    o);
  }
  one_product of_weights(const number_matrix<const float>& x, const number_matrix<const float>& dy,
                         const number_matrix<float>& dw, const linear_options& o) {
    return prepared({training_product::weight_gradient,
                     {dy, true, part(dy, o.tokens, o.outputs)},
                     {x, true, part(x, o.tokens, o.inputs)},
                     dw,
                     o.accumulate},
                    o);
  }

  one_product prepared(one_product p, const linear_options& o) {
    const product_rule& rule = recipe_.of(p.which);
    prepare(p.a, rule.a, draw_of(p.which, false), o);
    prepare(p.b, rule.b, draw_of(p.which, true), o);
    return p;
  }
  void prepare(operand& x, const operand_rule& rule, training_draw draw, const linear_options& o) {
    x.random = source_of(o.seed, o.step, tensor_, draw);
    x.amax = o.amax;
    x.notes_amax = o.training;
    if (rule.kind == operand_kind::elements && rule.scaling == tensor_scaling::delayed) {
      x.scale = &state_.operand[static_cast<std::size_t>(draw)];
    }
  }

  void check(const one_product& p) const {
    detail::check_product(recipe_.of(p.which), p.a, p.b, p.d);
  }
  void run(const one_product& p, const linear_options& o) {
    const product_rule& rule = recipe_.of(p.which);
    if (o.training && p.a.scale != nullptr) begin_step(rule.a, *p.a.scale, o.step);
    if (o.training && p.b.scale != nullptr) begin_step(rule.b, *p.b.scale, o.step);
    emulated_product(rule, p.a, p.b, p.d,
                     {p.accumulate, o.threads, o.pool, o.observer, tensor_, p.which});
  }

  training_recipe recipe_;
  std::uint32_t tensor_;
  linear_state state_;
};

}  // namespace lowp

#endif  // LOWP_TRAINING_LINEAR_HPP
