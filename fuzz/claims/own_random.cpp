// SPDX-License-Identifier: Apache-2.0
// Claims of stochastic conversions that draw their random bits: "convert binary32 bfloat16
// round=stochastic_a random_bits=16 random=own".
#include <fmt/format.h>

#include "../inputs.hpp"
#include "kinds.hpp"

namespace lowp::tool {

parsed_claim own_random_conversion(const conversion_rule& rule) {
  conversion_rule down = rule;
  down.last.round = toward_zero;
  down.last.random_bits = 0;
  conversion_rule up = down;
  up.last.round = away_from_zero;
  const claim plain = claim_of(down);
  claim out{fmt::format("{} -> {}, stochastic, random bits of its own", format_name(rule.from),
                        format_name(rule.to)),
            plain.source,
            plain.in,
            plain.out,
            plain.golden,
            plain.make,
            plain.directed};
  out.own_random = true;
  // What lies between two codes may become either.
  out.accepts = [down, up](const code_t* o, const code_t* r) {
    return *r == apply(down, *o) || *r == apply(up, *o);
  };
  out.suspects.push_back(
      {"rounds to nearest, claimed stochastic", [down](const code_t* o, code_t* r) {
         conversion_rule nearest = down;
         nearest.last.round = to_nearest_even;
         *r = apply(nearest, *o);
       }});
  return array_claim(std::move(out));
}

}  // namespace lowp::tool
