// SPDX-License-Identifier: Apache-2.0
/// \file
/// The cases of `lowp verify` for dot products find every change of one member of a model.
#include "../../fuzz/dot_inputs.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/hardware/mma/all_mma_models.hpp>

namespace lowp::tool {

// Not the tool's, which needs the rest of it.
std::string format_name(const format& f) { return std::to_string(f.width); }

namespace {

struct change {
  const char* model;
  const char* what;
  void (*apply)(mma_model&);
};

const change changes[] = {
    {"avx512_bf16.vdpbf16ps", "even product first",
     [](mma_model& m) { m.order = product_order::ascending; }},
    {"avx512_bf16.vdpbf16ps", "subnormal factors",
     [](mma_model& m) { m.read.subnormal_input = subnormal_input_rule::keep; }},
    {"avx512_bf16.vdpbf16ps", "subnormal accumulators",
     [](mma_model& m) { m.read_c.subnormal_input = subnormal_input_rule::keep; }},
    {"avx512_bf16.vdpbf16ps", "subnormal results",
     [](mma_model& m) { m.step.flush_subnormal_result = false; }},
    {"avx512_bf16.vdpbf16ps", "tiny before rounding",
     [](mma_model& m) { m.step.tininess = tininess_rule::before_rounding; }},
    {"avx512_bf16.vdpbf16ps", "canonical NaN", [](mma_model& m) { m.nan = mma_nan::canonical; }},
    {"avx512_bf16.vdpbf16ps", "sign of inf - inf",
     [](mma_model& m) { m.invalid_is_negative = false; }},
    {"amx_bf16.tdpbf16ps", "one chain", [](mma_model& m) { m.chains = 1; }},
    {"amx_fp16.tdpfp16ps", "from the accumulator on",
     [](mma_model& m) {
       m.chains = 1;
       m.entry = accumulator_entry::in_step;
     }},
    {"arm.bfdot", "nearest", [](mma_model& m) { m.step.round = to_nearest_even; }},
    {"avx512_vnni.vpdpbusds", "wraps", [](mma_model& m) { m.overflow = integer_overflow::wrap; }},
    {"avx512_vnni.vpdpwssd", "saturates",
     [](mma_model& m) { m.overflow = integer_overflow::saturate; }},
    {"sm80.mma.m16n8k16.f32.bf16.bf16.f32", "one bit less", [](mma_model& m) { --m.kept_bits; }},
    {"sm80.mma.m16n8k16.f32.bf16.bf16.f32", "one bit more", [](mma_model& m) { ++m.kept_bits; }},
    {"sm80.mma.m16n8k16.f32.bf16.bf16.f32", "one step", [](mma_model& m) { m.group = 16; }},
    {"sm90.mma.m16n8k16.f32.bf16.bf16.f32", "zeros have exponent -126",
     [](mma_model& m) { m = with_zero_rule(m, zero_exponent::minus_126); }},
    {"sm90.mma.m16n8k16.f32.bf16.bf16.f32", "another floor",
     [](mma_model& m) { ++m.least_exponent; }},
    {"sm90.mma.m16n8k16.f16.f16.f16.f16", "zeros have exponent -126",
     [](mma_model& m) { m = with_zero_rule(m, zero_exponent::minus_126); }},
    {"sm90.mma.m16n8k32.f16.e4m3.e4m3.f16", "products in order",
     [](mma_model& m) { m.order = product_order::ascending; }},
    {"sm90a.wgmma.m64nNk32.f32.e4m3.e4m3", "one bit more", [](mma_model& m) { ++m.kept_bits; }},
    {"sm90a.wgmma.m64nNk32.f32.e5m2.e5m2", "sums cut downward",
     [](mma_model& m) { m.floors = true; }},
};

std::uint64_t cases_until_found(const dot_model& right, const dot_model& wrong) {
  const dot_inputs inputs(right);
  const dot_engine a(right);
  const dot_engine b(wrong);
  std::vector<code_t> operands(inputs.operand_count());
  constexpr std::uint64_t most = 200'000;
  for (std::uint64_t i = 0; i < most; ++i) {
    inputs.make(1, i, operands.data());
    if (a(operands.data()) != b(operands.data())) return i;
  }
  return most;
}

TEST_CASE("dot products of verify: each change of a model is found soon, seed 1") {
  for (const change& c : changes) {
    const named_mma_model* const row = find_mma_model(c.model);
    REQUIRE(row != nullptr);
    const dot_model right{row->name, "", row->value};
    dot_model wrong = right;
    c.apply(wrong.value);
    const std::uint64_t cases = cases_until_found(right, wrong);
    INFO(std::string(c.model) << ": " << std::string(c.what) << ", found by case " << cases);
    CHECK(cases < 100'000);
  }
}

TEST_CASE("dot products of verify: operands are codes, the same for the same seed and number") {
  for (const char* name : {"arm.bfdot", "amx_tf32.tmmultf32ps", "sm80.mma.m16n8k64.s32.s4.u4.s32",
                           "sm100a.tcgen05.mma.block_scale.mMnNk64.block16.f32.e2m1.e2m1.ue4m3"}) {
    const named_mma_model* const row = find_mma_model(name);
    REQUIRE(row != nullptr);
    const dot_model m{row->name, "", row->value};
    const dot_inputs inputs(m);
    const auto fields = fields_of(m.value);
    const std::vector<field> all(fields.begin(), fields.end());
    REQUIRE(inputs.operand_count() == code_count(all));
    std::vector<code_t> once(code_count(all));
    std::vector<code_t> again(code_count(all));
    bool fits = true;
    bool same = true;
    for (std::uint64_t i = 0; i < 2000; ++i) {
      inputs.make(7, i, once.data());
      inputs.make(7, i, again.data());
      same = same && once == again;
      for (std::size_t k = 0; k < once.size(); ++k)
        fits = fits && once[k] >> code_format(all, k).width == 0;
    }
    CHECK_MESSAGE(fits, name);
    CHECK_MESSAGE(same, name);
  }
  const dot_model m{"arm.bfmmla", "", find_mma_model("arm.bfmmla")->value};
  const auto fields = fields_of(m.value);
  const std::vector<field> all(fields.begin(), fields.end());
  CHECK(code_name(all, 0) == "a[0]");
  CHECK(code_name(all, 7) == "b[3]");
  CHECK(code_name(all, 8) == "c");
}

}  // namespace

}  // namespace lowp::tool
