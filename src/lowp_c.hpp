// SPDX-License-Identifier: Apache-2.0
/// \file
/// What the units behind lowp/interop/lowp.h share: refusals, and arguments from C to C++.
#ifndef LOWP_SRC_LOWP_C_HPP
#define LOWP_SRC_LOWP_C_HPP

#include <cstddef>
#include <cstdint>

#include <lowp/interop/lowp.h>
#include <lowp/pack/convert_array.hpp>

namespace lowp::c {

/// Keeps what this thread was refused for, a format of printf with its arguments, and returns the
/// status.
[[gnu::format(printf, 2, 3)]] int refuse(int status, const char* text, ...) noexcept;

int refuse_null(const char* function, const char* argument) noexcept;

/// Element types as bytes: where arrays begin is up to the caller.
using bytes = const std::byte*;
inline bytes bytes_at(const void* p) noexcept { return static_cast<bytes>(p); }
inline std::byte* bytes_at(void* p) noexcept { return static_cast<std::byte*>(p); }

/// Bytes of the integer that holds a code.
inline std::size_t container_bytes(const format& f) noexcept {
  return f.width <= 8 ? 1 : f.width <= 16 ? 2 : f.width <= 32 ? 4 : 8;
}

/// Element i of an array of codes.
code_t load(const format& f, bytes array, std::size_t i) noexcept;
void store(const format& f, std::byte* array, std::size_t i, code_t code) noexcept;

/// A call: the name that begins its messages, and checks that return LOWP_OK or refuse.
struct call {
  const char* function;

  int format_of(const char* name, const lowp_format* in, format& out) const noexcept;
  int projection_of(const lowp_projection* in, projection& out) const noexcept;
  /// Null is the default; words are taken over by `word_of`.
  int random_of(const lowp_random* in, random_source& out) const noexcept;
  /// There is an array of n elements of so many bytes, and it is not larger than memory.
  int array(const char* name, const void* p, std::size_t n, std::size_t each) const noexcept;
  int index(const char* name, std::size_t i, std::size_t count) const noexcept;
  int pointer(const char* name, const void* p) const noexcept;
};

/// An array or buffer among others.
struct extent {
  const char* name;
  const void* at;
  std::uint64_t bytes;
};

/// Refuses an array that is written and shares bytes with one of others.
int check_apart(const call& c, const extent& written, const extent* others,
                std::size_t count) noexcept;
/// The same for the result of element-wise calls, which may begin where an operand does that is of
/// no narrower integers.
int check_result(const call& c, const extent& out, std::size_t out_each, const extent* operands,
                 const std::size_t* operand_each, std::size_t count) noexcept;

/// The random word of element i.
inline std::uint64_t word_of(const lowp_random* r, const random_source& source, const projection& p,
                             std::size_t i) noexcept {
  if (!is_stochastic(p.round)) return 0;
  if (r != nullptr && r->words != nullptr) return r->words[i];
  return random_word_of(p, source, (r == nullptr ? 0 : r->first) + i);
}

lowp_format to_c(const format& f) noexcept;
lowp_projection to_c(const projection& p) noexcept;

}  // namespace lowp::c

/// Returns from the function around it if the check refuses.
#define LOWP_C_CHECK(check)                                              \
  do {                                                                   \
    if (const int status_ = (check); status_ != LOWP_OK) return status_; \
  } while (false)

#endif  // LOWP_SRC_LOWP_C_HPP
