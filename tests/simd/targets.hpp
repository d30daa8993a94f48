// SPDX-License-Identifier: Apache-2.0
/// \file
/// The instruction sets that the bulk kernels exist for, forced one after the other. With
/// HWY_COMPILE_ONLY_STATIC there is one, and no need of Highway's library.
#ifndef LOWP_TESTS_SIMD_TARGETS_HPP
#define LOWP_TESTS_SIMD_TARGETS_HPP

#include <cstdint>
#include <string>
#include <vector>

#include <hwy/targets.h>

#include <lowp/simd/convert.hpp>

namespace bulk {

/// Makes the kernels of one instruction set the chosen ones while it lives.
#ifdef HWY_COMPILE_ONLY_STATIC
struct forced_target {
  explicit forced_target(std::int64_t) {}
};
#else
class forced_target {
 public:
  explicit forced_target(std::int64_t bit) {
    hwy::SetSupportedTargetsForTest(bit);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  }
  forced_target(const forced_target&) = delete;
  forced_target& operator=(const forced_target&) = delete;
  ~forced_target() {
    hwy::SetSupportedTargetsForTest(0);
    hwy::GetChosenTarget().DeInit();
  }
};
#endif

struct target {
  std::int64_t bit;
  std::string name;
};

/// What this machine can run and the library has kernels for, the best first.
inline const std::vector<target>& targets() {
  static const std::vector<target> all = [] {
    std::vector<target> found;
#ifdef HWY_COMPILE_ONLY_STATIC
    found.push_back({HWY_STATIC_TARGET, lowp::simd::instruction_set()});
#else
    hwy::SetSupportedTargetsForTest(0);
    const std::int64_t supported = hwy::SupportedTargets();
    for (int i = 0; i < 63; ++i) {
      const std::int64_t bit = std::int64_t{1} << i;
      if ((supported & bit) == 0) continue;
      const forced_target forced(bit);
      const std::string name = lowp::simd::instruction_set();
      if (name == hwy::TargetName(bit)) found.push_back({bit, name});
    }
#endif
    return found;
  }();
  return all;
}

}  // namespace bulk

#endif  // LOWP_TESTS_SIMD_TARGETS_HPP
