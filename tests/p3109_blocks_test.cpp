// SPDX-License-Identifier: Apache-2.0
// IEEE P3109 interim report 4.0, section 5: blocks, against the report's own rules over rationals.
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/p3109.hpp>

#include "oracle/p3109_bridge.hpp"
#include "oracle/p3109_known.hpp"
#include "oracle/report.hpp"

namespace {

namespace p3109 = lowp::p3109;
using draft::datum;
using draft::format_of;
using draft::parameters;
using draft::spec_of;
using draft::specification;
using lowp::code_t;
using oracle::hex;
using oracle::report;
using oracle::tally;
using codes = std::vector<code_t>;

// A block of the model beside its view for lowp.
struct block {
  parameters fs;
  parameters fx;
  code_t s = 0;
  codes x;

  datum scale() const { return draft::decode(fs, s); }
  datum element(std::size_t i) const { return draft::decode(fx, x[i]); }
  // BlockDecode
  datum operator[](std::size_t i) const { return draft::product(scale(), element(i)); }
  p3109::Block<code_t> view() const { return {format_of(fs), format_of(fx), s, x.data()}; }
  p3109::ScaledValue first() const { return {format_of(fs), format_of(fx), s, x[0]}; }

  std::string text() const {
    std::string t = fs.name() + ":" + hex(s) + " " + fx.name();
    for (const code_t c : x) t += ":" + hex(c);
    return t;
  }
};

// BlockProject before its projection.
datum in_units_of(const datum& S, const datum& X, bool formal) {
  if (S.is_nan() || X.is_nan()) return draft::not_a_number();
  if (S.is_zero()) return draft::rational(0);
  if (S.is_infinite()) return draft::rational(formal ? 1 : X.sign() * S.sign());
  if (X.root) {  // a root over a scale
    datum Q = draft::quotient(draft::rational(X.n, X.d, X.e), draft::product(S, S));
    Q.root = true;
    if (S.sign() < 0) Q.n = -Q.n;
    return Q;
  }
  return draft::quotient(X, S);
}

class generator {
 public:
  explicit generator(std::uint64_t seed) : random_(seed) {}

  std::uint64_t below(std::uint64_t n) { return random_() % n; }

  // A code; one in eight is special, most values are near one.
  code_t code(const parameters& f) {
    const code_t all = f.sign_bit() | (f.sign_bit() - 1);
    const code_t sign = f.is_signed && below(2) != 0 ? f.sign_bit() : 0;
    if (below(8) == 0) {
      const code_t special[] = {0, 1, f.max_finite(), f.nan(),
                                f.extended ? f.max_finite() + 1 : f.max_finite()};
      const code_t c = special[below(5)];
      return c == 0 || c == f.nan() ? c : c | sign;
    }
    if (below(4) == 0) return random_() & all;
    const code_t one = static_cast<code_t>(f.bias()) << f.t();
    const code_t spread = code_t{1} << (f.t() + (f.K - f.P > 2 ? 2 : 0));
    const code_t c = one - spread / 2 + below(spread);
    return (c > f.max_finite() ? 1 : c) | sign;
  }

  block make(const parameters& fs, const parameters& fx, std::size_t B) {
    block b{fs, fx, code(fs), {}};
    // Few specials in a long block, or every reduction is NaN.
    const bool plain = below(3) != 0;
    for (std::size_t i = 0; i < B; ++i) {
      code_t c = code(fx);
      while (plain && draft::decode(fx, c).kind != datum::finite) c = code(fx);
      b.x.push_back(c);
    }
    return b;
  }

  specification spec() {
    specification s;
    s.round = static_cast<draft::mode>(below(9));
    s.sat = static_cast<draft::saturation>(below(3));
    s.formal = below(3) == 0;
    s.N = static_cast<int>(below(7));
    s.R = below(std::uint64_t{1} << s.N);
    return s;
  }

 private:
  std::mt19937_64 random_;
};

const parameters p4sf4{4, 2, true, false};
const parameters p1uf{8, 1, false, false};
const parameters p1ue{8, 1, false, true};
const parameters p3se{8, 3, true, true};
const parameters p4se{8, 4, true, true};
const parameters p4sf{8, 4, true, false};
const parameters p2ue5{5, 2, false, true};
const parameters p11se{16, 11, true, true};
const parameters p1ue16{16, 1, false, true};
const parameters p2se16{16, 2, true, true};

const parameters scales[] = {p1uf, p1ue, p3se, p4sf4, draft::bfloat16, p2ue5};
const parameters elements[] = {p4sf4, p4se, p3se, p4sf, p2ue5, draft::binary16, p1ue, p11se};

std::string failure(const char* name, const block& X, const block* Y, const specification& s,
                    const parameters& fr, code_t got, code_t expected) {
  return std::string(name) + " " + X.text() + (Y != nullptr ? " and " + Y->text() : "") + " to " +
         fr.name() + " " + draft::text(s) + ": " + hex(got) + ", expected " + hex(expected);
}

}  // namespace

TEST_CASE("IEP-10 conversions out of blocks and into blocks") {
  generator g(41);
  tally from, into, greatest;
  for (int round = 0; round < 20000; ++round) {
    const parameters& fs = scales[g.below(std::size(scales))];
    const parameters& fx = elements[g.below(std::size(elements))];
    const parameters& fr = elements[g.below(std::size(elements))];
    const std::size_t B = 1 + g.below(9);
    const block X = g.make(fs, fx, B);
    const specification rho = g.spec();
    std::vector<std::uint64_t> random(B);
    for (std::uint64_t& r : random) r = g.below(std::uint64_t{1} << rho.N);
    const bool own_random = g.below(2) == 0;
    const auto rho_of = [&](std::size_t i) {
      specification s = rho;
      if (own_random) s.R = random[i];
      return s;
    };
    const std::uint64_t* words = own_random ? random.data() : nullptr;
    codes r(B);

    p3109::ConvertFromBlock(B, X.view(), format_of(fr), spec_of(rho), r.data(), words);
    for (std::size_t i = 0; i < B; ++i) {
      const code_t expected = draft::project(fr, X[i], rho_of(i));
      from.expect(r[i] == expected, [&] {
        return failure("ConvertFromBlock", X, nullptr, rho_of(i), fr, r[i], expected);
      });
      // There and back with the same scale: the same functions alone.
      const lowp::exact Z = p3109::BlockDecode(X.view(), i);
      const lowp::exact S = p3109::Decode(format_of(fs), X.s);
      const code_t back = p3109::BlockProject(format_of(fr), spec_of(rho), S, Z);
      const code_t wanted = draft::project(fr, in_units_of(X.scale(), X[i], rho.formal), rho);
      from.expect(back == wanted, [&] {
        return failure("BlockProject of BlockDecode", X, nullptr, rho, fr, back, wanted);
      });
    }

    const code_t s = p3109::ConvertToBlock(B, format_of(fx), X.x.data(), format_of(fs), X.s,
                                           format_of(fr), spec_of(rho), r.data(), words);
    for (std::size_t i = 0; i < B; ++i) {
      const datum Z = in_units_of(X.scale(), X.element(i), rho.formal);
      const code_t expected = draft::project(fr, Z, rho_of(i));
      into.expect(r[i] == expected && s == X.s, [&] {
        return failure("ConvertToBlock", X, nullptr, rho_of(i), fr, r[i], expected);
      });
    }

    // The greatest finite magnitude, else infinity, else NaN.
    specification rho_s = g.spec();
    datum S = draft::not_a_number();
    for (std::size_t i = 0; i < B; ++i) {
      const datum m = draft::absolute(X.element(i));
      const bool better = m.is_nan()        ? false
                          : S.is_nan()      ? true
                          : S.is_infinite() ? !m.is_infinite()
                                            : !m.is_infinite() && draft::less(S, m);
      if (better) S = m;
    }
    const code_t scale = draft::project(fs, S, rho_s);
    const code_t got = p3109::ConvertToBlockMaxAbsFinite(
        B, format_of(fx), X.x.data(), format_of(fs), spec_of(rho_s), format_of(fr), spec_of(rho),
        r.data(), words);
    greatest.expect(got == scale,
                    [&] { return failure("scale", X, nullptr, rho_s, fs, got, scale); });
    const datum D = draft::decode(fs, scale);
    for (std::size_t i = 0; i < B; ++i) {
      datum Z = in_units_of(D, X.element(i), rho.formal);
      if (rho.formal && D.is_zero()) Z = draft::rational(0);
      if (rho.formal && D.is_infinite()) Z = draft::quotient(X.element(i), D);
      const code_t expected = draft::project(fr, Z, rho_of(i));
      greatest.expect(r[i] == expected, [&] {
        return failure("ConvertToBlockMaxAbsFinite", X, nullptr, rho_of(i), fr, r[i], expected);
      });
    }
  }
  report("ConvertFromBlock", from);
  report("ConvertToBlock", into);
  report("ConvertToBlockMaxAbsFinite", greatest);
}

TEST_CASE("IEP-4 IEP-10 blocks of special values, and what the formal specification changed") {
  const lowp::format f = format_of(p4se);
  const p3109::ProjSpec now{};
  const p3109::ProjSpec formal{.version = p3109::FormalSpecification_2026_07};
  const std::uint8_t nans[] = {0x80, 0x80};
  const std::uint8_t infinities[] = {0x7F, 0xFF};
  const std::uint8_t mixed[] = {0x7F, 0x40, 0x80, 0x48};  // inf, 1, NaN, 2
  std::uint8_t r[4];
  const auto greatest = [&](std::size_t B, const std::uint8_t* x, const p3109::ProjSpec& rho) {
    return p3109::ConvertToBlockMaxAbsFinite(B, f, x, f, now, f, rho, r);
  };
  CHECK(greatest(2, nans, now) == 0x80);
  CHECK((r[0] == 0x80 && r[1] == 0x80));
  CHECK(greatest(2, infinities, now) == 0x7F);
  CHECK((r[0] == 0x40 && r[1] == 0xC0));  // 1, -1
  CHECK(greatest(2, infinities, formal) == 0x7F);
  CHECK((r[0] == 0x80 && r[1] == 0x80));  // inf / inf
  CHECK(greatest(4, mixed, now) == 0x48);
  CHECK((r[0] == 0x7F && r[1] == 0x38 && r[2] == 0x80 && r[3] == 0x40));
  // A scale that rounds to zero: NaN stays in the report only.
  const std::uint8_t tiny[] = {0x01, 0x80};
  const lowp::format narrow = format_of(p4sf4);
  for (const bool is_formal : {false, true}) {
    CHECK(p3109::ConvertToBlockMaxAbsFinite(2, f, tiny, narrow, now, f, is_formal ? formal : now,
                                            r) == 0);
    CHECK(r[0] == 0);
    CHECK(r[1] == (is_formal ? 0x00 : 0x80));
  }
  // An infinite scale: the signs, or 1.
  const std::uint8_t some[] = {0xC8, 0x00, 0x7F};
  p3109::ConvertToBlock(3, f, some, f, 0xFF, f, now, r);
  CHECK((r[0] == 0x40 && r[1] == 0x00 && r[2] == 0xC0));
  p3109::ConvertToBlock(3, f, some, f, 0xFF, f, formal, r);
  CHECK((r[0] == 0x40 && r[1] == 0x40 && r[2] == 0x40));
}

TEST_CASE("IEP-11 reductions against exact rationals") {
  generator g(42);
  tally t;
  const parameters results[] = {p4se, p3se, draft::binary32, draft::binary64, p4sf4, p1uf, p11se};
  for (int round = 0; round < 20000; ++round) {
    const std::size_t B = 1 + g.below(round % 50 == 0 ? 300 : 12);
    const block X =
        g.make(scales[g.below(std::size(scales))], elements[g.below(std::size(elements))], B);
    const block Y =
        g.make(scales[g.below(std::size(scales))], elements[g.below(std::size(elements))], B);
    const parameters& fr = results[g.below(std::size(results))];
    const specification rho = g.spec();
    datum sum = draft::rational(0);
    datum product = draft::rational(1);
    datum dot = draft::rational(0);
    for (std::size_t i = 0; i < B; ++i) {
      sum = draft::sum(sum, X[i]);
      product = draft::product(product, X[i]);
      dot = draft::sum(dot, draft::product(X[i], Y[i]));
    }
    const lowp::format to = format_of(fr);
    const auto check = [&](const char* name, code_t got, const datum& Z) {
      const code_t expected = draft::project(fr, Z, rho);
      t.expect(got == expected, [&] { return failure(name, X, &Y, rho, fr, got, expected); });
    };
    check("BlockReduceAdd", p3109::BlockReduceAdd(B, X.view(), to, spec_of(rho)), sum);
    check("BlockReduceMultiply", p3109::BlockReduceMultiply(B, X.view(), to, spec_of(rho)),
          product);
    check("BlockDotProduct", p3109::BlockDotProduct(B, X.view(), Y.view(), to, spec_of(rho)), dot);
  }
  report("reductions", t);
}

TEST_CASE("IEP-11 reductions over the whole range of 16-bit formats, and in binary64") {
  generator g(43);
  tally t;
  const parameters wide[] = {p1ue16, p2se16, draft::binary64};
  for (int round = 0; round < 120; ++round) {
    const parameters& f = wide[round % 3];
    const std::size_t B = 2 + g.below(6);
    block X = g.make(f, f, B);
    block Y = g.make(f, f, B);
    // Both ends of the range, and terms that cancel.
    X.s = Y.s = round % 2 == 0 ? 1 : f.max_finite();
    X.x[0] = f.max_finite();
    Y.x[0] = f.max_finite() - 1;
    X.x[1] = Y.x[1] = 1;
    if (f.is_signed && B > 4) {
      X.x[2] = X.x[0] | f.sign_bit();
      Y.x[2] = Y.x[0];
    }
    specification rho = g.spec();
    datum sum = draft::rational(0);
    datum dot = draft::rational(0);
    for (std::size_t i = 0; i < B; ++i) {
      sum = draft::sum(sum, X[i]);
      dot = draft::sum(dot, draft::product(X[i], Y[i]));
    }
    const code_t expected[] = {draft::project(f, sum, rho), draft::project(f, dot, rho)};
    const lowp::format to = format_of(f);
    const code_t got[] = {p3109::BlockReduceAdd(B, X.view(), to, spec_of(rho)),
                          p3109::BlockDotProduct(B, X.view(), Y.view(), to, spec_of(rho))};
    for (int i = 0; i < 2; ++i) {
      t.expect(got[i] == expected[i],
               [&] { return failure(i == 0 ? "sum" : "dot", X, &Y, rho, f, got[i], expected[i]); });
    }
  }
  report("wide reductions", t);
}

TEST_CASE("IEP-11 the last of 106 bits of an element") {
  // e = 2^-52: (1 + e)(1 + e) - (1 + e) = e (1 + e), whichever block has the long products.
  const std::uint64_t one = lowp::to_code(1.0);
  const std::uint64_t x[] = {one + 1, one};
  const std::uint64_t y[] = {one, lowp::to_code(-1.0)};
  const p3109::Block X{p3109::binary64, p3109::binary64, one + 1, x};
  const p3109::Block Y{p3109::binary64, p3109::binary64, one, y};
  const std::uint64_t expected = lowp::to_code(0x1p-52) + 1;
  CHECK(p3109::BlockDotProduct(2, X, Y, p3109::binary64, {}) == expected);
  CHECK(p3109::BlockDotProduct(2, Y, X, p3109::binary64, {}) == expected);
}

TEST_CASE("IEP-11 long products: where the leading words do not decide") {
  // 2^288 - 1 as a product of factors below 2^64, then 130 bits more: a word of ones behind the
  // leading 128 bits and behind that 130 bits that borrow from it.
  const std::uint64_t ones[] = {(1ull << 36) - 1,
                                (1ull << 36) + 1,
                                (1ull << 24) + 1,
                                (1ull << 48) - (1ull << 24) + 1,
                                (1ull << 48) + 1,
                                1153,
                                6337,
                                38941695937ull,
                                278452876033ull};
  draft::integer all = 1;
  std::vector<std::uint64_t> factors(std::begin(ones), std::end(ones));
  for (const std::uint64_t f : factors) all *= f;
  REQUIRE(all == (draft::integer(1) << 288) - 1);
  for (const std::uint64_t f : {0xFEDCBA9876543211ull, 0xFFFFFFFFFFFFFFC5ull, 7ull}) {
    factors.push_back(f);
    all *= f;
  }
  const auto term = [&factors](std::size_t i) {
    return p3109::detail::factors{lowp::exact_finite(false, factors[i], 0),
                                  lowp::exact_finite(i % 2 == 0, 2, 0)};
  };
  bool decided = true;
  p3109::detail::product_within<6>(factors.size(), term, decided);
  CHECK_FALSE(decided);
  const lowp::exact short_way = p3109::detail::product_within<8>(factors.size(), term, decided);
  CHECK(decided);
  const lowp::exact r = p3109::detail::product_of(factors.size(), term);
  CHECK(r == short_way);
  // 128 bits and a rest.
  const auto bits = static_cast<int>(msb(all)) + 1;
  const draft::integer leading = all >> static_cast<unsigned>(bits - 128);
  CHECK(r.significand == static_cast<std::uint64_t>(leading >> 64));
  CHECK(r.tail == static_cast<std::uint64_t>(leading & ~std::uint64_t{0}));
  CHECK(r.sticky);
  CHECK(r.exponent == bits - 64 + static_cast<int>(factors.size()));

  // Cut products: the leading bits of 3^n.
  tally t;
  draft::integer power = 1;
  for (std::size_t n = 1; n <= 3000; ++n) {
    power *= 3;
    const auto three = [](std::size_t) {
      return p3109::detail::factors{lowp::exact_finite(false, 3, 0),
                                    lowp::exact_finite(false, 1, 0)};
    };
    if (n % 37 != 0 && n > 200) continue;
    const lowp::exact got = p3109::detail::product_within<6>(n, three, decided);
    const auto length = static_cast<int>(msb(power)) + 1;
    const draft::integer cut = length > 128
                                   ? draft::integer(power >> static_cast<unsigned>(length - 128))
                                   : draft::integer(power << static_cast<unsigned>(128 - length));
    const bool good = decided && got.exponent == length - 64 && got.sticky == (length > 128) &&
                      got.significand == static_cast<std::uint64_t>(cut >> 64) &&
                      got.tail == static_cast<std::uint64_t>(cut & ~std::uint64_t{0});
    t.expect(good, [&] { return "3^" + std::to_string(n); });
  }
  report("powers of three", t);
}

namespace {

using view = p3109::Block<code_t>;
using format = lowp::format;
using block_unary = code_t (*)(std::size_t, const view&, format, code_t, format,
                               const p3109::ProjSpec&, code_t*, const std::uint64_t*) noexcept;
using block_binary = code_t (*)(std::size_t, const view&, const view&, format, code_t, format,
                                const p3109::ProjSpec&, code_t*, const std::uint64_t*) noexcept;
using block_ternary = code_t (*)(std::size_t, const view&, const view&, const view&, format, code_t,
                                 format, const p3109::ProjSpec&, code_t*,
                                 const std::uint64_t*) noexcept;
using scaled_unary = code_t (*)(const p3109::ScaledValue&, format, const p3109::ProjSpec&) noexcept;
using scaled_binary = code_t (*)(const p3109::ScaledValue&, const p3109::ScaledValue&, format,
                                 const p3109::ProjSpec&) noexcept;
using scaled_ternary = code_t (*)(const p3109::ScaledValue&, const p3109::ScaledValue&,
                                  const p3109::ScaledValue&, format,
                                  const p3109::ProjSpec&) noexcept;

struct unary_forms {
  block_unary block;
  scaled_unary scaled;
};
struct binary_forms {
  const char* name;
  block_binary block;
  scaled_binary scaled;
  datum (*theirs)(const datum* x);
};
struct ternary_forms {
  const char* name;
  block_ternary block;
  scaled_ternary scaled;
  datum (*theirs)(const datum* x);
};

#define FORMS(Name) p3109::Block##Name<code_t, code_t>, p3109::Scaled##Name
#define FORMS2(Name) p3109::Block##Name<code_t, code_t, code_t>, p3109::Scaled##Name
#define FORMS3(Name) p3109::Block##Name<code_t, code_t, code_t, code_t>, p3109::Scaled##Name
// In the order of draft::all_unary.
const unary_forms unaries[] = {
    {FORMS(Convert)},     {FORMS(Abs)},      {FORMS(Negate)},   {FORMS(Sqrt)},
    {FORMS(Recip)},       {FORMS(RSqrt)},    {FORMS(Exp)},      {FORMS(Exp2)},
    {FORMS(ExpMinusOne)}, {FORMS(Log)},      {FORMS(Log2)},     {FORMS(LogOnePlus)},
    {FORMS(Softplus)},    {FORMS(Sin)},      {FORMS(Cos)},      {FORMS(Tan)},
    {FORMS(ArcSin)},      {FORMS(ArcCos)},   {FORMS(ArcTan)},   {FORMS(Sinh)},
    {FORMS(Cosh)},        {FORMS(Tanh)},     {FORMS(ArcSinh)},  {FORMS(ArcCosh)},
    {FORMS(ArcTanh)},     {FORMS(SinPi)},    {FORMS(CosPi)},    {FORMS(TanPi)},
    {FORMS(ArcSinPi)},    {FORMS(ArcCosPi)}, {FORMS(ArcTanPi)},
};
const binary_forms binaries[] = {
    {"Add", FORMS2(Add), draft::add},
    {"Subtract", FORMS2(Subtract), draft::subtract},
    {"Multiply", FORMS2(Multiply), draft::multiply},
    {"Divide", FORMS2(Divide), draft::divide},
    {"Hypot", FORMS2(Hypot), draft::hypot},
    {"CopySign", FORMS2(CopySign), draft::copysign},
    {"Minimum", FORMS2(Minimum), draft::minimum},
    {"Maximum", FORMS2(Maximum), draft::maximum},
    {"MinimumNumber", FORMS2(MinimumNumber), draft::minimum_number},
    {"MaximumNumber", FORMS2(MaximumNumber), draft::maximum_number},
    {"MinimumMagnitude", FORMS2(MinimumMagnitude), draft::minimum_magnitude},
    {"MaximumMagnitude", FORMS2(MaximumMagnitude), draft::maximum_magnitude},
    {"MinimumMagnitudeNumber", FORMS2(MinimumMagnitudeNumber), draft::minimum_magnitude_number},
    {"MaximumMagnitudeNumber", FORMS2(MaximumMagnitudeNumber), draft::maximum_magnitude_number},
    {"MinimumFinite", FORMS2(MinimumFinite), draft::minimum_finite},
    {"MaximumFinite", FORMS2(MaximumFinite), draft::maximum_finite},
    {"ArcTan2", FORMS2(ArcTan2), nullptr},
    {"ArcTan2Pi", FORMS2(ArcTan2Pi), nullptr},
};
const ternary_forms ternaries[] = {
    {"FMA", FORMS3(FMA), draft::fma},
    {"FAA", FORMS3(FAA), draft::faa},
    {"Clamp", FORMS3(Clamp), draft::clamp},
};

// Operands of small formats, the scale and the format of the result.
struct operands {
  explicit operands(generator& g)
      : X(g.make(scales[g.below(5)], elements[g.below(5)], 4)),
        Y(g.make(scales[g.below(5)], elements[g.below(5)], 4)),
        Z(g.make(scales[g.below(5)], elements[g.below(5)], 4)),
        fsr(scales[g.below(5)]),
        fr(elements[g.below(std::size(elements))]),
        sr(g.code(fsr)),
        rho(g.spec()) {}
  block X, Y, Z;
  parameters fsr, fr;
  code_t sr;
  specification rho;
};

// Compares the block form element by element and the scaled form with its first element.
void check(tally& t, const char* name, const operands& o, code_t s, const codes& got, code_t scaled,
           std::size_t i, const datum& W) {
  const datum Q = in_units_of(draft::decode(o.fsr, o.sr), W, o.rho.formal);
  const code_t expected = draft::project(o.fr, Q, o.rho);
  t.expect(got[i] == expected && s == o.sr, [&] {
    return failure(name, o.X, &o.Y, o.rho, o.fr, got[i], expected) + " scale " + hex(o.sr);
  });
  if (i != 0) return;
  const code_t alone = draft::project(o.fr, W, o.rho);
  t.expect(scaled == alone,
           [&] { return failure(name, o.X, &o.Y, o.rho, o.fr, scaled, alone) + " as Scaled"; });
}

}  // namespace

TEST_CASE("IEP-12 block and scaled forms of every operation of two and three operands") {
  generator g(44);
  for (const binary_forms& op : binaries) {
    tally t;
    for (int round = 0; round < 6000; ++round) {
      const operands o(g);
      codes r(4);
      const code_t s = op.block(4, o.X.view(), o.Y.view(), format_of(o.fsr), o.sr, format_of(o.fr),
                                spec_of(o.rho), r.data(), nullptr);
      const code_t scaled = op.scaled(o.X.first(), o.Y.first(), format_of(o.fr), spec_of(o.rho));
      for (std::size_t i = 0; i < 4; ++i) {
        const datum xy[] = {o.X[i], o.Y[i]};
        if (op.theirs != nullptr) {
          check(t, op.name, o, s, r, scaled, i, op.theirs(xy));
        } else {
          const bool by_pi = std::string(op.name) == "ArcTan2Pi";
          const draft::known W = draft::arc_tan_2(xy[0], xy[1], by_pi, o.rho.formal);
          if (W) check(t, op.name, o, s, r, scaled, i, *W);
        }
      }
    }
    report("Block" + std::string(op.name), t);
  }
  for (const ternary_forms& op : ternaries) {
    tally t;
    for (int round = 0; round < 6000; ++round) {
      const operands o(g);
      codes r(4);
      const code_t s = op.block(4, o.X.view(), o.Y.view(), o.Z.view(), format_of(o.fsr), o.sr,
                                format_of(o.fr), spec_of(o.rho), r.data(), nullptr);
      const code_t scaled =
          op.scaled(o.X.first(), o.Y.first(), o.Z.first(), format_of(o.fr), spec_of(o.rho));
      for (std::size_t i = 0; i < 4; ++i) {
        const datum xyz[] = {o.X[i], o.Y[i], o.Z[i]};
        check(t, op.name, o, s, r, scaled, i, op.theirs(xyz));
      }
    }
    report("Block" + std::string(op.name), t);
  }
}

TEST_CASE("IEP-12 block and scaled forms of every operation of one operand") {
  generator g(45);
  static_assert(std::size(unaries) == std::size(draft::all_unary));
  for (std::size_t op = 0; op < std::size(unaries); ++op) {
    const std::string name = draft::all_unary[op].name;
    tally t;
    for (int round = 0; round < 6000; ++round) {
      const operands o(g);
      bool all_known = true;
      for (std::size_t i = 0; i < 4; ++i) {
        all_known = all_known && draft::all_unary[op].of(o.X[i], o.rho.formal).has_value();
      }
      if (!all_known && round % 8 != 0) continue;
      codes r(4);
      const code_t s = unaries[op].block(4, o.X.view(), format_of(o.fsr), o.sr, format_of(o.fr),
                                         spec_of(o.rho), r.data(), nullptr);
      const code_t scaled = unaries[op].scaled(o.X.first(), format_of(o.fr), spec_of(o.rho));
      for (std::size_t i = 0; i < 4; ++i) {
        const draft::known W = draft::all_unary[op].of(o.X[i], o.rho.formal);
        if (W) check(t, name.c_str(), o, s, r, scaled, i, *W);
      }
    }
    report("Block" + name, t);
  }
}
