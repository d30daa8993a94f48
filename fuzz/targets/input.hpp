// SPDX-License-Identifier: Apache-2.0
/// \file
/// What fuzz targets share: numbers from the input, buffers without a byte to spare, demands.
#ifndef LOWP_FUZZ_TARGETS_INPUT_HPP
#define LOWP_FUZZ_TARGETS_INPUT_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>

/// Numbers from the input; zeros behind its end.
class reader {
 public:
  reader(const std::uint8_t* data, std::size_t size) : at_(data), left_(size) {}

  template <class T>
  T number() {
    T x{};
    bytes(&x, sizeof x);
    return x;
  }
  unsigned below(unsigned n) { return number<std::uint8_t>() % n; }
  std::size_t left() const { return left_; }

  void bytes(void* to, std::size_t n) {
    const std::size_t here = std::min(n, left_);
    if (here != 0) std::memcpy(to, at_, here);
    at_ += here;
    left_ -= here;
  }

 private:
  const std::uint8_t* at_;
  std::size_t left_;
};

/// What must hold; else the fuzzer has found something.
inline void demand(bool holds) {
  if (!holds) std::abort();
}

/// Exactly so many bytes, so that one behind them is nobody's.
struct buffer {
  explicit buffer(std::uint64_t n) : size(n), memory(new std::byte[size]()) {}
  buffer(reader& in, std::uint64_t n) : buffer(n) { in.bytes(memory.get(), size); }
  std::span<std::byte> span() const { return {memory.get(), size}; }
  bool holds(std::byte b) const {
    return std::all_of(memory.get(), memory.get() + size, [b](std::byte x) { return x == b; });
  }
  void fill(std::byte b) const { std::fill_n(memory.get(), size, b); }
  std::size_t size;
  std::unique_ptr<std::byte[]> memory;
};

#endif  // LOWP_FUZZ_TARGETS_INPUT_HPP
