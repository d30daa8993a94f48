// SPDX-License-Identifier: Apache-2.0
/// \file
/// A rank's part in an operation of many ranks, apart from how messages travel: a coroutine that
/// yields rounds of messages. One text serves an MPI program, where a rank runs its task against a
/// transport, and a simulation, which runs the tasks of thousands of ranks in turn.
/// spec/collectives.md COL-14.
#ifndef LOWP_COLLECTIVE_RANK_TASK_HPP
#define LOWP_COLLECTIVE_RANK_TASK_HPP

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <span>
#include <utility>
#include <vector>

#include "kept_memory.hpp"

// g++ 12 joins the two pointers of a coroutine's frame to a constant that all units of a program
// keep, while the functions that it points to are those of one unit: several units that inline a
// coroutine would not link.
#if defined(__GNUC__) && !defined(__clang__)
#define LOWP_COROUTINE __attribute__((optimize("no-tree-slp-vectorize")))
#else
#define LOWP_COROUTINE
#endif

namespace lowp {

/// A rank and the number of ranks of its group: ranks are 0...size - 1.
struct rank_of {
  std::uint32_t rank = 0;
  std::uint32_t size = 1;
};

/// A message to send; the bytes stay until the next round.
struct outgoing_message {
  std::uint32_t to = 0;
  std::span<const std::byte> bytes = {};
};

/// A message to receive.
struct incoming_message {
  std::uint32_t from = 0;
  std::span<std::byte> room = {};  ///< for as many bytes as should come
  /// What the transport says: bytes that came, 0 for none, more than the room has if the message
  /// was longer (the room then holds its beginning).
  std::uint64_t came = 0;
};

/// Messages that travel at the same time: at most one from each rank to each.
struct message_round {
  std::vector<outgoing_message> send;
  std::vector<incoming_message> receive;
};

/// The coroutine: `while (message_round* r = task.next()) ...`. Errors of the operation come out of
/// `next` as exceptions.
class rank_task {
 public:
  struct promise_type {
    message_round* round = nullptr;
    std::exception_ptr error;

    rank_task get_return_object() {
      return rank_task(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    std::suspend_always initial_suspend() const noexcept { return {}; }
    std::suspend_always final_suspend() const noexcept { return {}; }
    std::suspend_always yield_value(message_round& r) noexcept {
      round = &r;
      return {};
    }
    void return_void() noexcept { round = nullptr; }
    void unhandled_exception() noexcept {
      round = nullptr;
      error = std::current_exception();
    }
  };

  rank_task(rank_task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  rank_task& operator=(rank_task&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~rank_task() {
    if (handle_) handle_.destroy();
  }

  /// Runs to the next round and returns it, for the caller to exchange before the next call; null
  /// at the end.
  message_round* next() {
    if (!handle_ || handle_.done()) return nullptr;
    handle_.promise().round = nullptr;
    handle_.resume();
    if (handle_.promise().error) std::rethrow_exception(std::exchange(handle_.promise().error, {}));
    return handle_.done() ? nullptr : handle_.promise().round;
  }

 private:
  explicit rank_task(std::coroutine_handle<promise_type> h) noexcept : handle_(h) {}

  std::coroutine_handle<promise_type> handle_;
};

/// How messages travel between the ranks of a group.
class transport {
 public:
  virtual ~transport() = default;

  /// This rank and the size of the group.
  virtual rank_of self() const noexcept = 0;
  /// Sends and receives the messages of a round; returns when all of `send` may be changed and all
  /// of `receive` has come, or will not. What goes wrong shows in `came`.
  virtual void exchange(message_round& r) = 0;
  /// A number that counts operations of this group, the same on all ranks.
  std::uint64_t next_operation() noexcept { return operations_++; }
  /// Where messages of operations over this transport are, unless their options say otherwise: as
  /// much as the largest one needed stays until `memory().release()`. COL-27.
  kept_memory& memory() noexcept { return memory_; }

 private:
  std::uint64_t operations_ = 0;
  kept_memory memory_;
};

/// Runs this rank's task to its end.
inline void run(rank_task task, transport& t) {
  while (message_round* r = task.next()) t.exchange(*r);
}

}  // namespace lowp

#endif  // LOWP_COLLECTIVE_RANK_TASK_HPP
