// SPDX-License-Identifier: Apache-2.0
/// \file
/// Accumulators in memory: from C, added to each other, to D. spec/gemm.md GEM-3, GEM-4, GEM-5.
#ifndef LOWP_HARDWARE_GEMM_GEMM_ACCUMULATORS_HPP
#define LOWP_HARDWARE_GEMM_GEMM_ACCUMULATORS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "gemm_job.hpp"
#include "gemm_values.hpp"

namespace lowp::simd {

/// The part of D that a panel is: rows from `row` on, columns of the kernel from `column` on.
struct panel_place {
  std::size_t row = 0, rows = 0, column = 0, columns = 0;
};

/// Accumulators of a panel, row by row.
class gemm_accumulators {
 public:
  LOWP_UNIT explicit gemm_accumulators(const gemm_job& job) noexcept : job_(job) {}

  /// Columns of the panel that D has.
  LOWP_UNIT std::size_t width_of(const panel_place& at) const noexcept {
    return std::min(at.columns, job_.d.columns - at.column);
  }

  /// C in the format of d, if it `reads` as the unit would; infinities and NaNs to `redo`.
  template <class Value>
  LOWP_UNIT void load_c(const panel_place& at, Value* out, unsigned char* redo, bool reads) const {
    const mma_model& m = job_.rule->unit;
    const gemm_values values(m.c), of_d(m.d);
    const std::size_t columns = at.columns, width = width_of(at);
    const bool is_memory = job_.c.column_stride == 1 && m.c == m.d && m.read_c == projection{} &&
                           job_.c.bytes == static_cast<int>(sizeof(Value)) &&
                           is_memory_of<Value>(m.c);
    for (std::size_t i = 0; i < at.rows; ++i) {
      if (is_memory) {
        Value* const x = out + i * columns;
        std::memcpy(x, job_.c.data + job_.c.place(at.row + i, at.column), width * sizeof(Value));
        if constexpr (std::is_floating_point_v<Value>) {
          for (std::size_t j = 0; j < width; ++j) {
            if (is_special_number(x[j])) redo[i * columns + j] = 1;
          }
        }
        continue;
      }
      for (std::size_t j = 0; j < width; ++j) {
        const code_t c = job_.c_at(at.row + i, at.column + j);
        Value& x = out[i * columns + j];
        if constexpr (sizeof(Value) == 8) {
          x = reads ? of_d.to_double(lowp::detail::gemm_read_c(m, c)) : values.to_double(c);
          if (is_special_number(x)) redo[i * columns + j] = 1;
        } else if constexpr (std::is_floating_point_v<Value>) {
          x = reads && !(m.c == m.d && m.read_c == projection{})
                  ? of_d.to_float(lowp::detail::gemm_read_c(m, c))
                  : values.to_float(c);
          if (is_special_number(x)) redo[i * columns + j] = 1;
        } else {
          x = static_cast<Value>(lowp::detail::gemm_read_c(m, c));
        }
      }
    }
  }

  /// Sums rounded to nearest in the format of d.
  template <class Value>
  LOWP_UNIT void add(const Value* x, const Value* y, Value* out, std::size_t n) const {
    const mma_model& m = job_.rule->unit;
    const gemm_values values(m.d);
    for (std::size_t i = 0; i < n; ++i) {
      if constexpr (sizeof(Value) == 8) {
        out[i] = m.d == formats::binary64
                     ? x[i] + y[i]
                     : values.to_double(lowp::detail::gemm_add(m, values.from_double(x[i]),
                                                               values.from_double(y[i])));
      } else if constexpr (std::is_floating_point_v<Value>) {
        out[i] = m.d == formats::binary32
                     ? x[i] + y[i]
                     : values.to_float(lowp::detail::gemm_add(m, values.from_float(x[i]),
                                                              values.from_float(y[i])));
      } else {
        out[i] = static_cast<Value>(lowp::detail::gemm_add(m, x[i], y[i]));
      }
    }
  }

  /// Joins the results of slices in place; returns where they end up.
  template <class Value>
  LOWP_UNIT const Value* join(Value* s, std::size_t n) const {
    std::uint32_t count = job_.rule->slices;
    if (job_.rule->join == slice_order::pairwise) {
      while (count > 1) {
        std::uint32_t out = 0;
        for (std::uint32_t i = 0; i + 1 < count; i += 2) {
          add(s + i * n, s + (i + 1) * n, s + out++ * n, n);
        }
        if (count % 2 != 0) {
          std::copy(s + (count - 1) * n, s + count * n, s + out * n);
          ++out;
        }
        count = out;
      }
      return s;
    }
    const bool ascends = job_.rule->join == slice_order::ascending;
    Value* const sum = ascends ? s : s + (count - 1) * n;
    for (std::uint32_t i = 1; i < count; ++i) {
      add(sum, s + (ascends ? i : count - 1 - i) * n, sum, n);
    }
    return sum;
  }

  /// Numbers in memory are codes of the format.
  template <class Value>
  LOWP_UNIT static bool is_memory_of(format f) noexcept {
    if constexpr (std::is_same_v<Value, float>) return f == formats::binary32;
    if constexpr (std::is_same_v<Value, double>) return f == formats::binary64;
    return f.width == 32;
  }

  template <class Value>
  LOWP_UNIT static code_t code_of(const gemm_values& values, Value x) {
    if constexpr (std::is_same_v<Value, float>) {
      return values.from_float(x);
    } else if constexpr (std::is_same_v<Value, double>) {
      return values.from_double(x);
    } else {
      return x;
    }
  }

  /// The usual layouts of D; false: another.
  template <class Value>
  LOWP_UNIT bool store_row(const gemm_values& values, const Value* x, std::size_t row,
                           std::size_t column, std::size_t width) const {
    if (job_.d.column_stride != 1) return false;
    std::byte* const out = job_.d.data + job_.d.place(row, column);
    const format d = job_.rule->unit.d;
    if (job_.d.bytes == static_cast<int>(sizeof(Value)) && is_memory_of<Value>(d)) {
      std::memcpy(out, x, width * sizeof(Value));
      return true;
    }
    if (job_.d.bytes != 2) return false;
    for (std::size_t j = 0; j < width; ++j) {
      const auto c = static_cast<std::uint16_t>(code_of(values, x[j]));
      std::memcpy(out + 2 * j, &c, 2);
    }
    return true;
  }

 private:
  const gemm_job& job_;
};

}  // namespace lowp::simd

#endif  // LOWP_HARDWARE_GEMM_GEMM_ACCUMULATORS_HPP
