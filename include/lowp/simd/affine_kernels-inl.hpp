// SPDX-License-Identifier: Apache-2.0
/// \file
/// All kernels of affine arrays, of the Hadamard transform and of pooling.
#include "affine-inl.hpp"
#include "hadamard-inl.hpp"
