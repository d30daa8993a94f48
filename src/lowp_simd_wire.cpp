// SPDX-License-Identifier: Apache-2.0
/// \file
/// The unit of a program that holds the definitions of lowp/collective/wire_coder.hpp.
#include <lowp/collective/implementation_wire.hpp>
