// SPDX-License-Identifier: Apache-2.0
/// \file
/// Exact sums and dot products against integers of any length. spec/accumulation.md.
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <deque>
#include <limits>
#include <random>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/augmented.hpp>
#include <lowp/find_format.hpp>
#include <lowp/reduce.hpp>
#include <lowp/types.hpp>

#include "oracle/directed.hpp"
#include "oracle/operations.hpp"
#include "oracle/sources.hpp"
#include "oracle/sum.hpp"

namespace {

using namespace oracle;
using generator = std::mt19937_64;

/// A registered format whose values lie on a grid, in both views.
struct party {
  std::string name;
  lowp::format format;
  destination to;
  std::vector<std::uint64_t> special;

  value of(std::uint64_t code) const { return value_of(to.format, code); }

  /// Mostly any code; sometimes a special one; sometimes one of small exponent, so that sums
  /// cancel.
  std::uint64_t random_code(generator& random) const {
    if (random() % 40 == 0) return special[random() % special.size()];
    return random() & to.format.code_mask();
  }
  /// The code of the opposite value, where there is one.
  std::uint64_t negated(std::uint64_t code) const {
    const lowp::exact x = lowp::decode(format, code);
    lowp::exact y = x;
    y.negative = !x.negative;
    return lowp::encode(format, y);
  }
};

const std::deque<party>& parties() {
  static const std::deque<party> all = [] {
    std::deque<party> made;
    for (const lowp::named_format& f : lowp::all_formats) {
      const description* d = find(f.name);
      if (d == nullptr || d->kind == shape::logarithm) continue;
      made.push_back({f.name, f.value, destination(*d), special_codes(*d)});
      for (std::uint64_t& code : made.back().special) code &= d->code_mask();
    }
    return made;
  }();
  return all;
}

const party& any(generator& random) { return parties()[random() % parties().size()]; }

/// A projection with any rounding, any overflow rule and any handling of subnormal inputs.
projection any_projection(generator& random) {
  projection p;
  p.round = static_cast<rounding>(random() % 12);
  p.overflow = overflows[random() % 4];
  p.random_bits = static_cast<std::uint8_t>(1 + random() % 32);
  if (random() % 4 == 0) p.subnormal_input = static_cast<lowp::subnormal_input_rule>(random() % 4);
  return p;
}

/// A result of lowp and what the oracle makes of the sum.
void compare(tally& t, const std::string& what, const party& to, const exact_sum& sum,
             const value& total, const projection& p, std::uint64_t word, lowp::encoded got) {
  outcome want = project(to.to, total, p, word);
  if (total.cls == sort::nan && sum.is_invalid()) want.flags |= lowp::status::invalid;
  t.expect(got.code == want.code && got.flags.bits == want.flags, [&] {
    return what + " -> " + to.name + ", " + text(p) + ", " + text(total) + ": expected " +
           hex(want.code) + " flags " + hex(want.flags) + ", got " + hex(got.code) + " flags " +
           hex(got.flags.bits);
  });
}

/// Up to 40 codes, in some lists with the opposite of all of them but one.
std::vector<std::uint64_t> random_codes(const party& f, std::size_t n, generator& random) {
  std::vector<std::uint64_t> codes;
  const bool cancel = random() % 3 == 0;
  const bool zeros = random() % 16 == 0;
  while (codes.size() < n) {
    const std::uint64_t code = zeros ? f.special[random() % 2] : f.random_code(random);
    codes.push_back(code);
    if (cancel) codes.push_back(f.negated(code));
  }
  codes.resize(n);
  std::shuffle(codes.begin(), codes.end(), random);
  return codes;
}

/// Sums of magnitudes are infinite whatever else is quiet.
value infinite_first(const exact_sum& sum, value total) {
  if (total.cls == sort::nan && sum.is_infinite() && !sum.is_invalid()) {
    return {.cls = sort::infinity};
  }
  return total;
}

TEST_CASE("ACC-1 ACC-7 sums of random codes, all formats, all roundings") {
  generator random(20261121);
  tally t;
  const stopwatch watch;
  for (int i = 0; i < 150000; ++i) {
    const party& from = any(random);
    const party& to = any(random);
    const projection p = any_projection(random);
    const std::uint64_t word = random();
    const std::vector<std::uint64_t> x = random_codes(from, random() % 12, random);
    exact_sum sum, magnitudes, squares;
    for (const std::uint64_t code : x) {
      value v = input(from.to.format, from.of(code), p.subnormal_input);
      sum.add(v);
      squares.add_product(v, v);
      v.negative = false;
      magnitudes.add(v);
    }
    const std::string name = from.name;
    compare(t, "sum " + name, to, sum, sum.total(p.round), p, word,
            lowp::sum_with_status(from.format, x.data(), x.size(), to.format, p, word));
    compare(t, "sum_of_abs " + name, to, magnitudes,
            infinite_first(magnitudes, magnitudes.total(p.round)), p, word,
            lowp::sum_of_abs_with_status(from.format, x.data(), x.size(), to.format, p, word));
    compare(t, "sum_of_squares " + name, to, squares,
            infinite_first(squares, squares.total(p.round)), p, word,
            lowp::sum_of_squares_with_status(from.format, x.data(), x.size(), to.format, p, word));
  }
  report("sums", t, watch.seconds());
}

TEST_CASE("ACC-1 ACC-7 dot products of random codes, mixed formats, all roundings") {
  generator random(20261122);
  tally t;
  const stopwatch watch;
  for (int i = 0; i < 150000; ++i) {
    const party& f = any(random);
    const party& g = any(random);
    const party& to = any(random);
    const projection p = any_projection(random);
    const std::uint64_t word = random();
    const std::size_t n = random() % 12;
    std::vector<std::uint64_t> x = random_codes(f, n, random);
    std::vector<std::uint64_t> y = random_codes(g, n, random);
    if (n >= 2 && random() % 3 == 0) {  // products that cancel
      for (std::size_t k = 0; k + 1 < n; k += 2) {
        x[k + 1] = f.negated(x[k]);
        y[k + 1] = y[k];
      }
    }
    exact_sum sum;
    for (std::size_t k = 0; k < n; ++k) {
      sum.add_product(input(f.to.format, f.of(x[k]), p.subnormal_input),
                      input(g.to.format, g.of(y[k]), p.subnormal_input));
    }
    compare(t, "dot " + f.name + " x " + g.name, to, sum, sum.total(p.round), p, word,
            lowp::dot_with_status(f.format, x.data(), g.format, y.data(), n, to.format, p, word));
  }
  report("dot products", t, watch.seconds());
}

/// One term of an accumulator of A and B.
template <class A, class B>
struct term {
  int kind;  // 0 x, 1 -x, 2 y, 3 -y, 4 x y, 5 -x y
  A x;
  B y;
};

template <class A, class B, class Sum>
void apply(const term<A, B>& t, Sum& sum) {
  switch (t.kind) {
    case 0: return sum.add(t.x);
    case 1: return sum.subtract(t.x);
    case 2: return sum.add(t.y);
    case 3: return sum.subtract(t.y);
    case 4: return sum.add_product(t.x, t.y);
    default: return sum.subtract_product(t.x, t.y);
  }
}

template <class A, class B>
void apply(const term<A, B>& t, exact_sum& sum, const description& a, const description& b) {
  const value x = value_of(a, t.x.code());
  const value y = value_of(b, t.y.code());
  switch (t.kind) {
    case 0: return sum.add(x);
    case 1: return sum.add(opposite(x));
    case 2: return sum.add(y);
    case 3: return sum.add(opposite(y));
    case 4: return sum.add_product(x, y);
    default: return sum.add_product(opposite(x), y);
  }
}

const party& party_of(lowp::format f) {
  for (const party& p : parties()) {
    if (p.format == f) return p;
  }
  FAIL("not registered");
  return parties()[0];
}

/// Terms in one order, in another, in parts that are merged in any order, through bytes: the same
/// state each time, and the value of the oracle in every rounding.
template <class A, class B>
void check_orders(const char* name, int rounds) {
  constexpr lowp::format f = A::format_value;
  constexpr lowp::format g = B::format_value;
  using sum_type = lowp::accumulator<f, g>;
  static_assert(std::is_trivially_copyable_v<sum_type>);
  static_assert(noexcept(std::declval<sum_type&>().add_product(A{}, B{})));
  const party& a = party_of(f);
  const party& b = party_of(g);
  const party& to = party_of(lowp::formats::binary32);
  const party& narrow = party_of(lowp::formats::e5m2);
  generator random(20261123);
  tally t;
  const stopwatch watch;
  for (int round = 0; round < rounds; ++round) {
    std::vector<term<A, B>> terms(random() % 30);
    const bool specials = random() % 4 == 0;
    for (term<A, B>& u : terms) {
      do {
        u = {static_cast<int>(random() % 6), A::from_code(a.random_code(random)),
             B::from_code(b.random_code(random))};
      } while (!specials && !(lowp::is_finite(u.x) && lowp::is_finite(u.y)));
    }
    exact_sum reference;
    sum_type sum;
    for (const auto& u : terms) {
      apply(u, reference, a.to.format, b.to.format);
      apply(u, sum);
    }
    std::shuffle(terms.begin(), terms.end(), random);
    std::array<sum_type, 4> part{};
    for (const auto& u : terms) apply(u, part[random() % 4]);
    std::shuffle(part.begin(), part.end(), random);
    sum_type merged;
    merged.reset();
    for (const sum_type& p : part) {
      std::array<std::uint8_t, sum_type::byte_count> bytes{};
      p.to_bytes(bytes.data());
      sum_type received;
      received.from_bytes(bytes.data());
      merged += received;
    }
    t.expect(merged == sum, [] { return "another order gives another state"; });
    t.expect(sum.is_exact(), [] { return "not exact"; });
    for (const rounding mode : deterministic) {
      const projection p{.round = mode};
      compare(t, name, to, reference, reference.total(mode), p, 0,
              sum.round_with_status(to.format, p));
      compare(t, name, narrow, reference, reference.total(mode), p, 0,
              sum.round_with_status(narrow.format, p));
    }
    for (const auto& u : terms) {  // and back to nothing
      term<A, B> v = u;
      v.kind ^= 1;
      apply(v, sum);
    }
    if (!specials) {
      t.expect(sum.value().cls == lowp::number_class::zero, [] { return "does not cancel"; });
    }
  }
  report(name, t, watch.seconds());
}

TEST_CASE("ACC-2 ACC-5 ACC-6 any order, any split, through bytes: the same state") {
  check_orders<lowp::float8_e4m3fn, lowp::float8_e4m3fn>("e4m3fn", 1500);
  check_orders<lowp::float8_e4m3fn, lowp::float8_e5m2>("e4m3fn, e5m2", 1500);
  check_orders<lowp::float64, lowp::float64>("binary64", 1500);
  check_orders<lowp::float16, lowp::bfloat16>("binary16, bfloat16", 1500);
  check_orders<lowp::posit8, lowp::takum8>("posit8, takum8", 1500);
  check_orders<lowp::float4_e2m1fn, lowp::float8_e8m0fnu>("e2m1, e8m0fnu", 1500);
  check_orders<lowp::hifloat8, lowp::float32>("hifloat8, binary32", 1500);
}

/// Spans against one term at a time: same state, across the ends of blocks.
template <class A, class B>
void check_spans(const char* name, std::size_t most) {
  constexpr lowp::format f = A::format_value;
  constexpr lowp::format g = B::format_value;
  generator random(20261124);
  tally t;
  for (int round = 0; round < 60; ++round) {
    const std::size_t n = round == 0 ? most : random() % 300;
    const int specials = round % 3 == 0 ? 2 : 0;
    const bool zeros = round % 5 == 0 && round > 0;
    const bool greatest = round == 5;
    std::vector<A> x(n);
    std::vector<B> y(n);
    const auto fill = [&]<class T>(T& number) {
      do {
        number = T::from_code(random());
      } while (!lowp::is_finite(number));
      if (zeros && !greatest) number = T::from_code(random() % 2 == 0 ? 0 : lowp::zero(f));
      if (greatest) number = T::max_finite();
    };
    for (A& u : x) fill(u);
    for (B& u : y) fill(u);
    if (greatest) {
      x.assign(most, A::lowest());
      y.assign(most, B::max_finite());
    }
    for (int i = 0; i < specials && n > 0; ++i) {
      const bool minus = random() % 2 == 0;
      x[random() % n] = A::from_code(i % 2 == 0 ? lowp::infinity(f, minus) : random());
      y[random() % n] = B::from_code(round % 2 == 0 ? lowp::canonical_nan(g) : random());
    }
    lowp::accumulator<f, g> whole, single;
    whole.add_products(x.data(), y.data(), x.size());
    for (std::size_t i = 0; i < x.size(); ++i) single.add_product(x[i], y[i]);
    t.expect(whole == single, [] { return "products of spans differ"; });
    whole.add(x.data(), x.size());
    whole.add(y.data(), y.size());
    for (const A& u : x) single.add(u);
    for (const B& u : y) single.add(u);
    t.expect(whole == single, [] { return "sums of spans differ"; });
    t.expect(whole.template round<double>() == single.template round<double>() ||
                 lowp::is_nan(single.template round<double>()),
             [] { return "rounded differently"; });
  }
  report(name, t);
}

TEST_CASE("ACC-7 spans give the state of their terms") {
  check_spans<lowp::float8_e4m3fn, lowp::float8_e4m3fn>("spans of e4m3fn", 200000);
  check_spans<lowp::float8_e5m2, lowp::float8_e5m2>("spans of e5m2", 200000);
  check_spans<lowp::float8_e5m2fnuz, lowp::float8_e4m3fnuz>("spans of fnuz", 200000);
  check_spans<lowp::float8_e3m4, lowp::posit8>("spans of e3m4, posit8", 200000);
  check_spans<lowp::hifloat8, lowp::hifloat8>("spans of hifloat8", 200000);
  check_spans<lowp::float4_e2m1fn, lowp::float4_e2m1fn>("spans of e2m1", 200000);
  check_spans<lowp::takum8, lowp::takum8>("spans of takum8", 3000);
  check_spans<lowp::number<lowp::formats::int8>, lowp::number<lowp::formats::uint8>>(
      "spans of int8, uint8", 200000);
  check_spans<lowp::bfloat16, lowp::float16>("spans of bfloat16, binary16", 3000);
  check_spans<lowp::float16, lowp::float16>("spans of binary16", 200000);
  check_spans<lowp::float16, lowp::float8_e4m3fn>("spans of binary16, e4m3fn", 3000);
}

TEST_CASE("ACC-4 signs of sums that are zero") {
  const lowp::projection down{.round = lowp::toward_negative};
  using sum_type = lowp::accumulator<lowp::formats::binary32>;
  const auto sign = [&](std::vector<float> terms, const lowp::projection& p) {
    sum_type sum;
    for (const float x : terms) sum.add(x);
    CHECK(sum.value().cls == lowp::number_class::zero);
    CHECK(lowp::sum<float>(terms, p) == 0.0f);
    CHECK(std::signbit(lowp::sum<float>(terms, p)) == std::signbit(sum.round<float>(p)));
    return std::signbit(sum.round<float>(p));
  };
  for (const lowp::projection& p : {lowp::projection{}, down}) {
    CHECK_FALSE(sign({}, p));
    CHECK_FALSE(sign({0.0f}, p));
    CHECK(sign({-0.0f}, p));
    CHECK(sign({-0.0f, -0.0f}, p));
  }
  CHECK_FALSE(sign({0.0f, -0.0f}, {}));
  CHECK(sign({0.0f, -0.0f}, down));
  CHECK_FALSE(sign({1.0f, -1.0f}, {}));
  CHECK(sign({1.0f, -1.0f}, down));
  CHECK(sign({-0.0f, 1.0f, -1.0f}, down));
  CHECK_FALSE(sign({-0.0f, 1.0f, -1.0f}, {}));
  // A hand-made finite value with significand 0 is a zero.
  lowp::basic_accumulator<2> zeros_by_hand(0);
  zeros_by_hand.add({.cls = lowp::number_class::finite, .negative = true});
  CHECK(zeros_by_hand.value() == lowp::exact_zero(true));
  // A product of zeros has the sign of a product.
  const float zeros[] = {0.0f, -0.0f};
  const float ones[] = {-1.0f, 2.0f};
  CHECK(std::signbit(lowp::dot<float>(zeros, ones, 2)));
}

TEST_CASE("ACC-4 infinities and NaN") {
  constexpr float inf = std::numeric_limits<float>::infinity();
  constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  const lowp::code_t signalling = 0x7fa00000;
  using lowp::status;
  constexpr lowp::format f = lowp::formats::binary32;
  const auto of = [&](std::vector<std::uint32_t> codes) {
    return lowp::sum_with_status(f, codes.data(), codes.size(), f);
  };
  const auto bits = [](float x) { return std::bit_cast<std::uint32_t>(x); };
  CHECK(of({bits(inf), bits(1)}).code == 0x7f800000);
  CHECK(of({bits(-inf), bits(1)}).code == 0xff800000);
  CHECK(of({bits(inf), bits(inf)}).flags.bits == 0);
  CHECK(of({bits(inf), bits(-inf)}).code == 0x7fc00000);
  CHECK(of({bits(inf), bits(-inf)}).flags.bits == status::invalid);
  CHECK(of({bits(-nan), bits(1)}).code == 0x7fc00000);  // always the same NaN
  CHECK(of({bits(-nan), bits(1)}).flags.bits == 0);
  CHECK(of({bits(1), signalling}).flags.bits == status::invalid);
  const std::vector<float> mixed{inf, nan, 1.0f};
  CHECK(std::isnan(lowp::sum<float>(mixed)));
  CHECK(lowp::sum_of_abs<float>(mixed) == inf);
  CHECK(lowp::sum_of_squares<float>(mixed) == inf);
  CHECK(lowp::sum_of_abs<float>(std::vector<float>{-inf, inf}) == inf);
  const lowp::projection p3109{.rules = lowp::operation_rules::p3109_4_0};
  CHECK(std::isnan(lowp::sum_of_abs<float>(mixed, p3109)));
  const std::uint32_t x[] = {0, bits(1)};
  const std::uint32_t y[] = {bits(-inf), bits(1)};
  CHECK(lowp::dot_with_status(f, x, f, y, 2, f).flags.bits == status::invalid);
  CHECK(lowp::dot(f, x, f, y, 2, f) == 0x7fc00000);
  lowp::accumulator<f> sum;
  sum.add(inf);
  CHECK(sum.has_infinity(false));
  CHECK_FALSE(sum.has_infinity(true));
  CHECK_FALSE(sum.has_nan());
  sum.subtract(inf);
  CHECK(sum.has_infinity(true));
  CHECK(sum.result().flags.has(status::invalid));
  sum.reset();
  CHECK(sum == lowp::accumulator<f>{});
  CHECK(sum.facts() == 0);
}

TEST_CASE("ACC-2 room for 2^63 of the greatest products") {
  const auto check_room = []<lowp::format F>(lowp::number<F> greatest) {
    const auto y = lowp::number<F>::max_finite();
    lowp::accumulator<F> sum;
    sum.add_product(greatest, y);
    const lowp::exact once = sum.value();
    for (int i = 0; i < 63; ++i) sum += lowp::accumulator<F>(sum);
    lowp::exact many = sum.value();
    CHECK(many.exponent == once.exponent + 63);
    many.exponent -= 63;
    CHECK(many == once);
    CHECK(sum.is_exact());
  };
  check_room(lowp::float8_e4m3fn::lowest());
  check_room(lowp::float8_e5m2::lowest());
  check_room(lowp::float16::lowest());
  check_room(lowp::bfloat16::lowest());
  check_room(lowp::float64::lowest());
  check_room(lowp::number<lowp::integer_format(8, true)>::lowest());
  check_room(lowp::posit8::lowest());
  check_room(lowp::number<lowp::p3109_format(16, 1, true, false)>::lowest());
  check_room(lowp::number<lowp::p3109_format(16, 1, false, false)>::max_finite());
}

TEST_CASE("ACC-3 terms beside the grid make a sum inexact") {
  lowp::basic_accumulator<2> sum(-10);
  sum.add(lowp::exact_finite(false, 3, -10));
  sum.add(lowp::exact_finite(true, 1024, -20));  // 2^-10, written with zeros below
  CHECK(sum.value() == lowp::normalized(lowp::exact_finite(false, 2, -10)));
  CHECK(sum.is_exact());
  lowp::basic_accumulator<2> low = sum;
  low.add(lowp::exact_finite(false, 1, -11));
  CHECK_FALSE(low.is_exact());
  CHECK(low.value().cls == lowp::number_class::nan);
  CHECK(low.result().flags.has(lowp::status::invalid));
  lowp::basic_accumulator<2> high = sum;
  high.add(lowp::exact_finite(false, 1, 53));
  CHECK(high.is_exact());
  high.add(lowp::exact_finite(false, 1, 54));
  CHECK_FALSE(high.is_exact());
  lowp::basic_accumulator<2> endless = sum;
  endless.add({.cls = lowp::number_class::finite, .sticky = true, .significand = 1ull << 63});
  CHECK_FALSE(endless.is_exact());
  lowp::basic_accumulator<2> other(-11);
  other.merge(sum);
  CHECK_FALSE(other.is_exact());
  // Far exponents of hand-made values do no harm.
  high.reset();
  high.add(lowp::exact_finite(false, 1, INT32_MAX));
  high.add(lowp::exact_finite(false, 1, INT32_MIN));
  high.add_product(lowp::exact_finite(false, 1, INT32_MAX),
                   lowp::exact_finite(false, 1, INT32_MAX));
  CHECK_FALSE(high.is_exact());
}

TEST_CASE("ACC-6 the image: limbs, least byte first, then the facts") {
  lowp::accumulator<lowp::formats::e4m3fn> sum;
  CHECK(sum.unit() == -18);
  CHECK(sum.limb_count == 2);
  sum.add(lowp::float8_e4m3fn{-1.0f});
  CHECK(sum.limb(0) == 0 - (std::uint64_t{1} << 18));
  CHECK(sum.limb(1) == ~std::uint64_t{0});
  std::uint8_t bytes[17] = {};
  static_assert(decltype(sum)::byte_count == sizeof bytes);
  sum.to_bytes(bytes);
  CHECK(bytes[0] == 0);
  CHECK(bytes[2] == 0xfc);
  CHECK(bytes[15] == 0xff);
  CHECK(bytes[16] == 3);
}

constexpr int constant_dot() {
  using lowp::float8_e4m3fn;
  const float8_e4m3fn x[] = {float8_e4m3fn{448}, float8_e4m3fn{-448}, float8_e4m3fn{0.5f}};
  const float8_e4m3fn y[] = {float8_e4m3fn{448}, float8_e4m3fn{448}, float8_e4m3fn{14}};
  return lowp::dot<int>(x, y, 3);
}
static_assert(constant_dot() == 7);

constexpr bool cancels_in_binary64() {
  const double x[] = {0x1p1000, 0x1p-1000, -0x1p1000};
  return lowp::sum<double>(x, 3) == 0x1p-1000 && lowp::sum<float>(x, 3) == 0.0f;
}
static_assert(cancels_in_binary64());

/// floor(2^(k/8 + surd_bits)).
constexpr unsigned surd_bits = 4096;
const integer& eighth_root(int k) {
  static const std::vector<integer> all = [] {
    const integer square = sqrt(integer(2) << (2 * surd_bits));
    const integer fourth = sqrt(square << surd_bits);
    const integer eighth = sqrt(fourth << surd_bits);
    std::vector<integer> made{integer(1) << surd_bits};
    for (int i = 1; i < 8; ++i) made.push_back((made.back() * eighth) >> surd_bits);
    return made;
  }();
  return all[static_cast<std::size_t>(k)];
}

/// A sum of dyadic numbers times 2^(k/8): kept by k, so that it is known whether it is rational.
struct surd_sum {
  static constexpr long unit = -600;
  integer part[8];
  bool nan = false;
  bool any = false;

  void add(bool negative, long eighths, const real& factor) {
    const long k = ((eighths % 8) + 8) % 8;
    const integer n = factor.scaled((eighths - k) / 8).in_units(unit);
    part[k] += negative ? integer(-n) : n;
    any = true;
  }
  value total(rounding direction) const {
    if (nan) return quiet_nan();
    integer sum = 0;
    int used = 0;
    int last = 0;
    for (int k = 0; k < 8; ++k) {
      sum += part[k] * eighth_root(k);
      if (part[k] == 0) continue;
      ++used;
      last = k;
    }
    if (sum == 0) return {.negative = any && direction == rounding::toward_negative};
    const integer n = abs(part[last]);
    if (used == 1 && (n & (n - 1)) == 0) {  // a value of lns8 itself, perhaps
      const long eighths = 8 * (unit + static_cast<long>(msb(n))) + last;
      return {
          .cls = sort::finite, .negative = sum < 0, .magnitude = real::power_of_two(eighths, 8)};
    }
    return {.cls = sort::finite,
            .negative = sum < 0,
            .magnitude = real{abs(sum), unit - static_cast<long>(surd_bits)}};
  }
};

/// A code of lns8: NaN, zero, or a sign and eighths of a logarithm.
struct lns8_code {
  std::uint8_t code;
  bool is_nan() const { return code == 0x80; }
  bool is_zero() const { return code == 0; }
  bool negative() const { return code > 0x80; }
  long eighths() const { return (code & 0x7f) - find("lns8")->bias; }
};

TEST_CASE("ACC-8 sums of logarithmic numbers, alone and with others") {
  std::vector<party> destinations;
  for (const char* name :
       {"e4m3fn", "binary16", "binary32", "binary64", "posit16", "int8", "lns8"}) {
    const description* d = find(name);
    destinations.push_back({name, lowp::find_format(name)->value, destination(*d), {}});
  }
  generator random(20261127);
  tally t;
  const stopwatch watch;
  const lowp::format lns = lowp::formats::lns8;
  for (int i = 0; i < 3000; ++i) {
    const party& g = party_of(i % 2 == 0 ? lowp::formats::e4m3fn : lowp::formats::posit16);
    const std::size_t n = random() % 16;
    std::vector<std::uint8_t> x(n), y(n);
    std::vector<std::uint16_t> z(n);
    surd_sum sum, squares, mixed;
    for (std::size_t k = 0; k < n; ++k) {
      const auto draw = [&] {
        auto code = static_cast<std::uint8_t>(random());
        while (code == 0x80 && random() % 4 != 0) code = static_cast<std::uint8_t>(random());
        return code;
      };
      x[k] = draw();
      y[k] = draw();
      do {
        z[k] = static_cast<std::uint16_t>(random() & g.to.format.code_mask());
      } while (lowp::is_nan(g.format, z[k]));
      if (i % 3 == 0 && k % 2 == 1) {  // much cancels, but rarely all
        x[k] = static_cast<std::uint8_t>(x[k - 1] ^ 0x80);
        y[k] = static_cast<std::uint8_t>(y[k - 1] + (random() % 8 == 0 ? 1 : 0));
        z[k] = z[k - 1];
      }
      const lns8_code u{x[k]}, v{y[k]};
      const value w = g.of(z[k]);
      const real one{1, 0};
      sum.nan = sum.nan || u.is_nan();
      squares.nan = squares.nan || u.is_nan() || v.is_nan();
      mixed.nan = mixed.nan || u.is_nan();
      sum.any = squares.any = mixed.any = true;
      if (!u.is_nan() && !u.is_zero()) sum.add(u.negative(), u.eighths(), one);
      if (u.is_nan() || u.is_zero()) continue;
      if (!v.is_nan() && !v.is_zero()) {
        squares.add(u.negative() != v.negative(), u.eighths() + v.eighths(), one);
      }
      if (w.cls == sort::finite) mixed.add(u.negative() != w.negative, u.eighths(), w.magnitude);
    }
    const party& to = destinations[random() % destinations.size()];
    const projection p{.round = deterministic[random() % 9]};
    const auto compare_sum = [&](const char* what, const surd_sum& want, lowp::code_t got) {
      const value total = want.total(p.round);
      if (total.cls == sort::zero) return;  // signs of zeros: above
      const outcome expected = project(to.to, total, p, 0);
      t.expect(got == expected.code, [&] {
        return std::string(what) + " -> " + to.name + " " + text(p) + ": expected " +
               hex(expected.code) + ", got " + hex(got);
      });
    };
    compare_sum("sum", sum, lowp::sum(lns, x.data(), n, to.format, p));
    compare_sum("dot", squares, lowp::dot(lns, x.data(), lns, y.data(), n, to.format, p));
    compare_sum("mixed dot", mixed, lowp::dot(lns, x.data(), g.format, z.data(), n, to.format, p));
  }
  report("sums of lns8", t, watch.seconds());
}

TEST_CASE("ACC-8 logarithmic numbers beside the widest formats") {
  constexpr lowp::format wide = lowp::p3109_format(16, 1, true, true);
  using logarithmic = lowp::lns8;
  using number = lowp::number<wide>;
  const logarithmic x[] = {logarithmic{2}, logarithmic{4}};
  const number y[] = {number{1}, number::min_positive()};
  const lowp::projection up{.round = lowp::toward_positive};
  CHECK(lowp::dot<double>(x, y, 2) == 2);
  CHECK(lowp::dot<double>(x, y, 2, up) == std::nextafter(2.0, 3.0));
  // At run time there is no room for that, and nothing wrong is returned.
  const std::uint64_t codes_x[] = {x[0].code(), x[1].code()};
  const std::uint64_t codes_y[] = {y[0].code(), y[1].code()};
  const lowp::format binary64 = lowp::formats::binary64;
  const lowp::encoded sum =
      lowp::dot_with_status(lowp::formats::lns8, codes_x, wide, codes_y, 2, binary64);
  CHECK(lowp::is_nan(binary64, sum.code));
  CHECK(sum.flags.has(lowp::status::invalid));
  const lowp::augmented pair =
      lowp::augmented_add({lowp::formats::lns8, codes_x[0]}, {wide, codes_y[1]}, binary64);
  CHECK(pair.result == lowp::to_code(2.0));
  CHECK(lowp::is_nan(binary64, pair.error));
  CHECK(pair.flags.has(lowp::status::invalid));
}

TEST_CASE("ACC-8 logarithmic numbers cancel exactly") {
  using lowp::lns8;
  lowp::accumulator<lowp::formats::lns8> sum, other;
  const auto x = lns8::from_code(0x31), y = lns8::from_code(0x4a);
  sum.add(x);
  sum.add_product(x, y);
  CHECK(sum.is_exact());
  CHECK(sum.value().sticky);
  other.add_product(y, x);
  other.add(x);
  CHECK(sum == other);
  sum.subtract(x);
  sum.subtract_product(x, y);
  CHECK(sum.value() == lowp::exact_zero());
  CHECK(sum.result(lowp::toward_negative).value == lowp::exact_zero(true));
  other.reset();
  CHECK(other.value() == lowp::exact_zero());
  other.add_product(x, lns8::from_code(0x80));
  CHECK(other.has_nan());
  // sqrt(2) sqrt(2) is 2.
  lowp::accumulator<lowp::formats::lns8> root;
  const auto sqrt2 = lowp::convert<lns8>(1.414213562);
  root.add_product(sqrt2, sqrt2);
  CHECK(root.round<double>() == 2.0);
  std::uint8_t bytes[decltype(root)::byte_count];
  root.to_bytes(bytes);
  other.from_bytes(bytes);
  CHECK(other == root);
}

TEST_CASE("ACC-8 a trace beside logarithmic numbers tells its side at any depth") {
  using namespace lowp;
  constexpr format f = formats::lns8;
  constexpr projection up{.round = toward_positive}, down{.round = toward_negative};
  const lns8 root = lns8::from_code(0x39);  // 2^(-7/8)
  for (const double trace : {0x1p-60, 0x1p-100, 0x1p-130, 0x1p-700, 0x1p-1074}) {
    for (const code_t x : {0x02U, 0x33U, 0x41U, 0x7eU}) {
      accumulator<f, formats::binary64> sum;
      sum.add(lns8::from_code(x));
      const auto lies = [&](code_t below, code_t above) {
        CHECK(sum.round(f, down) == below);
        CHECK(sum.round(f, up) == above);
      };
      lies(x, x);
      CHECK(sum.round_with_status(f).flags.bits == 0);
      sum.add(trace);
      lies(x, x + 1);
      sum.subtract_product(root, trace);
      lies(x, x + 1);
      sum.subtract_product(root, trace);
      lies(x - 1, x);
      sum.subtract(lns8::from_code(x));
      sum.subtract(lns8::from_code(x));
      lies(0x80 | (x + 1), 0x80 | x);
      sum.add_product(root, trace);
      lies(0x80 | x, 0x80 | (x - 1));
    }
  }
  // A dyadic sum that begins as 2^(1/8) does, below and above it.
  accumulator<f, formats::binary64> sum;
  const exact begin = decode(f, 0x41);
  sum.add(exact_finite(false, begin.significand, begin.exponent));
  sum.add(exact_finite(false, begin.tail, begin.exponent - 64));
  sum.add(0x1p-200);
  CHECK(sum.round(f, up) == 0x41);
  CHECK(sum.round(f, down) == 0x40);
  sum.add(0x1p-128);
  CHECK(sum.round(f, up) == 0x42);
  CHECK(sum.round(f, down) == 0x41);
}

}  // namespace
