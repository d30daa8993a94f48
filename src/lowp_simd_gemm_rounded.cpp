// SPDX-License-Identifier: Apache-2.0
/// \file
/// The unit of a program that holds the kernels of lowp/hardware/gemm/gemm.hpp for sums that are
/// not aligned.
#include <lowp/hardware/gemm/implementation_gemm_rounded.hpp>
