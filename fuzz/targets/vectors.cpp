// SPDX-License-Identifier: Apache-2.0
/// \file
/// Fuzz target: files of results from outside, in every format that `lowp check` reads, with a
/// claim of the command line or one that the file names. Whatever the bytes, they are rows of codes
/// of their formats or an error that is fit to be shown.
// compile: fuzz/vectors/readers.cpp fuzz/vectors/read_lines.cpp fuzz/vectors/read_records.cpp
// compile: fuzz/vectors/read_fptest.cpp fuzz/vectors/input_stream.cpp fuzz/vectors/check.cpp
// links: tool
#include <cstdio>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../usage_error.hpp"
#include "../vectors/check.hpp"
#include "input.hpp"

namespace {

using namespace lowp::tool;

/// Rows of one column and of many, of one bit and of 64, with flags, random bits, arrays.
constexpr const char* claims[] = {"",
                                  "f16_add",
                                  "convert binary32 e4m3fn overflow=saturate",
                                  "compare less bfloat16",
                                  "f64_to_i64",
                                  "convert binary32 bfloat16 round=stochastic_a random_bits=16",
                                  "quantise mxfp8_e4m3 torchao_rceil",
                                  "instruction cvt.rn.bf16x2.f32",
                                  "fma e2m1",
                                  "integer_dot vpdpbusd",
                                  "unpack dense4_low int4 to=int8"};

/// A file in memory that is opened by its name.
struct memory_file {
  memory_file() : file(memfd_create("vectors", 0)) { demand(file >= 0); }
  void write(const std::uint8_t* data, std::size_t size) const {
    demand(ftruncate(file, 0) == 0 && pwrite(file, data, size, 0) == static_cast<ssize_t>(size));
  }
  std::string path() const { return fmt::format("/proc/self/fd/{}", file); }
  int file;
};

/// Outside bytes do not reach a terminal as they are.
bool printable(const std::string& text) {
  for (const char c : text) {
    if (c != '\n' && (c < ' ' || c > '~')) return false;
  }
  return !text.empty();
}

/// Claims that were made before: making one takes longer than reading its rows.
const vector_claim& known_claim(const std::string& text, flags_choice flags) {
  static std::map<std::pair<std::string, flags_choice>, vector_claim> known;
  const auto key = std::make_pair(text, flags);
  if (const auto found = known.find(key); found != known.end()) return found->second;
  if (known.size() > 100) known.clear();
  return known.emplace(key, make_vector_claim({text}, flags)).first->second;
}

/// Demands of every row that its codes are of their formats.
row_sink rows(const std::string& claim) {
  const auto present = std::make_shared<std::string>(claim);
  const auto flags = std::make_shared<flags_choice>(flags_choice::by_name);
  const auto of = [present, flags]() -> const vector_claim& {
    if (present->empty()) throw usage_error("no claim");
    return known_claim(*present, *flags);
  };
  const auto begin = [=, fixed = !claim.empty()](const row_sink::section& s) {
    if (fixed) return;
    *flags = s.flags ? flags_choice::yes : flags_choice::no;
    try {
      known_claim(*present = s.claim, *flags);
    } catch (const usage_error&) {
      throw usage_error("a claim");
    }
  };
  return {begin, of,
          [of](std::uint64_t, const lowp::code_t* operands, const lowp::code_t* results) {
            for (const vector_column& c : of().columns) {
              for (std::size_t k = 0; k < c.data.count; ++k) {
                const lowp::code_t code = ((c.is_result ? results : operands) + c.place)[k];
                demand((code & ~lowp::detail::low_mask(c.data.of.width)) == 0);
              }
            }
          },
          [](const std::string& what) { demand(printable(what)); }};
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  // Mismatches are printed there.
  demand(std::freopen("/dev/null", "w", stdout) != nullptr);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const memory_file file;
  if (size < 2) return 0;
  static const std::vector<std::string> formats = readable_formats();
  const std::size_t as = data[0] % (formats.size() + 1);
  const std::string format = as == 0 ? "" : formats[as - 1];
  const std::string claim = claims[(data[1] & 0x0f) % std::size(claims)];
  file.write(data + 2, size - 2);
  try {
    input_stream in(file.path());
    if ((data[1] & 0xf0) == 0xf0) {
      check_options options;
      if (!claim.empty()) options.claim = {claim};
      vector_check check(options, in.name());
      read_vectors(in, format, check.sink());
      check.finish();
    } else {
      read_vectors(in, format, rows(claim));
    }
  } catch (const usage_error& e) {
    if (!printable(e.what())) fmt::print(stderr, "{}\n", e.what());
    demand(printable(e.what()));
  }
  return 0;
}
