// SPDX-License-Identifier: Apache-2.0
/// \file
/// Products of matrices around a kernel: packing, slices, promotion, threads; elements that the
/// kernel does not do, and units without one, by the definition. spec/gemm.md GEM-5.
#ifndef LOWP_HARDWARE_GEMM_GEMM_DRIVER_HPP
#define LOWP_HARDWARE_GEMM_GEMM_DRIVER_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "gemm_accumulators.hpp"
#include "gemm_definition.hpp"

namespace lowp::simd {

class gemm_driver {
 public:
  LOWP_UNIT gemm_driver(const gemm_job& job, const gemm_kernel* kernel)
      : job_(job),
        kernel_(kernel),
        definition_(job),
        accumulators_(job),
        chained_(lowp::detail::chained_unit(job.rule->unit)) {
    if (kernel == nullptr) return;
    // A panel of a segment stays in the first level of cache.
    const std::size_t fitting = (std::size_t{28} << 10) / kernel->bytes_b;
    segments_ = segments_of(*job.rule, job.instructions, std::max<std::size_t>(1, fitting));
  }

  LOWP_UNIT void run(const thread_options& options) {
    const std::size_t m = job_.d.rows, n = job_.d.columns;
    if (m == 0 || n == 0) return;
    if (kernel_ == nullptr) return definition_.run(options);
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
    unpacked_panel unpacked;
  };

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
            accumulators_.load_c(place_of(block, column + p * columns), begin + p * in_panel,
                                 w.redo.data() + p * in_panel, promotes);
          }
        }
        if (promotes) std::fill(accumulators, accumulators + elements, Value{});
      }
      if (s.first < s.last) run_segment(block, s, count, accumulators, w);
      if (s.promotes) {
        accumulators_.add(sums, accumulators, sums, elements);
        std::fill(accumulators, accumulators + elements, Value{});
      }
      if (s.ends && job_.rule->slices > 1) {
        const Value* const from = promotes ? sums : accumulators;
        std::copy(from, from + elements, results + s.slice * elements);
      }
    }
    const Value* done = promotes ? sums : accumulators;
    if (job_.rule->slices > 1) done = accumulators_.join(results, elements);
    for (std::size_t p = 0; p < count; ++p) {
      store(place_of(block, column + p * columns), done + p * in_panel,
            w.redo.data() + p * in_panel, block.special, w.special.data() + p * columns,
            w.unpacked);
    }
  }

  LOWP_UNIT panel_place place_of(const row_block& block, std::size_t column) const noexcept {
    return {block.first, block.rows, column, static_cast<std::size_t>(kernel_->columns)};
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
                         panel_of(w, p), s.first, s.last, s.step, &kernel_->plan, accumulators + at,
                         w.redo.data() + at});
        }
      }
    }
  }

  /// Results of a panel to D; what the kernel did not do by the definition. `special`: rows and
  /// columns of factors that it does not take.
  template <class Value>
  LOWP_UNIT void store(const panel_place& at, const Value* x, const unsigned char* redo,
                       const unsigned char* special_row, const unsigned char* special_column,
                       unpacked_panel& w) {
    const gemm_values values(job_.rule->unit.d);
    const std::size_t width = accumulators_.width_of(at);
    const bool has_special =
        std::any_of(special_column, special_column + at.columns, [](auto f) { return f != 0; });
    w.has_column.assign(at.columns, 0);
    for (std::size_t i = 0; i < at.rows; ++i, x += at.columns, redo += at.columns) {
      const std::size_t row = at.row + i;
      const auto is_kernels = [&](std::size_t j) {
        if constexpr (std::is_floating_point_v<Value>) {
          if (is_nan_number(x[j])) return false;
        }
        return redo[j] == 0;
      };
      bool is_plain = !has_special && special_row[i] == 0;
      for (std::size_t j = 0; j < width; ++j) is_plain = is_plain && is_kernels(j);
      if (is_plain && accumulators_.store_row(values, x, row, at.column, width)) continue;
      bool has_row = false;
      for (std::size_t j = 0; j < width; ++j) {
        const bool by_definition = !is_kernels(j) || special_row[i] != 0 || special_column[j] != 0;
        job_.d.set(row, at.column + j,
                   by_definition ? definition_.element(row, at.column, j, has_row, w)
                                 : accumulators_.code_of(values, x[j]));
      }
    }
  }

  const gemm_job& job_;
  const gemm_kernel* kernel_;
  gemm_definition definition_;
  gemm_accumulators accumulators_;
  mma_model chained_;
  std::vector<gemm_segment> segments_;
};

}  // namespace lowp::simd

#endif  // LOWP_HARDWARE_GEMM_GEMM_DRIVER_HPP
