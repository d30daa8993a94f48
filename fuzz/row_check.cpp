// SPDX-License-Identifier: Apache-2.0
#include "row_check.hpp"

#include <algorithm>
#include <chrono>
#include <tuple>

#include "code_arrays.hpp"
#include "plugin/telling_cases.hpp"

namespace lowp::tool {

namespace {

conversion_rule default_of(const conversion_rule& rule) {
  conversion_rule d = rule;
  d.last = projection{.round = rule.last.round};
  d.last.random_bits = rule.last.random_bits;
  d.via = {};
  return d;
}

bool draws_random_bits(const golden_model& model) {
  const auto* c = std::get_if<std::shared_ptr<const claim>>(&model);
  return c != nullptr && (*c)->own_random;
}

}  // namespace

void tally::add(const tally& other) {
  cases += other.cases;
  mismatches += other.mismatches;
  if (other.first) keep_first(*other.first);
  known.resize(std::max(known.size(), other.known.size()));
  for (std::size_t i = 0; i < other.known.size(); ++i) known[i] += other.known[i];
  against_default.numbers += other.against_default.numbers;
  against_default.nans += other.against_default.nans;
  places.add(other.places);
  for (const auto& [kind, example] : other.faults) keep_fault(kind, example);
}

void tally::keep_first(const mismatch& found) {
  // The rest is for implementations that do not always give the same.
  const auto order = [](const mismatch& m) {
    return std::tie(m.inputs, m.where.length, m.where.place, m.expected, m.got);
  };
  if (!first || order(found) < order(*first)) first = found;
}

void tally::keep_fault(disagreement kind, const std::string& example) {
  const auto [at, added] = faults.emplace(kind, example);
  const std::string& kept = at->second;
  if (!added && std::pair(example.size(), example) < std::pair(kept.size(), kept)) {
    at->second = example;
  }
}

workspace::workspace() {
  for (room& r : inputs_) r.reserve(block * sizeof(code_t));
  outputs_[0].reserve(block * sizeof(code_t));
}

void workspace::reserve(const std::vector<field>& in, const std::vector<field>& out) {
  for (std::size_t k = 0; k < in.size(); ++k)
    inputs_[k].reserve(block * in[k].count * in[k].bytes());
  for (std::size_t k = 0; k < out.size(); ++k) {
    outputs_[k].reserve(block * out[k].count * out[k].bytes());
  }
}

void workspace::room::reserve(std::size_t least) {
  if (least <= bytes) return;
  data.reset(static_cast<std::byte*>(::operator new[](least, std::align_val_t{64})));
  std::fill_n(data.get(), least, std::byte{0});
  bytes = least;
}

row_check::row_check(const implementation& row)
    : row_(row),
      in_(operand_fields(row.model)),
      out_(result_fields(row.model)),
      conduct_(row, in_, out_, draws_random_bits(row.model)) {
  space_bits_ = bit_count(in_);
  const auto* rule = std::get_if<conversion_rule>(&row.model);
  if (rule == nullptr && !std::holds_alternative<arithmetic_model>(row.model) &&
      !std::holds_alternative<comparison_model>(row.model)) {
    many_ = claim_of(row.model);
    golden_ = many_->golden;
  } else {
    golden_ = [this](const code_t* o, code_t* r) { *r = expected_code(row_.model, o); };
  }
  if (rule != nullptr) {
    const conversion_rule d = default_of(*rule);
    if (!(d.last == rule->last) || rounds_twice(*rule)) default_rule_ = d;
  }
}

void row_check::prepare() {
  if (row_.short_batches != 0) telling_ = telling_cases(row_.model, 0);
  const auto* rule = std::get_if<conversion_rule>(&row_.model);
  if (rule == nullptr || !has_steps(*rule)) return;
  // A prime, so that all low bits occur; some hundred thousand evaluations of the golden model.
  constexpr std::uint32_t stride = 10007;
  step_function steps = make_steps(*rule);
  if (check_steps(steps, *rule, stride) != 0) return;
  if (default_rule_) {
    of_all_inputs_ = count_differences(steps, make_steps(*default_rule_), rule->from);
  }
  steps_ = std::move(steps);
}

void row_check::run_block(workspace& w, std::size_t n, std::uint64_t first, tally& t) const {
  const void* ins[workspace::arrays] = {};
  void* outs[workspace::arrays] = {};
  for (std::size_t k = 0; k < in_.size(); ++k) ins[k] = w.input(k);
  for (std::size_t k = 0; k < out_.size(); ++k) outs[k] = w.output(k);
  const batch block{ins, outs, n, first};
  if (row_.short_batches == 0) return row_.run(block);
  // Short batches and repeated calls cost: for some of the blocks. Where every batch is a process
  // they cost much.
  const std::uint64_t chance = random_bits(first, n);
  const bool given = !w.lengths.empty();
  const bool closely = row_.any_length ? given || chance % 128 == 0 : !given && first == 0;
  if (!given) {
    w.lengths = !row_.any_length ? cut{n} : closely ? cut_short(chance, n) : cut_in_two(chance, n);
  }
  conduct_.call(block, w.lengths);
  if (!closely) return;
  conduct_faults found;
  conduct_.compare(block, w.lengths, chance, found);
  for (const auto& [kind, example] : found) t.keep_fault(kind, example);
}

// Rare: one differing case.
void row_check::note(mismatch found, const workspace& w, std::size_t index, tally& t) const {
  t.known.resize(row_.known.size());
  for (std::size_t i = 0; i < row_.known.size(); ++i) {
    if (row_.known[i].covers(found.inputs.data(), found.expected[0], found.got[0])) {
      ++t.known[i];
      return;
    }
  }
  ++t.mismatches;
  found.where = find_place(w.lengths, index);
  t.places.count(found.where);
  t.keep_first(found);
}

template <class Code>
void row_check::compare_steps(workspace& w, std::uint64_t first, std::uint64_t stride,
                              std::size_t n, tally& t) const {
  const auto* out = static_cast<const Code*>(w.output());
  std::size_t piece = steps_->piece(static_cast<std::uint32_t>(first));
  for (std::size_t begin = 0; begin < n;) {
    const std::uint64_t input = first + begin * stride;
    while (input >= steps_->end(piece)) ++piece;
    const std::uint64_t inside = (steps_->end(piece) - input + stride - 1) / stride;
    const std::size_t end = begin + std::min<std::uint64_t>(n - begin, inside);
    const auto expected = static_cast<Code>(steps_->value[piece]);
    Code any = 0;
    for (std::size_t i = begin; i < end; ++i) any = static_cast<Code>(any | (out[i] ^ expected));
    for (std::size_t i = begin; any != 0 && i < end; ++i) {
      if (out[i] != expected) note({{first + i * stride}, {expected}, {out[i]}}, w, i, t);
    }
    begin = end;
  }
}

void row_check::run_strided(workspace& w, std::uint64_t first, std::uint64_t stride, std::size_t n,
                            tally& t) const {
  auto* in = static_cast<std::uint32_t*>(w.input(0));
  for (std::size_t i = 0; i < n; ++i) in[i] = static_cast<std::uint32_t>(first + i * stride);
  w.lengths.clear();
  run_block(w, n, first, t);
  switch (out_[0].bytes()) {
    case 1: compare_steps<std::uint8_t>(w, first, stride, n, t); break;
    case 2: compare_steps<std::uint16_t>(w, first, stride, n, t); break;
    default: compare_steps<std::uint32_t>(w, first, stride, n, t); break;
  }
  t.cases += n;
}

void row_check::run_cases(workspace& w, const std::function<operands(std::size_t)>& at,
                          std::uint64_t first, std::size_t n, tally& t) const {
  for (std::size_t i = 0; i < n; ++i) {
    const operands o = at(i);
    for (std::size_t k = 0; k < in_.size(); ++k) {
      store_code(w.input(k), in_[k].bytes(), i, o[k]);
    }
  }
  w.lengths.clear();
  run_block(w, n, first, t);
  for (std::size_t i = 0; i < n; ++i) {
    operands o{};
    for (std::size_t k = 0; k < in_.size(); ++k) o[k] = load_code(w.input(k), in_[k].bytes(), i);
    const code_t expected =
        steps_ ? (*steps_)(static_cast<std::uint32_t>(o[0])) : expected_code(row_.model, o.data());
    const code_t got = load_code(w.output(), out_[0].bytes(), i);
    if (got != expected) note({{o.begin(), o.begin() + in_.size()}, {expected}, {got}}, w, i, t);
    if (default_rule_ && !of_all_inputs_ && apply(*default_rule_, o[0]) != expected) {
      ++(is_nan(default_rule_->from, o[0]) ? t.against_default.nans : t.against_default.numbers);
    }
  }
  t.cases += n;
}

void row_check::run_many(workspace& w, std::uint64_t seed, std::uint64_t first, std::size_t n,
                         tally& t) const {
  const std::size_t operands_of_case = code_count(in_);
  std::vector<code_t> all(operands_of_case * n);
  for (std::size_t i = 0; i < n; ++i) many_->make(seed, first + i, &all[i * operands_of_case]);
  w.lengths.clear();
  run_codes(w, all, first, n, t);
}

void row_check::run_short(workspace& w, std::uint64_t pass, tally& t) const {
  w.lengths.clear();
  for (std::size_t k = 0; k < longest_short; ++k) {
    // A prime number of lengths: every multiplier but 0 permutes them.
    w.lengths.push_back(1 + k * (1 + pass % (longest_short - 1)) % longest_short);
  }
  std::vector<code_t> all;
  constexpr std::size_t n = longest_short * (longest_short + 1) / 2;
  for (std::size_t i = 0; i < n; ++i) {
    const std::vector<code_t>& o = telling_[random_bits(pass, i) % telling_.size()];
    all.insert(all.end(), o.begin(), o.end());
  }
  run_codes(w, all, pass * n, n, t);
}

void row_check::run_codes(workspace& w, const std::vector<code_t>& all, std::uint64_t first,
                          std::size_t n, tally& t) const {
  w.reserve(in_, out_);
  const std::size_t operands_of_case = code_count(in_);
  const std::size_t results_of_case = code_count(out_);
  for (std::size_t i = 0; i < n; ++i) {
    const code_t* code = &all[i * operands_of_case];
    for (std::size_t k = 0; k < in_.size(); ++k) {
      for (std::size_t j = 0; j < in_[k].count; ++j) {
        store_code(w.input(k), in_[k].bytes(), i * in_[k].count + j, *code++);
      }
    }
  }
  run_block(w, n, first, t);
  std::vector<code_t> expected(results_of_case);
  std::vector<code_t> got(results_of_case);
  for (std::size_t i = 0; i < n; ++i) {
    const code_t* const o = &all[i * operands_of_case];
    golden_(o, expected.data());
    code_t* code = got.data();
    for (std::size_t k = 0; k < out_.size(); ++k) {
      for (std::size_t j = 0; j < out_[k].count; ++j) {
        *code++ = load_code(w.output(k), out_[k].bytes(), i * out_[k].count + j);
      }
    }
    const bool right =
        got == expected || (many_ && many_->accepts && many_->accepts(o, got.data()));
    if (!right) note({{o, o + operands_of_case}, expected, got}, w, i, t);
  }
  t.cases += n;
}

std::vector<operands> row_check::directed() const {
  return steps_ ? step_inputs(*steps_) : directed_inputs(row_.model);
}

operands row_check::enumerated(std::uint64_t index) const {
  operands o{};
  for (std::size_t k = 0; k < in_.size(); ++k) {
    o[k] = index & lowp::detail::low_mask(in_[k].of.width);
    index >>= in_[k].of.width;
  }
  return o;
}

double row_check::seconds_per_case(workspace& w) const {
  using clock = std::chrono::steady_clock;
  constexpr int blocks = 4;
  const auto* rule = std::get_if<conversion_rule>(&row_.model);
  const bool by_steps = rule != nullptr && has_steps(*rule);
  if (many_) {
    // Behind the combinations of special codes, which are cheap.
    constexpr std::size_t n = workspace::block / 4;
    tally ignored;
    const auto start = clock::now();
    run_many(w, 0, many_->directed, n, ignored);
    return std::chrono::duration<double>(clock::now() - start).count() / n;
  }
  double best = 1e9;
  for (int b = 0; b < blocks; ++b) {
    const auto base = static_cast<std::uint64_t>(b) * workspace::block;
    tally ignored;
    const auto at = [&](std::size_t i) { return random_operands(row_.model, 0, base + i); };
    if (by_steps) {
      for (std::size_t i = 0; i < workspace::block; ++i) store_code(w.input(0), 4, i, at(i)[0]);
    }
    const auto start = clock::now();
    if (by_steps) {
      w.lengths.clear();
      run_block(w, workspace::block, base, ignored);
    } else {
      run_cases(w, at, base, workspace::block, ignored);
    }
    const double seconds = std::chrono::duration<double>(clock::now() - start).count();
    best = std::min(best, seconds / workspace::block);
  }
  // Filling and comparing by table: measured about 0.3 ns.
  return best + (by_steps ? 0.4e-9 : 0);
}

}  // namespace lowp::tool
