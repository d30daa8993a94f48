// SPDX-License-Identifier: Apache-2.0
/// \file
/// DPI-C: handles; conversions and operations on one number. spec/golden.md GLD-20, GLD-21.
#include "lowp_dpi.hpp"

#include <cstring>

#include <lowp/codec.hpp>
#include <lowp/hardware/all_rules.hpp>
#include <lowp/projection_members.hpp>

namespace lowp::c {

namespace {

/// The bits of a handle, taken or given from the lowest on.
struct handle_bits {
  std::uint64_t bits;
  int at = 0;

  template <class Member>
  void put(Member value, int width) noexcept {
    bits |= static_cast<std::uint64_t>(value) << at;
    at += width;
  }
  template <class Member>
  void get(Member& value, int width) noexcept {
    value = static_cast<Member>(bits >> at & ((std::uint64_t{1} << width) - 1));
    at += width;
  }
};

/// Members of a format, with the bits that hold every value that is allowed and the next one.
template <class Format, class Use>
void each_member(Format& f, Use use) noexcept {
  use(f.width, 7), use(f.precision, 7), use(f.exponent_bits, 6), use(f.kind, 3);
  use(f.is_signed, 1), use(f.has_infinity, 1), use(f.nans, 2), use(f.bottom, 2), use(f.table, 2);
}
constexpr int bias_at = 32;

/// Bits of the members of a projection, in their order.
constexpr std::uint8_t member_bits[projection_member_count] = {4, 2, 2, 2, 3, 2, 3, 1, 2,
                                                               2, 1, 1, 1, 1, 6, 1, 2};

const std::uint8_t* bytes_of(const lowp_projection& p) noexcept { return &p.round; }
std::uint8_t* bytes_of(lowp_projection& p) noexcept { return &p.round; }

/// A run of characters.
struct word {
  const char* at;
  std::size_t size;

  bool is(const char* text) const noexcept {
    return std::strlen(text) == size && std::memcmp(at, text, size) == 0;
  }
};

/// The first word of a text, behind its blanks; the text goes on behind it.
word take_word(const char*& text) noexcept {
  while (*text == ' ') ++text;
  const char* const from = text;
  while (*text != 0 && *text != ' ') ++text;
  return {from, static_cast<std::size_t>(text - from)};
}

/// A number of at most two digits; -1 for anything else.
int number_in(const word& w) noexcept {
  int n = 0;
  for (std::size_t i = 0; i < w.size; ++i) {
    if (w.at[i] < '0' || w.at[i] > '9' || w.size > 2) return -1;
    n = 10 * n + w.at[i] - '0';
  }
  return w.size == 0 ? -1 : n;
}

/// The value of a member in words; -1 if it has no such one.
int value_in(int member, const word& w) noexcept {
  switch (members({}).rows[member].kind) {
    case member_kind::boolean: return w.is("true") ? 1 : w.is("false") ? 0 : -1;
    case member_kind::number: return number_in(w);
    case member_kind::enumerator: break;
  }
  const char* name = nullptr;
  for (int value = 0;
       lowp_projection_value(static_cast<std::size_t>(member), value, &name) == LOWP_OK; ++value) {
    if (w.is(name)) return value;
  }
  return -1;
}

/// Sets the member that "MEMBER=VALUE" names.
int set_member(const call& c, const word& w, lowp_projection& p) noexcept {
  const auto* sign = static_cast<const char*>(std::memchr(w.at, '=', w.size));
  const word name{w.at, sign == nullptr ? w.size : static_cast<std::size_t>(sign - w.at)};
  const word value = sign == nullptr ? word{"", 0} : word{sign + 1, w.size - name.size - 1};
  const projection_members all = members({});
  for (int i = 0; i < projection_member_count; ++i) {
    if (!name.is(all.rows[i].name)) continue;
    const int number = value_in(i, value);
    if (number < 0) break;
    bytes_of(p)[i] = static_cast<std::uint8_t>(number);
    return LOWP_OK;
  }
  return refuse(LOWP_UNKNOWN_NAME, "%s: \"%.*s\" is no MEMBER=VALUE of a projection, nor a policy",
                c.function, static_cast<int>(w.size < 200 ? w.size : 200), w.at);
}

/// The longest name of a policy that a text begins with; null if there is none.
const named_projection* policy_before(const char* text) noexcept {
  const named_projection* best = nullptr;
  std::size_t most = 0;
  for (const named_projection& row : all_policies) {
    const std::size_t n = std::strlen(row.name);
    if (n > most && std::strncmp(text, row.name, n) == 0 && (text[n] == 0 || text[n] == ' ')) {
      best = &row;
      most = n;
    }
  }
  return best;
}

/// A policy, whose name may have blanks and more, then members.
int parse_projection(const call& c, const char* text, lowp_projection& p) noexcept {
  LOWP_C_CHECK(c.pointer("words", text));
  p = {};
  while (*text == ' ') ++text;
  if (const named_projection* policy = policy_before(text); policy != nullptr) {
    p = to_c(policy->value);
    text += std::strlen(policy->name);
  }
  for (word w = take_word(text); w.size != 0; w = take_word(text)) {
    LOWP_C_CHECK(set_member(c, w, p));
  }
  projection checked;
  return c.projection_of(&p, checked);
}

/// The projection of a handle with the rounding of a RISC-V code.
int rounding_of(const call& c, std::uint64_t handle, int rm, lowp_projection& out) noexcept {
  out = projection_of(handle);
  constexpr std::uint8_t none = 255;
  constexpr std::uint8_t rounds[] = {LOWP_ROUND_TO_NEAREST_EVEN, LOWP_ROUND_TOWARD_ZERO,
                                     LOWP_ROUND_TOWARD_NEGATIVE, LOWP_ROUND_TOWARD_POSITIVE,
                                     LOWP_ROUND_TO_NEAREST_AWAY, none,
                                     LOWP_ROUND_TO_ODD};
  if (rm == LOWP_DYN) return LOWP_OK;
  if (rm < 0 || rm > LOWP_DYN || rounds[rm] == none) {
    return refuse(LOWP_OUT_OF_RANGE, "%s: rm is %d, not one of 0 to 4, 6 and 7", c.function, rm);
  }
  out.round = rounds[rm];
  return LOWP_OK;
}

struct result {
  std::uint64_t code = refused;
  std::uint8_t flags = 0;
  bool good = false;

  int flags_or_refused() const noexcept { return good ? flags : -1; }
};

result converted(const call& c, std::uint64_t from, std::uint64_t code, std::uint64_t to,
                 std::uint64_t projection, int rm, std::uint32_t random) noexcept {
  result r;
  const lowp_format source = format_of(from), target = format_of(to);
  lowp_projection p;
  r.good = rounding_of(c, projection, rm, p) == LOWP_OK &&
           lowp_convert_code(&source, code, &target, &p, random, &r.code, &r.flags) == LOWP_OK;
  return r;
}

struct operands {
  std::uint64_t format[3], code[3];
};

result computed(const call& c, int operation, const operands& x, std::uint64_t to,
                std::uint64_t projection, int rm, std::uint32_t random) noexcept {
  result r;
  lowp_format formats[3];
  for (int i = 0; i < 3; ++i) formats[i] = format_of(x.format[i]);
  const lowp_format target = format_of(to);
  lowp_projection p;
  r.good = rounding_of(c, projection, rm, p) == LOWP_OK &&
           lowp_compute_codes(operation, formats, x.code, &target, &p, random, &r.code, &r.flags) ==
               LOWP_OK;
  return r;
}

}  // namespace

std::uint64_t handle_of(const lowp_format& f) noexcept {
  handle_bits h{std::uint64_t{static_cast<std::uint32_t>(f.bias)} << bias_at};
  each_member(f, [&](std::uint8_t value, int width) { h.put(value, width); });
  return h.bits;
}

lowp_format format_of(std::uint64_t handle) noexcept {
  lowp_format f = {};
  if (handle == refused) return f;
  handle_bits h{handle};
  each_member(f, [&](std::uint8_t& value, int width) { h.get(value, width); });
  f.bias = static_cast<std::int32_t>(handle >> bias_at);
  return f;
}

std::uint64_t handle_of(const lowp_projection& p) noexcept {
  handle_bits h{0};
  for (int i = 0; i < projection_member_count; ++i) h.put(bytes_of(p)[i], member_bits[i]);
  return h.bits;
}

lowp_projection projection_of(std::uint64_t handle) noexcept {
  lowp_projection p = {};
  handle_bits h{handle};
  for (int i = 0; i < projection_member_count; ++i) h.get(bytes_of(p)[i], member_bits[i]);
  h.get(p.reserved[0], 8);  // not 0: refused
  return p;
}

}  // namespace lowp::c

extern "C" {

uint64_t lowp_dpi_format(const char* name) {
  lowp_format f;
  return lowp_format_named(name, &f) == LOWP_OK ? lowp::c::handle_of(f) : lowp::c::refused;
}

uint64_t lowp_dpi_projection(const char* words) {
  lowp_projection p;
  const lowp::c::call c{"lowp_dpi_projection"};
  return lowp::c::parse_projection(c, words, p) == LOWP_OK ? lowp::c::handle_of(p)
                                                           : lowp::c::refused;
}

int lowp_dpi_find(int registry, const char* name) {
  std::size_t index = 0;
  return lowp_find(registry, name, &index) == LOWP_OK ? static_cast<int>(index) : -1;
}

int lowp_dpi_width(uint64_t format) {
  const lowp::c::call c{"lowp_dpi_width"};
  const lowp_format in = lowp::c::format_of(format);
  lowp::format f;
  return c.format_of("format", &in, f) == LOWP_OK ? f.width : -1;
}

uint64_t lowp_dpi_convert(uint64_t from, uint64_t code, uint64_t to, uint64_t projection, int rm,
                          uint32_t random) {
  return lowp::c::converted({"lowp_dpi_convert"}, from, code, to, projection, rm, random).code;
}

int lowp_dpi_convert_flags(uint64_t from, uint64_t code, uint64_t to, uint64_t projection, int rm,
                           uint32_t random) {
  return lowp::c::converted({"lowp_dpi_convert_flags"}, from, code, to, projection, rm, random)
      .flags_or_refused();
}

uint64_t lowp_dpi_apply_rule(int rule, uint64_t code, uint32_t random) {
  std::uint64_t out = lowp::c::refused;
  lowp_apply_rule_code(lowp::c::row_of(rule), code, random, &out);
  return out;
}

uint64_t lowp_dpi_compute(int operation, uint64_t format_a, uint64_t a, uint64_t format_b,
                          uint64_t b, uint64_t format_c, uint64_t c, uint64_t to,
                          uint64_t projection, int rm, uint32_t random) {
  const lowp::c::operands x{{format_a, format_b, format_c}, {a, b, c}};
  return lowp::c::computed({"lowp_dpi_compute"}, operation, x, to, projection, rm, random).code;
}

int lowp_dpi_compute_flags(int operation, uint64_t format_a, uint64_t a, uint64_t format_b,
                           uint64_t b, uint64_t format_c, uint64_t c, uint64_t to,
                           uint64_t projection, int rm, uint32_t random) {
  const lowp::c::operands x{{format_a, format_b, format_c}, {a, b, c}};
  return lowp::c::computed({"lowp_dpi_compute_flags"}, operation, x, to, projection, rm, random)
      .flags_or_refused();
}

int lowp_dpi_same(uint64_t format, uint64_t a, uint64_t b, int nans) {
  const lowp::c::call c{"lowp_dpi_same"};
  const lowp_format in = lowp::c::format_of(format);
  lowp::format f;
  if (c.format_of("format", &in, f) != LOWP_OK) return -1;
  if (nans < LOWP_SAME_CODE || nans > LOWP_SAME_ANY_NAN) {
    lowp::c::refuse(LOWP_OUT_OF_RANGE, "%s: nans is %d, not from 0 to 2", c.function, nans);
    return -1;
  }
  const std::uint64_t mask = ~std::uint64_t{0} >> (64 - f.width);
  if (((a ^ b) & mask) == 0) return 1;
  const lowp::exact x = lowp::decode(f, a & mask), y = lowp::decode(f, b & mask);
  if (x.cls != lowp::number_class::nan || y.cls != lowp::number_class::nan) return 0;
  return nans == LOWP_SAME_ANY_NAN ||
         (nans == LOWP_SAME_NAN_CLASS && is_signalling(x) == is_signalling(y));
}

}  // extern "C"
