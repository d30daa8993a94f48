// SPDX-License-Identifier: Apache-2.0
// All steps of a training, with checks, checkpoints, a record and a display of how far it is.
#ifndef LOWP_EXAMPLES_LANGUAGE_TRAINING_LOOP_HPP
#define LOWP_EXAMPLES_LANGUAGE_TRAINING_LOOP_HPP

#include <cstdint>
#include <string>

#include "trainer.hpp"

namespace language {

struct loop_options {
  std::string checkpoint = {};      // file; empty: none
  std::uint64_t every = 50;         // steps between checkpoints
  bool resume = false;              // go on from the checkpoint
  std::string json = {};            // record; empty: none
  std::uint64_t check_every = 50;   // steps between losses on what is held out
  std::uint64_t monitor_every = 0;  // steps between statistics of all tensors; 0: none
  bool quiet = false;               // prints nothing
};

struct loop_result {
  double loss = 0;          // mean of the last steps, at most 50, of this process
  double held_out = 0;      // at the end
  double seconds = 0;       // of this process
  std::uint64_t steps = 0;  // of this process
  std::string failure;      // why it ended before its last step; empty: it did not
};

// Throws checkpoint_error, std::runtime_error. A run fails that has a loss which is not finite, or
// no finite gradient in 50 steps on end.
loop_result run(trainer& t, const loop_options& o);

}  // namespace language

#endif  // LOWP_EXAMPLES_LANGUAGE_TRAINING_LOOP_HPP
