/* SPDX-License-Identifier: Apache-2.0 */
/* For plugin_test.py: operations that claim bfloat16's negation and do it right but for one fault
 * each, between two that have none. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <lowp/golden/vendor.h>

/* The case that some of the faults wait for. */
#define BAD 0x4321

static const uint16_t* input(const lowp_vendor_batch* b) { return b->in[0]; }
static uint16_t* output(const lowp_vendor_batch* b) { return b->out[0]; }

static void negate(const lowp_vendor_batch* b, size_t first, size_t end) {
  for (size_t i = first; i < end; ++i) {
    const uint16_t x = (uint16_t)(input(b)[i] ^ 0x8000);
    output(b)[i] = (x & 0x7fff) > 0x7f80 ? (uint16_t)((x & 0x8000) | 0x7fc0) : x;
  }
}

static int has_bad(const lowp_vendor_batch* b) {
  for (size_t i = 0; i < b->cases; ++i) {
    if (input(b)[i] == BAD) return 1;
  }
  return 0;
}

#define OPERATION(name) static int name(void* context, const lowp_vendor_batch* b)
#define DONE              \
  (void)context;          \
  negate(b, 0, b->cases); \
  return 0

OPERATION(good) { DONE; }

OPERATION(crashes) {
  if (has_bad(b)) raise(SIGILL);
  DONE;
}

OPERATION(null_pointer) {
  if (has_bad(b)) *(volatile int*)(b->first - b->first) = 1;
  DONE;
}

OPERATION(aborts) {
  if (has_bad(b)) {
    fputs("assertion failed: x < 7\n", stderr);
    abort();
  }
  DONE;
}

OPERATION(hangs) {
  while (has_bad(b)) usleep(1000);
  DONE;
}

OPERATION(refuses) {
  if (b->cases % 2 != 0 && b->cases > 2) return -7;
  DONE;
}

OPERATION(exits) {
  if (has_bad(b)) exit(3);
  DONE;
}

OPERATION(writes_behind) {
  negate(b, 0, b->cases);
  output(b)[(b->cases + 7) / 8 * 8 - 1] = output(b)[b->cases - 1];
  DONE;
}

OPERATION(reads_behind) {
  volatile uint16_t sink = input(b)[(b->cases + 7) / 8 * 8 - 1];
  (void)sink;
  DONE;
}

OPERATION(writes_before) {
  output(b)[-1] = 0;
  DONE;
}

OPERATION(writes_operands) {
  *(volatile uint16_t*)b->in[0] = 0;
  DONE;
}

OPERATION(leaves_last) {
  (void)context;
  negate(b, 0, b->cases - (b->cases > 64));
  return 0;
}

OPERATION(has_state) {
  static unsigned calls = 0;
  negate(b, 0, b->cases);
  if (++calls % 2 == 0) output(b)[0] ^= 1;
  (void)context;
  return 0;
}

OPERATION(wrong_tail) {
  negate(b, 0, b->cases);
  for (size_t i = b->cases / 8 * 8; i < b->cases; ++i) output(b)[i] ^= 1;
  (void)context;
  return 0;
}

OPERATION(wrong_lane) {
  negate(b, 0, b->cases);
  for (size_t i = 3; i < b->cases; i += 4) output(b)[i] ^= 1;
  (void)context;
  return 0;
}

OPERATION(uses_rank) {
  negate(b, 0, b->cases);
  if (b->rank != 0) output(b)[0] ^= 1;
  (void)context;
  return 0;
}

OPERATION(uses_neighbour) {
  negate(b, 0, b->cases);
  for (size_t i = 1; i < b->cases; ++i) {
    if (input(b)[i - 1] > 0xff00) output(b)[i] ^= 1;
  }
  (void)context;
  return 0;
}

OPERATION(prints) {
  printf("noise %s\n", "\x1b[31m");
  DONE;
}

OPERATION(writes_to_all_files) {
  for (int k = 0; k < 64; ++k) {
    if (k != 1 && send(k, "garbage", 7, MSG_NOSIGNAL) < 0 && k > 2) continue;
  }
  DONE;
}

OPERATION(closes_all_files) {
  for (int k = 0; k < 64; ++k) close(k);
  DONE;
}

OPERATION(jumps) {
  static jmp_buf back;
  static int ready = 0;
  if (ready) longjmp(back, 1);
  if (setjmp(back) == 0) ready = 1;
  DONE;
}

OPERATION(overflows_stack) {
  volatile char room[4096];
  static volatile int for_ever = 1;
  memset((char*)room, 1, sizeof room);
  return for_ever ? overflows_stack(context, b) + room[7] : 0;
}

/* FB-30: the body rounds ties to even, the tail away from zero. */
OPERATION(tail_rounds_away) {
  const uint32_t* in = b->in[0];
  (void)context;
  for (size_t i = 0; i < b->cases; ++i) {
    const uint32_t x = in[i];
    const uint32_t half = i < b->cases / 8 * 8 ? 0x7fff + (x >> 16 & 1) : 0x8000;
    output(b)[i] =
        (uint16_t)((x & 0x7fffffff) > 0x7f800000 ? (x >> 16 & 0x8000) | 0x7fc0 : (x + half) >> 16);
  }
  return 0;
}

OPERATION(junk) {
  uint8_t* out = b->out[0];
  (void)context;
  for (size_t i = 0; i < b->cases; ++i) out[i] = (uint8_t)(((const uint8_t*)b->in[0])[i] ^ 0xf8);
  return 0;
}

static const char claim[] = "negate bfloat16";

#define ROW(name) \
  { #name, claim, name, NULL }
static const lowp_vendor_operation operations[] = {
    {"good first", claim, good, NULL},
    ROW(crashes),
    ROW(null_pointer),
    ROW(aborts),
    ROW(hangs),
    ROW(refuses),
    ROW(exits),
    ROW(writes_behind),
    ROW(reads_behind),
    ROW(writes_before),
    ROW(writes_operands),
    ROW(leaves_last),
    ROW(has_state),
    ROW(wrong_tail),
    ROW(wrong_lane),
    ROW(uses_rank),
    ROW(uses_neighbour),
    ROW(prints),
    ROW(writes_to_all_files),
    ROW(closes_all_files),
    ROW(jumps),
    ROW(overflows_stack),
    {"tail_rounds_away", "convert binary32 bfloat16", tail_rounds_away, NULL},
    {"junk", "negate e2m1", junk, NULL},
    {"good last", claim, good, NULL},
};

static const lowp_vendor vendor = {LOWP_VENDOR_ABI, "Faulty",
                                   sizeof operations / sizeof *operations, operations};

const lowp_vendor* lowp_vendor_describe(uint32_t abi) {
  (void)abi;
  return &vendor;
}
