// SPDX-License-Identifier: Apache-2.0
/// \file
/// Sums and counts of tensor_statistics.hpp, many numbers at a time. A `float_environment` must
/// live around them.
#include <bit>
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "tensor_statistics.hpp"

#if defined(LOWP_TRAINING_STATISTICS_KERNELS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_TRAINING_STATISTICS_KERNELS_INL_HPP
#undef LOWP_TRAINING_STATISTICS_KERNELS_INL_HPP
#else
#define LOWP_TRAINING_STATISTICS_KERNELS_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET != HWY_SCALAR

/// Adds counts of exponents of at most 2^31 numbers.
HWY_NOINLINE void count_exponents(exponent_histogram& to, const float* x, std::size_t n) {
  // Four tables: an increment need not wait for that of its neighbour.
  std::uint32_t count[4][256] = {};
  const auto field = [&](std::size_t i) { return std::bit_cast<std::uint32_t>(x[i]) >> 23 & 0xff; };
  std::size_t i = 0;
  for (; i + 4 <= n; i += 4) {
    ++count[0][field(i)], ++count[1][field(i + 1)], ++count[2][field(i + 2)],
        ++count[3][field(i + 3)];
  }
  for (; i < n; ++i) ++count[0][field(i)];
  const auto sum = [&](std::uint32_t f) {
    return count[0][f] + count[1][f] + count[2][f] + count[3][f];
  };
  for (std::uint32_t f = 1; f < 255; ++f) to[static_cast<int>(f) - 127] += sum(f);
  to.not_finite += sum(255);
  if (sum(0) == 0) return;
  for (i = 0; i < n; ++i) {
    const auto bits = std::bit_cast<std::uint32_t>(x[i]);
    if ((bits >> 23 & 0xff) == 0) to.add(bits);  // zeros and subnormals
  }
}

/// All but the histogram, of whole vectors; returns how many numbers that were.
HWY_NOINLINE std::size_t sum_vectors(tensor_statistics& to, const float* x, const float* v,
                                     const float* g, std::size_t n) {
  const hn::ScalableTag<double> dd;
  const hn::Rebind<float, decltype(dd)> df;
  const hn::RebindToSigned<decltype(df)> di;
  const std::size_t lanes = hn::Lanes(dd);
  const auto magnitudes = hn::Set(di, 0x7fffffff), infinity = hn::Set(di, 0x7f800000);
  const auto one = hn::Set(dd, 1.0);
  auto squares = hn::Zero(dd), value_squares = squares, products = squares, errors = squares;
  auto relative = squares, greatest_relative = squares;
  auto not_finite = hn::Zero(di), lost = not_finite, saturated = not_finite, zeros = not_finite;
  auto underflowed = not_finite, amax = not_finite;
  auto fill = hn::Zero(dd);
  // Masks are -1 where they are true.
  const auto count = [&](auto& sum, auto mask)
                         HWY_ATTR { sum = hn::Sub(sum, hn::VecFromMask(di, mask)); };
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const auto xf = hn::LoadU(df, x + i), vf = hn::LoadU(df, v + i), gf = hn::LoadU(df, g + i);
    const auto a = hn::And(hn::BitCast(di, xf), magnitudes);
    const auto b = hn::And(hn::BitCast(di, vf), magnitudes);
    const auto is_finite = hn::Lt(a, infinity);
    const auto enters = hn::And(is_finite, hn::Lt(b, infinity));
    count(not_finite, hn::Not(is_finite));
    count(lost, hn::AndNot(enters, is_finite));
    amax = hn::Max(amax, hn::IfThenElseZero(is_finite, a));
    const auto magnitude = hn::BitCast(df, a);
    const auto over = hn::MaskFromVec(hn::BitCast(di, hn::VecFromMask(df, hn::Gt(magnitude, gf))));
    count(saturated, hn::And(is_finite, over));
    // In binary64, which has no subnormal quotients of these; divided only where it is more.
    const auto md = hn::PromoteTo(dd, hn::BitCast(df, hn::IfThenElseZero(is_finite, a)));
    const auto gd = hn::PromoteTo(dd, gf);
    const auto is_more = hn::Gt(md, hn::Mul(gd, fill));
    if (!hn::AllFalse(dd, is_more)) {
      const auto full = hn::Div(md, gd);
      fill = hn::IfThenElse(hn::And(is_more, hn::Gt(full, fill)), full, fill);
    }

    const auto is_zero = hn::Eq(a, hn::Zero(di));
    const auto zero_now = hn::And(enters, is_zero);
    count(zeros, zero_now);
    count(underflowed, hn::And(hn::AndNot(is_zero, enters), hn::Eq(b, hn::Zero(di))));
    const auto keep = hn::VecFromMask(di, enters);
    const auto xd = hn::PromoteTo(dd, hn::BitCast(df, hn::And(keep, hn::BitCast(di, xf))));
    const auto vd = hn::PromoteTo(dd, hn::BitCast(df, hn::And(keep, hn::BitCast(di, vf))));
    const auto error = hn::Sub(vd, xd);
    squares = hn::Add(squares, hn::Mul(xd, xd));
    value_squares = hn::Add(value_squares, hn::Mul(vd, vd));
    products = hn::Add(products, hn::Mul(xd, vd));
    errors = hn::Add(errors, hn::Mul(error, error));
    const auto no_number = hn::Eq(xd, hn::Zero(dd));
    const auto r = hn::IfThenZeroElse(
        no_number, hn::Div(hn::Abs(error), hn::Abs(hn::IfThenElse(no_number, one, xd))));
    relative = hn::Add(relative, r);
    greatest_relative = hn::Max(greatest_relative, r);
  }
  const auto number = [&](auto sum) HWY_ATTR {
    return static_cast<std::uint64_t>(hn::GetLane(hn::SumOfLanes(di, sum)));
  };
  const auto real = [&](auto sum) HWY_ATTR { return hn::GetLane(hn::SumOfLanes(dd, sum)); };
  tensor_statistics s;
  s.numbers = i;
  s.not_finite = number(not_finite), s.lost = number(lost), s.saturated = number(saturated);
  s.zeros = number(zeros), s.underflowed = number(underflowed);
  s.squares = real(squares), s.value_squares = real(value_squares), s.products = real(products);
  s.squared_errors = real(errors), s.relative_errors = real(relative);
  s.greatest_relative = hn::GetLane(hn::MaxOfLanes(dd, greatest_relative));
  s.amax = hn::GetLane(hn::BitCast(df, hn::MaxOfLanes(di, amax)));
  s.fill = static_cast<float>(hn::GetLane(hn::MaxOfLanes(dd, fill)));
  to += s;
  return i;
}

#endif

/// n numbers, values and greatest values, n below 2^31.
void add_to_statistics(tensor_statistics& to, const float* x, const float* v, const float* g,
                       std::size_t n) {
  std::size_t i = 0;
#if HWY_TARGET != HWY_SCALAR
  i = sum_vectors(to, x, v, g, n);
  count_exponents(to.exponents, x, i);
#endif
  for (; i < n; ++i) to.add(x[i], v[i], g[i]);
}

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
