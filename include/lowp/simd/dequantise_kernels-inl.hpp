// SPDX-License-Identifier: Apache-2.0
/// \file
/// The kernels that read block formats, for units that compile them with their own flags.
#include "block_dot-inl.hpp"
#include "dequantise_lines-inl.hpp"
#include "dequantise_rows-inl.hpp"
