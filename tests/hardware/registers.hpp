// SPDX-License-Identifier: Apache-2.0
/// \file
/// Running conversion instructions by name on registers that a test writes down.
#ifndef LOWP_TESTS_HARDWARE_REGISTERS_HPP
#define LOWP_TESTS_HARDWARE_REGISTERS_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/hardware/all_instructions.hpp>

namespace registers {

using lowp::conversion_instruction;
using lowp::instruction_state;

inline const conversion_instruction& row(const std::string& name) {
  const conversion_instruction* r = lowp::find_instruction(name.c_str());
  REQUIRE_MESSAGE(r != nullptr, name);
  return *r;
}

using words = std::array<std::uint64_t, 5>;

/// Registers of up to 64 bits.
inline std::uint64_t number(const std::string& name, const words& sources,
                            const instruction_state& s = {}, std::uint64_t old = 0) {
  return lowp::run_instruction(row(name), sources.data(), s, old);
}

/// A register from elements of so many bytes, the first lowest.
inline std::vector<std::byte> packed(const std::vector<std::uint64_t>& elements,
                                     std::size_t bytes) {
  std::vector<std::byte> all;
  for (const std::uint64_t e : elements) {
    for (std::size_t i = 0; i < bytes; ++i) all.push_back(static_cast<std::byte>(e >> (8 * i)));
  }
  return all;
}

/// Registers as bytes.
inline std::vector<std::byte> whole(const std::string& name,
                                    const std::vector<std::vector<std::byte>>& sources,
                                    const instruction_state& s = {}) {
  const conversion_instruction& r = row(name);
  REQUIRE(sources.size() == static_cast<std::size_t>(lowp::source_registers(r)));
  std::vector<const std::byte*> pointers;
  for (const auto& source : sources) {
    REQUIRE(source.size() == lowp::source_bytes(r, s));
    pointers.push_back(source.data());
  }
  std::vector<std::byte> result(lowp::result_bytes(r, s));
  lowp::run_instruction(r, pointers.data(), result.data(), s);
  return result;
}

}  // namespace registers

#endif  // LOWP_TESTS_HARDWARE_REGISTERS_HPP
