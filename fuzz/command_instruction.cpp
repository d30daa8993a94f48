// SPDX-License-Identifier: Apache-2.0
// lowp instruction: a conversion instruction run on registers.
#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <lowp/hardware/all_instructions.hpp>

#include "command.hpp"
#include "suggest.hpp"

namespace lowp::tool {

namespace {

struct arguments {
  std::string name;
  std::vector<std::string> words;
  std::string scale = "0", random = "0", mxcsr = "1f80", fpcr = "0", fpmr = "0", old = "0";
  std::string select = "0", length = "1", immediate = "4", frm = "0";
  bool altfmt = false, fp16_ovfl = false;
};

// Bytes of a register, the lowest first, from a hexadecimal number, the highest digit first.
std::vector<std::byte> read_register(const std::string& argument, const std::string& text,
                                     std::size_t size) {
  const bool prefixed = text.rfind("0x", 0) == 0 || text.rfind("0X", 0) == 0;
  const std::string digits = text.substr(prefixed ? 2 : 0);
  const auto bad = [&](const std::string& rule) {
    return usage_error(fmt::format("{}: '{:.80}' {}", argument, text, rule));
  };
  if (digits.empty() || !std::all_of(digits.begin(), digits.end(), [](char c) {
        return std::isxdigit(static_cast<unsigned char>(c)) != 0;
      })) {
    throw bad("is not a hexadecimal number");
  }
  std::vector<std::byte> bytes(size);
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const char c = digits[digits.size() - 1 - i];
    const int low = std::tolower(static_cast<unsigned char>(c));
    const auto value = static_cast<unsigned>(low <= '9' ? low - '0' : low - 'a' + 10);
    if (i / 2 >= size) {
      if (value != 0) throw bad(fmt::format("has more than {} bits", 8 * size));
      continue;
    }
    bytes[i / 2] |= static_cast<std::byte>(value << (i % 2 * 4));
  }
  return bytes;
}

std::uint64_t read_word(const char* argument, const std::string& text, std::size_t size) {
  const std::vector<std::byte> bytes = read_register(argument, text, size);
  std::uint64_t word = 0;
  for (std::size_t i = size; i-- > 0;) word = word << 8 | static_cast<std::uint64_t>(bytes[i]);
  return word;
}

std::string register_text(const std::vector<std::byte>& bytes) {
  std::string text = "0x";
  for (std::size_t i = bytes.size(); i-- > 0;) {
    text += fmt::format("{:02x}", static_cast<unsigned>(bytes[i]));
  }
  return text;
}

unsigned long long greatest_length(vector_length v) {
  return v == vector_length::fixed ? 1 : v == vector_length::up_to_4 ? 4 : 16;
}

instruction_state state_of(const conversion_instruction& row, const arguments& a) {
  instruction_state s;
  s.scale = static_cast<std::uint32_t>(read_word("--scale", a.scale, 4));
  s.random = static_cast<std::uint32_t>(read_word("--random", a.random, 4));
  s.mxcsr = static_cast<std::uint32_t>(read_word("--mxcsr", a.mxcsr, 4));
  s.fpcr = read_word("--fpcr", a.fpcr, 8);
  s.fpmr = read_word("--fpmr", a.fpmr, 8);
  s.select = static_cast<std::uint8_t>(parse_integer("--select", a.select, 0, 15));
  s.immediate = static_cast<std::uint8_t>(parse_integer("--immediate", a.immediate, 0, 255));
  s.frm = static_cast<std::uint8_t>(parse_integer("--frm", a.frm, 0, 4));
  s.length = static_cast<std::uint8_t>(
      parse_integer("--length", a.length, 1, greatest_length(row.lengths)));
  if (row.lengths == vector_length::up_to_4 && s.length == 3) {
    throw usage_error("--length: '3' is not 1, 2 or 4");
  }
  s.altfmt = a.altfmt;
  s.fp16_ovfl = a.fp16_ovfl;
  return s;
}

int instruction_command(const arguments& a) {
  const conversion_instruction* row = find_instruction(a.name.c_str());
  if (row == nullptr) {
    throw usage_error(
        fmt::format("NAME: no instruction is called '{:.80}'{}; see lowp instructions", a.name,
                    nearest_row_text(a.name, all_conversion_instructions)));
  }
  const instruction_state state = state_of(*row, a);
  const auto wanted = static_cast<std::size_t>(source_registers(*row));
  if (a.words.size() != wanted) {
    throw usage_error(fmt::format("WORD: {} has {} source register{} of {} bits, not {}", row->name,
                                  wanted, wanted == 1 ? "" : "s", 8 * source_bytes(*row, state),
                                  a.words.size()));
  }
  std::vector<std::vector<std::byte>> sources;
  std::vector<const std::byte*> pointers;
  for (const std::string& word : a.words) {
    sources.push_back(read_register("WORD", word, source_bytes(*row, state)));
  }
  for (const auto& source : sources) pointers.push_back(source.data());
  std::vector<std::byte> result = read_register("--old", a.old, result_bytes(*row, state));
  run_instruction(*row, pointers.data(), result.data(), state);
  fmt::print("{}\n", register_text(result));
  return exit_fine;
}

}  // namespace

void add_instruction_command(CLI::App& app, int& status) {
  CLI::App* command =
      app.add_subcommand("instruction", "Run a conversion instruction; numbers are hexadecimal")
          ->group(group_compute);
  const auto a = std::make_shared<arguments>();
  command->add_option("NAME", a->name, "An instruction, as lowp instructions lists them")
      ->required();
  command->add_option("WORD", a->words, "Its source registers, hexadecimal")->required();
  command->add_option("--scale", a->scale, "Scale operand, hexadecimal");
  command->add_option("--random", a->random, "Random operand, hexadecimal");
  command->add_option("--old", a->old, "What the result register holds, hexadecimal");
  command->add_option("--mxcsr", a->mxcsr, "x86 MXCSR, hexadecimal");
  command->add_option("--fpcr", a->fpcr, "Arm FPCR, hexadecimal");
  command->add_option("--fpmr", a->fpmr, "Arm FPMR, hexadecimal");
  command->add_option("--select", a->select, "AMD op_sel as a number");
  command->add_option("--immediate", a->immediate, "x86 imm8");
  command->add_option("--frm", a->frm, "RISC-V frm, 0 to 4");
  command->add_option("--length", a->length, "Length of vectors, in units of the row's");
  command->add_flag("--altfmt", a->altfmt, "RISC-V vtype.altfmt");
  command->add_flag("--fp16-ovfl", a->fp16_ovfl, "AMD MODE.FP16_OVFL");
  on_run(app, *command, status, [a] { return instruction_command(*a); });
}

}  // namespace lowp::tool
