// SPDX-License-Identifier: Apache-2.0
/// \file
/// IEEE P3109 interim report 4.0 under its own names: formats, projections, operations,
/// comparisons, blocks, kappa. The report is an unapproved draft; lowp follows it and claims no
/// conformance to a standard. The conformance table is in spec/p3109.md, the declaration files
/// beside it: IEP-15.
#ifndef LOWP_P3109_HPP
#define LOWP_P3109_HPP

#include "p3109/block.hpp"
#include "p3109/compare.hpp"
#include "p3109/format.hpp"
#include "p3109/kappa.hpp"
#include "p3109/minimum_set.hpp"
#include "p3109/operations.hpp"
#include "p3109/projection.hpp"

#endif  // LOWP_P3109_HPP
