// SPDX-License-Identifier: Apache-2.0
/// \file
/// Quantised collectives without a transport: codecs, messages, operations of many ranks.
#ifndef LOWP_COLLECTIVE_COLLECTIVE_HPP
#define LOWP_COLLECTIVE_COLLECTIVE_HPP

#include "all_gather.hpp"
#include "all_reduce.hpp"
#include "all_to_all.hpp"
#include "reduce_scatter.hpp"
#include "wire_codecs.hpp"

#endif  // LOWP_COLLECTIVE_COLLECTIVE_HPP
