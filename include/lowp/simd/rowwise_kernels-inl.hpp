// SPDX-License-Identifier: Apache-2.0
/// \file
/// All kernels of rows.
#include "rowwise_decode-inl.hpp"
#include "rowwise_encode-inl.hpp"
