// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include <lowp/lowp.hpp>

int main() {
  constexpr lowp::float8_e4m3fn x{0.33f};  // nearest, ties to even
  constexpr auto y = lowp::convert<lowp::float8_e5m2>(x, {.round = lowp::toward_zero});
  static_assert(x.code() == 0x2b && x == 0.34375 && y == 0.3125);  // all at compile time

  const lowp::exact value = lowp::decode(lowp::float32{2.7f});
  for (const lowp::named_format& f : lowp::all_formats) {  // a format is a value, too
    if (f.value.width == 4)
      std::cout << "2.7 in " << f.name << " is code " << lowp::encode(f, value) << '\n';
  }
}
