// SPDX-License-Identifier: Apache-2.0
#include "operation_names.hpp"

#include <utility>

#include <lowp/formats.hpp>

#include "format_names.hpp"

namespace lowp::tool {

std::string testfloat_name(operation op) {
  switch (op) {
    case operation::subtract: return "F_sub";
    case operation::multiply: return "F_mul";
    case operation::divide: return "F_div";
    case operation::fma: return "F_mulAdd";
    case operation::remainder: return "F_rem";
    case operation::rint_even:
    case operation::rint_away:
    case operation::rint_zero:
    case operation::rint_positive:
    case operation::rint_negative: return "F_roundToInt";
    case operation::copy: return "F_to_G";
    default: return std::string("F_") + info(op).name;
  }
}

std::string testfloat_name(const format& f) {
  for (const auto& [known, name] : {std::pair{formats::binary16, "f16"},
                                    {formats::bfloat16, "bf16"},
                                    {formats::binary32, "f32"},
                                    {formats::binary64, "f64"}}) {
    if (f == known) return name;
  }
  return format_text(f);
}

}  // namespace lowp::tool
