// SPDX-License-Identifier: Apache-2.0
// error: nodiscard
#include <lowp/integer/table/rowwise_codecs.hpp>
#include <lowp/integer/table/rowwise_convert.hpp>
#include <lowp/types.hpp>

bool use(std::span<const lowp::float32> x, std::span<std::byte> rows) {
#ifdef CORRECTED
  return lowp::quantise_rows(lowp::rowwise_codecs::q8_sbhalf, x, 4, rows) ==
         lowp::rowwise_error::none;
#else
  lowp::quantise_rows(lowp::rowwise_codecs::q8_sbhalf, x, 4, rows);
  return true;
#endif
}
