// SPDX-License-Identifier: Apache-2.0
/// \file
/// Emulated training: recipes, operands, products, linear layers, scale states, monitors. Needs
/// Eigen, and the library lowp_simd. spec/training.md.
#ifndef LOWP_TRAINING_TRAINING_HPP
#define LOWP_TRAINING_TRAINING_HPP

#include "divergence.hpp"
#include "eigen_matrix.hpp"
#include "linear.hpp"
#include "loss_scaler.hpp"
#include "operand.hpp"
#include "operand_definition.hpp"
#include "operand_monitor.hpp"
#include "operand_rule.hpp"
#include "operand_statistics.hpp"
#include "product.hpp"
#include "scale_state.hpp"
#include "sharded_linear.hpp"
#include "storage.hpp"
#include "training_random.hpp"
#include "training_recipe.hpp"
#include "training_recipes.hpp"

#endif  // LOWP_TRAINING_TRAINING_HPP
