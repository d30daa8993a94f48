// SPDX-License-Identifier: Apache-2.0
// Eigen's 16-bit types, by their portable code: this file is compiled without F16C and the like.
#include "../implementation.hpp"

#if defined(LOWP_HAVE_EIGEN)
#include <Eigen/Core>
#endif

namespace lowp::tool {

#if defined(LOWP_HAVE_EIGEN)

namespace {

using Eigen::numext::bit_cast;

template <class T>
std::uint16_t bits(T x) {
  return bit_cast<std::uint16_t>(x);
}
template <class T>
T from_bits(std::uint16_t code) {
  return bit_cast<T>(code);
}

template <class T>
constexpr batch_function narrow_float = each<[](float x) { return bits(T(x)); }>;
template <class T>
constexpr batch_function narrow_double = each<[](double x) { return bits(T(x)); }>;
template <class T>
constexpr batch_function widen =
    each<[](std::uint16_t code) { return static_cast<float>(from_bits<T>(code)); }>;

}  // namespace

void add_eigen(catalogue& c) {
  const auto add = [&](const char* function, const conversion_rule& rule, batch_function run) {
    c.rows.push_back({"Eigen", function, rule, run});
  };
  add("half(float)", named_rule("eigen.binary16"), narrow_float<Eigen::half>);
  add("bfloat16(float)", named_rule("eigen.bfloat16"), narrow_float<Eigen::bfloat16>);
  // Widening moves the bits of NaNs, signalling ones too.
  for (const format from : {formats::binary16, formats::bfloat16}) {
    const bool half = from == formats::binary16;
    conversion_rule rule = like("eigen.binary16", from, formats::binary32);
    rule.last.nan = nan_rule::payload_raw;
    add(half ? "float(half)" : "float(bfloat16)", rule,
        half ? widen<Eigen::half> : widen<Eigen::bfloat16>);
  }
  // Doubles go through float there, which rounds twice.
  for (const format to : {formats::binary16, formats::bfloat16}) {
    const bool half = to == formats::binary16;
    conversion_rule rule = like("eigen.binary16", formats::binary64, to);
    rule.via = formats::binary32;
    rule.first = named_rule("f16c.vcvtps2ph.rn").last;
    add(half ? "half(double)" : "bfloat16(double)", rule,
        half ? narrow_double<Eigen::half> : narrow_double<Eigen::bfloat16>);
  }
}

#else

void add_eigen(catalogue& c) {
  c.absent.push_back({"Eigen", "not installed when this program was built"});
}

#endif

}  // namespace lowp::tool
