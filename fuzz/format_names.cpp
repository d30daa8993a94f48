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

format parse_format_argument(const std::string& name) {
  format f;
  if (parse_format(name.c_str(), f)) return f;
  throw usage_error(fmt::format("FORMAT: '{}' is no known format{}; lowp formats lists them", name,
                                nearest_text(name, all_format_names())));
}

}  // namespace lowp::tool
