// SPDX-License-Identifier: Apache-2.0
// IEEE P3109 interim report 4.0: value tables of the whole family and Project by its own formulas.
// The formulas are transcribed over double, in which every number that occurs here is exact.
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/hardware/policies.hpp>
#include <lowp/lowp.hpp>

namespace {

using lowp::code_t;

constexpr double infinity = std::numeric_limits<double>::infinity();
const double not_a_number = std::numeric_limits<double>::quiet_NaN();

// A format by its parameters, section 3; everything else follows from them here, not from lowp.
struct parameters {
  int K = 0;
  int P = 0;
  bool is_signed = true;
  bool extended = true;

  int bias() const { return 1 << (is_signed ? K - P - 1 : K - P); }
  code_t nan() const { return is_signed ? code_t{1} << (K - 1) : (code_t{1} << K) - 1; }
  // Code of the greatest finite value.
  code_t max_finite() const {
    const code_t last = (code_t{1} << (is_signed ? K - 1 : K)) - 1;
    return last - (is_signed ? 0 : 1) - (extended ? 1 : 0);
  }
  std::string name() const {
    return "binary" + std::to_string(K) + "p" + std::to_string(P) + (is_signed ? "s" : "u") +
           (extended ? "e" : "f");
  }
  lowp::format format() const { return lowp::p3109_format(K, P, is_signed, extended); }
};

std::vector<parameters> family(int first_K, int last_K) {
  std::vector<parameters> all;
  for (int K = first_K; K <= last_K; ++K) {
    for (const bool is_signed : {true, false}) {
      for (int P = 1; P <= K - (is_signed ? 1 : 0); ++P) {
        for (const bool extended : {true, false}) all.push_back({K, P, is_signed, extended});
      }
    }
  }
  return all;
}

// Magnitude code m, any size, as n x 2^e: the ladder of section 4.7.2.
struct scaled {
  std::int64_t n = 0;
  int e = 0;
};

scaled ladder(const parameters& f, code_t m) {
  const int t = f.P - 1;
  const auto T = static_cast<std::int64_t>(m % (code_t{1} << t));
  const auto E = static_cast<int>(m >> t);
  if (E == 0) return {T, 1 - f.bias() - t};
  return {T + (std::int64_t{1} << t), E - f.bias() - t};
}

double ladder_value(const parameters& f, code_t m) {
  const scaled s = ladder(f, m);
  return std::ldexp(static_cast<double>(s.n), s.e);
}

double value(const parameters& f, code_t code) {
  if (code == f.nan()) return not_a_number;
  const code_t half = code_t{1} << (f.K - 1);
  const bool negative = f.is_signed && code > half;
  const code_t m = negative ? code - half : code;
  const double magnitude = f.extended && m == f.max_finite() + 1 ? infinity : ladder_value(f, m);
  return negative ? -magnitude : magnitude;
}

enum class mode { even, away, positive, negative, zero, odd, a, b, c };
enum class saturation { finite, propagate, none, formal };

constexpr lowp::rounding rounding_of[] = {
    lowp::to_nearest_even, lowp::to_nearest_away, lowp::toward_positive,
    lowp::toward_negative, lowp::toward_zero,     lowp::to_odd,
    lowp::stochastic_a,    lowp::stochastic_b,    lowp::stochastic_c};

// RoundToPrecision, section 4.7.4.
double round_to_precision(const parameters& f, double X, mode m, int N, std::uint64_t R) {
  if (X == 0 || std::isinf(X) || std::isnan(X)) return X;
  const int Q = std::max(std::ilogb(X), 1 - f.bias()) - f.P + 1;
  const double s = std::ldexp(std::fabs(X), -Q);
  const double F = std::floor(s);
  const double nu = s - F;
  const bool code_is_even = f.P > 1 ? std::fmod(F, 2) == 0 : F == 0 || (Q + f.bias()) % 2 == 0;
  const auto scale = [&](int bits) { return std::ldexp(nu, bits); };
  const double r = static_cast<double>(R);
  bool away = false;
  switch (m) {
    case mode::even: away = nu > 0.5 || (nu == 0.5 && !code_is_even); break;
    case mode::away: away = nu >= 0.5; break;
    case mode::positive: away = nu > 0 && X > 0; break;
    case mode::negative: away = nu > 0 && X < 0; break;
    case mode::zero: break;
    case mode::odd: away = nu > 0 && code_is_even; break;
    case mode::a: away = std::floor(scale(N)) + r >= std::ldexp(1.0, N); break;
    case mode::b: away = std::floor(scale(N + 1)) + 2 * r + 1 >= std::ldexp(1.0, N + 1); break;
    case mode::c: {
      const double low = std::floor(scale(N));
      const double rest = scale(N) - low;
      const bool up = rest > 0.5 || (rest == 0.5 && std::fmod(low, 2) != 0);
      away = low + (up ? 1 : 0) + r >= std::ldexp(1.0, N);
      break;
    }
  }
  const double Z = std::ldexp(F + (away ? 1 : 0), Q);
  return X < 0 ? -Z : Z;
}

// Saturate, section 4.7.5, row by row of its table; `formal`: the formal specification of July
// 2026.
double saturate(const parameters& f, double Z, mode m, saturation s) {
  if (std::isnan(Z)) return Z;
  const double hi = ladder_value(f, f.max_finite());
  const double lo = f.is_signed ? -hi : 0;
  if (lo <= Z && Z <= hi) return Z;
  const bool up = Z > hi;
  if (s == saturation::finite) return up ? hi : lo;
  if (s == saturation::propagate) {
    if (!std::isinf(Z) || !f.extended) return up ? hi : lo;
    return up ? infinity : f.is_signed ? -infinity : 0;
  }
  const bool back_down = m == mode::zero || m == mode::negative;
  const bool back_up = m == mode::zero || m == mode::positive;
  const bool finite = !std::isinf(Z);
  if (s == saturation::formal) {
    if (up && finite && back_down) return hi;
    if (!up && finite && back_up) return lo;
    if (up) return f.extended ? infinity : not_a_number;
    return f.extended && f.is_signed ? -infinity : not_a_number;
  }
  if (up) {
    if (!f.extended) return hi;
    if (!finite) return infinity;
    const bool odd_stays = !f.is_signed && m == mode::odd;
    return back_down || odd_stays ? hi : infinity;
  }
  if (f.is_signed) {
    if (!f.extended) return lo;
    return finite && back_up ? lo : -infinity;
  }
  return finite && back_up ? 0 : not_a_number;
}

lowp::projection projection_of(mode m, saturation s, int N) {
  namespace policies = lowp::policies;
  lowp::projection p = s == saturation::finite      ? policies::p3109_sat_finite
                       : s == saturation::propagate ? policies::p3109_sat_propagate
                       : s == saturation::none      ? policies::p3109_sat_none
                                                    : policies::p3109_sat_none_formal;
  p.round = rounding_of[static_cast<int>(m)];
  p.random_bits = static_cast<std::uint8_t>(N);
  return p;
}

struct mismatches {
  std::uint64_t cases = 0;
  std::uint64_t wrong = 0;
  std::string first;
};

}  // namespace

TEST_CASE("FMT-8 all 504 formats K = 3...16: every code has the value of the report's formula") {
  mismatches m;
  for (const parameters& f : family(3, 16)) {
    const lowp::format format = f.format();
    CHECK(lowp::check(format) == lowp::format_error::none);
    lowp::format by_name;
    CHECK(lowp::parse_format(f.name().c_str(), by_name));
    CHECK(by_name == format);
    const code_t half = code_t{1} << (f.K - 1);
    for (code_t code = 0; code < code_t{1} << f.K; ++code) {
      const lowp::exact x = lowp::decode(format, code);
      const bool negative = f.is_signed && code > half;
      const code_t magnitude = negative ? code - half : code;
      bool same = false;
      if (code == f.nan()) {
        same = x.cls == lowp::number_class::nan && lowp::encode(format, x) == code;
      } else if (f.extended && magnitude == f.max_finite() + 1) {
        same = x.cls == lowp::number_class::infinity && x.negative == negative;
      } else if (code == 0) {
        same = x == lowp::exact_zero();
      } else {
        const scaled s = ladder(f, magnitude);
        same = x.cls == lowp::number_class::finite && x.negative == negative && !x.sticky &&
               x.significand == static_cast<std::uint64_t>(s.n) && x.exponent == s.e;
      }
      same = same && lowp::encode(format, x) == code;
      ++m.cases;
      if (!same && m.wrong++ == 0) m.first = f.name() + " code " + std::to_string(code);
    }
  }
  MESSAGE(m.cases << " codes");
  CHECK_MESSAGE(m.wrong == 0, m.first);
  CHECK(m.cases == 7602160);
}

TEST_CASE("VAL-10 the working group's value tables K = 3...8") {
  const std::string folder = LOWP_SHARED_DIR "/vectors/p3109/";
  if (!std::ifstream(folder + "k3.csv")) {
    MESSAGE("SKIPPED: " << folder << "k3.csv is not here; the formulas above were checked");
    return;
  }
  mismatches m;
  for (int K = 3; K <= 8; ++K) {
    std::ifstream file(folder + "k" + std::to_string(K) + ".csv");
    std::string line;
    std::getline(file, line);
    REQUIRE(line.rfind("format,code,value,n,e,class", 0) == 0);
    while (std::getline(file, line)) {
      if (!line.empty() && line.back() == '\r') line.pop_back();
      std::array<std::string, 6> cell;
      std::istringstream cells(line);
      for (std::string& c : cell) std::getline(cells, c, ',');
      lowp::format format;
      REQUIRE(lowp::parse_format(cell[0].c_str(), format));
      const code_t code = std::stoul(cell[1], nullptr, 16);
      const double expected = std::strtod(cell[2].c_str(), nullptr);
      const double got = lowp::detail::traits<double>::from_code(
          lowp::convert(format, code, lowp::formats::binary64));
      std::string name;
      using lowp::value_class;
      switch (lowp::classify(format, code)) {
        case value_class::signalling_nan: name = "no signalling NaN exists"; break;
        case value_class::quiet_nan: name = "NaN"; break;
        case value_class::negative_infinity: name = "NegativeInfinity"; break;
        case value_class::negative_normal: name = "NegativeNormal"; break;
        case value_class::negative_subnormal: name = "NegativeSubnormal"; break;
        case value_class::negative_zero: name = "no negative zero exists"; break;
        case value_class::positive_zero: name = "Zero"; break;
        case value_class::positive_subnormal: name = "PositiveSubnormal"; break;
        case value_class::positive_normal: name = "PositiveNormal"; break;
        case value_class::positive_infinity: name = "PositiveInfinity"; break;
      }
      const bool same_value = std::isnan(expected) ? std::isnan(got) : got == expected;
      ++m.cases;
      if ((!same_value || name != cell[5]) && m.wrong++ == 0) m.first = line;
    }
  }
  CHECK_MESSAGE(m.wrong == 0, m.first);
  CHECK(m.cases == 13296);
}

TEST_CASE("PRJ-13 Project over all pairs K = 3...6, nine modes, four saturation modes") {
  const std::vector<parameters> formats = family(3, 6);
  mismatches m;
  for (const parameters& from : formats) {
    for (const parameters& to : formats) {
      const lowp::format source = from.format();
      const lowp::format target = to.format();
      for (code_t code = 0; code < code_t{1} << from.K; ++code) {
        const double X = value(from, code);
        for (int round = 0; round < 9; ++round) {
          const auto r = static_cast<mode>(round);
          // Random bits: three of eight values of R for N = 3 in the stochastic modes.
          const int N = round >= 6 ? 3 : 0;
          const std::uint64_t R = round >= 6 ? (code * 5 + static_cast<unsigned>(round)) % 8 : 0;
          const double Z = round_to_precision(to, X, r, N, R);
          for (int sat = 0; sat < 4; ++sat) {
            const auto s = static_cast<saturation>(sat);
            const double expected = saturate(to, Z, r, s);
            const code_t got = lowp::convert(source, code, target, projection_of(r, s, N), R);
            const double back = value(to, got);
            const bool same = std::isnan(expected) ? got == to.nan() : back == expected;
            ++m.cases;
            if (same || m.wrong++ != 0) continue;
            m.first = from.name() + " " + std::to_string(code) + " (" + std::to_string(X) +
                      ") to " + to.name() + " mode " + std::to_string(round) + " saturation " +
                      std::to_string(sat) + ": code " + std::to_string(got) + ", expected value " +
                      std::to_string(expected);
          }
        }
      }
    }
  }
  MESSAGE(m.cases << " projections");
  CHECK_MESSAGE(m.wrong == 0, m.wrong << " wrong, first: " << m.first);
  CHECK(m.cases == 5271552);
}

TEST_CASE("PRJ-13 every binary16 value into 8-bit formats by the report's formulas") {
  const std::vector<parameters> targets = {
      {8, 3, true, true},  {8, 4, true, true},   {8, 4, true, false},  {8, 1, true, true},
      {8, 3, false, true}, {8, 4, false, false}, {8, 1, false, false}, {4, 2, true, false}};
  mismatches m;
  for (code_t code = 0; code < 0x10000; ++code) {
    const double X = lowp::detail::traits<double>::from_code(
        lowp::convert(lowp::formats::binary16, code, lowp::formats::binary64));
    for (const parameters& to : targets) {
      for (int round = 0; round < 9; ++round) {
        const auto r = static_cast<mode>(round);
        const int N = round >= 6 ? 1 + static_cast<int>(code % 12) : 0;
        const std::uint64_t R = (code * 2654435761u) % (std::uint64_t{1} << N);
        const double Z = round_to_precision(to, X, r, N, R);
        const auto s = static_cast<saturation>((code + static_cast<unsigned>(round)) % 4);
        const double expected = saturate(to, Z, r, s);
        const code_t got =
            lowp::convert(lowp::formats::binary16, code, to.format(), projection_of(r, s, N), R);
        ++m.cases;
        const bool same = std::isnan(expected) ? got == to.nan() : value(to, got) == expected;
        if (!same && m.wrong++ == 0) {
          m.first = "binary16 " + std::to_string(code) + " to " + to.name() + " mode " +
                    std::to_string(round);
        }
      }
    }
  }
  CHECK(m.cases == 65536u * 8 * 9);
  CHECK_MESSAGE(m.wrong == 0, m.wrong << " wrong, first: " << m.first);
}

TEST_CASE("PRJ-13 worked results") {
  struct row {
    parameters f;
    double X;
    // For RNE, RNA, RUP, RDN, RTZ, ToOdd: the codes under SatFinite, SatPropagate, SatNone.
    std::array<std::array<code_t, 3>, 6> codes;
  };
  const parameters p4se{8, 4, true, true};
  const parameters p4sf{8, 4, true, false};
  const parameters p3ue{8, 3, false, true};
  using three = std::array<code_t, 3>;
  const auto all = [](three t) { return std::array<three, 6>{t, t, t, t, t, t}; };
  const three max{0x7e, 0x7e, 0x7e}, max_or_inf{0x7e, 0x7e, 0x7f};
  const three low{0xfe, 0xfe, 0xfe}, low_or_inf{0xfe, 0xfe, 0xff};
  const three zero{0, 0, 0}, least{0x81, 0x81, 0x81};
  const three top{0xfd, 0xfd, 0xfd}, top_or_inf{0xfd, 0xfd, 0xfe}, zero_or_nan{0, 0, 0xff};
  const row rows[] = {
      {p4se, 232, {max, max_or_inf, max_or_inf, max, max, max_or_inf}},
      {p4se, infinity, all({0x7e, 0x7f, 0x7f})},
      {p4se, -300, {low_or_inf, low_or_inf, low, low_or_inf, low, low_or_inf}},
      {p4se, -0x1p-11, {zero, least, zero, least, zero, least}},
      {p4sf, 960, all({0x7f, 0x7f, 0x7f})},
      {p4sf, infinity, all({0x7f, 0x7f, 0x7f})},
      {p3ue, 10737418240.0, {top_or_inf, top_or_inf, top_or_inf, top, top, top}},
      {p3ue, -2, {zero_or_nan, zero_or_nan, zero, zero_or_nan, zero, zero_or_nan}},
      {p3ue, -infinity, all(zero_or_nan)},
  };
  for (const row& r : rows) {
    for (int round = 0; round < 6; ++round) {
      for (int sat = 0; sat < 3; ++sat) {
        CAPTURE(r.f.name());
        CAPTURE(r.X);
        CAPTURE(round);
        CAPTURE(sat);
        const code_t got =
            lowp::convert(lowp::formats::binary64, lowp::to_code(r.X), r.f.format(),
                          projection_of(static_cast<mode>(round), static_cast<saturation>(sat), 0));
        CHECK(got == r.codes[static_cast<std::size_t>(round)][static_cast<std::size_t>(sat)]);
      }
    }
  }
}

TEST_CASE("PRJ-3 how many of all R round away") {
  // P3109 section 4.7.4: c = floor(nu 2^N), floor(nu 2^N + 1/2), nearest-even(nu 2^N), and the R
  // that round away are the greatest c of them.
  const lowp::format f = lowp::formats::e4m3fn;
  mismatches m;
  for (int N = 0; N <= 10; ++N) {
    for (int k = 0; k <= 4096; k += 3) {
      const double nu = k / 4096.0 + (k % 2) * 0x1p-40;
      if (nu >= 1) continue;
      const double x = 16 + 2 * nu;  // between the codes of 16 and 18
      const double steps = std::ldexp(nu, N);
      const double floor = std::floor(steps);
      const double rest = steps - floor;
      const bool up = rest > 0.5 || (rest == 0.5 && std::fmod(floor, 2) != 0);
      const double counts[] = {floor, std::floor(steps + 0.5), floor + (up ? 1 : 0)};
      for (int which = 0; which < 3; ++which) {
        for (std::uint64_t R = 0; R < std::uint64_t{1} << N; ++R) {
          const lowp::projection p{.round = rounding_of[6 + which],
                                   .random_bits = static_cast<std::uint8_t>(N)};
          const bool away = static_cast<double>(R) >= std::ldexp(1.0, N) - counts[which];
          for (const double sign : {1.0, -1.0}) {
            const code_t got =
                lowp::convert(lowp::formats::binary64, lowp::to_code(sign * x), f, p, R);
            const code_t expected =
                lowp::encode(f, lowp::decode(lowp::float64{away ? 18.0 : 16.0})) |
                (sign < 0 ? 0x80u : 0u);
            ++m.cases;
            if (got != expected && m.wrong++ == 0) {
              m.first = "N " + std::to_string(N) + " nu " + std::to_string(nu) + " R " +
                        std::to_string(R) + " variant " + std::to_string(which);
            }
          }
        }
      }
    }
  }
  MESSAGE(m.cases << " roundings");
  CHECK(m.cases > 0);
  CHECK_MESSAGE(m.wrong == 0, m.wrong << " wrong, first: " << m.first);
}
