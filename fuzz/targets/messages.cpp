// SPDX-License-Identifier: Apache-2.0
/// \file
/// Fuzz target: messages between ranks. Any bytes, bytes with the beginning of a message, and such
/// with checksums that fit, so that sizes and codecs are reached; codecs of one's own that may be
/// unusable. Wrong ones are an error with an offset and write nothing; right ones are decoded, are
/// no longer right with a bit changed or bytes missing, and their numbers become a message again.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <lowp/collective/message_definition.hpp>
#include <lowp/simd/machine_binary32.hpp>

#include "input.hpp"

namespace {

using real = lowp::simd::machine_binary32;
using message_bytes = std::span<const std::byte>;

constexpr std::byte untouched{0x5a};

/// A registered codec, or one that may not be usable, under any id.
lowp::wire_codec some_codec(reader& in) {
  lowp::wire_codec c = lowp::all_wire_codecs[in.below(lowp::wire_codec_count)].value;
  c.id = in.number<std::uint16_t>();
  const unsigned change = in.number<std::uint8_t>();
  if ((change & 1) != 0) c.kind = static_cast<lowp::wire_kind>(in.below(4));
  if ((change & 2) != 0) c.element = lowp::all_formats[in.below(lowp::format_count)].value;
  if ((change & 4) != 0) {
    c.rows = lowp::all_rowwise_codecs[in.below(lowp::rowwise_codec_count)].value;
    c.rows.code_alignment = in.number<std::uint8_t>();
    c.rows.row_alignment = in.number<std::uint8_t>();
  }
  if ((change & 8) != 0) {
    c.block = lowp::all_block_formats[in.below(lowp::block_format_count)].value;
    c.recipe = lowp::all_block_recipes[in.below(lowp::block_recipe_count)].value;
  }
  if ((change & 16) != 0) c.block.columns = in.number<std::uint16_t>();
  return c;
}

/// Checksums that fit.
void sign(const buffer& m) {
  namespace at = lowp::detail::message_fields;
  using lowp::detail::write_field;
  if (m.size < lowp::message_header_bytes) return;
  std::byte* b = m.memory.get();
  write_field(b, at::payload_checksum, lowp::crc32c(b + 96, m.size - 96));
  write_field(b, at::header_checksum, lowp::crc32c(b, at::header_checksum.offset));
}

/// A header made of fields that are often right, and a payload of any bytes of often the right
/// size.
buffer forged(reader& in, const lowp::wire_codec* own) {
  lowp::message_header h;
  const auto some = [&in](auto right) {
    return in.below(16) != 0 ? right : in.number<decltype(right)>();
  };
  lowp::wire_codec c = lowp::all_wire_codecs[in.below(lowp::wire_codec_count)].value;
  if (own != nullptr && in.below(2) != 0) c = *own;
  if (in.below(4) == 0) c.row = in.number<std::uint16_t>();
  if (in.below(4) == 0) {
    c.hadamard = static_cast<std::uint16_t>(1U << in.below(12));
    c.hadamard_seed = in.number<std::uint64_t>();
  }
  const std::uint64_t n = in.number<std::uint16_t>() % 600;
  h.kind = static_cast<lowp::message_kind>(some(std::uint8_t{0}));
  h.codec = some(c.id);
  h.hadamard = some(c.hadamard);
  h.hadamard_seed = c.hadamard_seed;
  h.row = some(c.row);
  h.elements = some(n);
  h.first = some(std::uint64_t{in.number<std::uint8_t>()} * c.row);
  const bool usable = check(c) == lowp::wire_codec_error::none;
  const std::uint64_t size = usable ? encoded_size(c, n) : n;
  h.payload_bytes = some(size);
  const buffer payload(in, in.below(16) != 0 ? size : in.below(200));
  buffer m(lowp::message_header_bytes + payload.size);
  lowp::write_header(h, lowp::crc32c(payload.memory.get(), payload.size), m.memory.get());
  std::copy_n(payload.memory.get(), payload.size, m.memory.get() + lowp::message_header_bytes);
  return m;
}

void check_error(const lowp::read_result& r, message_bytes in) {
  demand(std::string_view(message(r.error)) != "unknown");
  demand(r.offset <= in.size() || r.offset < lowp::message_header_bytes);
}

/// What is wrong writes nothing.
void refuse(message_bytes in, const lowp::wire_codec* own, const lowp::read_result& r) {
  check_error(r, in);
  std::vector<float> out(40, 7.0f);
  const lowp::read_result same = lowp::decode_message<real>(in, std::span(out), own);
  demand(same.error == r.error && same.offset == r.offset);
  for (const float x : out) demand(x == 7.0f);
}

void use(reader& in, message_bytes m, const lowp::wire_codec* own, const lowp::read_result& r) {
  demand(r.offset == 0 && r.payload.data() == m.data() + lowp::message_header_bytes);
  demand(r.payload.size() == r.header.payload_bytes);
  demand(lowp::read_message(m, r.header, own).is_right());
  if (r.header.kind == lowp::message_kind::data) {
    // A number has a bit at least.
    demand(r.header.elements <= 8 * r.payload.size());
    std::vector<float> x(r.header.elements);
    demand(lowp::decode_message<real>(m, r.header, std::span(x), own).is_right());
    const buffer again(lowp::message_size(r.codec, x.size()));
    demand(again.size == m.size());
    again.fill(untouched);
    const lowp::wire_codec c = lowp::with_stochastic(r.codec, 1 + static_cast<int>(in.below(16)));
    const lowp::message_error e = lowp::encode_message<real>(c, x, r.header, again.span());
    const bool is_foreign =
        own != nullptr && own->id == r.header.codec && lowp::find_wire_codec(own->id) != nullptr;
    demand(e == lowp::message_error::none || is_foreign ||
           check(c) != lowp::wire_codec_error::none);
    if (e == lowp::message_error::none) {
      demand(lowp::read_message(again.span(), r.header, own).is_right());
    } else {
      demand(again.holds(untouched));
    }
  }
  // No longer right with a burst in it, or with bytes missing.
  const buffer other(m.size());
  std::copy(m.begin(), m.end(), other.memory.get());
  const std::size_t at = in.number<std::uint16_t>() % m.size();
  other.memory[at] ^= static_cast<std::byte>(in.number<std::uint8_t>() | 1);
  demand(!lowp::read_message(other.span(), own).is_right());
  const buffer less(at);
  std::copy_n(m.begin(), at, less.memory.get());
  demand(!lowp::read_message(less.span(), own).is_right());
}

void read(reader& in, const buffer& m, const lowp::wire_codec* own) {
  const lowp::read_result r = lowp::read_message(m.span(), own);
  if (r.is_right()) {
    use(in, m.span(), own, r);
  } else {
    refuse(m.span(), own, r);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const lowp::simd::float_environment guard;
  reader in(data, size);
  const unsigned mode = in.below(4);
  const bool has_own = in.below(2) != 0;
  lowp::wire_codec own;
  if (has_own) own = some_codec(in);
  const lowp::wire_codec* const known = has_own ? &own : nullptr;
  if (mode == 3) {
    read(in, forged(in, known), known);
    return 0;
  }
  // The rest as it is; with the beginning of a message; with checksums, too.
  const buffer m(in, in.left());
  if (mode != 0 && m.size >= 8) {
    constexpr unsigned char begin[] = {0x4c, 0x4f, 0x57, 0x50, 1, 0, 96, 0};
    std::memcpy(m.memory.get(), begin, sizeof begin);
  }
  if (mode == 2) sign(m);
  read(in, m, known);
  return 0;
}
