// SPDX-License-Identifier: Apache-2.0
/// \file
/// What kernels share about vectors: integers as bits of floating-point lanes, codes in containers
/// of 8 to 64 bits to lanes and back.
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "plan.hpp"

#if defined(LOWP_SIMD_LANES_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_SIMD_LANES_INL_HPP
#undef LOWP_SIMD_LANES_INL_HPP
#else
#define LOWP_SIMD_LANES_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

/// Lanes behind the last element that stages may read and write.
inline constexpr std::size_t chunk_room = 64;

inline std::size_t vector_bytes() { return hn::Lanes(hn::ScalableTag<std::uint8_t>()); }

/// Do the kernels work here? Whole vectors of any lanes must fill a chunk, so that none leaves its
/// buffers; those of RVV may be longer.
inline bool has_kernels() { return host_is_supported && chunk_size % vector_bytes() == 0; }

/// A value for all lanes, kept as a vector where vectors can be members of classes: not where their
/// length is unknown.
template <class D>
class constant {
 public:
  explicit HWY_INLINE constant(hn::TFromD<D> x)
#if HWY_HAVE_SCALABLE
      : value(x) {
  }
  HWY_INLINE hn::VFromD<D> operator()() const { return hn::Set(D(), value); }

 private:
  hn::TFromD<D> value;
#else
      : value(hn::Set(D(), x)) {
  }
  HWY_INLINE hn::VFromD<D> operator()() const { return value; }

 private:
  hn::VFromD<D> value;
#endif
};

/// Lanes of non-negative integers below 2^t, t the lane format's trailing bits, as the bits of that
/// format.
template <class D>
HWY_INLINE hn::VFromD<D> bits_of_integer(D d, hn::VFromD<D> x) {
  const hn::RebindToSigned<D> di;
  const hn::RebindToFloat<D> df;
  if constexpr (sizeof(hn::TFromD<D>) == 4) {
    return hn::BitCast(d, hn::ConvertTo(df, hn::BitCast(di, x)));
  } else {
    // 2^52 + x has the bits of x at its end; the difference is exact.
    const auto magic = hn::Set(d, std::uint64_t{0x4330000000000000});
    const auto sum = hn::BitCast(df, hn::Or(x, magic));
    const auto value = hn::BitCast(d, hn::Sub(sum, hn::BitCast(df, magic)));
    return hn::IfThenZeroElse(hn::Eq(x, hn::Zero(d)), value);
  }
}

/// Asks for the numbers 24 KiB further on while those at x are worked on, for the second-level
/// cache: the first one's few open requests would not keep memory busy.
HWY_INLINE void prefetch(const float* x) {
  constexpr std::size_t ahead = 24 << 10, line = 64;
  const auto at = reinterpret_cast<std::uintptr_t>(x) + ahead;
  for (std::size_t i = 0; i < HWY_MAX_BYTES * sizeof(float); i += line) {
    __builtin_prefetch(reinterpret_cast<const void*>(at + i), 0, 2);
  }
}

/// Lanes from codes in containers of `Code`.
template <class Code, class D>
HWY_INLINE hn::VFromD<D> load_codes(D d, const Code* codes) {
  if constexpr (sizeof(Code) == sizeof(hn::TFromD<D>)) {
    return hn::LoadU(d, codes);
  } else if constexpr (2 * sizeof(Code) >= sizeof(hn::TFromD<D>) || sizeof(hn::TFromD<D>) == 4) {
    return hn::PromoteTo(d, hn::LoadU(hn::Rebind<Code, D>(), codes));
  } else {
    const hn::Rebind<std::uint32_t, D> d32;
    return hn::PromoteTo(d, load_codes(d32, codes));
  }
}

/// Lanes below 2^(8 sizeof(Code)) to containers of `Code`.
template <class Code, class D>
HWY_INLINE void store_codes(D d, hn::VFromD<D> code, Code* codes) {
  if constexpr (sizeof(Code) == sizeof(hn::TFromD<D>)) {
    hn::StoreU(code, d, codes);
  } else if constexpr (sizeof(hn::TFromD<D>) <= 4) {
    const hn::RebindToSigned<D> di;
    const hn::Rebind<Code, D> dc;
    hn::StoreU(hn::DemoteTo(dc, hn::BitCast(di, code)), dc, codes);
  } else {
    HWY_ALIGN hn::TFromD<D> words[HWY_MAX_BYTES / sizeof(hn::TFromD<D>)];
    hn::Store(code, d, words);
    for (std::size_t i = 0; i < hn::Lanes(d); ++i) codes[i] = static_cast<Code>(words[i]);
  }
}

/// Calls `stage` with a null pointer to the unsigned integer of so many bytes.
template <class Stage>
HWY_INLINE void with_container(int bytes, const Stage& stage) {
  switch (bytes) {
    case 1: return stage(static_cast<std::uint8_t*>(nullptr));
    case 2: return stage(static_cast<std::uint16_t*>(nullptr));
    case 4: return stage(static_cast<std::uint32_t*>(nullptr));
    default: return stage(static_cast<std::uint64_t*>(nullptr));
  }
}

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
