// SPDX-License-Identifier: Apache-2.0
// Claims of integer quantisation: "affine onnx int8", "requantise tflite.double", "integer_dot
// vpdpbusd", "unpack dense4_low int4", "zero_points uint4".
#include <algorithm>

#include <fmt/format.h>

#include <lowp/integer/dots.hpp>
#include <lowp/integer/quantise_rules.hpp>
#include <lowp/integer/requantisations.hpp>
#include <lowp/operations.hpp>
#include <lowp/pack/packings.hpp>

#include "../claim_words.hpp"
#include "../format_names.hpp"
#include "../inputs.hpp"
#include "kinds.hpp"

namespace lowp::tool {

namespace {

format integer_named(const std::string& name, int most_width) {
  const format f = parse_format_argument(name);
  const bool whole = f == integer_format(f.width, f.is_signed);
  if (!whole || f.width > most_width) {
    throw usage_error(fmt::format("'{}' is no integer format of up to {} bits (int8, uint4, ...)",
                                  name, most_width));
  }
  return f;
}

std::int32_t signed_word(code_t code) {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(code));
}

code_t word_code(std::int64_t n) { return static_cast<std::uint32_t>(n); }

// What affine quantisers do with the same operands.
void affine_case(const quantise_rule& rule, format q, range_use use, const code_t* o, code_t* r) {
  const auto x = real_from_bits<float32>(static_cast<std::uint32_t>(o[0]));
  const auto scale = real_from_bits<float32>(static_cast<std::uint32_t>(o[1]));
  const std::int32_t n =
      quantise(rule, x, affine<float32>{scale, signed_word(o[2])}, range_of(q, use));
  *r = static_cast<code_t>(n) & lowp::detail::low_mask(q.width);
}

// Near ties under the scale: (n + 1/2) scale and its neighbours, whole multiples, any.
void make_affine(format q, std::uint64_t seed, std::uint64_t index, code_t* o) {
  const std::uint64_t r = random_bits(seed, index);
  static constexpr std::uint32_t plain[] = {0x3f800000, 0x40000000, 0x3f000000, 0x3dcccccd};
  const std::uint32_t scale =
      index % 2 == 0 ? plain[r % 4] : 0x3a000000 + static_cast<std::uint32_t>(r >> 8) % 0x08000000;
  const integer_range range = range_of(q);
  const std::int64_t span = std::int64_t{range.greatest} - range.lowest + 9;
  const auto n =
      static_cast<std::int64_t>((r >> 20) % static_cast<std::uint64_t>(span)) + range.lowest - 4;
  const exact half =
      exact_finite(n < 0, 2 * static_cast<std::uint64_t>(n < 0 ? -n : n) + index % 3 % 2, -1);
  const exact factors[2] = {half, decode(formats::binary32, scale)};
  const code_t at = encode(formats::binary32, evaluate(operation::multiply, factors).value, {});
  o[0] = (at + (r >> 50) % 5 - 2) & 0xffffffff;
  if (index % 3 == 1) o[0] = at;
  if (index % 64 == 5) o[0] = (r >> 10) & 0xffffffff;
  static const std::vector<code_t> specials = [] {
    std::vector<code_t> finite = special_codes(formats::binary32);
    std::erase_if(finite, [](code_t code) { return !is_finite(formats::binary32, code); });
    return finite;
  }();
  if (index % 8 == 7) o[0] = specials[index / 8 % specials.size()];
  o[1] = scale;
  o[2] =
      index % 3 == 0
          ? 0
          : word_code(static_cast<std::int64_t>((r >> 44) % static_cast<std::uint64_t>(span - 8)) +
                      range.lowest);
}

}  // namespace

parsed_claim parse_affine(const std::vector<std::string>& words) {
  claim_words w("affine", words);
  const named_quantise_rule& row =
      named_row(all_quantise_rules, "quantise rule", w.plain(0, "the quantise rule"));
  const format q = integer_named(w.plain(1, "the integer format"), 16);
  const std::string range = w.value("range", "full");
  if (range != "full" && range != "narrow") {
    throw usage_error(fmt::format("affine: range: '{}' is neither full nor narrow", range));
  }
  const range_use use = range == "full" ? range_use::full : range_use::narrow;
  w.finish(2);
  claim out{fmt::format("binary32 -> {}, scale and zero point as {}", format_name(q), row.name),
            row.source,
            {},
            {},
            {},
            {}};
  out.in = {{"x", formats::binary32}, {"scale", formats::binary32}, {"zero_point", formats::int32}};
  out.out = {{"q", q}};
  out.golden = [rule = row.value, q, use](const code_t* o, code_t* r) {
    affine_case(rule, q, use, o, r);
  };
  out.make = [q](std::uint64_t seed, std::uint64_t index, code_t* o) {
    make_affine(q, seed, index, o);
  };
  out.directed = 4096;
  for (const rounding mode :
       {toward_zero, to_nearest_away, to_nearest_even, toward_negative, toward_positive}) {
    if (mode == row.value.round) continue;
    quantise_rule other = row.value;
    other.round = mode;
    out.suspects.push_back(
        {fmt::format("quantises {}, claimed {}", rounding_text(mode),
                     rounding_text(row.value.round)),
         [other, q, use](const code_t* o, code_t* r) { affine_case(other, q, use, o, r); }});
  }
  for (const named_quantise_rule& other : all_quantise_rules) {
    if (other.value == row.value) continue;
    out.suspects.push_back({fmt::format("quantises as {}: {}", other.name, other.description),
                            [rule = other.value, q, use](const code_t* o, code_t* r) {
                              affine_case(rule, q, use, o, r);
                            }});
  }
  return array_claim(std::move(out));
}

namespace {

// (q - z) s with one rounding, and with the zero point as a product of its own.
code_t decoded_value(format to, const code_t* o, format q, format scale) {
  const exact difference[2] = {decode(q, o[0]), decode(q, o[1])};
  const exact product[2] = {evaluate(operation::subtract, difference).value, decode(scale, o[2])};
  return encode(to, evaluate(operation::multiply, product).value, {});
}

code_t hoisted_value(format to, const code_t* o, format q, format scale) {
  const exact offset[2] = {decode(q, o[1]), decode(scale, o[2])};
  const code_t c = encode(to, evaluate(operation::multiply, offset).value, {});
  exact minus = decode(to, c);
  minus.negative = !minus.negative;
  const exact sum[3] = {decode(q, o[0]), decode(scale, o[2]), minus};
  return encode(to, evaluate(operation::fma, sum).value, {});
}

}  // namespace

parsed_claim parse_affine_decode(const std::vector<std::string>& words) {
  claim_words w("affine_decode", words);
  const format q = integer_named(w.plain(0, "the integer format"), 16);
  const format to = parse_format_argument(w.plain(1, "the format of scale and result"));
  w.finish(2);
  claim out{fmt::format("{} -> {}, (q - zero_point) scale", format_name(q), format_name(to)),
            "one rounding of the exact product",
            {},
            {},
            {},
            {}};
  out.in = {{"q", q}, {"zero_point", q}, {"scale", to}};
  out.out = {{"x", to}};
  out.golden = [q, to](const code_t* o, code_t* r) { *r = decoded_value(to, o, q, to); };
  const std::vector<code_t> scales = special_codes(to);
  out.directed = 16 * scales.size();
  out.make = [q, to, scales](std::uint64_t seed, std::uint64_t index, code_t* o) {
    const std::uint64_t r = random_bits(seed, index);
    o[0] = r & lowp::detail::low_mask(q.width);
    o[1] = index % 4 == 0 ? o[0] : (r >> 16) & lowp::detail::low_mask(q.width);
    o[2] = index < 16 * scales.size() ? scales[index / 16]
                                      : (r >> 32) & lowp::detail::low_mask(to.width);
  };
  out.suspects.push_back(
      {"zero point applied as a separately rounded product z s",
       [q, to](const code_t* o, code_t* r) { *r = hoisted_value(to, o, q, to); }});
  return array_claim(std::move(out));
}

namespace {

requantise_multiplier multiplier_of(const code_t* o) {
  requantise_multiplier m;
  m.significand = signed_word(o[1]);
  m.right_shift = signed_word(o[2]);
  const exact factor = exact_finite(
      m.significand < 0,
      static_cast<std::uint64_t>(m.significand < 0 ? -std::int64_t{m.significand} : m.significand),
      -m.right_shift);
  m.real = number<formats::binary32>::from_code(
      static_cast<std::uint32_t>(encode(formats::binary32, factor, {})));
  return m;
}

void requantise_case(const requantisation& rule, const code_t* o, code_t* r) {
  *r = word_code(scale_integer(rule, signed_word(o[0]), multiplier_of(o)));
}

// float(x) times a binary32 factor, ties away from zero.
void requantise_in_float(const code_t* o, code_t* r) {
  const float32 x = real_from_integer<float32>(signed_word(o[0]));
  *r = word_code(to_integer(x * multiplier_of(o).real, to_nearest_away));
}

}  // namespace

parsed_claim parse_requantise(const std::vector<std::string>& words) {
  claim_words w("requantise", words);
  const named_requantisation& row =
      named_row(all_requantisations, "requantisation", w.plain(0, "the requantisation"));
  w.finish(1);
  if (row.value.input_bits > 32) {
    throw usage_error(fmt::format("requantise: {} takes {} bits; claims go up to 32", row.name,
                                  row.value.input_bits));
  }
  claim out{fmt::format("int32 times a multiplier, {}", row.name), row.source, {}, {}, {}, {}};
  out.in = {
      {"x", formats::int32}, {"significand", formats::int32}, {"right_shift", formats::int32}};
  out.out = {{"result", formats::int32}};
  out.golden = [rule = row.value](const code_t* o, code_t* r) { requantise_case(rule, o, r); };
  out.directed = 1 << 14;
  out.make = [](std::uint64_t seed, std::uint64_t index, code_t* o) {
    const std::uint64_t r = random_bits(seed, index);
    // Results within a few hundred, so that roundings show; significands in [2^30, 2^31).
    const auto shift = static_cast<std::int32_t>(32 + index % 12);
    const std::int64_t m = (std::int64_t{1} << 30) + static_cast<std::int64_t>(r % (1u << 30));
    const std::int64_t target = static_cast<std::int64_t>((r >> 32) % 1024) - 512;
    // x near (target + 1/2) / factor.
    const std::int64_t x = (((2 * target + 1) << (shift - 31)) << 29) / m +
                           static_cast<std::int64_t>((r >> 50) % 5) - 2;
    o[0] = word_code(std::clamp<std::int64_t>(x, INT32_MIN, INT32_MAX));
    static constexpr std::int32_t ends[] = {0, 1, -1, INT32_MAX, INT32_MIN, INT32_MIN + 1};
    if (index % 64 == 9) o[0] = word_code(ends[r % 6]);
    o[1] = index % 5 == 0 ? word_code(std::int64_t{1} << 30) : word_code(m);
    o[2] = word_code(shift);
  };
  for (const named_requantisation& other : all_requantisations) {
    if (other.value == row.value || other.value.input_bits > 32) continue;
    out.suspects.push_back(
        {fmt::format("requantises as {}: {}", other.name, other.description),
         [rule = other.value](const code_t* o, code_t* r) { requantise_case(rule, o, r); }});
  }
  out.suspects.push_back(
      {"rounds once (in float, ties away); claimed the two-step fixed-point rule",
       requantise_in_float});
  return array_claim(std::move(out));
}

parsed_claim parse_integer_dot(const std::vector<std::string>& words) {
  claim_words w("integer_dot", words);
  const named_integer_dot& row =
      named_row(all_integer_dots, "integer dot product", w.plain(0, "the dot product"));
  const integer_dot d = row.value;
  const auto step = static_cast<long long>(step_length(d));
  const auto n = static_cast<std::size_t>(w.integer("n", step, 1, 256));
  w.finish(1);
  claim out{fmt::format("{}: accumulator + {} products of {} and {}", row.name, n, format_name(d.a),
                        format_name(d.b)),
            row.source,
            {},
            {},
            {},
            {}};
  out.in = {{"a", d.a, n}, {"b", d.b, n}, {"accumulator", d.accumulator}};
  out.out = {{"result", d.accumulator}};
  const auto run = [n, a = d.a, b = d.b, c = d.accumulator](const integer_dot& how, const code_t* o,
                                                            code_t* r) {
    std::vector<std::int64_t> x(n);
    std::vector<std::int64_t> y(n);
    for (std::size_t i = 0; i < n; ++i) x[i] = integer_value(a, o[i]);
    for (std::size_t i = 0; i < n; ++i) y[i] = integer_value(b, o[n + i]);
    const std::int64_t sum = dot(how, integer_value(c, o[2 * n]), x.data(), y.data(), n);
    *r = integer_code(c, sum, integer_overflow::wrap);
  };
  out.golden = [run, d](const code_t* o, code_t* r) { run(d, o, r); };
  out.directed = 4096;
  out.make = [n, d](std::uint64_t seed, std::uint64_t index, code_t* o) {
    // Ends of the ranges, small ones, any; accumulators at their ends.
    const auto draw = [&](format f, std::uint64_t r) {
      const code_t mask = lowp::detail::low_mask(f.width);
      const code_t top = code_t{1} << (f.width - 1);
      switch (index % 4 == 3 ? 7 : (r >> 40) % 8) {
        case 0: return mask;
        case 1: return top;
        case 2: return top - 1;
        case 3: return code_t{0};
        default: return r & mask;
      }
    };
    for (std::size_t i = 0; i < n; ++i) {
      o[i] = draw(d.a, random_bits(seed ^ (2 * i + 1), index));
      o[n + i] = draw(d.b, random_bits(seed ^ (2 * i + 2), index));
    }
    o[2 * n] = index % 2 == 0 ? 0 : draw(d.accumulator, random_bits(seed, index));
  };
  const auto suspect_way = [&](std::string text, const integer_dot& how) {
    if (how == d) return;
    out.suspects.push_back(
        {std::move(text), [run, how](const code_t* o, code_t* r) { run(how, o, r); }});
  };
  integer_dot pairs = d;
  pairs.products = 2;
  pairs.partials = static_cast<std::uint8_t>(std::max<std::size_t>(1, step_length(d) / 2));
  pairs.partial = integer_format(16, true);
  pairs.partial_overflow = integer_overflow::saturate;
  suspect_way(
      "pairs of products saturate to [-32768, 32767] before the 32-bit accumulation "
      "(products 2i, 2i+1)",
      pairs);
  pairs.partial_overflow = integer_overflow::wrap;
  suspect_way("pairs of products wrap at 16 bits before the accumulation (products 2i, 2i+1)",
              pairs);
  integer_dot other = d;
  other.overflow =
      d.overflow == integer_overflow::wrap ? integer_overflow::saturate : integer_overflow::wrap;
  suspect_way(other.overflow == integer_overflow::wrap
                  ? "the accumulator wraps, claimed saturating"
                  : "the accumulator saturates, claimed wrapping",
              other);
  return array_claim(std::move(out));
}

namespace {

// The same codes under another packing or reading.
struct unpacking {
  array_layout layout;
  std::size_t n;

  void codes(const code_t* bytes, std::size_t byte_count, code_t* out) const {
    std::vector<std::byte> memory(byte_count);
    for (std::size_t i = 0; i < byte_count; ++i) memory[i] = static_cast<std::byte>(bytes[i]);
    for (std::size_t i = 0; i < n; ++i) out[i] = read_code(layout, memory.data(), i);
  }
};

}  // namespace

parsed_claim parse_unpack(const std::vector<std::string>& words) {
  claim_words w("unpack", words);
  const named_packing& row = named_row(all_packings, "packing", w.plain(0, "the packing"));
  const format f = parse_format_argument(w.plain(1, "the format of the codes"));
  const format to = w.has("to") ? parse_format_argument(w.value("to")) : f;
  const auto n = static_cast<std::size_t>(w.integer("n", 32, 1, 256));
  w.finish(2);
  const unpacking p{array_layout(f, row.value), n};
  if (const packing_error e = check(p.layout);
      e != packing_error::none || (row.width != 0 && row.width != f.width)) {
    throw usage_error(fmt::format("unpack: {} cannot hold {}: {}", row.name, format_name(f),
                                  e != packing_error::none ? message(e) : "another width"));
  }
  const auto bytes = static_cast<std::size_t>(bytes_of(p.layout, n));
  claim out{fmt::format("{} x {} in {} bytes as {} -> {}", format_name(f), n, bytes, row.name,
                        format_name(to)),
            fmt::format("the packing of {}", row.used_by),
            {},
            {},
            {},
            {}};
  out.in = {{"bytes", formats::uint8, bytes}};
  out.out = {{"x", to, n}};
  const auto read = [p, bytes, to](format as, const unpacking& how, const code_t* o, code_t* r) {
    how.codes(o, bytes, r);
    for (std::size_t i = 0; i < p.n; ++i) r[i] = convert(as, r[i], to, {});
  };
  out.golden = [read, p, f](const code_t* o, code_t* r) { read(f, p, o, r); };
  out.directed = 256;
  out.make = [bytes](std::uint64_t seed, std::uint64_t index, code_t* o) {
    for (std::size_t i = 0; i < bytes; ++i) {
      o[i] = index < 256 ? (index + i * (i & 1)) & 0xff : random_bits(seed ^ (i + 1), index) & 0xff;
    }
  };
  if (f.kind == number_kind::fixed_point && f.is_signed) {
    format plain = f;
    plain.is_signed = false;
    out.suspects.push_back(
        {fmt::format("negative codes decode {} too high: the code is "
                     "zero-extended, not sign-extended",
                     1 << f.width),
         [read, p, plain](const code_t* o, code_t* r) { read(plain, p, o, r); }});
  }
  unpacking swapped = p;
  swapped.layout.pack.order =
      p.layout.pack.order == bit_order::low_first ? bit_order::high_first : bit_order::low_first;
  if (check(swapped.layout) == packing_error::none) {
    const bool was_low = p.layout.pack.order == bit_order::low_first;
    out.suspects.push_back(
        {fmt::format("elements 2i and 2i+1 are exchanged: {} nibble first, claimed {} nibble first",
                     was_low ? "high" : "low", was_low ? "low" : "high"),
         [read, swapped, f](const code_t* o, code_t* r) { read(f, swapped, o, r); }});
  }
  for (const named_packing& other : all_packings) {
    const unpacking q{array_layout(f, other.value), n};
    if (other.width != f.width || other.value == row.value ||
        check(q.layout) != packing_error::none || bytes_of(q.layout, n) > bytes) {
      continue;
    }
    out.suspects.push_back({fmt::format("packed as {} ({})", other.name, other.used_by),
                            [read, q, f](const code_t* o, code_t* r) { read(f, q, o, r); }});
  }
  return array_claim(std::move(out));
}

// Zero points that are packed into 32-bit words and read again.
parsed_claim parse_zero_points(const std::vector<std::string>& words) {
  claim_words w("zero_points", words);
  const format q = integer_named(w.plain(0, "the integer format"), 8);
  w.finish(1);
  if (q.is_signed || 32 % q.width != 0) {
    throw usage_error("zero_points: the format must be uint1, uint2, uint4 or uint8");
  }
  const auto n = static_cast<std::size_t>(32 / q.width);
  const std::int64_t most = (1 << q.width) - 1;
  claim out{
      fmt::format("{} zero points of {}, packed into a word and read again", n, format_name(q)),
      "every zero point must come back",
      {},
      {},
      {},
      {}};
  out.in = {{"zero_point", q, n}};
  out.out = {{"read", formats::int32, n}};
  out.golden = [n](const code_t* o, code_t* r) { std::copy_n(o, n, r); };
  out.directed = 16;
  out.make = [n, most](std::uint64_t seed, std::uint64_t index, code_t* o) {
    for (std::size_t i = 0; i < n; ++i) {
      const std::uint64_t r = random_bits(seed ^ (i + 1), index);
      o[i] = index < n && i == index ? 0 : (r >> 8) % static_cast<std::uint64_t>(most + 1);
      if (index < n && i != index && o[i] == 0) o[i] = 1;
    }
  };
  out.suspects.push_back(
      {fmt::format("zero point 0 reads back as {}: stored as z-1 modulo {}", most + 1, most + 1),
       [n, most](const code_t* o, code_t* r) {
         for (std::size_t i = 0; i < n; ++i) {
           r[i] = ((o[i] - 1) & static_cast<code_t>(most)) + 1;
         }
       }});
  out.suspects.push_back(
      {fmt::format("a zero point of 0 overwrites the higher fields of its word with {}: sign bits "
                   "not masked when packing z-1",
                   most),
       [n, q, most](const code_t* o, code_t* r) {
         std::uint32_t word = 0;
         const auto bits = static_cast<unsigned>(q.width);
         for (std::size_t i = 0; i < n; ++i) {
           word |= (static_cast<std::uint32_t>(o[i]) - 1) << (bits * i);
         }
         for (std::size_t i = 0; i < n; ++i) {
           r[i] = (word >> (bits * i) & static_cast<std::uint32_t>(most)) + 1;
         }
       }});
  return array_claim(std::move(out));
}

}  // namespace lowp::tool
