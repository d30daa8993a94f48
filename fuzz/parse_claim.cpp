// SPDX-License-Identifier: Apache-2.0
#include "parse_claim.hpp"

#include <algorithm>
#include <sstream>

#include <fmt/format.h>

#include <lowp/hardware/all_instructions.hpp>
#include <lowp/hardware/mma/all_mma_models.hpp>

#include "claim_words.hpp"
#include "claims/kinds.hpp"
#include "format_names.hpp"
#include "suggest.hpp"

namespace lowp::tool {

namespace {

constexpr const char* claim_source = "the claim";

void check_random_bits(const std::string& kind, const projection& p) {
  if (is_stochastic(p.round) != (p.random_bits != 0)) {
    throw usage_error(
        fmt::format("{}: stochastic rounding needs random_bits=1...32, and only that does", kind));
  }
}

parsed_claim parse_convert(const std::vector<std::string>& words) {
  claim_words w("convert", words);
  conversion_rule rule{};
  rule.name = "the claimed conversion";
  rule.origin = {"claim", "", evidence::source, claim_source};
  rule.from = parse_format_argument(w.plain(0, "the format to convert from"));
  rule.to = parse_format_argument(w.plain(1, "the format to convert to"));
  if (w.has("via")) {
    rule.via = parse_format_argument(w.value("via"));
    rule.first = w.rest({}, "via.");
    check_random_bits("convert: via", rule.first);
  }
  const std::string random = w.value("random", "operand");
  if (random != "operand" && random != "own") {
    throw usage_error(fmt::format("convert: random: '{}' is neither operand nor own", random));
  }
  rule.last = w.rest({});
  check_random_bits("convert", rule.last);
  w.finish(2);
  if (random == "operand") return {rule, w.open()};
  if (!is_stochastic(rule.last.round)) {
    throw usage_error("convert: random=own needs a stochastic rounding");
  }
  return own_random_conversion(rule);
}

parsed_claim parse_rule(const std::vector<std::string>& words) {
  claim_words w("rule", words);
  const conversion_rule& row =
      named_row(all_conversion_rules, "conversion rule", w.plain(0, "the name of the rule"));
  w.finish(1);
  return {row, false};
}

parsed_claim parse_instruction(const std::vector<std::string>& words) {
  // Names of instructions have blanks.
  const std::string name = fmt::format("{}", fmt::join(words, " "));
  if (const conversion_instruction* row = find_instruction(name.c_str());
      !name.empty() && row != nullptr) {
    return {instruction_model{row}, false};
  }
  return {instruction_model{&named_row(all_conversion_instructions, "instruction", name)}, false};
}

parsed_claim parse_compare(const std::vector<std::string>& words) {
  struct relation {
    const char* name;
    const char* words;
    std::uint8_t accepts;
  };
  static constexpr relation relations[] = {
      {"less", "a < b", is_less},
      {"less_equal", "a <= b", is_less | is_equal},
      {"equal", "a == b", is_equal},
      {"not_equal", "a != b", is_less | is_greater | is_unordered},
      {"greater_equal", "a >= b", is_greater | is_equal},
      {"greater", "a > b", is_greater},
      {"unordered", "a and b unordered", is_unordered},
  };
  claim_words w("compare", words);
  const relation& r =
      named_row(relations, "relation", w.plain(0, "the relation (less, equal, ...)"));
  const format f = parse_format_argument(w.plain(1, "the format"));
  w.finish(2);
  return {comparison_model{"IEEE 754-2019 5.11", r.words, r.accepts, f}, false};
}

parsed_claim parse_dot(const std::vector<std::string>& words) {
  claim_words w("dot", words);
  if (w.open()) {
    mma_model m;
    m.a = parse_format_argument(w.value("a", "binary16"));
    m.b = parse_format_argument(w.value("b", "binary16"));
    m.c = parse_format_argument(w.value("c", "binary32"));
    m.d = parse_format_argument(w.value("d", "binary32"));
    m.k = static_cast<decltype(m.k)>(w.integer("k", 4, 1, 4096));
    w.finish(0);
    return {dot_model{"open", claim_source, m}, true};
  }
  const named_mma_model& row =
      named_row(all_mma_models, "matrix instruction", w.plain(0, "the matrix instruction"));
  mma_model m = row.value;
  if (w.has("k")) m = with_k(m, static_cast<int>(w.integer("k", m.k, 1, 4096)));
  if (w.has("zeros")) {
    m = with_zero_rule(m, named_row(all_zero_rules, "rule for zeros", w.value("zeros")).zeros);
  }
  w.finish(1);
  if (const mma_error e = check(m); e != mma_error::none) {
    throw usage_error(fmt::format("dot: {}: {}", row.name, message(e)));
  }
  return {dot_model{row.name, row.origin.source, m}, false};
}

// "fma binary16", "multiply e4m3fn e5m2 to=binary32 flags=true".
parsed_claim parse_operation(operation op, const std::vector<std::string>& words) {
  claim_words w(info(op).name, words);
  arithmetic_model m{};
  m.source = claim_source;
  m.op = op;
  const auto count = static_cast<std::size_t>(operand_count(op));
  for (std::size_t k = 0; k < count; ++k) {
    m.from[k] =
        k == 0 || k < w.plain_count() ? parse_format_argument(w.plain(k, "the format")) : m.from[0];
  }
  if (w.plain_count() > 1 && w.plain_count() != count) {
    throw usage_error(fmt::format("{}: {} formats for {} operand{}; give one, or one for each",
                                  info(op).name, w.plain_count(), count, count == 1 ? "" : "s"));
  }
  m.to = w.has("to") ? parse_format_argument(w.value("to")) : m.from[0];
  if (w.has("operand_nan")) {
    struct choice_of_nan {
      const char* name;
      nan_result value;
    };
    static constexpr choice_of_nan choices[] = {
        {"canonical", nan_result::canonical},
        {"first_operand", nan_result::first_operand},
        {"signalling_first", nan_result::signalling_first},
    };
    m.nan = named_row(choices, "choice of NaN", w.value("operand_nan")).value;
  }
  const std::string sign = w.value("invalid_sign", "positive");
  if (sign != "positive" && sign != "negative") {
    throw usage_error(fmt::format("invalid_sign: '{}' is neither positive nor negative", sign));
  }
  m.invalid_is_negative = sign == "negative";
  if (w.value("flags", "false") == "true") m.flags = 0x1f;
  m.last = w.rest({});
  if (is_stochastic(m.last.round)) {
    throw usage_error(fmt::format("{}: stochastic rounding is for 'convert'", info(op).name));
  }
  w.finish(std::max<std::size_t>(w.plain_count(), 1));
  return {m, false};
}

const named_operation* operation_named(std::string_view name) {
  for (const named_operation& row : all_operations) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

}  // namespace

const std::vector<claim_kind>& claim_kinds() {
  static const std::vector<claim_kind> kinds = {
      {"convert FROM TO [MEMBER=VALUE...] [via=FORMAT via.MEMBER=VALUE...] [random=own]",
       "one number from one format to another; members of the projection; random bits are an "
       "operand, or drawn from seed, stream and index of a batch",
       "convert binary32 e4m3fn overflow=saturate", parse_convert},
      {"rule NAME", "a registered conversion rule (lowp rules)", "rule cuda13.bfloat16.rn",
       parse_rule},
      {"instruction NAME", "a conversion instruction on whole registers (lowp instructions)",
       "instruction cvt.rn.bf16x2.f32", parse_instruction},
      {"compare RELATION FORMAT", "1 or 0: less, less_equal, equal, not_equal, greater, ...",
       "compare less bfloat16", parse_compare},
      {"dot NAME [k=N] [zeros=RULE]", "one element of a registered matrix unit (lowp models)",
       "dot amx_bf16.tdpbf16ps", parse_dot},
      {"quantise BLOCK_FORMAT [RECIPE]",
       "one block of binary32 into scale and elements (lowp blocks)",
       "quantise mxfp8_e4m3 torchao_rceil", parse_quantise},
      {"dequantise BLOCK_FORMAT", "one block of codes into binary32", "dequantise nvfp4",
       parse_dequantise},
      {"affine RULE INTEGER [range=narrow]", "binary32 into an integer, with scale and zero point",
       "affine onnx int8", parse_affine},
      {"affine_decode INTEGER FORMAT", "(q - zero_point) scale with one rounding",
       "affine_decode uint4 binary16", parse_affine_decode},
      {"requantise NAME", "int32 times a multiplier of an integer significand and a shift",
       "requantise tflite.double", parse_requantise},
      {"integer_dot NAME [n=N]", "accumulator plus products of integers", "integer_dot vpdpbusd",
       parse_integer_dot},
      {"unpack PACKING FORMAT [n=N] [to=FORMAT]", "packed codes of an array, one by one",
       "unpack dense4_low int4 to=int8", parse_unpack},
      {"zero_points UINT", "zero points packed into a 32-bit word and read again",
       "zero_points uint4", parse_zero_points},
      {"all_reduce FORMAT [ranks=N] [block=N]",
       "a sum over ranks, quantised once; all ranks in one call", "all_reduce e4m3fn",
       parse_all_reduce},
      {"wire CODEC [n=N] [row=N] [hadamard=N hadamard_seed=N] [stochastic=BITS]",
       "N binary32 into the bytes of a codec between ranks (lowp codecs); of stochastic ones seed "
       "and "
       "stream are operands",
       "wire mxfp4 n=40 row=32", parse_wire},
      {"unwire CODEC [n=N] [row=N] [hadamard=N hadamard_seed=N]", "the same back",
       "unwire int8 n=40 row=32", parse_unwire},
      {"OPERATION FORMAT... [to=FORMAT] [MEMBER=VALUE...]",
       "arithmetic (lowp ops); operand_nan=, invalid_sign=, flags=true",
       "fma binary16 operand_nan=first_operand", nullptr},
  };
  return kinds;
}

parsed_claim parse_claim(std::string_view text) {
  std::istringstream in{std::string(text)};
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  if (words.empty()) throw usage_error("a claim is empty; lowp claims shows what can be claimed");
  const std::string first = words.front();
  words.erase(words.begin());
  std::vector<std::string> known;
  for (const claim_kind& k : claim_kinds()) {
    const std::string_view grammar = k.grammar;
    const std::string name(grammar.substr(0, grammar.find(' ')));
    if (k.parse == nullptr) continue;
    if (name == first) return k.parse(words);
    known.push_back(name);
  }
  if (const named_operation* row = operation_named(first); row != nullptr) {
    return parse_operation(row->value, words);
  }
  for (const named_operation& row : all_operations) known.emplace_back(row.name);
  throw usage_error(fmt::format("'{}' is no kind of claim{}; lowp claims shows what can be claimed",
                                first, nearest_text(first, known)));
}

}  // namespace lowp::tool
