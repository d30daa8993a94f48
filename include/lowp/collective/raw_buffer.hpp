// SPDX-License-Identifier: Apache-2.0
/// \file
/// Bytes and numbers that are written before they are read, so that nobody clears them first.
#ifndef LOWP_COLLECTIVE_RAW_BUFFER_HPP
#define LOWP_COLLECTIVE_RAW_BUFFER_HPP

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <new>
#include <span>
#include <utility>

namespace lowp {

/// So many bytes or numbers of its own, without values to begin with, in a cache line's alignment.
template <class T>
class raw_buffer {
 public:
  raw_buffer() = default;
  /// `from` lives longer.
  raw_buffer(std::uint64_t size, std::pmr::memory_resource* from) : from_(from), size_(size) {
    if (size == 0) return;
    if (size > ~std::size_t{0} / sizeof(T)) throw std::bad_alloc();
    at_ = static_cast<T*>(from->allocate(size * sizeof(T), alignment));
  }
  raw_buffer(raw_buffer&& other) noexcept { swap(other); }
  raw_buffer& operator=(raw_buffer&& other) noexcept {
    raw_buffer(std::move(other)).swap(*this);
    return *this;
  }
  ~raw_buffer() {
    if (at_ != nullptr) from_->deallocate(at_, size_ * sizeof(T), alignment);
  }

  std::span<T> span() noexcept { return {at_, size_}; }
  std::span<const T> span() const noexcept { return {at_, size_}; }

 private:
  static constexpr std::size_t alignment = 64;

  void swap(raw_buffer& other) noexcept {
    std::swap(from_, other.from_);
    std::swap(at_, other.at_);
    std::swap(size_, other.size_);
  }

  std::pmr::memory_resource* from_ = nullptr;
  T* at_ = nullptr;
  std::uint64_t size_ = 0;
};

}  // namespace lowp

#endif  // LOWP_COLLECTIVE_RAW_BUFFER_HPP
