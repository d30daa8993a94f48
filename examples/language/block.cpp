// SPDX-License-Identifier: Apache-2.0
#include "block.hpp"

#include <utility>

#include "swiglu.hpp"

namespace language {

block::block(const model_shape& shape, const std::array<parameter*, parts>& parameters,
             const lowp::training_recipe& recipe)
    : shape_(shape),
      gain1_(parameters[norm1]),
      gain2_(parameters[norm2]),
      q_(*parameters[q], recipe),
      k_(*parameters[k], recipe),
      v_(*parameters[v], recipe),
      o_(*parameters[o], recipe),
      gate_(*parameters[gate], recipe),
      up_(*parameters[up], recipe),
      down_(*parameters[down], recipe),
      attention_(shape.sequence, shape.head()) {}

void block::turn(matrix& m, const rotation& by, bool backward, const pass& p) const {
  p.threads.run(rows_of(m), [&](std::size_t i) {
    by.turn(row_of(m, i), columns_of(m), i % shape_.sequence, backward);
  });
}

void block::keep(matrix& m, const pass& p) {
  if (p.cache == nullptr) return;
  out_.resize(m.rows(), m.cols());
  lowp::quantise_operand(*p.cache, {.x = lowp::numbers_of(std::as_const(m))},
                         lowp::numbers_of(out_), {p.threads.threads(), p.threads.pool()});
  m.swap(out_);
}

void block::forward(matrix& x, const rotation& by, const pass& p) {
  for (matrix* m : {&normed1_, &queries_, &keys_, &values_, &mixed_, &normed2_, &out_}) {
    m->resize(x.rows(), x.cols());
  }
  for (matrix* m : {&gates_, &ups_, &hidden_}) m->resize(x.rows(), index_of(shape_.hidden()));

  in1_ = x;
  rms1_.forward(in1_, gain1_->value, normed1_, p.threads);
  q_.forward(normed1_, queries_, p);
  k_.forward(normed1_, keys_, p);
  v_.forward(normed1_, values_, p);
  turn(queries_, by, false, p);
  turn(keys_, by, false, p);
  keep(keys_, p);
  keep(values_, p);
  attention_.forward(queries_, keys_, values_, mixed_, p.threads);
  o_.forward(mixed_, out_, p);
  x += out_;

  in2_ = x;
  rms2_.forward(in2_, gain2_->value, normed2_, p.threads);
  gate_.forward(normed2_, gates_, p);
  up_.forward(normed2_, ups_, p);
  swiglu_forward(gates_, ups_, hidden_, p.threads);
  down_.forward(hidden_, out_, p);
  x += out_;
}

void block::backward(matrix& dx, const rotation& by, const pass& p) {
  for (matrix* m : {&of_normed_, &of_queries_, &of_keys_, &of_values_}) {
    m->resize(dx.rows(), dx.cols());
  }
  for (matrix* m : {&of_gates_, &of_ups_, &of_hidden_}) {
    m->resize(dx.rows(), index_of(shape_.hidden()));
  }

  down_.backward(hidden_, dx, of_hidden_, p);
  swiglu_backward(gates_, ups_, of_hidden_, of_gates_, of_ups_, p.threads);
  gate_.backward(normed2_, of_gates_, of_normed_, p);
  up_.backward(normed2_, of_ups_, out_, p);
  of_normed_ += out_;
  rms2_.backward(in2_, gain2_->value, of_normed_, dx, gain2_->gradient, p.threads, p.ranks);

  o_.backward(mixed_, dx, out_, p);
  attention_.backward(queries_, keys_, values_, out_, of_queries_, of_keys_, of_values_, p.threads);
  turn(of_queries_, by, true, p);
  turn(of_keys_, by, true, p);
  q_.backward(normed1_, of_queries_, of_normed_, p);
  k_.backward(normed1_, of_keys_, out_, p);
  of_normed_ += out_;
  v_.backward(normed1_, of_values_, out_, p);
  of_normed_ += out_;
  rms1_.backward(in1_, gain1_->value, of_normed_, dx, gain1_->gradient, p.threads, p.ranks);
}

}  // namespace language
