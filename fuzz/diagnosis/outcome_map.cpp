// SPDX-License-Identifier: Apache-2.0
#include "outcome_map.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "../code_text.hpp"
#include "../inputs.hpp"
#include "box.hpp"

namespace lowp::tool {

namespace {

// The fields of a code: sign, exponent (or the leading bits of an integer), fraction.
struct code_fields {
  explicit code_fields(const format& f) : width(f.width) {
    sign = f.is_signed ? 1 : 0;
    const bool floating = f.kind == number_kind::minifloat;
    fraction = floating ? f.precision - 1 : std::max(0, width - sign - 6);
    exponent = width - sign - fraction;
    complements = f.kind == number_kind::fixed_point;
  }
  code_t magnitude(code_t code) const {
    const code_t most = lowp::detail::low_mask(width - sign);
    if (complements && negative(code)) {
      return std::min(most, (~code + 1) & lowp::detail::low_mask(width));
    }
    return code & most;
  }
  bool negative(code_t code) const { return sign != 0 && (code >> (width - 1)) != 0; }
  code_t exponent_of(code_t code) const { return magnitude(code) >> fraction; }

  int width;
  int sign = 0;
  int exponent = 0;
  int fraction = 0;
  bool complements = false;  // negative numbers
};

// Exponent fields of wide formats share rows.
struct axis {
  explicit axis(const format& f) : number(f), of(f) {
    shift = std::max(0, of.exponent - 8);
    size = std::size_t{1} << (of.exponent - shift);
  }
  std::size_t at(code_t code) const {
    return static_cast<std::size_t>(of.exponent_of(code) >> shift);
  }
  std::string words(const char* what) const {
    return fmt::format("{}{} of {}, 0 to {:#x}",
                       number.kind == number_kind::minifloat ? "exponent field" : "leading bits",
                       shift == 0 ? "" : fmt::format(" ({} together)", 1 << shift), what,
                       lowp::detail::low_mask(of.exponent));
  }
  // A few places with the numbers that they begin with.
  std::vector<outcome_map::tick> ticks(std::size_t first, std::size_t count) const {
    std::vector<outcome_map::tick> out;
    const std::size_t steps = std::min<std::size_t>(4, count - 1);
    for (std::size_t k = 0; k <= steps; ++k) {
      const std::size_t place = steps == 0 ? 0 : k * (count - 1) / steps;
      const code_t code = static_cast<code_t>(first + place) << shift << of.fraction;
      out.push_back({place, ratio_text(number, code)});
    }
    return out;
  }
  format number;
  code_fields of;
  int shift = 0;
  std::size_t size = 0;
};

struct cases {
  std::vector<code_t> in;          // operands, case after case
  std::vector<std::size_t> cells;  // of every case
};

// One number: every cell with low bits at its edges and around its middle.
cases of_one_number(const claim& c, outcome_map& map, std::uint64_t seed) {
  const axis rows(c.in[0].of);
  const code_fields& f = rows.of;
  const int shown = std::min(6, f.fraction);
  const std::size_t half = std::size_t{1} << shown;
  map.rows = rows.size;
  map.columns = half << f.sign;
  map.y = rows.words("the input");
  map.x = shown == 0
              ? "negative, positive"
              : fmt::format("leading {} fraction bits{}", shown,
                            f.sign == 0 ? "" : ": negative from the greatest, then positive");
  const int low = f.fraction - shown;
  const code_t middle = low == 0 ? 0 : code_t{1} << (low - 1);
  const code_t all = lowp::detail::low_mask(low);
  // Halfway between neighbours of the result, if it has fewer bits.
  const format to = c.out[0].of;
  const int dropped =
      to.kind == number_kind::minifloat ? std::max(0, f.fraction - (to.precision - 1)) : 0;
  const code_t halfway = dropped == 0 ? 0 : code_t{1} << (dropped - 1);
  const code_t kept = all & ~lowp::detail::low_mask(dropped);
  cases out;
  const std::size_t n_in = code_count(c.in);
  std::uint64_t number = 0;
  for (std::size_t y = 0; y < map.rows; ++y) {
    for (std::size_t x = 0; x < map.columns; ++x) {
      const bool negative = f.sign != 0 && x < half;
      const code_t lead = f.sign == 0 ? x : negative ? half - 1 - x : x - half;
      const code_t r = random_bits(seed, ++number);
      const code_t tie = (r & kept) | (halfway & all);
      const code_t next_tie = ((r + 2 * halfway) & kept) | (halfway & all);
      code_t lows[] = {0,   1,       middle - 1, middle,  middle + 1, all - 1,
                       all, tie - 1, tie,        tie + 1, next_tie,   r};
      for (code_t& bits : lows) bits &= all;
      for (std::size_t k = 0; k < std::size(lows); ++k) {
        if (std::find(lows, lows + k, lows[k]) != lows + k) continue;
        code_t exponent = static_cast<code_t>(y) << rows.shift;
        exponent |= random_bits(seed ^ 1, number) & lowp::detail::low_mask(rows.shift);
        const code_t code =
            code_t{negative} << (f.width - 1) | exponent << f.fraction | lead << low | lows[k];
        out.in.push_back(code);
        // Random bits, where there are any.
        for (std::size_t i = 1; i < n_in; ++i) {
          out.in.push_back(random_bits(seed ^ (i + 1), ++number) &
                           lowp::detail::low_mask(code_format(c.in, i).width));
        }
        out.cells.push_back(y * map.columns + x);
      }
    }
  }
  return out;
}

// The greatest exponent field of an array and the greatest of the others.
std::pair<code_t, code_t> greatest(const code_fields& f, const code_t* codes, std::size_t n) {
  code_t first = 0;
  code_t second = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const code_t m = f.magnitude(codes[i]);
    second = m > first ? first : std::max(second, m);
    first = std::max(first, m);
  }
  return {first, second};
}

// Several: the cases of the claim.
cases of_arrays(const claim& c, outcome_map& map, std::uint64_t seed) {
  const bool two = c.in.size() > 1 && c.in[1].count != 0 && !c.in[1].random;
  const axis rows(c.in[0].of);
  const axis columns(two ? c.in[1].of : c.in[0].of);
  map.rows = rows.size;
  map.columns = columns.size;
  map.x_ticks = columns.ticks(0, columns.size);
  const bool many = c.in[0].count > 1;
  map.y = rows.words(fmt::format("{}{}", many ? "the greatest of " : "", c.in[0].name).c_str());
  map.x = !two ? columns.words("the second greatest")
               : columns.words(
                     fmt::format("{}{}", c.in[1].count > 1 ? "the greatest of " : "", c.in[1].name)
                         .c_str());
  const std::size_t n_in = code_count(c.in);
  const std::size_t n =
      std::clamp<std::size_t>((std::size_t{1} << 21) / (n_in + code_count(c.out)), 512, 65536);
  cases out;
  out.in.resize(n * n_in);
  const std::uint64_t stride = std::max<std::uint64_t>(1, c.directed / (n / 2));
  for (std::size_t i = 0; i < n; ++i) {
    code_t* const codes = &out.in[i * n_in];
    c.make(seed, i < n / 2 ? i * stride : c.directed + i, codes);
    const auto [y, other] = greatest(rows.of, codes, c.in[0].count);
    const code_t x = two ? greatest(columns.of, codes + c.in[0].count, c.in[1].count).first : other;
    out.cells.push_back(rows.at(y) * map.columns + columns.at(x));
  }
  return out;
}

// Cuts off the rows above and below in which all is as expected, but for some.
void crop(outcome_map& map) {
  constexpr std::size_t margin = 4;
  constexpr std::size_t least = 32;
  std::size_t begin = map.rows;
  std::size_t end = 0;
  for (std::size_t i = 0; i < map.cells.size(); ++i) {
    if (map.cells[i] <= outcome::right) continue;
    begin = std::min(begin, i / map.columns);
    end = std::max(end, i / map.columns + 1);
  }
  if (begin >= end || map.rows <= least) return;
  const std::size_t wanted = std::max(least, end - begin + 2 * margin);
  const std::size_t middle = (begin + end) / 2;
  begin = middle < wanted / 2 ? 0 : middle - wanted / 2;
  end = std::min(map.rows, begin + wanted);
  begin = end < wanted ? 0 : end - wanted;
  const auto at = [&](std::size_t row) {
    return map.cells.begin() + static_cast<std::ptrdiff_t>(row * map.columns);
  };
  map.cells = std::vector<outcome>(at(begin), at(end));
  map.left_out = map.rows - (end - begin);
  map.first_row = begin;
  map.rows = end - begin;
}

}  // namespace

const char* outcome_words(outcome o) {
  switch (o) {
    case outcome::not_run: return "not run";
    case outcome::right: return "as expected";
    case outcome::nan_code: return "another NaN";
    case outcome::sign_of_zero: return "zero of the other sign";
    case outcome::neighbour: return "the next number";
    case outcome::other_number: return "another number";
    case outcome::other_class: return "NaN or infinity for a number, or a number for these";
  }
  return "";
}

outcome outcome_of(const format& f, code_t expected, code_t got) {
  if (expected == got) return outcome::right;
  const bool nan = is_nan(f, expected);
  if (nan != is_nan(f, got) || is_infinite(f, expected) != is_infinite(f, got)) {
    return outcome::other_class;
  }
  if (nan) return outcome::nan_code;
  if (is_zero(f, expected) && is_zero(f, got)) return outcome::sign_of_zero;
  const bool next = next_up(f, expected) == got || next_down(f, expected) == got;
  return next ? outcome::neighbour : outcome::other_number;
}

outcome_map map_outcomes(const implementation& row, std::uint64_t seed) {
  const claim c = claim_of(row.model);
  outcome_map map;
  const bool one =
      c.in[0].count == 1 && std::all_of(c.in.begin() + 1, c.in.end(),
                                        [](const field& f) { return f.random || f.count == 0; });
  const cases asked = one ? of_one_number(c, map, seed) : of_arrays(c, map, seed);
  map.cells.assign(map.rows * map.columns, outcome::not_run);
  const std::size_t n_in = code_count(c.in);
  const std::size_t n_out = code_count(c.out);
  std::vector<code_t> got(asked.cells.size() * n_out);
  box_of(row)(asked.in, got);
  std::vector<code_t> expected(n_out);
  for (std::size_t i = 0; i < asked.cells.size(); ++i) {
    c.golden(&asked.in[i * n_in], expected.data());
    auto worst = outcome::right;
    if (!c.accepts || !c.accepts(&asked.in[i * n_in], &got[i * n_out])) {
      for (std::size_t k = 0; k < n_out; ++k) {
        worst = std::max(worst, outcome_of(code_format(c.out, k), expected[k], got[i * n_out + k]));
      }
    }
    ++map.count[static_cast<int>(worst)];
    outcome& cell = map.cells[asked.cells[i]];
    cell = std::max(cell, worst);
  }
  crop(map);
  map.y_ticks = axis(c.in[0].of).ticks(map.first_row, map.rows);
  return map;
}

}  // namespace lowp::tool
