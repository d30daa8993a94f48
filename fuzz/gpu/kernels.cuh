// SPDX-License-Identifier: Apache-2.0
/// \file
/// Kernels that execute one instruction each on operands as layouts.hpp packs them. build.py writes
/// the .cu file around it: conversions from spec/conversion_instructions.json, LOWP_CAPABILITY.
#ifndef LOWP_FUZZ_GPU_KERNELS_CUH
#define LOWP_FUZZ_GPU_KERNELS_CUH

#include <cstdio>
#include <cstdlib>

#include "device.hpp"

namespace lowp::tool::gpu {

inline void check(cudaError_t status) {
  if (status == cudaSuccess) return;
  std::fprintf(stderr, "lowp: CUDA: %s\n", cudaGetErrorString(status));
  std::exit(2);
}

/// Device memory that grows, one for input and one for output.
inline std::uint32_t* room(int which, std::size_t words) {
  static std::uint32_t* memory[2] = {};
  static std::size_t size[2] = {};
  if (size[which] < words) {
    check(cudaFree(memory[which]));
    check(cudaMalloc(&memory[which], words * sizeof(std::uint32_t)));
    size[which] = words;
  }
  return memory[which];
}

template <class Launch>
void execute(const std::uint32_t* in, std::uint32_t* out, std::size_t words_in,
             std::size_t words_out, const Launch& launch) {
  std::uint32_t* const device_in = room(0, words_in);
  std::uint32_t* const device_out = room(1, words_out);
  check(cudaMemcpy(device_in, in, words_in * sizeof(std::uint32_t), cudaMemcpyHostToDevice));
  launch(device_in, device_out);
  check(cudaGetLastError());
  check(cudaMemcpy(out, device_out, words_out * sizeof(std::uint32_t), cudaMemcpyDeviceToHost));
}

// Conversions: six words in (up to four sources, random bits, scales), one out.

template <class Op>
__global__ void cvt_kernel(const std::uint32_t* in, std::uint32_t* out, unsigned count) {
  const unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < count) out[i] = Op::run(in + 6 * i);
}

template <class Op>
void run_cvt(const std::uint32_t* in, std::uint32_t* out, std::size_t count) {
  execute(in, out, 6 * count, count, [&](const std::uint32_t* x, std::uint32_t* y) {
    const auto n = static_cast<unsigned>(count);
    cvt_kernel<Op><<<(n + 255) / 256, 256>>>(x, y, n);
  });
}

// mma.sync: for each lane the registers of a, b and c, then those of d.

#define LOWP_D4 "{%0,%1,%2,%3}"
#define LOWP_D2 "{%0,%1}"
#define LOWP_ASM_424(TEXT)                                               \
  asm volatile(TEXT " " LOWP_D4 ", {%4,%5,%6,%7}, {%8,%9}, " LOWP_D4 ";" \
               : "+r"(d[0]), "+r"(d[1]), "+r"(d[2]), "+r"(d[3])          \
               : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]))
#define LOWP_ASM_422(TEXT)                                               \
  asm volatile(TEXT " " LOWP_D2 ", {%2,%3,%4,%5}, {%6,%7}, " LOWP_D2 ";" \
               : "+r"(d[0]), "+r"(d[1])                                  \
               : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]))
#define LOWP_ASM_214(TEXT)                                      \
  asm volatile(TEXT " " LOWP_D4 ", {%4,%5}, {%6}, " LOWP_D4 ";" \
               : "+r"(d[0]), "+r"(d[1]), "+r"(d[2]), "+r"(d[3]) \
               : "r"(a[0]), "r"(a[1]), "r"(b[0]))
#define LOWP_ASM_212(TEXT)                                      \
  asm volatile(TEXT " " LOWP_D2 ", {%2,%3}, {%4}, " LOWP_D2 ";" \
               : "+r"(d[0]), "+r"(d[1])                         \
               : "r"(a[0]), "r"(a[1]), "r"(b[0]))

template <class Op>
__global__ void mma_kernel(const std::uint32_t* in, std::uint32_t* out) {
  constexpr int words = 3 * Op::b_words + Op::d_words;
  const unsigned lane = threadIdx.x;
  const std::uint32_t* const mine = in + (std::size_t{blockIdx.x} * 32 + lane) * words;
  std::uint32_t a[4] = {}, b[2] = {}, d[4] = {};
  for (int i = 0; i < 2 * Op::b_words; ++i) a[i] = mine[i];
  for (int i = 0; i < Op::b_words; ++i) b[i] = mine[2 * Op::b_words + i];
  for (int i = 0; i < Op::d_words; ++i) d[i] = mine[3 * Op::b_words + i];
  Op::run(a, b, d);
  for (int i = 0; i < Op::d_words; ++i) {
    out[(std::size_t{blockIdx.x} * 32 + lane) * Op::d_words + i] = d[i];
  }
}

template <class Op>
void run_mma(const std::uint32_t* in, std::uint32_t* out, std::size_t count) {
  execute(in, out, count * Op::words_in, count * Op::words_out,
          [&](const std::uint32_t* x, std::uint32_t* y) {
            mma_kernel<Op><<<static_cast<unsigned>(count), 32>>>(x, y);
          });
}

// wgmma: the bytes of a (64 rows of 32) and of b (8 rows of 32) as shared memory holds them, for
// each of 128 threads the registers of c; those of d.

inline constexpr int wgmma_a = 512, wgmma_b = 64;

/// Descriptor of a matrix in shared memory without swizzling: `leading` bytes from one 16-byte
/// column of cores to the next, 128 from one group of 8 rows to the next.
__device__ inline std::uint64_t matrix_descriptor(const void* shared, unsigned leading) {
  const auto at = static_cast<std::uint64_t>(__cvta_generic_to_shared(shared));
  return (at >> 4 & 0x3fff) | std::uint64_t{leading >> 4} << 16 | std::uint64_t{128 >> 4} << 32;
}

template <class Op>
__global__ void wgmma_kernel(const std::uint32_t* in, std::uint32_t* out) {
  __shared__ alignas(128) std::uint32_t a[wgmma_a];
  __shared__ alignas(128) std::uint32_t b[wgmma_b];
  const std::uint32_t* const mine = in + std::size_t{blockIdx.x} * Op::words_in;
  const unsigned thread = threadIdx.x;
  for (unsigned i = thread; i < wgmma_a; i += 128) a[i] = mine[i];
  for (unsigned i = thread; i < wgmma_b; i += 128) b[i] = mine[wgmma_a + i];
  std::uint32_t d[4] = {};
  for (int i = 0; i < Op::d_words; ++i) {
    d[i] = mine[wgmma_a + wgmma_b + thread * Op::d_words + i];
  }
  asm volatile("fence.proxy.async;" ::: "memory");
  __syncthreads();
  Op::run(matrix_descriptor(a, 1024), matrix_descriptor(b, 128), d);
  for (int i = 0; i < Op::d_words; ++i) {
    out[(std::size_t{blockIdx.x} * 128 + thread) * Op::d_words + i] = d[i];
  }
}

template <class Op>
void run_wgmma(const std::uint32_t* in, std::uint32_t* out, std::size_t count) {
  execute(in, out, count * Op::words_in, count * Op::words_out,
          [&](const std::uint32_t* x, std::uint32_t* y) {
            wgmma_kernel<Op><<<static_cast<unsigned>(count), 128>>>(x, y);
          });
}

// %d: descriptors and the predicate "c counts" come behind the registers of d.
#define LOWP_WGMMA_TEXT(TEXT, D, A, B, P, LAST)                     \
  "{\n.reg .pred p;\nsetp.ne.b32 p, " P                             \
  ", 0;\n"                                                          \
  "wgmma.fence.sync.aligned;\n" TEXT " " D ", " A ", " B ", p" LAST \
  ";\n"                                                             \
  "wgmma.commit_group.sync.aligned;\nwgmma.wait_group.sync.aligned 0;\n}"
#define LOWP_WGMMA_4(TEXT, LAST)                                      \
  asm volatile(LOWP_WGMMA_TEXT(TEXT, LOWP_D4, "%4", "%5", "%6", LAST) \
               : "+r"(d[0]), "+r"(d[1]), "+r"(d[2]), "+r"(d[3])       \
               : "l"(a), "l"(b), "r"(1)                               \
               : "memory")
#define LOWP_WGMMA_F4(TEXT, LAST)                                     \
  float f[4];                                                         \
  for (int i = 0; i < 4; ++i) f[i] = __uint_as_float(d[i]);           \
  asm volatile(LOWP_WGMMA_TEXT(TEXT, LOWP_D4, "%4", "%5", "%6", LAST) \
               : "+f"(f[0]), "+f"(f[1]), "+f"(f[2]), "+f"(f[3])       \
               : "l"(a), "l"(b), "r"(1)                               \
               : "memory");                                           \
  for (int i = 0; i < 4; ++i) d[i] = __float_as_uint(f[i])
#define LOWP_WGMMA_2(TEXT, LAST)                                      \
  asm volatile(LOWP_WGMMA_TEXT(TEXT, LOWP_D2, "%2", "%3", "%4", LAST) \
               : "+r"(d[0]), "+r"(d[1])                               \
               : "l"(a), "l"(b), "r"(1)                               \
               : "memory")

// tcgen05.mma of 128 by 16: the bytes of a (128 rows of 32) and of b (16 rows of 32), c and d by
// rows.

inline constexpr int tcgen05_a = 1024, tcgen05_b = 128, tcgen05_c = 2048;

#if LOWP_CAPABILITY == 100

template <class Op>
__global__ void tcgen05_kernel(const std::uint32_t* in, std::uint32_t* out) {
  __shared__ alignas(128) std::uint32_t a[tcgen05_a];
  __shared__ alignas(128) std::uint32_t b[tcgen05_b];
  __shared__ alignas(16) std::uint32_t tensor_memory;
  __shared__ alignas(8) std::uint64_t barrier;
  const std::uint32_t* const mine = in + std::size_t{blockIdx.x} * Op::words_in;
  const unsigned thread = threadIdx.x;
  const auto shared = [](const void* p) {
    return static_cast<std::uint32_t>(__cvta_generic_to_shared(p));
  };
  for (unsigned i = thread; i < tcgen05_a; i += 128) a[i] = mine[i];
  for (unsigned i = thread; i < tcgen05_b; i += 128) b[i] = mine[tcgen05_a + i];
  if (thread < 32) {
    asm volatile("tcgen05.alloc.cta_group::1.sync.aligned.shared::cta.b32 [%0], 32;" ::"r"(
                     shared(&tensor_memory))
                 : "memory");
    asm volatile("tcgen05.relinquish_alloc_permit.cta_group::1.sync.aligned;");
  }
  if (thread == 0) {
    asm volatile("mbarrier.init.shared::cta.b64 [%0], 1;" ::"r"(shared(&barrier)) : "memory");
    asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory");
  }
  asm volatile("fence.proxy.async;" ::: "memory");
  asm volatile("tcgen05.fence::before_thread_sync;" ::: "memory");
  __syncthreads();
  asm volatile("tcgen05.fence::after_thread_sync;" ::: "memory");
  // Each warp reaches its 32 lanes.
  const std::uint32_t d = tensor_memory;
  const std::uint32_t lanes = d + (thread / 32 * 32 << 16);
  const std::uint32_t* const c = mine + tcgen05_a + tcgen05_b + thread * 16;
  asm volatile(
      "tcgen05.st.sync.aligned.32x32b.x16.b32 [%0], "
      "{%1,%2,%3,%4,%5,%6,%7,%8,%9,%10,%11,%12,%13,%14,%15,%16};" ::"r"(lanes),
      "r"(c[0]), "r"(c[1]), "r"(c[2]), "r"(c[3]), "r"(c[4]), "r"(c[5]), "r"(c[6]), "r"(c[7]),
      "r"(c[8]), "r"(c[9]), "r"(c[10]), "r"(c[11]), "r"(c[12]), "r"(c[13]), "r"(c[14]), "r"(c[15])
      : "memory");
  asm volatile("tcgen05.wait::st.sync.aligned;" ::: "memory");
  asm volatile("tcgen05.fence::before_thread_sync;" ::: "memory");
  __syncthreads();
  asm volatile("tcgen05.fence::after_thread_sync;" ::: "memory");
  if (thread == 0) {
    // The descriptors of this generation have a constant 1 in bits 48:46.
    constexpr std::uint64_t version = std::uint64_t{1} << 46;
    Op::run(d, matrix_descriptor(a, 2048) | version, matrix_descriptor(b, 256) | version);
    asm volatile(
        "tcgen05.commit.cta_group::1.mbarrier::arrive::one.shared::cluster.b64 [%0];" ::"r"(
            shared(&barrier))
        : "memory");
  }
  asm volatile(
      "{\n.reg .pred done;\nagain:\n"
      "mbarrier.try_wait.parity.shared::cta.b64 done, [%0], 0;\n@!done bra again;\n}" ::"r"(
          shared(&barrier))
      : "memory");
  asm volatile("tcgen05.fence::after_thread_sync;" ::: "memory");
  std::uint32_t r[16];
  asm volatile(
      "tcgen05.ld.sync.aligned.32x32b.x16.b32 "
      "{%0,%1,%2,%3,%4,%5,%6,%7,%8,%9,%10,%11,%12,%13,%14,%15}, [%16];"
      : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3]), "=r"(r[4]), "=r"(r[5]), "=r"(r[6]),
        "=r"(r[7]), "=r"(r[8]), "=r"(r[9]), "=r"(r[10]), "=r"(r[11]), "=r"(r[12]), "=r"(r[13]),
        "=r"(r[14]), "=r"(r[15])
      : "r"(lanes));
  asm volatile("tcgen05.wait::ld.sync.aligned;" ::: "memory");
  for (int i = 0; i < 16; ++i) {
    out[std::size_t{blockIdx.x} * tcgen05_c + thread * 16 + i] = r[i];
  }
  asm volatile("tcgen05.fence::before_thread_sync;" ::: "memory");
  __syncthreads();
  if (thread < 32) {
    asm volatile("tcgen05.fence::after_thread_sync;" ::: "memory");
    asm volatile("tcgen05.dealloc.cta_group::1.sync.aligned.b32 %0, 32;" ::"r"(d));
  }
}

template <class Op>
void run_tcgen05(const std::uint32_t* in, std::uint32_t* out, std::size_t count) {
  execute(in, out, count * Op::words_in, count * Op::words_out,
          [&](const std::uint32_t* x, std::uint32_t* y) {
            tcgen05_kernel<Op><<<static_cast<unsigned>(count), 128>>>(x, y);
          });
}

#define LOWP_TCGEN05_ASM(KIND)                                                    \
  asm volatile(                                                                   \
      "{\n.reg .pred p;\nsetp.ne.b32 p, %4, 0;\n"                                 \
      "tcgen05.mma.cta_group::1.kind::" KIND " [%0], %1, %2, %3, p;\n}" ::"r"(d), \
      "l"(a), "l"(b), "r"(descriptor), "r"(1)                                     \
      : "memory")

#endif

}  // namespace lowp::tool::gpu

#endif  // LOWP_FUZZ_GPU_KERNELS_CUH
