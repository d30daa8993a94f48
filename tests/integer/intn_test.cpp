// SPDX-License-Identifier: Apache-2.0
// Integers of 1 to 16 bits: every pair up to 8 bits, corners and seeded pairs beyond; shifts
// against exact quotients.
#include <concepts>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include <boost/multiprecision/cpp_int.hpp>
#include <doctest/doctest.h>

#include <lowp/integer/intn.hpp>
#include <lowp/types.hpp>

namespace {

using lowp::integer_overflow;
using lowp::integer_rounding;
using lowp::intn;
using lowp::uintn;
using lowp::wrapping;

static_assert(std::same_as<intn<4>, lowp::int4> && std::same_as<uintn<8>, lowp::uint8>);
static_assert(sizeof(intn<9>) == 2 && sizeof(wrapping<intn<7>>) == 1);
static_assert(add_wrapping(intn<4>{7}, intn<4>{1}) == -8);
static_assert(add_saturating(intn<4>{7}, intn<4>{1}) == 7);
static_assert(wrapping<uintn<3>>{uintn<3>{0}} - wrapping<uintn<3>>{uintn<3>{1}} ==
              wrapping<uintn<3>>{uintn<3>{7}});

// The definition in other words: a remainder, a comparison.
struct range {
  long least, most;
  long codes() const { return most - least + 1; }
  long wrap(long n) const { return ((n - least) % codes() + codes()) % codes() + least; }
  long clamp(long n) const { return n < least ? least : n > most ? most : n; }
};

template <class T>
range range_of_type() {
  const long codes = 1L << T::format_value.width;
  return T::format_value.is_signed ? range{-codes / 2, codes / 2 - 1} : range{0, codes - 1};
}

template <class T>
T number_of(long n) {
  return T::from_code(static_cast<std::uint64_t>(n));
}

template <class T>
bool pair_agrees(long a, long b) {
  const range r = range_of_type<T>();
  const T x = number_of<T>(a), y = number_of<T>(b);
  const auto value = [](T n) { return static_cast<long>(n); };
  const wrapping<T> u{x}, v{y};
  return value(x) == a && value(add_wrapping(x, y)) == r.wrap(a + b) &&
         value(subtract_wrapping(x, y)) == r.wrap(a - b) &&
         value(multiply_wrapping(x, y)) == r.wrap(a * b) &&
         value(add_saturating(x, y)) == r.clamp(a + b) &&
         value(subtract_saturating(x, y)) == r.clamp(a - b) &&
         value(multiply_saturating(x, y)) == r.clamp(a * b) &&
         value((u + v).value) == r.wrap(a + b) && value((u - v).value) == r.wrap(a - b) &&
         value((u * v).value) == r.wrap(a * b) && (u == v) == (a == b);
}

template <class T>
bool one_agrees(long a) {
  const range r = range_of_type<T>();
  const T x = number_of<T>(a);
  const auto value = [](T n) { return static_cast<long>(n); };
  bool same = value(negate_wrapping(x)) == r.wrap(-a) &&
              value(negate_saturating(x)) == r.clamp(-a) &&
              (-wrapping<T>{x}).value.code() == negate_wrapping(x).code();
  for (const int n : {0, 1, 2, 3, 5, 8, 13, 15, 16, 17, 31, 64, 1000}) {
    const long left = n < 40 ? a << n : a == 0 ? 0 : a < 0 ? -(1L << 40) : 1L << 40;
    const long right = n < 40 ? a >> n : a < 0 ? -1 : 0;
    same = same && value(shift_left_wrapping(x, n)) == r.wrap(left) &&
           value(shift_left_saturating(x, n)) == r.clamp(left) &&
           value(shift_right(x, n)) == right &&
           value((wrapping<T>{x} << n).value) == r.wrap(left) &&
           value((wrapping<T>{x} >> n).value) == right;
  }
  return same;
}

template <class T>
void check_type() {
  const range r = range_of_type<T>();
  CAPTURE(T::format_value.width);
  CAPTURE(T::format_value.is_signed);
  int bad = 0;
  for (long a = r.least; a <= r.most; ++a) bad += !one_agrees<T>(a);
  if (T::format_value.width <= 8) {
    for (long a = r.least; a <= r.most; ++a) {
      for (long b = r.least; b <= r.most; ++b) bad += !pair_agrees<T>(a, b);
    }
  } else {
    std::vector<long> some = {r.least, r.least + 1, 0, 1, r.most - 1, r.most, r.wrap(-1)};
    std::mt19937_64 random(static_cast<unsigned>(T::format_value.width));
    std::uniform_int_distribution<long> any(r.least, r.most);
    for (int i = 0; i < 100; ++i) some.push_back(any(random));
    for (const long a : some) {
      for (const long b : some) bad += !pair_agrees<T>(a, b);
    }
  }
  CHECK(bad == 0);
}

template <int... Less>
void check_all(std::integer_sequence<int, Less...>) {
  (check_type<intn<Less + 1>>(), ...);
  (check_type<uintn<Less + 1>>(), ...);
}

TEST_CASE("INT-1 INT-2 INT-3 integers of 1 to 16 bits: every pair up to 8 bits") {
  check_all(std::make_integer_sequence<int, 16>{});
}

TEST_CASE("INT-1 the operators of numbers saturate") {
  for (int a = -8; a <= 7; ++a) {
    for (int b = -8; b <= 7; ++b) {
      const intn<4> x = number_of<intn<4>>(a), y = number_of<intn<4>>(b);
      CHECK(x + y == add_saturating(x, y));
      CHECK(x - y == subtract_saturating(x, y));
      CHECK(x * y == multiply_saturating(x, y));
      CHECK(-x == negate_saturating(x));
      const auto u = number_of<uintn<4>>(a & 15), v = number_of<uintn<4>>(b & 15);
      CHECK(u + v == add_saturating(u, v));
      CHECK(u - v == subtract_saturating(u, v));
    }
  }
}

// round(x / 2^n) from the exact quotient: twice the fraction compared with one.
std::int64_t quotient(std::int64_t x, int n, integer_rounding r) {
  using boost::multiprecision::cpp_int;
  const cpp_int divisor = cpp_int(1) << static_cast<unsigned>(n);
  cpp_int floor = cpp_int(x) / divisor;
  cpp_int rest = x - floor * divisor;
  if (rest < 0) {
    floor -= 1;
    rest += divisor;
  }
  const int twice = cpp_int(rest * 2 - divisor).sign();
  bool up = twice > 0;
  switch (r) {
    case integer_rounding::toward_negative: up = false; break;
    case integer_rounding::toward_zero: up = x < 0 && rest != 0; break;
    case integer_rounding::to_nearest_up: up = twice >= 0; break;
    case integer_rounding::to_nearest_away: up = twice > 0 || (twice == 0 && x > 0); break;
    case integer_rounding::to_nearest_even: up = twice > 0 || (twice == 0 && floor % 2 != 0); break;
  }
  return static_cast<std::int64_t>(floor + (up ? 1 : 0));
}

TEST_CASE("INT-2 rounded division by powers of two") {
  std::vector<std::int64_t> values = {0, INT64_MAX, INT64_MIN, INT64_MIN + 1, INT64_MAX - 1};
  for (int e = 0; e < 63; ++e) {
    for (const std::int64_t near : {-2, -1, 0, 1, 2}) {
      values.push_back((std::int64_t{1} << e) + near);
      values.push_back(-(std::int64_t{1} << e) + near);
      values.push_back((std::int64_t{3} << e) / 2 + near);
    }
  }
  std::mt19937_64 random(7);
  for (int i = 0; i < 100; ++i) values.push_back(static_cast<std::int64_t>(random()));
  int bad = 0;
  for (const std::int64_t x : values) {
    for (int n = 0; n < 70; ++n) {
      for (const auto r : {integer_rounding::toward_negative, integer_rounding::toward_zero,
                           integer_rounding::to_nearest_up, integer_rounding::to_nearest_away,
                           integer_rounding::to_nearest_even}) {
        const bool same = lowp::shift_right(x, n, r) == quotient(x, n, r);
        bad += !same;
        if (!same && bad < 5) MESSAGE(x, " >> ", n, " mode ", static_cast<int>(r));
      }
    }
    bad += lowp::shift_right(x, 1000, integer_rounding::to_nearest_up) != 0;
  }
  CHECK(bad == 0);
}

}  // namespace
