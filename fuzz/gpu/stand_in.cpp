// SPDX-License-Identifier: Apache-2.0
// A GPU in software, to try what the host does for one: instructions take their operands from
// registers of lanes and from shared memory as the PTX ISA describes them, register by register,
// and compute what the golden models say.
#include <algorithm>
#include <memory>
#include <numeric>

#include <fmt/format.h>

#include <lowp/hardware/all_instructions.hpp>
#include <lowp/hardware/mma/all_mma_models.hpp>

#include "gpu.hpp"

namespace lowp::tool {

namespace {

// The matrices of one instruction, element by element.
struct matrices {
  unsigned rows, columns, k;
  std::vector<code_t> a, b, c;  // a and c by rows, b by columns

  matrices(unsigned m, unsigned n, unsigned inner)
      : rows(m), columns(n), k(inner), a(m * inner), b(n * inner), c(m * n) {}
};

code_t bits_at(std::uint32_t word, unsigned first, unsigned count) {
  return word >> first & lowp::detail::low_mask(static_cast<int>(count));
}

// What the golden engine gives for all elements, by rows. Rows of a that are zero, as most are,
// meet an accumulator of zero once for each column.
std::vector<code_t> product(const matrices& x, const dot_engine& engine) {
  std::vector<code_t> d(x.c.size());
  std::vector<code_t> operands(2 * x.k + 1);
  for (unsigned column = 0; column < x.columns; ++column) {
    std::copy_n(x.b.begin() + column * x.k, x.k, operands.begin() + x.k);
    std::fill_n(operands.begin(), x.k, 0);
    operands.back() = 0;
    const code_t of_zeros = engine(operands.data());
    for (unsigned row = 0; row < x.rows; ++row) {
      const auto a = x.a.begin() + row * x.k;
      const std::size_t element = row * x.columns + column;
      const bool zeros =
          x.c[element] == 0 && std::all_of(a, a + x.k, [](code_t code) { return code == 0; });
      std::copy_n(a, x.k, operands.begin());
      operands.back() = x.c[element];
      d[element] = zeros ? of_zeros : engine(operands.data());
    }
  }
  return d;
}

// PTX ISA, matrix fragments for mma.m16n8kN: groupID = lane / 4, threadID_in_group = lane % 4. For
// a with e elements in a register: register r holds row groupID + 8 (r mod 2), columns
// threadID_in_group e + 4 e (r div 2) and on; of b: column groupID, rows threadID_in_group e + 4 e
// r and on. Accumulators of 32 bits: registers 0 and 1 row groupID, columns 2 threadID_in_group and
// the next; 2 and 3 eight rows below. Of 16 bits: two in a register.
struct lanes {
  unsigned k, bits, d_bits;

  unsigned per_register() const { return 32 / bits; }
  unsigned b_registers() const { return k * bits / 128; }
  unsigned d_registers() const { return d_bits / 8; }
  unsigned words() const { return 3 * b_registers() + d_registers(); }

  template <class Visit>
  static void accumulators(unsigned d_bits, unsigned lane, const Visit& visit) {
    const unsigned group = lane / 4;
    const unsigned thread = lane % 4;
    for (unsigned i = 0; i < 4; ++i) {
      const unsigned row = i < 2 ? group : group + 8;
      const unsigned column = thread * 2 + (i & 1);
      if (d_bits == 32) {
        visit(row, column, i, 0u);
      } else {
        visit(row, column, i / 2, 16 * (i & 1));
      }
    }
  }

  void run(const std::uint32_t* in, std::uint32_t* out, const dot_engine& engine) const {
    matrices x(16, 8, k);
    const unsigned e = per_register();
    for (unsigned lane = 0; lane < 32; ++lane) {
      const std::uint32_t* const a = in + lane * words();
      const std::uint32_t* const b = a + 2 * b_registers();
      const std::uint32_t* const c = b + b_registers();
      const unsigned group = lane / 4;
      const unsigned thread = lane % 4;
      for (unsigned r = 0; r < 2 * b_registers(); ++r) {
        for (unsigned i = 0; i < e; ++i) {
          x.a[(group + 8 * (r % 2)) * k + thread * e + 4 * e * (r / 2) + i] =
              bits_at(a[r], i * bits, bits);
        }
      }
      for (unsigned r = 0; r < b_registers(); ++r) {
        for (unsigned i = 0; i < e; ++i) {
          x.b[group * k + thread * e + 4 * e * r + i] = bits_at(b[r], i * bits, bits);
        }
      }
      accumulators(d_bits, lane, [&](unsigned row, unsigned column, unsigned r, unsigned shift) {
        x.c[row * 8 + column] = bits_at(c[r], shift, d_bits);
      });
    }
    const std::vector<code_t> d = product(x, engine);
    std::fill_n(out, 32 * d_registers(), 0u);
    for (unsigned lane = 0; lane < 32; ++lane) {
      accumulators(d_bits, lane, [&](unsigned row, unsigned column, unsigned r, unsigned shift) {
        out[lane * d_registers() + r] |= static_cast<std::uint32_t>(d[row * 8 + column]) << shift;
      });
    }
  }
};

// PTX ISA, canonical layout of a matrix whose k is adjacent, without swizzling: cores of 8 rows of
// 16 bytes; 128 bytes to the next 8 rows, `leading` to the next 16 bytes of the rows.
void read_shared(const std::uint32_t* words, unsigned lines, unsigned leading, unsigned bits,
                 unsigned k, std::vector<code_t>& out) {
  for (unsigned core_k = 0; core_k * 128 < k * bits; ++core_k) {
    for (unsigned core = 0; core < lines / 8; ++core) {
      for (unsigned row = 0; row < 8; ++row) {
        for (unsigned w = 0; w < 4; ++w) {
          const std::uint32_t word = words[(core_k * leading + core * 128 + row * 16) / 4 + w];
          for (unsigned i = 0; i < 32 / bits; ++i) {
            const unsigned column = (core_k * 128 + w * 32) / bits + i;
            out[(core * 8 + row) * k + column] = bits_at(word, i * bits, bits);
          }
        }
      }
    }
  }
}

// Rows 16 w and on belong to warp w, whose accumulators are those of mma.sync.
void run_wgmma(const lanes& l, const std::uint32_t* in, std::uint32_t* out,
               const dot_engine& engine) {
  matrices x(64, 8, l.k);
  read_shared(in, 64, 1024, l.bits, l.k, x.a);
  read_shared(in + 512, 8, 128, l.bits, l.k, x.b);
  const std::uint32_t* const c = in + 576;
  const auto each = [&](const auto& visit) {
    for (unsigned thread = 0; thread < 128; ++thread) {
      lanes::accumulators(
          l.d_bits, thread % 32, [&](unsigned row, unsigned column, unsigned r, unsigned shift) {
            visit((thread / 32 * 16 + row) * 8 + column, thread * l.d_registers() + r, shift);
          });
    }
  };
  each([&](unsigned element, unsigned word, unsigned shift) {
    x.c[element] = bits_at(c[word], shift, l.d_bits);
  });
  const std::vector<code_t> d = product(x, engine);
  std::fill_n(out, 128 * l.d_registers(), 0u);
  each([&](unsigned element, unsigned word, unsigned shift) {
    out[word] |= static_cast<std::uint32_t>(d[element]) << shift;
  });
}

void run_tcgen05(const lanes& l, const std::uint32_t* in, std::uint32_t* out,
                 const dot_engine& engine) {
  matrices x(128, 16, l.k);
  read_shared(in, 128, 2048, l.bits, l.k, x.a);
  read_shared(in + 1024, 16, 256, l.bits, l.k, x.b);
  std::copy_n(in + 1152, x.c.size(), x.c.begin());
  const std::vector<code_t> d = product(x, engine);
  std::transform(d.begin(), d.end(), out, [](code_t c) { return static_cast<std::uint32_t>(c); });
}

void add_matrix(gpu_device& device, gpu_kind kind, const std::string& name, bool wrong) {
  const named_mma_model* const row = gpu_model(name, device.capability);
  if (row == nullptr) return;
  dot_model model{row->name, row->origin.source, row->value};
  if (wrong && model.value.sum == mma_sum::aligned) --model.value.kept_bits;
  const auto bits = static_cast<unsigned>(stored_width(row->value, row->value.a));
  const lanes l{row->value.k, bits, static_cast<unsigned>(row->value.d.width)};
  const auto engine = std::make_shared<dot_engine>(model);
  std::size_t words_in = 32 * l.words();
  std::size_t words_out = 32 * l.d_registers();
  if (kind == gpu_kind::wgmma) {
    words_out = 128 * l.d_registers();
    words_in = 512 + 64 + words_out;
  } else if (kind == gpu_kind::tcgen05) {
    words_out = 128 * 16;
    words_in = 1024 + 128 + words_out;
  }
  const auto run = [=](const std::uint32_t* in, std::uint32_t* out, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i, in += words_in, out += words_out) {
      switch (kind) {
        case gpu_kind::mma: l.run(in, out, *engine); break;
        case gpu_kind::wgmma: run_wgmma(l, in, out, *engine); break;
        default: run_tcgen05(l, in, out, *engine);
      }
    }
  };
  device.instructions.push_back({name, kind, words_in, words_out, run});
}

void add_conversions(gpu_device& device) {
  for (const conversion_instruction& row : all_conversion_instructions) {
    if (std::string_view(row.name).substr(0, 4) != "cvt.") continue;
    const auto run = [&row](const std::uint32_t* in, std::uint32_t* out, std::size_t count) {
      for (std::size_t i = 0; i < count; ++i, in += 6) {
        const std::uint64_t sources[] = {in[0], in[1], in[2], in[3], 0};
        instruction_state state;
        state.random = in[4];
        state.scale = in[5];
        out[i] = static_cast<std::uint32_t>(run_instruction(row, sources, state));
      }
    };
    device.instructions.push_back({row.name, gpu_kind::cvt, 6, 1, run});
  }
}

}  // namespace

gpu_device gpu_stand_in(int capability, bool wrong) {
  gpu_device device{fmt::format("stand-in sm_{}", capability), capability, {}};
  add_conversions(device);
#define LOWP_MMA(CC, SHAPE, K, Q, D, A, B) \
  if (capability >= CC)                    \
    add_matrix(device, gpu_kind::mma, "mma." #SHAPE #Q "." #D "." #A "." #B "." #D, wrong);
#define LOWP_WGMMA(CC, SHAPE, K, Q, D, A, B) \
  if (capability == CC)                      \
    add_matrix(device, gpu_kind::wgmma, "wgmma.m64nN" #SHAPE #Q "." #D "." #A "." #B, wrong);
#define LOWP_TCGEN05(CC, SHAPE, K, Q, D, A, B) \
  if (capability == CC)                        \
    add_matrix(device, gpu_kind::tcgen05, "tcgen05.mma.mMnN" #SHAPE #Q "." #D "." #A "." #B, wrong);
#include "instructions.inc"
#undef LOWP_MMA
#undef LOWP_WGMMA
#undef LOWP_TCGEN05
  return device;
}

}  // namespace lowp::tool
