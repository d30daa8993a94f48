// SPDX-License-Identifier: Apache-2.0
/// \file
/// Conversion of arrays at memory speed: declarations, without Highway. The definitions are in
/// simd/implementation_convert.hpp, which one unit of a program includes and which needs Highway's
/// library; Meson offers it in the dependency `lowp_simd`. Same bits as `convert` of each element,
/// whatever the instruction set, the split and the number of threads. spec/bulk.md BLK-1.
#ifndef LOWP_SIMD_CONVERT_HPP
#define LOWP_SIMD_CONVERT_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <type_traits>

#include "../number.hpp"
#include "../pack/convert_array.hpp"
#include "../pack/packings.hpp"
#include "chunk.hpp"
#include "plan.hpp"
#include "threads.hpp"

namespace lowp {

/// A refused array: the text names the argument, its value and the rule.
class array_error : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

/// How an array is converted, beside the projection.
struct array_options {
  random_source random = {};  ///< of the stochastic modes
  /// Index of the first element in the array that the random source counts: for parts of it. No
  /// element's index is 2^64 or more.
  std::uint64_t first = 0;
  conversion_counts* counts = nullptr;  ///< added to, if not null
  unsigned threads = 1;                 ///< this and `pool`: as in `thread_options`
  parallel_for pool = {};
};

/// Converts n elements between any two layouts and returns the bytes written, `bytes_of(to, n)`.
/// `out` may begin where `in` does if no code of `to` takes more room than one of `from`; other
/// overlaps are not allowed. Throws `array_error`: unusable layout, too few bytes, overlap.
std::size_t convert(std::span<const std::byte> in, const array_layout& from,
                    std::span<std::byte> out, const array_layout& to, std::size_t n,
                    const projection& p = {}, const array_options& options = {});

/// Rows of a matrix, `in_stride` and `out_stride` bytes from one row to the next.
struct array_rows {
  std::size_t rows = 0;
  std::size_t columns = 0;  ///< elements of a row
  std::size_t in_stride = 0;
  std::size_t out_stride = 0;
};

/// Converts every row as an array of its own; returns the bytes written. Bytes between rows stay.
/// For the random source, element (i, j) has index first + i columns + j. Errors as above.
std::size_t convert_rows(std::span<const std::byte> in, const array_layout& from,
                         std::span<std::byte> out, const array_layout& to, const array_rows& rows,
                         const projection& p = {}, const array_options& options = {});

namespace simd {

/// Converts by a plan that was made before: for many small arrays. Nothing is checked.
void convert(const plan& p, const std::byte* in, std::byte* out, std::uint64_t n,
             std::uint64_t first = 0, conversion_counts* counts = nullptr) noexcept;

/// Codes in containers of this machine to a layout, `bytes_of(to, n)` bytes. Nothing is checked.
void pack(const array_layout& to, const void* codes, std::byte* out, std::uint64_t n) noexcept;

/// The instruction set that the kernels use on this machine, as Highway names it.
const char* instruction_set() noexcept;

}  // namespace simd

namespace detail {

/// Types whose objects are codes in containers, const or not.
template <class T>
concept array_element =
    numeric<std::remove_const_t<T>> && std::is_trivially_copyable_v<T> &&
    sizeof(T) == static_cast<std::size_t>(simd::container_bytes(format_of<std::remove_const_t<T>>));

template <class T>
inline constexpr array_layout layout_of_type{format_of<std::remove_const_t<T>>, packing{}};

}  // namespace detail

/// Numbers of C++ (float, double, integers, `number<F>`) to codes in a layout, e.g.
/// `convert(std::span<const float>(x), formats::e4m3fn, bytes)`.
template <detail::array_element T>
std::size_t convert(std::span<T> in, const array_layout& to, std::span<std::byte> out,
                    const projection& p = {}, const array_options& options = {}) {
  return convert(std::as_bytes(in), detail::layout_of_type<T>, out, to, in.size(), p, options);
}

/// Codes in a layout to numbers of C++, as many as `out` holds.
template <detail::array_element T>
std::size_t convert(std::span<const std::byte> in, const array_layout& from, std::span<T> out,
                    const projection& p = {}, const array_options& options = {}) {
  return convert(in, from, std::as_writable_bytes(out), detail::layout_of_type<T>, out.size(), p,
                 options);
}

/// Numbers to numbers, as many as `in` holds.
template <detail::array_element T, detail::array_element U>
std::size_t convert(std::span<T> in, std::span<U> out, const projection& p = {},
                    const array_options& options = {}) {
  return convert(std::as_bytes(in), detail::layout_of_type<T>, std::as_writable_bytes(out),
                 detail::layout_of_type<U>, in.size(), p, options);
}

}  // namespace lowp

#endif  // LOWP_SIMD_CONVERT_HPP
