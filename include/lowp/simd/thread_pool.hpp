// SPDX-License-Identifier: Apache-2.0
/// \file
/// Threads that wait for work between the calls of a program: a call that has none of its own
/// starts threads, which costs more than a short call gains.
#ifndef LOWP_SIMD_THREAD_POOL_HPP
#define LOWP_SIMD_THREAD_POOL_HPP

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "../config.hpp"
#include "threads.hpp"

namespace lowp {

/// A pool for `thread_options::pool` and its like: `options.pool = threads.pool()` with
/// `options.threads = threads.threads()`. It outlives the calls that it is given to. Results are
/// the same on any number of threads: spec/bulk.md BLK-1.
class thread_pool {
 public:
  /// `threads` of them, the caller's included; 0: as many as the machine has. Where the system
  /// gives fewer, there are fewer.
  LOWP_UNIT explicit thread_pool(unsigned threads = 0) {
    if (threads == 0) threads = std::max(1u, std::thread::hardware_concurrency());
    next_ = std::vector<std::atomic<std::size_t>>(threads);
    others_.reserve(threads - 1);
    try {
      for (unsigned i = 1; i < threads; ++i) others_.emplace_back([this, i] { serve(i); });
    } catch (const std::exception&) {  // no more threads, or no memory for one
    }
  }
  thread_pool(const thread_pool&) = delete;
  thread_pool& operator=(const thread_pool&) = delete;
  LOWP_UNIT ~thread_pool() {
    {
      const std::lock_guard hold(mutex_);
      ends_ = true;
    }
    wake_.notify_all();
  }

  /// With the caller's.
  LOWP_UNIT unsigned threads() const noexcept { return static_cast<unsigned>(others_.size()) + 1; }

  /// Calls each(i) for all i below `tasks`, and returns when all have returned; if some threw,
  /// throws what one of them did. Thread t begins with those whose i mod threads() = t, so that
  /// what a task left in a cache the same task of the next call finds there, then helps the others.
  /// A call from within a task, or while another thread's call is on its way, does all its tasks on
  /// its own thread.
  template <class Each>
  LOWP_UNIT void run(std::size_t tasks, const Each& each) {
    run_tasks(
        tasks, [](void* data, std::size_t i) { (*static_cast<const Each*>(data))(i); },
        const_cast<void*>(static_cast<const void*>(&each)));
  }

  /// The same for the options of calls.
  LOWP_UNIT parallel_for pool() noexcept {
    return {[](void* self, std::size_t tasks, void (*task)(void*, std::size_t), void* data) {
              static_cast<thread_pool*>(self)->run_tasks(tasks, task, data);
            },
            this};
  }

 private:
  using task_function = void (*)(void* data, std::size_t i);
  struct work {
    task_function task = nullptr;
    void* data = nullptr;
    std::size_t tasks = 0;
  };

  LOWP_UNIT void run_tasks(std::size_t tasks, task_function task, void* data) {
    const work w{task, data, tasks};
    std::exception_ptr failure;
    if (others_.empty() || tasks < 2 || is_busy_.exchange(true, std::memory_order_acquire)) {
      for (std::size_t i = 0; i < tasks; ++i) do_task(w, i, failure);
      if (failure) std::rethrow_exception(failure);
      return;
    }
    {
      const std::lock_guard hold(mutex_);
      for (std::size_t i = 0; i < threads(); ++i) next_[i] = i;
      work_ = w;
      ++call_;
    }
    wake_.notify_all();
    do_tasks(w, 0);
    {
      std::unique_lock hold(mutex_);
      work_ = {};
      done_.wait(hold, [this] { return at_work_ == 0; });
      failure = std::exchange(failure_, nullptr);
    }
    is_busy_.store(false, std::memory_order_release);
    if (failure) std::rethrow_exception(failure);
  }

  LOWP_UNIT void do_tasks(const work& w, std::size_t thread) noexcept {
    const std::size_t n = threads();
    std::exception_ptr failure;
    for (std::size_t k = 0; k < n; ++k) {
      std::atomic<std::size_t>& next = next_[(thread + k) % n];
      for (std::size_t i; (i = next.fetch_add(n)) < w.tasks;) do_task(w, i, failure);
    }
    if (!failure) return;
    const std::lock_guard hold(mutex_);
    if (!failure_) failure_ = failure;
  }
  LOWP_UNIT static void do_task(const work& w, std::size_t i,
                                std::exception_ptr& failure) noexcept {
    try {
      w.task(w.data, i);
    } catch (...) {
      if (!failure) failure = std::current_exception();
    }
  }

  LOWP_UNIT void serve(std::size_t thread) {
    std::unique_lock hold(mutex_);
    for (std::uint64_t seen = 0;;) {
      wake_.wait(hold, [&] { return ends_ || call_ != seen; });
      if (ends_) return;
      seen = call_;
      if (work_.task == nullptr) continue;  // it came too late: `next_` may be another call's soon
      const work w = work_;
      ++at_work_;
      hold.unlock();
      do_tasks(w, thread);
      hold.lock();
      if (--at_work_ == 0) done_.notify_one();
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_, done_;
  work work_;
  std::size_t at_work_ = 0;  // of the others
  std::uint64_t call_ = 0;
  std::exception_ptr failure_;
  bool ends_ = false;
  std::atomic<bool> is_busy_ = false;
  std::vector<std::atomic<std::size_t>> next_;  // task of each thread
  std::vector<std::jthread> others_;            // the last member: it ends before the others do
};

}  // namespace lowp

#endif  // LOWP_SIMD_THREAD_POOL_HPP
