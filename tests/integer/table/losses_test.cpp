// SPDX-License-Identifier: Apache-2.0
/// \file
/// What quantisers of embedding tables lose on normal numbers, against figures measured with other
/// programs (reference integers, 6.2: 150 to 300 rows, about 1 %), and the sizes of rows.
#include <cmath>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/formats.hpp>
#include <lowp/integer/table/code_book.hpp>
#include <lowp/integer/table/quantisers.hpp>
#include <lowp/integer/table/rowwise_codecs.hpp>
#include <lowp/simd/machine_binary32.hpp>

#include "support/normal_numbers.hpp"

namespace {

using real = lowp::simd::machine_binary32;
using lowp::table_options;
using enum lowp::table_method;

constexpr std::uint32_t seed = 2;

std::vector<real> normal_table(std::size_t rows, std::size_t columns) {
  std::mt19937 random(seed);
  return support::reals<real>(support::normal_numbers(random, rows * columns));
}

/// ||X - Q(X)|| / ||X||, where `number(r, x)` is what stands for x in row r.
template <class Number>
double loss(const std::vector<real>& x, std::size_t columns, Number number) {
  double lost = 0, all = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double v = x[i].value(), q = number(i / columns, x[i]).value();
    lost += (v - q) * (v - q);
    all += v * v;
  }
  return std::sqrt(lost / all);
}

double uniform_loss(const std::vector<real>& x, std::size_t columns, lowp::table_method method,
                    const table_options& o) {
  std::vector<lowp::row_range<real>> ranges(x.size() / columns);
  REQUIRE(lowp::choose_ranges<real>(method, x, columns, ranges, o) == lowp::table_error::none);
  return loss(x, columns, [&](std::size_t r, real v) { return lowp::grid_over(ranges[r], o)(v); });
}

double book_loss(const std::vector<real>& x, std::size_t columns, int bits, lowp::format f) {
  std::vector<lowp::code_book<real>> books;
  for (std::size_t r = 0; r < x.size() / columns; ++r) {
    books.push_back(rounded(lowp::row_code_book(x.data() + r * columns, columns, bits), f));
  }
  return loss(x, columns,
              [&](std::size_t r, real v) { return books[r].value[books[r].nearest(v)]; });
}

/// The sample differs from that of the figures: three standard deviations of both, about 3 %.
constexpr double tolerance = 0.035;

struct figure {
  lowp::table_method method;
  table_options options;
  std::size_t columns;
  double expected;
};

TEST_CASE("TAB-14 losses of ranges agree with measured figures") {
  MESSAGE("seed ", seed);
  const table_options b4{}, b2{.bits = 2}, b8{.bits = 8}, half{.half = true};
  const table_options far{.bins = 1000, .ratio = 0.5f};
  const table_options far2{.bits = 2, .bins = 1000, .ratio = 0.5f};
  const figure figures[] = {
      {symmetric, b4, 16, .0849},
      {symmetric, b4, 64, .1086},
      {symmetric, b4, 256, .1274},
      {symmetric, b2, 64, .715},
      {symmetric, b8, 64, .00588},
      {golden_section, b4, 64, .1006},
      {golden_section, b2, 64, .427},
      {asymmetric, b4, 16, .0647},
      {asymmetric, b4, 64, .0903},
      {asymmetric, b4, 256, .1098},
      {asymmetric, b2, 64, .448},
      {asymmetric, b8, 64, .00523},
      {asymmetric, half, 64, .0903},
      {analytic, b4, 64, .0894},
      {analytic, b4, 256, .1049},
      {analytic, b2, 64, .349},
      {approximate_histogram, b4, 64, .0896},
      {approximate_histogram, b2, 64, .418},
      {histogram, b4, 64, .0879},
      {histogram, b2, 64, .385},
      {greedy, b4, 16, .0583},
      {greedy, b4, 64, .0823},
      {greedy, half, 64, .0823},
      {greedy, b4, 128, .0919},
      {greedy, b2, 64, .447},
      {greedy, far, 64, .0824},
      {greedy, far2, 64, .321},
  };
  const lowp::simd::float_environment guard;
  std::map<std::size_t, std::vector<real>> tables;
  for (const std::size_t n : {16u, 64u, 128u, 256u}) tables[n] = normal_table(120, n);
  for (const figure& f : figures) {
    INFO(std::string(lowp::all_table_quantisers[static_cast<int>(f.method)].name));
    CAPTURE(f.columns);
    CAPTURE(f.options.bits);
    const bool slow = f.method == histogram || f.options.bins > 200;
    std::vector<real> x = tables[f.columns];
    if (slow) x.resize(60 * f.columns);
    CHECK(uniform_loss(x, f.columns, f.method, f.options) ==
          doctest::Approx(f.expected).epsilon(slow ? 1.4 * tolerance : tolerance));
  }
}

TEST_CASE("TAB-14 losses of code books agree with measured figures, and the order of methods") {
  const lowp::simd::float_environment guard;
  const auto x = normal_table(120, 64);
  const double books = book_loss(x, 64, 4, lowp::formats::binary32);
  CHECK(books == doctest::Approx(.0740).epsilon(tolerance));
  CHECK(book_loss(x, 64, 4, lowp::formats::binary16) == doctest::Approx(books).epsilon(1e-3));
  CHECK(book_loss(x, 64, 2, lowp::formats::binary16) == doctest::Approx(.321).epsilon(tolerance));
  CHECK(book_loss(normal_table(120, 16), 16, 4, lowp::formats::binary16) ==
        doctest::Approx(.0375).epsilon(2 * tolerance));
  const auto by = [&](lowp::table_method m) { return uniform_loss(x, 64, m, {}); };
  const double all[] = {
      books,          by(greedy),         by(histogram), by(approximate_histogram),
      by(asymmetric), by(golden_section), by(symmetric)};
  for (std::size_t i = 1; i < std::size(all); ++i) CHECK(all[i - 1] < all[i]);
  // One code book for four groups of rows loses more than one for each row, less than ASYM.
  std::vector<lowp::code_book<real>> few(4);
  std::vector<std::uint32_t> group(120);
  REQUIRE(lowp::group_code_books<real>(x, 64, 4, few, group) == lowp::table_error::none);
  const double grouped = loss(
      x, 64, [&](std::size_t r, real v) { return few[group[r]].value[few[group[r]].nearest(v)]; });
  CHECK(grouped > books);
  CHECK(grouped < by(asymmetric));
}

TEST_CASE("TAB-14 sizes relative to binary32") {
  const auto codec = [](const char* name, std::uint64_t n) {
    const auto bytes = lowp::bytes_per_row(lowp::find_rowwise_codec(name)->value, n);
    return static_cast<double>(bytes) / (4.0 * static_cast<double>(n));
  };
  const auto near = [](double x) { return doctest::Approx(x).epsilon(0.005); };
  CHECK(codec("q4_sbhalf", 32) == near(.156));
  CHECK(codec("q4_sbhalf", 64) == near(.141));
  CHECK(codec("q4_sbhalf", 128) == near(.133));
  CHECK(codec("q4_sbhalf", 256) == near(.129));
  CHECK(codec("q2_sbhalf", 64) == near(.078));
  CHECK(codec("q8_sbfloat", 64) == near(.281));
  const lowp::code_book_layout book{4, lowp::formats::binary16};
  CHECK(lowp::bytes_per_row(book, 64) == 64);
  CHECK(lowp::bytes_per_row(book, 128) == 96);
  CHECK(lowp::bytes_per_row(book, 256) == 160);
}

}  // namespace
