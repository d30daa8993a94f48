// SPDX-License-Identifier: Apache-2.0
#include "readers.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "../usage_error.hpp"
#include "writers.hpp"

namespace lowp::tool {

namespace {

using nlohmann::json;

// A piece of outside text, fit to be shown.
std::string shown(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, 40)) out += c >= ' ' && c <= '~' ? c : '?';
  return out + (text.size() > 40 ? "..." : "");
}

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Reads rows of one file; its place is part of every message.
class reader {
 public:
  reader(input_stream& in, const row_sink& sink) : in_(in), sink_(sink) {}
  void lines();
  void csv();
  void json_lines();
  void binary();
  void npy();

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw usage_error(place_ == 0 ? fmt::format("{}: {}", in_.name(), what)
                                  : fmt::format("{}, line {}: {}", in_.name(), place_, what));
  }
  // The next line that is neither empty nor a remark.
  bool data_line(std::string_view& out);
  void remark(std::string_view text);
  // The claim of the next row, after what remarks said of it.
  const vector_claim& claim();
  code_t code(const column& c, std::size_t index, std::string_view text, bool all_digits) const;
  template <class Text>
  void row(const vector_claim& v, std::size_t count, bool all_digits, Text text);
  void records(const vector_claim& v, std::uint64_t cases);
  json object(std::string_view text) const;
  row_sink::section section_of(const json& header) const;
  void check_fields(const json& header, const vector_claim& v) const;

  input_stream& in_;
  const row_sink& sink_;
  std::uint64_t place_ = 0;
  std::optional<row_sink::section> announced_;
  std::vector<code_t> operands_;
  std::vector<code_t> results_;
};

std::size_t codes_of(const vector_claim& v) { return v.operands() + v.results(); }

std::string names_of(const vector_claim& v) {
  std::string out;
  for (const column& c : v.columns) {
    out += out.empty() ? "" : " ";
    out += c.data.count == 1 ? c.data.name : fmt::format("{}[{}]", c.data.name, c.data.count);
  }
  return out;
}

const vector_claim& reader::claim() {
  if (announced_) sink_.begin(*announced_);
  announced_.reset();
  const vector_claim& v = sink_.claim();
  operands_.resize(v.operands());
  results_.resize(v.results());
  return v;
}

code_t reader::code(const column& c, std::size_t index, std::string_view text,
                    bool all_digits) const {
  const auto bad = [&](const std::string& what) {
    fail(fmt::format("{}: '{}' {}", code_name({c.data}, index), shown(text), what));
  };
  const auto digits = static_cast<std::size_t>(c.digits());
  if (all_digits && text.size() > 1 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
    bad("has a prefix, which these lines do not have");
  }
  code_t value = 0;
  for (const char d : text) {
    if (d == 'x' || d == 'X' || d == 'z' || d == 'Z') bad("has a digit that is unknown (x or z)");
    if (digit_value(d) < 0) bad("is no hexadecimal number");
    value = value << 4 | static_cast<code_t>(digit_value(d));
  }
  if (text.size() > digits || text.empty() || (all_digits && text.size() != digits)) {
    bad(fmt::format("has {} digits, {} has {}", text.size(), format_name(c.data.of), digits));
  }
  if ((value & ~lowp::detail::low_mask(c.data.of.width)) != 0) {
    bad(fmt::format("has more than the {} bits of {}", c.data.of.width, format_name(c.data.of)));
  }
  return value;
}

// `text(i)` is code i of the row in the order of the columns.
template <class Text>
void reader::row(const vector_claim& v, std::size_t count, bool all_digits, Text text) {
  if (count != codes_of(v)) {
    fail(fmt::format("{} field{}, '{}' has {}: {}", count, count == 1 ? "" : "s", v.text,
                     codes_of(v), names_of(v)));
  }
  std::size_t i = 0;
  for (const column& c : v.columns) {
    code_t* const to = (c.is_result ? results_ : operands_).data() + c.place;
    for (std::size_t k = 0; k < c.data.count; ++k) to[k] = code(c, k, text(i++), all_digits);
  }
  sink_.row(place_, operands_.data(), results_.data());
}

void reader::remark(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  const auto value = [&](std::string_view key) -> std::optional<std::string> {
    if (text.substr(0, key.size()) != key) return {};
    return std::string(text.substr(key.size()));
  };
  if (const auto claim = value("claim: ")) announced_ = row_sink::section{*claim, false, {}};
  if (!announced_) return;
  if (const auto flags = value("flags: ")) announced_->flags = *flags == "yes";
  if (const auto cases = value("cases: ")) {
    std::uint64_t n = 0;
    const auto [end, error] = std::from_chars(cases->data(), cases->data() + cases->size(), n);
    if (error != std::errc{} || end != cases->data() + cases->size()) {
      fail(fmt::format("cases: '{}' is no number", shown(*cases)));
    }
    announced_->cases = n;
  }
}

bool reader::data_line(std::string_view& out) {
  while (in_.line(out)) {
    ++place_;
    for (const std::string_view mark : {"//", "#"}) {
      const std::size_t at = out.find(mark);
      if (at == std::string_view::npos) continue;
      if (at == 0) remark(out.substr(mark.size()));
      out = out.substr(0, at);
      // The blank before a remark.
      while (at != 0 && !out.empty() && out.back() == ' ') out.remove_suffix(1);
    }
    if (!out.empty()) return true;
  }
  return false;
}

void reader::lines() {
  std::vector<std::string_view> fields;
  for (std::string_view line; data_line(line);) {
    if (line[0] == '@') continue;  // an address of a memory dump
    const vector_claim& v = claim();
    fields.clear();
    for (std::size_t begin = 0; begin <= line.size();) {
      const std::size_t end = std::min(line.find_first_of(" _", begin), line.size());
      if (end == begin) fail("two blanks in a row, or one at an end; one stands between fields");
      fields.push_back(line.substr(begin, end - begin));
      begin = end + 1;
    }
    // A memory that was dumped has the fields of a word without anything between.
    std::size_t digits = 0;
    for (const column& c : v.columns) digits += static_cast<std::size_t>(c.digits()) * c.data.count;
    if (fields.size() == 1 && codes_of(v) > 1 && line.size() == digits) {
      fields.clear();
      std::size_t begin = 0;
      for (const column& c : v.columns) {
        for (std::size_t k = 0; k < c.data.count; ++k) {
          fields.push_back(line.substr(begin, static_cast<std::size_t>(c.digits())));
          begin += fields.back().size();
        }
      }
    }
    row(v, fields.size(), true, [&](std::size_t i) { return fields[i]; });
  }
}

void reader::csv() {
  std::vector<std::string_view> fields;
  const vector_claim* v = nullptr;
  for (std::string_view line; data_line(line);) {
    const bool names = announced_.has_value() || v == nullptr;
    v = &claim();
    fields.clear();
    for (std::size_t begin = 0; begin <= line.size();) {
      const std::size_t end = std::min(line.find(',', begin), line.size());
      fields.push_back(line.substr(begin, end - begin));
      begin = end + 1;
    }
    if (names) {
      std::size_t i = 0;
      for (const column& c : v->columns) {
        for (std::size_t k = 0; k < c.data.count; ++k, ++i) {
          const std::string name = code_name({c.data}, k);
          if (i < fields.size() && fields[i] == name) continue;
          fail(fmt::format("column {} is '{}', '{}' has {} there", i + 1,
                           i < fields.size() ? shown(fields[i]) : "", v->text, name));
        }
      }
      if (i != fields.size()) fail(fmt::format("column {} is one too many", i + 1));
      continue;
    }
    row(*v, fields.size(), false, [&](std::size_t i) {
      const bool prefix = fields[i].substr(0, 2) == "0x" || fields[i].substr(0, 2) == "0X";
      return fields[i].substr(prefix ? 2 : 0);
    });
  }
}

json reader::object(std::string_view text) const {
  json value = json::parse(text.begin(), text.end(), nullptr, false);
  if (!value.is_object()) fail(fmt::format("'{}' is no JSON object", shown(text)));
  return value;
}

row_sink::section reader::section_of(const json& header) const {
  row_sink::section s;
  const auto claim = header.find("claim");
  if (claim == header.end() || !claim->is_string()) fail("the header has no text \"claim\"");
  s.claim = claim->get<std::string>();
  const auto flags = header.find("flags");
  s.flags = flags != header.end() && flags->is_boolean() && flags->get<bool>();
  const auto cases = header.find("cases");
  if (cases != header.end() && cases->is_number_unsigned()) s.cases = cases->get<std::uint64_t>();
  return s;
}

// A file whose rows have other fields than the claim is not read.
void reader::check_fields(const json& header, const vector_claim& v) const {
  const auto fields = header.find("fields");
  if (fields == header.end() || !fields->is_array()) fail("the header has no array \"fields\"");
  bool same = fields->size() == v.columns.size();
  for (std::size_t i = 0; same && i < v.columns.size(); ++i) {
    const column& c = v.columns[i];
    const json& f = (*fields)[i];
    same = f.is_object() && f.value("name", json()) == c.data.name &&
           f.value("bytes", json()) == c.data.bytes() && f.value("count", json()) == c.data.count &&
           f.value("bits", json()) == c.data.of.width;
  }
  if (!same) fail(fmt::format("its fields are not those of '{}': {}", v.text, names_of(v)));
}

void reader::json_lines() {
  for (std::string_view line; in_.line(line);) {
    ++place_;
    if (line.empty()) continue;
    const json value = object(line);
    if (value.contains("lowp")) {
      announced_ = section_of(value);
      continue;
    }
    if (value.contains("coverage")) continue;
    const vector_claim& v = claim();
    std::vector<std::string> texts;
    for (const column& c : v.columns) {
      const auto found = value.find(c.data.name);
      if (found == value.end()) fail(fmt::format("\"{}\" is missing", c.data.name));
      const bool many = c.data.count != 1;
      if (many != found->is_array() || (many && found->size() != c.data.count)) {
        fail(fmt::format("\"{}\" is not {}", c.data.name,
                         many ? fmt::format("an array of {}", c.data.count) : "one code"));
      }
      for (std::size_t k = 0; k < c.data.count; ++k) {
        const json& text = many ? (*found)[k] : *found;
        if (!text.is_string()) fail(fmt::format("\"{}\" is no text", code_name({c.data}, k)));
        texts.push_back(text.get<std::string>());
      }
    }
    if (value.size() != v.columns.size()) {
      fail(fmt::format("{} members, '{}' has {}: {}", value.size(), v.text, v.columns.size(),
                       names_of(v)));
    }
    row(v, texts.size(), false, [&](std::size_t i) { return std::string_view(texts[i]); });
  }
}

void reader::records(const vector_claim& v, std::uint64_t cases) {
  std::size_t size = 0;
  for (const column& c : v.columns) size += c.data.bytes() * c.data.count;
  for (std::uint64_t number = 1;; ++number) {
    const std::string_view bytes = in_.take(size);
    if (bytes.empty()) {
      if (number - 1 == cases) return;
      fail(fmt::format("{} records, its header says {}", number - 1, cases));
    }
    if (bytes.size() != size || number > cases) {
      fail(fmt::format("record {}: {} byte{}, its header says {} records of {}", number,
                       bytes.size(), bytes.size() == 1 ? "" : "s", cases, size));
    }
    std::size_t at = 0;
    for (const column& c : v.columns) {
      code_t* const to = (c.is_result ? results_ : operands_).data() + c.place;
      for (std::size_t k = 0; k < c.data.count; ++k) {
        code_t code = 0;
        for (std::size_t i = 0; i < c.data.bytes(); ++i) {
          code |= static_cast<code_t>(static_cast<unsigned char>(bytes[at++])) << 8 * i;
        }
        if ((code & ~lowp::detail::low_mask(c.data.of.width)) != 0) {
          fail(fmt::format("record {}: {}: 0x{:x} has more than the {} bits of {}", number,
                           code_name({c.data}, k), code, c.data.of.width, format_name(c.data.of)));
        }
        to[k] = code;
      }
    }
    sink_.row(number, operands_.data(), results_.data());
  }
}

std::size_t length_of(std::string_view bytes) {
  std::size_t n = 0;
  for (std::size_t i = bytes.size(); i-- != 0;) n = n << 8 | static_cast<unsigned char>(bytes[i]);
  return n;
}

void reader::binary() {
  in_.take(sizeof(golden::vector_magic) - 1);
  const std::string_view length = in_.take(4);
  const std::size_t size = length_of(length);
  if (length.size() != 4 || size > input_stream::most_line) {
    fail(fmt::format("its header has {} bytes, at most {} are allowed", size,
                     input_stream::most_line));
  }
  const std::string text(in_.take(size));
  if (text.size() != size) fail("it ends in its header");
  const json header = object(text);
  announced_ = section_of(header);
  const std::optional<std::uint64_t> cases = announced_->cases;
  if (!cases) fail("the header has no number \"cases\"");
  const vector_claim& v = claim();
  check_fields(header, v);
  records(v, *cases);
}

void reader::npy() {
  in_.take(sizeof(npy_magic) - 1);
  const std::string version(in_.take(2));
  if (version.size() != 2 || version[0] < 1 || version[0] > 3) fail("an unknown version of .npy");
  const std::size_t bytes = version[0] == 1 ? 2 : 4;
  const std::size_t size = length_of(in_.take(bytes));
  if (size > input_stream::most_line) fail("its header is longer than the limit of 1 MiB");
  const std::string header(in_.take(size));
  if (header.size() != size) fail("it ends in its header");
  std::string dense;
  for (const char c : header) {
    if (c != ' ' && c != '\n') dense += c;
  }
  const vector_claim& v = claim();
  std::string wanted = npy_type(v.columns);
  std::erase(wanted, ' ');
  if (dense.find("'descr':" + wanted) == std::string::npos) {
    fail(fmt::format("its type is not that of '{}': {}", v.text, npy_type(v.columns)));
  }
  const std::string shape = "'shape':(";
  const std::size_t at = dense.find(shape);
  std::uint64_t cases = 0;
  const char* const end = dense.data() + dense.size();
  const auto [last, error] =
      std::from_chars(at == std::string::npos ? end : dense.data() + at + shape.size(), end, cases);
  if (error != std::errc{} || end - last < 2 || last[0] != ',' || last[1] != ')') {
    fail("its shape is not (N,)");
  }
  records(v, cases);
}

std::string seen_format(input_stream& in) {
  const std::string_view npy(npy_magic);
  const std::string_view binary(golden::vector_magic);
  if (in.peek(npy.size()) == npy) return "npy";
  if (in.peek(binary.size()) == binary) return "binary";
  const std::string_view start = in.peek(1);
  if (start == "{") return "jsonl";
  if (start == "#") return "csv";
  if (start == "/") return "readmemh";
  const std::string_view line = in.peek(4096);
  return line.substr(0, line.find('\n')).find(',') == std::string_view::npos ? "testfloat" : "csv";
}

}  // namespace

void read_vectors(input_stream& in, const std::string& format, const row_sink& sink) {
  const std::string of = format.empty() ? seen_format(in) : format;
  reader r(in, sink);
  if (of == "npy" || of == "binary") {
    const std::string_view magic = of == "npy" ? npy_magic : golden::vector_magic;
    if (in.peek(magic.size()) != magic) {
      throw usage_error(fmt::format("{}: not in the format '{}'", in.name(), of));
    }
    return of == "npy" ? r.npy() : r.binary();
  }
  if (of == "csv") return r.csv();
  if (of == "jsonl") return r.json_lines();
  return r.lines();
}

}  // namespace lowp::tool
