// SPDX-License-Identifier: Apache-2.0
/// \file
/// A linear layer that ranks share, by its tokens (data and sequence parallel), its outputs (column
/// parallel) or its inputs (row parallel), with the bits of one rank. spec/training.md TRN-13.
#ifndef LOWP_TRAINING_SHARDED_LINEAR_HPP
#define LOWP_TRAINING_SHARDED_LINEAR_HPP

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "../collective/all_gather.hpp"
#include "../collective/wire_codecs.hpp"
#include "linear.hpp"
#include "slice_joins.hpp"

namespace lowp {

/// The dimension of a layer that its ranks share. The product that contracts it is joined.
enum class layer_split : std::uint8_t {
  tokens,   ///< rows of X, Y and their gradients; weight gradients are joined
  inputs,   ///< columns of X and W; outputs are joined
  outputs,  ///< rows of W, columns of Y; gradients of the inputs are joined
};

/// The product whose contraction ranks share.
LOWP_FN training_product joined_product(layer_split s) noexcept {
  switch (s) {
    case layer_split::tokens: return training_product::weight_gradient;
    case layer_split::inputs: return training_product::forward;
    case layer_split::outputs: break;
  }
  return training_product::input_gradient;
}

/// A layer whose ranks hold equal parts of one of its dimensions. All ranks make the same calls in
/// the same order. TRN-13.
class sharded_linear {
 public:
  /// `ranks` is kept by reference. Throws `array_error`: the joined product's sum is not in slices
  /// that are joined in pairs, or the ranks do not divide the slices.
  sharded_linear(const training_recipe& recipe, std::uint32_t tensor, layer_split split,
                 transport& ranks)
      : split_(split), ranks_(ranks), layer_(local(recipe, split, ranks.self().size), tensor) {}

  layer_split split() const noexcept { return split_; }
  emulated_linear& layer() noexcept { return layer_; }

  /// Y = X W^T, of this rank's parts; with shared inputs Y is whole, the same on all ranks. Throws
  /// `array_error`, as `backward` does, on all ranks or on none: matrices that do not fit on the
  /// other ranks or that one of them refuses, other calls, and, of a product to be joined, parts
  /// that are no whole instructions of all its slices. Then nothing has changed.
  void forward(const number_matrix<const float>& x, const number_matrix<const float>& w,
               const number_matrix<float>& y, const linear_options& o = {}) {
    const bool joins = split_ == layer_split::inputs;
    const linear_options here = placed(o, x.shape, w.shape);
    agree({x.shape, w.shape, 0, joins}, [&] { layer_.check_forward(x, w, y, here); });
    layer_.forward(x, w, y, here);
    if (joins) join(y);
  }

  /// dX = dY W and dW = dY^T X, of this rank's parts; what contracts the shared dimension is whole,
  /// the same on all ranks. Weight gradients cannot be both added to others and joined.
  void backward(const number_matrix<const float>& x, const number_matrix<const float>& w,
                const number_matrix<const float>& dy, const number_matrix<float>& dx,
                const number_matrix<float>& dw, const linear_options& o = {}) {
    const bool joins_inputs = split_ == layer_split::outputs && dx.x != nullptr,
               joins_weights = split_ == layer_split::tokens && dw.x != nullptr;
    const linear_options here = placed(o, x.shape, w.shape);
    const std::uint32_t wanted = 1u + 2 * (dx.x != nullptr) + 4 * (dw.x != nullptr);
    agree({x.shape, w.shape, wanted, joins_inputs || joins_weights}, [&] {
      if (joins_weights && o.accumulate) {
        throw array_error(
            "sharded_linear: accumulate is set, but gradients that ranks join cannot "
            "be added to others");
      }
      layer_.check_backward(x, w, dy, dx, dw, here);
    });
    layer_.backward(x, w, dy, dx, dw, here);
    if (joins_inputs) join(dx);
    if (joins_weights) join(dw);
  }

 private:
  static training_recipe local(training_recipe r, layer_split split, std::uint32_t ranks) {
    sum_rule& sum = r.product[static_cast<std::size_t>(joined_product(split))].sum;
    const gemm_rule& unit = sum.unit;
    const auto refuse = [&](const std::string& what) {
      throw array_error(std::string("sharded_linear: the sum of product ") +
                        name_of(joined_product(split)) + what);
    };
    if (sum.kind != sum_kind::values) {
      refuse(
          sum.kind == sum_kind::binary32
              ? " is Eigen's, whose order is its own: ranks can share sums of values alone"
              : " is multiplied by factors behind the unit: ranks can share sums of values alone");
    }
    if (ranks > 1 && (!std::has_single_bit(unit.slices) || unit.interleaved ||
                      unit.join != slice_order::pairwise)) {
      refuse(" must be in slices, a power of two of them, joined in pairs (with_slices)");
    }
    if (unit.slices % ranks != 0) {
      refuse(" has " + std::to_string(unit.slices) + " slices, the " + std::to_string(ranks) +
             " ranks must divide them");
    }
    sum.unit.slices /= ranks;
    return r;
  }

  /// The options with this rank's place in the shared dimension.
  linear_options placed(linear_options o, matrix_shape x, matrix_shape w) {
    const rank_of self = ranks_.self();
    const std::uint64_t mine = part_of(x, w);
    const dimension_part part{self.rank * mine, self.size * mine};
    (split_ == layer_split::tokens   ? o.tokens
     : split_ == layer_split::inputs ? o.inputs
                                     : o.outputs) = part;
    if (self.size > 1) o.amax = {greatest_of_ranks, this};
    return o;
  }
  std::uint64_t part_of(matrix_shape x, matrix_shape w) const noexcept {
    return split_ == layer_split::tokens   ? x.rows
           : split_ == layer_split::inputs ? x.columns
                                           : w.rows;
  }

  /// What ranks tell each other before they compute.
  struct call {
    matrix_shape x, w;
    std::uint32_t what;  ///< 0: forward; else 1 and the gradients that are wanted
    bool joins;
  };

  /// All ranks throw or none does: each learns whether `check` throws on another.
  template <class Check>
  void agree(const call& c, const Check& check) {
    if (ranks_.self().size == 1) return check();
    std::string refusal;
    try {
      check();
    } catch (const array_error& e) {
      refusal = e.what();
    }
    // Halves of lengths, each of which binary32 holds; lengths of 2^48 have no memory.
    std::vector<float> mine{refusal.empty() ? 0.0f : 1.0f, static_cast<float>(c.what)};
    for (const std::uint64_t n : {c.x.rows, c.x.columns, c.w.rows}) {
      mine.push_back(static_cast<float>(n >> 24));
      mine.push_back(static_cast<float>(n & 0xffffff));
    }
    const std::vector<float>& all = gather(mine);
    const std::size_t each = mine.size(), ranks = all.size() / each;
    const auto same = [&](std::size_t rank, std::size_t first, std::size_t last) {
      return std::equal(all.data() + first, all.data() + last, all.data() + rank * each + first);
    };
    for (std::size_t r = 1; r < ranks; ++r) {
      const auto refuse = [&](const char* what) {
        throw array_error("sharded_linear: ranks 0 and " + std::to_string(r) + what);
      };
      if (!same(r, 1, 2)) refuse(" make different calls, or want different gradients");
      if (!same(r, 2, each)) refuse(" hold parts of different lengths, they must be equal");
    }
    if (c.joins) check_part(part_of(c.x, c.w));
    if (!refusal.empty()) throw array_error(refusal);
    for (std::size_t r = 0; r < ranks; ++r) {
      if (all[r * each] == 0) continue;
      throw array_error("sharded_linear: rank " + std::to_string(r) +
                        " refuses its matrices or options, and says why");
    }
  }

  void check_part(std::uint64_t mine) const {
    const gemm_rule& rule = layer_.recipe().of(joined_product(split_)).sum.unit;
    const std::uint64_t least = std::uint64_t{rule.slices} * rule.unit.k;
    if (mine % least == 0) return;
    throw array_error("sharded_linear: a rank's part of the contraction is " +
                      std::to_string(mine) + " long, it must be a multiple of " +
                      std::to_string(least) + ", " + std::to_string(rule.slices) +
                      " slices of instructions of " + std::to_string(rule.unit.k));
  }

  static float greatest_of_ranks(void* self, float amax) {
    float greatest = 0;
    // Positive numbers have the order of their bits.
    for (const float a : static_cast<sharded_linear*>(self)->gather({&amax, 1})) {
      if (std::bit_cast<std::uint32_t>(a) > std::bit_cast<std::uint32_t>(greatest)) greatest = a;
    }
    return greatest;
  }

  /// As many numbers of each rank, end to end.
  const std::vector<float>& gather(std::span<const float> mine) {
    static const wire_coder as_they_are(wire_codecs::fp32);
    const std::vector<std::uint64_t> counts(ranks_.self().size, mine.size());
    gathered_.resize(counts.size() * mine.size());
    all_gather(ranks_, mine, gathered_, counts, as_they_are);
    return gathered_;
  }

  /// This rank's sums to those of all.
  void join(const number_matrix<float>& d) {
    const std::size_t ranks = ranks_.self().size, columns = d.shape.columns;
    if (ranks == 1) return;
    mine_.clear();
    for (std::size_t i = 0; i < d.shape.rows; ++i) {
      mine_.insert(mine_.end(), d.x + i * d.stride, d.x + i * d.stride + columns);
    }
    gather(mine_);
    const sum_rule& sum = layer_.recipe().of(joined_product(split_)).sum;
    detail::join_in_pairs(sum.unit.unit, gathered_, ranks, mine_.size());
    for (std::size_t i = 0; i < d.shape.rows; ++i) {
      std::copy_n(gathered_.data() + i * columns, columns, d.x + i * d.stride);
    }
  }

  layer_split split_;
  transport& ranks_;
  emulated_linear layer_;
  std::vector<float> mine_, gathered_;
};

}  // namespace lowp

#endif  // LOWP_TRAINING_SHARDED_LINEAR_HPP
