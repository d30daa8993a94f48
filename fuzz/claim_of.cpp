// SPDX-License-Identifier: Apache-2.0
// Every kind of golden model in the shape of a claim.
#include <algorithm>
#include <utility>

#include "claim_terms.hpp"
#include "claims/suspects.hpp"
#include "dot_inputs.hpp"
#include "implementation.hpp"
#include "inputs.hpp"

namespace lowp::tool {

namespace {

// Directed operands first, then random ones.
void make_small_cases(claim& c, const golden_model& model) {
  const auto n = code_count(c.in);
  auto directed = std::make_shared<const std::vector<operands>>(directed_inputs(model));
  c.directed = directed->size();
  c.make = [n, directed, model](std::uint64_t seed, std::uint64_t index, code_t* out) {
    const operands o = index < directed->size()
                           ? (*directed)[index]
                           : random_operands(model, seed, index - directed->size());
    std::copy_n(o.begin(), n, out);
  };
}

}  // namespace

claim claim_of(const golden_model& model) {
  if (const auto* c = std::get_if<std::shared_ptr<const claim>>(&model)) return **c;
  claim c{operation_text(model),
          model_source(model),
          operand_fields(model),
          result_fields(model),
          {},
          {}};
  c.terms = terms_of(model);
  if (const auto* m = std::get_if<dot_model>(&model)) {
    c.golden = [engine = dot_engine(*m)](const code_t* o, code_t* d) { *d = engine(o); };
    c.suspects = suspects_of(*m, c.golden);
    const dot_inputs inputs(*m);
    c.directed = 2 * inputs.directed();
    c.make = [inputs](std::uint64_t seed, std::uint64_t index, code_t* o) {
      inputs.make(seed, index, o);
    };
    return c;
  }
  c.golden = [model](const code_t* o, code_t* r) { *r = expected_code(model, o); };
  if (const auto* m = std::get_if<arithmetic_model>(&model)) c.suspects = suspects_of(*m);
  if (const auto* m = std::get_if<instruction_model>(&model)) {
    const instruction_inputs inputs(*m);
    c.directed = inputs.directed();
    c.make = [inputs](std::uint64_t seed, std::uint64_t index, code_t* o) {
      inputs.make(seed, index, o);
    };
    return c;
  }
  make_small_cases(c, model);
  return c;
}

}  // namespace lowp::tool
