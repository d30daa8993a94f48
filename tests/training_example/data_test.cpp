// SPDX-License-Identifier: Apache-2.0
// What a step learns from: a function of the seed, the step and the place in the batch.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include <doctest/doctest.h>

#include "../../examples/language/text_source.hpp"
#include "support.hpp"

using namespace language;

namespace {

std::vector<std::uint8_t> numbered(std::size_t n) {
  std::vector<std::uint8_t> text(n);
  for (std::size_t i = 0; i < n; ++i) text[i] = static_cast<std::uint8_t>(i * i / 7 + i / 256);
  return text;
}

bool same(const batch& a, const batch& b) { return a.tokens == b.tokens && a.targets == b.targets; }

}  // namespace

TEST_CASE("text: every tenth piece is held out, targets are the next bytes") {
  const std::vector<std::uint8_t> text = numbered(50000);
  std::vector<std::uint8_t> out, in;
  for (std::size_t i = 0; i < text.size(); ++i) (i / 2048 % 10 == 9 ? out : in).push_back(text[i]);
  const text_source s("x", text, 30);
  CHECK(s.held_out_sequences() == (out.size() - 1) / 30);
  const batch held = s.held_out(3, 2);
  for (std::size_t i = 0; i < 60; ++i) {
    CHECK(held.tokens[i] == out[90 + i]);
    CHECK(held.targets[i] == out[91 + i]);
  }
  CHECK(same(s.held_out(s.held_out_sequences() + 3, 2), held));
  int found = 0;
  const batch b = s.training(1, 5, 0, 40);
  REQUIRE(b.tokens.size() == 1200);
  for (std::size_t row = 0; row < 40; ++row) {
    const auto first = b.tokens.begin() + static_cast<std::ptrdiff_t>(30 * row);
    const auto at = std::search(in.begin(), in.end() - 1, first, first + 30);
    if (at >= in.end() - 30) continue;
    bool right = true;
    for (std::size_t i = 0; i < 30; ++i) {
      right = right && b.targets[30 * row + i] == at[static_cast<std::ptrdiff_t>(i) + 1];
    }
    found += right;
  }
  CHECK(found == 40);
}

TEST_CASE("batches follow the seed and the step, and any part of one is the same") {
  const text_source text("x", numbered(50000), 30);
  const task_source copy(*find_task("copy"), 30);
  for (const data_source* s :
       {static_cast<const data_source*>(&text), static_cast<const data_source*>(&copy)}) {
    CAPTURE(s->name());
    const batch b = s->training(1, 5, 0, 8);
    CHECK(same(s->training(1, 5, 0, 8), b));
    CHECK_FALSE(same(s->training(1, 6, 0, 8), b));
    CHECK_FALSE(same(s->training(2, 5, 0, 8), b));
    const batch part = s->training(1, 5, 3, 2);
    CHECK(std::equal(part.tokens.begin(), part.tokens.end(), b.tokens.begin() + 90));
    CHECK(std::equal(part.targets.begin(), part.targets.end(), b.targets.begin() + 90));
    CHECK_FALSE(same(s->held_out(0, 8), s->training(0, 0, 0, 8)));
  }
}

TEST_CASE("tasks: what is foreseen can be known") {
  const batch b = task_source(*find_task("copy"), 31).training(1, 1, 0, 20);
  std::set<std::uint8_t> letters;
  for (std::size_t row = 0; row < 20; ++row) {
    for (std::size_t i = 0; i < 31; ++i) {
      const std::size_t at = 31 * row + i;
      letters.insert(b.tokens[at]);
      CHECK(b.targets[at] == (i + 1 < 16 ? -1 : b.tokens[at - 15]));
    }
  }
  CHECK(letters.size() == 16);
  const batch sums = task_source(*find_task("sums"), 24).training(1, 1, 0, 20);
  for (std::size_t at = 0; at < sums.tokens.size(); ++at) {
    const std::size_t i = at % 24 % 6;
    if (i != 3) {
      CHECK(sums.targets[at] == -1);
      continue;
    }
    CHECK(sums.tokens[at - 2] == '+');
    CHECK(sums.tokens[at] == '=');
    CHECK(sums.targets[at] == '0' + (sums.tokens[at - 3] - '0' + sums.tokens[at - 1] - '0') % 10);
  }
  CHECK(find_task("") == nullptr);
  CHECK_THROWS_AS(task_source(*find_task("copy"), 7), std::invalid_argument);
}

TEST_CASE("texts: a file, or the regular files of a folder by name") {
  namespace fs = std::filesystem;
  std::string name = (fs::temp_directory_path() / "lowp-language-XXXXXX").string();
  REQUIRE(mkdtemp(name.data()) != nullptr);
  const fs::path folder = name;
  std::ofstream(folder / "b") << "second";
  std::ofstream(folder / "a") << "first";
  fs::create_symlink("a", folder / "aa");
  fs::create_directory(folder / "ab");
  const std::vector<std::uint8_t> text = read_text(name);
  CHECK(std::string(text.begin(), text.end()) == "firstsecond");
  CHECK(read_text((folder / "b").string()).size() == 6);
  CHECK_THROWS_WITH(read_text(name + "/none"), doctest::Contains("text: there is no file"));
  CHECK_THROWS_WITH(read_text((folder / "ab").string()), doctest::Contains("has no regular files"));
  CHECK_THROWS_WITH(read_text("/dev/null"), "text: /dev/null is neither a file nor a folder");
  CHECK_THROWS_WITH(text_source("short", text, 64),
                    doctest::Contains("text: short: 11 bytes are too few"));
  fs::remove_all(folder);
}
