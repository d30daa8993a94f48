// SPDX-License-Identifier: Apache-2.0
#include "writers.hpp"

#include <fmt/format.h>

#include <lowp/config.hpp>

#include "../suggest.hpp"
#include "../usage_error.hpp"

namespace lowp::tool {

namespace {

std::vector<vector_column> written_columns(const vector_file& file) {
  std::vector<vector_column> out;
  for (const vector_column& c : file.claim.columns) {
    if (!file.only_operands || !c.is_result) out.push_back(c);
  }
  return out;
}

// Calls visit(column, code) for all codes of a row in order.
template <class Visit>
void for_codes(const std::vector<vector_column>& columns, const code_t* operands,
               const code_t* results, Visit visit) {
  for (const vector_column& c : columns) {
    const code_t* const codes = (c.is_result ? results : operands) + c.place;
    for (std::size_t i = 0; i < c.data.count; ++i) visit(c, codes[i]);
  }
}

std::vector<std::string> remarks(const vector_file& file) {
  std::vector<std::string> lines{fmt::format("lowp vectors {}", version_text()),
                                 fmt::format("claim: {}", file.claim.text)};
  lines.push_back(fmt::format("flags: {}", file.claim.flags ? "yes" : "no"));
  lines.push_back(fmt::format("cases: {}", file.count));
  lines.push_back(fmt::format("kind: {}, seed {}", file.kind, file.seed));
  return lines;
}

// "word: a 55:40, b 39:24, result 23:8, flags 7:0" for testbenches.
std::string word_text(const std::vector<vector_column>& columns) {
  int bits = 0;
  for (const vector_column& c : columns) bits += 4 * c.digits() * static_cast<int>(c.data.count);
  std::string out = fmt::format("word: {} bits", bits);
  for (const vector_column& c : columns) {
    for (std::size_t i = 0; i < c.data.count; ++i) {
      out += fmt::format(", {} {}:{}", code_name({c.data}, i), bits - 1, bits - 4 * c.digits());
      bits -= 4 * c.digits();
    }
  }
  return out;
}

// Fields in hexadecimal with something between; with remarks or without.
class line_writer : public vector_writer {
 public:
  line_writer(const vector_file& file, bool remarks) : vector_writer(file), remarks_(remarks) {}

  void begin(std::string& out) override {
    if (!remarks_) return;
    for (const std::string& line : remarks(file_)) out += "// " + line + "\n";
    out += "// " + word_text(columns_) + "\n";
  }
  void row(std::string& out, const code_t* operands, const code_t* results) override {
    bool first = true;
    for_codes(columns_, operands, results, [&](const vector_column& c, code_t code) {
      if (!first) out += file_.join;
      first = false;
      append_hex(out, code, c.digits());
    });
    out += '\n';
  }
  void end(std::string& out, const coverage_counts* coverage) override {
    if (!remarks_ || coverage == nullptr) return;
    for (const std::string& line : coverage->text()) out += "// coverage of " + line + "\n";
  }

 private:
  bool remarks_;
};

class csv_writer : public vector_writer {
 public:
  using vector_writer::vector_writer;

  void begin(std::string& out) override {
    for (const std::string& line : remarks(file_)) out += "# " + line + "\n";
    for (const vector_column& c : columns_) {
      for (std::size_t i = 0; i < c.data.count; ++i) {
        if (&c != columns_.data() || i != 0) out += ',';
        out += code_name({c.data}, i);
      }
    }
    out += '\n';
  }
  void row(std::string& out, const code_t* operands, const code_t* results) override {
    bool first = true;
    for_codes(columns_, operands, results, [&](const vector_column& c, code_t code) {
      // With 0x: spreadsheets read 1E05 as a number.
      out += first ? "0x" : ",0x";
      first = false;
      append_hex(out, code, c.digits());
    });
    out += '\n';
  }
  void end(std::string& out, const coverage_counts* coverage) override {
    if (coverage == nullptr) return;
    for (const std::string& line : coverage->text()) out += "# coverage of " + line + "\n";
  }
};

class json_writer : public vector_writer {
 public:
  using vector_writer::vector_writer;

  void begin(std::string& out) override { out += header_json(file_, columns_) + "\n"; }
  void row(std::string& out, const code_t* operands, const code_t* results) override {
    out += '{';
    for (const vector_column& c : columns_) {
      const code_t* const codes = (c.is_result ? results : operands) + c.place;
      out += &c == columns_.data() ? "\"" : ",\"";
      out += c.data.name;
      out += c.data.count == 1 ? "\":\"" : "\":[\"";
      for (std::size_t i = 0; i < c.data.count; ++i) {
        if (i != 0) out += "\",\"";
        append_hex(out, codes[i], c.digits());
      }
      out += c.data.count == 1 ? "\"" : "\"]";
    }
    out += "}\n";
  }
  void end(std::string& out, const coverage_counts* coverage) override {
    if (coverage != nullptr) out += "{\"coverage\": " + coverage->json() + "}\n";
  }
};

// Codes in little-endian bytes, without gaps.
class bytes_writer : public vector_writer {
 public:
  using vector_writer::vector_writer;

  void row(std::string& out, const code_t* operands, const code_t* results) override {
    for_codes(columns_, operands, results, [&](const vector_column& c, code_t code) {
      for (std::size_t i = 0; i < c.data.bytes(); ++i) {
        out += static_cast<char>(code >> 8 * i & 0xff);
      }
    });
  }

 protected:
  // `text` with blanks up to a length that makes `before` and itself a multiple of
  // golden::vector_header_unit.
  static std::string padded(std::string text, std::size_t before) {
    const std::size_t length = before + text.size() + 1;
    return text +
           std::string((golden::vector_header_unit - length % golden::vector_header_unit) %
                           golden::vector_header_unit,
                       ' ') +
           "\n";
  }
  static void append_length(std::string& out, std::size_t length, int bytes) {
    for (int i = 0; i < bytes; ++i) out += static_cast<char>(length >> 8 * i & 0xff);
  }
};

class binary_writer : public bytes_writer {
 public:
  using bytes_writer::bytes_writer;

  void begin(std::string& out) override {
    constexpr std::size_t before = sizeof(golden::vector_magic) - 1 + 4;
    const std::string header = padded(header_json(file_, columns_), before);
    out += golden::vector_magic;
    append_length(out, header.size(), 4);
    out += header;
  }
};

class npy_writer : public bytes_writer {
 public:
  using bytes_writer::bytes_writer;

  void begin(std::string& out) override {
    const std::string text =
        fmt::format("{{'descr': {}, 'fortran_order': False, 'shape': ({},), }}", npy_type(columns_),
                    file_.count);
    constexpr std::size_t magic = sizeof(npy_magic) - 1;
    // Version 1.0 where its 16-bit length suffices.
    const bool is_short = text.size() < 65000;
    const std::string header = padded(text, magic + 2 + (is_short ? 2 : 4));
    out += npy_magic;
    out += is_short ? '\1' : '\2';
    out += '\0';
    append_length(out, header.size(), is_short ? 2 : 4);
    out += header;
  }
};

template <class Writer>
std::unique_ptr<vector_writer> make(const vector_file& file) {
  return std::make_unique<Writer>(file);
}

}  // namespace

vector_writer::vector_writer(vector_file file)
    : file_(std::move(file)), columns_(written_columns(file_)) {}

void vector_writer::end(std::string&, const coverage_counts*) {}

const std::vector<vector_format> all_vector_formats = {
    {"testfloat", "the lines of TestFloat: fields in hexadecimal with a blank between", true, " ",
     [](const vector_file& f) -> std::unique_ptr<vector_writer> {
       return std::make_unique<line_writer>(f, false);
     }},
    {"csv", "a line of names, then codes as 0x..., remarks behind #", true, nullptr,
     make<csv_writer>},
    {"jsonl", "a JSON object per line, codes as hexadecimal text; the first describes the file",
     true, nullptr, make<json_writer>},
    {"binary", "little-endian codes behind a header in JSON", false, nullptr, make<binary_writer>},
    {"readmemh", "one word per line for $readmemh, remarks behind //", true, "_",
     [](const vector_file& f) -> std::unique_ptr<vector_writer> {
       return std::make_unique<line_writer>(f, true);
     }},
    {"npy", "one structured array of NumPy", false, nullptr, make<npy_writer>},
};

const vector_format& find_vector_format(const std::string& option, const std::string& name) {
  std::vector<std::string> known;
  for (const vector_format& f : all_vector_formats) {
    if (f.name == name) return f;
    known.emplace_back(f.name);
  }
  throw usage_error(fmt::format("{}: '{}' is none of {}{}", option, name, fmt::join(known, ", "),
                                nearest_text(name, known)));
}

void append_hex(std::string& out, code_t code, int digits) {
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
    out += "0123456789ABCDEF"[code >> shift & 15];
  }
}

std::string version_text() {
  return fmt::format("{}.{}.{}", LOWP_VERSION_MAJOR, LOWP_VERSION_MINOR, LOWP_VERSION_PATCH);
}

std::string header_json(const vector_file& file, const std::vector<vector_column>& columns) {
  std::string fields;
  for (const vector_column& c : columns) {
    fields += fmt::format(
        "{}{{\"name\": \"{}\", \"format\": \"{}\", \"bits\": {}, \"bytes\": {}, \"count\": {}}}",
        fields.empty() ? "" : ", ", c.data.name, format_name(c.data.of), c.data.of.width,
        c.data.bytes(), c.data.count);
  }
  return fmt::format(
      "{{\"lowp\": \"{}\", \"claim\": \"{}\", \"flags\": {}, \"cases\": {}, \"kind\": \"{}\", "
      "\"seed\": {}, \"fields\": [{}]}}",
      version_text(), file.claim.text, file.claim.flags ? "true" : "false", file.count, file.kind,
      file.seed, fields);
}

std::string npy_type(const std::vector<vector_column>& columns) {
  std::string out;
  for (const vector_column& c : columns) {
    out += fmt::format("{}('{}', '{}u{}'{})", out.empty() ? "" : ", ", c.data.name,
                       c.data.bytes() == 1 ? '|' : '<', c.data.bytes(),
                       c.data.count == 1 ? "" : fmt::format(", ({},)", c.data.count));
  }
  return "[" + out + "]";
}

}  // namespace lowp::tool
