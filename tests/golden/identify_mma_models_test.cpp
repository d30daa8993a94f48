// SPDX-License-Identifier: Apache-2.0
/// \file
/// Units that nobody has registered are recognised: registered ones with members changed, and
/// generic ones of any formats, lengths and kept bits. 300 with LOWP_EVERY_CASE in the environment,
/// else 10.
#include <cstdlib>
#include <iterator>

#include "golden/identify_mma_checks.hpp"

namespace {

using namespace identify_mma;
namespace f = formats;

const format factors[] = {f::binary16, f::bfloat16, f::e4m3fn,   f::e5m2, f::e4m3fnuz,
                          f::e5m2fnuz, f::e3m2,     f::binary32, f::e4m3, f::e2m3};
const format results[] = {f::binary32, f::binary16, f::bfloat16};

/// A generic model of random formats, lengths and kept bits.
mma_model generic(mma_random& r) {
  const auto any = [&](const auto& all) { return all[r.below(static_cast<int>(std::size(all)))]; };
  const format a = any(factors), b = any(factors), d = any(results);
  const int group = r.within(1, 10), steps = r.within(1, 3);
  namespace rows = mma_rows;
  switch (r.below(6)) {
    case 0: return rows::pairwise(a, b, d, group);
    case 1: return rows::exact_dot(a, b, d, group);
    case 2: return rows::systolic(a, b, d, d, group, r.one_in(2));
    default: break;
  }
  mma_model m = rows::aligned_dot(a, b, d, group * steps, group, r.within(5, 40));
  if (r.one_in(3)) m.floors = true;
  if (r.one_in(3)) m.normalises = true;
  if (r.one_in(3)) m.step.round = toward_zero;
  return m;
}

/// A registered model with one or two members changed.
mma_model changed(mma_random& r) {
  const mma_model row =
      all_mma_models[static_cast<std::size_t>(r.below(static_cast<int>(all_mma_models.size())))]
          .value;
  mma_model m = row;
  switch (r.below(6)) {
    case 0: m.kept_bits = static_cast<std::uint8_t>(m.kept_bits + 1); break;
    case 1: m.kept_bits = static_cast<std::uint8_t>(m.kept_bits - 2); break;
    case 2: m.group = static_cast<std::uint16_t>(m.group / 2); break;
    case 3: m.step.round = to_nearest_even; break;
    case 4: m.floors = !m.floors; break;
    default: m.read.subnormal_input = subnormal_input_rule::zero; break;
  }
  return m;
}

}  // namespace

TEST_CASE("DIA-9 MMA-19 identify finds models that are not registered, seed 3") {
  const int wanted = std::getenv("LOWP_EVERY_CASE") != nullptr ? 300 : 10;
  mma_random random(3);
  int tried = 0;
  while (tried < wanted) {
    const mma_model m = random.one_in(2) ? generic(random) : changed(random);
    if (check(m) != mma_error::none || m.sum == mma_sum::integer || m.k > 32) continue;
    ++tried;
    INFO("model ", tried, text(m));
    const identified_mma found = identify(question_of(m), box_of(m));
    CHECK(found.supporting == found.cases);
    INFO("found", text(found.guess.model));
    CHECK(differences({m}, found.guess, wanted == 300 ? 100'000 : 5000, random.next()) == 0);
  }
}
