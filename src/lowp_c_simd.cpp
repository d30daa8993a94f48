// SPDX-License-Identifier: Apache-2.0
/// \file
/// The C ABI at speed: calls of the library lowp_simd, whose exceptions end here.
#include "lowp_c_simd.hpp"

#include <exception>
#include <new>

#include <lowp/hardware/gemm/gemm.hpp>
#include <lowp/simd/convert.hpp>
#include <lowp/simd/dequantise.hpp>
#include <lowp/simd/quantise.hpp>

namespace lowp::c::simd {

namespace {

template <class Work>
int guarded(const call& c, Work work) noexcept {
  try {
    work();
    return LOWP_OK;
  } catch (const std::bad_alloc&) {
    return refuse(LOWP_NO_MEMORY, "%s: no memory for the call", c.function);
  } catch (const std::exception& e) {
    return refuse(LOWP_BAD_COMBINATION, "%s: %s", c.function, e.what());
  }
}

}  // namespace

int convert(const call& c, const array_conversion& how, bytes in, std::byte* out, std::size_t n,
            std::uint64_t first) noexcept {
  return guarded(c, [&] {
    lowp::convert({in, static_cast<std::size_t>(bytes_of(how.from, n))}, how.from,
                  {out, static_cast<std::size_t>(bytes_of(how.to, n))}, how.to, n, how.p,
                  {.random = how.random, .first = first});
  });
}

int quantise(const call& c, const block_quantisation& q, const number_matrix<const float>& in,
             const float* outer_amax, float* outer, block_buffers out) noexcept {
  return guarded(c,
                 [&] { lowp::quantise(in, q, out, {.outer_amax = outer_amax, .outer = outer}); });
}

int dequantise(const call& c, const block_matrix& m, const_block_buffers in, const float* outer,
               const number_matrix<float>& out) noexcept {
  return guarded(c, [&] { lowp::dequantise(m, in, out, {.outer = outer}); });
}

int multiply(const call& c, const mma_model& unit, const product& x) noexcept {
  return guarded(
      c, [&] { lowp::gemm({.unit = unit}, x.a, x.b, x.c, x.d, {.a = x.scale_a, .b = x.scale_b}); });
}

}  // namespace lowp::c::simd
