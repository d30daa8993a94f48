// SPDX-License-Identifier: Apache-2.0
/// \file
/// Ranks that are threads of one process, for tests of what ranks compute together.
#ifndef LOWP_TESTS_SUPPORT_THREAD_RANKS_HPP
#define LOWP_TESTS_SUPPORT_THREAD_RANKS_HPP

#include <algorithm>
#include <barrier>
#include <cstdint>
#include <cstring>
#include <span>
#include <thread>
#include <vector>

#include <lowp/collective/rank_task.hpp>

/// Calls f(transport&) on `size` threads that are ranks of a group, and waits for all. f does not
/// throw: a rank that is gone leaves the others waiting.
class thread_ranks {
 public:
  template <class Function>
  static void run(std::uint32_t size, const Function& f) {
    thread_ranks group(size);
    std::vector<std::thread> threads;
    for (std::uint32_t rank = 0; rank < size; ++rank) {
      threads.emplace_back([&group, &f, rank] {
        member ranks(group, rank);
        f(ranks);
      });
    }
    for (std::thread& t : threads) t.join();
  }

 private:
  explicit thread_ranks(std::uint32_t size)
      : sent_(std::size_t{size} * size), size_(size), all_(static_cast<std::ptrdiff_t>(size)) {}

  class member final : public lowp::transport {
   public:
    member(thread_ranks& group, std::uint32_t rank) : group_(group), rank_(rank) {}
    lowp::rank_of self() const noexcept override { return {rank_, group_.size_}; }
    void exchange(lowp::message_round& r) override {
      for (std::uint32_t to = 0; to < group_.size_; ++to) group_.slot(rank_, to) = {};
      for (const lowp::outgoing_message& m : r.send) group_.slot(rank_, m.to) = m.bytes;
      group_.all_.arrive_and_wait();
      for (lowp::incoming_message& m : r.receive) {
        const std::span<const std::byte> bytes = group_.slot(m.from, rank_);
        m.came = bytes.size();
        const std::size_t n = std::min(bytes.size(), m.room.size());
        if (n != 0) std::memcpy(m.room.data(), bytes.data(), n);
      }
      group_.all_.arrive_and_wait();
    }

   private:
    thread_ranks& group_;
    std::uint32_t rank_;
  };

  std::span<const std::byte>& slot(std::uint32_t from, std::uint32_t to) {
    return sent_[std::size_t{from} * size_ + to];
  }

  std::vector<std::span<const std::byte>> sent_;
  std::uint32_t size_;
  std::barrier<> all_;
};

#endif  // LOWP_TESTS_SUPPORT_THREAD_RANKS_HPP
