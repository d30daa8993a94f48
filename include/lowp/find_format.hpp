// SPDX-License-Identifier: Apache-2.0
/// \file
/// From a name to a format and back.
#ifndef LOWP_FIND_FORMAT_HPP
#define LOWP_FIND_FORMAT_HPP

#include <initializer_list>

#include "formats.hpp"

namespace lowp {

namespace detail {

LOWP_FN bool has_name(const named_format& f, const char* name) noexcept {
  const format_names& n = f.names;
  for (const char* other : {n.ocp, n.ml_dtypes, n.pytorch, n.cuda, n.ptx, n.cutlass, n.hip, n.onnx,
                            n.llvm, n.mlir, n.cpu, n.p3109}) {
    if (other != nullptr && same_text(other, name)) return true;
  }
  return same_text(f.name, name) || same_text(f.type_name, name);
}

// Reads digits at `text`; -1 without any, with a leading zero, or above 999.
LOWP_FN int read_number(const char*& text) noexcept {
  int value = -1;
  if (*text == '0') return -1;
  while (*text >= '0' && *text <= '9') {
    value = (value < 0 ? 0 : value) * 10 + (*text - '0');
    if (value > 999) return -1;
    ++text;
  }
  return value;
}

LOWP_FN bool skip(const char*& text, const char* prefix) noexcept {
  const char* t = text;
  for (; *prefix != 0; ++prefix, ++t) {
    if (*t != *prefix) return false;
  }
  text = t;
  return true;
}

}  // namespace detail

/// The registry row with this id, type name or name in another ecosystem (exact spelling; an id
/// wins over a foreign name: "e4m3" is the IEEE style format, OCP's "E4M3" is e4m3fn); nullptr if
/// unknown. spec/formats.md FMT-11.
LOWP_FN const named_format* find_format(const char* name) noexcept {
  for (const named_format& f : all_formats) {
    if (detail::same_text(f.name, name)) return &f;
  }
  for (const named_format& f : all_formats) {
    if (detail::has_name(f, name)) return &f;
  }
  return nullptr;
}

/// The registry row with exactly this format; the first where several agree; nullptr if none.
LOWP_FN const named_format* find_format(format value) noexcept {
  for (const named_format& f : all_formats) {
    if (f.value == value) return &f;
  }
  return nullptr;
}

/// A format by any name: the registry's, binary{K}p{P}{s|u}{e|f} of P3109 for 3 <= K <= 16
/// ("Binary..." too), int{N} and uint{N} for 1 <= N <= 64, posit{N} for 3...32, takum{N}
/// for 3...32. `out` is untouched and the result false if the name is none of these.
LOWP_FN bool parse_format(const char* name, format& out) noexcept {
  if (const named_format* f = find_format(name); f != nullptr) {
    out = f->value;
    return true;
  }
  format f;
  const char* text = name;
  if (detail::skip(text, "binary") || detail::skip(text, "Binary")) {
    const int K = detail::read_number(text);
    if (!detail::skip(text, "p")) return false;
    const int P = detail::read_number(text);
    const bool is_signed = *text == 's';
    if (!is_signed && *text != 'u') return false;
    ++text;
    const bool extended = *text == 'e';
    if (!extended && *text != 'f') return false;
    ++text;
    if (K < 3 || K > 16 || P < 1 || P > K - (is_signed ? 1 : 0)) return false;
    f = p3109_format(K, P, is_signed, extended);
  } else if (bool is_signed = true;
             detail::skip(text, "int") || (is_signed = false, detail::skip(text, "uint"))) {
    const int n = detail::read_number(text);
    if (n < 1 || n > 64) return false;
    f = integer_format(n, is_signed);
  } else if (detail::skip(text, "posit") || detail::skip(text, "takum")) {
    const bool posit = *name == 'p';
    const int n = detail::read_number(text);
    if (n < 3 || n > 32) return false;
    f = posit ? posit_format(n) : takum_format(n);
  }
  if (text == name || *text != 0 || check(f) != format_error::none) return false;
  out = f;
  return true;
}

}  // namespace lowp

#endif  // LOWP_FIND_FORMAT_HPP
