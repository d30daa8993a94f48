// SPDX-License-Identifier: Apache-2.0
// error: counts
#include <lowp/integer/table/rowwise_codecs.hpp>
#include <lowp/simd/rowwise.hpp>

void use(std::span<const float> x, std::span<std::byte> rows, lowp::conversion_counts* counts) {
#ifdef CORRECTED
  (void)counts;
  lowp::quantise_rows(lowp::rowwise_codecs::q8_sbhalf, x, 4, rows, {.threads = 2});
#else
  lowp::quantise_rows(lowp::rowwise_codecs::q8_sbhalf, x, 4, rows, {.counts = counts});
#endif
}
