// SPDX-License-Identifier: Apache-2.0
// AMX: tiles of BF16, INT8, FP16, FP8, TF32. Instructions are bytes, since few assemblers know all.
// Control bits of MXCSR do not matter and have odd values.
#include "../cpu.hpp"
#include "../implementation.hpp"
#include "known.hpp"
#include "tile_batch.hpp"
#include "x86_state.hpp"

#if defined(__x86_64__) && defined(__linux__)
#define LOWP_HAVE_TILES
#include <sys/syscall.h>
#include <unistd.h>

#include <lowp/hardware/mma/all_mma_models.hpp>
#endif

namespace lowp::tool {

#if defined(LOWP_HAVE_TILES)

namespace {

// LDTILECFG's operand.
struct tile_config {
  std::uint8_t palette = 1;
  std::uint8_t start_row = 0;
  std::uint8_t reserved[14] = {};
  std::uint16_t row_bytes[16] = {};
  std::uint8_t rows[16] = {};
};
static_assert(sizeof(tile_config) == 64);

void configure(const tile_config& config) {
  __asm__ volatile(".byte 0xc4, 0xe2, 0x78, 0x49, 0x00" : : "a"(&config), "m"(config));
}

void release() { __asm__ volatile(".byte 0xc4, 0xe2, 0x78, 0x49, 0xc0"); }

// TILELOADD and TILESTORED of tile T at rax with a stride of rcx.
template <int T>
void load_tile(const void* from, std::size_t stride) {
  __asm__ volatile(".byte 0xc4, 0xe2, 0x7b, 0x4b, %c2, 0x08"
                   :
                   : "a"(from), "c"(stride), "i"(4 | T << 3)
                   : "memory");
}

template <int T>
void store_tile(void* to, std::size_t stride) {
  __asm__ volatile(".byte 0xc4, 0xe2, 0x7a, 0x4b, %c2, 0x08"
                   :
                   : "a"(to), "c"(stride), "i"(4 | T << 3)
                   : "memory");
}

// Opcode maps and prefixes of VEX with tile 2 as the register that it names.
enum map : int { map_0f38 = 0xe2, map_5 = 0xe5 };
enum prefix : int { none = 0x68, p66 = 0x69, pf3 = 0x6a, pf2 = 0x6b };

// tmm0 += tmm1 tmm2.
template <int Map, int Prefix, int Opcode, std::size_t RowBytes>
void tile_multiply(const void* a, const void* b, void* c) {
  tile_config config;
  config.row_bytes[0] = config.row_bytes[2] = 64;
  config.row_bytes[1] = RowBytes;
  config.rows[0] = config.rows[1] = 16;
  config.rows[2] = RowBytes / 4;
  configure(config);
  load_tile<0>(c, 64);
  load_tile<1>(a, RowBytes);
  load_tile<2>(b, 64);
  __asm__ volatile(".byte 0xc4, %c0, %c1, %c2, 0xc1" : : "i"(Map), "i"(Prefix), "i"(Opcode));
  store_tile<0>(c, 64);
  release();
}

template <int Map, int Prefix, int Opcode, std::size_t RowBytes>
void run_tiles(const void* const* in, void* out, std::size_t n) {
  const x86_state state(x86_flush | x86_daz | x86_rounding(toward_positive));
  tile_batch<tile_multiply<Map, Prefix, Opcode, RowBytes>, RowBytes>(in, out, n);
}

// Data in tiles is a state that a program has to ask for.
bool tiles_granted() {
  constexpr long request_permission = 0x1023;  // ARCH_REQ_XCOMP_PERM
  constexpr long tile_data = 18;
  return syscall(SYS_arch_prctl, request_permission, tile_data) == 0;
}

// Rows of one dword, as many as of the other instructions, and full ones.
template <int Map, int Prefix, int Opcode>
void add_instruction(catalogue& c, const char* family, const char* name) {
  constexpr std::uint64_t enough_full = enough_dots / 10;
  const dot_model full = named_dot(name);
  dot_model brief = full;
  brief.value = with_k(full.value, full.value.k / 16);
  const std::string function = full.name.substr(full.name.find('.') + 1);
  c.rows.push_back(
      {family, function + ", rows of 4 bytes", brief, run_tiles<Map, Prefix, Opcode, 4>});
  c.rows.push_back({family,
                    function + ", rows of 64 bytes",
                    full,
                    run_tiles<Map, Prefix, Opcode, 64>,
                    {},
                    enough_full});
}

}  // namespace

void add_x86_tiles(catalogue& c) {
  const x86_features has = find_x86_features();
  const bool granted = has.amx_tile && tiles_granted();
  const auto family = [&](const char* name, bool here) {
    if (here && granted) return true;
    c.absent.push_back({name, here ? "the operating system does not grant the state of tiles"
                                   : "this processor does not have it"});
    return false;
  };
  if (family("AMX-BF16", has.amx_bf16)) {
    add_instruction<map_0f38, pf3, 0x5c>(c, "AMX-BF16", "amx_bf16.tdpbf16ps");
  }
  if (family("AMX-INT8", has.amx_int8)) {
    add_instruction<map_0f38, pf2, 0x5e>(c, "AMX-INT8", "amx_int8.tdpbssd");
    add_instruction<map_0f38, pf3, 0x5e>(c, "AMX-INT8", "amx_int8.tdpbsud");
    add_instruction<map_0f38, p66, 0x5e>(c, "AMX-INT8", "amx_int8.tdpbusd");
    add_instruction<map_0f38, none, 0x5e>(c, "AMX-INT8", "amx_int8.tdpbuud");
  }
  if (family("AMX-FP16", has.amx_fp16)) {
    add_instruction<map_0f38, pf2, 0x5c>(c, "AMX-FP16", "amx_fp16.tdpfp16ps");
  }
  if (family("AMX-TF32", has.amx_tf32)) {
    add_instruction<map_0f38, p66, 0x48>(c, "AMX-TF32", "amx_tf32.tmmultf32ps");
  }
  if (family("AMX-FP8", has.amx_fp8)) {
    add_instruction<map_5, none, 0xfd>(c, "AMX-FP8", "amx_fp8.tdpbf8ps");
    add_instruction<map_5, pf2, 0xfd>(c, "AMX-FP8", "amx_fp8.tdpbhf8ps");
    add_instruction<map_5, pf3, 0xfd>(c, "AMX-FP8", "amx_fp8.tdphbf8ps");
    add_instruction<map_5, p66, 0xfd>(c, "AMX-FP8", "amx_fp8.tdphf8ps");
  }
}

#else

void add_x86_tiles(catalogue& c) { c.absent.push_back({"AMX", "only on x86-64 Linux"}); }

#endif

}  // namespace lowp::tool
