// SPDX-License-Identifier: Apache-2.0
/// \file
/// The number types of the registered formats, under the names that people write.
#ifndef LOWP_TYPES_HPP
#define LOWP_TYPES_HPP

#include "formats.hpp"
#include "limits.hpp"
#include "number.hpp"
#include "operators.hpp"

namespace lowp {

using float64 = number<formats::binary64>;
using float32 = number<formats::binary32>;
using tfloat32 = number<formats::tf32>;
using pxr24 = number<formats::pxr24>;
using float16 = number<formats::binary16>;
using bfloat16 = number<formats::bfloat16>;
using dlfloat16 = number<formats::dlfloat16>;
using cfloat16_shp = number<formats::cfloat16_shp>;
using cfloat16_uhp = number<formats::cfloat16_uhp>;
using float8_e5m2 = number<formats::e5m2>;
using float8_e4m3fn = number<formats::e4m3fn>;
using float8_e4m3 = number<formats::e4m3>;
using float8_e3m4 = number<formats::e3m4>;
using float8_e4m3fnuz = number<formats::e4m3fnuz>;
using float8_e5m2fnuz = number<formats::e5m2fnuz>;
using float8_e4m3b11fnuz = number<formats::e4m3b11fnuz>;
using float8_e8m0fnu = number<formats::e8m0fnu>;
using float8_ue4m3 = number<formats::ue4m3>;
using float8_ue5m3 = number<formats::ue5m3>;
using float8_ue6m2 = number<formats::ue6m2>;
using float6_e3m2fn = number<formats::e3m2>;
using float6_e2m3fn = number<formats::e2m3>;
using float4_e2m1fn = number<formats::e2m1>;
using float4_e3m0 = number<formats::e3m0>;
using float4_e1m2 = number<formats::e1m2>;
using cfloat8_143 = number<formats::cfloat8_143>;
using cfloat8_152 = number<formats::cfloat8_152>;
using p3109_binary16p11se = number<formats::binary16p11se>;
using p3109_binary16p8se = number<formats::binary16p8se>;
using p3109_binary8p1se = number<formats::binary8p1se>;
using p3109_binary8p3se = number<formats::binary8p3se>;
using p3109_binary8p4se = number<formats::binary8p4se>;
using p3109_binary8p5se = number<formats::binary8p5se>;
using p3109_binary8p1ue = number<formats::binary8p1ue>;
using p3109_binary8p1uf = number<formats::binary8p1uf>;
using p3109_binary8p3ue = number<formats::binary8p3ue>;
using p3109_binary8p3uf = number<formats::binary8p3uf>;
using p3109_binary8p4ue = number<formats::binary8p4ue>;
using p3109_binary6p3se = number<formats::binary6p3se>;
using p3109_binary6p3sf = number<formats::binary6p3sf>;
using p3109_binary6p4se = number<formats::binary6p4se>;
using p3109_binary6p4sf = number<formats::binary6p4sf>;
using p3109_binary4p2se = number<formats::binary4p2se>;
using p3109_binary4p2sf = number<formats::binary4p2sf>;
using p3109_binary3p1se = number<formats::binary3p1se>;
using p3109_binary3p2uf = number<formats::binary3p2uf>;
using hifloat8 = number<formats::hifloat8>;
using posit8 = number<formats::posit8>;
using posit16 = number<formats::posit16>;
using posit32 = number<formats::posit32>;
using takum8 = number<formats::takum8>;
using takum16 = number<formats::takum16>;
using lns8 = number<formats::lns8>;
using nf4 = number<formats::nf4>;
using bnb_fp4 = number<formats::bnb_fp4>;
using mxint8 = number<formats::mxint8>;
using int1 = number<formats::int1>;
using int2 = number<formats::int2>;
using int4 = number<formats::int4>;
using int8 = number<formats::int8>;
using int16 = number<formats::int16>;
using int32 = number<formats::int32>;
using int64 = number<formats::int64>;
using uint1 = number<formats::uint1>;
using uint2 = number<formats::uint2>;
using uint4 = number<formats::uint4>;
using uint8 = number<formats::uint8>;
using uint16 = number<formats::uint16>;
using uint32 = number<formats::uint32>;
using uint64 = number<formats::uint64>;

}  // namespace lowp

#endif  // LOWP_TYPES_HPP
