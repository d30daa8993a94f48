// SPDX-License-Identifier: Apache-2.0
/// \file
/// The registry of post-training quantisers of embedding tables: how the range that a row's codes
/// cover is chosen. A new one is an enumerator, a row and a case. Those with code books are in
/// table_codebook.hpp. What they lose: spec/tables.md TAB-8, TAB-14.
#ifndef LOWP_INTEGER_TABLE_QUANTISERS_HPP
#define LOWP_INTEGER_TABLE_QUANTISERS_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "table_histogram.hpp"
#include "table_search.hpp"

namespace lowp {

/// A way to choose ranges.
enum class table_method : std::uint8_t {
  symmetric,
  golden_section,
  asymmetric,
  analytic,
  approximate_histogram,
  histogram,
  greedy,
};

/// A quantiser, its published name and where that comes from.
struct table_quantiser {
  std::string_view name;
  table_method method;
  const char* source;
};

// One quantiser a row, kept by hand.
// clang-format off
inline constexpr table_quantiser table_quantisers[] = {
    {"SYM", table_method::symmetric, "arXiv 1911.02079; range -max|x|...max|x| in 2^b - 2 steps"},
    {"GSS", table_method::golden_section, "arXiv 1911.02079; golden-section search of the SYM range"},
    {"ASYM", table_method::asymmetric, "arXiv 1911.02079; FBGEMM rows"},
    {"ACIQ", table_method::analytic, "arXiv 1810.05723"},
    {"HIST-APPRX", table_method::approximate_histogram, "caffe2/quantization/server/norm_minimization.cc, non-linear search"},
    {"HIST-BRUTE", table_method::histogram, "the same file, brute force"},
    {"GREEDY", table_method::greedy, "Caffe2 and torch.choose_qparams_optimized"},
};
// clang-format on

/// Number of registered quantisers.
inline constexpr std::size_t table_quantiser_count =
    sizeof(table_quantisers) / sizeof(table_quantisers[0]);

/// The range for a row of n > 0 elements by options that `check` allows. Rows of one value, or of
/// an infinite range, keep that of ASYM or SYM.
template <binary32_real Real>
LOWP_FN row_range<Real> choose_range(table_method method, const Real* row, std::uint64_t n,
                                     const table_options& o) noexcept {
  switch (method) {
    case table_method::symmetric: return symmetric_range(detail::largest_magnitude(row, n, 0), o);
    case table_method::golden_section: return golden_section_range(row, n, o);
    case table_method::asymmetric: return asymmetric_range(row, n);
    case table_method::analytic: return analytic_range(row, n, o);
    case table_method::approximate_histogram: return approximate_histogram_range(row, n, o);
    case table_method::histogram: return histogram_range(row, n, o);
    case table_method::greedy: return greedy_range(row, n, o);
  }
  return asymmetric_range(row, n);
}

/// The range for each row of a table. Nothing is written where a rule is broken.
template <binary32_real Real>
LOWP_FN table_error choose_ranges(table_method method, std::span<const Real> numbers,
                                  std::uint64_t columns, std::span<row_range<Real>> ranges,
                                  const table_options& o) noexcept {
  if (const table_error e = check(o); e != table_error::none) return e;
  if (columns == 0 || numbers.size() % columns != 0 || ranges.size() != numbers.size() / columns) {
    return table_error::shape;
  }
  for (std::uint64_t r = 0; r < ranges.size(); ++r) {
    ranges[r] = choose_range(method, numbers.data() + r * columns, columns, o);
  }
  return table_error::none;
}

}  // namespace lowp

#endif  // LOWP_INTEGER_TABLE_QUANTISERS_HPP
