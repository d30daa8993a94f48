// SPDX-License-Identifier: Apache-2.0
#include "shared_arrays.hpp"

#include <sys/mman.h>
#include <unistd.h>

namespace lowp::tool {

namespace {

// Larger than any processor's; file offsets and guards are multiples of it.
constexpr std::uint64_t page = 65536;

}  // namespace

void array_layout::place(std::size_t cases) {
  size = page;
  for (std::size_t k = 0; k < arrays; ++k) {
    slot[k] = (bytes_of_case[k] * cases + watched_bytes + page - 1) / page * page;
    offset[k] = size;
    size += slot[k];
  }
}

bool shared_arrays::map_all(int file, const array_layout& layout) {
  release();
  if (ftruncate(file, static_cast<off_t>(layout.size)) != 0) return false;
  void* const at = mmap(nullptr, layout.size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (at == MAP_FAILED) return false;
  base_ = note_ = at;
  mapped_ = layout.size;
  layout_ = layout;
  for (std::size_t k = 0; k < layout.arrays; ++k) {
    end_[k] = static_cast<std::byte*>(at) + layout.offset[k] + layout.slot[k];
  }
  return true;
}

bool shared_arrays::map_guarded(int file, const array_layout& layout) {
  release();
  const std::size_t all = layout.size + (layout.arrays + 1) * page;
  void* const at =
      mmap(nullptr, all, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (at == MAP_FAILED) return false;
  base_ = at;
  mapped_ = all;
  const auto map = [&](std::byte* to, std::uint64_t bytes, std::uint64_t offset, int rights) {
    return mmap(to, bytes, rights, MAP_SHARED | MAP_FIXED, file, static_cast<off_t>(offset)) !=
           MAP_FAILED;
  };
  auto* next = static_cast<std::byte*>(at);
  if (!map(next, page, 0, PROT_READ | PROT_WRITE)) return false;
  note_ = next;
  next += 2 * page;
  for (std::size_t k = 0; k < layout.arrays; ++k) {
    const int rights = k < layout.operands ? PROT_READ : PROT_READ | PROT_WRITE;
    if (!map(next, layout.slot[k], layout.offset[k], rights)) return false;
    end_[k] = next + layout.slot[k];
    next = end_[k] + page;
  }
  layout_ = layout;
  return true;
}

void shared_arrays::release() {
  if (base_ != nullptr) munmap(base_, mapped_);
  base_ = note_ = nullptr;
  layout_ = {};
}

void shared_arrays::classify(const void* address, bool write, bool known, std::size_t cases) const {
  crash_note n{crash_note::elsewhere, 0, write ? 1u : 0u, 0};
  const auto at = reinterpret_cast<std::uintptr_t>(address);
  if (!known) {
    n.what = crash_note::misaligned;
  } else if (at < page) {
    n.what = crash_note::null;
  } else {
    for (std::uint32_t k = 0; k < layout_.arrays; ++k) {
      const auto end = reinterpret_cast<std::uintptr_t>(end_[k]);
      const std::uintptr_t start = end - layout_.bytes_of_case[k] * cases;
      const std::uintptr_t slot = end - layout_.slot[k];
      if (at >= end && at < end + page) {
        n = {crash_note::behind, k, n.write, static_cast<std::uint32_t>(at - end)};
      } else if (at < slot && at >= slot - page / 2) {
        n = {crash_note::before, k, n.write, static_cast<std::uint32_t>(start - at)};
      } else if (at >= slot && at < end) {
        n = {crash_note::read_only, k, n.write, 0};
      } else {
        continue;
      }
      break;
    }
  }
  if (note_ != nullptr) *static_cast<crash_note*>(note_) = n;
}

}  // namespace lowp::tool
