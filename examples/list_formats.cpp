// SPDX-License-Identifier: Apache-2.0
// Lists the registered formats. A format is a value, so a loop sees them all.
#include <cstdio>

#include <lowp/lowp.hpp>

namespace {

double value_of(const lowp::format& f, lowp::code_t code) {
  return lowp::float64::from_code(lowp::convert(f, code, lowp::formats::binary64));
}

}  // namespace

int main() {
  std::printf("%-14s %5s %12s %12s %4s %4s  %s\n", "format", "bits", "greatest", "least > 0", "inf",
              "NaN", "what it is");
  for (const lowp::named_format& f : lowp::all_formats) {
    std::printf("%-14s %5d %12.6g %12.6g %4s %4s  %s\n", f.name, f.value.width,
                value_of(f, lowp::max_finite(f)), value_of(f, lowp::min_positive(f)),
                lowp::has_infinity(f) ? "yes" : "-", lowp::has_nan(f) ? "yes" : "-", f.description);
  }
}
