/* SPDX-License-Identifier: Apache-2.0 */
/* For plugin_test.py: a plug-in that describes itself wrongly, in the way that the environment
 * variable LOWP_TEST_FAULT names. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <lowp/golden/vendor.h>

static int run(void* context, const lowp_vendor_batch* batch) {
  (void)context;
  (void)batch;
  return 0;
}

static lowp_vendor_operation operations[] = {
    {"first", "negate bfloat16", run, NULL},
    {"second", "negate binary16", run, NULL},
};
static lowp_vendor vendor = {LOWP_VENDOR_ABI, "Unusable", 2, operations};

static int is(const char* fault) {
  const char* wanted = getenv("LOWP_TEST_FAULT");
  return wanted != NULL && strcmp(wanted, fault) == 0;
}

__attribute__((constructor)) static void start(void) {
  if (is("crash on loading")) abort();
  if (is("hang on loading")) pause();
}

const lowp_vendor* lowp_vendor_describe(uint32_t abi) {
  (void)abi;
  if (is("null")) return NULL;
  if (is("crash")) {
    fputs("no such unit\n", stderr);
    abort();
  }
  if (is("exit")) exit(0);
  if (is("abi")) vendor.abi = 7;
  if (is("bad pointer")) return (const lowp_vendor*)0x10;
  if (is("no name")) vendor.name = NULL;
  if (is("empty name")) vendor.name = "";
  if (is("other letters"))
    vendor.name =
        "Gr\xc3\xbc\xc3\x9f"
        "e\n";
  if (is("none")) vendor.operation_count = 0;
  if (is("many")) vendor.operation_count = (size_t)-1;
  if (is("no operations")) vendor.operations = NULL;
  if (is("operation without name")) operations[1].name = NULL;
  if (is("operation with empty name")) operations[1].name = "";
  if (is("operation with other letters")) operations[1].name = "\x01";
  if (is("same name")) operations[1].name = "first";
  if (is("no claim")) operations[1].claim = NULL;
  if (is("empty claim")) operations[1].claim = " ";
  if (is("unknown claim")) operations[1].claim = "negatt binary16";
  if (is("unknown format")) operations[1].claim = "negate binary17";
  if (is("open claim")) operations[1].claim = "convert binary32 e4m3fn ?";
  if (is("claim of other letters")) operations[1].claim = "negate\tbinary16\xff";
  if (is("no function")) operations[1].run = NULL;
  if (is("two")) {
    operations[0].run = NULL;
    operations[1].claim = "rule nothing";
  }
  return &vendor;
}
