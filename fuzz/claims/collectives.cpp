// SPDX-License-Identifier: Apache-2.0
// Claims of reductions between ranks: "all_reduce e4m3fn ranks=4 block=32". All ranks are run in
// one call: contributions of every rank in, what every rank holds out.
#include <algorithm>

#include <fmt/format.h>

#include <lowp/binary32.hpp>

#include "../claim_words.hpp"
#include "../format_names.hpp"
#include "../inputs.hpp"
#include "kinds.hpp"

namespace lowp::tool {

namespace {

// The owner of block r, rank r, adds in order of the ranks, quantises and sends; everybody, the
// owner too, decodes what was sent.
struct reduction {
  format wire;
  std::size_t ranks;
  std::size_t block;

  std::size_t elements() const { return ranks * block; }

  float32 sum(const code_t* x, std::size_t i) const {
    float32 total = real_from_bits<float32>(static_cast<std::uint32_t>(x[i]));
    for (std::size_t r = 1; r < ranks; ++r) {
      total = total + real_from_bits<float32>(static_cast<std::uint32_t>(x[r * elements() + i]));
    }
    return total;
  }

  code_t held(float32 x) const { return encode_real(formats::bfloat16, x, {}); }

  // `owner_decodes`: false if the owner keeps the sum that it never sent.
  void run(const code_t* x, code_t* out, bool owner_decodes) const {
    const projection saturating{.overflow = overflow_rule::saturate};
    const float32 most = decode_real<float32>(wire, max_finite(wire));
    for (std::size_t owner = 0; owner < ranks; ++owner) {
      std::uint32_t amax = 0;
      for (std::size_t i = owner * block; i < (owner + 1) * block; ++i) {
        amax = std::max(amax, magnitude_of(sum(x, i)));
      }
      const float32 scale = amax == 0 ? real<float32>(1.0f) : real_from_bits<float32>(amax) / most;
      for (std::size_t i = owner * block; i < (owner + 1) * block; ++i) {
        const code_t sent = encode_real(wire, sum(x, i) / scale, saturating);
        const code_t decoded = held(decode_real<float32>(wire, sent) * scale);
        for (std::size_t r = 0; r < ranks; ++r) {
          const bool keeps = r == owner && !owner_decodes;
          out[r * elements() + i] = keeps ? held(sum(x, i)) : decoded;
        }
      }
    }
  }
};

}  // namespace

parsed_claim parse_all_reduce(const std::vector<std::string>& words) {
  claim_words w("all_reduce", words);
  const format wire = parse_format_argument(w.plain(0, "the format on the wire"));
  if (wire.kind != number_kind::minifloat || wire.width > 16 || !has_zero(wire)) {
    throw usage_error("all_reduce: the wire takes floating-point formats of up to 16 bits");
  }
  const reduction all{wire, static_cast<std::size_t>(w.integer("ranks", 4, 2, 64)),
                      static_cast<std::size_t>(w.integer("block", 32, 1, 128))};
  w.finish(1);
  const std::size_t n = all.ranks * all.elements();
  claim out{fmt::format("sum over {} ranks of binary32, sent as {} with a scale per {}, held as "
                        "bfloat16",
                        all.ranks, format_name(wire), all.block),
            "every rank holds the decoded payload",
            {},
            {},
            {},
            {}};
  out.in = {{"contribution", formats::binary32, n}};
  out.out = {{"held", formats::bfloat16, n}};
  out.golden = [all](const code_t* o, code_t* r) { all.run(o, r, true); };
  out.directed = 4;
  out.make = [n](std::uint64_t seed, std::uint64_t index, code_t* o) {
    for (std::size_t i = 0; i < n; ++i) {
      const std::uint64_t r = random_bits(seed ^ (i + 1), index);
      o[i] = index == 0 ? 0 : (r & 0x807fffff) | (118 + (r >> 40) % 10) << 23;
    }
  };
  out.suspects.push_back(
      {"ranks disagree: the owner's shard is not the decoded payload (owner keeps the unquantised "
       "sum)",
       [all](const code_t* o, code_t* r) { all.run(o, r, false); }});
  return array_claim(std::move(out));
}

}  // namespace lowp::tool
