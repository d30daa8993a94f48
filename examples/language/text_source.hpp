// SPDX-License-Identifier: Apache-2.0
// Text to learn from: a file, or the licence texts that a Debian system carries.
#ifndef LOWP_EXAMPLES_LANGUAGE_TEXT_SOURCE_HPP
#define LOWP_EXAMPLES_LANGUAGE_TEXT_SOURCE_HPP

#include <span>

#include "batch.hpp"

namespace language {

constexpr const char* licence_folder = "/usr/share/common-licenses";

// The bytes of a file, or of the regular files of a folder in the order of their names, links left
// out. Throws std::invalid_argument for what is neither, std::runtime_error where reading fails.
std::vector<std::uint8_t> read_text(const std::string& path);

class text_source : public data_source {
 public:
  // The text is cut into pieces of 2048 bytes, and every tenth is held out. Throws
  // std::invalid_argument where either part is shorter than a sequence and one byte.
  text_source(std::string name, std::span<const std::uint8_t> text, std::size_t sequence);

  // Sequences begin anywhere among the pieces that are trained on.
  batch training(std::uint64_t seed, std::uint64_t step, std::uint64_t first,
                 std::uint64_t count) const override;
  batch held_out(std::uint64_t first, std::uint64_t count) const override;
  std::uint64_t held_out_sequences() const override;
  std::string name() const override { return name_; }
  std::uint64_t digest() const override { return digest_; }

 private:
  std::string name_;
  std::size_t sequence_;
  std::vector<std::uint8_t> training_, held_out_;
  std::uint64_t digest_;
};

}  // namespace language

#endif  // LOWP_EXAMPLES_LANGUAGE_TEXT_SOURCE_HPP
