/* SPDX-License-Identifier: Apache-2.0 */
/* For plugin_fuzz_test.py: right but for inputs that no sample meets, so that only the comparisons in
 * the code lead to them. */
#include <string.h>

#include <lowp/golden/vendor.h>

static uint32_t product(uint32_t a, uint32_t b) {
  float x, y, z;
  uint32_t code;
  memcpy(&x, &a, sizeof x);
  memcpy(&y, &b, sizeof y);
  z = x * y;
  memcpy(&code, &z, sizeof code);
  return z != z ? 0x7fc00000u : code;
}

/* One of 2^64 pairs is wrong by a unit in the last place, as from a bad entry of a table. */
static int one_pair(void* context, const lowp_vendor_batch* b) {
  const uint32_t *x = b->in[0], *y = b->in[1];
  uint32_t* out = b->out[0];
  (void)context;
  for (size_t i = 0; i < b->cases; ++i) {
    out[i] = product(x[i], y[i]);
    if (x[i] == 0x3f9e0652u && y[i] == 0x40490fdbu) ++out[i];
  }
  return 0;
}

/* Looks behind the last case after one of 2^32 codes. */
static int reads_behind(void* context, const lowp_vendor_batch* b) {
  const uint32_t *x = b->in[0], *y = b->in[1];
  uint32_t* out = b->out[0];
  (void)context;
  for (size_t i = 0; i < b->cases; ++i) {
    volatile uint32_t next = x[i] == 0x51eb851fu ? x[i + 1] : 0;
    (void)next;
    out[i] = product(x[i], y[i]);
  }
  return 0;
}

static const lowp_vendor_operation operations[] = {
    {"one pair", "multiply binary32", one_pair, NULL},
    {"reads behind", "multiply binary32", reads_behind, NULL},
};

static const lowp_vendor vendor = {LOWP_VENDOR_ABI, "Rare", 2, operations};

const lowp_vendor* lowp_vendor_describe(uint32_t abi) {
  return abi == LOWP_VENDOR_ABI ? &vendor : NULL;
}
