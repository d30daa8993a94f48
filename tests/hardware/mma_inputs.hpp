// SPDX-License-Identifier: Apache-2.0
/// \file
/// Operands for tests of matrix units: directed at the edges of their arithmetic, filled up at
/// random from a seed.
#ifndef LOWP_TESTS_HARDWARE_MMA_INPUTS_HPP
#define LOWP_TESTS_HARDWARE_MMA_INPUTS_HPP

#include <algorithm>
#include <cstdint>
#include <random>

#include "oracle/mma_unit.hpp"

namespace mma_inputs {

using oracle::mma::operands;
using oracle::mma::specials;
using oracle::mma::type;
using oracle::mma::unit;

enum class aim {
  bits,       ///< any codes
  small,      ///< exponents near zero
  align,      ///< terms around the last kept bit
  cancel,     ///< products that cancel, something small left
  subnormal,  ///< subnormal factors
  overflow,   ///< products and c around the greatest number
  zeros,
  special,     ///< NaNs with payloads and infinities among others
  tiny,        ///< products around and below the least number of the result
  carry,       ///< greatest significands of one sign
  one,         ///< a single product
  wide,        ///< any exponents
  huge_zeros,  ///< zeros times the greatest numbers beside small ones
  far_c,       ///< c as far from the products as the kept bits
  residue,     ///< two great products cancel; a small one and a c around it are left
};
inline constexpr int aims = 15;

class generator {
 public:
  generator(const unit& u, std::uint64_t seed) : u_(u), random_(seed) {}

  operands next(aim what) {
    what_ = what;
    operands x;
    const auto k = static_cast<std::size_t>(u_.k);
    style_ = below(5);
    base_ = base();
    for (std::size_t i = 0; i < k; ++i) add_product(x, i);
    x.c = accumulator();
    if (what == aim::cancel) cancel(x);
    if (what == aim::residue) leave_residue(x);
    if (what == aim::special) sprinkle(x);
    if (u_.block != 0) scales(x);
    if (u_.how == oracle::mma::order::arm_exact) {
      const int most = u_.d == oracle::mma::f16 ? 16 : 128;
      x.exponent = below(2) == 0 ? 0 : -static_cast<long>(below(most));
    }
    return x;
  }

 private:
  std::uint64_t word() { return random_(); }
  int below(int n) { return static_cast<int>(word() % static_cast<std::uint64_t>(n)); }
  int between(int least, int most) { return least + below(most - least + 1); }
  bool rarely() { return below(8) == 0; }

  static std::uint64_t low(int bits) { return (std::uint64_t{1} << bits) - 1; }
  static int last_field(const type& t) {
    return static_cast<int>(low(t.exponent_bits)) - (t.codes == specials::ieee ? 1 : 0);
  }
  static int least_e(const type& t) { return 1 - t.bias; }
  static int greatest_e(const type& t) { return last_field(t) - t.bias; }

  std::uint64_t significand(const type& t) {
    switch (style_) {
      case 0: return 0;
      case 1: return low(t.fraction);
      case 2: return std::uint64_t{1} << below(t.fraction);
      case 3: return low(t.fraction) & ~(std::uint64_t{1} << below(t.fraction));
      default: return word() & low(t.fraction);
    }
  }

  /// What is wide enough for the codes of a factor: TF32 is held in binary32.
  std::uint64_t held(std::uint64_t code) {
    if (u_.held == oracle::mma::container::own) return code;
    return code << 13 | (rarely() ? word() & low(13) : 0);
  }

  /// A number of this exponent, as near as the format allows.
  std::uint64_t with_exponent(const type& t, int e) {
    const int field = std::clamp(e + t.bias, 0, last_field(t));
    std::uint64_t code = static_cast<std::uint64_t>(field) << t.fraction | significand(t);
    if (t.codes == specials::nan_at_top && code == low(t.width - 1)) --code;
    const bool minus = what_ == aim::carry ? style_ % 2 == 0 : (word() & 1) != 0;
    if (minus) code |= std::uint64_t{1} << (t.width - 1);
    if (t.codes == specials::one_nan && code == std::uint64_t{1} << (t.width - 1)) code = 0;
    return code;
  }
  std::uint64_t zero(const type& t) {
    const bool minus = t.codes != specials::one_nan && (word() & 1) != 0;
    return minus ? std::uint64_t{1} << (t.width - 1) : 0;
  }

  /// Exponent that products of the case are around.
  int base() {
    const int least = least_e(u_.a) + least_e(u_.b), most = greatest_e(u_.a) + greatest_e(u_.b);
    switch (what_) {
      case aim::tiny: return std::clamp(least_e(u_.d) - between(-3, 30), least, most);
      case aim::overflow: return std::clamp(greatest_e(u_.d) - between(-2, 5), least, most);
      case aim::small:
      case aim::cancel:
      case aim::special: return 0;
      case aim::subnormal: return least;
      case aim::wide: return between(least, most);
      default: return std::clamp(between(-12, 12), least, most);
    }
  }
  int kept() const { return u_.F != 0 ? u_.F : u_.d.fraction + 1; }

  /// Exponent of a product.
  int exponent() {
    switch (what_) {
      case aim::align:
        return base_ - (below(3) == 0 ? between(0, 3) : between(kept() - 4, kept() + 3));
      case aim::carry: return base_;
      case aim::wide:
        return between(least_e(u_.a) + least_e(u_.b), greatest_e(u_.a) + greatest_e(u_.b));
      default: return base_ + between(-3, 1);
    }
  }

  void add_product(operands& x, std::size_t i) {
    const type &ta = u_.a, &tb = u_.b;
    if (u_.how == oracle::mma::order::integers) {
      x.a.push_back(integer(u_.bits_a, u_.signed_a));
      x.b.push_back(integer(u_.bits_b, u_.signed_b));
      return;
    }
    const bool all_bits = what_ == aim::bits;
    const bool none = (what_ == aim::zeros && below(4) != 0) ||
                      (what_ == aim::one && i != static_cast<std::size_t>(u_.k) / 2) ||
                      ((what_ == aim::tiny || what_ == aim::huge_zeros) && below(2) == 0);
    if (all_bits) {
      x.a.push_back(held(any_code(ta)));
      x.b.push_back(held(any_code(tb)));
      return;
    }
    const int e = exponent();
    const int least = std::max(least_e(ta), e - greatest_e(tb)),
              most = std::min(greatest_e(ta), e - least_e(tb));
    int ea = least < most ? between(least, most) : std::clamp(e / 2, least_e(ta), greatest_e(ta));
    if (what_ == aim::subnormal && below(2) == 0) ea = least_e(ta) - 1;  // field 0
    int eb = e - ea;
    if (what_ == aim::subnormal) eb = below(2) == 0 ? least_e(tb) - 1 : between(least_e(tb), 0);
    std::uint64_t a = with_exponent(ta, ea), b = with_exponent(tb, eb);
    if (none) {
      const bool of_a = below(2) == 0;
      if (what_ == aim::huge_zeros) {
        (of_a ? b : a) = with_exponent(of_a ? tb : ta, greatest_e(of_a ? tb : ta));
      }
      (of_a ? a : b) = zero(of_a ? ta : tb);
    }
    x.a.push_back(held(a));
    x.b.push_back(held(b));
  }

  /// Any code, mostly of finite numbers.
  std::uint64_t any_code(const type& t) {
    std::uint64_t code = word() & (low(t.width - 1) * 2 + 1);
    for (int i = 0; i < 4 && oracle::mma::unpack(t, code).cls != oracle::mma::sort::finite; ++i) {
      code = word() & (low(t.width - 1) * 2 + 1);
    }
    return code;
  }

  std::uint64_t integer(int bits, bool is_signed) {
    const std::uint64_t all = low(bits), most = is_signed ? all >> 1 : all;
    switch (what_ == aim::carry ? style_ : below(8)) {
      case 0: return most;
      case 1: return is_signed ? most + 1 : 0;
      case 2: return all;
      case 3: return 0;
      default: return word() & all;
    }
  }

  std::uint64_t accumulator() {
    if (u_.how == oracle::mma::order::integers) {
      const std::uint64_t edges[] = {0, 0x7fffffff, 0x80000000, 0xffffffff, 0x7fffff00, 0x80000100};
      return below(2) == 0 ? word() & 0xffffffff : edges[below(6)];
    }
    if (what_ == aim::bits) return any_code(u_.c);
    if (below(6) == 0 || (what_ == aim::zeros && below(4) != 0)) return zero(u_.c);
    switch (what_) {
      case aim::far_c:
        return with_exponent(u_.c,
                             base_ + (below(2) == 0 ? 1 : -1) * between(kept() - 3, kept() + 9));
      case aim::align: return with_exponent(u_.c, base_ - between(-4, kept() + 2));
      case aim::subnormal:
      case aim::tiny: return with_exponent(u_.c, least_e(u_.c) - 1 + below(3));
      case aim::overflow: return with_exponent(u_.c, greatest_e(u_.c) - below(2));
      case aim::wide: return with_exponent(u_.c, between(least_e(u_.c), greatest_e(u_.c)));
      case aim::carry: return with_exponent(u_.c, base_ + between(-1, 2));
      default: return with_exponent(u_.c, base_ + between(-12, 6));
    }
  }

  std::uint64_t sign_of_a() const {
    return std::uint64_t{1} << (u_.held == oracle::mma::container::own ? u_.a.width - 1 : 31);
  }

  /// Products that cancel in pairs at random distances; c cancels one.
  void cancel(operands& x) {
    if (u_.how == oracle::mma::order::integers) return;
    const auto k = x.a.size();
    const std::uint64_t sign = sign_of_a();
    for (std::size_t i = 0; i + 1 < k; i += 2) {
      const std::size_t j = static_cast<std::size_t>(below(static_cast<int>(k)));
      if (j == i || rarely()) continue;
      x.a[j] = x.a[i] ^ sign;
      x.b[j] = x.b[i];
      if (u_.a.codes == specials::one_nan && x.a[j] == sign) x.a[j] = 0;
    }
    if (below(2) == 0) return;
    const auto a = factor(u_, u_.a, x.a[0]), b = factor(u_, u_.b, x.b[0]);
    if (a.cls != oracle::mma::sort::finite || b.cls != oracle::mma::sort::finite) return;
    oracle::mma::dyadic p = value(a) * value(b);
    p.n = -p.n;
    x.c = encode(u_.c, p, {});
  }

  void leave_residue(operands& x) {
    if (u_.how == oracle::mma::order::integers || u_.k < 3 || u_.a.width < 8) return;
    const auto k = x.a.size();
    for (std::size_t i = 2; i < k; ++i) x.a[i] = 0;
    x.a[1] = x.a[0] ^ sign_of_a();
    x.b[1] = x.b[0];
    if (u_.a.codes == specials::one_nan && x.a[1] == sign_of_a()) x.a[1] = 0;
    const int e = base_ - between(kept() - 30, kept() + 2);
    const int ea = std::clamp(e / 2, least_e(u_.a), greatest_e(u_.a));
    x.a[k - 1] = held(with_exponent(u_.a, ea));
    x.b[k - 1] = held(with_exponent(u_.b, e - ea));
    style_ = 4;
    x.c = with_exponent(u_.c, e + between(-26, 6));
  }

  void sprinkle(operands& x) {
    if (u_.how == oracle::mma::order::integers) return;
    for (int n = between(1, 3); n > 0; --n) {
      const std::size_t i = static_cast<std::size_t>(below(u_.k));
      switch (below(4)) {
        case 0: x.a[i] = special(u_.a); break;
        case 1: x.b[i] = special(u_.b); break;
        case 2: x.c = special(u_.c, true); break;
        default: x.b[i] = held(zero(u_.b)); x.a[i] = special(u_.a);
      }
    }
  }
  std::uint64_t special(const type& t, bool is_c = false) {
    const std::uint64_t sign = (word() & 1) << (t.width - 1);
    const bool nan = below(3) == 0;
    std::uint64_t code = 0;
    if (t.codes == specials::ieee) {
      code = sign | low(t.exponent_bits) << t.fraction | (nan ? word() & low(t.fraction) : 0);
    } else if (t.codes == specials::nan_at_top) {
      code = nan ? sign | low(t.width - 1) : sign | (low(t.width - 1) - 1);
    } else {
      code = t.codes == specials::one_nan && nan ? std::uint64_t{1} << (t.width - 1)
                                                 : low(t.width - 1);
    }
    if (is_c || u_.held == oracle::mma::container::own) return code;
    // A NaN whose payload is in the bits that do not count.
    return code << 13 | (nan && below(2) == 0 ? 1 : 0);
  }

  void scales(operands& x) {
    const bool e8 = u_.scale.codes == specials::power;
    const auto one = [&]() -> std::uint64_t {
      const int dice = below(16);
      if (dice == 0) return e8 ? (word() & 1) * 254 : (word() & 0x80);
      if (dice == 1 && what_ == aim::special) return e8 ? 255 : 0x7f | (word() & 0x80);
      if (dice <= 4) return word() & (e8 ? 0xff : 0x7f);
      return e8 ? static_cast<std::uint64_t>(between(110, 144)) : 0x30 + (word() & 0x1f);
    };
    for (int i = 0; i < u_.k / u_.block; ++i) {
      x.sa.push_back(one());
      x.sb.push_back(one());
    }
  }

  unit u_;
  std::mt19937_64 random_;
  aim what_ = aim::bits;
  int style_ = 0;
  int base_ = 0;
};

}  // namespace mma_inputs

#endif  // LOWP_TESTS_HARDWARE_MMA_INPUTS_HPP
