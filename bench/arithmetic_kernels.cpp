// SPDX-License-Identifier: Apache-2.0
/// \file
/// The loops of bench/arithmetic.cpp; LOWP_BENCH_VARIANT names the namespace they go to.
#include "arithmetic_kernels.hpp"

#include <cstdint>

#include <lowp/arithmetic.hpp>
#include <lowp/types.hpp>

#ifdef LOWP_BENCH_EIGEN
#include <Eigen/Core>
#endif
#ifdef LOWP_BENCH_CUDA
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_fp8.h>
#endif

namespace bench::LOWP_BENCH_VARIANT {
namespace {

using lowp::operation;

template <class T, class Operation>
[[gnu::noinline]] void loop(const void* x, const void* y, const void* z, void* r, std::size_t n) {
  const T* a = static_cast<const T*>(x);
  const T* b = static_cast<const T*>(y);
  const T* c = static_cast<const T*>(z);
  T* out = static_cast<T*>(r);
  for (std::size_t i = 0; i < n; ++i) out[i] = Operation::of(a[i], b[i], c[i]);
}

struct add {
  template <class T>
  [[gnu::always_inline]] static T of(T x, T y, T) {
    return lowp::add<T>(x, y);
  }
};
struct multiply {
  template <class T>
  [[gnu::always_inline]] static T of(T x, T y, T) {
    return lowp::multiply<T>(x, y);
  }
};
struct divide {
  template <class T>
  [[gnu::always_inline]] static T of(T x, T y, T) {
    return lowp::divide<T>(x, y);
  }
};
struct fma {
  template <class T>
  [[gnu::always_inline]] static T of(T x, T y, T z) {
    return lowp::fma<T>(x, y, z);
  }
};
struct sqrt {
  template <class T>
  [[gnu::always_inline]] static T of(T x, T, T) {
    return lowp::sqrt<T>(x);
  }
};

/// The long way that defines the results.
template <operation Op>
struct definition {
  template <class T>
  static T of(T x, T y, T) {
    constexpr lowp::format f = lowp::format_of<T>;
    constexpr lowp::projection p = lowp::default_projection(f);
    return T::from_code(lowp::detail::compute_by_value<Op>(f, p, 0, lowp::coded{f, x.code()},
                                                           lowp::coded{f, y.code()}));
  }
};

template <class T>
void list_lowp(std::vector<kernel>& all, const char* format) {
  constexpr int bytes = sizeof(T);
  all.push_back({"lowp", format, "add", bytes, loop<T, add>});
  all.push_back({"lowp", format, "multiply", bytes, loop<T, multiply>});
  all.push_back({"lowp", format, "divide", bytes, loop<T, divide>});
  all.push_back({"lowp", format, "fma", bytes, loop<T, fma>});
  all.push_back({"lowp", format, "sqrt", bytes, loop<T, sqrt>});
}

template <class T>
void list_definition(std::vector<kernel>& all, const char* format) {
  constexpr int bytes = sizeof(T);
  all.push_back({"definition", format, "add", bytes, loop<T, definition<operation::add>>});
  all.push_back(
      {"definition", format, "multiply", bytes, loop<T, definition<operation::multiply>>});
  all.push_back({"definition", format, "divide", bytes, loop<T, definition<operation::divide>>});
}

#if defined(LOWP_BENCH_EIGEN) || defined(LOWP_BENCH_CUDA)
struct plus {
  template <class T>
  static T of(T x, T y, T) {
    return static_cast<T>(x + y);
  }
};
struct times {
  template <class T>
  static T of(T x, T y, T) {
    return static_cast<T>(x * y);
  }
};
struct over {
  template <class T>
  static T of(T x, T y, T) {
    return static_cast<T>(x / y);
  }
};

template <class T>
void list_operators(std::vector<kernel>& all, const char* who, const char* format) {
  constexpr int bytes = sizeof(T);
  all.push_back({who, format, "add", bytes, loop<T, plus>});
  all.push_back({who, format, "multiply", bytes, loop<T, times>});
  all.push_back({who, format, "divide", bytes, loop<T, over>});
}
#endif

#ifdef LOWP_BENCH_CUDA
/// The FP8 types of the CUDA headers have no operators: in float, one conversion.
template <class Operation>
struct in_float {
  template <class T>
  static T of(T x, T y, T) {
    return T{Operation::of(static_cast<float>(x), static_cast<float>(y), 0.0f)};
  }
};
#endif

}  // namespace

std::vector<kernel> kernels() {
  std::vector<kernel> all;
  list_lowp<lowp::float8_e4m3fn>(all, "float8_e4m3fn");
  list_lowp<lowp::float8_e5m2>(all, "float8_e5m2");
  list_lowp<lowp::p3109_binary8p4se>(all, "binary8p4se");
  list_lowp<lowp::float16>(all, "float16");
  list_lowp<lowp::bfloat16>(all, "bfloat16");
  list_definition<lowp::float8_e4m3fn>(all, "float8_e4m3fn");
  list_definition<lowp::float16>(all, "float16");
#ifdef LOWP_BENCH_EIGEN
  list_operators<Eigen::half>(all, "Eigen", "float16");
  list_operators<Eigen::bfloat16>(all, "Eigen", "bfloat16");
#endif
#ifdef LOWP_BENCH_CUDA
  list_operators<__half>(all, "CUDA headers", "float16");
  list_operators<__nv_bfloat16>(all, "CUDA headers", "bfloat16");
  using fp8 = __nv_fp8_e4m3;
  all.push_back({"CUDA headers", "float8_e4m3fn", "add", 1, loop<fp8, in_float<plus>>});
  all.push_back({"CUDA headers", "float8_e4m3fn", "multiply", 1, loop<fp8, in_float<times>>});
  all.push_back({"CUDA headers", "float8_e4m3fn", "divide", 1, loop<fp8, in_float<over>>});
#endif
  return all;
}

}  // namespace bench::LOWP_BENCH_VARIANT
