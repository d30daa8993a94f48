/* SPDX-License-Identifier: Apache-2.0 */
/** \file
 * The plug-in interface of `lowp verify`: how an implementation of
 * number operations, in C or any language with C linkage, shows itself to the golden model.
 *
 * A plug-in is a shared object that exports one function, `lowp_vendor_describe`. It returns a
 * table of operations: for each, in words, what it claims to compute, and the function that
 * computes it. lowp calls that function from a process of its own, so a plug-in may crash, hang or
 * write garbage without harm to the tool; it is then told so, with the case that did it.
 *
 * spec/golden.md lists the claims that lowp understands; `lowp claims` prints them. `./run fuzz
 * plugin` links a plug-in's sources with a fuzzer that compares it with them (GLD-16).
 */
#ifndef LOWP_GOLDEN_VENDOR_H
#define LOWP_GOLDEN_VENDOR_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The version of this interface; a later one only adds members at the ends of the structures. */
#define LOWP_VENDOR_ABI 1u

/** Consecutive cases of one operation.
 *
 * `in[f]` points to the codes of operand field f, `out[f]` to room for those of result field f, in
 * the order that the claim documents. A code lies in the low bits of 1, 2, 4 or 8 bytes, the fewest
 * that hold its width, in the byte order of the machine; operands have zeros above their width, and
 * so must results. Where a field has several codes per case, those of a case are adjacent. Arrays
 * are aligned as their codes are, and no more. Exactly `cases` cases are there: reading or writing
 * behind them is a fault that lowp looks for by arrays that end where unreadable memory begins, and
 * it calls with all small numbers of cases, 1 among them. */
typedef struct lowp_vendor_batch {
  size_t size;  /**< sizeof(lowp_vendor_batch) of the caller */
  size_t cases; /**< >= 1 */
  const void* const* in;
  void* const* out;
  uint64_t first;  /**< index of the first case in the array or tensor of which this is a part */
  uint64_t total;  /**< cases of that array */
  uint64_t seed;   /**< for operations that draw random bits themselves ("random=own") */
  uint32_t stream; /**< which tensor, for the same */
  uint32_t rank;   /**< of the process that holds this part, 0...ranks - 1 */
  uint32_t ranks;  /**< >= 1 */
} lowp_vendor_batch;

/** One operation. */
typedef struct lowp_vendor_operation {
  /** What the vendor calls it: "cast_fp8". Not empty, printable ASCII. */
  const char* name;
  /** What it computes, as spec/golden.md writes it:
   * "convert binary32 e4m3fn overflow=saturate", "instruction vcvtne2ps2bf16", "fma binary16",
   * "dot sm90a.wgmma.m64nNk32.f32.e4m3.e4m3", "quantise mxfp8_e4m3 ocp". A last word "?"
   * leaves the behaviour open: `lowp identify` infers it, `lowp verify` refuses it. */
  const char* claim;
  /** Computes a batch. 0: done; anything else: refused, which lowp reports with the number. */
  int (*run)(void* context, const lowp_vendor_batch* batch);
  /** Given to `run` as it is. */
  void* context;
} lowp_vendor_operation;

/** A plug-in. Everything it points to stays valid until the process ends. */
typedef struct lowp_vendor {
  uint32_t abi;     /**< LOWP_VENDOR_ABI of the header that the plug-in was built with */
  const char* name; /**< "ACME FPU 2" */
  size_t operation_count;
  const lowp_vendor_operation* operations;
} lowp_vendor;

/** The only function that a plug-in exports. `abi`: the version of the caller. Null: the plug-in
 * cannot work with that version, or not on this machine. */
#if defined(_WIN32)
__declspec(dllexport)
#elif defined(__GNUC__)
__attribute__((visibility("default")))
#endif
    const lowp_vendor* lowp_vendor_describe(uint32_t abi);

#ifdef __cplusplus
}
#endif

#endif /* LOWP_GOLDEN_VENDOR_H */
