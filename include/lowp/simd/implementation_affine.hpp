// SPDX-License-Identifier: Apache-2.0
/// \file
/// The definitions behind affine_array.hpp, for the instruction sets of spec/bulk.md BLK-1, chosen
/// when the program runs. One unit of a program includes this header, before any header of Highway,
/// and links Highway's library; it calls what implementation_convert.hpp defines in another.
#ifndef LOWP_SIMD_IMPLEMENTATION_AFFINE_HPP
#define LOWP_SIMD_IMPLEMENTATION_AFFINE_HPP

#include "implementation_targets.hpp"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lowp/simd/affine_kernels-inl.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>

// The order of these three matters.
// clang-format off
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include "affine_kernels-inl.hpp"
// clang-format on

#include "affine_array.hpp"
#include "argument_checks.hpp"
#include "row_parts.hpp"

namespace lowp {

namespace simd {

HWY_EXPORT(quantise_run);
HWY_EXPORT(dequantise_run);
HWY_EXPORT(hadamard_rows_planned);

void transform(const hadamard_plan& p, float* x, std::uint64_t rows, std::uint64_t columns,
               std::uint64_t pitch) {
  HWY_DYNAMIC_DISPATCH(hadamard_rows_planned)(p, x, rows, columns, pitch);
}

namespace {

void encode_run(const affine_run& r, const float* in, std::uint64_t n, std::uint8_t* codes) {
  HWY_DYNAMIC_DISPATCH(quantise_run)(r, in, n, codes);
}
void decode_run(const affine_run& r, const std::uint8_t* codes, std::uint64_t n, float* out) {
  HWY_DYNAMIC_DISPATCH(dequantise_run)(r, codes, n, out);
}

/// Elements that go through the cache at a time where codes are packed.
inline constexpr std::uint64_t affine_chunk = 4096;

/// The first element behind i that has other parameters, or follows on elements that have.
std::uint64_t run_end(const tiling& t, std::uint64_t i) noexcept {
  const auto next = [](std::uint64_t place, std::uint64_t tile, std::uint64_t size) {
    return std::min<std::uint64_t>(place - place % tile + std::min(tile, size), size);
  };
  const std::uint64_t row = i / t.size[2], column = i % t.size[2];
  if (t.tile[2] < t.size[2]) return i - column + next(column, t.tile[2], t.size[2]);
  const std::uint64_t plane = row / t.size[1], place = row % t.size[1];
  if (t.tile[1] < t.size[1]) return (row - place + next(place, t.tile[1], t.size[1])) * t.size[2];
  return next(plane, t.tile[0], t.size[0]) * t.size[1] * t.size[2];
}

/// Calls body(run, first, n) for runs of elements first...last - 1.
template <class Body>
void for_runs(const tiling& t, std::span<const affine<>> parameters, affine_run run,
              std::uint64_t first, std::uint64_t last, const Body& body) {
  while (first < last) {
    const std::uint64_t end = std::min(run_end(t, first), last);
    const affine<>& a = parameters[tile_of(t, first)];
    run.parameters = {machine_binary32::from_bits(real_bits(a.scale)), a.zero_point};
    body(run, first, end - first);
    first = end;
  }
}

}  // namespace

}  // namespace simd

namespace detail {

LOWP_UNIT inline void check_affine(const argument_checks& check, const tiling& t,
                                   std::size_t parameters, std::size_t numbers, const char* name,
                                   const array_layout& a, std::size_t bytes) {
  if (const tiling_error e = lowp::check(t); e != tiling_error::none) {
    check.refuse(std::string("t: ") + message(e));
  }
  const auto sized = [&](const char* what, std::size_t have, std::size_t need) {
    if (have == need) return;
    check.refuse(std::string(what) + " has " + std::to_string(have) + " elements, the tiling " +
                 std::to_string(need));
  };
  sized("parameters", parameters, tile_count(t));
  sized("numbers", numbers, element_count(t));
  check.layout(name, a);
  const format integers = integer_format(a.f.width, a.f.is_signed);
  if (a.f != integers || a.f.width > 32 || (a.f.width == 32 && !a.f.is_signed)) {
    check.refuse(std::string(name) + " has width " + std::to_string(a.f.width) + ": " +
                 message(affine_array_error::integers));
  }
  check.rows(name, bytes, a, 1, numbers, 0);
}

/// The integers that fit a format, for `integer_range`.
LOWP_UNIT inline bool lies_within(integer_range q, integer_range all) {
  return all.lowest <= q.lowest && q.lowest <= q.greatest && q.greatest <= all.greatest;
}

/// Parts of an array whose codes begin at whole bytes in any layout.
template <class Body>
LOWP_UNIT void for_parts_of_array(const thread_options& options, std::uint64_t n,
                                  const Body& body) {
  const part_split parts = split(options, n, packing_tile, 1);
  for_each_part(options, parts.count, [&](std::size_t i) {
    const simd::float_environment guard;
    const std::uint64_t first = i * parts.each;
    body(first, std::min(first + parts.each, n));
  });
}

}  // namespace detail

std::size_t quantise_array(const quantise_rule& rule, const tiling& t,
                           std::span<const affine<>> parameters, integer_range q,
                           std::span<const float> numbers, const array_layout& to,
                           std::span<std::byte> out, const thread_options& options) {
  const detail::argument_checks check{"quantise_array"};
  detail::check_affine(check, t, parameters.size(), numbers.size(), "out", to, out.size());
  const integer_range all = range_of(to.f);
  if (!detail::lies_within(q, all)) {
    const auto text = [](integer_range r) {
      return std::to_string(r.lowest) + "..." + std::to_string(r.greatest);
    };
    check.refuse("q is " + text(q) + ": it must be a range within " + text(all));
  }
  const std::uint64_t n = numbers.size(), bytes = bytes_of(to, n);
  check.apart({"numbers", numbers.data(), 4 * n}, {"out", out.data(), bytes});
  check.apart({"parameters", parameters.data(), parameters.size_bytes()},
              {"out", out.data(), bytes});
  if (n == 0) return 0;
  const simd::affine_run run{{}, q, rule, to.f};
  // Wide codes, and small arrays of packed ones, element by element.
  const bool plain = to.f.width == 8 && simd::is_plain(to.pack);
  if (to.f.width > 8 || (!plain && n < packing_tile)) {
    std::memset(out.data(), 0, bytes);  // bits that hold no element
    detail::for_parts_of_array(options, n, [&](std::uint64_t first, std::uint64_t last) {
      for (std::uint64_t i = first; i < last; ++i) {
        const affine<>& a = parameters[tile_of(t, i)];
        const affine<simd::machine_binary32> p{
            simd::machine_binary32::from_bits(real_bits(a.scale)), a.zero_point};
        const std::int32_t code = quantise(rule, simd::real_at(&numbers[i]), p, q);
        write_code(to, out.data(), i, integer_code(to.f, code, integer_overflow::wrap));
      }
    });
    return bytes;
  }
  std::unique_ptr<const simd::plan> pack;
  if (!plain) {
    pack = std::make_unique<simd::plan>(simd::make_plan({{to.f, {}}, to, {}, {}}));
  }
  detail::for_parts_of_array(options, n, [&](std::uint64_t first, std::uint64_t last) {
    std::uint8_t codes[simd::affine_chunk];
    for (std::uint64_t i = first; i < last;) {
      const std::uint64_t end = plain ? last : std::min(i + simd::affine_chunk, last);
      auto* const at = plain ? reinterpret_cast<std::uint8_t*>(out.data()) + i : codes;
      simd::for_runs(t, parameters, run, i, end,
                     [&](const simd::affine_run& r, std::uint64_t from, std::uint64_t count) {
                       simd::encode_run(r, numbers.data() + from, count, at + (from - i));
                     });
      if (!plain) {
        simd::convert(*pack, reinterpret_cast<const std::byte*>(codes),
                      out.data() + bytes_of(to, i), end - i);
      }
      i = end;
    }
  });
  return bytes;
}

std::size_t dequantise_array(const tiling& t, std::span<const affine<>> parameters,
                             const array_layout& from, std::span<const std::byte> in,
                             std::span<float> numbers, scaling how, const thread_options& options) {
  const detail::argument_checks check{"dequantise_array"};
  detail::check_affine(check, t, parameters.size(), numbers.size(), "in", from, in.size());
  const std::uint64_t n = numbers.size();
  check.apart({"in", in.data(), bytes_of(from, n)}, {"numbers", numbers.data(), 4 * n});
  check.apart({"parameters", parameters.data(), parameters.size_bytes()},
              {"numbers", numbers.data(), 4 * n});
  if (n == 0) return 0;
  simd::affine_run run{{}, {}, {}, from.f};
  run.rule.scale = how;
  const bool plain = from.f.width == 8 && simd::is_plain(from.pack);
  if (from.f.width > 8 || (!plain && n < packing_tile)) {
    detail::for_parts_of_array(options, n, [&](std::uint64_t first, std::uint64_t last) {
      for (std::uint64_t i = first; i < last; ++i) {
        const affine<>& a = parameters[tile_of(t, i)];
        const affine<simd::machine_binary32> p{
            simd::machine_binary32::from_bits(real_bits(a.scale)), a.zero_point};
        const auto q =
            static_cast<std::int32_t>(integer_value(from.f, read_code(from, in.data(), i)));
        const std::uint32_t x = real_bits(dequantise(q, p, how));
        std::memcpy(&numbers[i], &x, 4);
      }
    });
    return 4 * n;
  }
  std::unique_ptr<const simd::plan> unpack;
  if (!plain) {
    unpack = std::make_unique<simd::plan>(simd::make_plan({from, {from.f, {}}, {}, {}}));
  }
  detail::for_parts_of_array(options, n, [&](std::uint64_t first, std::uint64_t last) {
    std::uint8_t codes[simd::affine_chunk];
    for (std::uint64_t i = first; i < last;) {
      const std::uint64_t end = plain ? last : std::min(i + simd::affine_chunk, last);
      const auto* at = reinterpret_cast<const std::uint8_t*>(in.data()) + i;
      if (!plain) {
        simd::convert(*unpack, in.data() + bytes_of(from, i), reinterpret_cast<std::byte*>(codes),
                      end - i);
        at = codes;
      }
      simd::for_runs(t, parameters, run, i, end,
                     [&](const simd::affine_run& r, std::uint64_t begin, std::uint64_t count) {
                       simd::decode_run(r, at + (begin - i), count, numbers.data() + begin);
                     });
      i = end;
    }
  });
  return 4 * n;
}

namespace detail {

LOWP_UNIT inline void transform_rows(const char* name, const simd::hadamard_plan& plan,
                                     std::span<float> x, std::uint64_t rows, std::uint64_t columns,
                                     std::uint64_t pitch, const thread_options& options) {
  const argument_checks check{name};
  const hadamard_transform& t = plan.transform;
  switch (const hadamard_error e = lowp::check(t, columns, pitch); e) {
    case hadamard_error::none: break;
    case hadamard_error::size:
      check.refuse("t.size is " + std::to_string(t.size) + ": " + message(e));
    case hadamard_error::columns:
      check.refuse("columns is " + std::to_string(columns) + ": " + message(e));
    case hadamard_error::pitch:
      check.refuse("pitch is " + std::to_string(pitch) + ": " + message(e));
  }
  if (rows == 0 || columns == 0) return;
  if (columns > x.size() || (rows > 1 && pitch > (x.size() - columns) / (rows - 1))) {
    check.refuse("x has " + std::to_string(x.size()) + " numbers: " + std::to_string(rows) +
                 " rows of " + std::to_string(columns) + ", " + std::to_string(pitch) +
                 " apart, need more");
  }
  for_parts_of_rows(options, rows, columns, [&](std::uint64_t first, std::uint64_t n) {
    simd::transform(plan, x.data() + first * pitch, n, columns, pitch);
  });
}

}  // namespace detail

void hadamard_rows(const hadamard_transform& t, std::span<float> x, std::uint64_t rows,
                   std::uint64_t columns, std::uint64_t pitch, const thread_options& options) {
  detail::transform_rows("hadamard_rows", {t, false}, x, rows, columns, pitch, options);
}

void inverse_hadamard_rows(const hadamard_transform& t, std::span<float> y, std::uint64_t rows,
                           std::uint64_t columns, std::uint64_t pitch,
                           const thread_options& options) {
  detail::transform_rows("inverse_hadamard_rows", {t, true}, y, rows, columns, pitch, options);
}

}  // namespace lowp

#endif  // LOWP_SIMD_IMPLEMENTATION_AFFINE_HPP
