// SPDX-License-Identifier: Apache-2.0
/// \file
/// Cases of dot products at which adders go wrong: terms that just reach each other, that cancel,
/// ties, the ends of the range, subnormals, infinities, NaNs with payloads, signed zeros.
#ifndef LOWP_FUZZ_DOT_INPUTS_HPP
#define LOWP_FUZZ_DOT_INPUTS_HPP

#include <cstdint>
#include <vector>

#include "dot_model.hpp"

namespace lowp::tool {

/// Case number `index` of a model, a pure function of seed and index. Of the first 2 `directed()`
/// every other one is a combination of some special codes, all of them, where these are few enough;
/// of the others an eighth are uniform codes and the rest is made for one of the places above.
class dot_inputs {
 public:
  explicit dot_inputs(const dot_model& m);

  std::size_t operand_count() const { return fields_of_.size(); }
  std::uint64_t directed() const { return directed_; }
  /// Writes the operands, in order.
  void make(std::uint64_t seed, std::uint64_t index, code_t* operands) const;

 private:
  /// A format taken apart for making codes.
  struct fields {
    format of{};
    int width = 0;
    int fraction = 0;  ///< bits
    std::int32_t bias = 0;
    std::int32_t greatest = 0;  ///< exponent field
    code_t sign = 0;            ///< its bit, or 0
    std::vector<code_t> specials;
  };
  struct stream;
  const fields& at(std::size_t operand) const { return this->*fields_of_[operand]; }
  static fields fields_of(const format& f);
  static code_t number(const fields& f, std::int32_t exponent, std::uint64_t random);
  void enumerate(std::uint64_t index, code_t* o) const;
  void integers(stream& r, code_t* o) const;
  void numbers(stream& r, code_t* o, std::int32_t sum, int spread, int c_distance) const;
  void shorten(stream& r, code_t* o) const;
  void cancel(stream& r, code_t* o) const;
  void zeros_by_huge(stream& r, code_t* o) const;
  void tie_and_crumb(stream& r, code_t* o) const;
  void power(stream& r, code_t* o, std::size_t product, std::int32_t exponent) const;
  void cancel_by_c(stream& r, code_t* o) const;
  void put_specials(stream& r, code_t* o, unsigned one_in) const;

  dot_engine engine_;
  std::size_t k_ = 0;
  bool integer_ = false;
  fields a_, b_, c_, scale_;
  std::vector<fields dot_inputs::*> fields_of_;  ///< per operand
  std::size_t few_ = 0;                          ///< special codes that are combined
  std::uint64_t directed_ = 0;
};

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_DOT_INPUTS_HPP
