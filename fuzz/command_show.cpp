// SPDX-License-Identifier: Apache-2.0
// lowp show: one code or value of a format, taken apart.
#include <memory>
#include <string>

#include <fmt/format.h>

#include <lowp/lowp.hpp>

#include "code_text.hpp"
#include "command.hpp"
#include "format_names.hpp"

namespace lowp::tool {

namespace {

struct arguments {
  std::string format;
  std::string text;
};

const char* class_text(value_class c) {
  switch (c) {
    case value_class::signalling_nan: return "signalling NaN";
    case value_class::quiet_nan: return "quiet NaN";
    case value_class::negative_infinity: return "negative infinity";
    case value_class::negative_normal: return "negative normal";
    case value_class::negative_subnormal: return "negative subnormal";
    case value_class::negative_zero: return "negative zero";
    case value_class::positive_zero: return "positive zero";
    case value_class::positive_subnormal: return "positive subnormal";
    case value_class::positive_normal: return "positive normal";
    case value_class::positive_infinity: return "positive infinity";
  }
  return "";
}

void line(const char* label, const std::string& text) { fmt::print("{:<9} {}\n", label, text); }

std::string code_line(const format& f, code_t code) {
  const std::string hex = hex_value_text(f, code);
  return fmt::format("{} = {}{}", bits_text(f, code), value_text(f, code),
                     hex.empty() ? "" : " = " + hex);
}

// "0x7e" and "0b0111'1110" are codes; "0x1.8p3" is a value in radix 16.
bool is_code(const std::string& text) {
  const bool binary = text.rfind("0b", 0) == 0 || text.rfind("0B", 0) == 0;
  const bool hex = text.rfind("0x", 0) == 0 || text.rfind("0X", 0) == 0;
  return binary || (hex && text.find_first_of(".pP") == std::string::npos);
}

parsed read(const format& f, const std::string& text) {
  const char* const first = text.data();
  const char* const last = first + text.size();
  const parsed p = is_code(text) ? parse_code(first, last, f) : parse(first, last, f);
  if (p.ok()) return p;
  std::string rule = message(p.error);
  if (p.error == text_error::out_of_range) {
    rule +=
        fmt::format(", which is {} to {}", value_text(f, lowest(f)), value_text(f, max_finite(f)));
  }
  throw usage_error(
      fmt::format("VALUE: '{:.80}', character {}: {} (a code is written 0x... or 0b...)", text,
                  p.position - first + 1, rule));
}

void show_fields(const format& f, code_t code) {
  if (f.kind != number_kind::minifloat) return;
  const int t = trailing_bits(f);
  const code_t magnitude = code & lowp::detail::low_mask(magnitude_bits(f));
  const code_t field = magnitude >> t;
  std::string text;
  if (f.is_signed) text += fmt::format("sign {}, ", code >> magnitude_bits(f) & 1);
  text +=
      fmt::format("exponent field {} ({} bits, bias {})", field, exponent_field_bits(f), f.bias);
  if (t > 0) {
    text += fmt::format(", trailing significand 0x{:x} ({} bits)",
                        magnitude & lowp::detail::low_mask(t), t);
  }
  line("fields", text);
}

int show_command(const arguments& a) {
  const format f = parse_format_argument(a.format);
  const parsed p = read(f, a.text);
  const named_format* const row = find_format(f);
  line("format", row != nullptr ? fmt::format("{} ({}), {} bits: {}", row->name, row->type_name,
                                              f.width, row->description)
                                : fmt::format("{}, {} bits", a.format, f.width));
  if (!is_code(a.text)) {
    line("input",
         fmt::format("{:.80}: {}", a.text,
                     p.flags.has(status::inexact) ? "rounded to nearest, ties to even" : "exact"));
  }
  line("code", fmt::format("{} = {}", bits_text(f, p.code), field_text(f, p.code)));
  // The hexadecimal form is exact too.
  constexpr std::size_t readable = 60;
  const std::string all = is_finite(f, p.code) ? exact_text(f, p.code) : value_text(f, p.code);
  line("value", all.size() <= readable ? all : value_text(f, p.code));
  if (const std::string hex = hex_value_text(f, p.code); !hex.empty()) {
    line("", fmt::format("{}, shortest decimal {}", hex, shortest_text(f, p.code)));
  }
  line("class", class_text(classify(f, p.code)));
  show_fields(f, p.code);
  if (!is_nan(f, p.code)) {
    const code_t below = next_down(f, p.code);
    const code_t above = next_up(f, p.code);
    line("below", below == p.code ? "none" : code_line(f, below));
    line("above", above == p.code ? "none" : code_line(f, above));
  }
  return exit_fine;
}

}  // namespace

void add_show_command(CLI::App& app, int& status) {
  CLI::App* command = app.add_subcommand("show", "Take one code or value of a format apart");
  const auto a = std::make_shared<arguments>();
  command->add_option("FORMAT", a->format, "Any name of a format, as lowp formats lists them")
      ->required();
  command
      ->add_option("VALUE", a->text,
                   "A number (0.3, -inf, 0x1.8p-3), which is rounded to the format, or a code "
                   "(0x7e, 0b01111110)")
      ->required();
  on_run(app, *command, status, [a] { return show_command(*a); });
}

}  // namespace lowp::tool
