// SPDX-License-Identifier: Apache-2.0
#include "conduct.hpp"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "../code_arrays.hpp"
#include "../inputs.hpp"

namespace lowp::tool {

namespace {

constexpr int unwritten_byte[2] = {0xa5, 0x5a};

const void* at(const void* array, const field& f, std::size_t index) {
  return static_cast<const std::byte*>(array) + index * bytes_of_case(f);
}

std::string codes_text(const field& f, const void* array, std::size_t index) {
  std::string text = fmt::format("{}", f.name);
  for (std::size_t j = 0; j < std::min<std::size_t>(f.count, 4); ++j) {
    text += fmt::format(" 0x{:0{}x}", load_code(array, f.bytes(), index * f.count + j),
                        (f.of.width + 3) / 4);
  }
  return text + (f.count > 4 ? " ..." : "");
}

std::string place_words(const cut& lengths, std::size_t index) {
  const place_in_batch p = find_place(lengths, index);
  return fmt::format("at index {} of a batch of {}", p.place, p.length);
}

}  // namespace

const char* words(disagreement d) {
  switch (d) {
    case disagreement::unwritten: return "does not write all results";
    case disagreement::equal_calls: return "gives different results for equal calls";
    case disagreement::other_cases: return "results depend on the other cases of the batch";
    case disagreement::place:
      return "results depend on where a case stands in its batch, or on the batch's length";
    case disagreement::identity:
      return "results depend on first, total, seed, stream or rank, of which the claim says "
             "nothing";
  }
  return "";
}

cut cut_in_two(std::uint64_t seed, std::size_t cases) {
  if (cases < 2) return {cases};
  const std::size_t first = 1 + random_bits(seed, cases) % (cases - 1);
  return {first, cases - first};
}

cut cut_short(std::uint64_t seed, std::size_t cases) {
  cut lengths;
  for (std::size_t done = 0; done < cases; done += lengths.back()) {
    const std::size_t n = 1 + random_bits(seed, done) % longest_short;
    lengths.push_back(std::min(n, cases - done));
  }
  return lengths;
}

place_in_batch find_place(const cut& lengths, std::size_t index) {
  for (const std::size_t n : lengths) {
    if (index < n) return {index, n};
    index -= n;
  }
  return {};
}

conduct::conduct(const implementation& row, std::vector<field> in, std::vector<field> out,
                 bool own_random)
    : row_(row), in_(std::move(in)), out_(std::move(out)), own_random_(own_random) {}

void conduct::call(const batch& block, const cut& lengths, int attempt) const {
  std::vector<const void*> ins(in_.size());
  std::vector<void*> outs(out_.size());
  for (std::size_t k = 0; k < out_.size(); ++k) {
    std::memset(block.out[k], unwritten_byte[attempt], block.cases * bytes_of_case(out_[k]));
  }
  std::size_t done = 0;
  for (const std::size_t n : lengths) {
    for (std::size_t k = 0; k < in_.size(); ++k) ins[k] = at(block.in[k], in_[k], done);
    for (std::size_t k = 0; k < out_.size(); ++k) {
      outs[k] = const_cast<void*>(at(block.out[k], out_[k], done));
    }
    batch part = block;
    part.in = ins.data();
    part.out = outs.data();
    part.cases = n;
    part.first = block.first + done;
    part.total = std::max(block.total, block.first + block.cases);
    row_.run(part);
    done += n;
  }
}

conduct::arrays conduct::make_arrays(const std::vector<field>& fields, std::size_t cases) {
  arrays a;
  for (const field& f : fields) a.data.emplace_back(cases * bytes_of_case(f));
  for (auto& d : a.data) a.pointers.push_back(d.data());
  return a;
}

void conduct::replace_others(const std::vector<field>& fields, std::size_t parity,
                             std::size_t cases, const void* const* from, void* const* to,
                             bool backwards) {
  for (std::size_t k = 0; k < fields.size(); ++k) {
    const std::size_t bytes = bytes_of_case(fields[k]);
    for (std::size_t i = 1 - parity; i < cases; i += 2) {
      std::memcpy(static_cast<std::byte*>(to[k]) + i * bytes,
                  at(from[k], fields[k], backwards ? cases - 1 - i : i), bytes);
    }
  }
}

std::size_t conduct::difference(const void* const* a, const void* const* b,
                                std::size_t cases) const {
  std::size_t least = cases;
  for (std::size_t k = 0; k < out_.size(); ++k) {
    const auto* x = static_cast<const std::byte*>(a[k]);
    const std::size_t bytes = least * bytes_of_case(out_[k]);
    const auto* found = std::mismatch(x, x + bytes, static_cast<const std::byte*>(b[k])).first;
    if (found != x + bytes) {
      least = static_cast<std::size_t>(found - x) / bytes_of_case(out_[k]);
    }
  }
  return least;
}

bool conduct::unwritten(const void* const* a, const void* const* b, std::size_t index) const {
  for (std::size_t k = 0; k < out_.size(); ++k) {
    const auto all = [&](const void* array, int value) {
      const auto* x = static_cast<const std::byte*>(at(array, out_[k], index));
      return std::all_of(x, x + bytes_of_case(out_[k]),
                         [&](std::byte v) { return std::to_integer<int>(v) == value; });
    };
    if (all(a[k], unwritten_byte[0]) && all(b[k], unwritten_byte[1])) return true;
  }
  return false;
}

std::string conduct::results_text(const void* const* a, std::size_t index) const {
  std::string text;
  for (std::size_t k = 0; k < out_.size(); ++k) {
    text += (k == 0 ? "" : ", ") + codes_text(out_[k], a[k], index);
  }
  return text;
}

std::string conduct::operands_words(const batch& block, std::size_t index) const {
  std::string text;
  for (std::size_t k = 0; k < std::min<std::size_t>(in_.size(), 4); ++k) {
    text += (k == 0 ? "" : ", ") + codes_text(in_[k], block.in[k], index);
  }
  return text;
}

void conduct::compare(const batch& block, const cut& lengths, std::uint64_t seed,
                      conduct_faults& faults) const {
  const std::size_t n = block.cases;
  arrays other = make_arrays(out_, n);
  batch b = block;
  b.out = other.pointers.data();
  const auto same = [&](disagreement kind, const cut& used) {
    const std::size_t i = difference(block.out, b.out, n);
    if (i == n) return true;
    faults.emplace(kind, fmt::format("{}: {} {}, then {} {}", operands_words(block, i),
                                     results_text(block.out, i), place_words(lengths, i),
                                     results_text(b.out, i), place_words(used, i)));
    return false;
  };

  call(b, lengths, 1);
  const std::size_t i = difference(block.out, b.out, n);
  if (i != n && unwritten(block.out, b.out, i)) {
    faults.emplace(disagreement::unwritten, fmt::format("{}: nothing {}", operands_words(block, i),
                                                        place_words(lengths, i)));
    return;
  }
  if (!same(disagreement::equal_calls, lengths)) return;

  for (const std::size_t parity : {0u, 1u}) {
    if (own_random_) break;
    arrays mixed = make_arrays(in_, n);
    for (std::size_t k = 0; k < in_.size(); ++k) {
      std::memcpy(mixed.pointers[k], block.in[k], mixed.data[k].size());
    }
    replace_others(in_, parity, n, block.in, mixed.pointers.data(), true);
    const std::vector<const void*> ins(mixed.pointers.begin(), mixed.pointers.end());
    b.in = ins.data();
    call(b, lengths);
    b.in = block.in;
    replace_others(out_, parity, n, block.out, other.pointers.data(), false);
    if (!same(disagreement::other_cases, lengths)) return;
  }

  const cut others = lengths.size() > n / 32 ? cut_in_two(seed, n) : cut_short(seed, n);
  call(b, others);
  if (!same(disagreement::place, others) || own_random_) return;

  b.first += 1'000'003;
  b.total = 0;
  b.seed = seed;
  b.stream = 5;
  b.rank = 1;
  b.ranks = 3;
  call(b, lengths);
  same(disagreement::identity, lengths);
}

}  // namespace lowp::tool
