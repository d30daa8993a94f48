// SPDX-License-Identifier: Apache-2.0
/// \file
/// CRC-32C by tables and by instructions beside a loop that only reads the bytes. One thread, bytes
/// in the L1 cache, the L2 cache and beyond the caches.
#include <cstdint>
#include <cstring>

#include <fmt/format.h>

#include <lowp/pack/crc32c.hpp>
#include <lowp/simd/crc32c.hpp>

#include "turns.hpp"

namespace {

std::uint64_t sink = 0;

/// Sums of words, which the compiler may vectorise.
[[gnu::noinline]] std::uint64_t read(const std::byte* at, std::size_t n) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i + 8 <= n; i += 8) {
    std::uint64_t word;
    std::memcpy(&word, at + i, sizeof word);
    sum += word;
  }
  return sum;
}

void row(const char* where, std::size_t n) {
  bench::page_buffer bytes(n);
  const std::byte* at = bytes.data();
  const auto reading = [&] { sink += read(at, n); };
  constexpr int rounds = 20;
  constexpr double least = 0.005;
  const auto table = bench::in_turns([&] { sink += lowp::crc32c(at, n); }, reading, rounds, least);
  const auto speed =
      bench::in_turns([&] { sink += lowp::simd::crc32c(at, n); }, reading, rounds, least);
  const auto rate = [n](double seconds) { return static_cast<double>(n) / seconds * 1e-9; };
  fmt::print("{:>8} {:>10} {:>10.2f} {:>14.2f} {:>10.2f} {:>9.1f} {:>9.2f}\n", where, n,
             rate(table.work), rate(speed.work), rate(speed.reference), table.work / speed.work,
             speed.reference / speed.work);
}

}  // namespace

int main() {
  fmt::print(
      "CRC-32C, GB/s: tables, instructions, a loop that reads; instructions over tables, over "
      "reading\n");
  fmt::print("{:>8} {:>10} {:>10} {:>14} {:>10} {:>9} {:>9}\n", "", "bytes", "tables",
             "instructions", "reading", "x tables", "x reading");
  row("short", 1 << 10);
  row("L1", 24 << 10);
  row("L2", 512 << 10);
  row("memory", std::size_t{256} << 20);
  return sink == 42;
}
