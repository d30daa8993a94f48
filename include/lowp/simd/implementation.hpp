// SPDX-License-Identifier: Apache-2.0
/// \file
/// The definitions behind convert.hpp, for every instruction set that Highway knows here. One unit
/// of a program includes this header, before any header of Highway, and links Highway's library.
#ifndef LOWP_SIMD_IMPLEMENTATION_HPP
#define LOWP_SIMD_IMPLEMENTATION_HPP

#if defined(HWY_HIGHWAY_INCLUDED) || defined(HIGHWAY_HWY_FOREACH_TARGET_H_)
#error "lowp: include <lowp/simd/implementation.hpp> before any header of Highway"
#endif
#ifndef HWY_WANT_AVX3_DL
#define HWY_WANT_AVX3_DL 1  // without it Highway 1.0.3 refuses -march=native where that has VNNI
#endif
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lowp/simd/count-inl.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

// The order of these three matters.
// clang-format off
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include "count-inl.hpp"
// clang-format on

#include "convert.hpp"

namespace lowp {

namespace simd {

HWY_EXPORT(convert_planned);
HWY_EXPORT(convert_counted);
HWY_EXPORT(target_name);

void convert(const plan& p, const std::byte* in, std::byte* out, std::uint64_t n,
             std::uint64_t first, conversion_counts* counts) noexcept {
  if (counts != nullptr) {
    const counter k = make_counter(p);
    HWY_DYNAMIC_DISPATCH(convert_counted)(p, k, in, out, n, first, *counts);
    return;
  }
  HWY_DYNAMIC_DISPATCH(convert_planned)(p, in, out, n, first);
}

const char* instruction_set() noexcept {
  return HWY_DYNAMIC_DISPATCH(target_name)();
}

}  // namespace simd

namespace detail {

/// Elements below which a thread costs more than it gains, and a whole number of tiles.
inline constexpr std::uint64_t elements_per_thread = std::uint64_t{1} << 18;

[[noreturn]] inline void refuse(const std::string& what) {
  throw array_error("lowp::convert: " + what);
}

inline void check_layout(const char* name, const array_layout& a) {
  const packing_error e = check(a);
  if (e == packing_error::none) return;
  const char* rule = e == packing_error::format ? message(check(a.f)) : message(e);
  refuse(std::string(name) + ": " + rule + " (width " + std::to_string(a.f.width) + ", slot " +
         std::to_string(a.pack.slot) + ", lift " + std::to_string(a.pack.lift) + ", group " +
         std::to_string(a.pack.group) + ", step " + std::to_string(a.pack.step) + ", run " +
         std::to_string(a.pack.run) + ", padding " + std::to_string(a.pack.padding) + ")");
}

inline void check_size(const char* name, std::size_t have, const array_layout& a, std::size_t n) {
  // Counted in bits first: bytes_of may wrap for absurd n.
  const bool absurd = n > (std::uint64_t{1} << 52);
  if (!absurd && have >= bytes_of(a, n)) return;
  refuse(std::string(name) + " has " + std::to_string(have) + " bytes, " + std::to_string(n) +
         " elements of " + std::to_string(a.f.width) + " bits need " +
         (absurd ? "more than memory has" : std::to_string(bytes_of(a, n))));
}

/// Parts of an array for threads.
struct array_parts {
  const simd::plan& p;
  const std::byte* in;
  std::byte* out;
  std::uint64_t n;
  std::uint64_t each;  ///< elements of a part, whole tiles
  std::uint64_t first;
  std::vector<conversion_counts> counts;  ///< of every part, or none

  static void run(void* self, std::size_t i) {
    array_parts& a = *static_cast<array_parts*>(self);
    const std::uint64_t start = i * a.each;
    const std::uint64_t here = std::min(a.each, a.n - start);
    simd::convert(a.p, a.in + bytes_of(a.p.c.from, start), a.out + bytes_of(a.p.c.to, start), here,
                  a.first + start, a.counts.empty() ? nullptr : &a.counts[i]);
  }
};

inline void run_threads(void*, std::size_t tasks, void (*task)(void*, std::size_t), void* data) {
  std::vector<std::thread> threads;
  threads.reserve(tasks);
  for (std::size_t i = 1; i < tasks; ++i) threads.emplace_back(task, data, i);
  task(data, 0);
  for (std::thread& t : threads) t.join();
}

}  // namespace detail

std::size_t convert(std::span<const std::byte> in, const array_layout& from,
                    std::span<std::byte> out, const array_layout& to, std::size_t n,
                    const projection& p, const array_options& options) {
  detail::check_layout("from", from);
  detail::check_layout("to", to);
  detail::check_size("in", in.size(), from, n);
  detail::check_size("out", out.size(), to, n);
  const std::size_t bytes = bytes_of(to, n);
  if (n == 0) return bytes;
  const std::byte* in_end = in.data() + bytes_of(from, n);
  const bool overlap = std::less<>()(in.data(), out.data() + bytes) &&
                       std::less<>()(static_cast<const std::byte*>(out.data()), in_end);
  const bool in_place = in.data() == out.data();
  if (overlap && !in_place) detail::refuse("out overlaps in without beginning where it does");
  if (in_place && bytes_of(to, packing_tile) > bytes_of(from, packing_tile)) {
    detail::refuse("out is in, but a code of `to` takes more room than one of `from`");
  }
  const array_conversion conversion{from, to, p, options.random};
  // A plan pays for arrays that are not small.
  if (n < packing_tile) {
    convert_array(conversion, in.data(), out.data(), n, options.first, options.counts);
    return bytes;
  }
  const simd::plan plan = simd::make_plan(conversion);
  std::uint64_t threads =
      options.threads != 0 ? options.threads : std::max(1u, std::thread::hardware_concurrency());
  threads = std::min<std::uint64_t>(threads, n / detail::elements_per_thread + 1);
  if (in_place && bytes_of(to, packing_tile) != bytes_of(from, packing_tile)) threads = 1;
  std::uint64_t each = (n + threads - 1) / threads;
  each = (each + packing_tile - 1) / packing_tile * packing_tile;
  const std::size_t tasks = (n + each - 1) / each;
  detail::array_parts parts{plan, in.data(), out.data(), n, each, options.first, {}};
  if (options.counts != nullptr) parts.counts.resize(tasks);
  if (tasks == 1) {
    detail::array_parts::run(&parts, 0);
  } else {
    const auto run = options.pool.run != nullptr ? options.pool.run : detail::run_threads;
    run(options.pool.pool, tasks, detail::array_parts::run, &parts);
  }
  for (const conversion_counts& c : parts.counts) {
    options.counts->nan += c.nan;
    options.counts->overflow += c.overflow;
    options.counts->underflow += c.underflow;
  }
  return bytes;
}

}  // namespace lowp

#endif  // LOWP_SIMD_IMPLEMENTATION_HPP
