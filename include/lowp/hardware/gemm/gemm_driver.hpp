// SPDX-License-Identifier: Apache-2.0
/// \file
/// Products of matrices around a kernel: packing, slices, promotion, threads; elements that the
/// kernel does not do, and units without one, by the definition. spec/gemm.md GEM-5.
#ifndef LOWP_HARDWARE_GEMM_GEMM_DRIVER_HPP
#define LOWP_HARDWARE_GEMM_GEMM_DRIVER_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <type_traits>
#include <vector>

#include "../../simd/float_environment.hpp"
#include "../../simd/parts.hpp"
#include "gemm_kernel.hpp"
#include "gemm_values.hpp"

namespace lowp::simd {

/// Bytes at a multiple of 64.
class gemm_room {
 public:
  LOWP_UNIT explicit gemm_room(std::size_t bytes)
      : data_(static_cast<std::byte*>(::operator new (bytes + 64, std::align_val_t{64}))) {}
  gemm_room(const gemm_room&) = delete;
  gemm_room& operator=(const gemm_room&) = delete;
  LOWP_UNIT ~gemm_room() { ::operator delete (data_, std::align_val_t{64}); }
  LOWP_UNIT std::byte* data() const noexcept { return data_; }

 private:
  std::byte* data_;
};

/// What a thread does next with its panel.
struct gemm_segment {
  std::uint64_t first, last, step;
  std::uint32_t slice;
  bool begins, promotes, ends;  ///< a slice; a promotion after it; a slice
};

/// The matrices of one call, all in order.
struct gemm_job {
  const gemm_rule* rule = nullptr;
  gemm_source a, b;  ///< rows of A, columns of B
  code_matrix c;
  code_matrix_out d;
  std::uint64_t instructions = 0;
};

class gemm_driver {
 public:
  LOWP_UNIT gemm_driver(const gemm_job& job, const gemm_kernel* kernel)
      : job_(job), kernel_(kernel), chained_(lowp::detail::chained_unit(job.rule->unit)) {
    if (kernel != nullptr) plan();
  }

  LOWP_UNIT void run(const thread_options& options) {
    const std::size_t m = job_.d.rows, n = job_.d.columns;
    if (m == 0 || n == 0) return;
    if (kernel_ == nullptr) return define_all(options);
    const auto rows = static_cast<std::size_t>(kernel_->rows);
    const auto columns = static_cast<std::size_t>(kernel_->columns);
    const std::size_t group_bytes = kernel_->bytes_a * job_.instructions;
    // Rows in work: packed, they stay in the last level of cache.
    const std::size_t fitting = (std::size_t{1} << 24) / (group_bytes + 1) + 1;
    const std::size_t groups = (m + rows - 1) / rows, at_once = std::min(groups, fitting);
    const gemm_room packed(at_once * group_bytes);
    std::vector<unsigned char> special(at_once * rows);
    const std::size_t panels = (n + columns - 1) / columns;
    for (std::size_t first = 0; first < groups; first += at_once) {
      const std::size_t count = std::min(at_once, groups - first);
      std::fill(special.begin(), special.end(), static_cast<unsigned char>(0));
      in_parts(options, count, rows * job_.a.codes.columns, [&](std::size_t g, std::size_t end) {
        for (; g < end; ++g) {
          kernel_->pack_a(job_.a, (first + g) * rows, job_.instructions,
                          packed.data() + g * group_bytes, special.data() + g * rows);
        }
      });
      const row_block block{packed.data(),
                            group_bytes,
                            special.data(),
                            first * rows,
                            std::min(count * rows, m - first * rows),
                            count};
      const std::size_t at_a_time = panels_at_a_time(options, panels);
      const std::size_t weight = at_a_time * columns * block.rows * (job_.a.codes.columns + 1);
      in_parts(options, (panels + at_a_time - 1) / at_a_time, weight,
               [&](std::size_t p, std::size_t end) {
                 run_panels(block, p * at_a_time, std::min(panels, end * at_a_time), at_a_time);
               });
    }
  }

 private:
  struct row_block {
    const std::byte* packed;
    std::size_t group_bytes;
    const unsigned char* special;
    std::size_t first, rows, groups;
  };

  /// Panels that a thread works on together, so that it reads packed rows less often.
  LOWP_UNIT static std::size_t panels_at_a_time(const thread_options& options, std::size_t panels) {
    const lowp::detail::part_split parts =
        lowp::detail::split(options, panels, 1, lowp::detail::elements_per_thread);
    return std::min<std::size_t>(8, std::max<std::size_t>(1, parts.each));
  }

  /// Where a thread works: accumulators of all rows of a block and some panels, one panel after
  /// the other.
  struct bench_of_thread {
    gemm_room panel, accumulators, sums, results;
    std::vector<unsigned char> redo, special;
    std::vector<mma_operand> row, row_scales, columns, column_scales;
    std::vector<unsigned char> has_column;
  };

  template <class Body>
  LOWP_UNIT static void in_parts(const thread_options& options, std::size_t n, std::size_t weight,
                                 const Body& body) {
    const lowp::detail::part_split parts = lowp::detail::split(options, n, 1, weight);
    lowp::detail::for_each_part(options, parts.count, [&](std::size_t i) {
      const float_environment guard;
      const std::size_t first = i * parts.each;
      body(first, std::min<std::size_t>(n, first + parts.each));
    });
  }

  /// Cuts slices where promotions are, and where a panel outgrows the first level of cache.
  LOWP_UNIT void plan() {
    const gemm_rule& r = *job_.rule;
    const std::uint64_t most =
        std::max<std::uint64_t>(1, (std::uint64_t{24} << 10) / (kernel_->bytes_b + 1));
    for (std::uint32_t s = 0; s < r.slices; ++s) {
      const slice_range range = range_of_slice(r, job_.instructions, s);
      if (range.first >= range.last) {
        segments_.push_back({0, 0, 1, s, true, false, true});
        continue;
      }
      bool begins = true;
      std::uint64_t since = 0;  // instructions since the last promotion
      for (std::uint64_t i = range.first; i < range.last;) {
        std::uint64_t n = (range.last - i + range.step - 1) / range.step;
        n = std::min(n, most);
        if (r.promote_every != 0) n = std::min(n, r.promote_every - since);
        since += n;
        const std::uint64_t end = i + n * range.step;
        const bool ends = end >= range.last;
        const bool promotes = r.promote_every != 0 && (since == r.promote_every || ends);
        if (promotes) since = 0;
        segments_.push_back({i, std::min(end, range.last), range.step, s, begins, promotes, ends});
        begins = false;
        i = end;
      }
    }
  }

  LOWP_UNIT std::size_t store_bytes() const noexcept {
    return kernel_->store == gemm_store::binary64 ? 8 : 4;
  }

  LOWP_UNIT void run_panels(const row_block& block, std::size_t p, std::size_t end,
                            std::size_t at_a_time) {
    const auto columns = static_cast<std::size_t>(kernel_->columns);
    const std::size_t elements = block.groups * tile_elements() * at_a_time;
    const std::size_t bytes = elements * store_bytes();
    const bool has_sums = job_.rule->promote_every != 0;
    bench_of_thread w{gemm_room(kernel_->bytes_b * job_.instructions * at_a_time),
                      gemm_room(bytes),
                      gemm_room(has_sums ? bytes : 0),
                      gemm_room(job_.rule->slices > 1 ? bytes * job_.rule->slices : 0),
                      std::vector<unsigned char>(elements),
                      std::vector<unsigned char>(columns * at_a_time),
                      {},
                      {},
                      {},
                      {},
                      {}};
    for (; p < end; p += at_a_time) {
      const std::size_t count = std::min(at_a_time, end - p);
      switch (kernel_->store) {
        case gemm_store::binary32: run_panel<float>(block, p * columns, count, w); break;
        case gemm_store::binary64: run_panel<double>(block, p * columns, count, w); break;
        case gemm_store::code: run_panel<std::uint32_t>(block, p * columns, count, w); break;
      }
    }
  }

  LOWP_UNIT std::size_t tile_elements() const noexcept {
    return static_cast<std::size_t>(kernel_->rows) * static_cast<std::size_t>(kernel_->columns);
  }

  /// `count` panels from `column` on.
  template <class Value>
  LOWP_UNIT void run_panel(const row_block& block, std::size_t column, std::size_t count,
                           bench_of_thread& w) {
    const auto columns = static_cast<std::size_t>(kernel_->columns);
    const std::size_t in_panel = block.groups * tile_elements(), elements = in_panel * count;
    std::fill(w.special.begin(), w.special.end(), static_cast<unsigned char>(0));
    std::fill(w.redo.begin(), w.redo.end(), static_cast<unsigned char>(0));
    for (std::size_t p = 0; p < count; ++p) {
      kernel_->pack_b(job_.b, column + p * columns, job_.instructions, panel_of(w, p),
                      w.special.data() + p * columns);
    }
    auto* const accumulators = reinterpret_cast<Value*>(w.accumulators.data());
    auto* const sums = reinterpret_cast<Value*>(w.sums.data());
    auto* const results = reinterpret_cast<Value*>(w.results.data());
    const bool promotes = job_.rule->promote_every != 0;
    for (const gemm_segment& s : segments_) {
      if (s.begins) {
        Value* const begin = promotes ? sums : accumulators;
        std::fill(begin, begin + elements, Value{});
        if (s.slice == 0 && job_.c.data != nullptr) {
          for (std::size_t p = 0; p < count; ++p) {
            load_c(block, column + p * columns, begin + p * in_panel, w.redo.data() + p * in_panel,
                   promotes);
          }
        }
        if (promotes) std::fill(accumulators, accumulators + elements, Value{});
      }
      if (s.first < s.last) run_segment(block, s, count, accumulators, w);
      if (s.promotes) {
        add(sums, accumulators, sums, elements);
        std::fill(accumulators, accumulators + elements, Value{});
      }
      if (s.ends && job_.rule->slices > 1) {
        const Value* const from = promotes ? sums : accumulators;
        std::copy(from, from + elements, results + s.slice * elements);
      }
    }
    const Value* done = promotes ? sums : accumulators;
    if (job_.rule->slices > 1) done = join(results, elements);
    for (std::size_t p = 0; p < count; ++p) {
      store(block, column + p * columns, done + p * in_panel, w.redo.data() + p * in_panel,
            w.special.data() + p * columns, w);
    }
  }

  LOWP_UNIT std::byte* panel_of(const bench_of_thread& w, std::size_t p) const noexcept {
    return w.panel.data() + p * kernel_->bytes_b * job_.instructions;
  }

  /// Rows in runs that the second level of cache holds, for each of these all panels.
  template <class Value>
  LOWP_UNIT void run_segment(const row_block& block, const gemm_segment& s, std::size_t count,
                             Value* accumulators, bench_of_thread& w) {
    const std::size_t tile = tile_elements(), in_panel = block.groups * tile;
    const std::size_t bytes = kernel_->bytes_a * ((s.last - s.first) / s.step + 1);
    const std::size_t run = std::max<std::size_t>(4, (std::size_t{192} << 10) / bytes);
    for (std::size_t first = 0; first < block.groups; first += run) {
      const std::size_t end = std::min(block.groups, first + run);
      for (std::size_t p = 0; p < count; ++p) {
        for (std::size_t g = first; g < end; ++g) {
          const std::size_t at = p * in_panel + g * tile;
          kernel_->tile({&chained_, job_.rule->exponent, block.packed + g * block.group_bytes,
                         panel_of(w, p), s.first, s.last, s.step, accumulators + at,
                         w.redo.data() + at});
        }
      }
    }
  }

  /// C of a panel in the format of d.
  template <class Value>
  LOWP_UNIT void load_c(const row_block& block, std::size_t column, Value* out, unsigned char* redo,
                        bool reads) const {
    const mma_model& m = job_.rule->unit;
    const auto columns = static_cast<std::size_t>(kernel_->columns);
    const gemm_values values(m.c), of_d(m.d);
    const std::size_t width = std::min(columns, job_.d.columns - column);
    const bool is_memory = job_.c.column_stride == 1 && m.c == m.d && m.read_c == projection{} &&
                           job_.c.bytes == static_cast<int>(sizeof(Value)) &&
                           is_memory_of<Value>(m.c);
    for (std::size_t i = 0; i < block.rows; ++i) {
      if (is_memory) {
        Value* const x = out + i * columns;
        std::memcpy(x, job_.c.data + job_.c.place(block.first + i, column), width * sizeof(Value));
        if constexpr (std::is_floating_point_v<Value>) {
          for (std::size_t j = 0; j < width; ++j) {
            if (is_special_number(x[j])) redo[i * columns + j] = 1;
          }
        }
        continue;
      }
      for (std::size_t j = 0; j < width; ++j) {
        const code_t c = c_at(block.first + i, column + j);
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

  LOWP_UNIT code_t c_at(std::size_t i, std::size_t j) const noexcept {
    return job_.c.data == nullptr
               ? 0
               : job_.c.code(i, j) & lowp::detail::low_mask(job_.rule->unit.c.width);
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

  /// Results of a panel to D; what the kernel did not do by the definition.
  template <class Value>
  LOWP_UNIT void store(const row_block& block, std::size_t column, const Value* x,
                       const unsigned char* redo, const unsigned char* special,
                       bench_of_thread& w) {
    const gemm_values values(job_.rule->unit.d);
    const auto columns = static_cast<std::size_t>(kernel_->columns);
    const std::size_t width = std::min(columns, job_.d.columns - column);
    const bool has_special = std::any_of(special, special + columns, [](auto f) { return f != 0; });
    w.has_column.assign(columns, 0);
    for (std::size_t i = 0; i < block.rows; ++i, x += columns, redo += columns) {
      const std::size_t row = block.first + i;
      bool is_plain = !has_special && block.special[i] == 0;
      for (std::size_t j = 0; j < width; ++j) is_plain = is_plain && redo[j] == 0;
      if constexpr (std::is_floating_point_v<Value>) {
        bool has_nan = false;
        for (std::size_t j = 0; j < width; ++j) has_nan = has_nan || is_nan_number(x[j]);
        is_plain = is_plain && !has_nan;
      }
      if (is_plain && store_row(values, x, row, column, width)) continue;
      bool has_row = false;
      for (std::size_t j = 0; j < width; ++j) {
        bool by_definition = redo[j] != 0 || block.special[i] != 0 || special[j] != 0;
        if constexpr (std::is_floating_point_v<Value>) {
          by_definition = by_definition || is_nan_number(x[j]);
        }
        job_.d.set(row, column + j,
                   by_definition ? define(row, column, j, has_row, w) : code_of(values, x[j]));
      }
    }
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

  /// An element of a panel.
  LOWP_UNIT code_t define(std::size_t row, std::size_t column, std::size_t j, bool& has_row,
                          bench_of_thread& w) {
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
    return gemm_element(*job_.rule, x, job_.instructions, c_at(row, column + j));
  }

  /// All by the definition: columns of B unpacked a panel at a time.
  LOWP_UNIT void define_all(const thread_options& options) {
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
          job_.d.set(i, j, gemm_element(*job_.rule, x, job_.instructions, c_at(i, j)));
        }
      }
    });
  }

  const gemm_job& job_;
  const gemm_kernel* kernel_;
  mma_model chained_;
  std::vector<gemm_segment> segments_;
};

}  // namespace lowp::simd

#endif  // LOWP_HARDWARE_GEMM_GEMM_DRIVER_HPP
