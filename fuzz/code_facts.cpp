// SPDX-License-Identifier: Apache-2.0
#include "code_facts.hpp"

#include <algorithm>
#include <bit>

#include <fmt/format.h>

#include "code_text.hpp"

namespace lowp::tool {

namespace {

// Cuts a code into fields from its highest bit on.
class field_cutter {
 public:
  field_cutter(int width, code_t code) : left_{width}, code_{code} {}

  int left() const { return left_; }
  bool next() const { return left_ > 0 && (code_ >> (left_ - 1) & 1) != 0; }
  int run() const {  // of bits equal to the next one
    int n = 0;
    while (n < left_ && ((code_ >> (left_ - 1 - n) & 1) != 0) == next()) ++n;
    return n;
  }
  code_t take(const char* name, int bits) {
    bits = std::min(bits, left_);
    if (bits <= 0) return 0;
    left_ -= bits;
    const code_t value = code_ >> left_ & lowp::detail::low_mask(bits);
    fields.push_back({name, bits, value});
    return value;
  }

  std::vector<code_field> fields;

 private:
  int left_;
  code_t code_;
};

void cut_takum(field_cutter& cut) {
  const bool up = cut.take("direction", 1) != 0;
  const auto regime = static_cast<int>(cut.take("regime", 3));
  cut.take("characteristic", up ? regime : 7 - regime);
}

// The prefix code of VAL-5 says how many bits of exponent follow.
void cut_hifloat8(field_cutter& cut, code_t magnitude) {
  if (magnitude < 0x08) {
    cut.take("dot", 4);
    cut.take("exponent", 3);
  } else if (magnitude < 0x10) {
    cut.take("dot", 4);
  } else if (magnitude < 0x20) {
    cut.take("dot", 3);
    cut.take("exponent", 1);
  } else {
    const code_t dot = cut.take("dot", 2);
    cut.take("exponent", static_cast<int>(dot) + 1);
  }
}

}  // namespace

std::vector<code_field> fields_of(const format& f, code_t code) {
  code &= lowp::detail::low_mask(f.width);
  const bool negated = f.kind == number_kind::posit || f.kind == number_kind::takum;
  const bool negative = f.is_signed && (code >> (f.width - 1)) != 0;
  const code_t magnitude =
      (negated && negative ? 0 - code : code) & lowp::detail::low_mask(magnitude_bits(f));
  if (f.kind == number_kind::codebook) return {{"index", f.width, code}};
  if (f.kind == number_kind::fixed_point) return {{"integer", f.width, code}};
  field_cutter cut{magnitude_bits(f), magnitude};
  if (f.is_signed) cut.fields.push_back({"sign", 1, negative ? code_t{1} : code_t{0}});
  switch (f.kind) {
    case number_kind::minifloat:
      cut.take("exponent", exponent_field_bits(f));
      cut.take("significand", cut.left());
      break;
    case number_kind::hifloat8: cut_hifloat8(cut, magnitude); break;
    case number_kind::posit:
      cut.take("regime", cut.run() + 1);
      cut.take("exponent", f.exponent_bits);
      break;
    case number_kind::takum: cut_takum(cut); break;
    default: cut.take("logarithm", cut.left()); break;
  }
  cut.take("fraction", cut.left());
  return cut.fields;
}

std::string fields_text(const format& f, code_t code) {
  const std::vector<code_field> fields = fields_of(f, code);
  std::string text;
  for (const code_field& field : fields) {
    text +=
        fmt::format("{}{} {:0{}b}", text.empty() ? "" : ", ", field.name, field.value, field.bits);
    if (field.bits > 1) text += fmt::format(" ({})", field.value);
    if (f.kind == number_kind::minifloat && &field == &fields[f.is_signed ? 1 : 0]) {
      text.insert(text.size() - 1, fmt::format(", bias {}", f.bias));
    }
  }
  const bool negated = f.kind == number_kind::posit || f.kind == number_kind::takum;
  return text + (negated && fields[0].value != 0 ? ", of the positive code but for the sign" : "");
}

std::string reading_text(const format& f, code_t code) {
  const exact x = decode(f, code);
  if (f.kind != number_kind::minifloat || x.cls != number_class::finite) return "";
  const int t = trailing_bits(f);
  const code_t fraction = code & lowp::detail::low_mask(t);
  const value_class c = classify(f, code);
  const bool subnormal =
      c == value_class::positive_subnormal || c == value_class::negative_subnormal;
  // That of the fields: a subnormal begins with zeros.
  const int exponent =
      binade(normalized(x)) + (subnormal ? t + 1 - static_cast<int>(std::bit_width(fraction)) : 0);
  return fmt::format("{}{}{} x 2^{}", x.negative ? "-" : "", subnormal ? 0 : 1,
                     t == 0 ? "" : fmt::format(".{:0{}b}", fraction, t), exponent);
}

std::vector<column> code_columns() {
  using namespace shown;
  return {{.key = "code"},
          {.key = "bits"},
          {.key = "sign", .where = in_data},
          {.key = "exponent", .where = in_data},
          {.key = "significand", .where = in_data},
          {.key = "fields", .where = in_records},
          {.key = "reads_as", .where = in_records},
          {.key = "class"},
          {.key = "value", .where = in_tables, .right = true},
          {.key = "value", .where = in_records},
          {.key = "value", .where = in_data},
          {.key = "ratio"},
          {.key = "hex"},
          {.key = "shortest", .where = in_full}};
}

std::vector<cell> code_cells(const format& f, code_t code) {
  cell parts[3];
  if (f.kind == number_kind::minifloat) {
    for (const code_field& field : fields_of(f, code)) {
      const std::string name = field.name;
      const int k = name == "sign" ? 0 : name == "exponent" ? 1 : 2;
      parts[k] = static_cast<std::int64_t>(field.value);
    }
  }
  const exact x = decode(f, code);
  const bool finite = x.cls == number_class::finite || x.cls == number_class::zero;
  const std::string value = value_text(f, code);
  const std::string all = finite ? exact_text(f, code) : shortest_text(f, code);
  constexpr std::size_t readable = 60;
  const bool zero = x.cls == number_class::zero && f.kind != number_kind::fixed_point;
  const std::string hex = zero ? (x.negative ? "-0x0p+0" : "0x0p+0") : hex_value_text(f, code);
  std::string reading = reading_text(f, code);
  if (!reading.empty()) reading += " in binary";
  return {bits_text(f, code),
          field_text(f, code),
          parts[0],
          parts[1],
          parts[2],
          fields_text(f, code),
          reading,
          class_text(f, code),
          value,
          finite && all.size() <= readable ? all : value,
          all,
          ratio_text(f, code),
          hex.empty() ? cell{} : cell{hex},
          shortest_text(f, code)};
}

}  // namespace lowp::tool
