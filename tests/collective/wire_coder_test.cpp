// SPDX-License-Identifier: Apache-2.0
/// \file
/// Codecs of wires at speed against the definition: every registered codec and others, ragged
/// sizes, numbers of every kind, every instruction set and environment, what is fused against what
/// is not, refusals, and no memory allocated.
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <span>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lowp/collective/wire_coder.hpp>
#include <lowp/reduce.hpp>
#include <lowp/types.hpp>

#include "../oracle/report.hpp"
#include "../simd/changed_environment.hpp"
#include "../simd/targets.hpp"
#include "wire_messages.hpp"

namespace {

std::atomic<std::uint64_t> allocations{0};

}  // namespace

// All of a program's memory passes here. Inlined, g++ takes `free` for a mistake.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* p = std::malloc(size != 0 ? size : 1)) return p;
  throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t align) {
  ++allocations;
  const auto a = static_cast<std::size_t>(align);
  if (void* p = std::aligned_alloc(a, (size + a) / a * a)) return p;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* p) noexcept { std::free(p); }
[[gnu::noinline]] void operator delete(void* p, std::size_t) noexcept { std::free(p); }
[[gnu::noinline]] void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
[[gnu::noinline]] void operator delete(void* p, std::size_t, std::align_val_t) noexcept {
  std::free(p);
}

namespace {

using namespace wires;
using bulk::changed_environment;
using bulk::forced_target;
using bulk::targets;
using lowp::wire_codec;
using lowp::wire_coder;
using lowp::wire_position;
using lowp::wire_sum;
using oracle::tally;

/// Lengths of messages: nothing, around a row, some tiles and a ragged end.
std::vector<std::size_t> sizes_of(const wire_codec& c) {
  const std::size_t row = c.row;
  return {0, 1, 2, row - 1, row, row + 1, 3 * row + row / 2, 2048 / row * row + 1, 4500 + row / 3};
}

wire_position position_of(const wire_codec& c) {
  // 13 rows before words of other keys.
  const std::uint64_t rows = (std::uint64_t{4} << 32) / c.row - 13;
  return {{seed, 3, lowp::random_generator::keyed_mix}, rows * c.row};
}

TEST_CASE("COL-6: coders write the bytes of the definition") {
  tally t;
  std::uint64_t salt = 0;
  for (const codec_case& c : all_cases()) {
    const wire_coder coder(c.codec);
    const wire_position at = position_of(c.codec);
    for (const std::size_t n : sizes_of(c.codec)) {
      const int kind = static_cast<int>(++salt % kinds);
      const floats x = numbers(kind, n, salt);
      const bytes want = defined(c.codec, x, at);
      CHECK(coder.encoded_size(n) == want.size());
      for (const bulk::target& target : targets()) {
        const forced_target forced(target.bit);
        bytes room(want.size() + 3, std::byte{0xa5});
        const std::size_t off = salt % 3;  // any address
        {
          const changed_environment changed(salt);
          coder.encode(x, std::span(room).subspan(off, want.size()), at);
        }
        const bytes got(room.begin() + static_cast<std::ptrdiff_t>(off),
                        room.begin() + static_cast<std::ptrdiff_t>(off + want.size()));
        t.expect(got == want, [&] {
          return target.name + ", " + c.name + ", kind " + std::to_string(kind) +
                 difference(want, got);
        });
        room[off] = room[off + want.size() - (want.empty() ? 0 : 1)] = std::byte{0xa5};
        if (off > 0) CHECK(room[off - 1] == std::byte{0xa5});
        CHECK(room[off + want.size()] == std::byte{0xa5});
      }
    }
  }
  oracle::report("messages", t);
}

TEST_CASE("COL-6: coders read the numbers of the definition, of any bytes") {
  tally t;
  std::uint64_t salt = 1000;
  for (const codec_case& c : all_cases()) {
    const wire_coder coder(c.codec);
    for (const std::size_t n : sizes_of(c.codec)) {
      ++salt;
      bytes message = defined(c.codec, numbers(static_cast<int>(salt % kinds), n, salt));
      std::mt19937_64 g = generator(salt);
      if (salt % 2 == 0) {
        for (std::byte& b : message) b = static_cast<std::byte>(g());
      }
      const floats want = defined_numbers(c.codec, message, n);
      const floats before = numbers(0, n, salt + 1);
      floats sums(n);
      {
        const lowp::simd::float_environment environment;
        for (std::size_t i = 0; i < n; ++i) {
          sums[i] = from_bits(
              (machine_binary32::from_float(before[i]) + machine_binary32::from_float(want[i]))
                  .bits());
        }
      }
      for (const bulk::target& target : targets()) {
        const forced_target forced(target.bit);
        floats got(n, -7.0f), sum = before;
        {
          const changed_environment changed(salt);
          coder.decode(message, got);
          coder.decode_add(message, sum);
        }
        t.expect(same(want, got),
                 [&] { return target.name + ", " + c.name + difference(want, got); });
        t.expect(same(sums, sum),
                 [&] { return target.name + ", " + c.name + ", added" + difference(sums, sum); });
      }
    }
  }
  oracle::report("messages", t);
}

TEST_CASE("COL-6: messages apart have the bytes of messages together, on any number of threads") {
  for (const codec_case& c : all_cases()) {
    INFO(c.name);
    const wire_coder coder(c.codec);
    const std::uint64_t row = c.codec.row;
    const floats x = numbers(0, 9000, 77);
    const lowp::random_source random{4, 5};
    bytes whole(coder.encoded_size(x.size())), apart(whole.size());
    coder.encode(x, whole, {random, 5 * row});
    for (std::size_t i = 0, part = row; i < x.size(); i += part, part += 2 * row) {
      const std::size_t n = std::min(part, x.size() - i);
      coder.encode(std::span(x).subspan(i, n),
                   std::span(apart).subspan(row_offset(c.codec, i), coder.encoded_size(n)),
                   {random, 5 * row + i});
    }
    CHECK(apart == whole);
  }
  const floats x = numbers(0, (std::size_t{1} << 20) + 77, 78);
  for (const char* name : {"fp32", "bf16", "int4", "mxfp4", "nvfp4", "fbgemm_fp8"}) {
    INFO(std::string(name));
    const wire_coder coder(with_stochastic(lowp::find_wire_codec(name)->value, 8));
    bytes one(coder.encoded_size(x.size())), three(one.size());
    coder.encode(x, one);
    coder.encode(x, three, {}, {.threads = 3});
    CHECK(one == three);
    floats a(x.size()), b(x.size());
    coder.decode(one, a);
    coder.decode(one, b, {.threads = 4});
    CHECK(same(a, b));
    coder.decode_add(one, a);
    coder.decode_add(one, b, {.threads = 2});
    CHECK(same(a, b));
    const std::vector<std::span<const std::byte>> parts{one, three, one};
    coder.reduce(parts, wire_sum::exact, a);
    coder.reduce(parts, wire_sum::exact, b, {.threads = 3});
    CHECK(same(a, b));
  }
}

/// v = fl(x + y) or fl(x - y) one by one.
floats combined(const floats& x, const floats& y, bool minus) {
  const lowp::simd::float_environment environment;
  floats v(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto a = machine_binary32::from_float(x[i]), b = machine_binary32::from_float(y[i]);
    v[i] = from_bits((minus ? a - b : a + b).bits());
  }
  return v;
}

TEST_CASE("COL-7: feedback is a sum, a message and a difference") {
  tally t;
  std::uint64_t salt = 2000;
  for (const codec_case& c : all_cases()) {
    const wire_coder coder(c.codec);
    const wire_position at = position_of(c.codec);
    for (const std::size_t n : {std::size_t{0}, std::size_t{c.codec.row} + 1, std::size_t{4500}}) {
      ++salt;
      const floats x = numbers(static_cast<int>(salt % kinds), n, salt);
      const floats before = numbers(0, n, salt + 1);
      const floats v = combined(x, before, false);
      const bytes want = defined(c.codec, v, at);
      const floats left = combined(v, defined_numbers(c.codec, want, n), true);
      floats residual = before;
      bytes got(want.size());
      {
        const changed_environment changed(salt);
        coder.encode_feedback(x, residual, got, at);
      }
      t.expect(got == want, [&] { return c.name + difference(want, got); });
      t.expect(same(left, residual), [&] { return c.name + difference(left, residual); });
    }
  }
  oracle::report("feedback", t);
}

/// Messages of as many numbers; the next sums of the definition.
struct some_parts {
  std::vector<bytes> messages;
  std::vector<std::span<const std::byte>> spans;
  floats in_order, exact;

  some_parts(const wire_codec& c, std::size_t n, std::size_t count, int kind, std::uint64_t salt) {
    std::vector<floats> decoded;
    for (std::size_t k = 0; k < count; ++k) {
      floats x = numbers(kind, n, salt + 100 * k);
      if (kind == 0 && k % 2 == 1) {
        for (float& v : x) v *= 1e-9f;  // far below the others
      }
      messages.push_back(defined(c, x, {{1, k}, 0}));
      decoded.push_back(defined_numbers(c, messages.back(), n));
    }
    for (const bytes& m : messages) spans.emplace_back(m);
    in_order = decoded[0];
    for (std::size_t k = 1; k < count; ++k) in_order = combined(in_order, decoded[k], false);
    for (std::size_t i = 0; i < n; ++i) {
      std::vector<lowp::float32> terms;
      for (const floats& d : decoded) terms.push_back(lowp::float32::from_code(bits_of(d[i])));
      exact.push_back(
          from_bits(static_cast<std::uint32_t>(lowp::sum<lowp::float32>(terms).code())));
    }
  }
};

TEST_CASE("COL-8: sums in order and exact sums") {
  tally t;
  std::uint64_t salt = 3000;
  for (const codec_case& c : all_cases()) {
    const wire_coder coder(c.codec);
    for (const std::size_t count : {1U, 2U, 3U, 8U}) {
      const std::size_t n = count == 3 ? 2 * std::size_t{c.codec.row} + 700 : c.codec.row + 1;
      const int kind = static_cast<int>(++salt % kinds);
      const some_parts p(c.codec, n, count, kind, ++salt);
      for (const bulk::target& target : targets()) {
        const forced_target forced(target.bit);
        floats a(n, -7.0f), b(n, -7.0f);
        {
          const changed_environment changed(salt);
          coder.reduce(p.spans, wire_sum::in_order, a);
          coder.reduce(p.spans, wire_sum::exact, b);
        }
        const std::string what = target.name + ", " + c.name + ", " + std::to_string(count) +
                                 " of kind " + std::to_string(kind);
        t.expect(same(p.in_order, a), [&] { return what + difference(p.in_order, a); });
        t.expect(same(p.exact, b), [&] { return what + ", exact" + difference(p.exact, b); });
      }
    }
  }
  oracle::report("sums", t);
}

TEST_CASE("COL-8: exact sums where pairs of binary64 do and do not hold them") {
  tally t;
  const wire_codec c = lowp::wire_codecs::fp32;
  const wire_coder coder(c);
  std::mt19937_64 g = generator(7);
  for (int round = 0; round < 400; ++round) {
    const std::size_t n = 40, count = 2 + g() % 9;
    std::vector<bytes> messages;
    std::vector<floats> terms;
    const int span = round % 4 == 0 ? 8 : round % 4 == 1 ? 60 : round % 4 == 2 ? 130 : 250;
    for (std::size_t k = 0; k < count; ++k) {
      floats x(n);
      for (std::size_t i = 0; i < n; ++i) {
        const auto word = static_cast<std::uint32_t>(g());
        // Ties, cancellation, and everything else.
        const std::uint32_t fraction = word % 3 == 0 ? 0 : word % 3 == 1 ? 0x7fffff : word >> 9;
        const auto field = static_cast<std::uint32_t>(1 + g() % static_cast<unsigned>(span));
        x[i] = from_bits((word & 0x80000000) | field << 23 | (fraction & 0x7fffff));
        if (k > 0 && g() % 4 == 0) x[i] = -terms[g() % k][i];
        if (g() % 50 == 0) x[i] = from_bits(word & 0x80000000);
        if (i % 13 == 0) x[i] = from_bits(static_cast<std::uint32_t>(i) << 31);
      }
      terms.push_back(x);
      messages.push_back(defined(c, x));
    }
    std::vector<std::span<const std::byte>> spans(messages.begin(), messages.end());
    floats want, got(n), back(n);
    for (std::size_t i = 0; i < n; ++i) {
      std::vector<lowp::float32> column;
      for (const floats& x : terms) column.push_back(lowp::float32::from_code(bits_of(x[i])));
      want.push_back(
          from_bits(static_cast<std::uint32_t>(lowp::sum<lowp::float32>(column).code())));
    }
    for (const bulk::target& target : targets()) {
      const forced_target forced(target.bit);
      coder.reduce(spans, wire_sum::exact, got);
      t.expect(same(want, got), [&] {
        return target.name + ", span " + std::to_string(span) + difference(want, got);
      });
      const std::vector<std::span<const std::byte>> reversed(spans.rbegin(), spans.rend());
      coder.reduce(reversed, wire_sum::exact, back);
      t.expect(same(got, back), [&] { return "in reverse" + difference(got, back); });
    }
  }
  oracle::report("sums", t);
}

TEST_CASE("COL-9: a sum encoded at once is a sum, and then a message with feedback") {
  tally t;
  std::uint64_t salt = 4000;
  const std::vector<codec_case> all = all_cases();
  for (std::size_t k = 0; k < all.size(); ++k) {
    const wire_codec& c = all[k].codec;
    const std::string name = all[k].name + " to " + all[(k * 7 + 3) % all.size()].name;
    const wire_codec& to = all[(k * 7 + 3) % all.size()].codec;
    const wire_coder coder(c), other(to);
    const std::size_t n = 4700, count = 1 + k % 4;
    const some_parts p(c, n, count, k % 5 == 4 ? 3 : 0, ++salt);
    for (const wire_sum how : {wire_sum::in_order, wire_sum::exact}) {
      const floats& sum = how == wire_sum::exact ? p.exact : p.in_order;
      const wire_position at = position_of(to);
      bytes want(other.encoded_size(n)), got(want.size()), alone(want.size());
      const floats before = numbers(0, n, salt);
      floats left = before, residual = before, decoded(n);
      other.encode_feedback(sum, left, want, at);
      coder.reduce_encode(p.spans, n, how, other, got, at,
                          {.residual = residual, .decoded = decoded});
      const floats received = defined_numbers(to, want, n);
      t.expect(got == want, [&] { return name + difference(want, got); });
      t.expect(same(left, residual), [&] { return name + ", left" + difference(left, residual); });
      t.expect(same(received, decoded),
               [&] { return name + ", decoded" + difference(received, decoded); });
      other.encode(sum, want, at);
      coder.reduce_encode(p.spans, n, how, other, alone, at);
      t.expect(alone == want, [&] { return name + ", alone" + difference(want, alone); });
    }
  }
  oracle::report("sums encoded", t);
}

TEST_CASE("COL-9: rows of two codecs that begin at no number in common") {
  // Long enough that tiles of the second codec end within the short last row of the first.
  const std::size_t n = 10260;
  const lowp::random_source random{8, 9};
  for (const wire_codec& c :
       {with_row(lowp::wire_codecs::int2, 4096), with_row(lowp::wire_codecs::mxfp4, 4096),
        with_hadamard(with_row(lowp::wire_codecs::fp16, 4096), 64)}) {
    for (const wire_codec& to :
         {with_row(lowp::wire_codecs::mxfp6_e3m2, 96), with_row(lowp::wire_codecs::int8, 7),
          with_stochastic(with_row(lowp::wire_codecs::int4, 33))}) {
      const wire_coder coder(c), other(to);
      const some_parts p(c, n, 2, 0, 31);
      bytes want(other.encoded_size(n)), got(want.size());
      other.encode(p.exact, want, {random, 0});
      coder.reduce_encode(p.spans, n, wire_sum::exact, other, got, {random, 0});
      CHECK_MESSAGE(got == want, "from ", static_cast<int>(c.kind), " to ", to.row,
                    difference(want, got));
    }
  }
}

TEST_CASE("COL-6: no call allocates memory") {
  for (const codec_case& c : all_cases()) {
    INFO(c.name);
    const wire_coder coder(c.codec);
    const std::size_t n = 5000;
    for (int kind = 0; kind < kinds; ++kind) {
      const floats x = numbers(kind, n, 9);
      bytes message(coder.encoded_size(n)), again(message.size());
      floats y(n), residual(n), decoded(n);
      const std::vector<std::span<const std::byte>> parts{message, message, message};
      const wire_position at{{1, 2}, 0};
      coder.encode(x, message, at);  // what the library makes once for all
      const std::uint64_t before = allocations;
      coder.encode(x, message, at);
      coder.decode(message, y);
      coder.decode_add(message, y);
      coder.encode_feedback(x, residual, message, at);
      coder.reduce(parts, wire_sum::in_order, y);
      coder.reduce(parts, wire_sum::exact, y);
      coder.reduce_encode(parts, n, wire_sum::exact, coder, again, at,
                          {.residual = residual, .decoded = decoded});
      const std::uint64_t after = allocations;
      CHECK(after == before);
    }
  }
}

/// The text of a refusal, or nothing.
template <class Call>
std::string refusal(Call call) {
  try {
    call();
  } catch (const lowp::array_error& e) {
    return e.what();
  }
  return {};
}

TEST_CASE("COL-6: codecs and arguments that break a rule are refused with words") {
  const wire_coder coder(lowp::wire_codecs::fbgemm_int8);
  floats x(40), y(40), z(40);
  bytes message(coder.encoded_size(40));
  REQUIRE(message.size() == 40 + 16);
  const std::span<std::byte> out(message);
  CHECK(refusal([&] { coder.encode(x, out); }).empty());
  CHECK(refusal([&] { coder.encode(x, out.first(55)); }) ==
        "lowp::wire_coder::encode: bytes has 55 bytes, 40 numbers take 56");
  CHECK(refusal([&] {
          coder.encode(x, out, {{}, 33});
        }) ==
        "lowp::wire_coder::encode: at.first is 33: it must be a multiple of 32, the codec's row");
  CHECK(refusal([&] { coder.decode(out, std::span(y).first(36)); }) ==
        "lowp::wire_coder::decode: bytes has 56 bytes, 36 numbers take 52");
  CHECK(refusal([&] { coder.decode_add(out.first(1), y); }) ==
        "lowp::wire_coder::decode_add: bytes has 1 bytes, 40 numbers take 56");
  CHECK(refusal([&] { coder.encode_feedback(x, std::span(y).first(3), out); }) ==
        "lowp::wire_coder::encode_feedback: residual has 3 numbers, not 40");
  CHECK(refusal([&] { coder.encode_feedback(x, x, out); }) ==
        "lowp::wire_coder::encode_feedback: numbers and residual overlap: 160 and 160 bytes, the "
        "second begins 0 bytes behind the first; they must share no byte");
  floats both(100);
  const auto shared = std::as_writable_bytes(std::span(both));
  CHECK(refusal([&] { coder.encode(std::span(both).first(40), shared.subspan(160, 56)); }).empty());
  CHECK(refusal([&] { coder.encode(std::span(both).first(40), shared.subspan(159, 56)); }) ==
        "lowp::wire_coder::encode: numbers and bytes overlap: 160 and 56 bytes, the second begins "
        "159 bytes behind the first; they must share no byte");
  CHECK(refusal([&] { coder.decode(shared.subspan(3, 56), std::span(both).first(40)); }) ==
        "lowp::wire_coder::decode: bytes and numbers overlap: 56 and 160 bytes, the second begins "
        "3 bytes before the first; they must share no byte");
  std::vector<std::span<const std::byte>> parts;
  CHECK(refusal([&] { coder.reduce(parts, wire_sum::exact, y); }) ==
        "lowp::wire_coder::reduce: parts has 0 messages, a sum needs one at least");
  parts = {out, out.first(55)};
  CHECK(refusal([&] { coder.reduce(parts, wire_sum::exact, y); }) ==
        "lowp::wire_coder::reduce: parts[1] has 55 bytes, 40 numbers take 56");
  parts = {out, out};
  CHECK(refusal([&] { coder.reduce(parts, static_cast<wire_sum>(2), y); }) ==
        "lowp::wire_coder::reduce: how is 2: it must be in_order or exact");
  CHECK(refusal([&] { coder.reduce(parts, wire_sum::exact, y); }).empty());
  CHECK(refusal([&] { coder.reduce_encode(parts, 40, wire_sum::exact, coder, out); }) ==
        "lowp::wire_coder::reduce_encode: parts and bytes overlap: 56 and 56 bytes, the second "
        "begins 0 bytes behind the first; they must share no byte");
  bytes other(56);
  CHECK(refusal([&] {
          coder.reduce_encode(parts, 40, wire_sum::exact, coder, other, {},
                              {.residual = y, .decoded = y});
        }) ==
        "lowp::wire_coder::reduce_encode: keep.residual and keep.decoded overlap: 160 and 160 "
        "bytes, the second begins 0 bytes behind the first; they must share no byte");
  CHECK(refusal([&] {
          coder.reduce_encode(parts, 40, wire_sum::exact, coder, other, {},
                              {.decoded = std::span(y).first(7)});
        }) == "lowp::wire_coder::reduce_encode: keep.decoded has 7 numbers, not 40");
  const auto refused = [](const wire_codec& c) { return refusal([&] { const wire_coder w(c); }); };
  wire_codec c = lowp::wire_codecs::mxfp4;
  CHECK(refused(with_row(c, 0)) ==
        "lowp::wire_coder: codec.row is 0: a row must have 1 to 4096 numbers");
  CHECK(refused(with_row(c, 48)) ==
        "lowp::wire_coder: codec.row is 48: blocks must be one row high and fill rows; an outer "
        "scale must be that of a row");
  CHECK(
      refused(with_hadamard(c, 24)) ==
      "lowp::wire_coder: codec.hadamard is 24: rotated groups must be of a power of two from 2 to "
      "1024 that divides the row");
  c = lowp::wire_codecs::int8;
  c.rows.random_bits = 20;
  CHECK(refused(c) ==
        "lowp::wire_coder: codec.rows.element.width is 8: the row-wise codec is not usable: "
        "elements must round to nearest even, or stochastically by up to 16 random bits");
  c = lowp::wire_codecs::fp32;
  c.element = lowp::formats::e2m1;
  CHECK(refused(c) ==
        "lowp::wire_coder: codec.element.width is 4: numbers must become codes of 8, 16 or 32 "
        "bits");
  c.kind = static_cast<lowp::wire_kind>(7);
  CHECK(refused(c) ==
        "lowp::wire_coder: codec.kind is 7: the kind must be numbers, rows or blocks");
}

}  // namespace
