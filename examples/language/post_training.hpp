// SPDX-License-Identifier: Apache-2.0
// A trained model with weights, activations, or the cache of keys and values in other formats.
#ifndef LOWP_EXAMPLES_LANGUAGE_POST_TRAINING_HPP
#define LOWP_EXAMPLES_LANGUAGE_POST_TRAINING_HPP

#include <string>
#include <vector>

#include "trainer.hpp"

namespace language {

// Names of block formats, or of formats of elements; "binary32": as they are.
struct format_choice {
  std::string weights = "binary32", activations = "binary32", cache = "binary32";
};

// What becomes of numbers: of a block format by its default recipe; of elements of 8 bits or fewer
// under the factor of their tensor, saturating; of wider ones to nearest. Throws
// std::invalid_argument, which names `argument`.
lowp::operand_rule rule_named(const std::string& name, const std::string& argument);

struct evaluation {
  format_choice formats;
  double weight_bits = 32, activation_bits = 32, cache_bits = 32;
  double head_weight_bits = 32, head_activation_bits = 32;
  double loss = 0;         // on what is held out
  double logit_error = 0;  // norm of the difference of logits from those in binary32, by their norm

  double perplexity() const;
};

// The model of a trainer, evaluated on what it holds out. Weights and activations of the head are
// bfloat16 where those of the other layers are not binary32.
std::vector<evaluation> evaluate(trainer& t, const std::vector<format_choice>& choices);

// Of each item that names a format: weights, activations and cache each in it, the others as they
// are, and all three. Of one with two colons, WEIGHTS:ACTIVATIONS:CACHE, that choice; nothing
// between them means binary32. All as they are comes first. Throws std::invalid_argument, which
// names `argument`.
std::vector<format_choice> choices_of(const std::vector<std::string>& items,
                                      const std::string& argument);

}  // namespace language

#endif  // LOWP_EXAMPLES_LANGUAGE_POST_TRAINING_HPP
