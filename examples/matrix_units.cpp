// SPDX-License-Identifier: Apache-2.0
// The same 16 products of binary16 on several matrix units, and a product of matrices on one of
// them.
#include <array>
#include <cstdint>
#include <iomanip>
#include <iostream>
#include <vector>

#include <lowp/hardware/gemm/gemm.hpp>
#include <lowp/hardware/mma/all_mma_models.hpp>
#include <lowp/hardware/mma/mma.hpp>
#include <lowp/interop/ostream.hpp>
#include <lowp/types.hpp>

int main() {
  // 4096 and fifteen times 2^-12 + 2^-13, and an accumulator that cancels what is great.
  std::array<std::uint16_t, 16> a, b;
  a.fill(static_cast<std::uint16_t>(lowp::float16{0x1.8p-12}.code()));
  b.fill(static_cast<std::uint16_t>(lowp::float16{1}.code()));
  a[5] = static_cast<std::uint16_t>(lowp::float16{4096}.code());
  const lowp::code_t c = lowp::float32{-4096}.code();

  for (const char* name : {"sm80.mma.m16n8k16.f32.f16.f16.f32", "sm90.mma.m16n8k16.f32.f16.f16.f32",
                           "gfx90a.v_mfma_f32_16x16x16f16", "gfx942.v_mfma_f32_16x16x16_f16",
                           "generic.fma_chain.f32.f16", "generic.exact.f32.f16"}) {
    const lowp::mma_model unit = lowp::with_k(*lowp::find_mma_model(name), 16);
    const auto d = lowp::float32::from_code(lowp::multiply_add(unit, a.data(), b.data(), c));
    std::cout << std::left << std::setw(36) << name << d << '\n';
  }

  // A row of 4096 times 1.125 and a column of ones in FP8 on Hopper: its accumulator keeps 13 bits,
  // so libraries empty it every 128 products.
  const std::vector<lowp::float8_e4m3fn> x(4096, lowp::float8_e4m3fn{1.125}),
      y(4096, lowp::float8_e4m3fn{1});
  lowp::gemm_rule rule{.unit = *lowp::find_mma_model("sm90a.wgmma.m64nNk32.f32.e4m3.e4m3")};
  for (const std::uint32_t instructions : {0u, 4u}) {
    rule.promote_every = instructions;
    float d = 0;
    lowp::gemm(rule, lowp::row_major(x.data(), 1, 4096), lowp::row_major(y.data(), 4096, 1), {},
               lowp::row_major_out(&d, 1, 1));
    std::cout << "4608 on Hopper, promoted every " << instructions << ": " << d << '\n';
  }
}
