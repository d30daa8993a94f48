// SPDX-License-Identifier: Apache-2.0
/// \file
/// Emulated products of matrices, K x K x K, beside Eigen's product of binary32 matrices of the
/// same size on the same threads, in processor time. usage: gemm [-threads N] [-size K] [-all]
/// [TEXT]: models whose name contains TEXT; -all: every registered one.
#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <lowp/hardware/gemm/gemm.hpp>
#include <lowp/hardware/mma/all_mma_models.hpp>

#include "gemm_eigen.hpp"

namespace {

using namespace lowp;

int bytes_of_width(int width) { return width <= 8 ? 1 : width <= 16 ? 2 : width <= 32 ? 4 : 8; }

/// Codes of normal numbers, or of integers of any value.
std::vector<std::byte> draw(format f, std::size_t n, std::mt19937_64& g) {
  const auto bytes = static_cast<std::size_t>(bytes_of_width(f.width));
  std::normal_distribution<double> normal;
  std::vector<std::byte> codes(n * bytes);
  std::vector<code_t> some(1 << 12);
  for (code_t& c : some) {
    c = f.kind == number_kind::minifloat
            ? encode(f, decode(formats::binary64, std::bit_cast<code_t>(normal(g))), {})
            : g() & detail::low_mask(f.width);
  }
  for (std::size_t i = 0; i < n; ++i) {
    std::memcpy(&codes[i * bytes], &some[g() % some.size()], bytes);
  }
  return codes;
}

std::vector<std::byte> draw_scales(format f, std::size_t n, std::mt19937_64& g) {
  std::vector<std::byte> codes(n);
  for (std::byte& c : codes) {
    c = static_cast<std::byte>(
        encode(f, exact_finite(false, 1, static_cast<int>(g() % 5) - 2), {}));
  }
  return codes;
}

/// The matrices of one model.
struct problem {
  gemm_rule rule;
  std::vector<std::byte> a, b, d, scales_a, scales_b;
  code_matrix of_a, of_b;
  code_matrix_out of_d;
  gemm_scales scales;

  problem(const mma_model& m, std::size_t n, std::size_t k) {
    std::mt19937_64 g(20261122);
    rule.unit = m;
    const format fa = m.stored.width != 0 ? m.stored : m.a;
    const format fb = m.stored.width != 0 ? m.stored : m.b;
    const auto matrix = [](const std::vector<std::byte>& v, format f, std::size_t r,
                           std::size_t c) {
      return code_matrix{v.data(), bytes_of_width(f.width),        r,
                         c,        static_cast<std::ptrdiff_t>(c), 1};
    };
    a = draw(fa, n * k, g);
    b = draw(fb, n * k, g);
    d.resize(n * n * static_cast<std::size_t>(bytes_of_width(m.d.width)));
    of_a = matrix(a, fa, n, k);
    of_b = matrix(b, fb, n, k).transposed();
    of_b = {b.data(), bytes_of_width(fb.width), k, n, static_cast<std::ptrdiff_t>(n), 1};
    of_d = {d.data(), bytes_of_width(m.d.width), n, n, static_cast<std::ptrdiff_t>(n), 1};
    if (m.scale_block == 0) return;
    const std::size_t blocks = (k + m.scale_block - 1) / m.scale_block;
    scales_a = draw_scales(m.scale, n * blocks, g);
    scales_b = draw_scales(m.scale, n * blocks, g);
    scales = {matrix(scales_a, m.scale, n, blocks), matrix(scales_b, m.scale, blocks, n)};
  }
};

/// What issue and README show.
constexpr const char* chosen[] = {
    "sm70.mma.m8n8k4.f32.f16.f16.f32",
    "sm80.mma.m16n8k16.f32.f16.f16.f32",
    "sm80.mma.m16n8k16.f16.f16.f16.f16",
    "sm80.mma.m16n8k16.f32.bf16.bf16.f32",
    "sm80.mma.m16n8k8.f32.tf32.tf32.f32",
    "sm90a.wgmma.m64nNk16.f32.f16.f16",
    "sm90a.wgmma.m64nNk16.f32.bf16.bf16",
    "sm90a.wgmma.m64nNk8.f32.tf32.tf32",
    "sm90a.wgmma.m64nNk32.f32.e4m3.e4m3",
    "sm90a.wgmma.m64nNk32.f32.e5m2.e5m2",
    "sm90.mma.m16n8k32.f32.e4m3.e4m3.f32",
    "sm100a.tcgen05.mma.mMnNk32.f32.e4m3.e4m3",
    "sm100a.tcgen05.mma.block_scale.mMnNk32.block32.f32.e4m3.e4m3.ue8m0",
    "sm100a.tcgen05.mma.block_scale.mMnNk64.block32.f32.e2m1.e2m1.ue8m0",
    "sm100a.tcgen05.mma.block_scale.mMnNk64.block16.f32.e2m1.e2m1.ue4m3",
    "gfx90a.v_mfma_f32_16x16x16f16",
    "gfx942.v_mfma_f32_16x16x16_f16",
    "gfx942.v_mfma_f32_16x16x16_bf16",
    "gfx942.v_mfma_f32_16x16x8_xf32",
    "gfx942.v_mfma_f32_16x16x32_fp8_fp8",
    "gaudi3.bf16",
    "gaudi3.f16",
    "gaudi3.e4m3.e4m3",
    "gaudi2.bf16",
    "amx_bf16.tdpbf16ps",
    "sm80.mma.m16n8k32.s32.s8.s8.s32",
    "generic.aligned.f32.f16",
};

/// Nanoseconds of all threads: others on the machine do not count, nor do threads that wait.
double processor_time() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e9 + static_cast<double>(t.tv_nsec);
}

bool is_chosen(const char* name, bool all, const std::string& text) {
  if (!text.empty()) return std::string(name).find(text) != std::string::npos;
  if (all) return true;
  for (const char* c : chosen) {
    if (std::strcmp(c, name) == 0) return true;
  }
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t n = 1024;
  unsigned threads = 1;
  bool all = false;
  std::string text;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "-threads" && i + 1 < argc) {
      threads = static_cast<unsigned>(std::atoi(argv[++i]));
    } else if (word == "-size" && i + 1 < argc) {
      n = static_cast<std::size_t>(std::atoi(argv[++i]));
    } else if (word == "-all") {
      all = true;
    } else {
      text = word;
    }
  }
  std::vector<mma_model> seen;
  fmt::print("{0} x {0} x {0}, {1} thread(s)\n", n, threads);
  fmt::print("{:>9} {:>9} {:>8}  {}\n", "GMAC/s", "sgemm", "ratio", "unit");
  for (const named_mma_model& row : all_mma_models) {
    bool is_new = true;
    for (const mma_model& m : seen) is_new = is_new && !(m == row.value);
    if (!is_chosen(row.name, all, text) || (all && !is_new)) continue;
    seen.push_back(row.value);
    const bool has_kernel = detail::has_gemm_kernel({.unit = row.value});
    // Where the definition runs, fewer rows tell as much.
    problem p(row.value, n, n);
    if (!has_kernel) {
      p.of_a.rows = p.of_d.rows = 16;
      if (p.scales.a.data != nullptr) p.scales.a.rows = 16;
    }
    bench::eigen_product reference(n, threads);
    double sgemm = 0, emulated = 0;  // products a nanosecond, the best round of each
    const double products = static_cast<double>(n) * static_cast<double>(n);
    for (int round = 0; round < (all ? 2 : 5); ++round) {
      double start = processor_time();
      reference.run();
      sgemm = std::max(sgemm, products * static_cast<double>(n) / (processor_time() - start));
      start = processor_time();
      gemm(p.rule, p.of_a, p.of_b, {}, p.of_d, p.scales, {.threads = threads, .pool = {}});
      emulated = std::max(emulated,
                          products * static_cast<double>(p.of_d.rows) / (processor_time() - start));
    }
    fmt::print("{:9.3f} {:9.2f} {:8.2f}  {}{}\n", emulated, sgemm, sgemm / emulated, row.name,
               has_kernel ? "" : " (definition)");
  }
}
