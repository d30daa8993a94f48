// SPDX-License-Identifier: Apache-2.0
/// \file
/// Running one row: blocks of cases through implementation and golden model, counted.
#ifndef LOWP_FUZZ_ROW_CHECK_HPP
#define LOWP_FUZZ_ROW_CHECK_HPP

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <vector>

#include "inputs.hpp"
#include "plugin/conduct.hpp"
#include "plugin/places.hpp"
#include "step_function.hpp"
#include "verify.hpp"

namespace lowp::tool {

/// What blocks found; those of different threads and ranks add up, in any order to the same.
struct tally {
  std::uint64_t cases = 0;
  std::uint64_t mismatches = 0;
  std::optional<mismatch> first;
  std::vector<std::uint64_t> known;  ///< per entry of implementation::known
  difference_count against_default;  ///< cases where the rule is not the IEEE default
  place_counts places;               ///< of mismatches, in short batches
  conduct_faults faults;

  void add(const tally& other);
  /// Keeps the least input, and of equal ones the shortest batch.
  void keep_first(const mismatch& found);
  /// Keeps the shortest example of a kind, and of these the first in the order of the alphabet.
  void keep_fault(disagreement kind, const std::string& example);
};

/// Storage of one thread.
class workspace {
 public:
  /// Cases of a block.
  static constexpr std::size_t block = 4096;
  /// Operand fields, and result fields, at most.
  static constexpr std::size_t arrays = 6;

  workspace();
  void* input(std::size_t k) const { return inputs_[k].get(); }
  void* output(std::size_t k = 0) const { return outputs_[k].get(); }
  /// Makes room for a block of all fields; new room is zero.
  void reserve(const std::vector<field>& in, const std::vector<field>& out);
  /// How the present block is cut; empty: not at all.
  cut lengths;

 private:
  struct release {
    void operator()(std::byte* p) const { ::operator delete[](p, std::align_val_t{64}); }
  };
  using buffer = std::unique_ptr<std::byte[], release>;
  struct room {
    buffer data;
    std::size_t bytes = 0;
    void* get() const { return data.get(); }
    void reserve(std::size_t least);
  };
  room inputs_[arrays];
  room outputs_[arrays];
};

/// One row, ready to be run from several threads.
class row_check {
 public:
  explicit row_check(const implementation& row);

  const implementation& row() const { return row_; }
  int space_bits() const { return space_bits_; }
  /// Is a table of the golden model used? Decided by `prepare`.
  bool uses_steps() const { return steps_.has_value(); }

  /// Builds the table where the model has one, and counts by it how often the documented rule
  /// differs from the IEEE default.
  void prepare();

  /// Inputs first, first + stride, ...; only with a table.
  void run_strided(workspace& w, std::uint64_t first, std::uint64_t stride, std::size_t n,
                   tally& t) const;
  /// Any cases: `at(i)` gives the operands of case i, number first + i of its kind. n <=
  /// workspace::block.
  void run_cases(workspace& w, const std::function<operands(std::size_t)>& at, std::uint64_t first,
                 std::size_t n, tally& t) const;

  /// Only of models with any number of operands or results.
  const claim* many() const { return many_ ? &*many_ : nullptr; }
  /// Cases first, first + 1, ... of a seed; only with `many`. n <= workspace::block.
  void run_many(workspace& w, std::uint64_t seed, std::uint64_t first, std::size_t n,
                tally& t) const;

  /// Batches of every length up to longest_short, in an order of their own for every `pass`, with
  /// telling cases at all places; only if the row has short batches.
  void run_short(workspace& w, std::uint64_t pass, tally& t) const;

  /// The directed cases: around every step of the table, or those of `directed_inputs`.
  std::vector<operands> directed() const;
  /// Operands number `index` of the whole input space; space_bits <= 32.
  operands enumerated(std::uint64_t index) const;

  /// Seconds of one thread per case, measured on a few thousand.
  double seconds_per_case(workspace& w) const;

  /// The documented differences with their counts.
  std::vector<counted_difference> differences(const tally& t, bool complete) const;

 private:
  /// Runs a block of the workspace's arrays as the row wants it: whole, or in batches.
  void run_block(workspace& w, std::size_t n, std::uint64_t first, tally& t) const;
  /// `index`: of the case in the block.
  void note(mismatch found, const workspace& w, std::size_t index, tally& t) const;
  /// Runs and compares any cases, operands after each other.
  void run_codes(workspace& w, const std::vector<code_t>& all, std::uint64_t first, std::size_t n,
                 tally& t) const;
  template <class Code>
  void compare_steps(workspace& w, std::uint64_t first, std::uint64_t stride, std::size_t n,
                     tally& t) const;

  const implementation& row_;
  std::vector<field> in_;
  std::vector<field> out_;
  int space_bits_ = 0;
  std::optional<step_function> steps_;
  std::optional<claim> many_;
  conduct conduct_;
  case_function golden_;
  std::vector<std::vector<code_t>> telling_;
  /// The IEEE default for the same conversion, if the rule is another.
  std::optional<conversion_rule> default_rule_;
  std::optional<difference_count> of_all_inputs_;
};

/// In which ways a rule differs from the IEEE default of the same rounding; empty texts if in none.
struct rule_difference {
  std::string numbers;
  std::string nans;
};
rule_difference describe_difference(const conversion_rule& rule);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_ROW_CHECK_HPP
