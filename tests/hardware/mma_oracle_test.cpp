// SPDX-License-Identifier: Apache-2.0
// Every registered matrix unit against the oracle, which knows instructions by their names only.
#include <cstdio>
#include <iterator>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/hardware/mma/all_mma_models.hpp>
#include <lowp/hardware/mma/mma.hpp>

#include "hardware/mma_inputs.hpp"
#include "oracle/mma.hpp"
#include "oracle/mma_names.hpp"

namespace {

using lowp::code_t;
using lowp::mma_model;
using oracle::mma::unit;

struct subject {
  const char* name;
  mma_model model;
  unit theirs;
};

/// Every distinct pair of a model and of what the oracle says of its name.
std::vector<subject> subjects() {
  std::vector<subject> all;
  for (const lowp::named_mma_model& row : lowp::all_mma_models) {
    subject s{row.name, row.value, oracle::mma::unit_of(row.name)};
    bool known = false;
    for (const subject& other : all) {
      known = known || (other.model == s.model && other.theirs == s.theirs);
    }
    if (!known) all.push_back(std::move(s));
  }
  return all;
}

std::string text(const std::vector<std::uint64_t>& codes) {
  std::string all;
  for (const std::uint64_t c : codes) {
    char digits[20];
    std::snprintf(digits, sizeof digits, " %llx", static_cast<unsigned long long>(c));
    all += digits;
  }
  return all;
}

/// Compares one case; the message has what is needed to repeat it.
bool agree(const subject& s, const oracle::mma::operands& x) {
  const oracle::mma::result expected = element(s.theirs, x);
  lowp::mma_operand a[lowp::most_products], b[lowp::most_products], sa[lowp::most_products],
      sb[lowp::most_products];
  for (std::size_t i = 0; i < x.a.size(); ++i) {
    a[i] = read_a(s.model, x.a[i]);
    b[i] = read_b(s.model, x.b[i]);
  }
  for (std::size_t i = 0; i < x.sa.size(); ++i) {
    sa[i] = read_scale(s.model, x.sa[i]);
    sb[i] = read_scale(s.model, x.sb[i]);
  }
  const auto exponent = static_cast<std::int32_t>(x.exponent);
  const code_t got = multiply_add(s.model, {a, b, sa, sb, exponent}, x.c);
  if (expected.any_nan ? decode(s.model.d, got).cls == lowp::number_class::nan
                       : got == expected.code) {
    return true;
  }
  FAIL_CHECK(std::string(s.name), " a", text(x.a), " b", text(x.b), " c", text({x.c}), " scales",
             text(x.sa), ",", text(x.sb), " exponent ", x.exponent, ": got", text({got}),
             ", expected ", expected.any_nan ? " a NaN" : text({expected.code}));
  return false;
}

/// Cases of one aim for a unit: more for short ones.
int cases_of(const unit& u) { return u.k >= 128 ? 12 : u.k >= 64 ? 30 : u.k >= 32 ? 48 : 120; }

void compare(const subject& s, std::uint64_t seed) {
  mma_inputs::generator inputs(s.theirs, seed);
  for (int a = 0; a < mma_inputs::aims; ++a) {
    int wrong = 0;
    for (int i = 0; i < cases_of(s.theirs) && wrong < 3; ++i) {
      if (!agree(s, inputs.next(static_cast<mma_inputs::aim>(a)))) ++wrong;
    }
  }
}

constexpr std::uint64_t seed = 20261122;

}  // namespace

TEST_CASE("MMA-1 MMA-3 every registered model equals the oracle") {
  const std::vector<subject> all = subjects();
  MESSAGE(all.size(), " models, seed ", seed);
  CHECK(all.size() > 150);
  for (const subject& s : all) {
    CHECK(check(s.model) == lowp::mma_error::none);
    REQUIRE(s.theirs.k == s.model.k);
    compare(s, seed);
  }
}

TEST_CASE("MMA-4 aligned models under the rule minus_126 equal the oracle") {
  int compared = 0;
  for (subject s : subjects()) {
    if (s.model.sum != lowp::mma_sum::aligned) continue;
    s.model = with_zero_rule(s.model, lowp::zero_exponent::minus_126);
    s.theirs.minus_126 = true;
    s.theirs.floor_e = -1000000;
    compare(s, seed + 1);
    ++compared;
  }
  CHECK(compared > 90);
}

namespace {

struct known_format {
  lowp::format ours;
  oracle::mma::type theirs;
};

namespace f = lowp::formats;
const known_format factors[] = {
    {f::binary16, oracle::mma::f16}, {f::bfloat16, oracle::mma::bf16},
    {f::tf32, oracle::mma::tf32},    {f::e4m3fn, oracle::mma::e4m3},
    {f::e5m2, oracle::mma::e5m2},    {f::e4m3fnuz, oracle::mma::fp8},
    {f::e5m2fnuz, oracle::mma::bf8}, {f::e3m2, oracle::mma::e3m2},
    {f::e2m3, oracle::mma::e2m3},    {f::e2m1, oracle::mma::e2m1},
    {f::binary32, oracle::mma::f32}, {f::e4m3, oracle::mma::e4m3_ieee},
};
const known_format results[] = {{f::binary32, oracle::mma::f32},
                                {f::binary16, oracle::mma::f16},
                                {f::bfloat16, oracle::mma::bf16},
                                {f::e5m2, oracle::mma::e5m2}};

/// A generic model of random formats, lengths and bits with the oracle's view of it.
subject random_subject(std::mt19937_64& random) {
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  const known_format &a = factors[below(std::size(factors))],
                     &b = factors[below(std::size(factors))],
                     &d = results[below(std::size(results))];
  const int group = 1 + static_cast<int>(below(12)), steps = 1 + static_cast<int>(below(3));
  using oracle::mma::order;
  const auto theirs = [&](order how, int k, int step) {
    return oracle::mma::plain(how, a.theirs, b.theirs, d.theirs, k, step);
  };
  namespace rows = lowp::mma_rows;
  switch (below(5)) {
    case 0:
      return {"pairwise", rows::pairwise(a.ours, b.ours, d.ours, group),
              theirs(order::pairwise, group, group)};
    case 1:
      return {"exact", rows::exact_dot(a.ours, b.ours, d.ours, group),
              theirs(order::exact, group, group)};
    case 2: {
      subject s{"systolic", rows::systolic(a.ours, b.ours, d.ours, d.ours, group, below(2) == 0),
                theirs(order::chain, group, 1)};
      if (s.model.product.width != 0) s.theirs.product = d.theirs;
      return s;
    }
    default: break;
  }
  const int kept_bits = 1 + static_cast<int>(below(below(2) == 0 ? 60 : 30));
  subject s{"aligned", rows::aligned_dot(a.ours, b.ours, d.ours, group * steps, group, kept_bits),
            theirs(order::fused_c, group * steps, group)};
  s.theirs.F = kept_bits;
  s.theirs.out.way = oracle::mma::direction::nearest;
  if (below(3) == 0) {
    s.theirs.floor_e = -static_cast<long>(below(140));
    s.model.least_exponent = static_cast<std::int32_t>(s.theirs.floor_e);
  }
  if (below(3) == 0) s.theirs.normalises = s.model.normalises = true;
  return s;
}

}  // namespace

TEST_CASE("MMA-19 MMA-4 generic models of any formats, lengths and kept bits equal the oracle") {
  std::mt19937_64 random(seed);
  for (int i = 0; i < 250; ++i) {
    const subject s = random_subject(random);
    INFO("k ", s.model.k, " group ", s.model.group, " kept bits ", int{s.model.kept_bits},
         " widths ", int{s.model.a.width}, ", ", int{s.model.b.width}, ", ", int{s.model.d.width});
    REQUIRE(check(s.model) == lowp::mma_error::none);
    mma_inputs::generator inputs(s.theirs, random());
    for (int round = 0; round < 6; ++round) {
      for (int a = 0; a < mma_inputs::aims; ++a) {
        agree(s, inputs.next(static_cast<mma_inputs::aim>(a)));
      }
    }
  }
}
