// SPDX-License-Identifier: Apache-2.0
// Trainings of seconds: they learn, threads change nothing in exact sums, and checkpoints go on
// with the same bits or say why not.
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

#include "../../examples/language/checkpoint.hpp"
#include "../../examples/language/safe_file.hpp"
#include "support.hpp"

using namespace language;

namespace {

// A folder that goes away.
struct scratch {
  scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "lowp-language-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    folder = name;
  }
  ~scratch() { std::filesystem::remove_all(folder); }
  std::string operator/(const char* name) const { return (folder / name).string(); }
  std::filesystem::path folder;
};

// The digest of a training from its start.
std::uint64_t digest_after(const training_setting& s, unsigned threads = 1) {
  trainer t = small_trainer(s, threads);
  while (!t.is_done()) t.step();
  return t.model().digest();
}

std::string error_of_reading(const std::string& path, trainer& t) {
  try {
    read_checkpoint(path, t);
  } catch (const std::runtime_error& e) {
    return e.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a model learns to copy, and sums, in few steps") {
  for (const std::string name : {"f32", "mxfp8"}) {
    CAPTURE(name);
    training_setting s = small_setting(name, 300);
    s.optimiser.rate = 5e-3;
    s.batch = 8;
    trainer t = small_trainer(s, 1, "sums");
    const double before = t.held_out_loss();
    while (!t.is_done()) t.step();
    const double after = t.held_out_loss();
    CHECK(before > 5);
    // Who knows only that a digit comes has log 10 = 2.30.
    CHECK(after < 1.5);
  }
}

TEST_CASE("the same seed gives the same bits, another one others; threads change no exact sum") {
  const training_setting s = small_setting("f32_exact", 4);
  const std::uint64_t digest = digest_after(s);
  CHECK(digest_after(s) == digest);
  CHECK(digest_after(s, 3) == digest);
  training_setting other = s;
  other.seed = 2;
  CHECK(digest_after(other) != digest);
  other = s;
  other.recipe = "mxfp8_exact";
  const std::uint64_t few_bits = digest_after(other);
  CHECK(few_bits != digest);
  CHECK(digest_after(other, 2) == few_bits);
}

TEST_CASE("a check of what is held out changes nothing") {
  const training_setting s = small_setting("fp8_delayed_16", 6);
  trainer t = small_trainer(s);
  while (!t.is_done()) {
    t.step();
    const double loss = t.held_out_loss();
    CHECK(t.held_out_loss() == loss);
  }
  CHECK(t.model().digest() == digest_after(s));
}

TEST_CASE("a training goes on from a checkpoint with the same bits") {
  const scratch s;
  // Delayed factors, a loss scale that grows, stochastic storage, stochastic operands.
  for (const std::string name :
       {"f32", "fp8_delayed_16", "fp16", "bf16_stored_stochastic", "nvfp4"}) {
    CAPTURE(name);
    const training_setting setting = small_setting(name, 10);
    trainer t = small_trainer(setting);
    for (int i = 0; i < 5; ++i) t.step();
    write_checkpoint(s / "file", t);
    trainer u = small_trainer(setting);
    read_checkpoint(s / "file", u);
    CHECK(u.state().step == 5);
    CHECK(u.model().digest() == t.model().digest());
    for (int i = 0; i < 5; ++i) {
      const step_result a = t.step(), b = u.step();
      CHECK(a.loss == b.loss);
      CHECK(a.norm == b.norm);
      CHECK(a.scale == b.scale);
    }
    CHECK(u.model().digest() == t.model().digest());
    CHECK(u.is_done());
    // A checkpoint of what was read is the same file.
    read_checkpoint(s / "file", u);
    write_checkpoint(s / "again", u);
    CHECK(read_file(s / "again") == read_file(s / "file"));
  }
}

TEST_CASE("bad checkpoints are refused and change nothing") {
  const scratch s;
  const training_setting setting = small_setting("fp8_delayed_16", 6);
  trainer t = small_trainer(setting);
  for (int i = 0; i < 3; ++i) t.step();
  const std::string path = s / "file";
  write_checkpoint(path, t);
  const std::string good = read_file(path);
  trainer u = small_trainer(setting);
  u.step();
  const std::uint64_t digest = u.model().digest();
  const auto refusal = [&](const std::string& bytes, trainer& of) {
    std::ofstream(path, std::ios::binary) << bytes;
    std::string text = error_of_reading(path, of);
    return text.starts_with(path) ? text.substr(path.size()) : text;
  };

  CHECK(refusal("", u) == " is no checkpoint of this program: it does not begin as one");
  CHECK(refusal("x" + good.substr(1), u) ==
        " is no checkpoint of this program: it does not begin as one");
  int accepted = 0;
  for (std::size_t n = 0; n < good.size(); n += n < 64 ? 1 : 4099) {
    accepted += refusal(good.substr(0, n), u).empty();
  }
  CHECK(accepted == 0);
  CHECK(refusal(good.substr(0, good.size() / 2), u) ==
        " is damaged or cut short: its checksum is another");
  CHECK(refusal(good + "x", u) == " is damaged or cut short: its checksum is another");
  for (std::size_t n = 8; n < good.size(); n += 4099) {
    std::string damaged = good;
    damaged[n] = static_cast<char>(damaged[n] ^ 16);
    accepted += refusal(damaged, u).empty();
  }
  CHECK(accepted == 0);
  std::filesystem::remove(path);
  CHECK(error_of_reading(path, u) == "there is no file " + path);
  CHECK(u.model().digest() == digest);
  CHECK(u.state().step == 1);

  const auto of_other = [&](auto change) {
    training_setting other = setting;
    change(other);
    trainer v = small_trainer(other);
    const std::uint64_t before = v.model().digest();
    const std::string text = refusal(good, v);
    if (!text.empty()) CHECK(v.model().digest() == before);
    return text;
  };
  using set = training_setting;
  CHECK(of_other([](set& x) { x.recipe = "mxfp8"; }) ==
        " is of another run: recipe is \"fp8_delayed_16\" there, \"mxfp8\" here");
  CHECK(of_other([](set& x) { x.batch = 5; }) == " is of another run: batch is 4 there, 5 here");
  CHECK(of_other([](set& x) { x.shape.width = 64; }) ==
        " is of another run: width is 32 there, 64 here");
  CHECK(of_other([](set& x) { x.optimiser.rate = 0.5; }) ==
        " is of another run: rate is 0.001 there, 0.5 here");
  CHECK(of_other([](set& x) { x.seed = 7; }) == " is of another run: seed is 1 there, 7 here");
  CHECK(of_other([](set&) {}) == "");
}

TEST_CASE("a checkpoint that cannot be written leaves the older one") {
  const scratch s;
  trainer t = small_trainer(small_setting("f32", 2));
  CHECK_THROWS_AS(write_checkpoint(s / "no folder/file", t), std::runtime_error);
  const std::string path = s / "file";
  write_checkpoint(path, t);
  const std::string before = read_file(path);
  t.step();
  // The name beside it is taken by a folder.
  std::filesystem::create_directory(path + ".new");
  CHECK_THROWS_AS(write_checkpoint(path, t), std::runtime_error);
  CHECK(read_file(path) == before);
}

TEST_CASE("a loss scale that is too great goes down until steps count") {
  training_setting s = small_setting("fp16", 12);
  lowp::training_recipe r = lowp::find_training_recipe("fp16")->value;
  r.loss.initial = 0x1p40f;
  trainer t(s, r, std::make_unique<task_source>(*find_task("copy"), s.shape.sequence), 1);
  const std::uint64_t before = t.model().digest();
  const step_result first = t.step();
  CHECK_FALSE(first.was_updated);
  CHECK(t.model().digest() == before);
  CHECK(t.state().loss.scale == 0x1p39f);
  CHECK(t.state().updates == 0);
  CHECK(std::isfinite(first.loss));
}
