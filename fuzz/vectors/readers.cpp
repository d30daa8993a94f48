// SPDX-License-Identifier: Apache-2.0
#include <charconv>

#include "reader.hpp"
#include "writers.hpp"

namespace lowp::tool {

namespace {

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
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
  if (line.find(" -> ") != std::string_view::npos) return "fptest";
  return line.substr(0, line.find('\n')).find(',') == std::string_view::npos ? "testfloat" : "csv";
}

}  // namespace

std::string shown(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, 40)) out += c >= ' ' && c <= '~' ? c : '?';
  return out + (text.size() > 40 ? "..." : "");
}

std::string column_names(const vector_claim& v) {
  std::string out;
  for (const vector_column& c : v.columns) {
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

code_t reader::code(const vector_column& c, std::size_t index, std::string_view text,
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
    bad(fmt::format("has {} digit{}, {} has {}", text.size(), text.size() == 1 ? "" : "s",
                    format_name(c.data.of), digits));
  }
  if ((value & ~lowp::detail::low_mask(c.data.of.width)) != 0) {
    bad(fmt::format("has more than the {} bits of {}", c.data.of.width, format_name(c.data.of)));
  }
  return value;
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

std::vector<std::string> readable_formats() {
  std::vector<std::string> names;
  for (const vector_format& f : all_vector_formats) names.emplace_back(f.name);
  names.emplace_back("fptest");
  return names;
}

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
  if (of == "fptest") return r.fptest();
  return r.lines();
}

}  // namespace lowp::tool
