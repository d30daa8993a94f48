// SPDX-License-Identifier: Apache-2.0
// float and double as an ordinary program gets them: the compiler's arithmetic and comparisons.
#include "../implementation.hpp"
#include "known.hpp"

namespace lowp::tool {

namespace {

constexpr const char* source = "C++: IEEE 754 where std::numeric_limits says so";

// What the processors do that the compilers use.
#if defined(__x86_64__)
constexpr nan_result nan = nan_result::first_operand;
constexpr bool invalid_is_negative = true;
#else
constexpr nan_result nan = nan_result::signalling_first;
constexpr bool invalid_is_negative = false;
#endif

template <class T>
void add_type(catalogue& c, const char* family) {
  constexpr format f = lowp::format_of<T>;
  const auto add = [&](const char* function, operation op, batch_function run) {
    implementation row{family, function,
                       arithmetic_in(f, op, source, policies::ieee754, nan, invalid_is_negative),
                       run};
    if (op == operation::add || op == operation::multiply) {
      row.known.push_back(order_of_operands<f, 2>);
    }
    c.rows.push_back(row);
  };
  add("+", operation::add, each<[](T a, T b) { return a + b; }>);
  add("-", operation::subtract, each<[](T a, T b) { return a - b; }>);
  add("*", operation::multiply, each<[](T a, T b) { return a * b; }>);
  add("/", operation::divide, each<[](T a, T b) { return a / b; }>);
  const auto compare = [&](const char* function, int accepts, batch_function run) {
    const char* const words[] = {"", "a < b", "a == b", "a <= b", "a > b", "a != b", "a >= b"};
    const bool with_nan = (accepts & is_unordered) != 0;
    c.rows.push_back({family, function,
                      comparison_model{source, with_nan ? "a != b" : words[accepts],
                                       static_cast<std::uint8_t>(accepts), f},
                      run});
  };
  using truth = std::uint8_t;
  compare("<", is_less, each<[](T a, T b) { return truth{a < b}; }>);
  compare("<=", is_less | is_equal, each<[](T a, T b) { return truth{a <= b}; }>);
  compare("==", is_equal, each<[](T a, T b) { return truth{a == b}; }>);
  compare("!=", is_less | is_greater | is_unordered, each<[](T a, T b) { return truth{a != b}; }>);
  compare(">", is_greater, each<[](T a, T b) { return truth{(a > b)}; }>);
  compare(">=", is_greater | is_equal, each<[](T a, T b) { return truth{(a >= b)}; }>);
}

}  // namespace

void add_compiler_float(catalogue& c) {
  add_type<float>(c, "float");
  add_type<double>(c, "double");
}

}  // namespace lowp::tool
