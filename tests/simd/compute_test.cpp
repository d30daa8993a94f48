// SPDX-License-Identifier: Apache-2.0
/// \file
/// Operations and comparisons of arrays give the definition's bytes: all pairs of codes of every
/// registered format of at most 8 bits, under every mode, on every instruction set of this machine.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/formats.hpp>
#include <lowp/simd/compute.hpp>
#include <lowp/types.hpp>

#include "arrays.hpp"
#include "targets.hpp"

namespace {

using namespace bulk;
using namespace lowp;

/// All pairs of codes, and a third of random ones, in containers.
struct all_pairs {
  array_layout layout;
  std::size_t n;
  bytes x, y, z;

  explicit all_pairs(format f)
      : layout(f, packing{}), n(std::size_t{1} << (2 * f.width)), x(n), y(n), z(n) {
    std::mt19937_64 random(seed);
    for (std::size_t i = 0; i < n; ++i) {
      x[i] = static_cast<std::byte>(i & mask_of(f));
      y[i] = static_cast<std::byte>(i >> f.width);
      z[i] = static_cast<std::byte>(random() & mask_of(f));
    }
  }
};

bytes defined(const array_computation& c, const array_operand* x, std::size_t n) {
  bytes out(bytes_of(c.to, n));
  compute_array(c, x, out.data(), n);
  return out;
}

/// Compares a prepared operation with the definition on every instruction set.
void check(const array_computation& c, const array_operand* x, std::size_t n, tally& t) {
  const simd::compute_plan plan = simd::make_compute_plan(c, x);
  const bytes want = defined(c, x, n);
  for (const target& target : targets()) {
    const forced_target forced(target.bit);
    bytes got(want.size(), std::byte{0x5a});
    simd::compute(plan, x, got.data(), n);
    t.add_good(n - 1);
    t.expect(got == want, [&] {
      std::size_t i = 0;
      while (got[i] == want[i]) ++i;
      const std::uint64_t element = i * 8 / static_cast<std::uint64_t>(slot_bits(c.to));
      return target.name + ": " + name_of(x[0].layout.f) + " operation " +
             std::to_string(static_cast<int>(c.op)) + ", " + oracle::text(c.p) + ", byte " +
             std::to_string(i) + " (element " + std::to_string(element) + "): expected " +
             hex(std::to_integer<code_t>(want[i])) + ", got " +
             hex(std::to_integer<code_t>(got[i]));
    });
  }
}

constexpr operation sums_and_products[] = {operation::add, operation::subtract, operation::multiply,
                                           operation::fma};

}  // namespace

TEST_CASE("BLK-4 all pairs: sums, products and fma of codes") {
  tally t;
  int detours = 0, in_bytes = 0;
  for (const named_format& f : all_formats) {
    if (f.value.width > 8) continue;
    const all_pairs codes(f.value);
    const array_operand x[] = {{codes.layout, codes.x.data()},
                               {codes.layout, codes.y.data()},
                               {codes.layout, codes.z.data()}};
    for (const operation op : sums_and_products) {
      for (int mode = 0; mode <= static_cast<int>(to_odd); ++mode) {
        const auto round = static_cast<rounding>(mode);
        for (const projection& p :
             {projection{.round = round},
              projection{.round = round, .overflow = saturate, .nan = nan_rule::all_ones},
              projection{.round = round,
              .zero_sign = sign_rule::positive,
              .rules = operation_rules::p3109_4_0}}) {
          const array_computation c{op, codes.layout, p, {}};
          // What goes to the definition would be compared with itself.
          const simd::compute_plan plan = simd::make_compute_plan(c, x);
          if (plan.way != simd::compute_route::by32) continue;
          ++detours;
          in_bytes += plan.bytes.is_set ? 1 : 0;
          check(c, x, codes.n, t);
        }
      }
    }
  }
  CHECK(detours > 1000);
  CHECK(in_bytes > 1000);
  report("operations through binary32", t);
}

TEST_CASE("BLK-4 operands and results of different formats and packings") {
  tally t;
  std::mt19937_64 random(seed);
  const array_layout layouts[] = {{formats::e4m3fn, {}},
                                  {formats::e5m2, {}},
                                  {formats::e2m1, packings::split_32},
                                  {formats::e2m3, packings::dense(formats::e2m3)},
                                  {formats::e3m2, packings::b6x16_p32},
                                  {formats::binary8p4se, {}},
                                  {formats::ue4m3, {}},
                                  {formats::bfloat16, {}}};
  constexpr std::size_t n = 3000;
  for (int round = 0; round < 300; ++round) {
    array_operand x[3];
    bytes data[3];
    for (int i = 0; i < 3; ++i) {
      const array_layout& a = layouts[random() % 7];
      data[i].resize(bytes_of(a, n));
      for (std::byte& b : data[i]) b = static_cast<std::byte>(random());
      x[i] = {a, data[i].data()};
    }
    const array_computation c{sums_and_products[random() % 4],
                              layouts[random() % 8],
                              {.round = static_cast<rounding>(random() % 9)},
                              {}};
    check(c, x, n - random() % 700, t);
  }
  report("operations on mixed formats", t);
}

TEST_CASE("BLK-4 all pairs: operands and results of different formats of one width") {
  tally t;
  int combination = 0, in_bytes = 0;
  for (const std::initializer_list<format>& formats :
       {std::initializer_list<format>{formats::e4m3fn, formats::e5m2, formats::e4m3fnuz,
                                      formats::e4m3b11fnuz, formats::binary8p3se},
        {formats::e2m3, formats::e3m2, formats::binary6p3sf}}) {
    for (const format to : formats) {
      const all_pairs codes(to);
      for (const format f : formats) {
        for (const format g : formats) {
          for (const operation op : {operation::add, operation::subtract, operation::multiply}) {
            const array_operand x[] = {{f, codes.x.data()}, {g, codes.y.data()}};
            const auto round = static_cast<rounding>(++combination % 9);
            const array_computation c{op, to, {.round = round}, {}};
            in_bytes += simd::make_compute_plan(c, x).bytes.is_set ? 1 : 0;
            check(c, x, codes.n, t);
          }
        }
      }
    }
  }
  CHECK(in_bytes > 60);
  report("operations on formats of one width", t);
}

TEST_CASE("BLK-4 in place, with a rest, and with other bits beside the codes") {
  tally t;
  std::mt19937_64 random(seed);
  for (const format f : {formats::e4m3fnuz, formats::e3m2, formats::binary6p3se, formats::ue4m3}) {
    for (std::size_t n = 1; n < 300; n += 1 + n / 9) {
      bytes x(n), y(n);
      for (std::byte& b : x) b = static_cast<std::byte>(random());
      for (std::byte& b : y) b = static_cast<std::byte>(random());
      for (const operation op : sums_and_products) {
        if (op == operation::fma) continue;
        const array_operand operands[] = {{f, x.data()}, {f, y.data()}};
        const array_computation c{op, f, {}, {}};
        check(c, operands, n, t);
        const bytes want = defined(c, operands, n);
        bytes own = x;
        const array_operand in_place[] = {{f, own.data()}, {f, y.data()}};
        simd::compute(simd::make_compute_plan(c, in_place), in_place, own.data(), n);
        CHECK(own == want);
      }
    }
  }
  report("operations in place and with a rest", t);
}

TEST_CASE("BLK-4 one operand varies: every operation by a table") {
  tally t;
  const all_pairs codes(formats::e4m3fn);
  const std::byte constants[] = {std::byte{0x00}, std::byte{0x3c}, std::byte{0xc1}};
  for (const named_operation& op : all_operations) {
    array_operand x[3];
    for (int i = 0; i < 3; ++i) x[i] = {codes.layout, &constants[i], true};
    for (int varying = 0; varying < op.operands; ++varying) {
      x[varying] = {codes.layout, codes.x.data()};
      const array_computation c{op.value, {formats::e5m2, {}}, {.overflow = saturate}, {}};
      CHECK(simd::make_compute_plan(c, x).way == simd::compute_route::table);
      check(c, x, 1300, t);
      x[varying] = {codes.layout, &constants[varying], true};
    }
  }
  report("operations with one varying operand", t);
}

TEST_CASE("BLK-4 comparisons of all pairs") {
  tally t;
  for (const named_format& f : all_formats) {
    if (f.value.width > 8) continue;
    const all_pairs codes(f.value);
    const array_operand x[] = {{codes.layout, codes.x.data()}, {codes.layout, codes.y.data()}};
    const simd::compare_plan plan = simd::make_compare_plan(codes.layout, codes.layout);
    CHECK(plan.is_set);
    // The order of these codes is not that of their numbers.
    const bool is_unordered =
        f.value.kind == number_kind::codebook || f.value.kind == number_kind::hifloat8;
    CHECK(plan.by_bytes == !is_unordered);
    for (int r = 1; r < 16; ++r) {
      const auto relation = static_cast<lowp::relation>(r);
      const array_layout to = r % 2 == 0 ? array_layout(formats::uint1) : formats::uint8;
      bytes want(bytes_of(to, codes.n));
      compare_array(relation, x[0], x[1], to, want.data(), codes.n);
      for (const target& target : targets()) {
        const forced_target forced(target.bit);
        bytes got(want.size(), std::byte{0x5a});
        simd::compare(relation, plan, x, to, got.data(), codes.n);
        t.add_good(codes.n - 1);
        t.expect(got == want,
                 [&] { return target.name + ": " + f.name + " relation " + std::to_string(r); });
      }
    }
  }
  report("comparisons", t);
}

TEST_CASE("BLK-4 comparisons of different formats, wide ones and packed ones") {
  tally t;
  std::mt19937_64 random(seed);
  constexpr std::size_t n = 1 << 14;
  const array_layout layouts[] = {
      {formats::e4m3fn, {}}, {formats::bfloat16, {}}, {formats::binary16, {}},
      {formats::int8, {}},   {formats::hifloat8, {}}, {formats::e2m1, packings::split_32},
      {formats::posit8, {}}, {formats::e8m0fnu, {}},  {formats::binary8p4se, {}}};
  for (const array_layout& f : layouts) {
    for (const array_layout& g : layouts) {
      bytes data[2] = {bytes(bytes_of(f, n)), bytes(bytes_of(g, n))};
      for (bytes& d : data) {
        for (std::byte& b : d) b = static_cast<std::byte>(random());
      }
      const array_operand x[] = {{f, data[0].data()}, {g, data[1].data()}};
      const simd::compare_plan plan = simd::make_compare_plan(f, g);
      CHECK(plan.is_set);
      for (int r = 1; r < 16; ++r) {
        const auto relation = static_cast<lowp::relation>(r);
        const std::size_t count = n - random() % 900;
        bytes want(bytes_of(formats::uint1, count));
        compare_array(relation, x[0], x[1], formats::uint1, want.data(), count);
        for (const target& target : targets()) {
          const forced_target forced(target.bit);
          bytes got(want.size(), std::byte{0x5a});
          simd::compare(relation, plan, x, formats::uint1, got.data(), count);
          t.add_good(count - 1);
          t.expect(got == want, [&] {
            return target.name + ": " + name_of(f.f) + " and " + name_of(g.f) + " relation " +
                   std::to_string(r);
          });
        }
      }
    }
  }
  report("comparisons of different formats", t);
}

TEST_CASE("PCK-8 front door: spans, constants, threads, in place, refusals") {
  constexpr std::size_t n = (std::size_t{1} << 20) + 77;
  std::mt19937_64 random(seed);
  std::vector<float8_e4m3fn> x(n), y(n);
  for (std::size_t i = 0; i < n; ++i) {
    x[i] = float8_e4m3fn::from_code(random());
    y[i] = float8_e4m3fn::from_code(random());
  }
  std::vector<float8_e4m3fn> one(n), four(n);
  compute(operation::multiply, {std::span(x), std::span(y)}, std::span(one));
  compute(operation::multiply, {std::span(x), std::span(y)}, std::span(four),
          default_projection(formats::e4m3fn), {.threads = 4});
  for (std::size_t i = 0; i < n; i += 1009) CHECK(one[i].code() == (x[i] * y[i]).code());
  CHECK(std::memcmp(one.data(), four.data(), n) == 0);

  std::vector<float8_e4m3fn> relu = x;
  compute(operation::maximum, {std::span(relu), array_argument::constant(float8_e4m3fn{0.0f})},
          std::span(relu));
  for (std::size_t i = 0; i < n; i += 1009) {
    CHECK(relu[i].code() == maximum<float8_e4m3fn>(x[i], float8_e4m3fn{0.0f}).code());
  }
  // A constant outlives the number that it was made of.
  const array_argument minus_one = array_argument::constant(float8_e4m3fn{-1.0f});
  std::vector<float8_e4m3fn> negated(n);
  compute(operation::multiply, {std::span(x), minus_one}, std::span(negated));
  for (std::size_t i = 0; i < n; i += 1009) {
    CHECK(negated[i].code() == (x[i] * float8_e4m3fn{-1.0f}).code());
  }
  std::vector<float8_e4m3fn> scaled(n);
  compute(operation::scalb, {std::span(x), array_argument::constant(-3)}, std::span(scaled));
  for (std::size_t i = 0; i < n; i += 1009)
    CHECK(scaled[i].code() == scalb<float8_e4m3fn>(x[i], -3).code());

  std::vector<std::byte> bits((n + 7) / 8);
  CHECK(compare(relation::less, std::span(x), std::span(y), bits, formats::uint1, n) ==
        bits.size());
  for (std::size_t i = 0; i < n; i += 1009) {
    CHECK(((std::to_integer<unsigned>(bits[i / 8]) >> (i % 8)) & 1) == (x[i] < y[i] ? 1u : 0u));
  }

  const auto refusal = [](auto call) -> std::string {
    try {
      call();
    } catch (const array_error& e) {
      return e.what();
    }
    return "";
  };
  CHECK(refusal([&] {
          compute(operation::fma, {std::span(x), std::span(y)}, std::span(one));
        }) == "lowp::compute: x has 2 operands, the operation takes 3");
  CHECK(refusal([&] {
          compute(operation::add, {std::span(x), std::span(y).subspan(5)}, std::span(one));
        }) == "lowp::compute: y has 1048648 bytes, 1048653 elements of 8 bits need 1048653");
  CHECK(refusal([&] {
          compute(operation::add, {std::span(x), std::span(y)}, std::span(x).subspan(1));
        }) ==
        "lowp::compute: out begins 1 bytes behind x and overlaps it: it may begin only where that "
        "does");
  CHECK(refusal([&] {
          compare(relation::less, std::span(x), std::span(y), bits, formats::int8, 8);
        }) == "lowp::compare: to has a signed format, results are unsigned integers");
  CHECK(refusal([&] {
          conversion_counts counts;
          compare(relation::less, std::span(x), std::span(y), bits, formats::uint1, n,
                  {.counts = &counts});
        }) == "lowp::compare: options.counts is set: only conversions are counted");
}
