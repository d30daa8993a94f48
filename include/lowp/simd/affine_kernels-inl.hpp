// SPDX-License-Identifier: Apache-2.0
/// \file
/// All kernels of affine arrays and of the Hadamard transform.
#include "affine-inl.hpp"
#include "hadamard-inl.hpp"
