// SPDX-License-Identifier: Apache-2.0
/// \file
/// Elementary functions at every value of every registered format of at most 16 bits and of all 504
/// formats of P3109 (K = 3...16), each value once, against MPFR: 128 bits and the rest. All pairs
/// of 8-bit formats for the functions of two operands.
///
/// Environment, all optional:
/// - LOWP_SWEEP_OPERATIONS: names separated by commas; default: all
/// - LOWP_SWEEP_FORMATS: names separated by commas (registered, or binary{K}p{P}{s|u}{e|f});
///   default: all
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "../oracle/elementary_check.hpp"

namespace {

using namespace oracle;

/// Is `name` in the list of the variable, or the variable unset?
bool chosen(const char* variable, const std::string& name) {
  const char* list = std::getenv(variable);
  if (list == nullptr || *list == 0) return true;
  return ("," + std::string(list) + ",").find("," + name + ",") != std::string::npos;
}

std::vector<description> formats() {
  std::vector<description> all;
  for (const description& d : registry()) {
    if (d.width <= 16) all.push_back(d);
  }
  for (int K = 3; K <= 16; ++K) {
    for (const bool is_signed : {true, false}) {
      for (int P = 1; P <= K - (is_signed ? 1 : 0); ++P) {
        for (const bool extended : {true, false}) all.push_back(p3109(K, P, is_signed, extended));
      }
    }
  }
  return all;
}

TEST_CASE("ELE-1 ELE-3 ELE-4 all values of all formats of at most 16 bits") {
  operand_set set;
  int count = 0;
  for (const description& d : formats()) {
    if (!chosen("LOWP_SWEEP_FORMATS", d.name)) continue;
    set.add_all(d);
    ++count;
  }
  set.finish();
  std::printf("%d formats, %zu magnitudes\n", count, set.size());
  REQUIRE(count > 0);
  for (const operation op : unary_operations) {
    if (!chosen("LOWP_SWEEP_OPERATIONS", lowp::info(op).name)) continue;
    const stopwatch watch;
    const tally t = compare_all(op, set);
    report(lowp::info(op).name, t, watch.seconds());
    std::fflush(stdout);
  }
}

TEST_CASE("ELE-1 all pairs of values of 8-bit formats") {
  static const char* const names[] = {"e4m3fn",   "e5m2",   "binary8p1se", "binary8p3uf",
                                      "hifloat8", "takum8", "int8"};
  std::vector<std::vector<dyadic>> operands;
  for (const char* name : names) {
    if (!chosen("LOWP_SWEEP_FORMATS", name)) continue;
    operands.push_back(finite_values(*find(name), 1));
  }
  for (const operation op : binary_operations) {
    if (operands.empty() || !chosen("LOWP_SWEEP_OPERATIONS", lowp::info(op).name)) continue;
    const stopwatch watch;
    tally sum;
    for (const std::vector<dyadic>& xs : operands) {
      for (const std::vector<dyadic>& ys : operands) sum.merge(compare_pairs(op, xs, ys));
    }
    report(lowp::info(op).name, sum, watch.seconds());
    std::fflush(stdout);
  }
}

}  // namespace
