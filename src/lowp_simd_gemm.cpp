// SPDX-License-Identifier: Apache-2.0
/// \file
/// The unit of a program that holds the definitions of lowp/hardware/gemm/gemm.hpp.
#include <lowp/hardware/gemm/implementation_gemm.hpp>
