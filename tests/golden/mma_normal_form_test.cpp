// SPDX-License-Identifier: Apache-2.0
/// \file
/// The normal form of a model gives the same results: of registered models, and of such with up to
/// three members changed; of pairs of models that a rule is about.
#include "golden/identify_mma_checks.hpp"

namespace {

using namespace identify_mma;

/// Whether two models are one arithmetic: by their normal forms, and by cases.
void check_same(const char* what, const mma_model& x, const mma_model& y, bool same) {
  INFO(std::string(what), "\n", text(normal_form(x)), "\n", text(normal_form(y)));
  REQUIRE(check(x) == mma_error::none);
  REQUIRE(check(y) == mma_error::none);
  CHECK((normal_form(x) == normal_form(y)) == same);
  CHECK((differences({x}, {y}, 30'000, 11) == 0) == same);
}

mma_model row(const char* name) {
  const named_mma_model* const r = find_mma_model(name);
  REQUIRE_MESSAGE(r != nullptr, std::string(name));
  return r->value;
}

}  // namespace

TEST_CASE("DIA-10 MMA-1 the normal form of a model is the same arithmetic") {
  std::vector<mma_model> known;
  mma_random random(5);
  int compared = 0;
  for (const named_mma_model& row : all_mma_models) {
    if (std::find(known.begin(), known.end(), row.value) != known.end()) continue;
    known.push_back(row.value);
    if (row.value.k > 64 || row.value.sum == mma_sum::integer) continue;
    const mma_question q = question_of(row.value);
    for (int variant = 0; variant < 8; ++variant) {
      mma_guess g{row.value};
      for (int step = 0; step < variant % 4; ++step) {
        const auto& all = mma_directions();
        mma_alternatives out(q, g);
        all[static_cast<std::size_t>(random.below(static_cast<int>(all.size())))].alternatives(out);
        if (out.all.empty()) continue;
        g = out.all[static_cast<std::size_t>(random.below(static_cast<int>(out.all.size())))];
      }
      const mma_guess form{normal_form(g.model)};
      INFO(std::string(row.name), " ", text(g.model), "\nnormal", text(form.model));
      REQUIRE(check(form.model) == mma_error::none);
      CHECK(normal_form(form.model) == form.model);
      if (form == g) continue;
      CHECK(differences(g, form, 300, random.next()) == 0);
      ++compared;
    }
  }
  MESSAGE(compared, " models compared with their normal forms");
  CHECK(compared > 500);
}

TEST_CASE("DIA-10 how subnormal factors are aligned shows where it cuts") {
  const auto other = [](mma_model m) {
    m.normalises = !m.normalises;
    return m;
  };
  // By the leading one of the product.
  check_same("gaudi2.f16", row("gaudi2.f16"), other(row("gaudi2.f16")), true);
  mma_model m = row("gaudi2.f16");
  m.normalises_products = false;
  check_same("gaudi2.f16, products as they are", m, other(m), false);
  // 24 bits hold all of them, or not.
  check_same("gaudi2.e4m3", row("gaudi2.e4m3"), other(row("gaudi2.e4m3")), true);
  check_same("gaudi2.e5m2", row("gaudi2.e5m2"), other(row("gaudi2.e5m2")), false);
  m = row("gaudi2.e4m3");
  m.kept_bits = 12;
  check_same("gaudi2.e4m3, 12 bits kept", m, other(m), false);
  // c is cut, too.
  check_same("gaudi3.e4m3.e4m3", row("gaudi3.e4m3.e4m3"), other(row("gaudi3.e4m3.e4m3")), false);
}

TEST_CASE("DIA-10 a subnormal sum of two numbers is exact: when it is flushed does not show") {
  for (const char* const name : {"amx_bf16.tdpbf16ps", "amx_tf32.tmmultf32ps"}) {
    const mma_model m = row(name);
    mma_model x = m;
    x.join.flush_subnormal_result = false;
    check_same(name, m, x, true);
    x = m;
    x.join.tininess = tininess_rule::before_rounding;
    check_same(name, m, x, true);
    x = m;
    x.step.tininess = tininess_rule::before_rounding;
    check_same(name, m, x, false);
    x = m;
    x.step.flush_subnormal_result = x.join.flush_subnormal_result = false;
    x.flush_rounded = true;
    check_same(name, m, x, false);
  }
}

TEST_CASE("DIA-10 a chain whose sums all fit is an exact sum") {
  for (const char* name : {"arm.fdot.f16.e4m3.e4m3", "arm.fdot.f16.e4m3.e5m2.osm1",
                           "arm.fmmla.f16.e5m2.e4m3", "arm.fmmla.f16.e4m3.e4m3.osm1"}) {
    const mma_model exact_sum = row(name);
    mma_model chain = exact_sum;
    chain.sum = mma_sum::chain;
    chain.group = 1;
    chain.keeps_zero_sign = false;
    chain.accumulator = formats::binary64;
    check_same(name, exact_sum, chain, true);
    // The product of the greatest numbers and the least one do not fit into 24 bits.
    chain.accumulator = formats::binary32;
    check_same(name, exact_sum, chain, false);
  }
  // Products are multiples of 2^-25 below 2^25, three terms below 2^27: 52 bits.
  mma_model narrow = row("arm.fdot.f16.e4m3.e5m2");
  const mma_model form = normal_form(narrow);
  narrow.sum = mma_sum::chain;
  narrow.group = 1;
  narrow.keeps_zero_sign = false;
  for (const int precision : {53, 52, 51}) {
    narrow.accumulator = ieee_format(11, precision - 1);
    CHECK((normal_form(narrow) == form) == (precision >= 52));
  }
  // Infinities that become numbers on the way do not cancel.
  mma_model sum = row("arm.fdot.f16.e5m2.e4m3");
  sum.step.overflow = saturate;
  mma_model chain = sum;
  chain.sum = mma_sum::chain;
  chain.group = 1;
  chain.keeps_zero_sign = false;
  chain.accumulator = formats::binary64;
  CHECK(normal_form(sum) != normal_form(chain));
}

TEST_CASE("DIA-10 a chain of one product or two, from +0, is a tree") {
  namespace f = formats;
  for (const format& a : {f::bfloat16, f::binary16}) {
    mma_model tree = mma_rows::pairwise(a, a, f::binary32, 2);
    tree.products_add_zero = true;
    mma_model chain = mma_rows::fma_chain(a, a, f::binary32, 2);
    chain.entry = accumulator_entry::after_all;
    chain.join = chain.step;
    mma_model two = chain;
    two.chains = 2;
    check_same("a chain for each product", two, tree, true);
    check_same("one chain", chain, tree, a == f::binary16);
    mma_model zeros = tree;
    zeros.products_add_zero = false;
    check_same("products without + 0", two, zeros, false);
    chain.product = f::binary32;
    chain.read_c.zero_sign = zeros.read_c.zero_sign = sign_rule::positive;
    check_same("products rounded apart", chain, zeros, true);
    chain.k = 1;
    zeros.k = zeros.group = 1;
    check_same("one product", chain, zeros, true);
  }
}
