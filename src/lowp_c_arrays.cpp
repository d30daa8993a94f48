// SPDX-License-Identifier: Apache-2.0
/// \file
/// The C ABI: conversions and operations on arrays, element by element.
#include <lowp/hardware/all_rules.hpp>
#include <lowp/operations.hpp>

#include "lowp_c.hpp"
#include "lowp_c_simd.hpp"

namespace lowp::c {

namespace {

constexpr int most_operands = 3;

/// An element-wise call: its arrays, checked.
struct elements {
  const call& c;
  std::size_t n;
  int count = 0;
  format from[most_operands] = {};
  bytes in[most_operands] = {};
  format to = {};
  std::byte* out = nullptr;
  projection p = {};
  const lowp_random* random = nullptr;
  random_source source = {};
  std::uint8_t* flags = nullptr;

  int check(const char* const* names, const void* result) noexcept {
    extent operands[most_operands + 1];
    std::size_t each[most_operands + 1];
    std::size_t known = 0;
    for (int i = 0; i < count; ++i) {
      each[known] = container_bytes(from[i]);
      LOWP_C_CHECK(c.array(names[i], in[i], n, each[known]));
      operands[known] = {names[i], in[i], n * each[known]};
      ++known;
    }
    const std::size_t out_each = container_bytes(to);
    LOWP_C_CHECK(c.array("out", result, n, out_each));
    const extent written{"out", result, n * out_each};
    LOWP_C_CHECK(c.random_of(random, source));
    if (random != nullptr && random->words != nullptr) {
      each[known] = 0;  // never in place
      operands[known++] = {"random.words", random->words, n * sizeof *random->words};
    }
    LOWP_C_CHECK(check_result(c, written, out_each, operands, each, known));
    const extent flag_bytes{"flags", flags, flags == nullptr ? 0 : n};
    LOWP_C_CHECK(check_apart(c, flag_bytes, operands, known));
    return check_apart(c, flag_bytes, &written, 1);
  }

  /// Calls result(i) for every element; it returns the code and, where `flags` are wanted, these.
  template <class Result>
  void run(Result result) const noexcept {
    for (std::size_t i = 0; i < n; ++i) {
      const encoded e = result(i);
      store(to, out, i, e.code);
      if (flags != nullptr) flags[i] = e.flags.bits;
    }
  }
  /// Neither flags nor words of the caller's, and no index past 2^64.
  bool is_plain() const noexcept {
    const bool given = random != nullptr && random->words != nullptr;
    return n != 0 && flags == nullptr && !given && first() <= UINT64_MAX - n;
  }
  int convert_at_speed() const noexcept {
    const array_layout containers{from[0], packing{}};
    return simd::convert(c, {containers, {to, packing{}}, p, source}, in[0], out, n, first());
  }
  std::uint64_t first() const noexcept { return random == nullptr ? 0 : random->first; }
  std::uint64_t word(std::size_t i) const noexcept { return word_of(random, source, p, i); }
};

int check_operation(const call& c, int op) noexcept {
  if (op >= 0 && op < detail::operation_count) return LOWP_OK;
  return refuse(LOWP_OUT_OF_RANGE, "%s: operation is %d, not from 0 to %d", c.function, op,
                detail::operation_count - 1);
}

constexpr const char* operand_names[] = {"operands[0]", "operands[1]", "operands[2]"};
constexpr const char* format_names[] = {"formats[0]", "formats[1]", "formats[2]"};

}  // namespace

}  // namespace lowp::c

extern "C" {

int lowp_convert(const lowp_format* from, const void* in, const lowp_format* to, void* out,
                 size_t n, const lowp_projection* projection, const lowp_random* random,
                 uint8_t* flags) {
  const lowp::c::call c{"lowp_convert"};
  lowp::c::elements e{.c = c, .n = n, .count = 1};
  LOWP_C_CHECK(c.format_of("from", from, e.from[0]));
  LOWP_C_CHECK(c.format_of("to", to, e.to));
  LOWP_C_CHECK(c.projection_of(projection, e.p));
  e.in[0] = lowp::c::bytes_at(in);
  e.out = lowp::c::bytes_at(out);
  e.random = random;
  e.flags = flags;
  const char* const name = "in";
  LOWP_C_CHECK(e.check(&name, out));
  if constexpr (lowp::c::has_simd) {
    if (e.is_plain()) return e.convert_at_speed();
  }
  if (flags != nullptr) {
    e.run([&](std::size_t i) {
      return convert_with_status(e.from[0], lowp::c::load(e.from[0], e.in[0], i), e.to, e.p,
                                 e.word(i));
    });
  } else {
    e.run([&](std::size_t i) {
      const lowp::code_t code = lowp::c::load(e.from[0], e.in[0], i);
      return lowp::encoded{convert(e.from[0], code, e.to, e.p, e.word(i)), {}};
    });
  }
  return LOWP_OK;
}

int lowp_apply_rule(size_t rule, const void* in, void* out, size_t n, const lowp_random* random) {
  const lowp::c::call c{"lowp_apply_rule"};
  LOWP_C_CHECK(c.index("rule", rule, lowp::all_conversion_rules.size()));
  const lowp::conversion_rule& row = lowp::all_conversion_rules[rule];
  lowp::c::elements e{.c = c, .n = n, .count = 1};
  e.from[0] = row.from;
  e.to = row.to;
  e.p = rounds_twice(row) && is_stochastic(row.first.round) ? row.first : row.last;
  e.in[0] = lowp::c::bytes_at(in);
  e.out = lowp::c::bytes_at(out);
  e.random = random;
  const char* const name = "in";
  LOWP_C_CHECK(e.check(&name, out));
  if constexpr (lowp::c::has_simd) {
    if (e.is_plain() && !rounds_twice(row)) return e.convert_at_speed();
  }
  e.run([&](std::size_t i) {
    return lowp::encoded{apply(row, lowp::c::load(row.from, e.in[0], i), e.word(i)), {}};
  });
  return LOWP_OK;
}

int lowp_operand_count(int operation, int* count) {
  const lowp::c::call c{"lowp_operand_count"};
  LOWP_C_CHECK(lowp::c::check_operation(c, operation));
  LOWP_C_CHECK(c.pointer("count", count));
  *count = lowp::operand_count(static_cast<lowp::operation>(operation));
  return LOWP_OK;
}

int lowp_compute(int operation, const lowp_format* formats, const void* const* operands,
                 const lowp_format* to, void* out, size_t n, const lowp_projection* projection,
                 const lowp_random* random, uint8_t* flags) {
  const lowp::c::call c{"lowp_compute"};
  LOWP_C_CHECK(lowp::c::check_operation(c, operation));
  const auto op = static_cast<lowp::operation>(operation);
  lowp::c::elements e{.c = c, .n = n, .count = lowp::operand_count(op)};
  LOWP_C_CHECK(c.pointer("formats", formats));
  LOWP_C_CHECK(c.pointer("operands", operands));
  for (int i = 0; i < e.count; ++i) {
    LOWP_C_CHECK(c.format_of(lowp::c::format_names[i], &formats[i], e.from[i]));
    e.in[i] = lowp::c::bytes_at(operands[i]);
  }
  LOWP_C_CHECK(c.format_of("to", to, e.to));
  LOWP_C_CHECK(c.projection_of(projection, e.p));
  e.out = lowp::c::bytes_at(out);
  e.random = random;
  e.flags = flags;
  LOWP_C_CHECK(e.check(lowp::c::operand_names, out));
  e.run([&](std::size_t i) {
    lowp::coded x[lowp::c::most_operands];
    for (int j = 0; j < e.count; ++j) x[j] = {e.from[j], lowp::c::load(e.from[j], e.in[j], i)};
    return compute_with_status(op, e.to, e.p, e.word(i), x);
  });
  return LOWP_OK;
}

int lowp_compute_codes(int operation, const lowp_format* formats, const uint64_t* codes,
                       const lowp_format* to, const lowp_projection* projection, uint64_t word,
                       uint64_t* out, uint8_t* flags) {
  const lowp::c::call c{"lowp_compute_codes"};
  LOWP_C_CHECK(lowp::c::check_operation(c, operation));
  const auto op = static_cast<lowp::operation>(operation);
  LOWP_C_CHECK(c.pointer("formats", formats));
  LOWP_C_CHECK(c.pointer("codes", codes));
  lowp::coded x[lowp::c::most_operands];
  for (int i = 0; i < lowp::operand_count(op); ++i) {
    LOWP_C_CHECK(c.format_of(lowp::c::format_names[i], &formats[i], x[i].f));
    x[i].code = codes[i];
  }
  lowp::format target;
  lowp::projection p;
  LOWP_C_CHECK(c.format_of("to", to, target));
  LOWP_C_CHECK(c.projection_of(projection, p));
  LOWP_C_CHECK(c.pointer("out", out));
  const lowp::encoded e = compute_with_status(op, target, p, word, x);
  *out = e.code;
  if (flags != nullptr) *flags = e.flags.bits;
  return LOWP_OK;
}

}  // extern "C"
