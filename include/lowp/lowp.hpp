// SPDX-License-Identifier: Apache-2.0
/// \file
/// What most users need of the core: formats, values, projections, conversion, number types with
/// their operators, text. Apart, because they take compilers longer: math.hpp and elementary.hpp,
/// operations.hpp, accumulator.hpp, reduce.hpp, augmented.hpp, p3109.hpp.
#ifndef LOWP_LOWP_HPP
#define LOWP_LOWP_HPP

#include "codec.hpp"
#include "compare.hpp"
#include "config.hpp"
#include "convert.hpp"
#include "find_format.hpp"
#include "formats.hpp"
#include "limits.hpp"
#include "number.hpp"
#include "operators.hpp"
#include "projection.hpp"
#include "projection_members.hpp"
#include "properties.hpp"
#include "text.hpp"
#include "types.hpp"

#endif  // LOWP_LOWP_HPP
