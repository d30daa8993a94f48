// SPDX-License-Identifier: Apache-2.0
// Every registered matrix unit against the oracle, which knows instructions by their names only.
#include <cstdio>
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
