// SPDX-License-Identifier: Apache-2.0
/// \file
/// The definition behind pool_rows.hpp, for the instruction sets of spec/bulk.md BLK-1, chosen when
/// the program runs. One unit of a program includes this header, before any header of Highway, and
/// links Highway's library; it calls what implementation_convert.hpp defines in another.
#ifndef LOWP_SIMD_IMPLEMENTATION_POOL_HPP
#define LOWP_SIMD_IMPLEMENTATION_POOL_HPP

#include "implementation_targets.hpp"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lowp/simd/pool-inl.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

// The order of these three matters.
// clang-format off
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include "pool-inl.hpp"
// clang-format on

#include "argument_checks.hpp"
#include "pool_rows.hpp"
#include "row_parts.hpp"

namespace lowp {

namespace simd {

HWY_EXPORT(pool_bags_planned);

namespace {

void pool_bags(const pool_plan& p, std::uint64_t first, std::uint64_t count, std::byte* out) {
  HWY_DYNAMIC_DISPATCH(pool_bags_planned)(p, first, count, out);
}

}  // namespace

}  // namespace simd

namespace detail {

/// Refuses what `check_pooling` refuses, with the place and the value.
LOWP_UNIT inline void check_bags(const argument_checks& check, const bag_refusal& r) {
  const auto refuse = [&](std::string what, const char* between, const char* unit) {
    what += between;
    what += std::to_string(r.value);
    what += unit;
    what += ": ";
    check.refuse(what + message(r.error));
  };
  const auto in_list = [&](std::string list) {
    list += '[';
    list += std::to_string(r.place);
    refuse(list, "] is ", "");
  };
  switch (r.error) {
    case bag_error::none: return;
    case bag_error::table: check.refuse(std::string("table or how: ") + message(r.error));
    case bag_error::columns: return refuse("table.columns", " is ", "");
    case bag_error::table_size: return refuse("table.bytes", " has ", " bytes");
    case bag_error::groups: return in_list("group");
    case bag_error::index: return in_list("bags.indices");
    case bag_error::weights: return refuse("weights", " has ", " elements");
    case bag_error::output_size: return refuse("out", " has ", " bytes");
    default: return in_list("bags.offsets");
  }
}

}  // namespace detail

std::size_t pool_rows(const rowwise_table& table, const row_bags& bags,
                      std::span<const float> weights, std::span<std::byte> out,
                      const pooling_options& how, const thread_options& options) {
  const detail::argument_checks check{"pool_rows"};
  detail::check_bags(check, check_pooling(table, bags, weights.size(), weights.data() != nullptr,
                                          how, out.size()));
  const auto apart = [&](const char* name, const auto& in) {
    check.apart({name, in.data(), in.size_bytes()}, {"out", out.data(), out.size()});
  };
  apart("table.bytes", table.bytes);
  apart("bags.indices", bags.indices);
  apart("bags.offsets", bags.offsets);
  apart("weights", weights);
  const std::uint64_t count = detail::bag_count(bags);
  if (count == 0) return 0;
  std::span<const std::int64_t> offsets = bags.offsets;
  std::vector<std::int64_t> sums;
  if (bags.are_lengths) {
    sums.push_back(0);
    for (const std::int64_t length : bags.offsets) sums.push_back(sums.back() + length);
    offsets = sums;
  }
  const rowwise_codec& c = table.codec;
  const std::uint64_t row_bytes = bytes_per_row(c, table.columns);
  simd::pool_plan plan{
      table,   bags.indices,
      offsets, weights.data(),
      how,     {c, table.columns, row_bytes, simd::route_of(c), {}, nullptr, nullptr},
      nullptr};
  std::unique_ptr<const simd::plan> output;
  if (how.output == row_output::binary16 || how.output == row_output::bfloat16) {
    if (count * table.columns < packing_tile) {
      plan.row.route = simd::row_route::definition;  // no plan pays
    } else {
      const format to = how.output == row_output::binary16 ? formats::binary16 : formats::bfloat16;
      output = std::make_unique<simd::plan>(simd::make_plan({formats::binary32, to, {}, {}}));
      plan.output = output.get();
    }
  }
  const std::uint64_t weight = bags.indices.size() / count * table.columns + table.columns;
  detail::for_parts_of_rows(options, count, weight, [&](std::uint64_t first, std::uint64_t n) {
    simd::pool_bags(plan, first, n, out.data());
  });
  return out.size();
}

}  // namespace lowp

#endif  // LOWP_SIMD_IMPLEMENTATION_POOL_HPP
