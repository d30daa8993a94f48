// SPDX-License-Identifier: Apache-2.0
#include "text_source.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>

namespace language {

namespace {

constexpr std::size_t bytes_of_piece = 2048, pieces_for_one_held_out = 10;

void append_file(const std::filesystem::path& path, std::vector<std::uint8_t>& text) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path.string());
  text.insert(text.end(), std::istreambuf_iterator<char>(in), {});
  if (in.bad()) throw std::runtime_error("cannot read all of " + path.string());
}

}  // namespace

std::vector<std::uint8_t> read_text(const std::string& path) {
  namespace fs = std::filesystem;
  std::vector<fs::path> files;
  std::error_code error;
  if (fs::is_directory(path, error)) {
    for (const fs::directory_entry& e : fs::directory_iterator(path)) {
      if (!e.is_symlink() && e.is_regular_file()) files.push_back(e.path());
    }
    std::sort(files.begin(), files.end());
    if (files.empty()) throw std::invalid_argument("text: " + path + " has no regular files");
  } else {
    if (!fs::exists(path, error)) {
      throw std::invalid_argument("text: there is no file '" + path + "'");
    }
    // A device may have no end.
    if (!fs::is_regular_file(path, error)) {
      throw std::invalid_argument("text: " + path + " is neither a file nor a folder");
    }
    files.emplace_back(path);
  }
  std::vector<std::uint8_t> text;
  for (const fs::path& f : files) append_file(f, text);
  return text;
}

text_source::text_source(std::string name, std::span<const std::uint8_t> text, std::size_t sequence)
    : name_(std::move(name)), sequence_(sequence), digest_(0xcbf29ce484222325) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool out = i / bytes_of_piece % pieces_for_one_held_out == pieces_for_one_held_out - 1;
    (out ? held_out_ : training_).push_back(text[i]);
    digest_ = (digest_ ^ text[i]) * 0x100000001b3;
  }
  if (training_.size() <= sequence || held_out_.size() <= sequence) {
    throw std::invalid_argument(
        "text: " + name_ + ": " + std::to_string(text.size()) +
        " bytes are too few for sequences of " + std::to_string(sequence) + ": of pieces of " +
        std::to_string(bytes_of_piece) +
        " bytes every tenth is held out, and both parts must be longer than a sequence");
  }
}

batch text_source::training(std::uint64_t seed, std::uint64_t step, std::uint64_t first,
                            std::uint64_t count) const {
  batch b;
  const lowp::random_source random = batch_random(seed, step, false);
  const std::uint64_t starts = training_.size() - sequence_;
  for (std::uint64_t i = first; i < first + count; ++i) {
    // 62 random bits: the remainder favours no start by more than one in 2^30.
    const std::uint64_t word = (std::uint64_t{lowp::random_word(random, i << 32)} << 30) ^
                               lowp::random_word(random, i << 32 | 1);
    b.add(training_.data() + word % starts, sequence_, [](std::size_t) { return true; });
  }
  return b;
}

batch text_source::held_out(std::uint64_t first, std::uint64_t count) const {
  batch b;
  for (std::uint64_t i = first; i < first + count; ++i) {
    b.add(held_out_.data() + i % held_out_sequences() * sequence_, sequence_,
          [](std::size_t) { return true; });
  }
  return b;
}

std::uint64_t text_source::held_out_sequences() const { return (held_out_.size() - 1) / sequence_; }

}  // namespace language
