// SPDX-License-Identifier: Apache-2.0
/// \file
/// One conversion of one implementation as a row of data. The rows are in one file per vendor;
/// all_rules.hpp gathers them and finds them by name.
#ifndef LOWP_HARDWARE_CONVERSION_RULE_HPP
#define LOWP_HARDWARE_CONVERSION_RULE_HPP

#include <cstdint>

#include "../convert.hpp"
#include "../formats.hpp"

namespace lowp {

/// How it is known that an implementation behaves as its row says, strongest first.
enum class evidence : std::uint8_t {
  run,          ///< the implementation was executed and compared
  transcribed,  ///< its source was rewritten and the copy executed
  measured,     ///< the source states that it was measured on hardware
  source,       ///< read in source or specification text
  inferred,     ///< follows from sources that do not say it
};

/// The mark as a word.
LOWP_FN const char* name(evidence e) noexcept {
  switch (e) {
    case evidence::run: return "run";
    case evidence::transcribed: return "transcribed";
    case evidence::measured: return "measured";
    case evidence::source: return "source";
    case evidence::inferred: return "inferred";
  }
  return "unknown";
}

/// Who behaves so, and how that is known; shared by the rows of one family.
struct rule_origin {
  /// One way of converting under one name for all pairs of formats ("CUDA 13 satfinite"): the rows
  /// of a policy have different formats, see `find_rule(policy, from, to)`.
  const char* policy;
  const char* vendor;
  evidence mark;
  const char* source;
};

/// One conversion by one implementation between two formats. spec/conversion.md CVT-6.
///
/// The name is `<who>.<to>[.<variant>...][.from_<from>]`, the source left out when it is binary32;
/// instructions that fix both formats go by `<who>.<mnemonic>[.<variant>]`.
struct conversion_rule {
  const char* name;
  rule_origin origin;
  format from;
  format to;
  projection last;         ///< the projection into `to`
  const char* notes = "";  ///< what a reader must know besides; may be empty
  /// Implementations that round twice go through this format; its width is 0 for all others.
  format via = {};
  projection first = {};  ///< the projection from `from` into `via`
};

/// True if the rule is a composition of two conversions. spec/conversion.md CVT-7.
LOWP_FN bool rounds_twice(const conversion_rule& rule) noexcept { return rule.via.width != 0; }

/// The code that the implementation returns. `random`: the word with the random bits of a
/// stochastic rule, as `projection::random_from` says, else unused.
LOWP_FN code_t apply(const conversion_rule& rule, code_t code, std::uint64_t random = 0) noexcept {
  if (!rounds_twice(rule)) return convert(rule.from, code, rule.to, rule.last, random);
  const code_t between = convert(rule.from, code, rule.via, rule.first, random);
  return convert(rule.via, between, rule.to, rule.last, random);
}

/// A rule that rounds twice, written in the order of its steps.
LOWP_FN conversion_rule two_steps(const char* name, const rule_origin& origin, format from,
                                  const projection& first, format via, const projection& last,
                                  format to, const char* notes) noexcept {
  return {name, origin, from, to, last, notes, via, first};
}

/// A projection that means the same for every pair of formats.
struct named_projection {
  const char* name;
  projection value;
  const char* source;
};

/// The tables of rules; the formats that occur in them, before types of the same names in lowp.
namespace rules {

using formats::bfloat16;
using formats::binary16;
using formats::binary32;
using formats::binary64;
using formats::e2m1;
using formats::e2m3;
using formats::e3m0;
using formats::e3m2;
using formats::e3m4;
using formats::e4m3;
using formats::e4m3b11fnuz;
using formats::e4m3fn;
using formats::e4m3fnuz;
using formats::e5m2;
using formats::e5m2fnuz;
using formats::e8m0fnu;
using formats::mxint8;
using formats::tf32;
using formats::ue4m3;

}  // namespace rules

}  // namespace lowp

#endif  // LOWP_HARDWARE_CONVERSION_RULE_HPP
