// SPDX-License-Identifier: Apache-2.0
/// \file
/// Tables of results: their forms by themselves, tables that no format makes through every kernel,
/// results past the caches, and sources beside the registry whose lanes are the results.
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/formats.hpp>
#include <lowp/simd/convert.hpp>

#include "arrays.hpp"
#include "targets.hpp"

namespace {

using namespace bulk;
using lowp::array_conversion;
using lowp::simd::look_up_plan;
using lowp::simd::plan;
using fold = look_up_plan::fold;

/// Entry i by the form of nibbles.
std::uint64_t by_nibbles(const look_up_plan& t, unsigned i) {
  const bool above = t.folding != fold::none && i >= 128;
  if (i == 128 && t.has_odd) return t.entry[128];
  const unsigned magnitude = t.folding == fold::twos_complement && above ? 256 - i : i;
  const unsigned code = magnitude % static_cast<unsigned>(t.reach);
  std::uint64_t entry = 0;
  for (int b = 0; b < t.planes; ++b) {
    unsigned byte = t.upper[b][code / 16] ^ t.base[b][code % 16];
    for (int k = 0; k < t.rows; ++k) {
      if (t.row[k] == code / 16) byte ^= t.extra[k][b][code % 16];
    }
    entry |= std::uint64_t{byte} << (8 * (t.zeros + b));
  }
  return entry ^ (above ? std::uint64_t{1} << (8 * t.bytes - 1) : 0);
}

/// Entry i by planes.
std::uint64_t by_planes(const look_up_plan& t, unsigned i) {
  std::uint64_t entry = 0;
  for (int b = 0; b < t.planes; ++b) {
    entry |= std::uint64_t{t.plane[b][i]} << (8 * (t.zeros + b));
  }
  return entry;
}

void check_forms(const look_up_plan& t, tally& result, const char* name) {
  for (unsigned i = 0; i < 256; ++i) {
    result.expect(by_nibbles(t, i) == t.entry[i] && by_planes(t, i) == t.entry[i], [&] {
      return std::string(name) + " code " + hex(i) + " entry " + hex(t.entry[i]) + " by nibbles " +
             hex(by_nibbles(t, i));
    });
  }
}

/// A table of `bytes` a result: random, but repeated after `reach` entries, folded, zero at the end
/// and alike in all rows but some, as asked.
look_up_plan table_of(std::mt19937_64& random, int width, int bytes, int zeros, fold f, bool odd,
                      unsigned rows) {
  look_up_plan t;
  const std::uint64_t highest = std::uint64_t{1} << (8 * bytes - 1);
  const std::uint64_t mask = 2 * highest - 1, low = (std::uint64_t{1} << (8 * zeros)) - 1;
  std::uint64_t common[16];
  for (std::uint64_t& x : common) x = random();
  for (unsigned i = 0; i < 1u << width; ++i) {
    const std::uint64_t change = i / 16 < rows ? random() : common[i % 16] ^ (i / 16 * 0x9137);
    t.entry[i] = change & mask & ~low;
  }
  for (unsigned i = 129; f != fold::none && i < 256; ++i) {
    t.entry[i] = t.entry[f == fold::sign_magnitude ? i - 128 : 256 - i] ^ highest;
  }
  if (f != fold::none && !odd) t.entry[128] = t.entry[0] ^ highest;
  prepare(t, width, bytes);
  return t;
}

/// The results of a conversion, at some misalignments and lengths, on every target.
void expect_everywhere(const plan& p, const std::vector<std::byte>& in, std::uint64_t n,
                       const bytes& want, tally& result, const std::string& what) {
  for (const target& target : targets()) {
    const forced_target forced(target.bit);
    for (const std::size_t shift : {0u, 4u, 7u, 40u}) {
      for (const bool stream : {false, true}) {
        plan q = p;
        q.stream_from = stream ? 0 : ~std::uint64_t{0};
        constexpr std::byte untouched{0x5a};
        bytes got(want.size() + shift + 64, untouched);
        lowp::simd::convert(q, in.data(), got.data() + shift, n);
        bool good = std::memcmp(got.data() + shift, want.data(), want.size()) == 0;
        for (std::size_t i = 0; i < got.size(); ++i) {
          const bool outside = i < shift || i >= shift + want.size();
          if (outside && got[i] != untouched) good = false;
        }
        result.expect(good, [&] {
          return target.name + ": " + what + ", n " + std::to_string(n) + ", shift " +
                 std::to_string(shift) + (stream ? ", past the caches" : "");
        });
      }
    }
  }
}

TEST_CASE("BLK-5 forms of a table give its entries") {
  using namespace lowp;
  tally t;
  for (const named_format& from : all_formats) {
    if (from.value.width > 8) continue;
    for (const format to : {formats::e5m2, formats::bfloat16, formats::binary32, formats::binary64,
                            formats::posit8, formats::uint8}) {
      check_forms(simd::make_plan({{from.value, {}}, {to, {}}, {}, {}}).look_up, t, from.name);
    }
  }
  oracle::report("forms of tables", t);
}

TEST_CASE("BLK-5 any table, by every kernel") {
  using namespace lowp;
  std::mt19937_64 random(seed);
  tally t;
  const format results[] = {formats::uint8, formats::uint16, formats::uint32, formats::uint64};
  for (int log = 0; log < 4; ++log) {
    for (const int width : {1, 2, 3, 4, 5, 6, 7, 8}) {
      for (const fold f : {fold::none, fold::sign_magnitude, fold::twos_complement}) {
        if (f != fold::none && width != 8) continue;
        for (const int zeros : {0, 2, 4, 6}) {
          if (zeros >= 1 << log) continue;
          for (const unsigned rows : {0u, 2u, 16u}) {
            plan p;
            p.way = simd::route::table;
            p.look_up = table_of(random, width, 1 << log, zeros, f, rows != 0, rows);
            check_forms(p.look_up, t, "made");
            for (const int order : {0, 1, 2}) {
              if (order != 0 && width == 8) continue;
              const format from = integer_format(width, false);
              p.c.to = {results[log], {}};
              p.c.from = {from, order == 0   ? packing{}
                                : order == 1 ? packings::dense(from)
                                             : packings::dense_high_first(from)};
              prepare_dense(p.look_up, p.c.from);
              // Two codes of 7 bits can lie in three bytes, for which lanes have no room.
              const bool has_room = width != 7 || log != 3;
              t.expect((p.look_up.dense.slot == width) == (order != 0 && has_room),
                       [&] { return "dense " + std::to_string(width); });
              for (const std::uint64_t n :
                   {std::uint64_t{1}, 61 + random() % 80, std::uint64_t{591}}) {
                codes all;
                for (std::uint64_t i = 0; i < n; ++i)
                  all.push_back((i < 256 ? i : random()) & mask_of(from));
                const bytes in = array_of(p.c.from, all);
                codes expected;
                for (const code_t code : all) expected.push_back(p.look_up.entry[code]);
                const bytes want = array_of(p.c.to, expected);
                expect_everywhere(p, in, n, want, t,
                                  "width " + std::to_string(width) + " bytes " +
                                      std::to_string(1 << log) + " zeros " + std::to_string(zeros) +
                                      " fold " + std::to_string(static_cast<int>(f)) + " rows " +
                                      std::to_string(rows) + " order " + std::to_string(order));
              }
            }
          }
        }
      }
    }
  }
  oracle::report("any table", t);
}

TEST_CASE("BLK-5 sources whose lanes are the results, beside the registry") {
  using namespace lowp;
  std::vector<format> sources = {formats::bfloat16, formats::binary16, formats::int16,
                                 formats::tf32};
  for (const int width : {9, 12, 16, 22, 23, 24, 32}) {
    for (const int es : {0, 1, 2, 4}) sources.push_back(posit_format(width, es));
    format takum = formats::takum16;
    takum.width = static_cast<std::uint8_t>(width);
    sources.push_back(takum);
    sources.push_back(fixed_point_format(width, 7, width % 2 == 0));
  }
  for (const int exponent : {3, 5, 8}) {
    format f = finite_format(exponent, 15 - exponent, nan_codes::top);
    f.bottom = bottom_binade::zero_only;
    sources.push_back(f);
  }
  std::mt19937_64 random(seed);
  tally t;
  for (const format from : sources) {
    REQUIRE(check(from) == format_error::none);
    codes all;
    for (std::uint64_t i = 0; i < 1500; ++i) {
      // All lengths of runs of equal bits at the front.
      const std::uint64_t code = random() >> (i % 64);
      all.push_back((i % 3 == 0 ? ~code : i % 3 == 1 ? code : random()) & mask_of(from));
    }
    for (const code_t code : {code_t{0}, code_t{1} << (from.width - 1), mask_of(from)})
      all.push_back(code);
    const bytes in = array_of({from, {}}, all);
    for (const format to : {formats::binary32, formats::binary64, formats::bfloat16}) {
      for (const projection& p : {projection{}, projection{.round = toward_negative,
                                                .overflow = saturate,
                                                .nan = nan_rule::signalling}}) {
        const array_conversion c{{from, {}}, {to, {}}, p, {}};
        const plan made = simd::make_plan(c);
        if (made.way == simd::route::scalar) continue;
        expect_everywhere(made, in, all.size(), defined(c, in.data(), all.size()), t,
                          "kind " + std::to_string(static_cast<int>(from.kind)) + " width " +
                              std::to_string(from.width) + " to " + name_of(to));
      }
    }
  }
  oracle::report("whole results", t);
}

}  // namespace
