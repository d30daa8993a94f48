// SPDX-License-Identifier: Apache-2.0
/// \file
/// Fuzz target: what other processes answer: the lines of a program, the description of a plug-in.
/// Whatever they write, it is results of the widths of their claim, or words of what is wrong;
/// operands as lines are read back as they were.
// compile: fuzz/plugin/command_lines.cpp fuzz/plugin/channel.cpp
// links: tool
#include <string>
#include <vector>

#include "../code_arrays.hpp"
#include "../plugin/channel.hpp"
#include "../plugin/command_lines.hpp"
#include "input.hpp"

namespace {

using namespace lowp::tool;

/// Of one bit, of whole and broken bytes, many, of 64 bits.
const std::vector<std::vector<field>> shapes = {
    {{"result", lowp::formats::e4m3fn}},
    {{"result", lowp::formats::bfloat16}, {"flags", lowp::formats::uint8}},
    {{"scale", lowp::formats::e8m0fnu}, {"elements", lowp::formats::e2m1, 5}},
    {{"result", lowp::formats::binary64}},
    {{"true", lowp::integer_format(1, false)}, {"result", lowp::formats::tf32}},
};

/// Exactly the arrays of some cases.
struct arrays {
  arrays(const std::vector<field>& fields, std::size_t cases) {
    for (const field& f : fields) data.emplace_back(cases * bytes_of_case(f));
    for (const buffer& b : data) to.push_back(b.memory.get());
    from.assign(to.begin(), to.end());
  }
  std::vector<buffer> data;
  std::vector<void*> to;
  std::vector<const void*> from;
};

void lines(const std::string& text, const std::vector<field>& fields, std::size_t cases) {
  const arrays read(fields, cases);
  batch b;
  b.cases = cases;
  b.out = read.to.data();
  if (!read_result_lines(text, fields, b).empty()) return;
  for (std::size_t k = 0; k < fields.size(); ++k) {
    for (std::size_t i = 0; i < cases * fields[k].count; ++i) {
      const auto code = load_code(read.to[k], fields[k].bytes(), i);
      demand((code & ~lowp::detail::low_mask(fields[k].of.width)) == 0);
    }
  }
  b.in = read.from.data();
  const std::string again = operand_lines(fields, b);
  const arrays same(fields, cases);
  b.out = same.to.data();
  demand(read_result_lines(again, fields, b).empty());
  for (std::size_t k = 0; k < fields.size(); ++k) {
    demand(std::memcmp(read.to[k], same.to[k], read.data[k].size) == 0);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 2, size - 2);
  if (const std::size_t shape = data[0] % (shapes.size() + 1); shape < shapes.size()) {
    lines(text, shapes[shape], 1 + data[1] % 5);
  } else {
    const std::string written = write_description(read_description(text));
    demand(write_description(read_description(written)) == written);
  }
  return 0;
}
