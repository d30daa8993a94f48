// SPDX-License-Identifier: Apache-2.0
#include "claim_terms.hpp"

#include <lowp/operations.hpp>

namespace lowp::tool {

namespace {

exact product(const exact& a, const exact& b) {
  return evaluate<operation::multiply>(projection{}, a, b).value;
}

exact negated(exact x) {
  x.negative = !x.negative;
  return x;
}

void add_terms(const conversion_rule& rule, const code_t* o, std::vector<exact>& terms) {
  const projection& first = rounds_twice(rule) ? rule.first : rule.last;
  terms.push_back(lowp::detail::operand({rule.from, *o}, first));
}

void add_terms(const arithmetic_model& m, const code_t* o, std::vector<exact>& terms) {
  exact x[3];
  for (std::size_t k = 0; k < static_cast<std::size_t>(operand_count(m.op)); ++k) {
    x[k] = lowp::detail::operand({m.from[k], o[k]}, m.last);
  }
  switch (m.op) {
    case operation::add: terms.insert(terms.end(), {x[0], x[1]}); return;
    case operation::subtract: terms.insert(terms.end(), {x[0], negated(x[1])}); return;
    case operation::fma: terms.insert(terms.end(), {product(x[0], x[1]), x[2]}); return;
    case operation::faa: terms.insert(terms.end(), {x[0], x[1], x[2]}); return;
    default: terms.push_back(evaluate(m.op, x, m.last).value);
  }
}

exact value_of(const mma_operand& x) {
  switch (x.cls) {
    case number_class::zero: return exact_zero(x.negative);
    case number_class::infinity: return exact_infinity(x.negative);
    case number_class::nan: return exact_nan(x.negative);
    case number_class::finite: break;
  }
  return exact_finite(x.negative, x.significand, x.exponent);
}

void add_terms(const dot_model& d, const code_t* o, std::vector<exact>& terms) {
  const mma_model& m = d.value;
  const auto k = static_cast<std::size_t>(m.k);
  const std::size_t block = static_cast<std::size_t>(m.scale_block);
  const code_t* const scales = o + 2 * k + 1;
  const exact lift = exact_finite(false, 1, d.exponent);
  for (std::size_t i = 0; i < k; ++i) {
    exact t = product(value_of(read_a(m, o[i])), value_of(read_b(m, o[k + i])));
    if (block != 0) {
      t = product(t, value_of(read_scale(m, scales[i / block])));
      t = product(t, value_of(read_scale(m, scales[(k + i) / block])));
    }
    terms.push_back(product(t, lift));
  }
  terms.push_back(decode(m.c, o[2 * k]));
}

template <class Model>
std::function<void(const code_t*, std::vector<exact>&)> terms_function(const Model& m) {
  return [m](const code_t* o, std::vector<exact>& terms) { add_terms(m, o, terms); };
}

}  // namespace

std::function<void(const code_t*, std::vector<exact>&)> terms_of(const golden_model& model) {
  if (const auto* rule = std::get_if<conversion_rule>(&model)) return terms_function(*rule);
  if (const auto* m = std::get_if<dot_model>(&model)) return terms_function(*m);
  const auto* m = std::get_if<arithmetic_model>(&model);
  if (m != nullptr && m->flags == 0) return terms_function(*m);
  return {};
}

}  // namespace lowp::tool
