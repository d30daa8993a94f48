// SPDX-License-Identifier: Apache-2.0
// Converts a value to a format and shows what lies around it:
//   neighbours [FORMAT [VALUE]]      for example: neighbours e2m1 2.4
#include <cstdio>
#include <cstdlib>

#include <lowp/lowp.hpp>

namespace {

// Every value of the formats up to 32 bits is a double; wider ones are rounded for display.
double value_of(const lowp::format& f, lowp::code_t code) {
  return lowp::float64::from_code(lowp::convert(f, code, lowp::formats::binary64));
}

void show(const char* what, const lowp::format& f, lowp::code_t code) {
  std::printf("%-9s  code %0*llx  value %.9g\n", what, (f.width + 3) / 4,
              static_cast<unsigned long long>(code), value_of(f, code));
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
  char* end = nullptr;
  const double x = std::strtod(text, &end);
  if (end == text || *end != 0) {
    std::fprintf(stderr, "'%s' is no number\n", text);
    return 2;
  }

  const lowp::exact value = lowp::decode(lowp::float64{x});
  const lowp::encoded nearest = lowp::encode_with_status(f, value);
  const lowp::neighbours around = lowp::find_neighbours(f, value);
  std::printf("%s in %s%s\n", text, name,
              nearest.flags.has(lowp::status::inexact) ? ", inexact" : "");
  show("nearest", f, nearest.code);
  show("below", f, around.below);
  show("above", f, around.above);
  show("next down", f, lowp::next_down(f, nearest.code));
  show("next up", f, lowp::next_up(f, nearest.code));
}
