// SPDX-License-Identifier: Apache-2.0
/// \file
/// The members of a matrix unit's model as names and values, for tables, command lines and exports.
#ifndef LOWP_HARDWARE_MMA_MMA_MEMBERS_HPP
#define LOWP_HARDWARE_MMA_MMA_MEMBERS_HPP

#include <cstdint>
#include <type_traits>

#include "../../projection_members.hpp"
#include "mma_model.hpp"

namespace lowp {

/// The name of an enumerator as it is written in C++.
LOWP_FN const char* name(mma_sum s) noexcept {
  switch (s) {
    case mma_sum::aligned: return "aligned";
    case mma_sum::exact: return "exact";
    case mma_sum::chain: return "chain";
    case mma_sum::tree: return "tree";
    case mma_sum::gaudi2: return "gaudi2";
    case mma_sum::integer: return "integer";
  }
  return "unknown";
}
LOWP_FN const char* name(accumulator_entry e) noexcept {
  switch (e) {
    case accumulator_entry::in_step: return "in_step";
    case accumulator_entry::after_step: return "after_step";
    case accumulator_entry::after_all: return "after_all";
  }
  return "unknown";
}
LOWP_FN const char* name(product_order o) noexcept {
  switch (o) {
    case product_order::ascending: return "ascending";
    case product_order::pairs_reversed: return "pairs_reversed";
    case product_order::pairs_dealt: return "pairs_dealt";
  }
  return "unknown";
}
LOWP_FN const char* name(zero_exponent z) noexcept {
  switch (z) {
    case zero_exponent::none: return "none";
    case zero_exponent::minus_126: return "minus_126";
    case zero_exponent::minus_126_of_c: return "minus_126_of_c";
  }
  return "unknown";
}
LOWP_FN const char* name(mma_nan n) noexcept {
  switch (n) {
    case mma_nan::canonical: return "canonical";
    case mma_nan::first_operand: return "first_operand";
  }
  return "unknown";
}
LOWP_FN const char* name(integer_overflow o) noexcept {
  switch (o) {
    case integer_overflow::wrap: return "wrap";
    case integer_overflow::saturate: return "saturate";
  }
  return "unknown";
}

/// What the value of a member is.
enum class mma_member_kind : std::uint8_t { enumerator, boolean, number, format, projection };

/// One member of a model; of the values, the one that `kind` says.
struct mma_member {
  const char* name;
  mma_member_kind kind;
  bool is_default;
  const char* value = nullptr;  ///< enumerator, "true" or "false"
  std::int32_t number = 0;
  format f{};
  projection p{};
};

/// How many members a model has; a new one is one line in `members` (the compiler asks for it).
inline constexpr int mma_member_count = 41;

/// All members in the order of declaration.
struct mma_members {
  mma_member rows[mma_member_count];

  LOWP_FN const mma_member* begin() const noexcept { return rows; }
  LOWP_FN const mma_member* end() const noexcept { return rows + mma_member_count; }
};

namespace detail {

template <class Value>
LOWP_FN mma_member member_of_mma(const char* text, const Value& value,
                                 const Value& standard) noexcept {
  mma_member m{text, mma_member_kind::number, value == standard};
  if constexpr (std::is_same_v<Value, format>) {
    m.kind = mma_member_kind::format;
    m.f = value;
  } else if constexpr (std::is_same_v<Value, projection>) {
    m.kind = mma_member_kind::projection;
    m.p = value;
  } else if constexpr (std::is_enum_v<Value>) {
    m.kind = mma_member_kind::enumerator;
    m.value = name(value);
  } else if constexpr (std::is_same_v<Value, bool>) {
    m.kind = mma_member_kind::boolean;
    m.value = value ? "true" : "false";
    m.number = value ? 1 : 0;
  } else {
    m.number = value;
  }
  return m;
}

}  // namespace detail

/// The members of `m` with their values; print those where `is_default` is false.
LOWP_FN mma_members members(const mma_model& m) noexcept {
  constexpr mma_model s{};
  // A structured binding fails to compile when a member is added and not listed here.
  const auto& [a, b, c, d, accumulator, k, group, sum, entry, order, chains, run, stored, read,
               read_c, normalises, normalises_products, low_bits, kept_bits, floors, zeros,
               least_exponent, scales_align, kept_sum, kept_c, reach_c, huge_products_are_infinite,
               product, product_last, products_add_zero, step, join, flush_rounded, keeps_zero_sign,
               nan, invalid_is_negative, scale, scale_block, overflow, one_bit, exclusive_or] = m;
  using detail::member_of_mma;
  return {{
      member_of_mma("a", a, s.a),
      member_of_mma("b", b, s.b),
      member_of_mma("c", c, s.c),
      member_of_mma("d", d, s.d),
      member_of_mma("accumulator", accumulator, s.accumulator),
      member_of_mma("k", k, s.k),
      member_of_mma("group", group, s.group),
      member_of_mma("sum", sum, s.sum),
      member_of_mma("entry", entry, s.entry),
      member_of_mma("order", order, s.order),
      member_of_mma("chains", chains, s.chains),
      member_of_mma("run", run, s.run),
      member_of_mma("stored", stored, s.stored),
      member_of_mma("read", read, s.read),
      member_of_mma("read_c", read_c, s.read_c),
      member_of_mma("normalises", normalises, s.normalises),
      member_of_mma("normalises_products", normalises_products, s.normalises_products),
      member_of_mma("low_bits", low_bits, s.low_bits),
      member_of_mma("kept_bits", kept_bits, s.kept_bits),
      member_of_mma("floors", floors, s.floors),
      member_of_mma("zeros", zeros, s.zeros),
      member_of_mma("least_exponent", least_exponent, s.least_exponent),
      member_of_mma("scales_align", scales_align, s.scales_align),
      member_of_mma("kept_sum", kept_sum, s.kept_sum),
      member_of_mma("kept_c", kept_c, s.kept_c),
      member_of_mma("reach_c", reach_c, s.reach_c),
      member_of_mma("huge_products_are_infinite", huge_products_are_infinite,
                    s.huge_products_are_infinite),
      member_of_mma("product", product, s.product),
      member_of_mma("product_last", product_last, s.product_last),
      member_of_mma("products_add_zero", products_add_zero, s.products_add_zero),
      member_of_mma("step", step, s.step),
      member_of_mma("join", join, s.join),
      member_of_mma("flush_rounded", flush_rounded, s.flush_rounded),
      member_of_mma("keeps_zero_sign", keeps_zero_sign, s.keeps_zero_sign),
      member_of_mma("nan", nan, s.nan),
      member_of_mma("invalid_is_negative", invalid_is_negative, s.invalid_is_negative),
      member_of_mma("scale", scale, s.scale),
      member_of_mma("scale_block", scale_block, s.scale_block),
      member_of_mma("overflow", overflow, s.overflow),
      member_of_mma("one_bit", one_bit, s.one_bit),
      member_of_mma("exclusive_or", exclusive_or, s.exclusive_or),
  }};
}

}  // namespace lowp

#endif  // LOWP_HARDWARE_MMA_MMA_MEMBERS_HPP
