// SPDX-License-Identifier: Apache-2.0
/// \file
/// What `lowp verify` checks: one row per operation of one implementation, with the golden model
/// that it is held to. A family is one file in implementations/, which adds its rows to the
/// catalogue.
#ifndef LOWP_FUZZ_IMPLEMENTATION_HPP
#define LOWP_FUZZ_IMPLEMENTATION_HPP

#include <concepts>
#include <cstddef>
#include <cstring>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <lowp/hardware/conversion_rule.hpp>
#include <lowp/hardware/policies.hpp>
#include <lowp/lowp.hpp>

#include "arithmetic_model.hpp"
#include "claim.hpp"
#include "dot_model.hpp"
#include "instruction_model.hpp"

namespace lowp::tool {

/// Consecutive cases of a row: in[k] points to the codes of operand field k, out[k] takes those of
/// result field k, each code stored in `field::bytes` bytes. All arrays are 64-byte aligned and
/// have room (and, for inputs, harmless contents) up to the next multiple of 64 cases, so vector
/// code needs no tail.
struct batch {
  const void* const* in = nullptr;
  void* const* out = nullptr;
  std::size_t cases = 0;
  std::uint64_t first = 0;   ///< number of its first case among all that the row is given
  std::uint64_t seed = 0;    ///< for implementations that draw random bits themselves
  std::uint32_t stream = 0;  ///< the array that the cases belong to, for the same
  // What else a plug-in is told (include/lowp/golden/vendor.h).
  std::uint64_t total = 0;  ///< cases of the array; 0: it ends with this batch
  std::uint32_t rank = 0;   ///< of the process that holds this part, 0...ranks - 1
  std::uint32_t ranks = 1;
};

/// Runs n cases of an operation with one result field.
using batch_function = void (*)(const void* const* in, void* out, std::size_t n);

/// Runs a batch: a `batch_function`, or anything else called like it or with a batch. May throw
/// `implementation_failure`.
class batch_run {
 public:
  template <class Run>
  requires std::invocable<Run&, const void* const*, void*, std::size_t> batch_run(Run run)
      : run_([run = std::move(run)](const batch& b) { run(b.in, b.out[0], b.cases); }) {}
  template <class Run>
  requires std::invocable<Run&, const batch&> batch_run(Run run) : run_(std::move(run)) {}
  void operator()(const batch& b) const { run_(b); }

 private:
  std::function<void(const batch&)> run_;
};

/// What ends the check of a row early: the implementation crashed, hung, or refused. The words say
/// which.
struct implementation_failure : std::runtime_error {
  // Not explicit: made in return statements.
  implementation_failure(const std::string& words, bool hung = false)
      : std::runtime_error(words), slow(hung) {}
  bool slow;  ///< it takes long to see it again
};

/// What a row is held to: a conversion, by the rule of that name, an arithmetic operation, a
/// comparison, a dot product, by the row of that name among the matrix instructions, a conversion
/// instruction with whole registers, or any other operation on arrays of codes.
using golden_model = std::variant<conversion_rule, arithmetic_model, comparison_model, dot_model,
                                  instruction_model, std::shared_ptr<const claim>>;

/// A difference from the golden model that is documented and that the model cannot express.
struct known_difference {
  const char* what;
  const char* source;
  /// Is this case one of them? It must not accept more than what is documented.
  bool (*covers)(const code_t* operands, code_t expected, code_t got);
};

/// One operation of one implementation.
struct implementation {
  std::string family;    ///< who: "F16C"
  std::string function;  ///< what of it: "vcvtps2ph, imm 0"
  golden_model model;
  batch_run run;
  std::vector<known_difference> known{};
  /// Cases after which a row is done that cannot be run on all inputs. 0: dot products
  /// `enough_dots`, others as many as time allows.
  std::uint64_t enough = 0;
  /// It is run with batches of all lengths, without room behind the last case, and with arrays that
  /// are aligned as their codes are.
  bool any_length = false;
  /// How many batches of each length from 1 to 67 are run first, with cases in which faults show.
  /// Not 0: calls that must agree are compared, too.
  std::uint8_t short_batches = 0;
  /// What it computes is not claimed: only the formats of `model` count. It can be identified.
  bool open = false;
};

inline constexpr std::uint64_t enough_dots = 100'000'000;

/// A family that this build or this machine does not have, and why.
struct absent_family {
  std::string family;
  std::string reason;
};

/// Everything that was found.
struct catalogue {
  std::vector<implementation> rows;
  std::vector<absent_family> absent;
};

/// The rule of that name in include/lowp/hardware, which must exist.
conversion_rule named_rule(const char* name);

/// The matrix instruction of that name in include/lowp/hardware/mma, which must exist.
dot_model named_dot(const char* name);

/// The name of the first matrix instruction of the same formats and length that gives a result for
/// operands of a model; empty if there is none.
std::string dot_that_gives(const dot_model& m, const std::vector<code_t>& operands, code_t got);

/// The same behaviour between other formats, for conversions that have no row of their own there.
conversion_rule like(const char* name, format from, format to);

/// IEEE 754 between any formats, NaN payloads kept, for implementations that do just that.
conversion_rule ieee_rule(const char* source, format from, format to,
                          rounding round = to_nearest_even);

/// The operand and result fields of a model.
std::vector<field> operand_fields(const golden_model& model);
std::vector<field> result_fields(const golden_model& model);

/// The model in the shape of all.
claim claim_of(const golden_model& model);

/// The name of the model and where it was read: "exact arithmetic" if it is no rule with a name.
std::string model_name(const golden_model& model);
std::string model_source(const golden_model& model);

/// A rounding mode in words: "toward zero".
const char* rounding_text(rounding r);

/// The operation in words: "binary32 -> binary16, toward zero".
std::string operation_text(const golden_model& model);

/// The result of the golden model for one case of a model with one result.
code_t expected_code(const golden_model& model, const code_t* operands);

/// The name of a format in the registry, or a description of it.
std::string format_name(const format& f);

// One function per file of implementations/; each adds what this build and machine have.
void add_f16c(catalogue& c);
void add_sse(catalogue& c);
void add_x86_arithmetic(catalogue& c);
void add_avx512_bf16(catalogue& c);
void add_avx512_fp16(catalogue& c);
void add_x86_dots(catalogue& c);
void add_x86_fma(catalogue& c);
void add_x86_tiles(catalogue& c);
void add_arm(catalogue& c);
void add_arm_dots(catalogue& c);
void add_compiler_float(catalogue& c);
void add_compiler_float16(catalogue& c);
void add_compiler_bfloat16(catalogue& c);
void add_libm(catalogue& c);
void add_eigen(catalogue& c);
void add_cuda_fp16(catalogue& c);
void add_cuda_bf16(catalogue& c);
void add_cuda_arithmetic(catalogue& c);
void add_cuda_fp8(catalogue& c);
void add_cuda_fp6(catalogue& c);
void add_cuda_fp4(catalogue& c);
/// Wrong ones, to see that the check finds them: a converter truncates but claims nearest-even,
/// another errs for a single one of 2^32 inputs, a fused multiply-add rounds twice, a dot product
/// rounds its products.
void add_broken(catalogue& c);
/// Right ones, in software, for what else only machines with certain processors would run.
void add_stand_ins(catalogue& c);

/// All families.
catalogue find_implementations();

namespace detail {

template <class T>
T load(const void* from, std::size_t index) {
  T x;
  std::memcpy(&x, static_cast<const char*>(from) + index * sizeof(T), sizeof(T));
  return x;
}

template <class T>
void store(void* to, std::size_t index, T x) {
  std::memcpy(static_cast<char*>(to) + index * sizeof(T), &x, sizeof(T));
}

template <auto Function, class Out, class... In>
void run_each(const void* const* in, void* out, std::size_t n) {
  [&]<std::size_t... K>(std::index_sequence<K...>) {
    for (std::size_t i = 0; i < n; ++i) store<Out>(out, i, Function(load<In>(in[K], i)...));
  }
  (std::index_sequence_for<In...>{});
}

template <auto Function, class Out, class... In>
constexpr batch_function batch_of(Out (*)(In...)) {
  return run_each<Function, Out, In...>;
}

}  // namespace detail

/// The batch function that calls a scalar function (a lambda without captures) for every case; its
/// parameter and result types are read and written as bits: `each<[](float x) -> uint16_t {...}>`.
template <auto Function>
inline constexpr batch_function each = detail::batch_of<Function>(+Function);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_IMPLEMENTATION_HPP
