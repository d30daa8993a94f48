// SPDX-License-Identifier: Apache-2.0
/// \file
/// What most users need of integers. One of the headers that it includes is enough for one wish:
/// - integers of 1 to 16 bits as types: intn.hpp
/// - one number to an integer and back: affine.hpp, quantise_rules.hpp
/// - arrays of them, packed, a scale for each channel or group: quantise_array.hpp, tiling.hpp
/// - scale and zero point: affine_parameters.hpp, min_max_rules.hpp, fbgemm_parameters.hpp
/// - the same from histograms or by the error: calibration.hpp, error_search.hpp
/// - sums of products as processors make them: dot.hpp, dots.hpp
/// - such sums to few bits: requantise.hpp, requantisations.hpp
/// Embedding tables: table/table.hpp. Functions on whole arrays check their arguments and return an
/// error; those on a number, a row of known size or a pointer do not.
#ifndef LOWP_INTEGER_INTEGER_HPP
#define LOWP_INTEGER_INTEGER_HPP

#include "calibration.hpp"
#include "dots.hpp"
#include "error_search.hpp"
#include "fbgemm_parameters.hpp"
#include "intn.hpp"
#include "min_max_rules.hpp"
#include "quantise_array.hpp"
#include "quantise_rules.hpp"
#include "requantisations.hpp"

#endif  // LOWP_INTEGER_INTEGER_HPP
