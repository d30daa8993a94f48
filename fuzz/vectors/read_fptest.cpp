// SPDX-License-Identifier: Apache-2.0
// Lines of IBM's FPgen: "b32*+ =0 i +1.000000P0 -Zero +Inf -> +Inf". spec/golden.md GLD-15.
#include <algorithm>
#include <charconv>

#include <lowp/lowp.hpp>

#include "reader.hpp"

namespace lowp::tool {

namespace {

struct named_word {
  const char* word;
  const char* meaning;
};
constexpr named_word operations[] = {{"+", "add"},      {"-", "subtract"}, {"*", "multiply"},
                                     {"/", "divide"},   {"*+", "fma"},     {"V", "sqrt"},
                                     {"%", "remainder"}};
// Tininess is tested before rounding (their letters u and w).
constexpr named_word roundings[] = {{"=0", "tininess=before_rounding"},
                                    {"=^", "tininess=before_rounding round=to_nearest_away"},
                                    {"0", "tininess=before_rounding round=toward_zero"},
                                    {">", "tininess=before_rounding round=toward_positive"},
                                    {"<", "tininess=before_rounding round=toward_negative"}};
constexpr named_word known_formats[] = {
    {"b16", "binary16"}, {"b32", "binary32"}, {"b64", "binary64"}};
constexpr const char* other_formats[] = {"b128", "d32", "d64", "d128"};

// The letters of exceptions; those of underflow by its three definitions.
constexpr std::string_view trap_letters = "xuozi";
constexpr std::string_view flag_letters = "xuvwozi";

template <class Words>
const char* meaning(const Words& words, std::string_view word) {
  for (const named_word& w : words) {
    if (w.word == word) return w.meaning;
  }
  return nullptr;
}

// Takes the name of a format from the start; empty: there is none.
std::string_view take_format(std::string_view& text) {
  for (const named_word& f : known_formats) {
    if (text.rfind(f.word, 0) == 0) {
      text.remove_prefix(std::string_view(f.word).size());
      return f.meaning;
    }
  }
  for (const std::string_view f : other_formats) {
    if (text.rfind(f, 0) == 0) {
      text.remove_prefix(f.size());
      return f;
    }
  }
  return {};
}

bool only(std::string_view text, std::string_view letters) {
  return !text.empty() && text.find_first_not_of(letters) == std::string_view::npos;
}

// A trap on underflow is taken for every kind of it.
bool taken(std::string_view traps, std::string_view flags) {
  const auto raised = [&](char trap) {
    return flags.find_first_of(trap == 'u' ? std::string_view("uvw")
                                           : std::string_view(&trap, 1)) != std::string_view::npos;
  };
  return std::any_of(traps.begin(), traps.end(), raised);
}

code_t flag_bits(std::string_view flags) {
  code_t bits = 0;
  for (const char c : flags) {
    switch (c) {
      case 'x': bits |= 1; break;
      case 'u':
      case 'w': bits |= 2; break;
      case 'o': bits |= 4; break;
      case 'z': bits |= 8; break;
      case 'i': bits |= 16; break;
      default: break;  // v: tininess after rounding
    }
  }
  return bits;
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; (at = line.find_first_not_of(" \t", at)) != std::string_view::npos;) {
    const std::size_t end = std::min(line.find_first_of(" \t", at), line.size());
    words.push_back(line.substr(at, end - at));
    at = end;
  }
  return words;
}

bool same_letters(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return (x | 0x20) == (y | 0x20); });
}

}  // namespace

// A number: sign, hidden bit, the trailing bits as a number in hexadecimal, P, exponent.
code_t reader::fptest_code(const format& f, std::string_view text) const {
  const auto bad = [&](const std::string& what) {
    fail(fmt::format("'{}' {}", shown(text), what));
  };
  const int trailing = f.precision - 1;
  const code_t infinity = lowp::infinity(f);
  if (text == "Q") return canonical_nan(f);
  if (text == "S") return infinity | code_t{1} << (trailing - 2);
  if (text.empty() || (text[0] != '+' && text[0] != '-')) bad("is no operand: no sign, Q or S");
  const code_t sign = text[0] == '-' ? code_t{1} << (f.width - 1) : 0;
  const std::string_view body = text.substr(1);
  if (same_letters(body, "Zero")) return sign;
  if (same_letters(body, "Inf")) return sign | infinity;
  const std::size_t exponent_at = body.find('P');
  const auto digits = static_cast<std::size_t>((trailing + 3) / 4);
  if (exponent_at != digits + 2 || (body[0] != '0' && body[0] != '1') || body[1] != '.') {
    bad(fmt::format("is no operand of {}: hidden bit, point, {} digits, P, exponent",
                    format_name(f), digits));
  }
  code_t fraction = 0;
  const char* const end = body.data() + body.size();
  const auto [rest, error] =
      std::from_chars(body.data() + 2, body.data() + exponent_at, fraction, 16);
  if (error != std::errc{} || rest != body.data() + exponent_at || fraction >> trailing != 0) {
    bad(fmt::format("has a fraction that is no number of {} bits in hexadecimal", trailing));
  }
  int exponent = 0;
  const char* number = body.data() + exponent_at + 1;
  if (number != end && *number == '+') ++number;
  const auto [last, error_of_exponent] = std::from_chars(number, end, exponent);
  const int least = 1 - f.bias;
  const int greatest =
      static_cast<int>(lowp::detail::low_mask(f.width - 1 - trailing)) - 1 - f.bias;
  if (error_of_exponent != std::errc{} || last != end || exponent < least || exponent > greatest) {
    bad(fmt::format("has an exponent that is no number from {} to {}", least, greatest));
  }
  if (body[0] == '1') return sign | static_cast<code_t>(exponent + f.bias) << trailing | fraction;
  if (exponent != least) bad(fmt::format("has the hidden bit 0 without the exponent {}", least));
  return sign | fraction;
}

void reader::fptest_line(std::string_view line) {
  const std::vector<std::string_view> words = words_of(line);
  const auto arrow = static_cast<std::size_t>(
      std::find(words.begin(), words.end(), std::string_view("->")) - words.begin());
  if (arrow < 2 || arrow + 1 >= words.size() || words.size() > arrow + 3) {
    fail("is no line of operation, rounding, traps, operands, ->, result, exceptions");
  }
  std::string_view symbol = words[0];
  const std::string from(take_format(symbol));
  std::string to(take_format(symbol));
  if (from.empty()) fail(fmt::format("'{}' begins with no format (b32, ...)", shown(words[0])));
  const char* const rounding = meaning(roundings, words[1]);
  if (rounding == nullptr) fail(fmt::format("'{}' is no rounding: > < 0 =0 =^", shown(words[1])));
  const std::string_view flags = words.size() == arrow + 3 ? words.back() : std::string_view();
  if (!flags.empty() && !only(flags, flag_letters)) {
    fail(fmt::format("'{}' is no list of exceptions: letters of {}", shown(flags), flag_letters));
  }
  const bool converts = symbol == "cff";
  const char* const operation = converts ? "convert" : meaning(operations, symbol);
  const auto covered = [](const std::string& f) { return f.rfind("binary", 0) == 0; };
  if (operation == nullptr || !covered(from) || (converts ? !covered(to) : !to.empty())) {
    return sink_.skip(fmt::format("of '{}', not covered", shown(words[0])));
  }
  const std::size_t first = 2 + (only(words[2], trap_letters) && words[2] != "->" ? 1u : 0u);
  const std::string_view traps = first == 3 ? words[2] : std::string_view();
  if (words[arrow + 1] == "#" || taken(traps, flags)) {
    return sink_.skip("with a trap that is taken");
  }

  const std::string claimed =
      fmt::format("{} {} {}{}{}", operation, from, to, converts ? " " : "", rounding);
  if (claimed != claimed_) announced_ = row_sink::section{claimed, true, {}, true};
  claimed_ = claimed;
  const vector_claim& v = claim();
  if (v.text != claimed) {
    fail(fmt::format("it computes '{}', --claim says '{}'", claimed, v.text));
  }
  if (arrow - first != v.operands()) {
    fail(fmt::format("{} operand{}, '{}' has {}", arrow - first, arrow - first == 1 ? "" : "s",
                     shown(words[0]), v.operands()));
  }
  for (std::size_t k = first; k < arrow; ++k) {
    operands_[k - first] = fptest_code(v.functions.in[0].of, words[k]);
  }
  results_[0] = fptest_code(v.functions.out[0].of, words[arrow + 1]);
  results_[1] = flag_bits(flags);
  sink_.row(place_, operands_.data(), results_.data());
}

void reader::fptest() {
  // Remarks stand before the first line.
  bool begun = false;
  for (std::string_view line; in_.line(line);) {
    ++place_;
    if (line.find_first_not_of(" \t") == std::string_view::npos) continue;
    if (!begun && line.find("->") == std::string_view::npos) continue;
    begun = true;
    fptest_line(line);
  }
}

}  // namespace lowp::tool
