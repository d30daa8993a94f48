// SPDX-License-Identifier: Apache-2.0
/// \file
/// GPUs in `lowp verify`: their instructions as rows of the catalogue. The device is a library that
/// build.py made, or a stand-in that the golden models make up.
#ifndef LOWP_FUZZ_GPU_GPU_HPP
#define LOWP_FUZZ_GPU_GPU_HPP

#include <functional>
#include <string>
#include <vector>

#include <lowp/hardware/mma/mma_registry.hpp>

#include "../implementation.hpp"
#include "device.hpp"

namespace lowp::tool {

/// An instruction that can be executed; members as in gpu_entry.
struct gpu_instruction {
  std::string name;
  gpu_kind kind;
  std::size_t words_in;
  std::size_t words_out;
  std::function<void(const std::uint32_t*, std::uint32_t*, std::size_t)> run;
};

struct gpu_device {
  std::string name;
  int capability = 0;
  std::vector<gpu_instruction> instructions;
};

/// Rows for all instructions of the device that the library's tables have; those that they lack are
/// named as absent.
void add_gpu(catalogue& c, const gpu_device& device);

/// Loads a library and adds its device; says why where that is not possible.
void add_gpu_library(catalogue& c, const std::string& path);

/// A device of the golden models themselves, which takes its operands from the words by the PTX
/// ISA's description. `wrong`: aligned sums keep one bit less.
gpu_device gpu_stand_in(int capability, bool wrong);

/// The matrix instruction of a device by its name there, nullptr if the tables have none.
const named_mma_model* gpu_model(const std::string& name, int capability);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_GPU_GPU_HPP
