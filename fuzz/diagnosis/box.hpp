// SPDX-License-Identifier: Apache-2.0
/// \file
/// An implementation of a row as the black box that diagnoses ask.
#ifndef LOWP_FUZZ_DIAGNOSIS_BOX_HPP
#define LOWP_FUZZ_DIAGNOSIS_BOX_HPP

#include <lowp/golden/black_box.hpp>

#include "../implementation.hpp"

namespace lowp::tool {

/// How batches are made.
struct box_options {
  std::size_t cases_per_batch = 4096;
  std::uint64_t seed = 0;
  std::uint32_t stream = 0;
};

/// Asks in batches; cases are numbered from 0 on with every call. The row must outlive the box.
golden::black_box box_of(const implementation& row, const box_options& options = {});

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_DIAGNOSIS_BOX_HPP
