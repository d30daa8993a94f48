// SPDX-License-Identifier: Apache-2.0
/// \file
/// Memory that ends the program when anybody touches a byte before or behind it.
#ifndef LOWP_TESTS_SIMD_GUARDED_HPP
#define LOWP_TESTS_SIMD_GUARDED_HPP

#include <cstddef>
#include <cstdint>
#include <new>

#include <sys/mman.h>
#include <unistd.h>

namespace bulk {

/// Pages between two that nobody may touch.
class guarded {
 public:
  explicit guarded(std::size_t bytes) {
    const std::size_t page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    inside_ = (bytes + page - 1) / page * page;
    all_ = inside_ + 2 * page;
    void* at = mmap(nullptr, all_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) throw std::bad_alloc();
    base_ = static_cast<std::byte*>(at);
    if (mprotect(base_ + page, inside_, PROT_READ | PROT_WRITE) != 0) throw std::bad_alloc();
    first_ = base_ + page;
  }
  guarded(const guarded&) = delete;
  guarded& operator=(const guarded&) = delete;
  ~guarded() { munmap(base_, all_); }

  /// So many bytes right behind the first guard.
  std::byte* front() const { return first_; }
  /// So many bytes right before the last guard.
  std::byte* back(std::size_t bytes) const { return first_ + inside_ - bytes; }

 private:
  std::byte* base_ = nullptr;
  std::byte* first_ = nullptr;
  std::size_t inside_ = 0;
  std::size_t all_ = 0;
};

}  // namespace bulk

#endif  // LOWP_TESTS_SIMD_GUARDED_HPP
