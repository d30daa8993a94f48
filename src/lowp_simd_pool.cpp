// SPDX-License-Identifier: Apache-2.0
/// \file
/// The unit of a program that holds the definition of lowp/simd/pool_rows.hpp.
#include <lowp/simd/implementation_pool.hpp>
