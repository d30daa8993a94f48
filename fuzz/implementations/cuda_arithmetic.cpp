// SPDX-License-Identifier: Apache-2.0
// Host functions of the CUDA headers: arithmetic and comparisons of binary16 and bfloat16, and
// their conversions to integers. On the host they compute in float and round again.
#include "../implementation.hpp"

#if defined(LOWP_HAVE_CUDA)
#include "cuda_headers.hpp"
#include "known.hpp"
#endif

namespace lowp::tool {

#if defined(LOWP_HAVE_CUDA) && CUDA_VERSION >= 12020

namespace {

using code = std::uint16_t;

template <class T>
struct kind;
template <>
struct kind<__half> {
  static constexpr format value = formats::binary16;
  static constexpr const char* rule = "cuda13.binary16.rn";
  static constexpr const char* suffix = " half";
  static __half number(code x) { return __half(cuda_half(x)); }
  static code bits(__half x) { return cuda_bits(static_cast<__half_raw>(x)); }
};
template <>
struct kind<__nv_bfloat16> {
  static constexpr format value = formats::bfloat16;
  static constexpr const char* rule = "cuda13.bfloat16.rn";
  static constexpr const char* suffix = " bfloat16";
  static __nv_bfloat16 number(code x) { return __nv_bfloat16(cuda_bfloat16(x)); }
  static code bits(__nv_bfloat16 x) { return cuda_bits(static_cast<__nv_bfloat16_raw>(x)); }
};

constexpr const char* source = "CUDA 13.0 headers, host path";

// __hmin_nan(+0, -0) is +0, and __hmax_nan(-0, +0) is -0.
bool is_first_zero(const code_t* in, code_t expected, code_t got) {
  const format f = formats::bfloat16;
  return is_zero(f, in[0]) && is_zero(f, in[1]) && is_zero(f, expected) && got == in[0];
}
constexpr known_difference first_zero{
    "of two zeros the first, though the manual says +0 > -0",
    "CUDA 13.0 headers, cuda_bf16.hpp, host path of __hmin_nan and __hmax_nan", is_first_zero};

template <class T>
void add_type(catalogue& c) {
  using k = kind<T>;
  constexpr format f = k::value;
  const projection last = named_rule(k::rule).last;
  const auto name = [](const char* function) { return std::string(function) + k::suffix; };
  const auto add = [&](const char* function, operation op, batch_function run) {
    c.rows.push_back({"CUDA", name(function), arithmetic_in(f, op, source, last), run});
  };
#define LOWP_TWO(call) \
  each<[](code a, code b) { return k::bits(call(k::number(a), k::number(b))); }>
#define LOWP_ONE(call) each<[](code a) { return k::bits(call(k::number(a))); }>
  add("__hadd", operation::add, LOWP_TWO(__hadd));
  add("__hsub", operation::subtract, LOWP_TWO(__hsub));
  add("__hmul", operation::multiply, LOWP_TWO(__hmul));
  add("__hdiv", operation::divide, LOWP_TWO(__hdiv));
  add("__hneg", operation::negate, LOWP_ONE(__hneg));
  add("__habs", operation::abs, LOWP_ONE(__habs));
  // NaN loses to a number, a signalling one too.
  add("__hmin", operation::minimum_number, LOWP_TWO(__hmin));
  add("__hmax", operation::maximum_number, LOWP_TWO(__hmax));
  add("__hmin_nan", operation::minimum, LOWP_TWO(__hmin_nan));
  add("__hmax_nan", operation::maximum, LOWP_TWO(__hmax_nan));
  if (f == formats::bfloat16) {
    c.rows[c.rows.size() - 2].known = {first_zero};
    c.rows.back().known = {first_zero};
  }
#undef LOWP_TWO
#undef LOWP_ONE
  const auto compare = [&](const char* function, const char* words, int accepts,
                           batch_function run) {
    c.rows.push_back({"CUDA", name(function),
                      comparison_model{source, words, static_cast<std::uint8_t>(accepts), f}, run});
  };
#define LOWP_COMPARE(call) \
  each<[](code a, code b) { return std::uint8_t{call(k::number(a), k::number(b))}; }>
  compare("__heq", "a == b", is_equal, LOWP_COMPARE(__heq));
  compare("__hlt", "a < b", is_less, LOWP_COMPARE(__hlt));
  compare("__hle", "a <= b", is_less | is_equal, LOWP_COMPARE(__hle));
  compare("__hgt", "a > b", is_greater, LOWP_COMPARE(__hgt));
  compare("__hge", "a >= b", is_greater | is_equal, LOWP_COMPARE(__hge));
  compare("__hne", "a < b or a > b", is_less | is_greater, LOWP_COMPARE(__hne));
  compare("__hneu", "a != b", is_less | is_greater | is_unordered, LOWP_COMPARE(__hneu));
  compare("__hltu", "a < b or unordered", is_less | is_unordered, LOWP_COMPARE(__hltu));
#undef LOWP_COMPARE
}

// Toward zero; NaN and what is out of range are the integer's business.
void add_to_integers(catalogue& c) {
  const auto add = [&](const char* function, const format& from, const format& to,
                       batch_function run) {
    conversion_rule rule = ieee_rule(source, from, to, toward_zero);
    rule.last = {.round = toward_zero, .overflow = saturate, .nan = nan_rule::zero};
    c.rows.push_back({"CUDA", function, rule, run});
  };
  using half = kind<__half>;
  using bf16 = kind<__nv_bfloat16>;
  using namespace formats;
  add("__half2short_rz", binary16, formats::int16,
      each<[](code a) { return __half2short_rz(half::number(a)); }>);
  add("__half2ushort_rz", binary16, formats::uint16,
      each<[](code a) { return __half2ushort_rz(half::number(a)); }>);
  add("__half2int_rz", binary16, formats::int32,
      each<[](code a) { return __half2int_rz(half::number(a)); }>);
  add("__half2uint_rz", binary16, formats::uint32,
      each<[](code a) { return __half2uint_rz(half::number(a)); }>);
  add("__bfloat162short_rz", formats::bfloat16, formats::int16,
      each<[](code a) { return __bfloat162short_rz(bf16::number(a)); }>);
  add("__bfloat162ushort_rz", formats::bfloat16, formats::uint16,
      each<[](code a) { return __bfloat162ushort_rz(bf16::number(a)); }>);
  add("__bfloat162int_rz", formats::bfloat16, formats::int32,
      each<[](code a) { return __bfloat162int_rz(bf16::number(a)); }>);
  add("__bfloat162uint_rz", formats::bfloat16, formats::uint32,
      each<[](code a) { return __bfloat162uint_rz(bf16::number(a)); }>);
}

}  // namespace

void add_cuda_arithmetic(catalogue& c) {
  add_type<__half>(c);
  add_type<__nv_bfloat16>(c);
  add_to_integers(c);
}

#else

void add_cuda_arithmetic(catalogue&) {}

#endif

}  // namespace lowp::tool
