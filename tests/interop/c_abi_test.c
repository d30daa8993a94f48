// SPDX-License-Identifier: Apache-2.0
/// \file
/// lowp/interop/lowp.h from C: every function once on good arguments, and what each refuses.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lowp/interop/lowp.h>
#include <lowp/interop/lowp_dpi.h>

static int passed, failed;

#define CHECK(condition)                                                      \
  do {                                                                        \
    if (condition) {                                                          \
      ++passed;                                                               \
    } else {                                                                  \
      ++failed;                                                               \
      printf("line %d: %s; %s\n", __LINE__, #condition, lowp_last_message()); \
    }                                                                         \
  } while (0)

/// The call is refused with a status, and the message has all of the words.
#define REFUSED(call, status, ...)                                \
  do {                                                            \
    const char* const parts_[] = {__VA_ARGS__};                   \
    CHECK((call) == (status));                                    \
    for (size_t w = 0; w < sizeof parts_ / sizeof *parts_; ++w) { \
      CHECK(strstr(lowp_last_message(), parts_[w]) != NULL);      \
    }                                                             \
  } while (0)

static lowp_format named(const char* name) {
  lowp_format f;
  memset(&f, 0, sizeof f);
  CHECK(lowp_format_named(name, &f) == LOWP_OK);
  return f;
}

static size_t row(int registry, const char* name) {
  size_t index = 0;
  CHECK(lowp_find(registry, name, &index) == LOWP_OK);
  return index;
}

static void registries(void) {
  const char* text = NULL;
  size_t n = 0;
  CHECK(strcmp(lowp_version(), "0.1.0") == 0);
  CHECK(lowp_abi() == LOWP_ABI);
  CHECK(strcmp(lowp_error_text(LOWP_OK), "no error") == 0);
  CHECK(strcmp(lowp_error_text(-7), lowp_error_text(LOWP_NO_MEMORY + 1)) == 0);
  CHECK(lowp_registry_name(LOWP_MMA_MODELS, &text) == LOWP_OK && strcmp(text, "mma_models") == 0);
  CHECK(lowp_count(LOWP_FORMATS, &n) == LOWP_OK && n > 50);
  CHECK(lowp_row_text(LOWP_FORMATS, row(LOWP_FORMATS, "float8_e4m3fn"), LOWP_TEXT_NAME, &text) ==
        LOWP_OK);
  CHECK(strcmp(text, "e4m3fn") == 0);
  REFUSED(lowp_registry_name(LOWP_REGISTRIES, &text), LOWP_OUT_OF_RANGE, "registry is 10");
  REFUSED(lowp_registry_name(0, NULL), LOWP_NULL_ARGUMENT, "lowp_registry_name: name is null");
  REFUSED(lowp_count(-1, &n), LOWP_OUT_OF_RANGE, "registry is -1, not from 0 to 9");
  REFUSED(lowp_count(0, NULL), LOWP_NULL_ARGUMENT, "count is null");
  REFUSED(lowp_row_text(LOWP_FORMATS, 100000, 0, &text), LOWP_OUT_OF_RANGE, "index is 100000");
  REFUSED(lowp_row_text(LOWP_FORMATS, 0, LOWP_TEXTS, &text), LOWP_OUT_OF_RANGE, "text is 11");
  REFUSED(lowp_row_text(LOWP_FORMATS, 0, -1, &text), LOWP_OUT_OF_RANGE, "text is -1");
  REFUSED(lowp_row_text(LOWP_FORMATS, 0, 0, NULL), LOWP_NULL_ARGUMENT, "out is null");
  REFUSED(lowp_find(LOWP_FORMATS, "e9m9", &n), LOWP_UNKNOWN_NAME, "\"e9m9\"", "formats");
  REFUSED(lowp_find(LOWP_FORMATS, NULL, &n), LOWP_NULL_ARGUMENT, "name is null");
  REFUSED(lowp_find(LOWP_FORMATS, "e4m3", NULL), LOWP_NULL_ARGUMENT, "index is null");
  REFUSED(lowp_find(99, "e4m3", &n), LOWP_OUT_OF_RANGE, "registry is 99");
  char huge[4000];
  memset(huge, 'x', sizeof huge);
  huge[sizeof huge - 1] = 0;
  REFUSED(lowp_find(LOWP_PACKINGS, huge, &n), LOWP_UNKNOWN_NAME, "xxxx\", which packings have not");
  REFUSED(lowp_format_named(huge, &(lowp_format){0}), LOWP_UNKNOWN_NAME, "xxxx\"");
  CHECK(lowp_dpi_width(lowp_dpi_format("e4m3fn")) == 8);  // its own test is dpi_test.cpp
}

static void formats(void) {
  lowp_format f = named("binary8p3se");
  CHECK(f.width == 8 && f.precision == 3 && f.is_signed == 1 && f.bias == 16);
  lowp_format_properties facts;
  f = named("e4m3fn");
  CHECK(lowp_format_facts(&f, &facts) == LOWP_OK);
  CHECK(facts.max_finite == 0x7e && facts.one == 0x38 && facts.canonical_nan == 0x7f);
  CHECK(facts.container_bytes == 1 && facts.has_nan == 1 && facts.has_infinity == 0);
  CHECK(facts.finite_codes == 254);
  CHECK(lowp_format_at(0, &f) == LOWP_OK && f.width == 64);
  CHECK(lowp_format_facts(&f, &facts) == LOWP_OK && facts.container_bytes == 8);
  REFUSED(lowp_format_at(1000, &f), LOWP_OUT_OF_RANGE, "index is 1000");
  REFUSED(lowp_format_at(0, NULL), LOWP_NULL_ARGUMENT, "out is null");
  REFUSED(lowp_format_named("int65", &f), LOWP_UNKNOWN_NAME, "int65");
  REFUSED(lowp_format_named("", &f), LOWP_UNKNOWN_NAME, "\"\"");
  REFUSED(lowp_format_facts(NULL, &facts), LOWP_NULL_ARGUMENT, "format is null");
  REFUSED(lowp_format_facts(&f, NULL), LOWP_NULL_ARGUMENT, "out is null");
  // Every byte of a format with every value: refused or usable, never harm.
  for (size_t at = 0; at < sizeof f; ++at) {
    for (int value = 0; value < 256; ++value) {
      lowp_format junk = named("e5m2");
      ((unsigned char*)&junk)[at] = (unsigned char)value;
      const int status = lowp_format_facts(&junk, &facts);
      lowp_value v;
      const int again = lowp_decode_code(&junk, 0xa5a5a5a5a5a5a5a5u, &v);
      if ((status != LOWP_OK && status != LOWP_BAD_FORMAT) || again != status) {
        CHECK(again == status && status == LOWP_BAD_FORMAT);
      }
    }
  }
  f = named("e5m2");
  f.kind = 9;
  REFUSED(lowp_format_facts(&f, &facts), LOWP_BAD_FORMAT, "format.kind is 9, not from 0 to 6");
  const size_t members[] = {offsetof(lowp_format, nans), offsetof(lowp_format, bottom),
                            offsetof(lowp_format, table), offsetof(lowp_format, is_signed),
                            offsetof(lowp_format, has_infinity)};
  const unsigned char past[] = {4, 4, 3, 2, 2};
  for (size_t i = 0; i < 5; ++i) {
    f = named("e5m2");
    ((unsigned char*)&f)[members[i]] = past[i];
    REFUSED(lowp_format_facts(&f, &facts), LOWP_BAD_FORMAT, "not from 0 to");
  }
  f = named("e5m2");
  f.reserved[2] = 1;
  REFUSED(lowp_format_facts(&f, &facts), LOWP_BAD_FORMAT, "reserved");
  f = named("e5m2");
  f.width = 65;
  REFUSED(lowp_format_facts(&f, &facts), LOWP_BAD_FORMAT, "width must be", "width 65");
}

static void conversions(void) {
  const lowp_format f32 = named("binary32"), fp8 = named("e4m3fn"), wide = named("binary64");
  const lowp_projection saturate = {.overflow = LOWP_OVERFLOW_SATURATE};
  const float x[4] = {0.3f, -500.0f, 1e-9f, 448.0f};
  uint8_t code[4], flags[4];
  CHECK(lowp_convert(&f32, x, &fp8, code, 4, &saturate, NULL, flags) == LOWP_OK);
  CHECK(code[0] == 0x2a && code[1] == 0xfe && code[2] == 0x00 && code[3] == 0x7e);
  CHECK(flags[0] == LOWP_INEXACT && flags[3] == 0);
  CHECK(flags[1] == (LOWP_INEXACT | LOWP_OVERFLOW | LOWP_SATURATED));
  CHECK(flags[2] == (LOWP_INEXACT | LOWP_UNDERFLOW));
  double back[4];
  CHECK(lowp_convert(&fp8, code, &wide, back, 4, NULL, NULL, NULL) == LOWP_OK);
  CHECK(back[0] == 0.3125 && back[1] == -448 && back[2] == 0 && back[3] == 448);
  // Misaligned arrays, junk above the width, in place.
  unsigned char raw[1 + sizeof x];
  memcpy(raw + 1, x, sizeof x);
  CHECK(lowp_convert(&f32, raw + 1, &fp8, raw + 1, 4, &saturate, NULL, NULL) == LOWP_OK);
  CHECK(memcmp(raw + 1, code, 4) == 0);
  const lowp_format fp4 = named("e2m1");
  const uint8_t junk[2] = {0xf3, 0x0b};
  uint8_t clean[2];
  CHECK(lowp_convert(&fp4, junk, &fp4, clean, 2, NULL, NULL, NULL) == LOWP_OK);
  CHECK(clean[0] == 0x3 && clean[1] == 0xb);
  CHECK(lowp_convert(&f32, NULL, &fp8, NULL, 0, NULL, NULL, NULL) == LOWP_OK);

  uint64_t one = 0;
  uint8_t flag = 0;
  CHECK(lowp_convert_code(&f32, 0x43e88000, &fp8, NULL, 0, &one, &flag) == LOWP_OK);  // 465
  CHECK(one == 0x7f && (flag & LOWP_OVERFLOW) != 0);
  lowp_value v;
  CHECK(lowp_decode_code(&fp8, 0x2a, &v) == LOWP_OK);
  CHECK(v.cls == LOWP_FINITE && v.negative == 0 && v.significand == 10 && v.exponent == -5);
  CHECK(lowp_encode_value(&fp8, &v, NULL, 0, &one, NULL) == LOWP_OK && one == 0x2a);
  lowp_value all[4];
  CHECK(lowp_decode(&fp8, code, 4, all) == LOWP_OK);
  CHECK(all[1].negative == 1 && all[2].cls == LOWP_ZERO);

  REFUSED(lowp_convert(NULL, x, &fp8, code, 4, NULL, NULL, NULL), LOWP_NULL_ARGUMENT, "from");
  REFUSED(lowp_convert(&f32, x, NULL, code, 4, NULL, NULL, NULL), LOWP_NULL_ARGUMENT, "to is");
  REFUSED(lowp_convert(&f32, NULL, &fp8, code, 4, NULL, NULL, NULL), LOWP_NULL_ARGUMENT, "in is");
  REFUSED(lowp_convert(&f32, x, &fp8, NULL, 4, NULL, NULL, NULL), LOWP_NULL_ARGUMENT, "out is");
  REFUSED(lowp_convert(&f32, x, &fp8, code, SIZE_MAX / 2, NULL, NULL, NULL), LOWP_BAD_SIZE,
          "elements of in", "more than memory");
  float many[4] = {0};
  REFUSED(lowp_convert(&fp8, (uint8_t*)many + 1, &f32, many, 4, NULL, NULL, NULL), LOWP_OVERLAP,
          "out and in overlap");
  REFUSED(lowp_convert(&fp8, many, &f32, many, 4, NULL, NULL, NULL), LOWP_OVERLAP, "overlap");
  REFUSED(lowp_convert(&fp8, many, &fp8, (uint8_t*)many + 1, 4, NULL, NULL, NULL), LOWP_OVERLAP,
          "out and in overlap (4 and 4 bytes)");
  REFUSED(lowp_convert(&fp8, many, &fp8, code, 4, NULL, NULL, code + 3), LOWP_OVERLAP,
          "flags and out overlap");
  lowp_projection p = {.round = 12};
  REFUSED(lowp_convert(&f32, x, &fp8, code, 4, &p, NULL, NULL), LOWP_BAD_PROJECTION,
          "projection.round is 12");
  p = (lowp_projection){.random_bits = 33};
  REFUSED(lowp_convert(&f32, x, &fp8, code, 4, &p, NULL, NULL), LOWP_BAD_PROJECTION,
          "random_bits 33");
  p = (lowp_projection){.reserved = {0, 1}};
  REFUSED(lowp_convert_code(&f32, 0, &fp8, &p, 0, &one, NULL), LOWP_BAD_PROJECTION, "reserved");
  REFUSED(lowp_convert_code(&f32, 0, &fp8, NULL, 0, NULL, NULL), LOWP_NULL_ARGUMENT, "out");
  REFUSED(lowp_decode_code(&fp8, 0, NULL), LOWP_NULL_ARGUMENT, "out");
  REFUSED(lowp_decode(&fp8, NULL, 2, all), LOWP_NULL_ARGUMENT, "codes");
  REFUSED(lowp_decode(&fp8, all, 2, all), LOWP_OVERLAP, "out and codes overlap");
  v.cls = 4;
  REFUSED(lowp_encode_value(&fp8, &v, NULL, 0, &one, NULL), LOWP_OUT_OF_RANGE, "cls 4");
  v = (lowp_value){.cls = LOWP_FINITE, .significand = 1, .tail = 1};
  REFUSED(lowp_encode_value(&fp8, &v, NULL, 0, &one, NULL), LOWP_OUT_OF_RANGE, "bit 63");
  REFUSED(lowp_encode_value(&fp8, NULL, NULL, 0, &one, NULL), LOWP_NULL_ARGUMENT, "value");
  REFUSED(lowp_encode_value(&fp8, all, NULL, 0, NULL, NULL), LOWP_NULL_ARGUMENT, "code");
}

static void projections(void) {
  const char* text = NULL;
  CHECK(lowp_projection_member(1, &text) == LOWP_OK && strcmp(text, "overflow") == 0);
  CHECK(lowp_projection_value(1, LOWP_OVERFLOW_SATURATE, &text) == LOWP_OK);
  CHECK(strcmp(text, "saturate") == 0);
  CHECK(lowp_projection_value(14, 32, &text) == LOWP_OK && text == NULL);
  REFUSED(lowp_projection_value(14, 33, &text), LOWP_OUT_OF_RANGE, "random_bits has no value 33");
  REFUSED(lowp_projection_value(0, 256, &text), LOWP_OUT_OF_RANGE, "round has no value 256");
  REFUSED(lowp_projection_value(0, -1, &text), LOWP_OUT_OF_RANGE, "round has no value -1");
  REFUSED(lowp_projection_value(17, 0, &text), LOWP_OUT_OF_RANGE, "member is 17");
  REFUSED(lowp_projection_member(17, &text), LOWP_OUT_OF_RANGE, "member is 17");
  REFUSED(lowp_projection_member(0, NULL), LOWP_NULL_ARGUMENT, "name");
  lowp_projection p;
  CHECK(lowp_policy_at(row(LOWP_POLICIES, "CUDA 13 satfinite"), &p) == LOWP_OK);
  CHECK(p.overflow == LOWP_OVERFLOW_SATURATE && p.round == LOWP_ROUND_TO_NEAREST_EVEN);
  REFUSED(lowp_policy_at(999, &p), LOWP_OUT_OF_RANGE, "index is 999");
  REFUSED(lowp_policy_at(0, NULL), LOWP_NULL_ARGUMENT, "out");
}

static void rules(void) {
  const lowp_format f32 = named("binary32"), fp8 = named("e4m3fn"), takum = named("takum8");
  const size_t satfinite = row(LOWP_CONVERSION_RULES, "cuda13.e4m3fn.satfinite");
  const float x = 465.0f;
  uint8_t code = 0;
  uint64_t one = 0;
  CHECK(lowp_apply_rule(satfinite, &x, &code, 1, NULL) == LOWP_OK && code == 0x7e);
  CHECK(lowp_apply_rule_code(satfinite, 0x43e88000, 0, &one) == LOWP_OK && one == 0x7e);
  lowp_rule r;
  CHECK(lowp_rule_at(satfinite, &r) == LOWP_OK && memcmp(&r.to, &fp8, sizeof fp8) == 0);
  CHECK(r.via.width == 0 && r.last.overflow == LOWP_OVERFLOW_SATURATE);
  size_t index = 0;
  CHECK(lowp_find_rule("CUDA 13 satfinite", &f32, &fp8, &index) == LOWP_OK && index == satfinite);
  REFUSED(lowp_find_rule("CUDA 13 satfinite", &f32, &takum, &index), LOWP_UNKNOWN_NAME,
          "CUDA 13 satfinite", "32 and 8 bits");
  REFUSED(lowp_find_rule(NULL, &f32, &fp8, &index), LOWP_NULL_ARGUMENT, "policy");
  REFUSED(lowp_rule_at(99999, &r), LOWP_OUT_OF_RANGE, "index is 99999");
  REFUSED(lowp_apply_rule(99999, &x, &code, 1, NULL), LOWP_OUT_OF_RANGE, "rule is 99999");
  REFUSED(lowp_apply_rule(satfinite, NULL, &code, 1, NULL), LOWP_NULL_ARGUMENT, "in is null");
  REFUSED(lowp_apply_rule_code(satfinite, 0, 0, NULL), LOWP_NULL_ARGUMENT, "out");
}

static void random_words(void) {
  lowp_random r = {.seed = 0x0123456789abcdefu, .stream = 7};
  uint32_t whole[8], part[3], words[8];
  CHECK(lowp_random_words(&r, 8, whole) == LOWP_OK);
  r.first = 5;
  CHECK(lowp_random_words(&r, 3, part) == LOWP_OK && memcmp(whole + 5, part, sizeof part) == 0);
  r.first = 0;
  const lowp_format f32 = named("binary32"), bf16 = named("bfloat16");
  const lowp_projection p = {.round = LOWP_ROUND_STOCHASTIC_A, .random_bits = 16};
  float x[8];
  uint16_t made[8], given[8];
  for (int i = 0; i < 8; ++i) x[i] = 1.0f + (float)i / 1000;
  CHECK(lowp_rounding_words(&r, &p, 8, words) == LOWP_OK);
  CHECK(words[0] == (whole[0] & 0xffff) && words[1] == whole[0] >> 16);
  CHECK(lowp_convert(&f32, x, &bf16, made, 8, &p, &r, NULL) == LOWP_OK);
  const lowp_random fixed = {.words = words};
  CHECK(lowp_convert(&f32, x, &bf16, given, 8, &p, &fixed, NULL) == LOWP_OK);
  CHECK(memcmp(made, given, sizeof made) == 0);
  REFUSED(lowp_convert(&f32, x, &bf16, words, 8, &p, &fixed, NULL), LOWP_OVERLAP, "random.words");
  r.generator = 2;
  REFUSED(lowp_random_words(&r, 8, whole), LOWP_OUT_OF_RANGE, "generator 2");
  REFUSED(lowp_rounding_words(&r, &p, 8, whole), LOWP_OUT_OF_RANGE, "generator 2");
  REFUSED(lowp_random_words(NULL, 8, NULL), LOWP_NULL_ARGUMENT, "out");
}

static void packings(void) {
  const lowp_format fp4 = named("e2m1"), fp8 = named("e4m3");
  const uint8_t codes[3] = {0x1, 0x2, 0xf};
  uint8_t bytes[2] = {0xaa, 0xaa}, back[3];
  size_t n = 0;
  const size_t dense = row(LOWP_PACKINGS, "dense4_low");
  CHECK(lowp_packed_bytes(&fp4, dense, 3, &n) == LOWP_OK && n == 2);
  CHECK(lowp_pack(&fp4, dense, codes, 3, bytes, 2) == LOWP_OK);
  CHECK(bytes[0] == 0x21 && bytes[1] == 0x0f);
  CHECK(lowp_unpack(&fp4, dense, bytes, 2, back, 3) == LOWP_OK && memcmp(back, codes, 3) == 0);
  REFUSED(lowp_pack(&fp4, dense, codes, 3, bytes, 1), LOWP_BAD_SIZE, "packed_bytes is 1", "take 2");
  REFUSED(lowp_unpack(&fp4, dense, bytes, 0, back, 3), LOWP_BAD_SIZE, "packed_bytes is 0");
  REFUSED(lowp_pack(&fp8, dense, codes, 3, bytes, 2), LOWP_BAD_COMBINATION, "dense4_low",
          "of 4 bits, not of 8");
  REFUSED(lowp_pack(&fp4, 77, codes, 3, bytes, 2), LOWP_OUT_OF_RANGE, "packing is 77");
  REFUSED(lowp_pack(&fp4, dense, NULL, 3, bytes, 2), LOWP_NULL_ARGUMENT, "codes");
  REFUSED(lowp_pack(&fp4, dense, back, 3, back + 1, 2), LOWP_OVERLAP, "packed and codes overlap");
  REFUSED(lowp_packed_bytes(&fp4, dense, SIZE_MAX, &n), LOWP_BAD_SIZE, "more than memory");
  REFUSED(lowp_packed_bytes(&fp4, dense, 3, NULL), LOWP_NULL_ARGUMENT, "bytes");
}

static void operations(void) {
  const lowp_format fp8 = named("e4m3fn"), half = named("binary16");
  const lowp_format pair[3] = {fp8, fp8, half};
  const int divide = (int)row(LOWP_OPERATIONS, "divide"), fma = (int)row(LOWP_OPERATIONS, "fma");
  const uint8_t x[2] = {0x38, 0x44}, y[2] = {0x40, 0x00};  // 1 3; 2 0
  const uint16_t z[2] = {0x3c00, 0xc000};                  // 1 -2
  const void* operands[3] = {x, y, z};
  uint8_t out[2], flags[2];
  int count = 0;
  CHECK(lowp_operand_count(fma, &count) == LOWP_OK && count == 3);
  CHECK(lowp_compute(divide, pair, operands, &fp8, out, 2, NULL, NULL, flags) == LOWP_OK);
  CHECK(out[0] == 0x30 && flags[0] == 0);  // 0.5
  CHECK(out[1] == 0x7f && (flags[1] & LOWP_DIVIDE_BY_ZERO) != 0);
  uint16_t halves[2];
  CHECK(lowp_compute(fma, pair, operands, &half, halves, 2, NULL, NULL, NULL) == LOWP_OK);
  CHECK(halves[0] == 0x4200 && halves[1] == 0xc000);  // 1 2 + 1 = 3; 3 0 - 2
  uint64_t one = 0;
  uint8_t flag = 9;
  const uint64_t codes[3] = {0x38, 0x40, 0x3c00};
  CHECK(lowp_compute_codes(fma, pair, codes, &half, NULL, 0, &one, &flag) == LOWP_OK);
  CHECK(one == 0x4200 && flag == 0);
  REFUSED(lowp_operand_count(-1, &count), LOWP_OUT_OF_RANGE, "operation is -1");
  REFUSED(lowp_operand_count(0, NULL), LOWP_NULL_ARGUMENT, "count");
  REFUSED(lowp_compute(1000, pair, operands, &fp8, out, 2, NULL, NULL, NULL), LOWP_OUT_OF_RANGE,
          "operation is 1000");
  REFUSED(lowp_compute(fma, NULL, operands, &fp8, out, 2, NULL, NULL, NULL), LOWP_NULL_ARGUMENT,
          "formats");
  REFUSED(lowp_compute(fma, pair, NULL, &fp8, out, 2, NULL, NULL, NULL), LOWP_NULL_ARGUMENT,
          "operands is null");
  const void* holes[3] = {x, NULL, z};
  REFUSED(lowp_compute(fma, pair, holes, &fp8, out, 2, NULL, NULL, NULL), LOWP_NULL_ARGUMENT,
          "operands[1] is null");
  REFUSED(lowp_compute_codes(fma, pair, NULL, &half, NULL, 0, &one, NULL), LOWP_NULL_ARGUMENT,
          "codes");
  lowp_format bad[3] = {fp8, fp8, fp8};
  bad[2].precision = 60;
  REFUSED(lowp_compute_codes(fma, bad, codes, &half, NULL, 0, &one, NULL), LOWP_BAD_FORMAT,
          "formats[2]");
}

static void blocks(void) {
  const size_t mxfp4 = row(LOWP_BLOCK_FORMATS, "mxfp4"), nvfp4 = row(LOWP_BLOCK_FORMATS, "nvfp4");
  const size_t ocp = row(LOWP_BLOCK_RECIPES, "ocp"), hif = row(LOWP_BLOCK_RECIPES, "hif4");
  const size_t tiles = row(LOWP_BLOCK_LAYOUTS, "mxfp8_128x4");
  lowp_block_properties facts;
  CHECK(lowp_block_format_at(nvfp4, &facts) == LOWP_OK);
  CHECK(facts.columns == 16 && facts.outer == LOWP_OUTER_TENSOR && facts.scale.width == 7);
  size_t data = 0, scales = 0, outers = 9;
  CHECK(lowp_block_sizes(mxfp4, LOWP_DEFAULT, 2, 64, &data, &scales, &outers) == LOWP_OK);
  CHECK(data == 64 && scales == 4 && outers == 0);
  float x[128], back[128], outer = 0;
  for (int i = 0; i < 128; ++i) x[i] = (float)(i % 8) - 3;
  uint8_t codes[64], scale[8];
  CHECK(lowp_quantise(mxfp4, ocp, LOWP_DEFAULT, 2, 64, x, codes, 64, scale, 4, NULL, NULL, NULL) ==
        LOWP_OK);
  CHECK(scale[0] == 0x7f);  // amax 4 = 2^2, greatest exponent of E2M1 2
  CHECK(lowp_dequantise(mxfp4, LOWP_DEFAULT, 2, 64, codes, 64, scale, 4, NULL, back) == LOWP_OK);
  CHECK(memcmp(x, back, sizeof x) == 0);
  CHECK(lowp_quantise(nvfp4, LOWP_DEFAULT, LOWP_DEFAULT, 2, 64, x, codes, 64, scale, 8, &outer,
                      NULL, NULL) == LOWP_OK);
  CHECK(outer > 0);
  CHECK(lowp_dequantise(nvfp4, LOWP_DEFAULT, 2, 64, codes, 64, scale, 8, &outer, back) == LOWP_OK);
  CHECK(back[7] > 3.5f && back[7] < 4.5f);
  const float amax = 8;
  CHECK(lowp_quantise(nvfp4, LOWP_DEFAULT, LOWP_DEFAULT, 2, 64, x, codes, 64, scale, 8, &outer,
                      &amax, NULL) == LOWP_OK);
  // Nothing to do in however many rows.
  CHECK(lowp_quantise(mxfp4, ocp, LOWP_DEFAULT, (uint64_t)1 << 40, 0, NULL, NULL, 0, NULL, 0, NULL,
                      NULL, NULL) == LOWP_OK);
  CHECK(lowp_dequantise(mxfp4, LOWP_DEFAULT, (uint64_t)1 << 40, 0, NULL, 0, NULL, 0, NULL, NULL) ==
        LOWP_OK);
  CHECK(lowp_quantise(mxfp4, ocp, LOWP_DEFAULT, 0, 0, NULL, NULL, 0, NULL, 0, NULL, NULL, NULL) ==
        LOWP_OK);
#define QUANTISE(f, r, l, rows, x, d, dn, s, sn, o, random) \
  lowp_quantise(f, r, l, rows, 64, x, d, dn, s, sn, o, NULL, random)
  REFUSED(QUANTISE(999, ocp, LOWP_DEFAULT, 2, x, codes, 64, scale, 4, NULL, NULL),
          LOWP_OUT_OF_RANGE, "format is 999");
  REFUSED(QUANTISE(mxfp4, 999, LOWP_DEFAULT, 2, x, codes, 64, scale, 4, NULL, NULL),
          LOWP_OUT_OF_RANGE, "recipe is 999");
  REFUSED(QUANTISE(mxfp4, hif, LOWP_DEFAULT, 2, x, codes, 64, scale, 4, NULL, NULL),
          LOWP_BAD_COMBINATION, "recipe \"hif4\" with format \"mxfp4\"");
  REFUSED(QUANTISE(mxfp4, ocp, tiles, 2, x, codes, 64, scale, 4, NULL, NULL), LOWP_BAD_COMBINATION,
          "format \"mxfp4\" with layout \"mxfp8_128x4\"");
  REFUSED(QUANTISE(mxfp4, ocp, 12345, 2, x, codes, 64, scale, 4, NULL, NULL), LOWP_OUT_OF_RANGE,
          "layout is 12345");
  REFUSED(QUANTISE(mxfp4, ocp, LOWP_DEFAULT, 2, NULL, codes, 64, scale, 4, NULL, NULL),
          LOWP_NULL_ARGUMENT, "numbers is null");
  REFUSED(QUANTISE(mxfp4, ocp, LOWP_DEFAULT, 2, (char*)x + 1, codes, 64, scale, 4, NULL, NULL),
          LOWP_MISALIGNED, "numbers begins at");
  REFUSED(QUANTISE(mxfp4, ocp, LOWP_DEFAULT, 2, x, codes, 63, scale, 4, NULL, NULL), LOWP_BAD_SIZE,
          "data has 63 bytes, the matrix needs 64");
  REFUSED(QUANTISE(mxfp4, ocp, LOWP_DEFAULT, 2, x, codes, 64, scale, 3, NULL, NULL), LOWP_BAD_SIZE,
          "scales has 3 bytes");
  REFUSED(QUANTISE(mxfp4, ocp, LOWP_DEFAULT, 2, x, NULL, 64, scale, 4, NULL, NULL),
          LOWP_NULL_ARGUMENT, "data is null");
  REFUSED(QUANTISE(mxfp4, ocp, LOWP_DEFAULT, 2, x, codes, 64, codes + 60, 4, NULL, NULL),
          LOWP_OVERLAP, "scales and data overlap");
  REFUSED(QUANTISE(mxfp4, ocp, LOWP_DEFAULT, 2, x, x, 64, scale, 4, NULL, NULL), LOWP_OVERLAP,
          "data and numbers overlap");
  REFUSED(QUANTISE(nvfp4, LOWP_DEFAULT, LOWP_DEFAULT, 2, x, codes, 64, scale, 8, NULL, NULL),
          LOWP_NULL_ARGUMENT, "outer is null");
  REFUSED(QUANTISE(mxfp4, ocp, LOWP_DEFAULT, (uint64_t)1 << 40, x, codes, 64, scale, 4, NULL, NULL),
          LOWP_BAD_SIZE, "1099511627776 x 64");
  REFUSED(QUANTISE(mxfp4, ocp, LOWP_DEFAULT, UINT64_MAX, x, codes, 64, scale, 4, NULL, NULL),
          LOWP_BAD_SIZE, "18446744073709551615 x 64");
  const lowp_random part = {.first = 3};
  REFUSED(QUANTISE(mxfp4, ocp, LOWP_DEFAULT, 2, x, codes, 64, scale, 4, NULL, &part),
          LOWP_BAD_COMBINATION, "random.first 0");
  REFUSED(lowp_dequantise(mxfp4, LOWP_DEFAULT, 2, 64, codes, 64, scale, 4, NULL, NULL),
          LOWP_NULL_ARGUMENT, "numbers is null");
  REFUSED(lowp_dequantise(nvfp4, LOWP_DEFAULT, 2, 64, codes, 64, scale, 8, NULL, back),
          LOWP_NULL_ARGUMENT, "outer is null");
  REFUSED(lowp_dequantise(mxfp4, LOWP_DEFAULT, 2, 64, back, 64, scale, 4, NULL, back), LOWP_OVERLAP,
          "numbers and data overlap");
  REFUSED(lowp_block_format_at(999, &facts), LOWP_OUT_OF_RANGE, "index is 999");
  REFUSED(lowp_block_sizes(mxfp4, LOWP_DEFAULT, 2, 64, &data, NULL, &outers), LOWP_NULL_ARGUMENT,
          "scales is null");
}

static void instructions(void) {
  const size_t cvt = row(LOWP_INSTRUCTIONS, "cvt.rn.satfinite.e4m3x2.f32");
  lowp_instruction_properties facts;
  CHECK(lowp_instruction_at(cvt, NULL, &facts) == LOWP_OK);
  CHECK(facts.source_registers == 2 && facts.source_bytes == 4 && facts.result_bytes == 2);
  const float sources[4] = {1.0f, 2.0f, 1000.0f, -0.5f};
  uint8_t result[4];
  CHECK(lowp_run_instruction(cvt, sources, 16, result, 4, 2, NULL, 0) == LOWP_OK);
  // PTX: the first source is the upper half.
  CHECK(result[0] == 0x40 && result[1] == 0x38 && result[2] == 0xb0 && result[3] == 0x7e);
  lowp_instruction_state states[2];
  CHECK(lowp_default_state(&states[0]) == LOWP_OK);
  CHECK(states[0].length == 1 && states[0].mxcsr == 0x1f80);
  states[1] = states[0];
  CHECK(lowp_run_instruction(cvt, sources, 16, result, 4, 2, states, 2) == LOWP_OK);
  REFUSED(lowp_run_instruction(cvt, sources, 15, result, 4, 2, NULL, 0), LOWP_BAD_SIZE,
          "sources has 15 bytes", "take 8 each");
  REFUSED(lowp_run_instruction(cvt, sources, 16, result, 3, 2, NULL, 0), LOWP_BAD_SIZE,
          "result has 3 bytes");
  REFUSED(lowp_run_instruction(cvt, NULL, 16, result, 4, 2, NULL, 0), LOWP_NULL_ARGUMENT,
          "sources is null");
  REFUSED(lowp_run_instruction(cvt, sources, 16, NULL, 4, 2, NULL, 0), LOWP_NULL_ARGUMENT,
          "result is null");
  REFUSED(lowp_run_instruction(cvt, sources, 16, result, 4, 2, NULL, 1), LOWP_NULL_ARGUMENT,
          "states is null");
  REFUSED(lowp_run_instruction(cvt, sources, 16, (void*)(uintptr_t)sources, 4, 2, NULL, 0),
          LOWP_OVERLAP, "result and sources overlap");
  lowp_instruction_state three[3] = {states[0], states[0], states[0]};
  REFUSED(lowp_run_instruction(cvt, sources, 16, result, 4, 2, three, 3), LOWP_BAD_SIZE,
          "state_count is 3");
  states[1].length = 2;
  REFUSED(lowp_run_instruction(cvt, sources, 16, result, 4, 2, states, 2), LOWP_OUT_OF_RANGE,
          "state.length is 2");
  states[1].length = 1;
  states[1].frm = 5;
  REFUSED(lowp_instruction_at(cvt, &states[1], &facts), LOWP_OUT_OF_RANGE, "frm 5");
  REFUSED(lowp_instruction_at(99999, NULL, &facts), LOWP_OUT_OF_RANGE, "index is 99999");
  REFUSED(lowp_instruction_at(cvt, NULL, NULL), LOWP_NULL_ARGUMENT, "out");
  REFUSED(lowp_run_instruction(99999, sources, 16, result, 4, 2, NULL, 0), LOWP_OUT_OF_RANGE,
          "index is 99999");
  REFUSED(lowp_default_state(NULL), LOWP_NULL_ARGUMENT, "out");
  CHECK(lowp_run_instruction(cvt, NULL, 0, NULL, 0, 0, NULL, 0) == LOWP_OK);
}

static void matrices(void) {
  size_t plain = 0, scaled = 0, count = 0;
  lowp_mma_properties m;
  CHECK(lowp_count(LOWP_MMA_MODELS, &count) == LOWP_OK && count > 100);
  for (size_t i = 0; i < count; ++i) {  // one without scales, one with
    CHECK(lowp_mma_at(i, &m) == LOWP_OK);
    if (m.scale_block == 0 && m.a.width == 16 && m.d.width == 32) plain = i;
    if (m.scale_block != 0 && m.d.width == 32 && m.a.width == 8 &&
        memcmp(&m.a, &m.b, sizeof m.a) == 0) {
      scaled = i;
    }
  }
  CHECK(lowp_mma_at(plain, &m) == LOWP_OK);
  const lowp_format f32 = named("binary32");
  float x[12], c[4] = {1, 2, 3, 4}, d[4] = {0};
  uint16_t a[6], b[6];
  for (int i = 0; i < 12; ++i) x[i] = (float)(i + 1);
  CHECK(lowp_convert(&f32, x, &m.a, a, 6, NULL, NULL, NULL) == LOWP_OK);
  CHECK(lowp_convert(&f32, x + 6, &m.b, b, 6, NULL, NULL, NULL) == LOWP_OK);
  // 2 x 3 times 3 x 2, small integers: exact in every unit.
  CHECK(lowp_mma(plain, 1, 2, 2, 3, a, b, c, NULL, NULL, d) == LOWP_OK);
  CHECK(d[0] == 59 && d[1] == 66 && d[2] == 142 && d[3] == 158);
  CHECK(lowp_mma(plain, 1, 2, 2, 3, a, b, d, NULL, NULL, d) == LOWP_OK && d[0] == 117);
  // As two dot products.
  CHECK(lowp_mma(plain, 2, 1, 1, 3, a, b, NULL, NULL, NULL, d) == LOWP_OK);
  CHECK(d[0] == 7 + 16 + 27 && d[1] == 40 + 55 + 72);
  CHECK(lowp_mma(plain, 0, 2, 2, 3, NULL, NULL, NULL, NULL, NULL, NULL) == LOWP_OK);
  REFUSED(lowp_mma_at(99999, &m), LOWP_OUT_OF_RANGE, "index is 99999");
  REFUSED(lowp_mma_at(plain, NULL), LOWP_NULL_ARGUMENT, "out");
  REFUSED(lowp_mma(99999, 1, 2, 2, 3, a, b, c, NULL, NULL, d), LOWP_OUT_OF_RANGE, "model is 99999");
  REFUSED(lowp_mma(plain, 1, 2, 2, 0, a, b, c, NULL, NULL, d), LOWP_OUT_OF_RANGE, "k is 0");
  REFUSED(lowp_mma(plain, 1, 2, 2, UINT64_MAX, a, b, c, NULL, NULL, d), LOWP_OUT_OF_RANGE, "k is");
  REFUSED(lowp_mma(plain, 1, UINT64_MAX, 2, 3, a, b, c, NULL, NULL, d), LOWP_BAD_SIZE, "of a");
  REFUSED(lowp_mma(plain, 1, 2, 2, 3, NULL, b, c, NULL, NULL, d), LOWP_NULL_ARGUMENT, "a is null");
  REFUSED(lowp_mma(plain, 1, 2, 2, 3, a, NULL, c, NULL, NULL, d), LOWP_NULL_ARGUMENT, "b is null");
  REFUSED(lowp_mma(plain, 1, 2, 2, 3, a, b, c, NULL, NULL, NULL), LOWP_NULL_ARGUMENT, "d is null");
  REFUSED(lowp_mma(plain, 1, 2, 2, 3, a, b, c, a, NULL, d), LOWP_BAD_COMBINATION, "no scales");
  REFUSED(lowp_mma(plain, 1, 2, 2, 3, d, b, c, NULL, NULL, d), LOWP_OVERLAP, "d and a overlap");
  CHECK(lowp_mma_at(scaled, &m) == LOWP_OK);
  uint8_t ones[8], factors[128];
  lowp_format_properties facts;
  CHECK(lowp_format_facts(&m.scale, &facts) == LOWP_OK);
  memset(ones, (int)facts.one, sizeof ones);
  CHECK(lowp_format_facts(&m.a, &facts) == LOWP_OK);
  memset(factors, (int)facts.one, sizeof factors);
  CHECK(lowp_mma(scaled, 1, 1, 1, 40, factors, factors, NULL, ones, ones, d) == LOWP_OK);
  CHECK(d[0] == 40);
  REFUSED(lowp_mma(scaled, 1, 1, 1, 40, factors, factors, NULL, NULL, ones, d), LOWP_NULL_ARGUMENT,
          "scale_a is null");
}

int main(void) {
  CHECK(strcmp(lowp_last_message(), "") == 0);
  registries();
  formats();
  conversions();
  projections();
  rules();
  random_words();
  packings();
  operations();
  blocks();
  instructions();
  matrices();
  printf("%d passed, %d failed\n", passed, failed);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
