// SPDX-License-Identifier: Apache-2.0
/// \file
/// Conversion instructions and matrix units in device code: compiles with plain `nvcc -std=c++20`,
/// and gives the host's bits. Rows go to the device by value, the rules of an instruction beside
/// it.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include <lowp/hardware/all_instructions.hpp>
#include <lowp/hardware/instruction_names.hpp>
#include <lowp/hardware/mma/all_mma_models.hpp>
#include <lowp/hardware/mma/mma.hpp>
#include <lowp/hardware/mma/mma_members.hpp>
#include <lowp/random/random_source.hpp>

namespace {

constexpr int longest = 64;

/// What a thread is given. A row of instructions points to its rules, which are the host's.
struct work {
  lowp::conversion_instruction instruction;
  lowp::conversion_rule rules[10];
  lowp::mma_model model;
};

struct result {
  std::uint64_t converted = 0;
  std::uint64_t sum = 0;

  bool operator==(const result&) const = default;
};

LOWP_FN std::uint64_t bits(std::uint64_t seed, std::uint64_t i) noexcept {
  return std::uint64_t{lowp::random_word({seed, 0}, i)} << 32 | lowp::random_word({seed, 1}, i);
}

LOWP_FN std::uint64_t convert(const work& w, std::uint64_t seed) noexcept {
  lowp::conversion_instruction row = w.instruction;
  for (int i = 0; i < 10; ++i) {
    if (row.rules[i] != nullptr) row.rules[i] = &w.rules[i];
  }
  std::uint64_t sources[5];
  for (unsigned i = 0; i < 5; ++i) sources[i] = bits(seed, i);
  lowp::instruction_state state;
  state.random = static_cast<std::uint32_t>(bits(seed, 5));
  state.scale = static_cast<std::uint32_t>(bits(seed, 6));
  return lowp::run_instruction(row, sources, state);
}

LOWP_FN std::uint64_t multiply(const lowp::mma_model& m, std::uint64_t seed) noexcept {
  lowp::mma_operand a[longest], b[longest], scales[2][longest];
  const auto code = [&](lowp::format f, unsigned i) {
    return bits(seed, i) & lowp::detail::low_mask(f.width);
  };
  for (unsigned i = 0; i < m.k; ++i) {
    a[i] = lowp::read_a(m, code(m.stored.width != 0 ? m.stored : m.a, i));
    b[i] = lowp::read_b(m, code(m.stored.width != 0 ? m.stored : m.b, longest + i));
  }
  for (unsigned i = 0; m.scale_block != 0 && i < unsigned{m.k} / m.scale_block; ++i) {
    scales[0][i] = lowp::read_scale(m, code(m.scale, 2 * longest + i));
    scales[1][i] = lowp::read_scale(m, code(m.scale, 3 * longest + i));
  }
  return lowp::multiply_add(m, {a, b, scales[0], scales[1]}, code(m.c, 4 * longest));
}

LOWP_FN result run(const work& w, std::uint64_t seed) noexcept {
  return {convert(w, seed), multiply(w.model, seed)};
}

__global__ void kernel(work w, result* results, int count) {
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < count) results[i] = run(w, static_cast<std::uint64_t>(i));
}

void check(cudaError_t status) {
  if (status == cudaSuccess) return;
  std::printf("CUDA: %s\n", cudaGetErrorString(status));
  std::exit(1);
}

/// Number of inputs with another result on the device.
int differences(const work& w, int count) {
  result* device = nullptr;
  std::vector<result> results(static_cast<std::size_t>(count));
  check(cudaMalloc(&device, results.size() * sizeof(result)));
  kernel<<<(count + 63) / 64, 64>>>(w, device, count);
  check(cudaGetLastError());
  check(
      cudaMemcpy(results.data(), device, results.size() * sizeof(result), cudaMemcpyDeviceToHost));
  check(cudaFree(device));
  int different = 0;
  for (int i = 0; i < count; ++i) {
    different +=
        results[static_cast<std::size_t>(i)] == run(w, static_cast<std::uint64_t>(i)) ? 0 : 1;
  }
  return different;
}

}  // namespace

int main() {
  int passed = 0;
  int failed = 0;
  const auto row = [&](const char* instruction, const char* model) {
    const lowp::conversion_instruction* const i = lowp::find_instruction(instruction);
    const lowp::named_mma_model* const m = lowp::find_mma_model(model);
    if (i == nullptr || m == nullptr || m->value.k > longest) {
      std::printf("%s, %s: not found\n", instruction, model);
      ++failed;
      return;
    }
    work w{*i, {}, m->value};
    for (int k = 0; k < 10; ++k) {
      if (i->rules[k] != nullptr) w.rules[k] = *i->rules[k];
    }
    const int count = 20000;
    const int different = differences(w, count);
    std::printf("%s, %s: %d inputs, %d different\n", instruction, model, count, different);
    ++(different == 0 ? passed : failed);
  };
  row("cvt.rs.satfinite.e4m3x4.f32", "sm90a.wgmma.m64nNk32.f32.e4m3.e4m3");
  row("cvt.rn.satfinite.e2m1x2.f32", "gfx942.v_mfma_f32_16x16x16_f16");
  row("v_cvt_pk_fp8_f32", "gfx90a.v_mfma_f32_16x16x16bf16_1k");
  row("VCVTPS2PH", "amx_bf16.tdpbf16ps");
  row("FCVTN", "arm.bfdot");
  row("vfncvtbf16.f.f.w", "avx512_vnni.vpdpbusds");
  std::printf("%d passed, %d failed\n", passed, failed);
  return failed == 0 ? 0 : 1;
}
