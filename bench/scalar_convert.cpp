// SPDX-License-Identifier: Apache-2.0
/// \file
/// One binary32 to float8_e4m3fn at a time: number<F> against a plain byte loop (the roofline of a
/// scalar loop) and, where a CUDA toolkit is installed, the host function of its headers.
#include <bit>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <lowp/lowp.hpp>

#include "measure.hpp"

#ifdef LOWP_BENCH_CUDA
#include <cuda_fp8.h>
#endif

namespace {

constexpr std::size_t elements = 1 << 14;  // input and output stay in the L1 and L2 caches

using loop = void (*)(const float*, std::uint8_t*, std::size_t);

[[gnu::noinline]] void read_write(const float* in, std::uint8_t* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    out[i] = static_cast<std::uint8_t>(std::bit_cast<std::uint32_t>(in[i]) >> 24);
    asm volatile("" ::: "memory");  // one element at a time, as the candidates
  }
}

[[gnu::noinline]] void with_number(const float* in, std::uint8_t* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) out[i] = lowp::float8_e4m3fn{in[i]}.code();
}

[[gnu::noinline]] void with_saturation(const float* in, std::uint8_t* out, std::size_t n) {
  constexpr lowp::projection cuda{.overflow = lowp::saturate,
                                  .nan = lowp::nan_rule::all_ones,
                                  .nan_sign = lowp::sign_rule::positive};
  for (std::size_t i = 0; i < n; ++i) {
    out[i] = lowp::convert<lowp::float8_e4m3fn>(in[i], cuda).code();
  }
}

[[gnu::noinline]] void with_run_time_format(const float* in, std::uint8_t* out, std::size_t n) {
  lowp::format from = lowp::formats::binary32;
  lowp::format to = lowp::formats::e4m3fn;
  asm volatile("" : "+m"(from), "+m"(to));  // the compiler must not know them
  for (std::size_t i = 0; i < n; ++i) {
    out[i] =
        static_cast<std::uint8_t>(lowp::convert(from, std::bit_cast<std::uint32_t>(in[i]), to));
  }
}

#ifdef LOWP_BENCH_CUDA
[[gnu::noinline]] void with_cuda(const float* in, std::uint8_t* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    out[i] = __nv_cvt_float_to_fp8(in[i], __NV_SATFINITE, __NV_E4M3);
  }
}
#endif

std::vector<float> inputs(const std::string& kind) {
  std::mt19937 generator(20261121);
  std::normal_distribution<float> normal;
  std::vector<float> values(elements);
  for (float& x : values) {
    if (kind == "normal results") {
      x = normal(generator) * 8;
    } else if (kind == "subnormal results") {
      x = normal(generator) * 0.01f;
    } else {
      x = std::bit_cast<float>(static_cast<std::uint32_t>(generator()));
    }
  }
  return values;
}

}  // namespace

int main() {
  struct row {
    const char* name;
    loop function;
  };
  const row rows[] = {
      {"read and write only", read_write},      {"number<e4m3fn>{x}", with_number},
      {"convert, saturating", with_saturation}, {"convert, run-time formats", with_run_time_format},
#ifdef LOWP_BENCH_CUDA
      {"CUDA host, SATFINITE", with_cuda},
#endif
  };
  fmt::print("binary32 -> float8_e4m3fn, scalar, {} elements, best of 200 rounds\n", elements);
  for (const char* kind : {"normal results", "subnormal results", "random bits"}) {
    const std::vector<float> in = inputs(kind);
    std::vector<std::uint8_t> out(elements);
    std::vector<bench::candidate> candidates;
    for (const row& r : rows) {
      candidates.push_back({r.name, [&, function = r.function] {
                              function(in.data(), out.data(), elements);
                              return std::uint64_t{out[0]};
                            }});
    }
    bench::measure(candidates, elements, 200);
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      rows[i].function(in.data(), out.data(), elements);
      candidates[i].digest = bench::digest(out.data(), out.size());
    }
    fmt::print("\n{}\n{:<28} {:>10} {:>12} {:>18}\n", kind, "", "ns each", "x last row", "digest");
    for (const bench::candidate& c : candidates) {
      fmt::print("{:<28} {:>10.2f} {:>12.2f} {:>18x}\n", c.name, c.best_ns_per_element,
                 c.best_ns_per_element / candidates.back().best_ns_per_element, c.digest);
    }
  }
#ifndef LOWP_BENCH_CUDA
  fmt::print("\nno CUDA toolkit found: no peer in this run\n");
#endif
}
