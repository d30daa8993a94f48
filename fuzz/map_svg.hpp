// SPDX-License-Identifier: Apache-2.0
/// \file
/// Maps of outcomes as pictures inside a page.
#ifndef LOWP_FUZZ_MAP_SVG_HPP
#define LOWP_FUZZ_MAP_SVG_HPP

#include <string>

#include "diagnosis/outcome_map.hpp"

namespace lowp::tool {

/// An `<svg>` element with axes and legend, about 700 pixels wide. ASCII.
std::string to_svg(const outcome_map& map);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_MAP_SVG_HPP
