// SPDX-License-Identifier: Apache-2.0
/// \file
/// The unit of a program that holds the definitions of lowp/training/operand_statistics.hpp.
#include <lowp/training/implementation_statistics.hpp>
