// SPDX-License-Identifier: Apache-2.0
/// \file
/// Fuzz target: matrix units of any members. `check` decides; what it allows is computed for any
/// codes and gives a code of its result, the same with rows and columns exchanged.
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <lowp/hardware/mma/all_mma_models.hpp>
#include <lowp/hardware/mma/mma.hpp>
#include <lowp/hardware/mma/mma_members.hpp>

#include "input.hpp"

namespace {

using lowp::code_t;
using lowp::format;
using lowp::mma_model;

format some_format(reader& in) {
  if (in.below(4) != 0)
    return lowp::all_formats[in.below(200) % std::size(lowp::all_formats)].value;
  format f = lowp::ieee_format(static_cast<int>(in.below(13)), static_cast<int>(in.below(54)));
  if (in.below(4) == 0) f.bias += in.number<std::int8_t>();
  if (in.below(8) == 0) f.is_signed = false;
  if (in.below(8) == 0) f.nans = static_cast<lowp::nan_codes>(in.below(4));
  return f;
}

/// Any rules that need no random bits.
lowp::projection some_projection(reader& in) {
  lowp::projection p;
  p.round = static_cast<lowp::rounding>(in.below(9));
  p.overflow = static_cast<lowp::overflow_rule>(in.below(4));
  p.nan = static_cast<lowp::nan_rule>(in.below(8));
  p.nan_sign = static_cast<lowp::sign_rule>(in.below(4));
  p.zero_sign = static_cast<lowp::sign_rule>(in.below(4));
  p.subnormal_input = static_cast<lowp::subnormal_input_rule>(in.below(4));
  p.flush_subnormal_result = in.below(2) != 0;
  p.tininess = static_cast<lowp::tininess_rule>(in.below(2));
  return p;
}

mma_model some_model(reader& in) {
  mma_model m =
      lowp::all_mma_models[in.number<std::uint16_t>() % lowp::all_mma_models.size()].value;
  const auto change = in.number<std::uint32_t>();
  const auto changes = [&](int bit) { return (change >> bit & 1) != 0; };
  if (changes(0)) m.a = some_format(in);
  if (changes(1)) m.b = some_format(in);
  if (changes(2)) m.c = some_format(in);
  if (changes(3)) m.d = some_format(in);
  if (changes(4)) m.accumulator = some_format(in);
  if (changes(5)) m.k = static_cast<std::uint16_t>(in.below(66));
  if (changes(6)) m.group = static_cast<std::uint16_t>(1 + in.below(m.k == 0 ? 1 : m.k));
  if (changes(7)) m.sum = static_cast<lowp::mma_sum>(in.below(6));
  if (changes(8)) m.entry = static_cast<lowp::accumulator_entry>(in.below(3));
  if (changes(9)) m.order = static_cast<lowp::product_order>(in.below(3));
  if (changes(10)) m.chains = static_cast<std::uint8_t>(in.below(4));
  if (changes(11)) m.run = static_cast<std::uint8_t>(in.below(17));
  if (changes(12)) m.stored = in.below(2) != 0 ? some_format(in) : format{};
  if (changes(13)) m.read = some_projection(in);
  if (changes(14)) m.read_c = some_projection(in);
  if (changes(15)) m.normalises = in.below(2) != 0;
  if (changes(16)) m.normalises_products = in.below(2) != 0;
  if (changes(17)) m.low_bits = in.number<std::uint8_t>() % 60;
  if (changes(18)) m.kept_bits = in.number<std::uint8_t>() % 70;
  if (changes(19)) m.floors = in.below(2) != 0;
  if (changes(20)) m.zeros = static_cast<lowp::zero_exponent>(in.below(3));
  if (changes(21)) m.least_exponent = in.number<std::int32_t>() >> in.below(32);
  if (changes(22)) m.scales_align = in.below(2) != 0;
  if (changes(23)) {
    m.kept_sum = in.number<std::uint8_t>() % 70;
    m.kept_c = in.number<std::uint8_t>() % 70;
    m.reach_c = in.number<std::uint8_t>();
  }
  if (changes(24)) m.huge_products_are_infinite = in.below(2) != 0;
  if (changes(25)) {
    m.product = in.below(2) != 0 ? some_format(in) : format{};
    m.product_last = some_projection(in);
    m.products_add_zero = in.below(2) != 0;
  }
  if (changes(26)) m.step = some_projection(in);
  if (changes(27)) m.join = some_projection(in);
  if (changes(28)) {
    m.flush_rounded = in.below(2) != 0;
    m.keeps_zero_sign = in.below(2) != 0;
  }
  if (changes(29)) {
    m.nan = static_cast<lowp::mma_nan>(in.below(2));
    m.invalid_is_negative = in.below(2) != 0;
  }
  if (changes(30)) {
    m.scale = in.below(3) != 0 ? some_format(in) : format{};
    m.scale_block = static_cast<std::uint16_t>(in.below(66));
  }
  if (changes(31)) {
    m.overflow = static_cast<lowp::integer_overflow>(in.below(2));
    m.one_bit = in.below(2) != 0;
    m.exclusive_or = in.below(2) != 0;
  }
  return m;
}

code_t some_code(reader& in, int width) {
  return in.number<std::uint64_t>() & (~std::uint64_t{0} >> (64 - width));
}

/// Exactly so many operands: one behind them is nobody's.
struct operands {
  operands(const mma_model& m, reader& in) : c(some_code(in, m.c.width)) {
    for (int i = 0; i < m.k; ++i) {
      a.push_back(read_a(m, some_code(in, stored_width(m, m.a))));
      b.push_back(read_b(m, some_code(in, stored_width(m, m.b))));
    }
    for (int i = 0; m.scale_block != 0 && i < m.k / m.scale_block; ++i) {
      sa.push_back(read_scale(m, some_code(in, m.scale.width)));
      sb.push_back(read_scale(m, some_code(in, m.scale.width)));
    }
    exponent = m.scale_block != 0 ? 0 : in.number<std::int8_t>() % 128;
  }
  std::vector<lowp::mma_operand> a, b, sa, sb;
  std::int32_t exponent = 0;
  code_t c;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  reader in(data, size);
  const mma_model m = some_model(in);
  const lowp::mma_error e = check(m);
  demand(lowp::message(e) != nullptr);
  if (e != lowp::mma_error::none) return 0;
  for (const lowp::mma_member& member : members(m)) demand(member.name != nullptr);
  const operands x(m, in);
  const auto run = [&x](const mma_model& unit, bool exchanged) {
    const auto *a = x.a.data(), *b = x.b.data(), *sa = x.sa.data(), *sb = x.sb.data();
    if (exchanged) std::swap(a, b), std::swap(sa, sb);
    return multiply_add(unit, {a, b, sa, sb, x.exponent}, x.c);
  };
  const code_t d = run(m, false);
  demand(m.d.width == 64 || d >> m.d.width == 0);
  mma_model other = m;
  std::swap(other.a, other.b);
  if (m.nan == lowp::mma_nan::canonical) demand(run(other, true) == d);
  return 0;
}
