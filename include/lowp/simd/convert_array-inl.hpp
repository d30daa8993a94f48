// SPDX-License-Identifier: Apache-2.0
/// \file
/// Arrays through the stages: unpack, decode to lanes, encode, pack; in chunks that stay in the
/// first-level cache.
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <hwy/highway.h>

#include "decode-inl.hpp"
#include "encode-inl.hpp"
#include "encode_stochastic-inl.hpp"
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

/// Elements of a chunk that the kernels leave to the scalar definition.
template <class Word, class Code, class Result>
void patch_chunk(const plan& p, const encode_plan<Word>& e, const Word* lanes, const Code* codes,
                 Result* results, std::size_t n, std::uint64_t first) {
  for (std::size_t i = 0; i < n; ++i) {
    if (!is_for_scalar(e, lanes[i])) continue;
    const std::uint64_t word = random_word_of(p.c.p, p.c.random, first + i);
    results[i] = static_cast<Result>(convert(p.c.from.f, codes[i], p.c.to.f, p.c.p, word));
  }
}

template <class Word>
const decode_plan<Word>& whole_plan(const plan& p) {
  if constexpr (sizeof(Word) == 4) {
    return p.whole32;
  } else {
    return p.whole64;
  }
}

/// n codes through lanes of `Word`.
template <class Word, class Code, class Result>
void convert_chunk(const plan& p, const decode_plan<Word>& from, const encode_plan<Word>& to,
                   const Code* codes, Result* results, std::size_t n, std::uint64_t first,
                   chunk_buffers& b) {
  if constexpr (sizeof(Code) <= sizeof(Word) && sizeof(Result) <= sizeof(Word)) {
    auto* lanes = reinterpret_cast<Word*>(b.lanes);
    auto* random = reinterpret_cast<Word*>(b.random);
    const Word* x = lanes;
    if constexpr (sizeof(Code) == sizeof(Word)) {
      if (from.is_lane) x = codes;
    }
    if constexpr (sizeof(Result) == sizeof(Word)) {
      if (p.is_whole) return decode_chunk(whole_plan<Word>(p), codes, results, n);
    }
    if (x == lanes) decode_chunk(from, codes, lanes, n);
    const bool stochastic = is_stochastic(p.c.p.round);
    if (b.stochastic.is_short) {
      encode_stochastic_chunk(to, p.c, b.stochastic, x, results, n, first);
    } else {
      if (stochastic) fill_thresholds(p.c, b.stochastic.keys, first, n, random);
      encode_chunk(to, x, stochastic ? random : nullptr, results, n);
    }
    const bool has_scalar = to.by_scalar_nan || to.scalar_from < to.scalar_to;
    if (has_scalar && any_for_scalar(to, x, n)) {
      patch_chunk(p, to, x, codes, results, n, first);
    }
  }
}

/// n codes in containers, to codes in containers.
template <class Code, class Result>
void convert_codes(const plan& p, const Code* codes, Result* results, std::size_t n,
                   std::uint64_t first, chunk_buffers& b) {
  switch (p.way) {
    case route::by32: return convert_chunk(p, p.from32, p.to32, codes, results, n, first, b);
    case route::by64: return convert_chunk(p, p.from64, p.to64, codes, results, n, first, b);
    default: return;
  }
}

inline bool is_aligned(const void* at, int bytes) {
  return reinterpret_cast<std::uintptr_t>(at) % static_cast<std::uintptr_t>(bytes) == 0;
}

/// Do the results of n elements go past the caches?
inline bool streams(const plan& p, std::uint64_t n) { return bytes_of(p.c.to, n) >= p.stream_from; }

/// `convert_planned` by a table of all results.
inline void convert_by_table(const plan& p, const std::byte* in, std::byte* out, std::uint64_t n) {
  const bool plain_in = is_plain(p.c.from.pack), plain_out = is_plain(p.c.to.pack);
  const bool stream = plain_out && streams(p, n);
  const bool pairs = is_dense(p.c.from) && p.c.from.f.width == 4;
  if (plain_out && (plain_in || pairs)) {
    const code_input input = plain_in ? code_input::bytes
                             : p.c.from.pack.order == bit_order::low_first
                                 ? code_input::low_nibble_first
                                 : code_input::high_nibble_first;
    return look_up(p.look_up, input, in, out, n, stream);
  }
  HWY_ALIGN std::byte codes[chunk_size + chunk_room];
  HWY_ALIGN std::byte results[8 * (chunk_size + chunk_room)];
  for (std::uint64_t start = 0; start < n; start += chunk_size) {
    const std::size_t here = n - start < chunk_size ? n - start : chunk_size;
    const std::byte* source = in + bytes_of(p.c.from, start);
    std::byte* target = out + bytes_of(p.c.to, start);
    if (!plain_in) unpack_chunk(p.c.from, source, codes, here);
    look_up(p.look_up, code_input::bytes, plain_in ? source : codes, plain_out ? target : results,
            here, stream);
    if (!plain_out) pack_chunk(p.c.to, results, target, here);
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
  return from.is_lane && !is_stochastic(p.c.p.round) && !to.by_scalar_nan &&
         to.scalar_from >= to.scalar_to;
}

/// `convert_array` of a prepared conversion.
inline void convert_planned(const plan& p, const std::byte* in, std::byte* out, std::uint64_t n,
                            std::uint64_t first) {
  if (p.way == route::scalar || !host_is_supported) {
    return convert_array(p.c, in, out, n, first);
  }
  const int from = container_bytes(p.c.from.f);
  const int to = container_bytes(p.c.to.f);
  if (p.way == route::table) return convert_by_table(p, in, out, n);
  if (p.is_whole && is_plain(p.c.from.pack) && is_plain(p.c.to.pack) && is_aligned(in, from) &&
      is_aligned(out, to)) {
    return convert_whole(p, in, out, n);
  }
  chunk_buffers b;
  prepare(b.stochastic, p, n);
  // What needs no buffer goes in one piece, but for the last chunk.
  const bool is_direct = p.way == route::by32 ? goes_directly(p, p.from32, p.to32)
                                              : goes_directly(p, p.from64, p.to64);
  const bool is_one = is_direct && n > chunk_size && in != out && is_plain(p.c.from.pack) &&
                      is_plain(p.c.to.pack) && is_aligned(in, from) && is_aligned(out, to);
  const std::uint64_t piece = is_one ? n - n % chunk_size : chunk_size;
  for (std::uint64_t start = 0; start < n; start += piece) {
    const std::size_t here = n - start < piece ? n - start : piece;
    const std::byte* source = in + bytes_of(p.c.from, start);
    std::byte* target = out + bytes_of(p.c.to, start);
    const bool whole = here % chunk_size == 0;
    const bool direct_in =
        is_plain(p.c.from.pack) && whole && in != out && is_aligned(source, from);
    const bool direct_out = is_plain(p.c.to.pack) && whole && is_aligned(target, to);
    const void* codes = direct_in ? static_cast<const void*>(source) : b.codes;
    void* results = direct_out ? static_cast<void*>(target) : b.results;
    if (!direct_in) unpack_chunk(p.c.from, source, b.codes, here);
    with_container(from, [&](auto* code) HWY_ATTR {
      with_container(to, [&](auto* result) HWY_ATTR {
        convert_codes(p, static_cast<const std::remove_pointer_t<decltype(code)>*>(codes),
                      static_cast<decltype(result)>(results), here, first + start, b);
      });
    });
    if (!direct_out) pack_chunk(p.c.to, b.results, target, here);
  }
}

/// The instruction set of these kernels.
inline const char* target_name() { return hwy::TargetName(HWY_TARGET); }

}  // namespace
}  // namespace lowp::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
