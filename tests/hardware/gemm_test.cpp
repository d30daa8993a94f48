// SPDX-License-Identifier: Apache-2.0
// Products of matrices in matrix units: the rule, its definition against plain loops over
// multiply_add, layouts, refusals. GEM-1...GEM-5.
#include <cstdint>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "gemm_problem.hpp"

namespace {

using namespace gemm_test;

const mma_model hopper = find_mma_model("sm90a.wgmma.m64nNk32.f32.e4m3.e4m3")->value;

float real(code_t c) { return std::bit_cast<float>(static_cast<std::uint32_t>(c)); }
code_t code(float x) { return std::bit_cast<std::uint32_t>(x); }

/// Instructions of an element one after the other.
code_t instruction(const mma_model& m, const problem::vectors& v, std::size_t i, code_t c) {
  return multiply_add(m, {v.a.data() + i * m.k, v.b.data() + i * m.k}, c);
}

std::string refusal(const auto& call) {
  try {
    call();
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
  return "";
}

}  // namespace

TEST_CASE("GEM-1: elements of 1, 2, 4 and 8 bytes, transposed") {
  const std::uint16_t x[] = {1, 2, 3, 4, 5, 0x1234};
  const code_matrix rows = row_major(x, 2, 3), columns = column_major(x, 2, 3);
  CHECK(rows.code(1, 2) == 0x1234);
  CHECK(rows.code(1, 0) == 4);
  CHECK(columns.code(1, 0) == 2);
  CHECK(columns.code(1, 2) == 0x1234);
  CHECK(rows.transposed().code(2, 1) == 0x1234);
  std::uint64_t y[4] = {};
  row_major_out(y, 2, 2).set(1, 0, 0x8000000000000001);
  CHECK(y[2] == 0x8000000000000001);
  std::mt19937_64 g(1);
  problem p({.unit = hopper}, 7, 20, 70);
  p.fill(kind::normal, g);
  p.run();
  const std::vector<code_t> wanted = p.defined();
  CHECK(p.differences(wanted) == 0);
  // The same with A by columns in words of 4 bytes, D by columns.
  std::vector<std::uint32_t> a(7 * 70), d(7 * 20);
  const auto of_a = column_major_out(a.data(), 7, 70);
  for (std::size_t i = 0; i < 7; ++i) {
    for (std::size_t k = 0; k < 70; ++k) of_a.set(i, k, p.a.view.code(i, k) | 0xffffff00);
  }
  gemm(p.rule, column_major(a.data(), 7, 70), p.b.in(), p.c.in(), column_major_out(d.data(), 7, 20),
       p.scales());
  for (std::size_t i = 0; i < wanted.size(); ++i) CHECK(d[i % 20 * 7 + i / 20] == wanted[i]);
}

TEST_CASE("GEM-2: instructions in order, the last filled up with +0; none gives c") {
  CHECK(gemm_instructions(hopper, 0) == 0);
  CHECK(gemm_instructions(hopper, 32) == 1);
  CHECK(gemm_instructions(hopper, 33) == 2);
  std::mt19937_64 g(2);
  problem p({.unit = hopper}, 3, 4, 70);
  p.fill(kind::normal, g);
  const problem::vectors v = p.operands(1, 2);
  CHECK(v.a.size() == 96);
  code_t d = p.c.view.code(1, 2);
  for (std::size_t i = 0; i < 3; ++i) d = instruction(hopper, v, i, d);
  CHECK(p.defined()[1 * 4 + 2] == d);
  // Volta: c of binary16 enters the first instruction, binary32 the others.
  mma_model volta = find_mma_model("sm70.mma.m8n8k4.f32.f16.f16.f16")->value;
  problem q({.unit = volta}, 2, 2, 8);
  q.fill(kind::normal, g);
  const problem::vectors w = q.operands(1, 1);
  d = instruction(volta, w, 0, q.c.view.code(1, 1));
  volta.c = volta.d;
  CHECK(q.defined()[3] == instruction(volta, w, 1, d));
  problem none({.unit = hopper}, 2, 2, 0);
  none.c.view.set(1, 0, code(2.5f));
  none.run();
  CHECK(real(none.d.view.code(1, 0)) == 2.5f);
}

TEST_CASE("GEM-3: promotion adds accumulators to a binary32 sum, to nearest") {
  std::mt19937_64 g(3);
  problem p({.unit = hopper, .promote_every = 2}, 4, 5, 32 * 7);
  p.fill(kind::normal, g);
  const std::vector<code_t> wanted = p.defined();
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < 5; ++j) {
      const problem::vectors v = p.operands(i, j);
      float sum = real(p.c.view.code(i, j));
      for (std::size_t first = 0; first < 7; first += 2) {
        code_t accumulator = 0;
        for (std::size_t n = first; n < first + 2 && n < 7; ++n) {
          accumulator = instruction(hopper, v, n, accumulator);
        }
        sum += real(accumulator);
      }
      CHECK(code(sum) == wanted[i * 5 + j]);
    }
  }
}

TEST_CASE("GEM-4: slices in runs or dealt, joined in each order") {
  const slice_range run = range_of_slice({.unit = hopper, .slices = 3}, 7, 2);
  CHECK((run.first == 6 && run.last == 7 && run.step == 1));
  const slice_range dealt =
      range_of_slice({.unit = hopper, .slices = 3, .interleaved = true}, 7, 2);
  CHECK((dealt.first == 2 && dealt.last == 7 && dealt.step == 3));
  const slice_range empty = range_of_slice({.unit = hopper, .slices = 5}, 6, 4);
  CHECK(empty.first == empty.last);
  std::mt19937_64 g(4);
  for (const bool interleaved : {false, true}) {
    problem p({.unit = hopper, .slices = 3, .interleaved = interleaved}, 2, 3, 32 * 7);
    p.fill(kind::normal, g);
    const problem::vectors v = p.operands(1, 2);
    float s[3];
    for (std::uint32_t i = 0; i < 3; ++i) {
      code_t sum = i == 0 ? p.c.view.code(1, 2) : 0;
      for (std::size_t n = 0; n < 7; ++n) {
        if ((interleaved ? n % 3 : n / 3) == i) sum = instruction(hopper, v, n, sum);
      }
      s[i] = real(sum);
    }
    CHECK(code(s[0] + s[1] + s[2]) == p.defined()[5]);
    p.rule.join = slice_order::descending;
    CHECK(code(s[2] + s[1] + s[0]) == p.defined()[5]);
    p.rule.join = slice_order::pairwise;
    CHECK(code((s[0] + s[1]) + s[2]) == p.defined()[5]);
  }
  // Integers join as they overflow.
  mma_model saturating = find_mma_model("sm80.mma.m16n8k32.satfinite.s32.s8.s8.s32")->value;
  CHECK(detail::gemm_add(saturating, 0x7fffffff, 5) == 0x7fffffff);
  saturating.overflow = integer_overflow::wrap;
  CHECK(detail::gemm_add(saturating, 0x7fffffff, 5) == 0x80000004);
}

TEST_CASE("GEM-5: what does not fit is refused with argument, value and rule") {
  problem p({.unit = hopper}, 3, 4, 64);
  const auto run = [&](const gemm_rule& r, const code_matrix& a, const code_matrix& c,
                       const code_matrix_out& d) {
    return refusal([&] { gemm(r, a, p.b.in(), c, d, p.scales()); });
  };
  CHECK(run(p.rule, p.a.in(), {}, p.d.view) == "");
  CHECK(run(p.rule, p.a.in(), p.c.in(), p.d.view) == "");
  gemm_rule bad = p.rule;
  bad.slices = 65;
  CHECK(run(bad, p.a.in(), {}, p.d.view) == "lowp::gemm: rule.slices is 65: slices is 1 to 64");
  bad = p.rule;
  bad.unit.group = 5;
  CHECK(run(bad, p.a.in(), {}, p.d.view).starts_with("lowp::gemm: rule.unit: 1 <= run"));
  bad = p.rule;
  bad.exponent = 300;
  CHECK(run(bad, p.a.in(), {}, p.d.view).starts_with("lowp::gemm: rule.exponent is 300: "));
  code_matrix a = p.a.in();
  a.rows = 2;
  CHECK(run(p.rule, a, {}, p.d.view) ==
        "lowp::gemm: a is 2 x 64, not 3 x 64: it has the rows of d");
  a = p.a.in();
  a.columns = 63;
  CHECK(run(p.rule, a, {}, p.d.view).starts_with("lowp::gemm: b is 64 x 4, not 63 x 4: "));
  a = p.a.in();
  a.bytes = 3;
  CHECK(run(p.rule, a, {}, p.d.view) == "lowp::gemm: a.bytes is 3: it must be 1, 2, 4 or 8");
  a = p.a.in();
  a.data = nullptr;
  CHECK(run(p.rule, a, {}, p.d.view) == "lowp::gemm: a.data is null: the matrix is 3 x 64");
  code_matrix_out d = p.d.view;
  d.bytes = 2;
  CHECK(run(p.rule, p.a.in(), {}, d) == "lowp::gemm: d.bytes is 2: codes have 32 bits");
  d = p.d.view;
  d.data = p.a.bytes.data();
  CHECK(
      run(p.rule, p.a.in(), {}, d) ==
      "lowp::gemm: a and d overlap: 192 and 48 bytes, the second begins 0 bytes behind the first; "
      "they must share no byte");
  code_matrix c = p.c.in();
  c.data = p.d.view.data + 4;
  CHECK(run(p.rule, p.a.in(), c, p.d.view) ==
        "lowp::gemm: c and d overlap: 48 and 48 bytes, the second begins 4 bytes before the first; "
        "they must share no byte");
  bad.exponent = 0;
  bad.unit =
      find_mma_model("sm100a.tcgen05.mma.block_scale.mMnNk32.block32.f32.e4m3.e4m3.ue8m0")->value;
  CHECK(refusal([&] {
          gemm(bad, p.a.in(), p.b.in(), {}, p.d.view);
        }).starts_with("lowp::gemm: scales.a is 0 x 0, not 3 x 2: "));
}

TEST_CASE("GEM-5: C may be D; units of other kinds run, with special values, too") {
  std::mt19937_64 g(5);
  int models = 0;
  for (const named_mma_model& m : distinct_models()) {
    if (++models % 9 != 0) continue;
    CAPTURE(m.name);
    problem p({.unit = m.value}, 3, 5, m.value.k * 2u);
    p.fill(kind::specials, g);
    const std::vector<code_t> wanted = p.defined();
    p.run();
    CHECK(p.differences(wanted) == 0);
    if (m.value.c.width != m.value.d.width) continue;
    p.d.bytes = p.c.bytes;
    p.d.view.data = p.d.bytes.data();
    gemm(p.rule, p.a.in(), p.b.in(), {p.d.view.data, p.d.view.bytes, 3, 5, 5, 1}, p.d.view,
         p.scales());
    CHECK(p.differences(wanted) == 0);
  }
}
