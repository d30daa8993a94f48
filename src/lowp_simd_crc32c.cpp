// SPDX-License-Identifier: Apache-2.0
/// \file
/// The unit of a program that holds the definition of lowp/simd/crc32c.hpp.
#include <lowp/simd/implementation_crc32c.hpp>
