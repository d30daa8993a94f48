// SPDX-License-Identifier: Apache-2.0
// Claims of codecs between ranks: "wire mxfp4 n=32", "unwire int8 n=40 row=32". Seed and stream of
// stochastic ones are operands; index 0 is the first number.
#include <algorithm>
#include <bit>
#include <memory>
#include <vector>

#include <fmt/format.h>

#include <lowp/collective/wire_codecs.hpp>
#include <lowp/collective/wire_definition.hpp>

#include "../claim_words.hpp"
#include "../inputs.hpp"
#include "kinds.hpp"
#include "wire_cases.hpp"

namespace lowp::tool {

namespace {

// A codec and how many numbers, as operations on codes.
struct wire {
  wire_codec c;
  std::size_t n;

  std::size_t bytes() const { return static_cast<std::size_t>(encoded_size(c, n)); }

  void encode(const code_t* o, code_t* r) const {
    std::vector<float> x(n);
    for (std::size_t i = 0; i < n; ++i) {
      x[i] = std::bit_cast<float>(static_cast<std::uint32_t>(o[i]));
    }
    wire_position at;
    if (is_stochastic(c)) at.random = {.seed = o[n], .stream = o[n + 1]};
    std::vector<std::byte> out(bytes());
    encode_wire(c, x, out.data(), at);
    for (std::size_t i = 0; i < out.size(); ++i) r[i] = std::to_integer<code_t>(out[i]);
  }

  void decode(const code_t* o, code_t* r) const {
    std::vector<std::byte> in(bytes());
    for (std::size_t i = 0; i < in.size(); ++i) in[i] = static_cast<std::byte>(o[i]);
    std::vector<float> y(n);
    decode_wire(c, in.data(), std::span(y));
    for (std::size_t i = 0; i < n; ++i) r[i] = std::bit_cast<std::uint32_t>(y[i]);
  }

  // The codes of each row with the halves of their bytes exchanged.
  void exchange_nibbles(code_t* b) const {
    for (std::size_t i = 0; i < n; i += c.row) {
      const std::size_t here = std::min<std::size_t>(c.row, n - i);
      code_t* row = b + row_offset(c, i);
      if (c.kind == wire_kind::rows) row += code_offset(c.rows);
      for (std::size_t k = 0; k < bytes_of(code_layout(c), here); ++k) {
        row[k] = (row[k] << 4 | row[k] >> 4) & 0xff;
      }
    }
  }
};

struct claimed_wire {
  wire w;
  std::string words;
  std::string source;
};

// Of decoders the rounding means nothing.
claimed_wire read_wire(const char* kind, const std::vector<std::string>& words, bool encodes) {
  claim_words w(kind, words);
  const named_wire_codec& row = named_row(all_wire_codecs, "codec", w.plain(0, "the codec"));
  wire_codec c = row.value;
  c.row = static_cast<std::uint32_t>(w.integer("row", c.row, 1, most_wire_row));
  if (w.has("hadamard")) {
    const long long seed = w.integer("hadamard_seed", 0, 0, INT64_MAX);
    c = with_hadamard(c, static_cast<int>(w.integer("hadamard", 16, 2, 1024)),
                      static_cast<std::uint64_t>(seed));
  }
  if (encodes && w.has("stochastic")) {
    c = with_stochastic(c, static_cast<int>(w.integer("stochastic", 16, 1, 16)));
  }
  const auto n = static_cast<std::size_t>(w.integer("n", c.row == 1 ? 32 : c.row, 1, 1024));
  w.finish(1);
  if (const wire_codec_error e = check(c); e != wire_codec_error::none) {
    throw usage_error(fmt::format("{}: {}: {}", kind, row.name, message(e)));
  }
  const std::string rotated =
      c.hadamard == 0 ? "" : fmt::format(", rotated in groups of {}", c.hadamard);
  return {{c, n},
          fmt::format("{} ({}), rows of {}{}", row.name, row.description, c.row, rotated),
          row.source};
}

void add_suspect(claim& out, std::string words, const wire& w) {
  if (check(w.c) != wire_codec_error::none) return;
  out.suspects.push_back({std::move(words), [w](const code_t* o, code_t* r) { w.encode(o, r); }});
}

// Other codecs that fill the same bytes.
void add_suspects(claim& out, const wire& w) {
  wire other = w;
  if (w.c.kind == wire_kind::rows) {
    for (const named_rowwise_codec& row : all_rowwise_codecs) {
      other.c.rows = row.value;
      other.c.rows.round = w.c.rows.round;
      other.c.rows.random_bits = w.c.rows.random_bits;
      if (other.c == w.c || other.c.rows.element != w.c.rows.element) continue;
      if (check(other.c) != wire_codec_error::none || other.bytes() != w.bytes()) continue;
      add_suspect(out, fmt::format("rows as {}: {}", row.name, row.description), other);
    }
  } else if (w.c.kind == wire_kind::blocks) {
    for (const named_block_recipe& row : all_block_recipes) {
      other.c.recipe = row.value;
      other.c.recipe.element.round = w.c.recipe.element.round;
      other.c.recipe.element.random_bits = w.c.recipe.element.random_bits;
      if (other.c == w.c) continue;
      add_suspect(out, fmt::format("scales by {}: {}", row.name, row.description), other);
    }
  }
  if (w.c.hadamard != 0) {
    other = w;
    other.c.hadamard = 0;
    add_suspect(out, "numbers are not rotated", other);
  }
}

constexpr const char* exchanged =
    "elements 2i and 2i+1 are exchanged: the first in the high half of a byte";

}  // namespace

parsed_claim parse_wire(const std::vector<std::string>& words) {
  const claimed_wire claimed = read_wire("wire", words, true);
  const wire w = claimed.w;
  claim out{fmt::format("{} binary32 -> {} bytes of {}", w.n, w.bytes(), claimed.words),
            claimed.source,
            {},
            {},
            {},
            {}};
  out.in = {{"x", formats::binary32, w.n}};
  if (is_stochastic(w.c)) {
    out.in.push_back({"seed", formats::uint64});
    out.in.push_back({"stream", formats::uint64});
  }
  out.out = {{"bytes", formats::uint8, w.bytes()}};
  out.golden = [w](const code_t* o, code_t* r) { w.encode(o, r); };
  const auto cases = std::make_shared<const wire_cases>(w.c, w.n);
  out.directed = cases->directed();
  out.make = [cases, w](std::uint64_t seed, std::uint64_t index, code_t* o) {
    cases->make(seed, index, o);
    if (!is_stochastic(w.c)) return;
    for (std::size_t k = 0; k < 2; ++k) o[w.n + k] = random_bits(seed ^ (0x7f + k), index);
  };
  add_suspects(out, w);
  if (code_layout(w.c).f.width == 4) {
    out.suspects.push_back({exchanged, [w](const code_t* o, code_t* r) {
                              w.encode(o, r);
                              w.exchange_nibbles(r);
                            }});
  }
  return array_claim(std::move(out));
}

parsed_claim parse_unwire(const std::vector<std::string>& words) {
  const claimed_wire claimed = read_wire("unwire", words, false);
  const wire w = claimed.w;
  claim out{fmt::format("{} bytes of {} -> {} binary32", w.bytes(), claimed.words, w.n),
            claimed.source,
            {},
            {},
            {},
            {}};
  out.in = {{"bytes", formats::uint8, w.bytes()}};
  out.out = {{"x", formats::binary32, w.n}};
  out.golden = [w](const code_t* o, code_t* r) { w.decode(o, r); };
  const auto cases = std::make_shared<const wire_cases>(w.c, w.n);
  out.directed = cases->directed() + 4;
  // What encoders write, some with bytes changed; bytes that are alike; any.
  out.make = [cases, w](std::uint64_t seed, std::uint64_t index, code_t* o) {
    const std::uint64_t r = random_bits(seed, index);
    if (index < 4 || index % 8 == 7) {
      static constexpr code_t alike[] = {0x00, 0xff, 0x7f, 0x80};
      for (std::size_t i = 0; i < w.bytes(); ++i) {
        o[i] = index < 4 ? alike[index] : random_bits(seed ^ (i + 1), index) & 0xff;
      }
      return;
    }
    std::vector<code_t> x(w.n + 2);
    cases->make(seed, index - 4, x.data());
    w.encode(x.data(), o);
    if (index % 4 == 1) o[(r >> 8) % w.bytes()] = r & 0xff;
  };
  if (code_layout(w.c).f.width == 4) {
    out.suspects.push_back({exchanged, [w](const code_t* o, code_t* r) {
                              std::vector<code_t> bytes(o, o + w.bytes());
                              w.exchange_nibbles(bytes.data());
                              w.decode(bytes.data(), r);
                            }});
  }
  if (w.c.hadamard != 0) {
    wire plain = w;
    plain.c.hadamard = 0;
    out.suspects.push_back({"numbers are not rotated back",
                            [plain](const code_t* o, code_t* r) { plain.decode(o, r); }});
  }
  return array_claim(std::move(out));
}

}  // namespace lowp::tool
