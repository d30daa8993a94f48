// SPDX-License-Identifier: Apache-2.0
/// \file
/// What most users need of embedding tables and of rows with their own scale. One of the headers
/// that it includes is enough for one wish:
/// - rows in the bytes of a published codec: rowwise_convert.hpp, rowwise_codecs.hpp
/// - better ranges for rows after training: quantisers.hpp
/// - code books for rows or groups of rows: code_book.hpp
/// - sums and means of bags of rows: bag.hpp
/// At speed: simd/rowwise.hpp. Functions on whole tables check their arguments and return an error;
/// those on one row do not.
#ifndef LOWP_INTEGER_TABLE_TABLE_HPP
#define LOWP_INTEGER_TABLE_TABLE_HPP

#include "bag.hpp"
#include "code_book.hpp"
#include "quantisers.hpp"
#include "rowwise_codecs.hpp"
#include "rowwise_convert.hpp"

#endif  // LOWP_INTEGER_TABLE_TABLE_HPP
