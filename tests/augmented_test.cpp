// SPDX-License-Identifier: Apache-2.0
/// \file
/// Results with their errors against the oracle. spec/accumulation.md ACC-9.
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/augmented.hpp>
#include <lowp/find_format.hpp>
#include <lowp/types.hpp>

#include "oracle/directed.hpp"
#include "oracle/operations.hpp"
#include "oracle/sources.hpp"

namespace {

using namespace oracle;
using lowp::status;

enum class op { add, subtract, multiply };
constexpr op all_ops[] = {op::add, op::subtract, op::multiply};

answer whole(op o, const value& x, const value& y, const projection& p) {
  switch (o) {
    case op::add: return add(x, y, p);
    case op::subtract: return subtract(x, y, p);
    case op::multiply: break;
  }
  return multiply(x, y, p);
}

lowp::augmented compute(op o, lowp::coded x, lowp::coded y, lowp::format to, const projection& p,
                        std::uint64_t word) {
  switch (o) {
    case op::add: return lowp::augmented_add(x, y, to, p, word);
    case op::subtract: return lowp::augmented_subtract(x, y, to, p, word);
    case op::multiply: break;
  }
  return lowp::augmented_multiply(x, y, to, p, word);
}

bool is_number(const value& x) { return x.cls == sort::zero || x.cls == sort::finite; }

struct expected {
  std::uint64_t result = 0;
  std::uint64_t error = 0;
  std::uint8_t flags = 0;
};

expected model(op o, const value& x, const value& y, const destination& to, const projection& p,
               std::uint64_t word) {
  const answer sum = whole(o, x, y, p);
  const outcome first = project(to, sum.v, p, word);
  expected e{first.code, first.code, static_cast<std::uint8_t>(first.flags | sum.flags)};
  const value result = value_of(to.format, first.code);
  if (!is_number(sum.v) || !is_number(result)) return e;
  value error = add(sum.v, opposite(result), p).v;
  if (error.cls == sort::zero) error.negative = result.negative;
  const outcome second = project(to, error, p, word);
  e.error = second.code;
  e.flags =
      static_cast<std::uint8_t>((e.flags & ~(status::inexact | status::underflow)) | second.flags);
  return e;
}

struct party {
  std::string name;
  lowp::format format;
  destination to;
};

const std::vector<party>& parties() {
  static const std::vector<party> all = [] {
    std::vector<party> made;
    for (const lowp::named_format& f : lowp::all_formats) {
      const description* d = find(f.name);
      if (d == nullptr || d->kind == shape::logarithm) continue;
      made.push_back({f.name, f.value, destination(*d)});
    }
    return made;
  }();
  return all;
}

void compare(tally& t, op o, const party& f, std::uint64_t x, const value& u, const party& g,
             std::uint64_t y, const value& v, const party& to, const projection& p,
             std::uint64_t word) {
  const expected want = model(o, input(f.to.format, u, p.subnormal_input),
                              input(g.to.format, v, p.subnormal_input), to.to, p, word);
  const lowp::augmented got = compute(o, {f.format, x}, {g.format, y}, to.format, p, word);
  t.expect(
      got.result == want.result && got.error == want.error && got.flags.bits == want.flags, [&] {
        return std::to_string(static_cast<int>(o)) + " " + f.name + " " + hex(x) + ", " + g.name +
               " " + hex(y) + " -> " + to.name + ", " + text(p) + ": expected " + hex(want.result) +
               " " + hex(want.error) + " flags " + hex(want.flags) + ", got " + hex(got.result) +
               " " + hex(got.error) + " flags " + hex(got.flags.bits);
      });
}

constexpr projection ties_to_zero{.round = rounding::to_nearest_zero};

TEST_CASE("ACC-9 all pairs of 8-bit formats, rounded as IEEE 754 has it") {
  for (const party& f : parties()) {
    bool chosen = f.format.width < 8;
    for (const char* name : {"e4m3fn", "e5m2", "e4m3", "e5m2fnuz", "binary8p3se", "hifloat8",
                             "posit8", "e8m0fnu", "int8"}) {
      chosen = chosen || f.name == name;
    }
    if (!chosen) continue;
    tally t;
    const stopwatch watch;
    const std::vector<value> all = values(f.to.format);
    for (const op o : all_ops) {
      for (std::uint64_t x = 0; x < all.size(); ++x) {
        for (std::uint64_t y = 0; y < all.size(); ++y) {
          compare(t, o, f, x, all[x], f, y, all[y], f, ties_to_zero, 0);
        }
      }
    }
    report("augmented pairs of " + f.name, t, watch.seconds());
  }
}

TEST_CASE("ACC-9 random operands, mixed formats, any projection") {
  std::mt19937_64 random(20261125);
  tally t;
  const stopwatch watch;
  for (int i = 0; i < 200000; ++i) {
    const party& f = parties()[random() % parties().size()];
    const party& g = i % 2 == 0 ? f : parties()[random() % parties().size()];
    const party& to = i % 3 != 0 ? f : parties()[random() % parties().size()];
    projection p = ties_to_zero;
    if (i % 4 == 0) {
      p.round = static_cast<rounding>(random() % 12);
      p.random_bits = static_cast<std::uint8_t>(1 + random() % 32);
      p.overflow = overflows[random() % 4];
      p.subnormal_input = static_cast<lowp::subnormal_input_rule>(random() % 4);
    }
    const std::uint64_t x = random() & f.to.format.code_mask();
    std::uint64_t y = random() & g.to.format.code_mask();
    // Operands of like size, so that sums have more to lose than the lesser operand.
    if (&f == &g && i % 8 == 0) y = (x ^ (random() >> (random() % 64))) & f.to.format.code_mask();
    compare(t, all_ops[random() % 3], f, x, value_of(f.to.format, x), g, y,
            value_of(g.to.format, y), to, p, random());
  }
  report("augmented, mixed", t, watch.seconds());
}

/// The sum of the results is the sum of the operands: nothing is lost.
template <class T>
void check_lossless(const char* name, std::uint64_t count) {
  std::mt19937_64 random(20261126);
  tally t;
  for (std::uint64_t i = 0; i < count; ++i) {
    const T x = T::from_code(random());
    const T y = T::from_code(random());
    const lowp::augmented r = lowp::augmented_add({T::format_value, x.code()},
                                                  {T::format_value, y.code()}, T::format_value);
    if (!lowp::is_finite(x) || !lowp::is_finite(y) || r.flags.has(status::overflow)) continue;
    lowp::accumulator<T::format_value> sum;
    sum.add(x);
    sum.add(y);
    sum.subtract(T::from_code(r.result));
    sum.subtract(T::from_code(r.error));
    t.expect(sum.value().cls == lowp::number_class::zero && r.flags == status{},
             [&] { return hex(x.code()) + " + " + hex(y.code()); });
  }
  report(name, t);
}

TEST_CASE("ACC-9 the error of a sum is a number of the format") {
  check_lossless<lowp::float8_e4m3fn>("lossless sums of e4m3fn", 100000);
  check_lossless<lowp::float8_e5m2>("lossless sums of e5m2", 100000);
  check_lossless<lowp::float16>("lossless sums of binary16", 100000);
  check_lossless<lowp::bfloat16>("lossless sums of bfloat16", 100000);
  check_lossless<lowp::float64>("lossless sums of binary64", 100000);
}

TEST_CASE("ACC-9 special cases, by hand") {
  constexpr double inf = std::numeric_limits<double>::infinity();
  constexpr double greatest = std::numeric_limits<double>::max();
  const auto check = [](auto r, double result, double error) {
    CHECK(r.result == result);
    CHECK(r.error == error);
    CHECK(std::signbit(r.result) == std::signbit(result));
    CHECK(std::signbit(r.error) == std::signbit(error));
  };
  using lowp::augmented_add;
  using lowp::augmented_multiply;
  using lowp::augmented_subtract;
  check(augmented_add<double>(1.0, 0x1p-53), 1.0, 0x1p-53);  // a tie
  check(augmented_add<double>(1.0 + 0x1p-52, 0x1p-53), 1.0 + 0x1p-52, 0x1p-53);
  check(augmented_add<double>(-1.0, 0x1p-54), -1.0 + 0x1p-53, -0x1p-54);  // toward zero
  check(augmented_add<double>(greatest, 0x1p970), greatest, 0x1p970);
  check(augmented_add<double>(greatest, 0x1.8p970), inf, inf);
  check(augmented_add<double>(-greatest, -greatest), -inf, -inf);
  check(augmented_add<double>(inf, 1.0), inf, inf);
  check(augmented_add<double>(1.0, -1.0), 0.0, 0.0);
  check(augmented_add<double>(-0.0, -0.0), -0.0, -0.0);
  check(augmented_subtract<double>(-3.0, 1.0), -4.0, -0.0);  // a zero error has the result's sign
  check(augmented_multiply<double>(-3.0, 0.0), -0.0, -0.0);
  check(augmented_multiply<double>(0x1p-600, 0x1p-600), 0.0, 0.0);
  check(augmented_multiply<double>(1.0 + 0x1p-52, 1.0 + 0x1p-52), 1.0 + 0x1p-51, 0x1p-104);
  const auto nan = augmented_subtract<double>(inf, inf);
  CHECK(std::isnan(nan.result));
  CHECK(std::isnan(nan.error));
  using lowp::formats::binary64;
  const auto code = [](double x) { return lowp::coded{binary64, std::bit_cast<std::uint64_t>(x)}; };
  CHECK(augmented_subtract(code(inf), code(inf), binary64).flags.bits == status::invalid);
  CHECK(augmented_add(code(1), code(0x1p-60), binary64).flags.bits == 0);
  CHECK(augmented_add(code(greatest), code(greatest), binary64).flags.bits ==
        (status::overflow | status::inexact));
  CHECK(augmented_multiply(code(0x1p-600), code(0x1p-600), binary64).flags.bits ==
        (status::underflow | status::inexact));
}

constexpr auto split = lowp::augmented_add<lowp::float16>(lowp::float16{2048}, lowp::float16{1});
static_assert(split.result == lowp::float16{2048} && split.error == lowp::float16{1});

}  // namespace
