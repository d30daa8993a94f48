// SPDX-License-Identifier: Apache-2.0
/// \file
/// The dot products and tiles of this processor are recognised, run as `lowp verify` runs them.
#include <cstdlib>
#include <cstring>
#include <variant>

#include "../../fuzz/cpu.hpp"
#include "../../fuzz/implementation.hpp"
#include "golden/identify_mma_checks.hpp"

namespace lowp::tool {

// What the rows need of the tool, without its printing.
dot_model named_dot(const char* name) {
  const named_mma_model* const row = find_mma_model(name);
  if (row == nullptr) std::abort();
  return {row->name, row->origin.source, row->value};
}

}  // namespace lowp::tool

namespace {

using namespace identify_mma;

/// Codes as rows have them: aligned, and with room up to the next 64 cases.
class codes {
 public:
  codes(const format& f, std::size_t count, std::size_t cases)
      : bytes_(static_cast<std::size_t>(lowp::detail::storage_bytes(f.width))),
        room_((cases + 63) / 64 * count * bytes_ + 1) {}
  /// Of bytes in the order of the machine, little-endian.
  void set(std::size_t i, code_t x) { std::memcpy(data() + i * bytes_, &x, bytes_); }
  code_t get(std::size_t i) {
    code_t x = 0;
    std::memcpy(&x, data() + i * bytes_, bytes_);
    return x;
  }
  char* data() { return room_.front().bytes; }

 private:
  struct alignas(64) block {
    char bytes[64];
  };
  std::size_t bytes_;
  std::vector<block> room_;
};

black_box box_of(const tool::implementation& row, const mma_model& m) {
  return [&row, q = question_of(m)](std::span<const code_t> in, std::span<code_t> out) {
    const std::size_t n = out.size(), k = static_cast<std::size_t>(q.k);
    codes a(q.a, k, n), b(q.b, k, n), c(q.c, 1, n), d(q.d, 1, n);
    for (std::size_t i = 0; i < n; ++i) {
      const code_t* const x = in.data() + i * operand_count(q);
      for (std::size_t j = 0; j < k; ++j) {
        a.set(i * k + j, x[j]);
        b.set(i * k + j, x[k + j]);
      }
      c.set(i, x[2 * k]);
    }
    const void* const operands[] = {a.data(), b.data(), c.data()};
    void* const results[] = {d.data()};
    row.run({.in = operands, .out = results, .cases = n});
    for (std::size_t i = 0; i < n; ++i) out[i] = d.get(i);
  };
}

}  // namespace

TEST_CASE("DIA-9 MMA-17 identify recognises every dot product of this processor") {
  tool::catalogue here;
  tool::add_x86_dots(here);
  tool::add_x86_tiles(here);
  std::string absent;
  for (const tool::absent_family& x : here.absent) absent += x.family + ": " + x.reason + "; ";
  if (!tool::find_x86_features().avx512_bf16) absent += "AVX512-BF16: not here; ";
  if (!absent.empty()) MESSAGE("not run: ", absent);
  std::string found_all;
  for (const tool::implementation& row : here.rows) {
    const auto& dot = std::get<tool::dot_model>(row.model);
    const identified_mma found = identify(question_of(dot.value), box_of(row, dot.value));
    INFO(row.family, " ", row.function, ": ", all(found.words), " expected",
         text(normal_form(dot.value)), " found", text(normal_form(found.guess.model)));
    CHECK(found.supporting == found.cases);
    CHECK(normal_form(found.guess.model) == normal_form(dot.value));
    found_all += row.family + " " + row.function + " is";
    for (const std::string& name : found.names) found_all += " " + name;
    found_all += "; ";
    // Short rows of tiles have no names of their own.
    if (find_mma_model(dot.name.c_str())->value != dot.value) continue;
    CHECK(std::find(found.names.begin(), found.names.end(), dot.name) != found.names.end());
  }
  MESSAGE(here.rows.size(), " dot products run: ", found_all);
}
