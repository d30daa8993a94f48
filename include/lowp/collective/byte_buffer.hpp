// SPDX-License-Identifier: Apache-2.0
/// \file
/// Bytes that are written before they are read, so that nobody clears them first.
#ifndef LOWP_COLLECTIVE_BYTE_BUFFER_HPP
#define LOWP_COLLECTIVE_BYTE_BUFFER_HPP

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace lowp {

/// A number of bytes of its own, without a value to begin with.
class byte_buffer {
 public:
  byte_buffer() = default;
  explicit byte_buffer(std::uint64_t size)
      : bytes_(std::make_unique_for_overwrite<std::byte[]>(size)), size_(size) {}

  std::span<std::byte> span() noexcept { return {bytes_.get(), size_}; }
  std::span<const std::byte> span() const noexcept { return {bytes_.get(), size_}; }
  /// Forgets the bytes from here on.
  void shorten(std::uint64_t size) noexcept { size_ = size < size_ ? size : size_; }

 private:
  std::unique_ptr<std::byte[]> bytes_;
  std::uint64_t size_ = 0;
};

}  // namespace lowp

#endif  // LOWP_COLLECTIVE_BYTE_BUFFER_HPP
