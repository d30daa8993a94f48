// SPDX-License-Identifier: Apache-2.0
/// \file
/// The registry of post-training quantisers of embedding tables: how the range that a row's codes
/// cover is chosen. A new one is an enumerator, a row and a case. Those with code books are in
/// code_book.hpp. What they lose: spec/tables.md TAB-8, TAB-14.
#ifndef LOWP_INTEGER_TABLE_QUANTISERS_HPP
#define LOWP_INTEGER_TABLE_QUANTISERS_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include "../../detail/find_row.hpp"
#include "range_search.hpp"
#include "row_histogram.hpp"

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

/// A quantiser that somebody published.
struct named_table_quantiser {
  const char* name;
  table_method value;
  const char* description;  ///< with the published name
  const char* source;

  /// A row stands for its method.
  LOWP_FN operator table_method() const noexcept { return value; }
};

// One quantiser a row, kept by hand.
// clang-format off
/// The published quantisers. spec/tables.md TAB-8.
inline constexpr named_table_quantiser all_table_quantisers[] = {
    {"sym", table_method::symmetric, "SYM: -max|x| to max|x| in 2^b - 2 steps", "arXiv 1911.02079"},
    {"gss", table_method::golden_section, "GSS: golden-section search of the range of SYM", "arXiv 1911.02079"},
    {"asym", table_method::asymmetric, "ASYM: least to greatest, as FBGEMM's rows", "arXiv 1911.02079"},
    {"aciq", table_method::analytic, "ACIQ: around the mean, by the deviation", "arXiv 1810.05723"},
    {"hist_apprx", table_method::approximate_histogram, "HIST-APPRX: on a histogram, from both ends inwards", "caffe2/quantization/server/norm_minimization.cc, non-linear search"},
    {"hist_brute", table_method::histogram, "HIST-BRUTE: all ranges of a histogram", "caffe2/quantization/server/norm_minimization.cc, brute force"},
    {"greedy", table_method::greedy, "GREEDY: step by step from both sides", "Caffe2 and torch.choose_qparams_optimized"},
};
// clang-format on

/// Number of registered quantisers.
inline constexpr std::size_t table_quantiser_count =
    sizeof(all_table_quantisers) / sizeof(all_table_quantisers[0]);

/// The quantiser of this name, or null.
LOWP_FN const named_table_quantiser* find_table_quantiser(const char* name) noexcept {
  return detail::find_row(all_table_quantisers, name);
}

/// The range for a row of n > 0 elements by options that `check` allows. Rows of one value, or of
/// an infinite range, keep that of ASYM or SYM.
template <binary32_real Real>
LOWP_FN row_range<Real> choose_range(table_method method, const Real* row, std::uint64_t n,
                                     const table_options& o) noexcept {
  switch (method) {
    case table_method::symmetric:
      return symmetric_range(detail::largest_magnitude<Real>(row, n, 0), o);
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
template <binary32_real Real = float32>
LOWP_FN table_error choose_ranges(table_method method,
                                  std::span<const std::type_identity_t<Real>> numbers,
                                  std::uint64_t columns,
                                  std::span<std::type_identity_t<row_range<Real>>> ranges,
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
