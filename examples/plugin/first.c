/* SPDX-License-Identifier: Apache-2.0 */
#include <lowp/golden/vendor.h>

/* The unit under test: binary32 -> bfloat16 by cutting off the low half. */
static int to_bfloat16(void* context, const lowp_vendor_batch* batch) {
  const uint32_t* in = batch->in[0]; /* codes of the first operand field */
  uint16_t* out = batch->out[0];     /* room for those of the first result field */
  (void)context;
  for (size_t i = 0; i < batch->cases; ++i) out[i] = (uint16_t)(in[i] >> 16);
  return 0; /* done; any other number: refused */
}

static const lowp_vendor_operation operations[] = {
    /* its name, what it claims to compute, the function, its context */
    {"to_bfloat16", "convert binary32 bfloat16", to_bfloat16, NULL},
};

static const lowp_vendor vendor = {LOWP_VENDOR_ABI, "ACME FPU", 1, operations};

const lowp_vendor* lowp_vendor_describe(uint32_t abi) {
  return abi == LOWP_VENDOR_ABI ? &vendor : NULL;
}
