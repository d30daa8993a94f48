// SPDX-License-Identifier: Apache-2.0
/// \file
/// Memory that stays from one operation to the next: that of large messages would else be given
/// back to the system after every one, and cost more than the messages when it comes again.
/// spec/collectives.md COL-27.
#ifndef LOWP_COLLECTIVE_KEPT_MEMORY_HPP
#define LOWP_COLLECTIVE_KEPT_MEMORY_HPP

#include <algorithm>
#include <cstddef>
#include <memory_resource>
#include <new>
#include <vector>

namespace lowp {

/// Blocks from `from`, which are used again and again. A request gets the smallest free block that
/// is large enough; if there is none, a new one in place of the largest free one. There are so
/// never more blocks than were in use at the same time, and none is longer than the longest
/// request (and a cache line). Calls come from one thread at a time.
class kept_memory final : public std::pmr::memory_resource {
 public:
  explicit kept_memory(std::pmr::memory_resource* from = std::pmr::new_delete_resource()) noexcept
      : from_(from) {}
  kept_memory(const kept_memory&) = delete;
  kept_memory& operator=(const kept_memory&) = delete;
  ~kept_memory() override { release(); }

  /// Gives back all blocks that are free.
  void release() noexcept {
    while (!free_.empty()) drop_largest();
  }

  /// Bytes and blocks that it holds, free or in use.
  std::size_t bytes() const noexcept { return bytes_; }
  std::size_t blocks() const noexcept { return blocks_; }

 private:
  /// Stands before the bytes of a block.
  struct alignas(64) head {
    std::size_t size;  ///< of the bytes
  };

  void* do_allocate(std::size_t size, std::size_t alignment) override {
    if (alignment > alignof(head)) return from_->allocate(size, alignment);
    const auto shorter = [](const head* block, std::size_t n) { return block->size < n; };
    const auto found = std::lower_bound(free_.begin(), free_.end(), size, shorter);
    if (found != free_.end()) {
      head* block = *found;
      free_.erase(found);
      return block + 1;
    }
    if (!free_.empty()) drop_largest();
    free_.reserve(blocks_ + 1);  // so that giving back cannot fail
    if (size > ~std::size_t{0} - sizeof(head)) throw std::bad_alloc();
    head* block = ::new (from_->allocate(sizeof(head) + size, alignof(head))) head{size};
    ++blocks_;
    bytes_ += size;
    return block + 1;
  }

  void do_deallocate(void* bytes, std::size_t size, std::size_t alignment) override {
    if (alignment > alignof(head)) return from_->deallocate(bytes, size, alignment);
    head* block = static_cast<head*>(bytes) - 1;
    const auto longer = [](std::size_t n, const head* other) { return n < other->size; };
    free_.insert(std::upper_bound(free_.begin(), free_.end(), block->size, longer), block);
  }

  bool do_is_equal(const std::pmr::memory_resource& other) const noexcept override {
    return this == &other;
  }

  void drop_largest() noexcept {
    head* block = free_.back();
    free_.pop_back();
    --blocks_;
    bytes_ -= block->size;
    from_->deallocate(block, sizeof(head) + block->size, alignof(head));
  }

  std::pmr::memory_resource* from_;
  std::vector<head*> free_;  // by size
  std::size_t blocks_ = 0, bytes_ = 0;
};

}  // namespace lowp

#endif  // LOWP_COLLECTIVE_KEPT_MEMORY_HPP
