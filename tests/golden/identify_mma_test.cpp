// SPDX-License-Identifier: Apache-2.0
/// \file
/// Matrix units recognised from their results: one of each way of adding, faulty ones that people
/// have built (shared/reference/field-bugs.md), one that is like no model; questions without sense.
#include <stdexcept>
#include <string>

#include "golden/identify_mma_checks.hpp"

namespace {

using namespace identify_mma;
namespace f = formats;

const mma_model& row(const char* name) {
  const named_mma_model* const r = find_mma_model(name);
  REQUIRE_MESSAGE(r != nullptr, std::string(name));
  return r->value;
}

}  // namespace

TEST_CASE("DIA-9 MMA-3 identify finds one unit of each way of adding, and its name") {
  for (const char* name :
       {"sm80.mma.m16n8k8.f32.f16.f16.f32", "sm80.mma.m16n8k8.f16.f16.f16.f16",
        "gfx942.v_mfma_f32_32x32x8_f16", "gfx90a.v_mfma_f32_32x32x4bf16_1k",
        "gfx908.v_mfma_f32_32x32x8f16", "gaudi2.bf16", "gaudi3.f16", "avx512_bf16.vdpbf16ps",
        "arm.bfdot", "arm.bfmopa.ebf", "arm.fdot.f32.f16", "arm.fmmla.f32.f16", "riscv.vfwmacc.f16",
        "avx512_vnni.vpdpbusds"}) {
    check_row(*find_mma_model(name), 4000);
  }
}

TEST_CASE("DIA-9 MMA-10 identify finds every registered unit of integers") {
  std::vector<mma_model> known;
  for (const named_mma_model& r : all_mma_models) {
    if (r.value.sum != mma_sum::integer) continue;
    if (std::find(known.begin(), known.end(), r.value) != known.end()) continue;
    known.push_back(r.value);
    check_row(r, 2000);
  }
  CHECK(known.size() > 20);
}

TEST_CASE(
    "DIA-9 MMA-10 identify finds integers that saturate in steps of other lengths and orders") {
  for (const int group : {2, 4, 8}) {
    for (const product_order order : {product_order::ascending, product_order::pairs_dealt}) {
      mma_model m =
          mma_rows::integer_sum(f::int8, f::int8, f::int32, 16, group, integer_overflow::saturate);
      m.order = order;
      check_found(m, 20'000);
    }
  }
}

TEST_CASE("DIA-9 MMA-4 identify finds kept bits and steps that no registered unit has") {
  mma_model m = row("sm80.mma.m16n8k8.f32.f16.f16.f32");
  m.kept_bits = 21;
  m.group = 2;
  const identified_mma found = check_found(m, 4000);
  CHECK(found.names.empty());
  CHECK(says(found,
             "the accumulator and 2 products at a time are aligned to the greatest exponent "
             "with 21 fraction bits kept, cut toward zero"));
}

// FB-34
TEST_CASE("DIA-9 MMA-7 identify says of a chain that its products are rounded") {
  mma_model m = mma_rows::fma_chain(f::binary32, f::binary32, f::binary32, 4);
  CHECK(says(check_found(m, 4000), "in one rounding (fused)"));
  m.product = f::binary32;
  CHECK(
      says(check_found(m, 4000), "products are rounded to binary32 before accumulation (unfused)"));
}

// FB-33: no registered unit has an accumulator that is wider than its result.
TEST_CASE("DIA-9 identify says that a result is rounded twice") {
  mma_model m = mma_rows::fma_chain(f::binary16, f::binary16, f::binary16, 1);
  CHECK(!says(check_found(m, 4000), "twice"));
  m.accumulator = f::binary32;
  CHECK(says(check_found(m, 4000), "results are rounded twice: through binary32"));
}

// FB-29: a fault that no model describes.
TEST_CASE("DIA-9 MMA-10 identify says that pairs of products saturate at 16 bits") {
  const mma_model m = row("avx512_vnni.vpdpbusd");
  const black_box box = [&](std::span<const code_t> in, std::span<code_t> out) {
    for (std::size_t i = 0; i < out.size(); ++i) {
      const code_t* const x = in.data() + i * 9;
      std::int64_t sum = integer_value(f::int32, x[8]);
      for (std::size_t pair = 0; pair < 4; pair += 2) {
        std::int64_t two = 0;
        for (std::size_t j = pair; j < pair + 2; ++j) {
          two += static_cast<std::int64_t>(x[j]) * integer_value(f::int8, x[4 + j]);
        }
        sum += std::clamp<std::int64_t>(two, -32768, 32767);
      }
      out[i] = static_cast<code_t>(sum) & 0xffffffff;
    }
  };
  const identified_mma found = identify(question_of(m), box);
  CHECK(found.supporting == found.cases);
  CHECK(found.names.empty());
  CHECK(found.guess.saturating_run == 2);
  CHECK(says(found, "pairs of products saturate to [-32768, 32767] before the accumulation"));
}

// Arguments of a function are evaluated in any order, and draws of random words must not be: with a
// number of its own each compiler would test other questions. A change of the aims changes this
// one.
TEST_CASE("DIA-8 identify asks the same questions under every compiler") {
  std::uint64_t hash = 0;
  for (const char* name : {"sm80.mma.m16n8k8.f32.f16.f16.f32", "avx512_bf16.vdpbf16ps",
                           "sm100a.tcgen05.mma.block_scale.mMnNk64.block16.f32.e2m1.e2m1.ue4m3",
                           "avx512_vnni.vpdpbusds"}) {
    const mma_question q = question_of(row(name));
    mma_random random(1);
    for (int i = 0; i < 100 * mma_aims; ++i) {
      const auto aim = static_cast<mma_aim>(i % mma_aims);
      if (aim == mma_aim::scales && q.scale_block == 0) continue;
      const std::vector<code_t> codes =
          asks_integers(q) ? integer_case(q, random) : mma_prober(q).make(aim, random, i % 2 == 0);
      for (const code_t x : codes) hash = (hash ^ x) * 0x100000001b3 + (hash >> 29);
    }
  }
  CHECK(hash == 4609802455820533161);
}

TEST_CASE("DIA-11 identify reports what no model explains") {
  const mma_model m = row("riscv.vfwmacc.f16");
  const black_box right = box_of(m);
  const black_box wrong = [&](std::span<const code_t> in, std::span<code_t> out) {
    right(in, out);
    for (std::size_t i = 0; i < out.size(); ++i) {
      if ((in[3 * i] & 0x3ff) == 0x155) out[i] ^= 1;  // one fraction of a
      if (in[3 * i] == 0x3c00) out[i] ^= 2;
    }
  };
  const identified_mma found = identify(question_of(m), wrong, {.cases = 4000});
  CHECK(found.supporting < found.cases);
  CHECK(found.supporting * 10 > found.cases * 5);
  REQUIRE(!found.unexplained.empty());
  CHECK(found.names.empty());
  for (const finding& x : found.unexplained) {
    CHECK(x.cases > 0);
    CHECK(x.in.size() == 3);
    CHECK(x.expected != x.got);
  }
}

TEST_CASE("DIA-11 identify refuses questions that no unit answers") {
  const black_box none = [](std::span<const code_t>, std::span<code_t>) { FAIL("asked"); };
  const auto message_of = [&](const mma_question& q) -> std::string {
    try {
      identify(q, none);
    } catch (const std::invalid_argument& e) {
      return e.what();
    }
    return "accepted";
  };
  const mma_question good = question_of(row("sm80.mma.m16n8k8.f32.f16.f16.f32"));
  mma_question q = good;
  q.k = 0;
  CHECK(message_of(q) == "identify: k is 0, it must be 1 to 512");
  q.k = 513;
  CHECK(message_of(q) == "identify: k is 513, it must be 1 to 512");
  q = good;
  q.scale_block = 4;
  CHECK(message_of(q).find("scale and scale_block go together") != std::string::npos);
  q.scale = f::e8m0fnu;
  q.scale_block = 3;
  CHECK(message_of(q) == "identify: scale_block is 3, it must divide k, 8");
  q = good;
  q.a = f::int8;
  CHECK(message_of(q).find("integers of 2 to 16 bits") != std::string::npos);
  q = good;
  q.b = f::posit16;
  CHECK(message_of(q).find("must be minifloats") != std::string::npos);
}
