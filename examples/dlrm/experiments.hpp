// SPDX-License-Identifier: Apache-2.0
// Which trainings are compared, as data.
#ifndef LOWP_EXAMPLES_DLRM_EXPERIMENTS_HPP
#define LOWP_EXAMPLES_DLRM_EXPERIMENTS_HPP

#include <cstdint>
#include <string>
#include <vector>

#include "training.hpp"

namespace dlrm {

struct experiment {
  std::string codec, rounding;  // labels; rounding: nearest or stochastic
  std::string where;            // all three exchanges, or the only one under the codec
  wires codecs;
  bool has_other_start = false;  // other initial parameters: what is within noise
};

// Row-wise codecs have a scale for each embedding, and for each 128 gradients of layers.
inline lowp::wire_codec of_embeddings(const lowp::wire_codec& c) {
  return c.kind == lowp::wire_kind::rows ? lowp::with_row(c, dimensions) : c;
}

inline std::vector<experiment> all_experiments() {
  std::vector<experiment> all{{"fp32", "nearest", "all", {}, false},
                              {"fp32, other start", "nearest", "all", {}, true}};
  for (const char* name : {"fp16", "bf16", "fp8_e4m3", "int8", "mxfp4", "int4", "int2"}) {
    const lowp::wire_codec nearest = lowp::find_wire_codec(name)->value;
    for (const bool is_stochastic : {false, true}) {
      const lowp::wire_codec c = is_stochastic ? lowp::with_stochastic(nearest) : nearest;
      for (const bool feedback : {false, true}) {
        all.push_back({name,
                       is_stochastic ? "stochastic" : "nearest",
                       "all",
                       {of_embeddings(c), of_embeddings(c), c, feedback}});
      }
    }
  }
  // Which exchange it is that few bits harm.
  for (const char* name : {"int4", "int2"}) {
    const lowp::wire_codec c = lowp::find_wire_codec(name)->value;
    all.push_back({name, "nearest", "embeddings", {.forward = of_embeddings(c)}});
    all.push_back({name, "nearest", "their gradients", {.backward = of_embeddings(c)}});
    all.push_back({name, "nearest", "layers", {.reduce = c}});
  }
  return all;
}

inline std::string name_of(const experiment& e) {
  std::string name = e.codec;
  if (e.rounding != "nearest") name += ", " + e.rounding;
  if (e.codecs.feedback) name += ", feedback";
  if (e.where != "all") name += ", only " + e.where;
  return name;
}

}  // namespace dlrm

#endif  // LOWP_EXAMPLES_DLRM_EXPERIMENTS_HPP
