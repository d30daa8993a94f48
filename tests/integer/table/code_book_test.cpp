// SPDX-License-Identifier: Apache-2.0
/// \file
/// Code books of embedding tables against Lloyd's algorithm in binary64, and their bytes.
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/formats.hpp>
#include <lowp/integer/table/code_book.hpp>
#include <lowp/simd/machine_binary32.hpp>
#include <lowp/types.hpp>

#include "integer/hexadecimal.hpp"
#include "support/normal_numbers.hpp"

namespace {

using lowp::code_book;
using lowp::float32;
using lowp::table_error;
using lowp::simd::float_environment;
using lowp::simd::machine_binary32;
using support::normal_numbers;
using support::reals;

constexpr std::uint32_t seed = 3;

std::size_t nearest(const std::vector<double>& book, double x) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < book.size(); ++i) {
    if (std::fabs(x - book[i]) < std::fabs(x - book[best])) best = i;
  }
  return best;
}

/// One round of Lloyd's algorithm over some numbers.
bool lloyd(std::vector<double>& book, const std::vector<float>& x) {
  std::vector<double> sum(book.size()), count(book.size());
  for (const float v : x) {
    const std::size_t at = nearest(book, v);
    sum[at] += v;
    count[at] += 1;
  }
  bool moved = false;
  for (std::size_t i = 0; i < book.size(); ++i) {
    if (count[i] == 0 || std::fabs(sum[i] / count[i] - book[i]) < 1e-9) continue;
    book[i] = sum[i] / count[i];
    moved = true;
  }
  return moved;
}

TEST_CASE("TAB-12 code books of rows against Lloyd's algorithm in binary64") {
  MESSAGE("seed ", seed);
  std::mt19937 random(seed);
  const float_environment guard;
  for (int trial = 0; trial < 60; ++trial) {
    const std::size_t n = 5 + random() % 100;
    const int bits = 1 + trial % 4;
    const auto x = normal_numbers(random, n);
    const auto row = reals<machine_binary32>(x);
    const auto book = lowp::row_code_book(row.data(), n, bits);
    float lo = x[0], hi = x[0];
    for (const float v : x) {
      lo = std::fmin(lo, v);
      hi = std::fmax(hi, v);
    }
    std::vector<double> plain(std::size_t{1} << bits);
    for (std::size_t i = 0; i < plain.size(); ++i) {
      plain[i] = lo + (double{hi} - lo) * static_cast<double>(i) / ((1 << bits) - 1);
    }
    for (int round = 0; round < 100 && lloyd(plain, x);) ++round;
    REQUIRE(book.size == static_cast<int>(plain.size()));
    for (std::size_t i = 0; i < plain.size(); ++i) {
      CHECK(book.value[i].value() == doctest::Approx(plain[i]).epsilon(1e-5));
    }
    if (n > 20) continue;
    const auto defined = reals<float32>(x);
    const auto same = lowp::row_code_book(defined.data(), n, bits);
    for (int i = 0; i < book.size; ++i) CHECK(same.value[i].code() == book.value[i].bits());
  }
}

TEST_CASE("TAB-12 nearest numbers, ties, rows without a range") {
  code_book<float32> book{.size = 4};
  for (int i = 0; i < 4; ++i) book.value[i] = float32{static_cast<float>(i)};
  CHECK(book.nearest(float32{0.5f}) == 0);
  CHECK(book.nearest(float32{0.75f}) == 1);
  CHECK(book.nearest(float32{-9.0f}) == 0);
  CHECK(book.nearest(float32::from_code(0x7f800000)) == 0);  // all equally far
  CHECK(book.nearest(float32::from_code(0x7fc00000)) == 0);
  const std::vector<float32> constant(7, float32{2.5f});
  const auto one = lowp::row_code_book(constant.data(), 7, 3);
  for (int i = 0; i < 8; ++i) CHECK(one.value[i] == float32{2.5f});
}

TEST_CASE("TAB-12 bytes of rows with code books") {
  const std::vector<float32> row = reals<float32>({0, 1, 2, 3, 0});
  code_book<float32> book{.size = 4};
  for (int i = 0; i < 4; ++i) book.value[i] = float32{static_cast<float>(i)};
  const lowp::code_book_layout l{2, lowp::formats::binary16};
  REQUIRE(lowp::check(l) == table_error::none);
  std::vector<std::byte> bytes(lowp::bytes_per_row(l, 5), std::byte{0xa5});
  lowp::write_row(l, book, row.data(), 5, bytes.data());
  CHECK(recorded::hexadecimal(bytes) ==
        "e400"
        "0000003c00400042");
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(lowp::read_element<float32>(l, bytes.data(), 5, i) == row[i]);
  }
  // Three bytes a number.
  const lowp::code_book_layout three{2, lowp::formats::pxr24};
  REQUIRE(lowp::check(three) == table_error::none);
  bytes.assign(lowp::bytes_per_row(three, 5), std::byte{0xa5});
  CHECK(bytes.size() == 2 + 4 * 3);
  lowp::write_row(three, book, row.data(), 5, bytes.data());
  CHECK(recorded::hexadecimal(bytes) ==
        "e400"
        "00000000803f000040004040");
  CHECK(lowp::read_element<float32>(three, bytes.data(), 5, 3) == row[3]);
  const lowp::code_book_layout apart{2, lowp::formats::binary16, false};
  CHECK(lowp::bytes_per_row(apart, 5) == 2);
  CHECK(lowp::read_element(apart, bytes.data(), 5, 3, &book) == row[3]);
  CHECK(lowp::check(lowp::code_book_layout{9, lowp::formats::binary16}) == table_error::bits);
  CHECK(lowp::check(lowp::code_book_layout{4, lowp::formats::e2m1}) == table_error::number);
  CHECK(lowp::check(lowp::code_book_layout{4, lowp::formats::binary64}) == table_error::number);
}

TEST_CASE("TAB-13 groups of rows find the code books that made them") {
  std::mt19937 random(seed);
  const float_environment guard;
  // Rows of two kinds: few large numbers, many small ones.
  constexpr std::size_t rows = 40, columns = 64;
  std::vector<float> x;
  for (std::size_t r = 0; r < rows; ++r) {
    for (float v : normal_numbers(random, columns)) {
      x.push_back(r % 3 == 0 ? 100 * v : v);
    }
  }
  const auto numbers = reals<machine_binary32>(x);
  std::vector<code_book<machine_binary32>> books(2);
  std::vector<std::uint32_t> group(rows);
  REQUIRE(lowp::group_code_books<machine_binary32>(numbers, columns, 3, books, group) ==
          table_error::none);
  for (std::size_t r = 0; r < rows; ++r) CHECK(group[r] == (r % 3 == 0 ? group[0] : group[1]));
  CHECK(group[0] != group[1]);
  // Nothing is gained by moving a row, or the numbers of a book to the means of their elements.
  for (std::size_t r = 0; r < rows; ++r) {
    const auto* row = numbers.data() + r * columns;
    CHECK(lowp::squared_loss(row, columns, books[group[r]]) <=
          lowp::squared_loss(row, columns, books[1 - group[r]]));
  }
  for (std::uint32_t k = 0; k < 2; ++k) {
    std::vector<double> plain(8);
    for (std::size_t i = 0; i < 8; ++i) plain[i] = books[k].value[i].value();
    std::vector<float> members;
    for (std::size_t r = 0; r < rows; ++r) {
      if (group[r] != k) continue;
      const auto at = x.begin() + static_cast<std::ptrdiff_t>(r * columns);
      members.insert(members.end(), at, at + static_cast<std::ptrdiff_t>(columns));
    }
    const std::vector<double> before = plain;
    lloyd(plain, members);
    for (std::size_t i = 0; i < 8; ++i) CHECK(plain[i] == doctest::Approx(before[i]).epsilon(0.05));
  }
}

TEST_CASE("TAB-13 shapes that break a rule") {
  const std::vector<float32> x(12);
  std::vector<code_book<float32>> books(2);
  std::vector<std::uint32_t> group(4);
  const auto result = [&](std::uint64_t columns, int bits, std::size_t of, int rounds = 20) {
    return lowp::group_code_books<float32>(x, columns, bits, std::span(books).first(of), group,
                                           rounds);
  };
  CHECK(result(3, 2, 2) == table_error::none);
  CHECK(result(3, 0, 2) == table_error::bits);
  CHECK(result(5, 2, 2) == table_error::shape);
  CHECK(result(4, 2, 2) == table_error::shape);
  CHECK(result(0, 2, 2) == table_error::shape);
  CHECK(result(3, 2, 0) == table_error::groups);
  CHECK(result(3, 2, 2, 0) == table_error::iterations);
}

}  // namespace
