// SPDX-License-Identifier: Apache-2.0
/// \file
/// Arrays through the stages: unpack, decode to lanes, encode, pack; in chunks that stay in the
/// first-level cache.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <hwy/highway.h>

#include "decode-inl.hpp"
#include "encode-inl.hpp"
#include "encode_stochastic-inl.hpp"
#include "encode_wide-inl.hpp"
#include "lanes-inl.hpp"
#include "look_up-inl.hpp"
#include "pack-inl.hpp"
#include "plan.hpp"
#include "random-inl.hpp"

#if defined(LOWP_SIMD_CONVERT_ARRAY_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef LOWP_SIMD_CONVERT_ARRAY_INL_HPP
#undef LOWP_SIMD_CONVERT_ARRAY_INL_HPP
#else
#define LOWP_SIMD_CONVERT_ARRAY_INL_HPP
#endif

HWY_BEFORE_NAMESPACE();
namespace lowp::simd::HWY_NAMESPACE {
namespace {

/// A chunk on its way.
struct chunk_buffers {
  HWY_ALIGN std::uint64_t codes[chunk_size + chunk_room];
  HWY_ALIGN std::uint64_t lanes[chunk_size + chunk_room];
  HWY_ALIGN std::uint64_t random[chunk_size + chunk_room];
  HWY_ALIGN std::uint64_t results[chunk_size + chunk_room];
  stochastic_state stochastic;
};

/// Elements of a chunk that the kernels leave to the scalar definition; codes and results in
/// containers of so many bytes.
template <class Word>
void patch_chunk(const plan& p, const encode_plan<Word>& e, const Word* lanes, const void* codes,
                 void* results, std::size_t n, std::uint64_t first) {
  const auto from = static_cast<std::size_t>(container_bytes(p.c.from.f));
  const auto to = static_cast<std::size_t>(container_bytes(p.c.to.f));
  for (std::size_t i = 0; i < n; ++i) {
    if (!is_for_scalar(e, lanes[i])) continue;
    code_t code = 0;
    std::memcpy(&code, static_cast<const std::byte*>(codes) + i * from, from);
    const std::uint64_t word = random_word_of(p.c.p, p.c.random, first + i);
    const code_t result = convert(p.c.from.f, code, p.c.to.f, p.c.p, word);
    std::memcpy(static_cast<std::byte*>(results) + i * to, &result, to);
  }
}

/// n codes to lanes: where they are, or in `room`.
template <class Word>
const Word* lanes_of(const plan& p, const decode_plan<Word>& from, const void* codes, void* room,
                     std::size_t n) {
  if (from.is_lane) return static_cast<const Word*>(codes);
  auto* lanes = static_cast<Word*>(room);
  with_container(container_bytes(p.c.from.f), [&](auto* code) HWY_ATTR {
    decode_chunk(from, static_cast<const std::remove_pointer_t<decltype(code)>*>(codes), lanes, n);
  });
  return lanes;
}

/// n codes through lanes of `Word`, from containers to containers.
template <class Word>
void convert_chunk(const plan& p, const decode_plan<Word>& from, const decode_plan<Word>& whole,
                   const encode_plan<Word>& to, const void* codes, void* results, std::size_t n,
                   std::uint64_t first, chunk_buffers& b) {
  if (p.is_whole) return static_cast<void>(lanes_of(p, whole, codes, results, n));
  const Word* lanes = lanes_of(p, from, codes, b.lanes, n);
  with_container(container_bytes(p.c.to.f), [&](auto* code) HWY_ATTR {
    auto* made = static_cast<decltype(code)>(results);
    if (p.carries) return encode_stochastic_chunk(p, to, b.stochastic, lanes, made, n, first);
    Word* random = is_stochastic(p.c.p.round) ? reinterpret_cast<Word*>(b.random) : nullptr;
    if (random != nullptr) fill_thresholds(p.c, b.stochastic.keys, first, n, random);
    encode_chunk(to, lanes, random, made, n);
  });
  const bool has_scalar = to.by_scalar_nan || (!p.carries && to.scalar_from < to.scalar_to);
  if (has_scalar && any_for_scalar(to, lanes, n)) {
    patch_chunk(p, to, lanes, codes, results, n, first);
  }
}

/// n codes in containers by the plan's way.
inline void convert_codes(const plan& p, const void* codes, void* results, std::size_t n,
                          std::uint64_t first, chunk_buffers& b) {
  if (p.way == route::by32) {
    convert_chunk(p, p.from32, p.whole32, p.to32, codes, results, n, first, b);
  } else if (p.widens) {
    const std::uint32_t* lanes = lanes_of(p, p.from32, codes, b.lanes, n);
    encode_wide(p.to64, lanes, static_cast<std::uint64_t*>(results), n);
  } else {
    convert_chunk(p, p.from64, p.whole64, p.to64, codes, results, n, first, b);
  }
}

inline bool is_aligned(const void* at, int bytes) {
  return reinterpret_cast<std::uintptr_t>(at) % static_cast<std::uintptr_t>(bytes) == 0;
}

/// Do the results of n elements go past the caches?
inline bool streams(const plan& p, std::uint64_t n) { return bytes_of(p.c.to, n) >= p.stream_from; }

/// `convert_planned` by a table of all results.
inline void convert_by_table(const plan& p, const std::byte* in, std::byte* out, std::uint64_t n) {
  code_input input{};
  const bool direct_in = reads(p.look_up, p.c.from, input), direct_out = is_plain(p.c.to.pack);
  const bool stream = direct_out && streams(p, n);
  if (direct_in && direct_out) return look_up(p.look_up, input, in, out, n, stream);
  HWY_ALIGN std::byte codes[chunk_size + chunk_room];
  HWY_ALIGN std::byte results[8 * (chunk_size + chunk_room)];
  for (std::uint64_t start = 0; start < n; start += chunk_size) {
    const std::size_t here = n - start < chunk_size ? n - start : chunk_size;
    const std::byte* source = in + bytes_of(p.c.from, start);
    std::byte* target = out + bytes_of(p.c.to, start);
    if (!direct_in) unpack_chunk(p.c.from, source, codes, here);
    look_up(p.look_up, direct_in ? input : code_input::bytes, direct_in ? source : codes,
            direct_out ? target : results, here, stream);
    if (!direct_out) pack_chunk(p.c.to, results, target, here);
  }
}

/// `convert_planned` where the lanes are the results, end to end, and everything is aligned.
inline void convert_whole(const plan& p, const std::byte* in, std::byte* out, std::uint64_t n) {
  with_container(container_bytes(p.c.from.f), [&](auto* code) HWY_ATTR {
    using container = std::remove_pointer_t<decltype(code)>;
    const auto* codes = reinterpret_cast<const container*>(in);
    const bool stream = streams(p, n);
    if (p.way == route::by32) {
      decode_array(p.whole32, codes, reinterpret_cast<std::uint32_t*>(out), n, stream);
    } else {
      decode_array(p.whole64, codes, reinterpret_cast<std::uint64_t*>(out), n, stream);
    }
  });
}

/// Are the codes lanes that the second stage takes as they are, and leaves nothing to others?
template <class Word>
bool goes_directly(const plan& p, const decode_plan<Word>& from, const encode_plan<Word>& to) {
  return from.is_lane && !is_stochastic(p.c.p.round) && !to.by_scalar_nan;
}

/// `convert_array` of a prepared conversion.
inline void convert_planned(const plan& p, const std::byte* in, std::byte* out, std::uint64_t n,
                            std::uint64_t first) {
  if (p.way == route::scalar || !has_kernels()) {
    return convert_array(p.c, in, out, n, first);
  }
  const int from = container_bytes(p.c.from.f);
  const int to = container_bytes(p.c.to.f);
  if (p.way == route::table) return convert_by_table(p, in, out, n);
  const bool reads_plain = is_plain(p.c.from.pack) && is_aligned(in, from) && !p.overlaps;
  const bool reads_memory = reads_plain && in != out;
  const bool writes_memory = is_plain(p.c.to.pack) && is_aligned(out, to);
  if (p.is_whole && reads_plain && writes_memory) {
    return convert_whole(p, in, out, n);
  }
  chunk_buffers b;
  b.stochastic.is_far = bytes_of(p.c.from, n) >= std::uint64_t{1} << 20;
  // What needs no buffer goes in one piece, but for the last chunk; what needs one for results only
  // goes in pieces of as many as that holds.
  const bool is_direct = p.widens               ? p.from32.is_lane
                         : p.way == route::by32 ? goes_directly(p, p.from32, p.to32)
                                                : goes_directly(p, p.from64, p.to64);
  const bool is_long = is_direct && reads_memory;
  const std::uint64_t most = writes_memory ? n : chunk_size * (8 / static_cast<unsigned>(to));
  for (std::uint64_t start = 0; start < n;) {
    std::size_t here = n - start;
    if (here > chunk_size) here = is_long ? std::min(here - here % chunk_size, most) : chunk_size;
    const std::byte* source = in + bytes_of(p.c.from, start);
    std::byte* target = out + bytes_of(p.c.to, start);
    // Kernels read and write behind the last element of what is not whole chunks.
    const bool is_whole = here % chunk_size == 0;
    const bool direct_in = reads_memory && is_whole;
    const bool direct_out = writes_memory && is_whole;
    const void* codes = direct_in ? static_cast<const void*>(source) : b.codes;
    void* results = direct_out ? static_cast<void*>(target) : b.results;
    if (!direct_in) unpack_chunk(p.c.from, source, b.codes, here);
    convert_codes(p, codes, results, here, first + start, b);
    if (!direct_out) pack_chunk(p.c.to, b.results, target, here);
    start += here;
  }
}

/// n codes in containers to a layout.
inline void pack_planned(const array_layout& to, const void* codes, std::byte* out,
                         std::uint64_t n) {
  const auto container = static_cast<std::size_t>(container_bytes(to.f));
  const auto* from = static_cast<const std::byte*>(codes);
  for (std::uint64_t start = 0; start < n; start += chunk_size) {
    pack_chunk(to, from + start * container, out + bytes_of(to, start),
               std::min<std::uint64_t>(n - start, chunk_size));
  }
}

/// The instruction set of these kernels.
inline const char* target_name() { return hwy::TargetName(HWY_TARGET); }

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
