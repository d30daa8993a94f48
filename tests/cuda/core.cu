// SPDX-License-Identifier: Apache-2.0
/// \file
/// The core in device code: compiles with plain `nvcc -std=c++20`, and gives the host's bits.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include <lowp/arithmetic.hpp>
#include <lowp/lowp.hpp>

namespace {

/// What one input becomes; compared between host and device.
struct result {
  std::uint64_t code = 0;
  std::uint32_t back = 0;
  std::uint64_t above = 0;
  std::uint64_t other = 0;
  std::uint64_t stochastic = 0;
  std::uint64_t sum = 0;
  std::uint64_t quotient = 0;
  std::uint64_t root = 0;
  std::uint64_t operators = 0;
  bool ordered = false;

  bool operator==(const result&) const = default;
};

template <class T, class Other>
LOWP_FN result work(std::uint32_t input) noexcept {
  const auto x = lowp::float32::from_code(input);
  const T y{x};
  result r;
  r.code = y.code();
  r.back = lowp::float32{y}.code();
  r.above = lowp::next_up(y).code();
  r.other =
      lowp::convert<Other>(y, {.round = lowp::toward_zero, .overflow = lowp::saturate}).code();
  // A format as a run-time value.
  r.stochastic = lowp::convert(lowp::formats::binary32, input, T::format_value,
                               {.round = lowp::rounding::to_odd}, 0);
  r.sum = lowp::add<Other>(x, y).code();
  r.quotient = lowp::divide<T>(y, x).code();
  r.root = lowp::sqrt<Other>(x).code();
  T z = -y;
  z = 1;
  z += y * y;
  r.operators = (z / y).code();
  r.ordered = y < lowp::next_up(y) && y == y;
  return r;
}

template <class T, class Other>
__global__ void kernel(const std::uint32_t* inputs, result* results, int count) {
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < count) results[i] = work<T, Other>(inputs[i]);
}

void check(cudaError_t status) {
  if (status == cudaSuccess) return;
  std::printf("CUDA: %s\n", cudaGetErrorString(status));
  std::exit(1);
}

/// Number of inputs with another result on the device.
template <class T, class Other>
int differences(const std::vector<std::uint32_t>& inputs) {
  const int count = static_cast<int>(inputs.size());
  std::uint32_t* device_inputs = nullptr;
  result* device_results = nullptr;
  check(cudaMalloc(&device_inputs, inputs.size() * sizeof(std::uint32_t)));
  check(cudaMalloc(&device_results, inputs.size() * sizeof(result)));
  check(cudaMemcpy(device_inputs, inputs.data(), inputs.size() * sizeof(std::uint32_t),
                   cudaMemcpyHostToDevice));
  kernel<T, Other><<<(count + 255) / 256, 256>>>(device_inputs, device_results, count);
  check(cudaGetLastError());
  std::vector<result> results(inputs.size());
  check(cudaMemcpy(results.data(), device_results, results.size() * sizeof(result),
                   cudaMemcpyDeviceToHost));
  check(cudaFree(device_inputs));
  check(cudaFree(device_results));
  int different = 0;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (results[i] == work<T, Other>(inputs[i])) continue;
    if (different++ == 0) std::printf("first difference: input %08x\n", inputs[i]);
  }
  return different;
}

}  // namespace

int main() {
  // Every 4,093rd binary32 code (a prime): about a million, all exponents, both signs.
  std::vector<std::uint32_t> inputs;
  for (std::uint64_t code = 0; code < std::uint64_t{1} << 32; code += 4093) {
    inputs.push_back(static_cast<std::uint32_t>(code));
  }
  int passed = 0;
  int failed = 0;
  const auto row = [&](const char* name, int different) {
    std::printf("%s: %zu inputs, %d different\n", name, inputs.size(), different);
    ++(different == 0 ? passed : failed);
  };
  row("float8_e4m3fn", differences<lowp::float8_e4m3fn, lowp::float8_e5m2>(inputs));
  row("bfloat16", differences<lowp::bfloat16, lowp::float4_e2m1fn>(inputs));
  row("posit16", differences<lowp::posit16, lowp::nf4>(inputs));
  std::printf("%d passed, %d failed\n", passed, failed);
  return failed == 0 ? 0 : 1;
}
