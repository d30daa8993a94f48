// SPDX-License-Identifier: Apache-2.0
// What makes a run what it is, as JSON: for its records, and for checkpoints, which go on with the
// same run only.
#ifndef LOWP_EXAMPLES_LANGUAGE_SETTING_JSON_HPP
#define LOWP_EXAMPLES_LANGUAGE_SETTING_JSON_HPP

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "trainer.hpp"

namespace language {

// A path need not be UTF-8, JSON must be: other bytes become U+FFFD.
inline nlohmann::ordered_json as_text(const std::string& s) {
  using json = nlohmann::ordered_json;
  return json::parse(json(s).dump(-1, ' ', false, json::error_handler_t::replace));
}

inline nlohmann::ordered_json as_json(const training_setting& s, const data_source& data) {
  return {{"recipe", s.recipe},
          {"exact", s.exact},
          {"data", as_text(data.name())},
          {"data_digest", fmt::format("{:016x}", data.digest())},
          {"layers", s.shape.layers},
          {"width", s.shape.width},
          {"heads", s.shape.heads},
          {"sequence", s.shape.sequence},
          {"batch", s.batch},
          {"steps", s.steps},
          {"seed", s.seed},
          {"rate", s.optimiser.rate},
          {"beta1", s.optimiser.beta1},
          {"beta2", s.optimiser.beta2},
          {"epsilon", s.optimiser.epsilon},
          {"decay", s.optimiser.decay},
          {"clip", s.optimiser.clip},
          {"warm_up", s.optimiser.warm_up},
          {"held_out", s.held_out}};
}

}  // namespace language

#endif  // LOWP_EXAMPLES_LANGUAGE_SETTING_JSON_HPP
