// SPDX-License-Identifier: Apache-2.0
// Embedding tables of normal numbers after training, quantised in every published way: what is
// lost,
// ||X - Q(X)|| / ||X||, and the size relative to binary32.
// usage: embedding_tables [ROWS]     with 200 rows the figures are good to 2 %
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <random>
#include <stdexcept>
#include <vector>

#include <lowp/integer/table/code_book.hpp>
#include <lowp/integer/table/quantisers.hpp>
#include <lowp/integer/table/rowwise_codecs.hpp>
#include <lowp/simd/machine_binary32.hpp>

namespace {

using real = lowp::simd::machine_binary32;
constexpr std::uint32_t seed = 1;
constexpr std::size_t widths[] = {16, 32, 64, 128, 256};

struct table {
  std::size_t columns = 0;
  std::vector<real> x;
  std::size_t rows() const { return x.size() / columns; }
  const real* row(std::size_t r) const { return x.data() + r * columns; }
};

table normal_table(std::size_t rows, std::size_t columns) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  table t{columns, {}};
  for (std::size_t i = 0; i < rows * columns; ++i) t.x.push_back(real::from_float(normal(random)));
  return t;
}

/// ||X - Y|| / ||X||.
class normalised_loss {
 public:
  void add(real x, real y) {
    const double e = double{x.value()} - double{y.value()};
    lost_ += e * e;
    all_ += double{x.value()} * double{x.value()};
  }
  double value() const { return std::sqrt(lost_ / all_); }

 private:
  double lost_ = 0, all_ = 0;
};

double uniform_loss(const table& t, lowp::table_method method, const lowp::table_options& o) {
  std::vector<lowp::row_range<real>> ranges(t.rows());
  const auto error = lowp::choose_ranges<real>(method, t.x, t.columns, ranges, o);
  if (error != lowp::table_error::none) std::cerr << message(error) << '\n';
  normalised_loss loss;
  for (std::size_t r = 0; r < t.rows(); ++r) {
    const auto grid = lowp::grid_over(ranges[r], o);
    for (std::size_t i = 0; i < t.columns; ++i) loss.add(t.row(r)[i], grid(t.row(r)[i]));
  }
  return loss.value();
}

/// A code book for each row, of binary16 numbers.
double row_book_loss(const table& t, int bits) {
  normalised_loss loss;
  for (std::size_t r = 0; r < t.rows(); ++r) {
    const auto book =
        rounded(lowp::row_code_book(t.row(r), t.columns, bits), lowp::formats::binary16);
    for (std::size_t i = 0; i < t.columns; ++i) {
      loss.add(t.row(r)[i], book.value[book.nearest(t.row(r)[i])]);
    }
  }
  return loss.value();
}

/// A code book for each of a few groups of rows.
double group_book_loss(const table& t, int bits, std::size_t groups) {
  std::vector<lowp::code_book<real>> books(groups);
  std::vector<std::uint32_t> group(t.rows());
  const auto error = lowp::group_code_books<real>(t.x, t.columns, bits, books, group);
  if (error != lowp::table_error::none) throw std::invalid_argument(message(error));
  normalised_loss loss;
  for (std::size_t r = 0; r < t.rows(); ++r) {
    const auto& book = books[group[r]];
    for (std::size_t i = 0; i < t.columns; ++i) {
      loss.add(t.row(r)[i], book.value[book.nearest(t.row(r)[i])]);
    }
  }
  return loss.value();
}

void line(const char* name, double (*loss)(const table&, int), std::size_t rows, int bits) {
  std::cout << std::left << std::setw(26) << name << std::right << std::fixed;
  for (const std::size_t n : widths) {
    std::cout << std::setw(9) << std::setprecision(4) << loss(normal_table(rows, n), bits);
  }
  std::cout << '\n' << std::flush;
}

template <lowp::table_method Method>
double by(const table& t, int bits) {
  return uniform_loss(t, Method, {.bits = bits});
}

void losses(std::size_t rows, int bits) {
  using enum lowp::table_method;
  std::cout << '\n' << bits << std::left << std::setw(25) << " bits, columns" << std::right;
  for (const std::size_t n : widths) std::cout << std::setw(9) << n;
  std::cout << '\n';
  line("SYM", by<symmetric>, rows, bits);
  line("GSS", by<golden_section>, rows, bits);
  line("ASYM", by<asymmetric>, rows, bits);
  line("ACIQ", by<analytic>, rows, bits);
  if (bits < 8) {
    line("HIST-APPRX", by<approximate_histogram>, rows, bits);
    line("HIST-BRUTE", by<histogram>, rows, bits);
    line("GREEDY (200, 0.16)", by<greedy>, rows, bits);
    line(
        "GREEDY (1000, 0.5)",
        [](const table& t, int b) {
          return uniform_loss(t, greedy, {.bits = b, .bins = 1000, .ratio = 0.5f});
        },
        rows, bits);
    line("KMEANS", row_book_loss, rows, bits);
    line(
        "KMEANS-CLS (4 groups)", [](const table& t, int b) { return group_book_loss(t, b, 4); },
        rows, bits);
  }
}

void sizes() {
  const auto percent = [](std::uint64_t bytes, std::size_t n) {
    std::cout << std::setw(9) << std::setprecision(1)
              << 100.0 * static_cast<double>(bytes) / (4.0 * static_cast<double>(n));
  };
  std::cout << "\nbytes of a row, % of binary32\n";
  for (const char* name : {"q8_sbfloat", "q4_sbhalf", "q2_sbhalf"}) {
    std::cout << std::left << std::setw(26) << name << std::right;
    for (const std::size_t n : widths)
      percent(bytes_per_row(lowp::find_rowwise_codec(name)->value, n), n);
    std::cout << '\n';
  }
  std::cout << std::left << std::setw(26) << "KMEANS, 4 bits, binary16" << std::right;
  for (const std::size_t n : widths) {
    percent(bytes_per_row(lowp::code_book_layout{4, lowp::formats::binary16}, n), n);
  }
  std::cout << '\n';
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t rows = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 12;
  const lowp::simd::float_environment guard;
  std::cout << rows << " rows of N(0, 1), seed " << seed << "; normalised l2 loss\n";
  losses(rows, 4);
  losses(rows, 2);
  losses(rows, 8);
  sizes();
}
