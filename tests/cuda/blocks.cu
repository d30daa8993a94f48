// SPDX-License-Identifier: Apache-2.0
/// \file
/// Blocks and integers in device code: compiles with plain `nvcc -std=c++20`, and gives the host's
/// bits. compile_test.py looks at the includes of this file, which are all that device code may
/// use. `quantise_block` and ggml's functions are device code, too, but their software arithmetic
/// takes ptxas many minutes, so that they are not called here.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include <lowp/block/block_formats.hpp>
#include <lowp/block/block_recipes.hpp>
#include <lowp/block/block_value.hpp>
#include <lowp/block/ggml/check.hpp>
#include <lowp/block/ggml/dequantise.hpp>
#include <lowp/block/ggml/quantise.hpp>
#include <lowp/block/ggml/types.hpp>
#include <lowp/block/hadamard.hpp>
#include <lowp/block/layout/matrix_orders.hpp>
#include <lowp/block/quantise_block.hpp>
#include <lowp/integer/affine.hpp>
#include <lowp/integer/calibration.hpp>
#include <lowp/integer/dot.hpp>
#include <lowp/integer/dots.hpp>
#include <lowp/integer/error_search.hpp>
#include <lowp/integer/fbgemm_parameters.hpp>
#include <lowp/integer/intn.hpp>
#include <lowp/integer/min_max_rules.hpp>
#include <lowp/integer/multipliers.hpp>
#include <lowp/integer/quantise_rules.hpp>
#include <lowp/integer/requantisations.hpp>
#include <lowp/integer/requantise.hpp>
#include <lowp/integer/table/rowwise_codecs.hpp>
#include <lowp/integer/tiling.hpp>
#include <lowp/pack/compute_array.hpp>
#include <lowp/types.hpp>

namespace {

constexpr int elements = 32;

/// Rows of registries, which device code is given by value.
struct rows {
  lowp::block_format f;
  lowp::quantise_rule rule;
  lowp::requantisation requantisation;
  lowp::integer_dot dot;
  lowp::hadamard_transform transform;
};

/// What 32 numbers become; compared between host and device.
struct result {
  std::uint64_t values = 0;
  std::uint64_t transformed = 0;
  std::uint64_t integers = 0;
  std::uint64_t sums = 0;

  bool operator==(const result&) const = default;
};

LOWP_FN std::uint64_t mix(std::uint64_t sum, std::uint64_t x) noexcept {
  return (sum ^ x) * 0x100000001b3;
}

LOWP_FN result work(const rows& r, std::uint64_t first) noexcept {
  using lowp::float32;
  float32 x[elements];
  for (int i = 0; i < elements; ++i) {
    const std::uint32_t word = lowp::random_word({first, 0}, static_cast<std::uint64_t>(i));
    // Magnitudes from 2^-8 to 2^8 of both signs.
    x[i] = float32::from_code((0x3b800000u + (word & 0x7ffffff)) | (word & 0x80000000));
  }
  result s;
  // Elements of any code and scale.
  const std::uint64_t any = lowp::random_word({first, 1}, 0);
  for (int i = 0; i < elements; ++i) {
    const lowp::code_t mask = (lowp::code_t{1} << r.f.element.width) - 1;
    const lowp::exact y = lowp::block_value(r.f, any & 127, any >> (i % 16) & mask, i,
                                            lowp::exact_finite(false, 1, 0));
    s.values = mix(s.values, y.significand + static_cast<std::uint64_t>(y.exponent));
  }
  float32 back[256];
  for (int i = 0; i < elements; ++i) back[i] = x[i];
  lowp::hadamard(r.transform, back);
  for (int i = 0; i < elements; ++i) s.transformed = mix(s.transformed, back[i].code());
  std::int32_t q[elements];
  const lowp::affine<> a{lowp::real<float32>(0.37f), 3};
  const lowp::integer_range range = lowp::range_of(lowp::formats::int8);
  for (int i = 0; i < elements; ++i) {
    q[i] = lowp::quantise(r.rule, x[i], a, range);
    s.integers = mix(s.integers, static_cast<std::uint64_t>(q[i]));
    s.integers = mix(s.integers, lowp::dequantise(q[i], a).code());
  }
  const std::int64_t sum = lowp::dot(r.dot, 0, q, q, elements);
  const lowp::requantise_multiplier m =
      lowp::encode_multiplier(lowp::multiplier_encoding::tflite, lowp::float64{0.0127}).value;
  s.sums = mix(static_cast<std::uint64_t>(sum),
               static_cast<std::uint64_t>(lowp::requantise(r.requantisation, sum, m, 1, range)));
  s.sums += lowp::add_saturating(lowp::int4{3}, lowp::int4{6}).code();
  return s;
}

__global__ void kernel(rows r, result* results, int count) {
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < count) results[i] = work(r, static_cast<std::uint64_t>(i));
}

void check(cudaError_t status) {
  if (status == cudaSuccess) return;
  std::printf("CUDA: %s\n", cudaGetErrorString(status));
  std::exit(1);
}

/// Number of blocks with another result on the device.
int differences(const rows& r, int count) {
  result* device = nullptr;
  std::vector<result> results(static_cast<std::size_t>(count));
  check(cudaMalloc(&device, results.size() * sizeof(result)));
  kernel<<<(count + 63) / 64, 64>>>(r, device, count);
  check(cudaGetLastError());
  check(
      cudaMemcpy(results.data(), device, results.size() * sizeof(result), cudaMemcpyDeviceToHost));
  check(cudaFree(device));
  int different = 0;
  for (int i = 0; i < count; ++i) {
    different +=
        results[static_cast<std::size_t>(i)] == work(r, static_cast<std::uint64_t>(i)) ? 0 : 1;
  }
  return different;
}

}  // namespace

int main() {
  int passed = 0;
  int failed = 0;
  const auto row = [&](const char* name, const lowp::block_format& f) {
    const int count = 20000;
    const int different =
        differences({f, lowp::quantise_rules::onnx, lowp::requantisations::tflite_double,
                     lowp::integer_dots::vpmaddubsw, lowp::transformer_engine_hadamard},
                    count);
    std::printf("%s: %d blocks, %d different\n", name, count, different);
    ++(different == 0 ? passed : failed);
  };
  row("mxfp8_e4m3", lowp::block_formats::mxfp8_e4m3);
  row("nvfp4", lowp::block_formats::nvfp4);
  row("mx9", lowp::block_formats::mx9);
  std::printf("%d passed, %d failed\n", passed, failed);
  return failed == 0 ? 0 : 1;
}
