// SPDX-License-Identifier: Apache-2.0
// Reads a decimal number into a format, in one rounding, and shows what lies around it:
//   neighbours [FORMAT [VALUE]]      for example: neighbours e2m1 2.4
#include <cstdio>
#include <cstring>

#include <lowp/lowp.hpp>

namespace {

// What the text becomes under a rounding mode; out of range it saturates.
lowp::parsed read(const char* text, lowp::format f, lowp::rounding round) {
  return lowp::parse(
      text, text + std::strlen(text), f,
      {.how = {.round = round, .overflow = lowp::saturate_finite}, .project_out_of_range = true});
}

void show(const char* what, lowp::format f, lowp::code_t code) {
  char value[lowp::max_text_size + 1], bits[lowp::max_text_size + 1];
  *lowp::print_hex_float(value, value + lowp::max_text_size, f, code).end = 0;
  *lowp::print_bits(bits, bits + lowp::max_text_size, f, code).end = 0;
  std::printf("%-9s  %s  %-12s  %.9g\n", what, bits, value,
              static_cast<double>(
                  lowp::float64::from_code(lowp::convert(f, code, lowp::formats::binary64))));
}

}  // namespace

int main(int count, char** arguments) {
  const char* name = count > 1 ? arguments[1] : "e4m3fn";
  const char* text = count > 2 ? arguments[2] : "0.3";

  lowp::format f;
  if (!lowp::parse_format(name, f)) {
    std::fprintf(stderr, "unknown format '%s'; examples/list_formats lists them\n", name);
    return 2;
  }
  const lowp::parsed nearest = read(text, f, lowp::to_nearest_even);
  if (!nearest.ok()) {
    std::fprintf(stderr, "'%s': %s at character %td\n", text, lowp::message(nearest.error),
                 nearest.position - text + 1);
    return 2;
  }

  std::printf("%s in %s%s\n", text, name,
              nearest.flags.has(lowp::status::inexact) ? ", inexact" : "");
  show("nearest", f, nearest.code);
  show("below", f, read(text, f, lowp::toward_negative).code);
  show("above", f, read(text, f, lowp::toward_positive).code);
  show("next down", f, lowp::next_down(f, nearest.code));
  show("next up", f, lowp::next_up(f, nearest.code));
}
