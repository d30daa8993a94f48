// SPDX-License-Identifier: Apache-2.0
// IEEE P3109 interim report 4.0: formats, projections, versions, comparisons, classes, neighbours,
// kappa, the minimum set, and single results that the report or its readers name.
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/operations.hpp>
#include <lowp/p3109.hpp>

#include "oracle/p3109_bridge.hpp"
#include "oracle/report.hpp"

namespace {

namespace p3109 = lowp::p3109;
using draft::datum;
using draft::family;
using draft::format_of;
using draft::parameters;
using lowp::code_t;
using oracle::hex;
using oracle::report;
using oracle::tally;
using p3109::Binary;
using p3109::Domain;
using p3109::ProjSpec;
using p3109::Signedness;

constexpr lowp::format p3se = Binary(8, 3);
constexpr lowp::format p4se = Binary(8, 4);
constexpr lowp::format p4sf = Binary(8, 4, Signedness::Signed, Domain::Finite);
constexpr lowp::format p3ue = Binary(8, 3, Signedness::Unsigned, Domain::Extended);
constexpr lowp::format p3uf = Binary(8, 3, Signedness::Unsigned, Domain::Finite);

// Usable in constant expressions.
static_assert(p3109::Add(p4se, p4se, p4se, {}, 0x40, 0x40) == 0x48);
static_assert(p3109::TotalOrder(p4se, p4se, 0x80, 0xFF));
static_assert(p3109::NextGreaterThan(p4se, 0x7F) == 0x80);

lowp::exact exact_of(double x) { return lowp::decode(lowp::formats::binary64, lowp::to_code(x)); }

}  // namespace

TEST_CASE("IEP-1 IEP-9 format operations of all 504 formats and the external ones") {
  tally t;
  std::vector<parameters> all = family(3, 16);
  for (const parameters& f : {draft::binary16, draft::bfloat16, draft::binary32, draft::binary64}) {
    all.push_back(f);
  }
  for (const parameters& f : all) {
    const lowp::format ours = format_of(f);
    const int exponent_bits = f.external ? f.K - f.P : f.is_signed ? f.K - f.P : f.K - f.P + 1;
    const code_t M_hi = f.max_finite();
    const bool good =
        p3109::is_report_format(ours) && p3109::is_external_format(ours) == f.external &&
        p3109::BitwidthOf(ours) == f.K && p3109::PrecisionOf(ours) == f.P &&
        (p3109::SignednessOf(ours) == Signedness::Signed) == f.is_signed &&
        (p3109::DomainOf(ours) == Domain::Extended) == f.extended &&
        p3109::ExponentBitwidthOf(ours) == exponent_bits &&
        p3109::TrailingSignificandBitwidthOf(ours) == f.P - 1 &&
        p3109::ExponentBiasOf(ours) == f.bias() && p3109::MaxFiniteOf(ours) == M_hi &&
        p3109::MinFiniteOf(ours) == (f.is_signed ? M_hi | f.sign_bit() : 0) &&
        p3109::MinPositiveOf(ours) == 1 && p3109::MinNormalOf(ours) == code_t{1} << (f.P - 1) &&
        p3109::MaxSubnormalOf(ours) == (f.P == 1 ? f.nan() : (code_t{1} << (f.P - 1)) - 1);
    t.expect(good, [&] { return f.name(); });
  }
  report("formats", t);
  CHECK(t.cases == 508);
  CHECK_FALSE(p3109::is_report_format(lowp::formats::e4m3fn));
  CHECK_FALSE(p3109::is_report_format(Binary(2, 1)));

  // Section 3.1 and annex B, in numbers.
  struct row {
    lowp::format f;
    int B;
    double min_positive, min_normal, max_finite;
    code_t max_code;
  };
  const row rows[] = {{p3se, 16, 0x1p-17, 0x1p-15, 49152, 0x7E},
                      {p4se, 8, 0x1p-10, 0x1p-7, 224, 0x7E},
                      {p4sf, 8, 0x1p-10, 0x1p-7, 240, 0x7F},
                      {Binary(8, 1), 64, 0x1p-63, 0x1p-63, 0x1p62, 0x7E},
                      {p3ue, 32, 0x1p-33, 0x1p-31, 1.25 * 0x1p31, 0xFD},
                      {p3uf, 32, 0x1p-33, 0x1p-31, 1.5 * 0x1p31, 0xFE},
                      {Binary(4, 2, Signedness::Signed, Domain::Finite), 2, 0.25, 0.5, 3, 0x7},
                      {Binary(16, 11), 16, 0x1p-25, 0x1p-15, 65472, 0x7FFE}};
  for (const row& r : rows) {
    CHECK(p3109::ExponentBiasOf(r.f) == r.B);
    CHECK(lowp::compare(p3109::Decode(r.f, p3109::MinPositiveOf(r.f)), exact_of(r.min_positive)) ==
          lowp::ordering::equal);
    CHECK(lowp::compare(p3109::Decode(r.f, p3109::MinNormalOf(r.f)), exact_of(r.min_normal)) ==
          lowp::ordering::equal);
    CHECK(lowp::compare(p3109::Decode(r.f, p3109::MaxFiniteOf(r.f)), exact_of(r.max_finite)) ==
          lowp::ordering::equal);
    CHECK(p3109::MaxFiniteOf(r.f) == r.max_code);
  }
}

TEST_CASE("IEP-2 IEP-7 IEP-8 the official value tables, 3 to 8 bits") {
  const char* classes[] = {"NaN",  "NegativeInfinity",  "NegativeNormal", "NegativeSubnormal",
                           "Zero", "PositiveSubnormal", "PositiveNormal", "PositiveInfinity"};
  tally t;
  for (int K = 3; K <= 8; ++K) {
    std::ifstream file(std::string(LOWP_SHARED_DIR) + "/vectors/p3109/k" + std::to_string(K) +
                       ".csv");
    if (!file) {
      MESSAGE("no value tables in shared/vectors/p3109: skipped");
      return;
    }
    std::string line;
    std::getline(file, line);
    lowp::format f;
    std::string name;
    while (std::getline(file, line)) {
      std::istringstream cells(line);
      std::string format_name, code_text, value, n, e, cls;
      std::getline(cells, format_name, ',');
      std::getline(cells, code_text, ',');
      std::getline(cells, value, ',');
      std::getline(cells, n, ',');
      std::getline(cells, e, ',');
      std::getline(cells, cls);
      if (format_name != name) {
        name = format_name;
        // BinaryKpPse
        const std::size_t p = name.find('p');
        const int P = std::atoi(name.c_str() + p + 1);
        f = Binary(K, P, name[name.size() - 2] == 's' ? Signedness::Signed : Signedness::Unsigned,
                   name.back() == 'e' ? Domain::Extended : Domain::Finite);
      }
      const code_t code = std::strtoull(code_text.c_str(), nullptr, 16);
      const double number = std::strtod(value.c_str(), nullptr);
      const lowp::exact X = p3109::Decode(f, code);
      const auto c = static_cast<std::size_t>(p3109::Class(f, code));
      const bool infinite = cls == "NegativeInfinity" || cls == "PositiveInfinity";
      const bool good =
          (cls == "NaN" ? X.cls == lowp::number_class::nan
                        : lowp::compare(X, exact_of(number)) == lowp::ordering::equal) &&
          p3109::IsNaN(f, code) == (cls == "NaN") && cls == classes[c] &&
          p3109::Encode(f, X) == code && p3109::IsInfinite(f, code) == infinite &&
          p3109::IsFinite(f, code) == (!infinite && cls != "NaN") &&
          p3109::IsZero(f, code) == (cls == "Zero") && p3109::IsOne(f, code) == (number == 1) &&
          p3109::IsSignMinus(f, code) == (cls.substr(0, 3) == "Neg") &&
          p3109::IsNormal(f, code) == (cls.find("Normal") != std::string::npos) &&
          p3109::IsSubnormal(f, code) == (cls.find("Subnormal") != std::string::npos);
      t.expect(good, [&] { return line; });
    }
  }
  report("value tables", t);
  CHECK(t.cases == 13296);
}

TEST_CASE("IEP-7 IEP-8 comparisons, total order and neighbours, by value") {
  tally t;
  std::vector<parameters> formats = family(3, 6);
  formats.push_back({8, 4, true, true});
  formats.push_back({8, 3, false, false});
  const parameters other{5, 3, true, true};
  for (const parameters& f : formats) {
    const lowp::format ours = format_of(f);
    const lowp::format theirs = format_of(other);
    for (code_t x = 0; x < code_t{1} << f.K; ++x) {
      const datum X = draft::decode(f, x);
      // The neighbours by search among all values.
      code_t above = f.nan();
      code_t below = f.nan();
      const auto compare_all = [&](const parameters& g, lowp::format g_ours, bool same) {
        for (code_t y = 0; y < code_t{1} << g.K; ++y) {
          const datum Y = draft::decode(g, y);
          const bool ordered = !X.is_nan() && !Y.is_nan();
          const int c = ordered ? draft::compare(X, Y) : 2;
          const bool good =
              p3109::CompareLess(ours, g_ours, x, y) == (c == -1) &&
              p3109::CompareLessEqual(ours, g_ours, x, y) == (c == -1 || c == 0) &&
              p3109::CompareEqual(ours, g_ours, x, y) == (c == 0) &&
              p3109::CompareGreaterEqual(ours, g_ours, x, y) == (c == 0 || c == 1) &&
              p3109::CompareGreater(ours, g_ours, x, y) == (c == 1) &&
              p3109::TotalOrder(ours, g_ours, x, y) == (X.is_nan() || (!Y.is_nan() && c <= 0));
          t.expect(good, [&] { return f.name() + " " + hex(x) + " " + hex(y); });
          if (!same || !ordered) continue;
          if (c < 0 && (above == f.nan() || draft::less(Y, draft::decode(f, above)))) above = y;
          if (c > 0 && (below == f.nan() || draft::less(draft::decode(f, below), Y))) below = y;
        }
      };
      compare_all(f, ours, true);
      compare_all(other, theirs, false);
      t.expect(p3109::NextGreaterThan(ours, x) == above && p3109::NextLessThan(ours, x) == below,
               [&] { return "neighbours " + f.name() + " " + hex(x); });
    }
  }
  report("comparisons", t);
  // External: both zeros are one, and the neighbour of the least negative value is +0.
  using p3109::binary16;
  CHECK(p3109::NextGreaterThan(binary16, 0x8000) == 0x0001);
  CHECK(p3109::NextLessThan(binary16, 0x0000) == 0x8001);
  CHECK(p3109::NextGreaterThan(binary16, 0x8001) == 0x0000);
  CHECK(p3109::NextGreaterThan(binary16, 0x7C00) == 0x7E00);
  CHECK(p3109::NextGreaterThan(binary16, 0xFC00) == 0xFBFF);
  CHECK(p3109::NextLessThan(binary16, 0xFC00) == 0x7E00);
  CHECK(p3109::NextLessThan(binary16, 0xFE01) == 0x7E00);
  CHECK(p3109::IsZero(binary16, 0x8000));
  CHECK_FALSE(p3109::IsSignMinus(binary16, 0x8000));
  CHECK_FALSE(p3109::IsSignMinus(binary16, 0xFE00));
  CHECK(p3109::TotalOrder(binary16, binary16, 0x0000, 0x8000));
  CHECK(p3109::Class(binary16, 0x83FF) == p3109::ClsNegativeSubnormal);
}

TEST_CASE("IEP-3 worked results of section 4.7.5") {
  // For RNE, RNA, RUP, RDN, RTZ, ToOdd: the codes under SatFinite, SatPropagate, SatNone.
  struct row {
    lowp::format f;
    double X;
    const char* codes[6];
  };
  const row rows[] = {
      {p4se, 232, {"7e7e7e", "7e7e7f", "7e7e7f", "7e7e7e", "7e7e7e", "7e7e7f"}},
      {p4se, -300, {"fefeff", "fefeff", "fefefe", "fefeff", "fefefe", "fefeff"}},
      {p4se, -0x1p-11, {"000000", "818181", "000000", "818181", "000000", "818181"}},
      {p4sf, 960, {"7f7f7f", "7f7f7f", "7f7f7f", "7f7f7f", "7f7f7f", "7f7f7f"}},
      {p3ue, 10737418240.0, {"fdfdfe", "fdfdfe", "fdfdfe", "fdfdfd", "fdfdfd", "fdfdfd"}},
      {p3ue, 2952790016.0, {"fdfdfe", "fdfdfe", "fdfdfe", "fdfdfd", "fdfdfd", "fdfdfd"}},
      {p3ue, -2, {"0000ff", "0000ff", "000000", "0000ff", "000000", "0000ff"}},
      {p3ue, -0x1p-34, {"000000", "0000ff", "000000", "0000ff", "000000", "0000ff"}},
  };
  int checked = 0;
  for (const row& r : rows) {
    for (int round = 0; round < 6; ++round) {
      for (int sat = 0; sat < 3; ++sat) {
        const ProjSpec rho{static_cast<p3109::RoundingMode>(round),
                           static_cast<p3109::SaturationMode>(sat)};
        const std::string two(r.codes[round] + 2 * sat, 2);
        CAPTURE(r.X);
        CAPTURE(round);
        CAPTURE(sat);
        CHECK(p3109::Project(r.f, rho, exact_of(r.X)) == std::stoul(two, nullptr, 16));
        ++checked;
      }
    }
  }
  CHECK(checked == 144);
  for (int round = 0; round < 6; ++round) {
    const auto mode = static_cast<p3109::RoundingMode>(round);
    const lowp::exact up = lowp::exact_infinity();
    const lowp::exact down = lowp::exact_infinity(true);
    CHECK(p3109::Project(p4se, {mode, p3109::SatFinite}, up) == 0x7E);
    CHECK(p3109::Project(p4se, {mode, p3109::SatPropagate}, up) == 0x7F);
    CHECK(p3109::Project(p4se, {mode, p3109::SatNone}, up) == 0x7F);
    CHECK(p3109::Project(p4sf, {mode, p3109::SatNone}, up) == 0x7F);
    CHECK(p3109::Project(p3ue, {mode, p3109::SatFinite}, down) == 0x00);
    CHECK(p3109::Project(p3ue, {mode, p3109::SatPropagate}, down) == 0x00);
    CHECK(p3109::Project(p3ue, {mode, p3109::SatNone}, down) == 0xFF);
  }
  // The greatest finite code of binary16 is odd; under ToOdd only unsigned extended formats keep
  // it.
  CHECK(p3109::Project(p3109::binary16, {.round = p3109::ToOdd}, exact_of(65536)) == 0x7C00);
  CHECK(p3109::Project(p3109::binary16, {.round = p3109::ToOdd}, exact_of(-65536)) == 0xFC00);
  constexpr ProjSpec rho{p3109::ToOdd, p3109::SatPropagate};
  static_assert(p3109::RoundOf(rho) == p3109::ToOdd && p3109::SatOf(rho) == p3109::SatPropagate);
}

TEST_CASE("IEP-4 what the formal specification of July 2026 changed") {
  constexpr auto formal = p3109::FormalSpecification_2026_07;
  const ProjSpec report{};
  const ProjSpec changed{.version = formal};
  const lowp::exact big = exact_of(960);
  // 1: SatNone in finite domains.
  CHECK(p3109::Project(p4sf, report, big) == 0x7F);
  CHECK(p3109::Project(p4sf, changed, big) == 0x80);
  CHECK(p3109::Project(p4sf, changed, lowp::exact_infinity()) == 0x80);
  CHECK(p3109::Project(p4sf, {.round = p3109::TowardZero, .version = formal}, big) == 0x7F);
  CHECK(p3109::Project(p4sf, {.round = p3109::TowardPositive, .version = formal}, big) == 0x80);
  CHECK(p3109::Project(p4sf, {.round = p3109::TowardPositive, .version = formal}, exact_of(-960)) ==
        0xFF);
  CHECK(p3109::Project(p4sf, {.sat = p3109::SatFinite, .version = formal}, big) == 0x7F);
  CHECK(p3109::Project(p3uf, report, exact_of(1e30)) == 0xFE);
  CHECK(p3109::Project(p3uf, changed, exact_of(1e30)) == 0xFF);
  // 2: ToOdd in unsigned extended formats.
  CHECK(p3109::Project(p3ue, {.round = p3109::ToOdd}, exact_of(1e30)) == 0xFD);
  CHECK(p3109::Project(p3ue, {.round = p3109::ToOdd, .version = formal}, exact_of(1e30)) == 0xFE);
  // 3: ArcTan2 of y < 0 and x = -inf. 4: TanPi at its poles.
  const code_t minus_one = p3109::Encode(p4se, exact_of(-1));
  const code_t one = p3109::Encode(p4se, exact_of(1));
  CHECK(p3109::ArcTan2Pi(p4se, p4se, p4se, report, minus_one, 0xFF) == one);
  CHECK(p3109::ArcTan2Pi(p4se, p4se, p4se, changed, minus_one, 0xFF) == minus_one);
  CHECK(p3109::ArcTan2Pi(p4se, p4se, p4se, changed, one, 0xFF) == one);
  const code_t half = p3109::Encode(p4se, exact_of(0.5));
  CHECK(p3109::TanPi(p4se, p4se, report, half) == 0x80);
  CHECK(p3109::TanPi(p4se, p4se, changed, half) == 0x7F);
  CHECK(p3109::TanPi(p4se, p4se, changed, half | 0x80) == 0xFF);
  // 8: stochastic modes without random bits. 232 is a tie above the greatest finite 224.
  CHECK(p3109::Project(p4se, {.round = p3109::StochasticB}, exact_of(232)) == 0x7F);
  CHECK(p3109::Project(p4se, {.round = p3109::StochasticB, .version = formal}, exact_of(232)) ==
        0x7E);
  CHECK(p3109::Project(p4se, {.round = p3109::StochasticC}, exact_of(233)) == 0x7F);
  CHECK(p3109::Project(p4se, {.round = p3109::StochasticC, .version = formal}, exact_of(233)) ==
        0x7E);
  // Items 5 and 6 concern blocks: p3109_blocks_test.cpp.
}

TEST_CASE("IEP-5 results that other implementations get wrong") {
  const ProjSpec up{.round = p3109::TowardPositive};
  const ProjSpec zero{.round = p3109::TowardZero};
  const ProjSpec odd{.round = p3109::ToOdd};
  const auto code = [](lowp::format f, double x) { return p3109::Encode(f, exact_of(x)); };
  CHECK(p3109::Log2(p3se, p3se, {}, code(p3se, 0x1p-9)) == 0xCC);
  for (int k = -16; k <= 15; ++k) {
    const code_t x = p3109::Encode(p3se, lowp::exact_finite(false, 1, k));
    CHECK(p3109::Log2(p3se, p3se, up, x) == p3109::Project(p3se, up, exact_of(k)));
    CHECK(p3109::Log2(p3se, p3se, zero, x) == p3109::Project(p3se, zero, exact_of(k)));
  }
  // A finite format has no infinity to take part in a sum.
  CHECK(p3109::Add(p4sf, p4sf, p4sf, {}, 0x7F, 0xFF) == 0);
  CHECK(p3109::Multiply(p4sf, p4sf, p4sf, {}, 0x7F, code(p4sf, 0.25)) == code(p4sf, 60));
  // Infinite results saturate, too.
  const ProjSpec finite{.sat = p3109::SatFinite};
  CHECK(p3109::Add(p4se, p4se, p4se, finite, 0x7F, 0x40) == 0x7E);
  CHECK(p3109::Log(p4se, p4se, finite, 0) == 0xFE);
  CHECK(p3109::ArcTanh(p4se, p4se, finite, code(p4se, 1)) == 0x7E);
  CHECK(p3109::Log(p4se, p4se, {.sat = p3109::SatPropagate}, 0) == 0xFF);
  // Near asymptotes, the side decides.
  const ProjSpec propagate{.sat = p3109::SatPropagate};
  const code_t one = code(p3se, 1);
  const code_t max = p3109::MaxFiniteOf(p3se);
  CHECK(p3109::Tanh(p3se, p3se, zero, max) == one - 1);
  CHECK(p3109::Tanh(p3se, p3se, up, max) == one);
  CHECK(p3109::Tanh(p3se, p3se, odd, max) == one - 1);
  CHECK(p3109::Tanh(p3se, p3se, {}, max) == one);
  CHECK(p3109::ExpMinusOne(p3se, p3se, zero, max | 0x80) == ((one - 1) | 0x80));
  CHECK(p3109::ExpMinusOne(p3se, p3se, {}, max | 0x80) == (one | 0x80));
  CHECK(p3109::Exp(p3se, p3se, up, max | 0x80) == 1);
  CHECK(p3109::Exp(p3se, p3se, odd, max | 0x80) == 1);
  CHECK(p3109::Exp(p3se, p3se, zero, max | 0x80) == 0);
  CHECK(p3109::Exp(p3se, p3se, propagate, max) == max);
  CHECK(p3109::Exp(p3se, p3se, {}, max) == max + 1);
  CHECK(p3109::Softplus(p3se, p3se, up, max | 0x80) == 1);
  CHECK(p3109::Softplus(p3se, p3se, zero, max) == max);
  CHECK(p3109::Softplus(p3se, p3se, up, code(p3se, 1024)) == code(p3se, 1024) + 1);
  // The whole code range of exponents: 2^-127 to 2^126 in one format.
  const lowp::format p1uf = Binary(8, 1, Signedness::Unsigned, Domain::Finite);
  CHECK(p3109::Multiply(p1uf, p1uf, p1uf, {}, 0xFE, 0x01) == code(p1uf, 0.5));
}

TEST_CASE("IEP-13 kappa") {
  using lowp::number_class;
  using p3109::Kappa;
  using p3109::KappaOf;
  constexpr Kappa none{};
  constexpr Kappa infinite{number_class::infinity, 0};
  constexpr Kappa nan{number_class::nan, 0};
  constexpr auto steps = [](std::uint64_t n) { return Kappa{number_class::finite, n}; };
  CHECK(KappaOf(p4se, 0x40, 0x40) == none);
  CHECK(KappaOf(p4se, 0x40, 0x43) == steps(3));
  CHECK(KappaOf(p4se, 0x43, 0x40) == steps(3));
  CHECK(KappaOf(p4se, 0x02, 0x83) == steps(5));
  CHECK(KappaOf(p4se, 0x82, 0x00) == steps(2));
  CHECK(KappaOf(p4se, 0x80, 0x80) == none);
  CHECK(KappaOf(p4se, 0x80, 0x00) == nan);
  CHECK(KappaOf(p4se, 0x7F, 0x80) == nan);
  CHECK(KappaOf(p4se, 0x7F, 0x7F) == none);
  CHECK(KappaOf(p4se, 0x7E, 0x7F) == infinite);
  CHECK(KappaOf(p4se, 0x7F, 0xFF) == infinite);
  CHECK(KappaOf(p3uf, 0xFE, 0x00) == steps(254));
  // External formats: both zeros are one value, all NaNs are one.
  CHECK(KappaOf(p3109::binary16, 0x8000, 0x0000) == none);
  CHECK(KappaOf(p3109::binary16, 0x7E00, 0xFC01) == none);
  CHECK(KappaOf(p3109::binary16, 0x0001, 0x8001) == steps(2));
  CHECK(combine(steps(3), infinite) == infinite);
  CHECK(combine(nan, infinite) == nan);
  CHECK(combine(steps(3), steps(5)) == steps(5));
  CHECK(combine(none, steps(1)) == steps(1));

  // Annex D.1: Exp that flushes subnormal results, ties to zero, has kappa 4 in Binary8p4se.
  std::vector<std::uint8_t> defined, flushed, truncated;
  const code_t normal = p3109::MinNormalOf(p4se);
  for (code_t x = 0; x < 256; ++x) {
    const code_t r = p3109::Exp(p4se, p4se, {}, x);
    defined.push_back(static_cast<std::uint8_t>(r));
    const code_t near = r < normal ? (2 * r > normal ? normal : 0) : r;
    flushed.push_back(static_cast<std::uint8_t>(near));
    truncated.push_back(
        static_cast<std::uint8_t>(p3109::Exp(p4se, p4se, {.round = p3109::TowardZero}, x)));
  }
  CHECK(KappaOf(p4se, 256, defined.data(), defined.data()) == none);
  CHECK(KappaOf(p4se, 256, defined.data(), flushed.data()) == steps(4));
  // Truncation is off by one, but keeps the greatest finite value where infinity is defined.
  CHECK(KappaOf(p4se, 256, defined.data(), truncated.data()) == infinite);
}

namespace {

// The number of operands of an operation that is no projection of a function, and whether its
// result is a number.
bool run_by_name(const std::string& name, lowp::format f, code_t x, code_t y) {
  using comparison = bool (*)(lowp::format, lowp::format, code_t, code_t) noexcept;
  using predicate = bool (*)(lowp::format, code_t) noexcept;
  using step = code_t (*)(lowp::format, code_t) noexcept;
  using landmark = code_t (*)(lowp::format) noexcept;
  const std::pair<const char*, comparison> comparisons[] = {
      {"CompareLess", p3109::CompareLess},
      {"CompareLessEqual", p3109::CompareLessEqual},
      {"CompareEqual", p3109::CompareEqual},
      {"CompareGreaterEqual", p3109::CompareGreaterEqual},
      {"CompareGreater", p3109::CompareGreater},
      {"TotalOrder", p3109::TotalOrder}};
  for (const auto& [n, f2] : comparisons) {
    if (name == n) return f2(f, f, x, y), true;
  }
  const std::pair<const char*, predicate> predicates[] = {
      {"IsZero", p3109::IsZero},     {"IsOne", p3109::IsOne},
      {"IsNaN", p3109::IsNaN},       {"IsInfinite", p3109::IsInfinite},
      {"IsFinite", p3109::IsFinite}, {"IsSignMinus", p3109::IsSignMinus},
      {"IsNormal", p3109::IsNormal}, {"IsSubnormal", p3109::IsSubnormal}};
  for (const auto& [n, p] : predicates) {
    if (name == n) return p(f, x), true;
  }
  const std::pair<const char*, step> steps[] = {{"NextGreaterThan", p3109::NextGreaterThan},
                                                {"NextLessThan", p3109::NextLessThan}};
  for (const auto& [n, s] : steps) {
    if (name == n) return s(f, x), true;
  }
  const std::pair<const char*, landmark> landmarks[] = {{"MaxFiniteOf", p3109::MaxFiniteOf},
                                                        {"MinFiniteOf", p3109::MinFiniteOf},
                                                        {"MinPositiveOf", p3109::MinPositiveOf},
                                                        {"MaxSubnormalOf", p3109::MaxSubnormalOf},
                                                        {"MinNormalOf", p3109::MinNormalOf}};
  for (const auto& [n, l] : landmarks) {
    if (name == n) return l(f), true;
  }
  for (const char* n : {"BitwidthOf", "PrecisionOf", "SignednessOf", "DomainOf",
                        "ExponentBitwidthOf", "TrailingSignificandBitwidthOf", "ExponentBiasOf"}) {
    if (name == n) return true;  // called above, for all formats
  }
  return false;
}

}  // namespace

TEST_CASE("IEP-14 every member of the minimum set exists") {
  tally t;
  const auto formats_in = [](p3109::format_set set) {
    std::vector<lowp::format> found;
    for (const auto& row : p3109::minimum_formats) {
      if ((row.set & set) != 0) found.push_back(row.f);
    }
    if (found.empty()) found.push_back(p4se);  // no such operand
    return found;
  };
  int specializations = 0;
  for (const p3109::minimum_member& member : p3109::minimum_set) {
    std::string name = member.operation;
    const bool scaled = name.rfind("Scaled", 0) == 0;
    if (scaled) name = name.substr(6);
    const lowp::named_operation* row = nullptr;
    for (const auto& op : lowp::all_operations) {
      if (name == op.p3109_name) row = &op;
    }
    for (const lowp::format fx : formats_in(member.x)) {
      for (const lowp::format fy : formats_in(member.y)) {
        for (const lowp::format fz : formats_in(member.z)) {
          for (const lowp::format fr : formats_in(member.r)) {
            const bool all = (member.y == 0 || fx == fy) && (member.r == 0 || fx == fr);
            if (member.same == p3109::same_formats::all && !all) continue;
            if (member.same == p3109::same_formats::last_two && !(fz == fr)) continue;
            ++specializations;
            const code_t x = lowp::one(fx);
            const code_t y = lowp::one(fy);
            if (row == nullptr) {
              t.expect(run_by_name(name, fx, x, y), [&] { return name; });
              continue;
            }
            // Members of the registry: the result for ones, by the operation at run time.
            const lowp::coded operands[] = {{fx, x}, {fy, y}, {fz, lowp::one(fz)}};
            const lowp::projection p = p3109::projection_of(fr, {});
            const code_t expected = lowp::compute(row->value, fr, p, 0, operands);
            code_t got = expected;
            const lowp::format s = p3109::minimum_scale_format;
            const p3109::ScaledValue X{s, fx, lowp::one(s), x};
            const p3109::ScaledValue Y{s, fy, lowp::one(s), y};
            if (name == "Add") {
              got = scaled ? p3109::ScaledAdd(X, Y, fr, {}) : p3109::Add(fx, fy, fr, {}, x, y);
            } else if (name == "Subtract") {
              got = scaled ? p3109::ScaledSubtract(X, Y, fr, {})
                           : p3109::Subtract(fx, fy, fr, {}, x, y);
            } else if (name == "Multiply") {
              got = scaled ? p3109::ScaledMultiply(X, Y, fr, {})
                           : p3109::Multiply(fx, fy, fr, {}, x, y);
            } else if (name == "Convert") {
              got = p3109::Convert(fx, fr, {}, x);
            } else if (name == "Recip") {
              got = p3109::Recip(fx, fr, {}, x);
            } else if (name == "FMA") {
              got = p3109::FMA(fx, fy, fz, fr, {}, x, y, lowp::one(fz));
            } else if (name == "FAA") {
              got = p3109::FAA(fx, fy, fz, fr, {}, x, y, lowp::one(fz));
            }
            t.expect(got == expected && !lowp::is_nan(fr, got), [&] { return name; });
          }
        }
      }
    }
  }
  report("minimum set", t);
  CHECK(specializations == static_cast<int>(t.cases));
  CHECK(std::size(p3109::minimum_set) == 49);
}

TEST_CASE("IEP-5 the registry has all 52 operations of the report that yield one number") {
  int named = 0;
  for (const auto& op : lowp::all_operations) named += op.p3109_name[0] != 0 ? 1 : 0;
  CHECK(named == 52);
}
