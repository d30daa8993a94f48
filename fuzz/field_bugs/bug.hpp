// SPDX-License-Identifier: Apache-2.0
/// \file
/// What the faulty plug-ins share: their shape, and right results for the inputs that a fault
/// leaves alone. Numbers FB-n: README.md.
#ifndef LOWP_FUZZ_FIELD_BUGS_BUG_HPP
#define LOWP_FUZZ_FIELD_BUGS_BUG_HPP

#include <cstddef>
#include <cstdint>
#include <utility>

#include <lowp/golden/vendor.h>
#include <lowp/lowp.hpp>

namespace field_bugs {

using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;

template <auto Function, class Out, class... In>
int run_function(const lowp_vendor_batch* b, Out (*)(In...)) {
  return [&]<std::size_t... K>(std::index_sequence<K...>) {
    auto* out = static_cast<Out*>(b->out[0]);
    for (std::size_t i = 0; i < b->cases; ++i) {
      out[i] = Function(static_cast<const In*>(b->in[K])[i]...);
    }
    return 0;
  }
  (std::index_sequence_for<In...>{});
}

/// A `lowp_vendor_operation::run` that calls a function of codes for every case.
template <auto Function>
int each(void*, const lowp_vendor_batch* b) {
  return run_function<Function>(b, +Function);
}

/// One that calls a function of whole batches.
template <void (*Function)(const lowp_vendor_batch&)>
int whole(void*, const lowp_vendor_batch* b) {
  Function(*b);
  return 0;
}

/// The right conversion.
inline u32 right(lowp::format from, u64 code, lowp::format to, const lowp::projection& p = {}) {
  return static_cast<u32>(lowp::convert(from, code, to, p));
}

inline constexpr lowp::projection saturating{.overflow = lowp::saturate};

// Parts of a binary32 code.
inline u32 exponent_of(u32 x) { return x >> 23 & 0xff; }
inline u32 fraction_of(u32 x) { return x & 0x7fffff; }
inline bool is_nan32(u32 x) { return (x & 0x7fffffff) > 0x7f800000; }

}  // namespace field_bugs

#endif  // LOWP_FUZZ_FIELD_BUGS_BUG_HPP
