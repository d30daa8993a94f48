// SPDX-License-Identifier: Apache-2.0
/// \file
/// What the library of GPU instructions (gpu/kernels.cuh, compiled by gpu/build.py) gives the tool.
/// Arrays are 32-bit words; how operands stand in them: gpu/layouts.hpp.
#ifndef LOWP_FUZZ_GPU_DEVICE_HPP
#define LOWP_FUZZ_GPU_DEVICE_HPP

#include <cstddef>
#include <cstdint>

namespace lowp::tool {

enum class gpu_kind : int { cvt, mma, wgmma, tcgen05 };

/// An instruction of the device. `run` executes it `count` times, on `words_in` words each, into
/// `words_out` words each; both arrays are the host's. It ends the program if the device fails.
struct gpu_entry {
  const char* name;  ///< as in the library's tables, without the machine before it
  gpu_kind kind;
  std::size_t words_in;
  std::size_t words_out;
  void (*run)(const std::uint32_t* in, std::uint32_t* out, std::size_t count);
};

struct gpu_library {
  const char* device;  ///< its name, or null
  const char* error;   ///< why there is none
  int capability;      ///< 90: compute capability 9.0
  const gpu_entry* entries;
  std::size_t count;
};

}  // namespace lowp::tool

/// Symbol of the library.
extern "C" lowp::tool::gpu_library lowp_gpu_library();

#endif  // LOWP_FUZZ_GPU_DEVICE_HPP
