// SPDX-License-Identifier: Apache-2.0
/// \file
/// Seeded operands where arithmetic on wide formats can go wrong, and the check of one result under
/// many projections.
#ifndef LOWP_TESTS_ARITHMETIC_INPUTS_HPP
#define LOWP_TESTS_ARITHMETIC_INPUTS_HPP

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "arithmetic_checks.hpp"
#include "oracle/sources.hpp"

namespace checks {

/// Operands of any format.
class inputs {
 public:
  explicit inputs(std::uint64_t seed) : random_(seed) {}

  std::uint64_t bits() { return random_(); }
  /// 0 ... n - 1.
  std::uint64_t below(std::uint64_t n) { return random_() % n; }

  /// Any code; one in four with few bits set or clear, one in sixteen special or near the ends.
  std::uint64_t any(const both& f) {
    const std::uint64_t mask = f.d.code_mask();
    switch (below(16)) {
      case 0: {
        const std::uint64_t near_ends[] = {0, f.d.sign_bit(), mask, greatest(f), least_normal(f)};
        return (near_ends[below(5)] + below(3) - 1) & mask;
      }
      case 1:
        if (!f.d.infinities.empty()) return f.d.infinities[below(f.d.infinities.size())];
        return f.d.nans.empty() ? 0 : f.d.nans[0].last;
      case 2: return (std::uint64_t{1} << below(static_cast<std::uint64_t>(f.d.width))) & mask;
      case 3: return ~(std::uint64_t{1} << below(static_cast<std::uint64_t>(f.d.width))) & mask;
      case 4: return bits() & bits() & bits() & mask;
      case 5: return (bits() | bits() | bits()) & mask;
      default: return bits() & mask;
    }
  }

  /// A finite code other than zero.
  std::uint64_t number(const both& f) {
    for (;;) {
      const std::uint64_t code = any(f);
      if (f.decoded(code).cls == oracle::sort::finite) return code;
    }
  }

  /// A code near +-x, at most `steps` steps away from the one below.
  std::uint64_t near(const both& f, const oracle::real& x, bool negative, int steps = 2) {
    const oracle::ladder& l = f.to.side(negative);
    if (x.is_zero()) return l.code(0);
    const std::uint64_t index = l.locate(x).index;
    const std::uint64_t up = below(2 * static_cast<std::uint64_t>(steps) + 2);
    const auto down = static_cast<std::uint64_t>(steps);
    const std::uint64_t moved = index + up < down ? 0 : index + up - down;
    return l.code(std::min(moved, l.top()));
  }

  /// A power of two, or a few steps from it, whose exponent is `top` plus -range ... range.
  std::uint64_t scaled(const both& f, long top, long range) {
    const auto span = static_cast<std::uint64_t>(2 * range + 1);
    const long e = top + static_cast<long>(below(span)) - range;
    const std::uint64_t n = below(2) == 0 ? 1 : bits() | 1;
    const oracle::real unit{n, 0};
    return near(f, unit.scaled(e - unit.top()), below(2) != 0, below(2) == 0 ? 0 : 2);
  }

 private:
  static std::uint64_t greatest(const both& f) { return f.to.up.code(f.to.up.top()); }
  static std::uint64_t least_normal(const both& f) {
    return f.d.kind == oracle::shape::minifloat ? std::uint64_t{1} << f.d.trailing_bits : 1;
  }

  std::mt19937_64 random_;
};

/// Precision of a format at one, about; for the gaps between operands.
inline long precision(const both& f) {
  if (f.d.kind == oracle::shape::minifloat) return f.d.trailing_bits + 1;
  return f.d.kind == oracle::shape::fixed_point ? f.d.width : f.d.width - 4;
}

/// All deterministic modes and three stochastic ones, with the other members taking turns.
inline std::vector<projection> turning_projections(std::uint64_t turn, const both& target) {
  using lowp::overflow_rule;
  std::vector<projection> all;
  const auto push = [&](lowp::rounding round, int random_bits) {
    ++turn;
    projection p{.round = round, .random_bits = static_cast<std::uint8_t>(random_bits)};
    p.overflow = oracle::overflows[turn % 4];
    if (turn % 3 == 0) p.tininess = lowp::tininess_rule::before_rounding;
    if (turn % 29 == 0) p.flush_subnormal_result = true;
    if (turn % 31 == 0) p.subnormal_input = lowp::subnormal_input_rule::zero;
    if (turn % 37 == 0) p.rules = lowp::operation_rules::p3109_4_0;
    all.push_back(p);
  };
  for (const lowp::rounding round : oracle::deterministic) push(round, 0);
  // Between the codes of a posit the oracle writes longer posits, of 64 bits at most.
  const std::uint64_t most = target.d.tapered() && target.d.width > 16 ? 20 : 32;
  for (const lowp::rounding round : oracle::stochastic) {
    push(round, static_cast<int>(1 + (turn * 7) % most));
  }
  return all;
}

/// How many projections a check tries.
enum class depth { all, two };

/// The default projection and one of the others in turn, or all of them.
inline std::vector<projection> chosen_projections(depth d, std::uint64_t turn, const both& target) {
  std::vector<projection> all = turning_projections(turn, target);
  if (d == depth::two) all = {projection{}, all[turn % all.size()]};
  return all;
}

/// Compares one call under those projections. `exact(values, p)` is the oracle's result,
/// `call(p, word)` lowp's.
template <class Exact, class Call>
void check_call(const char* name, const std::vector<coded>& x, const std::vector<const both*>& from,
                const both& target, std::uint64_t turn, depth d, Exact exact, Call call,
                oracle::tally& t) {
  std::vector<value> plain;
  std::vector<const oracle::description*> formats;
  for (std::size_t i = 0; i < x.size(); ++i) {
    plain.push_back(from[i]->decoded(x[i].code));
    formats.push_back(&from[i]->d);
  }
  // Most projections agree on the exact result: it is computed and located once.
  const answer usual = exact(plain, projection{});
  const bool number = usual.v.cls == oracle::sort::finite;
  oracle::place at;
  if (number) at = target.to.side(usual.v.negative).locate(usual.v.magnitude);
  std::uint64_t word = turn * 0x9e3779b97f4a7c15;
  for (const projection& p : chosen_projections(d, turn, target)) {
    word = word * 0x5851f42d4c957f2d + 0x14057b7ef767814f;
    const std::uint64_t random =
        p.random_bits == 0 ? 0 : (word >> 32) & ((std::uint64_t{1} << p.random_bits) - 1);
    oracle::outcome want;
    const bool same_exact = p.subnormal_input == lowp::subnormal_input_rule::keep &&
                            p.rules == lowp::operation_rules::ieee754;
    if (number && same_exact) {
      want = oracle::project(target.to, usual.v, p, random, at);
      want.flags |= usual.flags;
    } else {
      std::vector<value> in;
      for (std::size_t i = 0; i < x.size(); ++i) {
        in.push_back(oracle::input(from[i]->d, plain[i], p.subnormal_input));
      }
      const answer own = exact(in, p);
      want = oracle::project(target.to, own.v, p, random);
      want.flags |= own.flags;
    }
    const lowp::encoded got = call(p, random);
    t.expect(same(want, got),
             [&] { return words(name, x, formats, target.d, p, random) + versus(want, got); });
  }
}

inline void check(const unary_operation& op, const both& f, std::uint64_t x, const both& target,
                  std::uint64_t turn, oracle::tally& t, depth d = depth::all) {
  check_call(
      op.name, {f(x)}, {&f}, target, turn, d,
      [&](const std::vector<value>& v, const projection& p) { return op.exact(v[0], p); },
      [&](const projection& p, std::uint64_t random) {
        const lowp::encoded e = op.status(target.f, p, random, f(x));
        if (op.code == nullptr || op.code(f(x), target.f, p, random) == e.code) return e;
        return lowp::encoded{~e.code, {}};  // the function of arithmetic.hpp differs
      },
      t);
}

inline void check(const binary_operation& op, const both& f, std::uint64_t x, const both& g,
                  std::uint64_t y, const both& target, std::uint64_t turn, oracle::tally& t,
                  depth d = depth::all) {
  check_call(
      op.name, {f(x), g(y)}, {&f, &g}, target, turn, d,
      [&](const std::vector<value>& v, const projection& p) { return op.exact(v[0], v[1], p); },
      [&](const projection& p, std::uint64_t random) {
        const lowp::encoded e = op.status(target.f, p, random, f(x), g(y));
        if (op.code(f(x), g(y), target.f, p, random) == e.code) return e;
        return lowp::encoded{~e.code, {}};  // the function of arithmetic.hpp differs
      },
      t);
}

struct operand {
  const both& f;
  std::uint64_t code;
};

inline void check(const ternary_operation& op, operand x, operand y, operand z, const both& target,
                  std::uint64_t turn, oracle::tally& t, depth d = depth::all) {
  const coded a = x.f(x.code);
  const coded b = y.f(y.code);
  const coded c = z.f(z.code);
  check_call(
      op.name, {a, b, c}, {&x.f, &y.f, &z.f}, target, turn, d,
      [&](const std::vector<value>& v, const projection& p) {
        return op.exact(v[0], v[1], v[2], p);
      },
      [&](const projection& p, std::uint64_t random) {
        const lowp::encoded e = op.status(target.f, p, random, a, b, c);
        if (op.code(a, b, c, target.f, p, random) == e.code) return e;
        return lowp::encoded{~e.code, {}};  // the function of arithmetic.hpp differs
      },
      t);
}

}  // namespace checks

#endif  // LOWP_TESTS_ARITHMETIC_INPUTS_HPP
