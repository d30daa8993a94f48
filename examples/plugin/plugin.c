/* SPDX-License-Identifier: Apache-2.0 */
/* A plug-in for `lowp verify`: three operations in plain C, shown through lowp/golden/vendor.h.
 *
 *     cc -shared -fPIC -I include -o plugin.so examples/plugin/plugin.c
 *     lowp verify --plugin ./plugin.so
 */
#include <string.h>

#include <lowp/golden/vendor.h>

static uint32_t bits_of(float x) {
  uint32_t code;
  memcpy(&code, &x, sizeof code);
  return code;
}

static float number_of(uint32_t code) {
  float x;
  memcpy(&x, &code, sizeof x);
  return x;
}

/* binary32 -> bfloat16, nearest even; a NaN keeps its sign and becomes quiet. */
static uint16_t to_bfloat16(uint32_t x) {
  if ((x & 0x7fffffffu) > 0x7f800000u) return (uint16_t)((x >> 16 & 0x8000u) | 0x7fc0u);
  return (uint16_t)((x + 0x7fffu + (x >> 16 & 1u)) >> 16);
}

static int run_to_bfloat16(void* context, const lowp_vendor_batch* batch) {
  const uint32_t* in = batch->in[0];
  uint16_t* out = batch->out[0];
  (void)context;
  for (size_t i = 0; i < batch->cases; ++i) out[i] = to_bfloat16(in[i]);
  return 0;
}

/* bfloat16 * bfloat16: the product is exact in binary32's precision, so one rounding is left,
 * except where binary32 runs out of exponents; the rounding to odd keeps what it drops there. */
static uint16_t multiply_bfloat16(uint16_t a, uint16_t b) {
  const double product =
      (double)number_of((uint32_t)a << 16) * (double)number_of((uint32_t)b << 16);
  uint64_t code;
  uint32_t sign;
  float x;
  memcpy(&code, &product, sizeof code);
  sign = (uint32_t)(code >> 32) & 0x80000000u;
  if (product != product) return 0x7fc0u;
  x = (float)product;
  if (x - x == 0 && (double)x != product) {
    /* To odd: toward zero, and the last bit set. */
    uint32_t odd = bits_of(x) & 0x7fffffffu;
    const double magnitude = product < 0 ? -product : product;
    if ((double)number_of(odd) > magnitude) --odd;
    x = number_of(sign | odd | 1u);
  }
  return to_bfloat16(bits_of(x));
}

static int run_multiply(void* context, const lowp_vendor_batch* batch) {
  const uint16_t* a = batch->in[0];
  const uint16_t* b = batch->in[1];
  uint16_t* out = batch->out[0];
  (void)context;
  for (size_t i = 0; i < batch->cases; ++i) out[i] = multiply_bfloat16(a[i], b[i]);
  return 0;
}

/* a < b as 1 or 0; false for a NaN. */
static int run_less(void* context, const lowp_vendor_batch* batch) {
  const uint16_t* a = batch->in[0];
  const uint16_t* b = batch->in[1];
  uint8_t* out = batch->out[0];
  (void)context;
  for (size_t i = 0; i < batch->cases; ++i) {
    out[i] = number_of((uint32_t)a[i] << 16) < number_of((uint32_t)b[i] << 16);
  }
  return 0;
}

static const lowp_vendor_operation operations[] = {
    {"to_bfloat16", "convert binary32 bfloat16", run_to_bfloat16, NULL},
    {"multiply", "multiply bfloat16", run_multiply, NULL},
    {"less", "compare less bfloat16", run_less, NULL},
};

static const lowp_vendor vendor = {LOWP_VENDOR_ABI, "Example unit",
                                   sizeof operations / sizeof *operations, operations};

const lowp_vendor* lowp_vendor_describe(uint32_t abi) {
  return abi == LOWP_VENDOR_ABI ? &vendor : NULL;
}
