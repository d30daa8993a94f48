// SPDX-License-Identifier: Apache-2.0
/// \file
/// What tool and worker say to each other over a socket.
#ifndef LOWP_FUZZ_PLUGIN_CHANNEL_HPP
#define LOWP_FUZZ_PLUGIN_CHANNEL_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "shared_arrays.hpp"

namespace lowp::tool {

/// Tool to worker: run one batch. The operands are in the shared arrays.
struct worker_request {
  std::uint64_t number = 0;  ///< the answer repeats it
  std::uint64_t operation = 0;
  std::uint64_t cases = 0;
  std::uint64_t first = 0;
  std::uint64_t total = 0;
  std::uint64_t seed = 0;
  std::uint32_t stream = 0;
  std::uint32_t rank = 0;
  std::uint32_t ranks = 1;
  std::uint32_t unused = 0;
  array_layout layout;
};

/// Worker to tool, once after the start and once per request; `text_bytes` of text follow.
struct worker_answer {
  enum kind : std::uint32_t {
    described,   ///< text: a `description`
    unusable,    ///< text: why the plug-in cannot be loaded
    done,        ///< number_returned is what the operation returned
    threw,       ///< a C++ exception came out of it; text: what it says
    out_of_room  ///< the shared arrays cannot be mapped
  };
  static constexpr std::uint32_t right_mark = 0x6c6f7770;
  std::uint32_t mark = right_mark;
  std::uint32_t what = done;
  std::uint64_t number = 0;
  std::int64_t number_returned = 0;
  std::uint64_t text_bytes = 0;
};

/// What a plug-in says about itself, as far as it could be read.
struct description {
  struct operation {
    bool has_name = false;
    bool has_claim = false;
    bool has_run = false;
    std::string name;
    std::string claim;
  };
  bool exists = false;  ///< lowp_vendor_describe did not return null
  std::uint64_t abi = 0;
  bool has_name = false;
  std::string name;
  std::uint64_t operation_count = 0;
  bool has_operations = false;
  std::vector<operation> operations;
};

/// More operations than this are taken for a wrong count.
inline constexpr std::uint64_t most_operations = 10000;
/// Longer texts are cut.
inline constexpr std::size_t longest_text = 4096;

std::string write_description(const description& d);
description read_description(const std::string& text);

/// All bytes or false.
bool send_all(int to, const void* data, std::size_t bytes);
bool receive_all(int from, void* data, std::size_t bytes);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_PLUGIN_CHANNEL_HPP
