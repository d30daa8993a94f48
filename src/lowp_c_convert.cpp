// SPDX-License-Identifier: Apache-2.0
/// \file
/// The C ABI: values, conversions, random words, packings.
#include <iterator>

#include <lowp/codec.hpp>
#include <lowp/hardware/all_rules.hpp>
#include <lowp/pack/packings.hpp>

#include "lowp_c.hpp"

namespace lowp::c {

namespace {

lowp_value value_in_c(const exact& x) noexcept {
  return {.cls = static_cast<std::uint8_t>(x.cls),
          .negative = x.negative,
          .sticky = x.sticky,
          .reserved = 0,
          .exponent = x.exponent,
          .significand = x.significand,
          .tail = x.tail};
}

int value_of(const call& c, const lowp_value* in, exact& out) noexcept {
  LOWP_C_CHECK(c.pointer("value", in));
  if (in->cls > LOWP_NOT_A_NUMBER || in->negative > 1 || in->sticky > 1) {
    return refuse(LOWP_OUT_OF_RANGE,
                  "%s: value: cls %d must be 0 to 3, negative %d and sticky %d 0 or 1", c.function,
                  in->cls, in->negative, in->sticky);
  }
  if ((in->tail != 0 || in->sticky != 0) && in->significand >> 63 == 0) {
    return refuse(LOWP_OUT_OF_RANGE,
                  "%s: value.significand has bit 63 clear beside a tail or a sticky rest",
                  c.function);
  }
  out = {.cls = static_cast<number_class>(in->cls),
         .negative = in->negative != 0,
         .sticky = in->sticky != 0,
         .exponent = in->exponent,
         .significand = in->significand,
         .tail = in->tail};
  return LOWP_OK;
}

int packing_of(const call& c, const lowp_format* in, std::size_t packing, std::size_t n,
               array_layout& out) noexcept {
  format f;
  LOWP_C_CHECK(c.format_of("format", in, f));
  LOWP_C_CHECK(c.index("packing", packing, std::size(all_packings)));
  const named_packing& row = all_packings[packing];
  if (row.width != 0 && row.width != f.width) {
    return refuse(LOWP_BAD_COMBINATION, "%s: packing \"%s\" is for codes of %d bits, not of %d",
                  c.function, row.name, row.width, f.width);
  }
  out = {f, row.value};
  if (const packing_error e = check(out); e != packing_error::none) {
    return refuse(LOWP_BAD_COMBINATION, "%s: packing \"%s\" with codes of %d bits: %s", c.function,
                  row.name, f.width, message(e));
  }
  if (n > SIZE_MAX / 64) {
    return refuse(LOWP_BAD_SIZE, "%s: n is %zu, more than memory holds", c.function, n);
  }
  return LOWP_OK;
}

/// The layout, both arrays and their sizes.
int pack_arguments(const call& c, const lowp_format* format, std::size_t packing, std::size_t n,
                   const void* codes, const void* packed, std::size_t packed_bytes,
                   array_layout& layout) noexcept {
  LOWP_C_CHECK(packing_of(c, format, packing, n, layout));
  LOWP_C_CHECK(c.array("codes", codes, n, container_bytes(layout.f)));
  const std::uint64_t need = bytes_of(layout, n);
  if (packed_bytes < need) {
    return refuse(LOWP_BAD_SIZE, "%s: packed_bytes is %zu, %zu codes take %zu", c.function,
                  packed_bytes, n, static_cast<std::size_t>(need));
  }
  LOWP_C_CHECK(c.array("packed", packed, static_cast<std::size_t>(need), 1));
  const extent other{"codes", codes, n * container_bytes(layout.f)};
  return check_apart(c, {"packed", packed, need}, &other, 1);
}

}  // namespace

}  // namespace lowp::c

extern "C" {

int lowp_random_words(const lowp_random* random, size_t n, uint32_t* out) {
  const lowp::c::call c{"lowp_random_words"};
  lowp::random_source source;
  LOWP_C_CHECK(c.random_of(random, source));
  LOWP_C_CHECK(c.array("out", out, n, sizeof *out));
  const std::uint64_t first = random == nullptr ? 0 : random->first;
  for (std::size_t i = 0; i < n; ++i) out[i] = random_word(source, first + i);
  return LOWP_OK;
}

int lowp_rounding_words(const lowp_random* random, const lowp_projection* projection, size_t n,
                        uint32_t* out) {
  const lowp::c::call c{"lowp_rounding_words"};
  lowp::random_source source;
  lowp::projection p;
  LOWP_C_CHECK(c.random_of(random, source));
  LOWP_C_CHECK(c.projection_of(projection, p));
  LOWP_C_CHECK(c.array("out", out, n, sizeof *out));
  for (std::size_t i = 0; i < n; ++i) {
    out[i] = static_cast<std::uint32_t>(lowp::c::word_of(random, source, p, i));
  }
  return LOWP_OK;
}

int lowp_decode(const lowp_format* format, const void* codes, size_t n, lowp_value* out) {
  const lowp::c::call c{"lowp_decode"};
  lowp::format f;
  LOWP_C_CHECK(c.format_of("format", format, f));
  LOWP_C_CHECK(c.array("codes", codes, n, lowp::c::container_bytes(f)));
  LOWP_C_CHECK(c.array("out", out, n, sizeof *out));
  const lowp::c::extent in{"codes", codes, n * lowp::c::container_bytes(f)};
  LOWP_C_CHECK(check_apart(c, {"out", out, n * sizeof *out}, &in, 1));
  const auto* from = lowp::c::bytes_at(codes);
  for (std::size_t i = 0; i < n; ++i) {
    out[i] = lowp::c::value_in_c(lowp::decode(f, lowp::c::load(f, from, i)));
  }
  return LOWP_OK;
}

int lowp_decode_code(const lowp_format* format, uint64_t code, lowp_value* out) {
  const lowp::c::call c{"lowp_decode_code"};
  lowp::format f;
  LOWP_C_CHECK(c.format_of("format", format, f));
  LOWP_C_CHECK(c.pointer("out", out));
  *out = lowp::c::value_in_c(lowp::decode(f, code));
  return LOWP_OK;
}

int lowp_encode_value(const lowp_format* format, const lowp_value* value,
                      const lowp_projection* projection, uint64_t word, uint64_t* code,
                      uint8_t* flags) {
  const lowp::c::call c{"lowp_encode_value"};
  lowp::format f;
  lowp::exact x;
  lowp::projection p;
  LOWP_C_CHECK(c.format_of("format", format, f));
  LOWP_C_CHECK(lowp::c::value_of(c, value, x));
  LOWP_C_CHECK(c.projection_of(projection, p));
  LOWP_C_CHECK(c.pointer("code", code));
  const lowp::encoded e = lowp::encode_with_status(f, x, p, word);
  *code = e.code;
  if (flags != nullptr) *flags = e.flags.bits;
  return LOWP_OK;
}

int lowp_convert_code(const lowp_format* from, uint64_t code, const lowp_format* to,
                      const lowp_projection* projection, uint64_t word, uint64_t* out,
                      uint8_t* flags) {
  const lowp::c::call c{"lowp_convert_code"};
  lowp::format source, target;
  lowp::projection p;
  LOWP_C_CHECK(c.format_of("from", from, source));
  LOWP_C_CHECK(c.format_of("to", to, target));
  LOWP_C_CHECK(c.projection_of(projection, p));
  LOWP_C_CHECK(c.pointer("out", out));
  const lowp::encoded e = lowp::convert_with_status(source, code, target, p, word);
  *out = e.code;
  if (flags != nullptr) *flags = e.flags.bits;
  return LOWP_OK;
}

int lowp_rule_at(size_t index, lowp_rule* out) {
  const lowp::c::call c{"lowp_rule_at"};
  LOWP_C_CHECK(c.pointer("out", out));
  LOWP_C_CHECK(c.index("index", index, lowp::all_conversion_rules.size()));
  const lowp::conversion_rule& rule = lowp::all_conversion_rules[index];
  *out = {.from = lowp::c::to_c(rule.from),
          .to = lowp::c::to_c(rule.to),
          .via = rounds_twice(rule) ? lowp::c::to_c(rule.via) : lowp_format{},
          .first = lowp::c::to_c(rule.first),
          .last = lowp::c::to_c(rule.last)};
  return LOWP_OK;
}

int lowp_find_rule(const char* policy, const lowp_format* from, const lowp_format* to,
                   size_t* index) {
  const lowp::c::call c{"lowp_find_rule"};
  lowp::format source, target;
  LOWP_C_CHECK(c.pointer("policy", policy));
  LOWP_C_CHECK(c.format_of("from", from, source));
  LOWP_C_CHECK(c.format_of("to", to, target));
  LOWP_C_CHECK(c.pointer("index", index));
  const lowp::conversion_rule* rule = lowp::find_rule(policy, source, target);
  if (rule == nullptr) {
    return lowp::c::refuse(LOWP_UNKNOWN_NAME,
                           "%s: policy is \"%.200s\", which has no rule between these formats, of "
                           "%d and %d bits",
                           c.function, policy, source.width, target.width);
  }
  *index = static_cast<std::size_t>(rule - lowp::all_conversion_rules.begin());
  return LOWP_OK;
}

int lowp_apply_rule_code(size_t rule, uint64_t code, uint64_t word, uint64_t* out) {
  const lowp::c::call c{"lowp_apply_rule_code"};
  LOWP_C_CHECK(c.index("rule", rule, lowp::all_conversion_rules.size()));
  LOWP_C_CHECK(c.pointer("out", out));
  *out = apply(lowp::all_conversion_rules[rule], code, word);
  return LOWP_OK;
}

int lowp_packed_bytes(const lowp_format* format, size_t packing, size_t n, size_t* bytes) {
  const lowp::c::call c{"lowp_packed_bytes"};
  lowp::array_layout layout;
  LOWP_C_CHECK(lowp::c::packing_of(c, format, packing, n, layout));
  LOWP_C_CHECK(c.pointer("bytes", bytes));
  *bytes = static_cast<std::size_t>(bytes_of(layout, n));
  return LOWP_OK;
}

int lowp_pack(const lowp_format* format, size_t packing, const void* codes, size_t n, void* packed,
              size_t packed_bytes) {
  const lowp::c::call c{"lowp_pack"};
  lowp::array_layout layout;
  LOWP_C_CHECK(lowp::c::pack_arguments(c, format, packing, n, codes, packed, packed_bytes, layout));
  auto* out = lowp::c::bytes_at(packed);
  const std::uint64_t need = bytes_of(layout, n);
  for (std::uint64_t i = 0; i < need; ++i) out[i] = std::byte{0};
  for (std::size_t i = 0; i < n; ++i) {
    write_code(layout, out, i, lowp::c::load(layout.f, lowp::c::bytes_at(codes), i));
  }
  return LOWP_OK;
}

int lowp_unpack(const lowp_format* format, size_t packing, const void* packed, size_t packed_bytes,
                void* codes, size_t n) {
  const lowp::c::call c{"lowp_unpack"};
  lowp::array_layout layout;
  LOWP_C_CHECK(lowp::c::pack_arguments(c, format, packing, n, codes, packed, packed_bytes, layout));
  for (std::size_t i = 0; i < n; ++i) {
    lowp::c::store(layout.f, lowp::c::bytes_at(codes), i,
                   read_code(layout, lowp::c::bytes_at(packed), i));
  }
  return LOWP_OK;
}

}  // extern "C"
