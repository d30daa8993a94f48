// SPDX-License-Identifier: Apache-2.0
/// \file
/// What the bulk bench measures: conversions with the ratios to the roofline that they must reach.
#ifndef LOWP_BENCH_BULK_JOBS_HPP
#define LOWP_BENCH_BULK_JOBS_HPP

#include <string>
#include <vector>

#include <lowp/formats.hpp>
#include <lowp/pack/convert_array.hpp>

namespace bench {

/// A conversion, and its least ratios in the L2 cache and in memory.
struct job {
  std::string name;
  std::string group;  ///< jobs that have one line of the summary together
  lowp::array_conversion c;
  double gate_l2 = 0;
  double gate_dram = 0;
  bool by_avx2 = false;  ///< by the kernels for AVX2, whatever the machine has beyond
};

inline const char* name_of(lowp::rounding r) {
  constexpr const char* names[] = {"nearest-even",     "nearest-away",   "nearest-zero",
                                   "nearest-negative", "toward-zero",    "toward-positive",
                                   "toward-negative",  "away-from-zero", "to-odd",
                                   "stochastic-a",     "stochastic-b",   "stochastic-c"};
  return names[static_cast<int>(r)];
}

/// The jobs of the issue that set the gates, and every other format under every mode.
inline std::vector<job> bulk_jobs() {
  using namespace lowp;
  std::vector<job> jobs;
  const format f32 = formats::binary32;
  const auto add = [&](std::string group, std::string name, array_conversion c, double l2,
                       double dram) {
    jobs.push_back({std::move(name), std::move(group), c, l2, dram});
  };
  const auto is_bulk = [](format f) {
    return f.kind == number_kind::minifloat || f.kind == number_kind::fixed_point;
  };
  constexpr rounding directed[] = {to_nearest_even, toward_zero, toward_positive, toward_negative};
  for (const named_format& f : all_formats) {
    const format to = f.value;
    if (to.kind != number_kind::minifloat || to.bottom != bottom_binade::gradual) continue;
    if (to.width > 8 || to.width < 4 || to.width == 7 || to.width == 5) continue;
    for (const rounding r : directed) {
      for (const overflow_rule o : {ieee, saturate}) {
        const std::string name =
            std::string(f.name) + " " + name_of(r) + (o == ieee ? "" : " saturating");
        const projection p{.round = r, .overflow = o};
        if (to.width == 8) {
          add("binary32 to 8 bits", name, {f32, {to, {}}, p, {}}, 0.36, 0.72);
          add("binary32 to 8 bits, AVX2", name, {f32, {to, {}}, p, {}}, 0.16, 0.65);
          jobs.back().by_avx2 = true;
        } else {
          const packing dense{.slot = to.width};
          add("binary32 to 6 and 4 bits, packed", name, {f32, {to, dense}, p, {}}, 0.28, 0.65);
        }
      }
    }
  }
  for (const named_format& f : all_formats) {
    const format from = f.value;
    if (from.width > 8 || from.width < 4 || from == formats::int4 || from == formats::uint4)
      continue;
    const packing pack = from.width < 8 ? packing{.slot = from.width} : packing{};
    add("8 bits and packed 4 bits to binary32", f.name, {{from, pack}, f32, {}, {}}, 0.85, 0.85);
  }
  add("binary32 to bfloat16", "bfloat16", {f32, formats::bfloat16, {}, {}}, 0.65, 0.85);
  add("binary32 to and from binary16", "binary16", {f32, formats::binary16, {}, {}}, 0.95, 0.9);
  add("binary32 to and from binary16", "from binary16", {formats::binary16, f32, {}, {}}, 0.95,
      0.9);
  add("bfloat16 to binary32", "from bfloat16", {formats::bfloat16, f32, {}, {}}, 0.95, 0.9);
  for (const bool cheap : {false, true}) {
    const random_source source{
        1, 2, cheap ? random_generator::keyed_mix : random_generator::philox4x32_10};
    const std::string how = cheap ? ", keyed_mix" : ", Philox4x32-10";
    add("stochastic binary32 to bfloat16" + how, "bfloat16",
        {f32, formats::bfloat16, {.round = stochastic_a, .random_bits = 16}, source},
        cheap ? 0.45 : 0.16, 0.8);
    for (const format to : {formats::e4m3fn, formats::e5m2, formats::e4m3fnuz}) {
      add("stochastic binary32 to 8 bits" + how,
          to == formats::e5m2     ? "e5m2"
          : to == formats::e4m3fn ? "e4m3fn"
                                  : "e4m3fnuz",
          {f32, to, {.round = stochastic_a, .random_bits = 8}, source}, cheap ? 0.20 : 0.11, 0.75);
    }
  }
  for (const named_format& f : all_formats) {
    if (!is_bulk(f.value) || f.value == f32) continue;
    for (int r = 0; r <= static_cast<int>(stochastic_c); ++r) {
      const auto mode = static_cast<rounding>(r);
      add("every other format and mode", std::string(f.name) + " " + name_of(mode),
          {f32,
           f.value,
           {.round = mode, .overflow = saturate, .random_bits = 8},
           {1, 2, random_generator::keyed_mix}},
          0.15, 0.5);
    }
  }
  return jobs;
}

}  // namespace bench

#endif  // LOWP_BENCH_BULK_JOBS_HPP
