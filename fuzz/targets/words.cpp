// SPDX-License-Identifier: Apache-2.0
/// \file
/// Fuzz target: words from plug-ins, files and command lines: claims, names of functions and
/// formats, codes and numbers. Whatever they are, they are refused with a message, or are a claim
/// whose cases can be made and computed, a format, a code of it.
// compile: fuzz/parse_claim.cpp fuzz/claim_words.cpp fuzz/projection_words.cpp fuzz/read_value.cpp
// compile: fuzz/vectors/function_names.cpp fuzz/format_names.cpp
// links: tool
#include <string>
#include <vector>

#include "../format_names.hpp"
#include "../projection_words.hpp"
#include "../read_value.hpp"
#include "../usage_error.hpp"
#include "../vectors/vector_claim.hpp"
#include "input.hpp"

namespace {

using namespace lowp::tool;
using lowp::code_t;

void demand_codes(const std::vector<field>& fields, const std::vector<code_t>& codes) {
  for (std::size_t k = 0; k < codes.size(); ++k) {
    demand((codes[k] & ~lowp::detail::low_mask(code_format(fields, k).width)) == 0);
  }
}

void claim_from(const std::string& text, flags_choice flags) {
  const vector_claim v = make_vector_claim({text}, flags);
  demand(!v.text.empty() && !v.columns.empty() && v.results() != 0);
  demand(v.operands() < 1 << 20 && v.results() < 1 << 20);
  std::vector<code_t> operands(v.operands()), results(v.results());
  for (const std::uint64_t i : {std::uint64_t{0}, v.functions.directed, ~std::uint64_t{0}}) {
    v.functions.make(1, i, operands.data());
    demand_codes(v.functions.in, operands);
    v.functions.golden(operands.data(), results.data());
    demand_codes(v.functions.out, results);
  }
  // What it calls itself is the same claim.
  demand(make_vector_claim({v.text}, flags_choice::no).columns.size() + (v.flags ? 1 : 0) ==
         v.columns.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t cut = std::min(text.find(' '), text.size());
  const std::string rest = text.substr(std::min(cut + 1, text.size()));
  try {
    switch (data[0] % 4) {
      case 0: claim_from(text, static_cast<flags_choice>(data[0] / 4 % 3)); break;
      case 1: {
        const lowp::format f = parse_format_argument(text);
        demand(f.width > 0 && f.width <= 64);
        demand(parse_format_argument(format_text(f)) == f);
        break;
      }
      case 2: {
        const lowp::format f = parse_format_argument(text.substr(0, cut));
        demand((read_value("VALUE", f, rest).code & ~lowp::detail::low_mask(f.width)) == 0);
        break;
      }
      default: {
        lowp::projection p;
        set_member(p, text.substr(0, cut), rest);
        (void)projection_words(p);
      }
    }
  } catch (const usage_error& e) {
    demand(*e.what() != '\0');
  }
  return 0;
}
