// SPDX-License-Identifier: Apache-2.0
/// \file
/// Every conversion instruction on whole registers, against models that read its mnemonic
/// (instruction_model.hpp) and round exact rationals: random states of the control registers,
/// inputs next to boundaries and random ones, all codes of sources of up to 16 bits.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/hardware/all_instructions.hpp>
#include <lowp/hardware/instruction_names.hpp>

#include "instruction_model_amd.hpp"
#include "oracle/directed.hpp"
#include "oracle/report.hpp"

namespace {

using lowp::conversion_instruction;
using lowp::instruction_state;

constexpr std::uint64_t seed = 0x17c0de;
using generator = std::mt19937_64;

using bit_string = std::vector<bool>;  // of a register, the lowest first

std::uint64_t bits_at(const bit_string& r, int at, int count) {
  std::uint64_t code = 0;
  for (int i = count; i-- > 0;) code = 2 * code + (r.at(static_cast<std::size_t>(at + i)) ? 1 : 0);
  return code;
}

void set_bits(bit_string& r, int at, int count, std::uint64_t code) {
  for (int i = 0; i < count; ++i) r.at(static_cast<std::size_t>(at + i)) = (code >> i & 1) != 0;
}

std::vector<std::byte> bytes_of(const bit_string& r) {
  std::vector<std::byte> bytes(r.size() / 8);
  for (std::size_t i = 0; i < r.size(); ++i) {
    if (r[i]) bytes[i / 8] |= std::byte{1} << (i % 8);
  }
  return bytes;
}

bit_string random_register(int bits, generator& random) {
  bit_string r(static_cast<std::size_t>(bits));
  for (std::size_t i = 0; i < r.size(); ++i) r[i] = (random() & 1) != 0;
  return r;
}

/// A format of the oracle, prepared once.
const oracle::destination& prepared(const std::string& name) {
  static std::map<std::string, std::unique_ptr<oracle::destination>> all;
  std::unique_ptr<oracle::destination>& d = all[name];
  if (!d) {
    const oracle::description* found = oracle::find(name);
    REQUIRE_MESSAGE(found != nullptr, name);
    d = std::make_unique<oracle::destination>(*found);
  }
  return *d;
}

/// Codes of a source next to the boundaries of a target, and random ones.
const std::vector<std::uint64_t>& inputs(const std::string& from, const std::string& to) {
  static std::map<std::string, std::vector<std::uint64_t>> all;
  std::vector<std::uint64_t>& codes = all[from + " " + to];
  if (codes.empty()) codes = oracle::directed_codes(prepared(from), prepared(to), 60, 400);
  return codes;
}

/// What the model makes of one number.
std::uint64_t expected(const model::instruction& m, std::uint64_t code,
                       std::optional<long> exponent, std::uint64_t random) {
  const oracle::description& from = prepared(m.from).format;
  oracle::value x = oracle::input(from, oracle::value_of(from, code), m.p.subnormal_input);
  if (!exponent) x = {.cls = oracle::sort::nan, .payload = std::uint64_t{1} << 63};
  if (x.cls == oracle::sort::finite) x.magnitude = x.magnitude.scaled(*exponent);
  if (m.relu && x.negative && x.cls != oracle::sort::nan) x = {};
  return oracle::project(prepared(m.to), x, m.p, random).code;
}

struct registers {
  std::vector<bit_string> sources;
  bit_string result;
};

/// Registers with random bits wherever no element stands.
registers fresh(const model::instruction& m, generator& random) {
  registers r;
  const int count = m.sources + (m.bias_register ? 1 : 0);
  for (int s = 0; s < count; ++s) r.sources.push_back(random_register(m.source_bits, random));
  r.result = random_register(m.result_bits, random);
  return r;
}

bit_string run(const conversion_instruction& row, const registers& r,
               const instruction_state& state) {
  std::vector<std::vector<std::byte>> bytes;
  std::vector<const std::byte*> pointers;
  for (const bit_string& s : r.sources) bytes.push_back(bytes_of(s));
  for (const auto& b : bytes) pointers.push_back(b.data());
  std::vector<std::byte> result = bytes_of(r.result);
  lowp::run_instruction(row, pointers.data(), result.data(), state);
  bit_string bits(r.result.size());
  for (std::size_t i = 0; i < bits.size(); ++i) {
    bits[i] = (result[i / 8] >> (i % 8) & std::byte{1}) != std::byte{0};
  }
  return bits;
}

/// The whole result register as the model has it. The bias byte of AVX10.2 is the low one of each
/// 16-bit element of the first register.
template <class Code>
bit_string modelled(const model::instruction& m, const registers& r, Code code_of) {
  bit_string want = m.keeps ? r.result : bit_string(r.result.size());
  const std::size_t first = m.bias_register ? 1 : 0;
  const int width = prepared(m.from).format.width;
  for (int s = 0; s < m.sources; ++s) {
    for (int i = 0; i < m.elements; ++i) {
      const bit_string& source = r.sources[first + static_cast<std::size_t>(s)];
      const std::uint64_t code = bits_at(source, m.in(s, i), width);
      const std::uint64_t random =
          m.bias_register ? bits_at(r.sources[0], m.in(s, i), 8) : m.random(s, i);
      const int at = m.out(s, i);
      set_bits(want, at, m.cleared, 0);
      set_bits(want, at + m.lift, prepared(m.to).format.width, code_of(s, i, code, random));
    }
  }
  return want;
}

void check_sizes(const conversion_instruction& row, const model::instruction& m,
                 const instruction_state& state) {
  CHECK(lowp::source_bytes(row, state) * 8 == static_cast<std::size_t>(m.source_bits));
  CHECK(lowp::result_bytes(row, state) * 8 == static_cast<std::size_t>(m.result_bits));
  CHECK(lowp::elements_of(row, state) == m.sources * m.elements);
  CHECK(lowp::source_registers(row) == m.sources + (m.bias_register ? 1 : 0));
}

instruction_state random_state(const conversion_instruction& row, generator& random, bool extreme) {
  instruction_state s;
  const auto below = [&](std::uint64_t n) { return static_cast<std::uint32_t>(random() % n); };
  s.random = below(std::uint64_t{1} << 32);
  s.select = static_cast<std::uint8_t>(below(8));
  s.immediate = static_cast<std::uint8_t>(below(8));
  s.frm = static_cast<std::uint8_t>(below(6));
  s.altfmt = below(2) != 0;
  s.fp16_ovfl = below(2) != 0;
  s.mxcsr = 0x1f80 | below(4) << 13 | below(2) << 6;
  s.fpcr = std::uint64_t{below(2)} << 1 | std::uint64_t{below(16)} << 22;
  const auto exponent = [&] { return extreme ? below(256) : 120 + below(16); };
  s.fpmr = below(2) | below(2) << 3 | below(2) << 6 | below(2) << 15 | below(128) << 16;
  s.fpmr |= std::uint64_t{extreme ? below(256) : (below(8) - 4U) & 255} << 24;
  s.fpmr |= std::uint64_t{below(64)} << 32;
  switch (row.scale) {
    case lowp::scale_kind::binary32_exponent:
      s.scale = below(2) << 31 | exponent() << 23 | below(1 << 23);
      break;
    case lowp::scale_kind::int8: s.scale = extreme ? below(256) : below(12) - 6U; break;
    default: s.scale = exponent() | exponent() << 8; break;
  }
  if (row.lengths == lowp::vector_length::up_to_4)
    s.length = static_cast<std::uint8_t>(1 << below(3));
  if (row.lengths == lowp::vector_length::scalable)
    s.length = static_cast<std::uint8_t>(1 + below(4));
  return s;
}

/// A binary32 or bfloat16 times 2^exponent, where that is normal.
std::uint64_t moved(std::uint64_t code, const std::string& format, long exponent) {
  const int at = format == "binary32" ? 23 : format == "bfloat16" ? 7 : -1;
  if (at < 0) return code;
  const long e = static_cast<long>(code >> at & 255);
  if (e == 0 || e == 255 || e + exponent < 1 || e + exponent > 254) return code;
  return code + (static_cast<std::uint64_t>(exponent) << at);
}

TEST_CASE("INS-1 INS-2 INS-3 INS-4 INS-5 INS-6 INS-7 INS-8 every row against its mnemonic") {
  generator random(seed);
  oracle::tally t;
  const oracle::stopwatch time;
  for (const conversion_instruction& row : lowp::all_conversion_instructions) {
    const std::string name = row.name;
    CAPTURE(name);
    REQUIRE(lowp::check(row) == lowp::instruction_error::none);
    std::uint64_t numbers = 0;
    for (int turn = 0; turn < 12 || numbers < 3000; ++turn) {
      const instruction_state state = random_state(row, random, turn % 4 == 3);
      const model::instruction m = model::read(name, state);
      check_sizes(row, m, state);
      const std::vector<std::uint64_t>& codes = inputs(m.from, m.to);
      const int width = prepared(m.from).format.width;
      for (int many = 0; many < 24; ++many) {
        registers r = fresh(m, random);
        for (int s = 0; s < m.sources; ++s) {
          for (int i = 0; i < m.elements; ++i) {
            const std::optional<long> e = m.exponent(s, i);
            const std::uint64_t code = codes[random() % codes.size()];
            set_bits(r.sources[static_cast<std::size_t>(s + (m.bias_register ? 1 : 0))], m.in(s, i),
                     width, moved(code, m.from, e ? -*e : 0));
          }
        }
        const bit_string want =
            modelled(m, r, [&](int s, int i, std::uint64_t code, std::uint64_t bits) {
              return expected(m, code, m.exponent(s, i), bits);
            });
        const bit_string got = run(row, r, state);
        t.expect(got == want, [&] {
          std::string text = name + ":";
          for (int s = 0; s < m.sources; ++s) {
            for (int i = 0; i < m.elements; ++i) {
              const bit_string& in =
                  r.sources[static_cast<std::size_t>(s + (m.bias_register ? 1 : 0))];
              const std::uint64_t a = bits_at(want, m.out(s, i), m.cleared);
              const std::uint64_t b = bits_at(got, m.out(s, i), m.cleared);
              if (a == b) continue;
              text += " " + oracle::hex(bits_at(in, m.in(s, i), width)) + " expected " +
                      oracle::hex(a) + " got " + oracle::hex(b);
            }
          }
          return text;
        });
        numbers += static_cast<std::uint64_t>(m.sources * m.elements);
      }
    }
  }
  oracle::report("instructions", t, time.seconds());
}

/// The codes that a model makes of all codes of its source without scale and random bits.
const std::vector<std::uint64_t>& table_of(const model::instruction& m) {
  static std::map<std::string, std::vector<std::uint64_t>> all;
  const std::string key = m.from + " " + m.to + " " + oracle::text(m.p) + (m.relu ? " relu" : "");
  std::vector<std::uint64_t>& codes = all[key];
  if (codes.empty()) {
    const std::uint64_t count = prepared(m.from).format.code_count();
    for (std::uint64_t c = 0; c < count; ++c) codes.push_back(expected(m, c, 0, 0));
  }
  return codes;
}

TEST_CASE("INS-1 INS-7 all codes of sources of up to 16 bits") {
  generator random(seed + 1);
  oracle::tally t;
  const oracle::stopwatch time;
  for (const conversion_instruction& row : lowp::all_conversion_instructions) {
    if (row.rules[0]->from.width > 16 || row.random != lowp::random_origin::none) continue;
    const std::string name = row.name;
    CAPTURE(name);
    for (int choice = 0; choice < 2; ++choice) {
      instruction_state state;
      state.scale = row.scale == lowp::scale_kind::binary32_exponent ? 0x3f800000 : 0x7f7f;
      state.altfmt = state.fp16_ovfl = choice != 0;
      state.fpmr = choice != 0 ? 0x8049 : 0;
      const model::instruction m = model::read(name, state);
      if (choice != 0 && lowp::rules_of(row.choice) == 1) break;
      const std::vector<std::uint64_t>& table = table_of(m);
      const int width = prepared(m.from).format.width;
      for (std::uint64_t c = 0; c < table.size();) {
        registers r = fresh(m, random);
        for (int s = 0; s < m.sources; ++s) {
          for (int i = 0; i < m.elements; ++i, ++c) {
            set_bits(r.sources[static_cast<std::size_t>(s)], m.in(s, i), width, c % table.size());
          }
        }
        const bit_string want = modelled(
            m, r, [&](int, int, std::uint64_t code, std::uint64_t) { return table[code]; });
        t.expect(run(row, r, state) == want,
                 [&] { return name + ": before code " + oracle::hex(c); });
      }
    }
  }
  oracle::report("instructions, all codes", t, time.seconds());
}

}  // namespace
