// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <vector>

#include <lowp/block/block.hpp>
#include <lowp/simd/block_dot.hpp>
#include <lowp/simd/dequantise.hpp>
#include <lowp/simd/quantise.hpp>

int main() {
  namespace formats = lowp::block_formats;
  namespace recipes = lowp::block_recipes;
  constexpr lowp::matrix_shape shape{256, 512};
  std::vector<float> w(shape.rows * shape.columns);
  for (std::size_t i = 0; i < w.size(); ++i) w[i] = static_cast<float>(i % 311) / 64 - 2;
  const lowp::number_matrix<const float> in{w.data(), shape.columns, shape};

  // MXFP8 for a tensor core: no element overflows, scales in tiles of 128 x 4.
  const lowp::block_matrix mxfp8{formats::mxfp8_e4m3, *lowp::find_block_layout("mxfp8_128x4")};
  const lowp::block_bytes n = bytes_of(mxfp8.layout, shape);
  std::vector<std::byte> data(n.data), scales(n.scales);
  lowp::quantise(in, {mxfp8, recipes::torchao_rceil}, {data, scales});

  std::vector<float> back(w.size());
  lowp::dequantise(mxfp8, {data, scales}, {back.data(), shape.columns, shape});
  std::cout << w[100] << " is " << back[100] << '\n';

  // NVFP4 as TransformerEngine makes it, bit for bit, with the outer scale of the tensor.
  const lowp::block_matrix nvfp4 = formats::nvfp4;
  const lowp::block_bytes m = bytes_of(nvfp4.layout, shape);
  std::vector<std::byte> codes(m.data), block_scales(m.scales);
  float outer = 0;
  lowp::quantise(in, {nvfp4, recipes::nvfp4_te}, {codes, block_scales}, {.outer = &outer});
  lowp::dequantise(nvfp4, {codes, block_scales}, {back.data(), shape.columns, shape},
                   {.outer = &outer});
  std::cout << w[100] << " is " << back[100] << ", outer scale " << outer << '\n';

  // The dot product of two rows, exactly inside blocks. A row of NVFP4 is 256 bytes.
  const auto row = [&](std::size_t i) {
    return lowp::block_vector{formats::nvfp4, nvfp4.layout.elements, &codes[256 * i],
                              &block_scales[32 * i], lowp::decode(outer)};
  };
  std::cout << lowp::dot_product(row(0), row(1), shape.columns) << '\n';
}
