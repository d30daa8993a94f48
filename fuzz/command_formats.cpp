// SPDX-License-Identifier: Apache-2.0
// lowp formats: the registry, searched by any name.
#include <bit>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <lowp/lowp.hpp>

#include "code_text.hpp"
#include "format_names.hpp"
#include "operation_names.hpp"
#include "registry_command.hpp"

namespace lowp::tool {

namespace {

// For the overview.
std::string short_value(const format& f, code_t code) {
  return fmt::format("{:.5g}", std::bit_cast<double>(convert(f, code, formats::binary64)));
}

const char* kind_text(number_kind k) {
  switch (k) {
    case number_kind::minifloat: return "minifloat";
    case number_kind::fixed_point: return "fixed point";
    case number_kind::hifloat8: return "hifloat8";
    case number_kind::posit: return "posit";
    case number_kind::takum: return "takum";
    case number_kind::logarithmic: return "logarithmic";
    case number_kind::codebook: return "codebook";
  }
  return "";
}

// "1/4/3": bits of sign, exponent, trailing significand.
std::string layout_text(const format& f) {
  if (f.kind == number_kind::logarithmic) return "log";
  if (f.kind == number_kind::fixed_point) return "integer";
  if (f.kind != number_kind::minifloat) return kind_text(f.kind);
  return fmt::format("{:d}/{}/{}", f.is_signed, exponent_field_bits(f), trailing_bits(f));
}

std::string specials_text(const format& f) {
  std::string text;
  if (has_infinity(f)) text += "inf ";
  if (has_nan(f)) text += "NaN ";
  if (has_negative_zero(f)) text += "-0 ";
  return text.substr(0, text.empty() ? 0 : text.size() - 1);
}

// The codes of the least and the greatest NaN of each sign, or of the only one.
std::string nan_text(const format& f) {
  if (!has_nan(f)) return "";
  if (f.kind != number_kind::minifloat || f.nans != nan_codes::ieee) {
    const std::string one = bits_text(f, canonical_nan(f));
    if (!has_signed_nan(f)) return one;
    return fmt::format("{}, {}", one, bits_text(f, lowp::detail::low_mask(f.width)));
  }
  const code_t first = infinity(f) + 1;
  const code_t last = lowp::detail::low_mask(magnitude_bits(f));
  if (first == last) return bits_text(f, first) + (f.is_signed ? ", also with the sign" : "");
  return fmt::format("{} to {}{}", bits_text(f, first), bits_text(f, last),
                     f.is_signed ? ", also with the sign" : "");
}

std::string end_text(const format& f, code_t code) {
  return fmt::format("{} = {}", bits_text(f, code), ratio_text(f, code));
}

std::vector<column> columns() {
  using namespace shown;
  return {{.key = "format"},
          {.key = "type", .heading = "C++ type", .where = in_full, .is_name = true},
          {.key = "kind", .where = in_full},
          {.key = "bits"},
          {.key = "layout", .where = in_tables},
          {.key = "exponent_bits", .where = in_full},
          {.key = "trailing_bits", .where = in_full},
          {.key = "bias", .where = in_full},
          {.key = "greatest", .where = in_tables, .right = true},
          {.key = "least", .heading = "least > 0", .where = in_tables, .right = true},
          {.key = "greatest", .where = in_records},
          {.key = "least_normal", .where = in_records},
          {.key = "least", .heading = "least > 0", .where = in_records},
          {.key = "greatest_code", .where = in_data},
          {.key = "greatest", .where = in_data},
          {.key = "least_normal_code", .where = in_data},
          {.key = "least_normal", .where = in_data},
          {.key = "least_code", .where = in_data},
          {.key = "least", .where = in_data},
          {.key = "specials", .where = in_full},
          {.key = "nan", .heading = "NaN", .where = in_full},
          {.key = "values", .heading = "finite values", .where = in_full},
          {.key = "description", .wraps = true},
          {.key = "testfloat", .heading = "as TestFloat", .where = in_full},
          {.key = "names", .heading = "also called", .where = in_full, .is_name = true},
          {.key = "source", .where = in_full}};
}

std::vector<cell> row_of(const std::string& name, const std::string& type, const format& f,
                         const std::string& description, std::vector<std::string> names,
                         const std::string& source) {
  const auto number = [](bool known, int n) { return known ? cell{std::int64_t{n}} : cell{}; };
  const bool fields = f.kind == number_kind::minifloat;
  const bool normal = has_subnormals(f);
  const auto count = static_cast<std::int64_t>(finite_value_count(f));
  return {name,
          type,
          kind_text(f.kind),
          std::int64_t{f.width},
          layout_text(f),
          number(fields, fields ? exponent_field_bits(f) : 0),
          number(fields, fields ? trailing_bits(f) : 0),
          number(fields, f.bias),
          short_value(f, max_finite(f)),
          short_value(f, min_positive(f)),
          end_text(f, max_finite(f)),
          normal ? cell{end_text(f, min_normal(f))} : cell{},
          end_text(f, min_positive(f)),
          bits_text(f, max_finite(f)),
          exact_text(f, max_finite(f)),
          normal ? cell{bits_text(f, min_normal(f))} : cell{},
          normal ? cell{exact_text(f, min_normal(f))} : cell{},
          bits_text(f, min_positive(f)),
          exact_text(f, min_positive(f)),
          specials_text(f),
          nan_text(f),
          count > 0 ? cell{count} : cell{std::to_string(finite_value_count(f))},
          description,
          testfloat_name(f),
          std::move(names),
          source};
}

listing all_rows() {
  listing l{columns(), {}};
  for (const named_format& f : all_formats) {
    std::vector<std::string> others = names_of(f);
    others.erase(others.begin(), others.begin() + 2);
    l.rows.push_back(row_of(f.name, f.type_name, f.value, f.description, others, f.source));
  }
  return l;
}

// Members of families that are not registered.
bool add_member(const std::string& name, listing& l) {
  format f;
  if (!parse_format(name.c_str(), f)) return false;
  l.rows.push_back(row_of(name, "", f, "not registered; read from its name", {}, ""));
  return true;
}

}  // namespace

void add_formats_command(CLI::App& app, int& status) {
  add_registry_command(app, status,
                       {.command = "formats",
                        .row = "format",
                        .description = "List the formats of numbers",
                        .rows = all_rows,
                        .named = add_member});
}

}  // namespace lowp::tool
