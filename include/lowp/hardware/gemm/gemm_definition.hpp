// SPDX-License-Identifier: Apache-2.0
/// \file
/// Elements of products of matrices by the definition: those that a kernel does not do, or all.
/// spec/gemm.md GEM-5.
#ifndef LOWP_HARDWARE_GEMM_GEMM_DEFINITION_HPP
#define LOWP_HARDWARE_GEMM_GEMM_DEFINITION_HPP

#include <cstddef>
#include <vector>

#include "gemm_job.hpp"

namespace lowp::simd {

/// The factors of elements that the definition does, unpacked when the first one needs them.
struct unpacked_panel {
  std::vector<mma_operand> row, row_scales, columns, column_scales;
  std::vector<unsigned char> has_column;
};

/// Elements of D by the definition.
class gemm_definition {
 public:
  LOWP_UNIT explicit gemm_definition(const gemm_job& job) noexcept : job_(job) {}

  /// Element (row, column + j) of a panel from `column` on; `has_row`: its row is unpacked.
  LOWP_UNIT code_t element(std::size_t row, std::size_t column, std::size_t j, bool& has_row,
                           unpacked_panel& w) const {
    const std::size_t k = job_.instructions * job_.rule->unit.k, scales = scales_of_vector();
    if (!has_row) {
      w.row.resize(k);
      w.row_scales.resize(scales);
      unpack(job_.a, row, w.row.data(), w.row_scales.data());
      has_row = true;
    }
    if (w.has_column[j] == 0) {
      w.columns.resize(w.has_column.size() * k);
      w.column_scales.resize(w.has_column.size() * scales);
      unpack(job_.b, column + j, w.columns.data() + j * k, w.column_scales.data() + j * scales);
      w.has_column[j] = 1;
    }
    const mma_operands x{w.row.data(), w.columns.data() + j * k, w.row_scales.data(),
                         w.column_scales.data() + j * scales, job_.rule->exponent};
    return gemm_element(*job_.rule, x, job_.instructions, job_.c_at(row, column + j));
  }

  /// All by the definition: rows of A unpacked once, columns of B one at a time.
  LOWP_UNIT void run(const thread_options& options) const {
    const std::size_t m = job_.d.rows, n = job_.d.columns;
    const std::size_t k = job_.instructions * job_.rule->unit.k, scales = scales_of_vector();
    std::vector<mma_operand> a(m * k), a_scales(m * scales);
    in_parts(options, m, k + 1, [&](std::size_t i, std::size_t end) {
      for (; i < end; ++i) unpack(job_.a, i, a.data() + i * k, a_scales.data() + i * scales);
    });
    in_parts(options, n, 16 * m * (k + 1), [&](std::size_t j, std::size_t end) {
      std::vector<mma_operand> b(k), b_scales(scales);
      for (; j < end; ++j) {
        unpack(job_.b, j, b.data(), b_scales.data());
        for (std::size_t i = 0; i < m; ++i) {
          const mma_operands x{a.data() + i * k, b.data(), a_scales.data() + i * scales,
                               b_scales.data(), job_.rule->exponent};
          job_.d.set(i, j, gemm_element(*job_.rule, x, job_.instructions, job_.c_at(i, j)));
        }
      }
    });
  }

 private:
  /// Factors and scales of a vector.
  LOWP_UNIT void unpack(const gemm_source& s, std::size_t v, mma_operand* out,
                        mma_operand* scales) const {
    const mma_model& m = *s.model;
    const std::size_t k = job_.instructions * m.k;
    for (std::size_t i = 0; i < k; ++i) out[i] = s.operand(v, i);
    if (m.scale_block == 0) return;
    for (std::size_t i = 0; i < k / m.scale_block; ++i) scales[i] = s.scale(v, i);
  }

  LOWP_UNIT std::size_t scales_of_vector() const noexcept {
    const mma_model& m = job_.rule->unit;
    return m.scale_block == 0 ? 0 : job_.instructions * m.k / m.scale_block;
  }

  const gemm_job& job_;
};

}  // namespace lowp::simd

#endif  // LOWP_HARDWARE_GEMM_GEMM_DEFINITION_HPP
