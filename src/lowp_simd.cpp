// SPDX-License-Identifier: Apache-2.0
/// \file
/// The unit of a program that holds the definitions of lowp/simd/convert.hpp and compute.hpp.
#include <lowp/simd/implementation_convert.hpp>
