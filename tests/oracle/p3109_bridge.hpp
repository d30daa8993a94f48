// SPDX-License-Identifier: Apache-2.0
/// \file
/// Formats and projection specifications of the model of IEEE P3109 as those of lowp::p3109.
#ifndef LOWP_TESTS_ORACLE_P3109_BRIDGE_HPP
#define LOWP_TESTS_ORACLE_P3109_BRIDGE_HPP

#include <cstdint>
#include <string>
#include <vector>

#include <lowp/p3109.hpp>

#include "p3109_model.hpp"

namespace draft {

namespace p3109 = lowp::p3109;

inline lowp::format format_of(const parameters& f) {
  if (f.external) return lowp::ieee_format(f.K - f.P, f.P - 1);
  return p3109::Binary(f.K, f.P,
                       f.is_signed ? p3109::Signedness::Signed : p3109::Signedness::Unsigned,
                       f.extended ? p3109::Domain::Extended : p3109::Domain::Finite);
}

inline p3109::ProjSpec spec_of(const specification& s) {
  return {.round = static_cast<p3109::RoundingMode>(s.round),
          .sat = static_cast<p3109::SaturationMode>(s.sat),
          .N = static_cast<std::uint8_t>(s.N),
          .R = s.R,
          .version = s.formal ? p3109::FormalSpecification_2026_07 : p3109::InterimReport_4_0};
}

// The six deterministic modes x three saturations x both versions.
inline std::vector<specification> all_specifications() {
  std::vector<specification> all;
  for (int round = 0; round < 6; ++round) {
    for (int sat = 0; sat < 3; ++sat) {
      for (const bool formal : {false, true}) {
        all.push_back({static_cast<mode>(round), static_cast<saturation>(sat), formal, 0, 0});
      }
    }
  }
  return all;
}

inline std::string text(const specification& s) {
  return "mode " + std::to_string(static_cast<int>(s.round)) + " saturation " +
         std::to_string(static_cast<int>(s.sat)) + (s.formal ? " formal" : " report") + " N " +
         std::to_string(s.N) + " R " + std::to_string(s.R);
}

}  // namespace draft

#endif  // LOWP_TESTS_ORACLE_P3109_BRIDGE_HPP
