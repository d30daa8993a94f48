// SPDX-License-Identifier: Apache-2.0
/// \file
/// Writes the tables of spec/ and the format table of README.md from the oracle, and refuses to
/// when the registry does not agree with it.
///
/// usage: lowp_export SPEC-FOLDER [README]
#include <algorithm>
#include <cmath>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <lowp/lowp.hpp>

#include "instructions.hpp"
#include "landmarks.hpp"
#include "mma.hpp"
#include "rules.hpp"
#include "value_text.hpp"

namespace lowp_export {

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error(what); }

/// One registered format with the oracle's view of it.
struct entry {
  const lowp::named_format& row;
  const oracle::description& theirs;
  landmarks marks;

  const lowp::format& f() const { return row.value; }
  std::string code(std::uint64_t c) const { return code_text(f().width, c); }
  std::string value(std::uint64_t c) const {
    return text_of(oracle::value_of(theirs, c), lowp::has_signed_nan(f()));
  }
};

std::string show(const entry& e, const optional_code& c) { return c ? e.code(*c) : "none"; }

void expect(const entry& e, const char* what, const std::string& registry,
            const std::string& oracle) {
  if (registry == oracle) return;
  fail(fmt::format("{}: {} is {} in include/lowp, {} in tests/oracle", e.row.name, what, registry,
                   oracle));
}

/// The registry's derived properties against the oracle's.
void compare(const entry& e) {
  const lowp::format& f = e.f();
  const landmarks& m = e.marks;
  const auto same = [&](const char* what, bool exists, lowp::code_t ours,
                        const optional_code& theirs) {
    expect(e, what, exists ? e.code(ours) : "none", show(e, theirs));
  };
  expect(e, "width", std::to_string(f.width), std::to_string(e.theirs.width));
  expect(e, "signedness", std::to_string(f.is_signed), std::to_string(e.theirs.sign));
  same("zero", lowp::has_zero(f), lowp::zero(f), m.zero);
  same("infinity", lowp::has_infinity(f), lowp::infinity(f), m.infinity);
  same("max_finite", true, lowp::max_finite(f), m.max_finite);
  same("lowest", true, lowp::lowest(f), m.lowest);
  if (m.min_positive) same("min_positive", true, lowp::min_positive(f), m.min_positive);
  if (m.min_normal) same("min_normal", true, lowp::min_normal(f), m.min_normal);
  if (m.one) same("one", true, lowp::one(f), m.one);
  expect(e, "has_nan", std::to_string(lowp::has_nan(f)), std::to_string(!e.theirs.nans.empty()));
  if (lowp::has_nan(f) && !oracle::is_nan_code(e.theirs, lowp::canonical_nan(f))) {
    fail(fmt::format("{}: canonical NaN {} is a number in tests/oracle", e.row.name,
                     e.code(lowp::canonical_nan(f))));
  }
  if (f.width < 64) {
    expect(e, "finite_code_count", std::to_string(lowp::finite_code_count(f)),
           m.finite_codes.str());
    expect(e, "finite_value_count", std::to_string(lowp::finite_value_count(f)),
           m.finite_values.str());
  }
}

std::vector<entry> entries() {
  std::vector<entry> all;
  for (const lowp::named_format& row : lowp::all_formats) {
    const oracle::description* theirs = oracle::find(row.name);
    if (theirs == nullptr) {
      fail(fmt::format(
          "format {}: no row in tests/oracle/formats.hpp; see spec/README.md, 'Add a format'",
          row.name));
    }
    all.push_back({row, *theirs, find_landmarks(*theirs)});
    compare(all.back());
  }
  for (const oracle::description& d : oracle::registry()) {
    if (lowp::find_format(d.name.c_str()) == nullptr) {
      fail(fmt::format("format {}: in tests/oracle but not in all_formats", d.name));
    }
  }
  return all;
}

std::string kind_name(lowp::number_kind k) {
  static constexpr const char* names[] = {"minifloat", "fixed_point", "hifloat8", "posit",
                                          "takum",     "logarithmic", "codebook"};
  return names[static_cast<int>(k)];
}

std::string nans_name(lowp::nan_codes n) {
  static constexpr const char* names[] = {"none", "ieee", "top", "negative_zero"};
  return names[static_cast<int>(n)];
}

std::string bottom_name(lowp::bottom_binade b) {
  static constexpr const char* names[] = {"gradual", "halved", "zero_only", "no_zero"};
  return names[static_cast<int>(b)];
}

std::string table_name(lowp::codebook_id t) {
  static constexpr const char* names[] = {"none", "nf4", "bnb_fp4"};
  return names[static_cast<int>(t)];
}

json members(const lowp::format& f) {
  return {{"kind", kind_name(f.kind)},    {"width", f.width},
          {"precision", f.precision},     {"exponent_bits", f.exponent_bits},
          {"is_signed", f.is_signed},     {"has_infinity", f.has_infinity},
          {"nans", nans_name(f.nans)},    {"bottom", bottom_name(f.bottom)},
          {"table", table_name(f.table)}, {"bias", f.bias}};
}

json names_of(const lowp::format_names& n) {
  json j = json::object();
  const std::pair<const char*, const char*> all[] = {
      {"ocp", n.ocp},   {"ml_dtypes", n.ml_dtypes}, {"pytorch", n.pytorch}, {"cuda", n.cuda},
      {"ptx", n.ptx},   {"cutlass", n.cutlass},     {"hip", n.hip},         {"onnx", n.onnx},
      {"llvm", n.llvm}, {"mlir", n.mlir},           {"cpu", n.cpu},         {"p3109", n.p3109}};
  for (const auto& [who, name] : all) {
    if (name != nullptr) j[who] = name;
  }
  return j;
}

json landmark(const entry& e, const optional_code& c) {
  if (!c) return nullptr;
  return {{"code", e.code(*c)}, {"value", e.value(*c)}};
}

/// The distance from 1 to the next greater value.
json epsilon(const entry& e) {
  if (!e.marks.after_one) return nullptr;
  const oracle::real next = oracle::value_of(e.theirs, *e.marks.after_one).magnitude;
  if (!next.is_dyadic()) return e.value(*e.marks.after_one) + " - 1";
  const oracle::real step = next - oracle::real{1, 0};
  return hex_float(false, static_cast<std::uint64_t>(step.n()), step.e());
}

json exponent(const entry& e, const optional_code& c) {
  if (!c) return nullptr;
  const oracle::value v = oracle::value_of(e.theirs, *c);
  return v.cls == oracle::sort::finite ? json(v.magnitude.top()) : json(nullptr);
}

/// A count that JSON numbers hold exactly, else a string.
json count(const oracle::integer& n) {
  if (n < (oracle::integer(1) << 53)) return static_cast<std::uint64_t>(n);
  return n.str();
}

json derived(const entry& e) {
  const landmarks& m = e.marks;
  json nans = json::array();
  for (const oracle::code_range& r : e.theirs.nans) {
    nans.push_back(r.first == r.last ? e.code(r.first) : e.code(r.first) + "-" + e.code(r.last));
  }
  json j;
  if (e.f().kind == lowp::number_kind::minifloat) {
    j["trailing_bits"] = lowp::trailing_bits(e.f());
    j["exponent_field_bits"] = lowp::exponent_field_bits(e.f());
  }
  j["zero"] = landmark(e, m.zero);
  j["negative_zero"] = landmark(e, m.negative_zero);
  j["one"] = landmark(e, m.one);
  j["min_subnormal"] = m.max_subnormal ? landmark(e, m.min_positive) : json(nullptr);
  j["max_subnormal"] = landmark(e, m.max_subnormal);
  j["min_normal"] = landmark(e, m.min_normal);
  j["min_positive"] = landmark(e, m.min_positive);
  j["max_finite"] = landmark(e, m.max_finite);
  j["lowest"] = landmark(e, m.lowest);
  j["infinity"] = landmark(e, m.infinity);
  j["negative_infinity"] = landmark(e, m.negative_infinity);
  j["nan"] = lowp::has_nan(e.f()) ? json(e.code(lowp::canonical_nan(e.f()))) : json(nullptr);
  j["nan_codes"] = nans;
  j["epsilon"] = epsilon(e);
  j["min_exponent"] = exponent(e, m.min_normal);
  j["max_exponent"] = exponent(e, m.max_finite);
  j["finite_codes"] = count(m.finite_codes);
  j["finite_values"] = count(m.finite_values);
  return j;
}

void write(const std::filesystem::path& path, const std::string& text) {
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path());
  std::ofstream out(path, std::ios::binary);
  out << text;
  if (!out.flush()) fail("cannot write " + path.string());
}

/// An object with one line for each member, and objects inside `wide` ones likewise.
std::string lines(const json& j, const std::string& indent,
                  const std::vector<std::string>& wide = {}) {
  std::string text = "{";
  const char* comma = "";
  for (const auto& [key, value] : j.items()) {
    const bool open = std::find(wide.begin(), wide.end(), key) != wide.end();
    text += fmt::format("{}\n{}  {}: {}", comma, indent, json(key).dump(),
                        open ? lines(value, indent + "  ") : value.dump());
    comma = ",";
  }
  return text + "\n" + indent + "}";
}

/// A list as a member of the top object, one object after the other.
std::string list_of(const char* name, const std::vector<std::string>& objects) {
  std::string text = fmt::format("  \"{}\": [", name);
  const char* comma = "";
  for (const std::string& o : objects) {
    text += fmt::format("{}\n    {}", comma, o);
    comma = ",";
  }
  return text + "\n  ]";
}

std::string document(const char* about, const std::string& members) {
  return fmt::format("{{\n  \"about\": {},\n{}\n}}\n", json(about).dump(), members);
}

std::string formats_json(const std::vector<entry>& all) {
  std::vector<std::string> objects;
  for (const entry& e : all) {
    const json j = {{"name", e.row.name},
                    {"type", e.row.type_name},
                    {"description", e.row.description},
                    {"source", e.row.source},
                    {"names", names_of(e.row.names)},
                    {"members", members(e.f())},
                    {"derived", derived(e)}};
    objects.push_back(lines(j, "    ", {"derived"}));
  }
  return document(
      "Registered formats of lowp. Codes are hexadecimal, values hexadecimal floating point, "
      "'members' "
      "those of lowp::format. Written by lowp_export; see spec/README.md.",
      list_of("formats", objects));
}

std::string rules_json() {
  std::vector<std::string> policies, rules;
  for (const lowp::named_projection& p : lowp::all_policies)
    policies.push_back(policy_json(p).dump());
  for (const lowp::conversion_rule& r : lowp::all_conversion_rules) {
    rules.push_back(lines(rule_json(r), "    "));
  }
  return document(
      "Projections by name that hold for all formats, and the conversions of implementations. "
      "Members "
      "of lowp::projection that are not listed have their default. Written by lowp_export; see "
      "spec/conversion.md, CVT-6.",
      list_of("policies", policies) + ",\n" + list_of("rules", rules));
}

std::string instructions_json() {
  std::vector<std::string> rows;
  for (const lowp::conversion_instruction& row : lowp::all_conversion_instructions) {
    if (lowp::check(row) != lowp::instruction_error::none) {
      fail(fmt::format("{}: {}", row.name, lowp::message(lowp::check(row))));
    }
    rows.push_back(instruction_json(row).dump());
  }
  return document(
      "Conversion instructions: registers, order of elements, scales, random bits, control "
      "registers. 'rules' are those of conversion_rules.json, in the order of 'chosen_by'. Written "
      "by lowp_export; see spec/instructions.md.",
      list_of("instructions", rows));
}

std::string mma_models_json() {
  std::vector<std::string> zero_rules, rows;
  for (const lowp::named_zero_rule& r : lowp::all_zero_rules) {
    zero_rules.push_back(zero_rule_json(r).dump());
  }
  for (const lowp::named_mma_model& row : lowp::all_mma_models) {
    if (lowp::check(row.value) != lowp::mma_error::none) {
      fail(fmt::format("{}: {}", row.name, lowp::message(lowp::check(row.value))));
    }
    rows.push_back(mma_json(row).dump());
  }
  return document(
      "Matrix units: one element of the result of every instruction, as the members of "
      "lowp::mma_model; what is not listed has its default. 'zero_rules' are the published rules "
      "between which with_zero_rule chooses. Written by lowp_export; see spec/mma.md.",
      list_of("zero_rules", zero_rules) + ",\n" + list_of("models", rows));
}

lowp::value_class class_of(const entry& e, const oracle::value& v) {
  using enum lowp::value_class;
  const bool n = v.negative;
  switch (v.cls) {
    case oracle::sort::nan: return v.payload >> 63 != 0 ? quiet_nan : signalling_nan;
    case oracle::sort::infinity: return n ? negative_infinity : positive_infinity;
    case oracle::sort::zero: return n ? negative_zero : positive_zero;
    case oracle::sort::finite: break;
  }
  const auto limit = normal_limit(e.theirs);
  if (limit && v.magnitude < *limit) return n ? negative_subnormal : positive_subnormal;
  return n ? negative_normal : positive_normal;
}

/// All codes of a format; the registry's decoder must give the same values and classes.
std::string value_table(const entry& e) {
  std::string text = "code,value,class\n";
  for (std::uint64_t c = 0; c < e.theirs.code_count(); ++c) {
    const oracle::value v = oracle::value_of(e.theirs, c);
    const std::string value = text_of(v, lowp::has_signed_nan(e.f()));
    const char* cls = name_of(class_of(e, v));
    const std::string decoded = text_of(lowp::decode(e.f(), c));
    if (!decoded.empty()) expect(e, "a value", decoded, value);
    expect(e, "a class", name_of(lowp::classify(e.f(), c)), cls);
    text += fmt::format("{},{},{}\n", e.code(c), value, cls);
  }
  return text;
}

/// FNV-1a with 64 bits.
std::uint64_t digest(const std::string& text) {
  std::uint64_t h = 0xcbf29ce484222325;
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return h;
}

void write_values(const std::filesystem::path& folder, const std::vector<entry>& all) {
  std::string digests = "format,codes,fnv1a64\n";
  for (const entry& e : all) {
    if (e.f().width > 16) continue;
    const std::string table = value_table(e);
    if (e.f().width <= 8) {
      write(folder / (std::string(e.row.name) + ".csv"), table);
    } else {
      digests += fmt::format("{},{},{:016x}\n", e.row.name, e.theirs.code_count(), digest(table));
    }
  }
  write(folder / "digests.csv", digests);
}

/// The value as people write it: decimal if that is short, else as a power of two.
std::string short_value(const entry& e, const optional_code& c) {
  if (!c) return "";
  const oracle::value v = oracle::value_of(e.theirs, *c);
  const oracle::real& x = v.magnitude;
  const std::string sign = v.negative ? "-" : "";
  if (v.cls != oracle::sort::finite || !x.is_dyadic()) return e.value(*c);
  const auto n = static_cast<std::uint64_t>(x.n());
  if (x.top() < 24 && x.e() > -8) {
    return sign + fmt::format("{}", static_cast<double>(n) *
                                        (x.e() < 0 ? 1.0 / static_cast<double>(1L << -x.e())
                                                   : static_cast<double>(1L << x.e())));
  }
  if (n == 1) return fmt::format("{}2^{}", sign, x.e());
  if (n < 4096) return fmt::format("{}{} x 2^{}", sign, n, x.e());
  if ((n & (n + 1)) == 0)
    return fmt::format("{}(2 - 2^-{}) x 2^{}", sign, x.top() - x.e(), x.top());
  return fmt::format("{}{:.6g}", sign, std::ldexp(static_cast<double>(n), static_cast<int>(x.e())));
}

std::string layout(const lowp::format& f) {
  if (f.kind != lowp::number_kind::minifloat) return kind_name(f.kind);
  return fmt::format("{}/{}/{}", f.is_signed ? 1 : 0, lowp::exponent_field_bits(f),
                     lowp::trailing_bits(f));
}

std::string nan_summary(const entry& e) {
  if (e.theirs.nans.empty()) return "-";
  if (e.f().nans == lowp::nan_codes::ieee) return "IEEE";
  std::string text;
  for (const oracle::code_range& r : e.theirs.nans)
    text += (text.empty() ? "" : " ") + e.code(r.first);
  return text;
}

std::string readme_table(const std::vector<entry>& all) {
  std::string text =
      "| format | C++ type | bits | layout | greatest | least > 0 | infinity | NaN |\n"
      "|---|---|---|---|---|---|---|---|\n";
  for (const entry& e : all) {
    const bool plain_integer = e.f().kind == lowp::number_kind::fixed_point && e.f().bias == 0;
    const bool p3109 = std::string(e.row.type_name).starts_with("p3109_");
    if (plain_integer || p3109) continue;
    text += fmt::format("| `{}` | `{}` | {} | {} | {} | {} | {} | {} |\n", e.row.name,
                        e.row.type_name, e.f().width, layout(e.f()),
                        short_value(e, e.marks.max_finite), short_value(e, e.marks.min_positive),
                        e.marks.infinity ? "yes" : "-", nan_summary(e));
  }
  return text;
}

/// Replaces what stands between the two marks in the README.
void write_readme(const std::filesystem::path& path, const std::string& table) {
  const std::string begin = "<!-- formats: written by lowp_export -->\n",
                    end = "<!-- formats: end -->";
  std::ostringstream in;
  in << std::ifstream(path, std::ios::binary).rdbuf();
  std::string text = in.str();
  const std::size_t from = text.find(begin), to = text.find(end);
  if (from == std::string::npos || to == std::string::npos || to < from) {
    fail(path.string() + ": the marks of the format table are missing");
  }
  text.replace(from + begin.size(), to - from - begin.size(), table);
  write(path, text);
}

void run(const std::filesystem::path& spec, const char* readme) {
  const std::vector<entry> all = entries();
  write(spec / "formats.json", formats_json(all));
  write(spec / "conversion_rules.json", rules_json());
  write(spec / "conversion_instructions.json", instructions_json());
  write(spec / "mma_models.json", mma_models_json());
  write_values(spec / "values", all);
  if (readme != nullptr) write_readme(readme, readme_table(all));
}

}  // namespace lowp_export

int main(int count, char** arguments) {
  if (count < 2 || count > 3) {
    std::cerr << "usage: lowp_export SPEC-FOLDER [README]\n";
    return 2;
  }
  try {
    lowp_export::run(arguments[1], count == 3 ? arguments[2] : nullptr);
  } catch (const std::exception& e) {
    std::cerr << "lowp_export: " << e.what() << '\n';
    return 1;
  }
  return 0;
}
