// SPDX-License-Identifier: Apache-2.0
// Formats of bytes, and headers in JSON.
#include <algorithm>
#include <charconv>

#include "reader.hpp"
#include "writers.hpp"

namespace lowp::tool {

using nlohmann::json;

namespace {

std::size_t length_of(std::string_view bytes) {
  std::size_t n = 0;
  for (std::size_t i = bytes.size(); i-- != 0;) n = n << 8 | static_cast<unsigned char>(bytes[i]);
  return n;
}

}  // namespace

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
    const vector_column& c = v.columns[i];
    const json& f = (*fields)[i];
    same = f.is_object() && f.value("name", json()) == c.data.name &&
           f.value("bytes", json()) == c.data.bytes() && f.value("count", json()) == c.data.count &&
           f.value("bits", json()) == c.data.of.width;
  }
  if (!same) fail(fmt::format("its fields are not those of '{}': {}", v.text, column_names(v)));
}

void reader::records(const vector_claim& v, std::uint64_t cases) {
  std::size_t size = 0;
  for (const vector_column& c : v.columns) size += c.data.bytes() * c.data.count;
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
    for (const vector_column& c : v.columns) {
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

}  // namespace lowp::tool
