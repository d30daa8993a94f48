// SPDX-License-Identifier: Apache-2.0
// A block of the network: x + o(attention(q, k, v of norm(x))), and then x + down(SwiGLU(gate, up
// of norm(x))).
#ifndef LOWP_EXAMPLES_LANGUAGE_BLOCK_HPP
#define LOWP_EXAMPLES_LANGUAGE_BLOCK_HPP

#include <array>

#include "attention.hpp"
#include "linear_layer.hpp"
#include "model_shape.hpp"
#include "rms_norm.hpp"
#include "rotation.hpp"

namespace language {

class block {
 public:
  // Parameters of a block, in this order.
  enum part { norm1, q, k, v, o, norm2, gate, up, down, parts };
  static constexpr std::array<const char*, parts> names = {"norm1", "q",    "k",  "v",   "o",
                                                           "norm2", "gate", "up", "down"};
  static constexpr bool is_norm(std::size_t p) { return p == norm1 || p == norm2; }

  block(const model_shape& shape, const std::array<parameter*, parts>& parameters,
        const lowp::training_recipe& recipe);

  // x: tokens x width, in and out.
  void forward(matrix& x, const rotation& turn, const pass& p);
  // The gradient of what came out becomes that of what went in.
  void backward(matrix& dx, const rotation& turn, const pass& p);

  template <class Do>
  void for_each_linear(const Do& each) {
    for (linear_layer* l : {&q_, &k_, &v_, &o_, &gate_, &up_, &down_}) each(*l);
  }

 private:
  // What attention reads of keys or values.
  void keep(matrix& m, const pass& p);
  void turn(matrix& m, const rotation& by, bool backward, const pass& p) const;

  model_shape shape_;
  parameter *gain1_, *gain2_;
  linear_layer q_, k_, v_, o_, gate_, up_, down_;
  rms_norm rms1_, rms2_;
  attention attention_;
  // What the backward pass needs: inputs of norms, what they gave, and so on.
  matrix in1_, normed1_, queries_, keys_, values_, mixed_, in2_, normed2_, gates_, ups_, hidden_;
  matrix out_, of_normed_, of_queries_, of_keys_, of_values_, of_gates_, of_ups_, of_hidden_;
};

}  // namespace language

#endif  // LOWP_EXAMPLES_LANGUAGE_BLOCK_HPP
