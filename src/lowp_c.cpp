// SPDX-License-Identifier: Apache-2.0
/// \file
/// The C ABI: refusals, and arguments from C to C++ and back.
#include "lowp_c.hpp"

#include <cinttypes>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <functional>

#include <lowp/config.hpp>
#include <lowp/projection_members.hpp>

namespace lowp::c {

namespace {

thread_local char last_message[512] = "";

/// More elements than any memory holds, so that sizes in bytes do not wrap.
constexpr std::size_t most_bytes = SIZE_MAX / 2;

template <class Integer>
code_t load_as(bytes from) noexcept {
  Integer x;
  std::memcpy(&x, from, sizeof x);
  return x;
}

template <class Integer>
void store_as(std::byte* to, code_t code) noexcept {
  const auto x = static_cast<Integer>(code);
  std::memcpy(to, &x, sizeof x);
}

/// Do two extents have a byte in common?
bool share_bytes(const extent& a, const extent& b) noexcept {
  if (a.bytes == 0 || b.bytes == 0 || a.at == nullptr || b.at == nullptr) return false;
  const std::less<> before;
  return before(bytes_at(a.at), bytes_at(b.at) + b.bytes) &&
         before(bytes_at(b.at), bytes_at(a.at) + a.bytes);
}

int refuse_overlap(const call& c, const extent& a, const extent& b) noexcept {
  return refuse(LOWP_OVERLAP, "%s: %s and %s overlap (%" PRIu64 " and %" PRIu64 " bytes)",
                c.function, a.name, b.name, a.bytes, b.bytes);
}

template <std::size_t N>
bool all_zero(const std::uint8_t (&reserved)[N]) noexcept {
  for (const std::uint8_t byte : reserved) {
    if (byte != 0) return false;
  }
  return true;
}

}  // namespace

int refuse(int status, const char* text, ...) noexcept {
  std::va_list arguments;
  va_start(arguments, text);
  std::vsnprintf(last_message, sizeof last_message, text, arguments);
  va_end(arguments);
  return status;
}

int refuse_null(const char* function, const char* argument) noexcept {
  return refuse(LOWP_NULL_ARGUMENT, "%s: %s is null", function, argument);
}

code_t load(const format& f, bytes array, std::size_t i) noexcept {
  switch (container_bytes(f)) {
    case 1: return load_as<std::uint8_t>(array + i);
    case 2: return load_as<std::uint16_t>(array + 2 * i);
    case 4: return load_as<std::uint32_t>(array + 4 * i);
    default: return load_as<std::uint64_t>(array + 8 * i);
  }
}

void store(const format& f, std::byte* array, std::size_t i, code_t code) noexcept {
  switch (container_bytes(f)) {
    case 1: return store_as<std::uint8_t>(array + i, code);
    case 2: return store_as<std::uint16_t>(array + 2 * i, code);
    case 4: return store_as<std::uint32_t>(array + 4 * i, code);
    default: return store_as<std::uint64_t>(array + 8 * i, code);
  }
}

int call::pointer(const char* name, const void* p) const noexcept {
  return p == nullptr ? refuse_null(function, name) : LOWP_OK;
}

int call::array(const char* name, const void* p, std::size_t n, std::size_t each) const noexcept {
  if (n == 0) return LOWP_OK;
  if (n > most_bytes / each) {
    return refuse(LOWP_BAD_SIZE, "%s: %zu elements of %s, of %zu bytes each, are more than memory",
                  function, n, name, each);
  }
  return pointer(name, p);
}

int call::index(const char* name, std::size_t i, std::size_t count) const noexcept {
  if (i < count) return LOWP_OK;
  return refuse(LOWP_OUT_OF_RANGE, "%s: %s is %zu, the registry has rows 0 to %zu", function, name,
                i, count - 1);
}

int call::format_of(const char* name, const lowp_format* in, format& out) const noexcept {
  LOWP_C_CHECK(pointer(name, in));
  const auto refuse_member = [&](const char* member, int value, int most) {
    return refuse(LOWP_BAD_FORMAT, "%s: %s.%s is %d, not from 0 to %d", function, name, member,
                  value, most);
  };
  if (in->kind > LOWP_KIND_CODEBOOK) return refuse_member("kind", in->kind, LOWP_KIND_CODEBOOK);
  if (in->nans > LOWP_NANS_NEGATIVE_ZERO) {
    return refuse_member("nans", in->nans, LOWP_NANS_NEGATIVE_ZERO);
  }
  if (in->bottom > LOWP_BOTTOM_NO_ZERO) {
    return refuse_member("bottom", in->bottom, LOWP_BOTTOM_NO_ZERO);
  }
  if (in->table > LOWP_TABLE_BNB_FP4) return refuse_member("table", in->table, LOWP_TABLE_BNB_FP4);
  if (in->is_signed > 1) return refuse_member("is_signed", in->is_signed, 1);
  if (in->has_infinity > 1) return refuse_member("has_infinity", in->has_infinity, 1);
  if (!all_zero(in->reserved)) return refuse_member("reserved", 1, 0);
  out = {.kind = static_cast<number_kind>(in->kind),
         .width = in->width,
         .precision = in->precision,
         .exponent_bits = in->exponent_bits,
         .is_signed = in->is_signed != 0,
         .has_infinity = in->has_infinity != 0,
         .nans = static_cast<nan_codes>(in->nans),
         .bottom = static_cast<bottom_binade>(in->bottom),
         .table = static_cast<codebook_id>(in->table),
         .bias = in->bias};
  if (const format_error e = check(out); e != format_error::none) {
    return refuse(LOWP_BAD_FORMAT, "%s: %s: %s (kind %d, width %d, precision %d, bias %d)",
                  function, name, message(e), in->kind, in->width, in->precision, in->bias);
  }
  return LOWP_OK;
}

int call::projection_of(const lowp_projection* in, projection& out) const noexcept {
  out = {};
  if (in == nullptr) return LOWP_OK;
  if (in->flush_subnormal_result > 1 || in->overflow_before_rounding > 1 || in->odd_overflows > 1 ||
      in->random_bits > 32 || !all_zero(in->reserved)) {
    return refuse(LOWP_BAD_PROJECTION,
                  "%s: projection: flush_subnormal_result %d, overflow_before_rounding %d and "
                  "odd_overflows %d must be 0 or 1, random_bits %d at most 32, reserved zero",
                  function, in->flush_subnormal_result, in->overflow_before_rounding,
                  in->odd_overflows, in->random_bits);
  }
  out = {.round = static_cast<rounding>(in->round),
         .overflow = static_cast<overflow_rule>(in->overflow),
         .no_infinity = static_cast<no_infinity_rule>(in->no_infinity),
         .no_infinity_sign = static_cast<sign_rule>(in->no_infinity_sign),
         .nan = static_cast<nan_rule>(in->nan),
         .nan_sign = static_cast<sign_rule>(in->nan_sign),
         .negative = static_cast<negative_rule>(in->negative),
         .no_zero = static_cast<no_zero_rule>(in->no_zero),
         .zero_sign = static_cast<sign_rule>(in->zero_sign),
         .subnormal_input = static_cast<subnormal_input_rule>(in->subnormal_input),
         .flush_subnormal_result = in->flush_subnormal_result != 0,
         .tininess = static_cast<tininess_rule>(in->tininess),
         .overflow_before_rounding = in->overflow_before_rounding != 0,
         .odd_overflows = in->odd_overflows != 0,
         .random_bits = in->random_bits,
         .random_from = static_cast<random_field>(in->random_from),
         .rules = static_cast<operation_rules>(in->rules)};
  for (const projection_member& m : members(out)) {
    if (m.kind == member_kind::enumerator && std::strcmp(m.value, "unknown") == 0) {
      return refuse(LOWP_BAD_PROJECTION, "%s: projection.%s is %d, which is no enumerator of it",
                    function, m.name, m.number);
    }
  }
  return LOWP_OK;
}

int call::random_of(const lowp_random* in, random_source& out) const noexcept {
  out = {};
  if (in == nullptr) return LOWP_OK;
  if (in->generator > LOWP_KEYED_MIX || !all_zero(in->reserved)) {
    return refuse(LOWP_OUT_OF_RANGE, "%s: random: generator %d must be 0 or 1, reserved zero",
                  function, in->generator);
  }
  out = {in->seed, in->stream, static_cast<random_generator>(in->generator)};
  return LOWP_OK;
}

int check_apart(const call& c, const extent& written, const extent* others,
                std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; ++i) {
    if (share_bytes(written, others[i])) return refuse_overlap(c, written, others[i]);
  }
  return LOWP_OK;
}

int check_result(const call& c, const extent& out, std::size_t out_each, const extent* operands,
                 const std::size_t* operand_each, std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; ++i) {
    const bool in_place = operands[i].at == out.at && out_each <= operand_each[i];
    if (!in_place && share_bytes(out, operands[i])) return refuse_overlap(c, out, operands[i]);
  }
  return LOWP_OK;
}

lowp_format to_c(const format& f) noexcept {
  return {.kind = static_cast<std::uint8_t>(f.kind),
          .width = f.width,
          .precision = f.precision,
          .exponent_bits = f.exponent_bits,
          .is_signed = f.is_signed,
          .has_infinity = f.has_infinity,
          .nans = static_cast<std::uint8_t>(f.nans),
          .bottom = static_cast<std::uint8_t>(f.bottom),
          .table = static_cast<std::uint8_t>(f.table),
          .reserved = {},
          .bias = f.bias};
}

lowp_projection to_c(const projection& p) noexcept {
  lowp_projection out{};
  auto* byte = &out.round;
  for (const projection_member& m : members(p)) *byte++ = static_cast<std::uint8_t>(m.number);
  return out;
}

}  // namespace lowp::c

extern "C" {

const char* lowp_error_text(int status) {
  switch (status) {
    case LOWP_OK: return "no error";
    case LOWP_NULL_ARGUMENT: return "a pointer is null that must not be";
    case LOWP_UNKNOWN_NAME: return "the registry has no such name";
    case LOWP_OUT_OF_RANGE: return "an index, an enumerator or a number is out of range";
    case LOWP_BAD_FORMAT: return "the format is not usable";
    case LOWP_BAD_PROJECTION: return "a member of the projection has a value that does not exist";
    case LOWP_BAD_SIZE: return "an array or a buffer has the wrong size";
    case LOWP_OVERLAP: return "arrays overlap that must not";
    case LOWP_MISALIGNED: return "an array of binary32 numbers is misaligned";
    case LOWP_BAD_COMBINATION: return "the arguments do not go together";
    case LOWP_NO_MEMORY: return "out of memory";
    default: return "not a status of lowp";
  }
}

const char* lowp_last_message(void) { return lowp::c::last_message; }

#define LOWP_C_TEXT(x) #x
#define LOWP_C_VERSION(a, b, c) LOWP_C_TEXT(a) "." LOWP_C_TEXT(b) "." LOWP_C_TEXT(c)
const char* lowp_version(void) {
  return LOWP_C_VERSION(LOWP_VERSION_MAJOR, LOWP_VERSION_MINOR, LOWP_VERSION_PATCH);
}

int lowp_abi(void) { return LOWP_ABI; }

int lowp_projection_member(size_t member, const char** name) {
  const lowp::c::call c{"lowp_projection_member"};
  LOWP_C_CHECK(c.pointer("name", name));
  LOWP_C_CHECK(c.index("member", member, lowp::projection_member_count));
  *name = lowp::members({}).rows[member].name;
  return LOWP_OK;
}

int lowp_projection_value(size_t member, int value, const char** name) {
  const lowp::c::call c{"lowp_projection_value"};
  LOWP_C_CHECK(c.pointer("name", name));
  LOWP_C_CHECK(c.index("member", member, lowp::projection_member_count));
  lowp_projection p{};
  (&p.round)[member] = static_cast<std::uint8_t>(value);
  lowp::projection read;
  if (value < 0 || value > 255 || c.projection_of(&p, read) != LOWP_OK) {
    return lowp::c::refuse(LOWP_OUT_OF_RANGE, "%s: %s has no value %d", c.function,
                           lowp::members({}).rows[member].name, value);
  }
  const lowp::projection_member m = lowp::members(read).rows[member];
  *name = m.kind == lowp::member_kind::enumerator ? m.value : nullptr;
  return LOWP_OK;
}

}  // extern "C"

static_assert(sizeof(lowp_format) == 16 && sizeof(lowp_projection) == 32 &&
              sizeof(lowp_random) == 32 + sizeof(void*) && sizeof(lowp_value) == 24);
// The members of a projection are one byte each, in the order of lowp::members.
static_assert(offsetof(lowp_projection, reserved) == lowp::projection_member_count &&
              offsetof(lowp_projection, rules) == lowp::projection_member_count - 1);
