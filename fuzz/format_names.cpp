// SPDX-License-Identifier: Apache-2.0
#include "format_names.hpp"

#include <algorithm>
#include <initializer_list>

#include <fmt/format.h>

#include "suggest.hpp"
#include "usage_error.hpp"

namespace lowp::tool {

std::vector<std::string> names_of(const named_format& f) {
  std::vector<std::string> names{f.name, f.type_name};
  const format_names& n = f.names;
  for (const char* name : {n.ocp, n.ml_dtypes, n.pytorch, n.cuda, n.ptx, n.cutlass, n.hip, n.onnx,
                           n.llvm, n.mlir, n.cpu, n.p3109}) {
    if (name != nullptr && std::find(names.begin(), names.end(), name) == names.end()) {
      names.emplace_back(name);
    }
  }
  return names;
}

std::vector<std::string> all_format_names() {
  std::vector<std::string> all;
  for (const named_format& f : all_formats) {
    for (std::string& name : names_of(f)) all.push_back(std::move(name));
  }
  return all;
}

std::string format_text(const format& f) {
  if (const named_format* row = find_format(f)) return row->name;
  const char* const sign = f.is_signed ? "" : "u";
  switch (f.kind) {
    case number_kind::fixed_point:
      if (f.bias == 0) return fmt::format("{}int{}", sign, f.width);
      return fmt::format("{}int{} x 2^{}", sign, f.width, -f.bias);
    case number_kind::posit: return fmt::format("posit{}", f.width);
    case number_kind::takum: return fmt::format("takum{}", f.width);
    case number_kind::minifloat: break;
    default: return fmt::format("{}-bit format", f.width);
  }
  for (const bool extended : {false, true}) {
    if (f == p3109_format(f.width, f.precision, f.is_signed, extended)) {
      return fmt::format("binary{}p{}{}{}", f.width, f.precision, f.is_signed ? 's' : 'u',
                         extended ? 'e' : 'f');
    }
  }
  return fmt::format("{}e{}m{}", sign, exponent_field_bits(f), trailing_bits(f));
}

format parse_format_argument(const std::string& name) {
  format f;
  if (parse_format(name.c_str(), f)) return f;
  throw usage_error(fmt::format("FORMAT: '{}' is no known format{}; lowp formats lists them", name,
                                nearest_text(name, all_format_names())));
}

}  // namespace lowp::tool
