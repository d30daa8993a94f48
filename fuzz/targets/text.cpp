// SPDX-License-Identifier: Apache-2.0
/// \file
/// Fuzz target: texts from outside. Whatever the bytes, parsing ends with a code of the format or
/// an error at a position inside the text, and what is printed reads back.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include <lowp/lowp.hpp>

namespace {

void demand(bool holds) {
  if (!holds) std::abort();
}

void check_code(lowp::format f, lowp::code_t code) {
  demand(f.width == 64 || code >> f.width == 0);
  char text[lowp::max_text_size];
  const lowp::printed p = lowp::print_decimal(text, text + sizeof text, f, code);
  demand(p.ok);
  if (lowp::is_nan(f, code)) return;
  const lowp::parsed back = lowp::parse(text, p.end, f);
  demand(back.ok() && back.code == code);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  const lowp::format f = lowp::all_formats[data[0] % lowp::format_count];
  const auto* first = reinterpret_cast<const char*>(data + 3);
  const auto* last = reinterpret_cast<const char*>(data + size);
  const lowp::parse_options options{
      .how = {.round = static_cast<lowp::rounding>(data[1] % 12),
              .overflow = static_cast<lowp::overflow_rule>(data[2] % 4),
              .random_bits = 8},
      .project_out_of_range = (data[2] & 4) != 0,
      .random = data[2]};
  for (const lowp::parsed r :
       {lowp::parse(first, last, f, options), lowp::parse_code(first, last, f)}) {
    demand(first <= r.position && r.position <= last);
    if (r.ok()) check_code(f, r.code);
  }
  return 0;
}
