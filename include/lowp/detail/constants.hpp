// SPDX-License-Identifier: Apache-2.0
/// \file
/// Irrational constants to 1280 bits. Written by tests/export/elementary_constants.py.
#ifndef LOWP_DETAIL_CONSTANTS_HPP
#define LOWP_DETAIL_CONSTANTS_HPP

#include "interval.hpp"

namespace lowp::detail {

/// The first N of the limbs (lowest first) of a number in [2^(binades - 1), 2^binades) that goes
/// on.
template <int N>
LOWP_FN interval<N> leading_limbs(const std::uint64_t (&limbs)[20], int binades) noexcept {
  static_assert(N <= 20);
  interval<N> r;
  for (int i = 0; i < N; ++i) r.limb[i] = limbs[20 - N + i];
  r.exponent = binades - 64 * N;
  r.above = 1;
  return r;
}

/// pi.
template <int N>
LOWP_FN interval<N> pi() noexcept {
  constexpr std::uint64_t table[20] = {
      0x9ed529077096966d, 0x1c62f356208552bb, 0x83655d23dca3ad96, 0x69163fa8fd24cf5f,
      0x98da48361c55d39a, 0xc2007cb8a163bf05, 0x49286651ece45b3d, 0xae9f24117c4b1fe6,
      0xee386bfb5a899fa5, 0x0bff5cb6f406b7ed, 0xf44c42e9a637ed6b, 0xe485b576625e7ec6,
      0x4fe1356d6d51c245, 0x302b0a6df25f1437, 0xef9519b3cd3a431b, 0x514a08798e3404dd,
      0x020bbea63b139b22, 0x29024e088a67cc74, 0xc4c6628b80dc1cd1, 0xc90fdaa22168c234,
  };
  return leading_limbs<N>(table, 2);
}

/// The natural logarithm of 2.
template <int N>
LOWP_FN interval<N> ln2() noexcept {
  constexpr std::uint64_t table[20] = {
      0x7d2e23de1400b396, 0xee569d6dfc1efa15, 0x610d30f88fe551a2, 0x07f4ca11fb5bfb90,
      0xda2d97c50f3fd5c6, 0x655fa1872f20e3a2, 0xf5dfa6bd38303248, 0x72ce87b19d6548ca,
      0x256fa0ec7657f74b, 0xb9ea9bc3b136603b, 0x1acbda11317c387e, 0x3e96ca16224ae8c5,
      0x27573b291169b825, 0xed2eae35c1382144, 0x559552fb4afa1b10, 0xe7b876206debac98,
      0x8a0d175b8baafa2b, 0x40f343267298b62d, 0xc9e3b39803f2f6af, 0xb17217f7d1cf79ab,
  };
  return leading_limbs<N>(table, 0);
}

/// The natural logarithm of 10.
template <int N>
LOWP_FN interval<N> ln10() noexcept {
  constexpr std::uint64_t table[20] = {
      0xdb1d28ea57d4fdc0, 0xa47ecb26978c5d4f, 0x9cd5b42e6a271619, 0xe2478fcaad3aee98,
      0x469ea58e9305e981, 0x5b08b057d5ede20f, 0x8e93368d44789c4f, 0xca67b35b23605085,
      0x5161bb49d219c7bb, 0xef66ceb04ab3c6fa, 0x765aa6c3b0d831fb, 0x782cf8a28a8c911e,
      0xfb8f788402e516d6, 0x2c622418410be2da, 0xcc70cbc02c5f0d68, 0x962f02d7b1a8105c,
      0x83c61e8201f02d72, 0xe28fecf9da5df90e, 0xea56d62b82d30a28, 0x935d8dddaaa8ac16,
  };
  return leading_limbs<N>(table, 2);
}

/// 1 / sqrt(pi).
template <int N>
LOWP_FN interval<N> inverse_sqrt_pi() noexcept {
  constexpr std::uint64_t table[20] = {
      0x28d2c52986a1ef82, 0x7bb68d0db3217d69, 0x8cd2681847e75924, 0x9ad39cf866dd0962,
      0x18d3e91adcff6c03, 0x50754b409e94d32d, 0xac2c88bbba81b1c7, 0xeb9feb2436f2f272,
      0xd27a3282dada7316, 0x9522f2f93e16b2a3, 0x9c22f47f7b7fb57c, 0x52561dcc244dc65e,
      0x74f76f877ffec251, 0xbd1f4eee48e1ca78, 0x40c036096cc79aeb, 0xc0759cf859270f11,
      0x39a15830cce620b0, 0x1409a0ebac3e7517, 0x71d48a7f6bfec344, 0x906eba8214db688d,
  };
  return leading_limbs<N>(table, 0);
}

}  // namespace lowp::detail

#endif  // LOWP_DETAIL_CONSTANTS_HPP
