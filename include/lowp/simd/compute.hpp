// SPDX-License-Identifier: Apache-2.0
/// \file
/// Operations and comparisons of arrays at speed: declarations, without Highway. The definitions
/// are in simd/implementation_convert.hpp, see convert.hpp. Same bits as `compute` and `compare` of
/// each element. Fast for operands of at most 8 bits: sums, products and fma of two or three
/// arrays, and every operation in which only one operand varies; the rest goes element by element.
/// spec/bulk.md BLK-4.
#ifndef LOWP_SIMD_COMPUTE_HPP
#define LOWP_SIMD_COMPUTE_HPP

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>

#include "../pack/compute_array.hpp"
#include "compute_plan.hpp"
#include "convert.hpp"

namespace lowp {

/// An operand: an array in some layout, or one number for all elements. Refers to an array; keeps a
/// number.
class array_argument {
 public:
  LOWP_UNIT array_argument(std::span<const std::byte> in, const array_layout& layout)
      : bytes_(in), layout_(layout) {}
  /// Numbers of C++.
  template <detail::array_element T>
  LOWP_UNIT array_argument(std::span<T> in)
      : array_argument(std::as_bytes(in), detail::layout_of_type<T>) {}
  /// The same number for every element.
  template <detail::array_element T>
  LOWP_UNIT static array_argument constant(const T& x) {
    array_argument a({}, detail::layout_of_type<T>);
    a.is_constant_ = true;
    write_code(a.layout_, a.number_, 0, to_code(x));
    return a;
  }

  LOWP_UNIT const array_layout& layout() const { return layout_; }
  LOWP_UNIT bool is_constant() const { return is_constant_; }
  LOWP_UNIT std::span<const std::byte> bytes() const {
    return is_constant_ ? std::span<const std::byte>(number_) : bytes_;
  }
  /// As the definition takes it; not to outlive this.
  LOWP_UNIT array_operand operand() const { return {layout_, bytes().data(), is_constant_}; }

 private:
  std::span<const std::byte> bytes_;
  array_layout layout_;
  bool is_constant_ = false;
  std::byte number_[8] = {};
};

/// out[i] = op(x[i], y[i], z[i]) in the layout `to` for n elements, with as many operands as `op`
/// has, each result rounded once by `p`. Returns the bytes written. `out` may be an operand whose
/// codes take no less room. Throws `array_error` as `convert` does, and for a wrong number of
/// operands. `options.counts` must be null.
std::size_t compute(operation op, std::initializer_list<array_argument> x, std::span<std::byte> out,
                    const array_layout& to, std::size_t n, const projection& p = {},
                    const array_options& options = {});

/// The same to numbers of C++, as many as `out` holds, by the default projection of their format:
/// `compute(operation::add, {x, y}, out)` for spans x, y and out.
template <detail::array_element T>
std::size_t compute(operation op, std::initializer_list<array_argument> x, std::span<T> out,
                    const projection& p = default_projection(format_of<T>),
                    const array_options& options = {}) {
  return compute(op, x, std::as_writable_bytes(out), detail::layout_of_type<T>, out.size(), p,
                 options);
}

/// out[i] = 1 where x[i] and y[i] compare so, else 0; `to` is an array of unsigned integers, e.g.
/// `formats::uint1` for one bit an element.
std::size_t compare(relation r, const array_argument& x, const array_argument& y,
                    std::span<std::byte> out, const array_layout& to, std::size_t n,
                    const array_options& options = {});

namespace simd {

/// Computes by a plan that was made before; nothing is checked.
void compute(const compute_plan& p, const array_operand* x, std::byte* out, std::uint64_t n,
             std::uint64_t first = 0) noexcept;

/// `compare_array` by a plan that was made before and `is_set`; `to` has codes of at most 8 bits.
void compare(relation r, const compare_plan& p, const array_operand* x, const array_layout& to,
             std::byte* out, std::uint64_t n) noexcept;

}  // namespace simd

}  // namespace lowp

#endif  // LOWP_SIMD_COMPUTE_HPP
