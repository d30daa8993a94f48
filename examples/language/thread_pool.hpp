// SPDX-License-Identifier: Apache-2.0
// Threads that wait for work. What they compute never depends on how many there are.
#ifndef LOWP_EXAMPLES_LANGUAGE_THREAD_POOL_HPP
#define LOWP_EXAMPLES_LANGUAGE_THREAD_POOL_HPP

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

#include <lowp/simd/threads.hpp>

namespace language {

class thread_pool {
 public:
  // `threads` of them, the caller's included; at least 1.
  explicit thread_pool(unsigned threads) {
    for (unsigned i = 1; i < threads; ++i) others_.emplace_back([this] { wait_for_work(); });
  }
  thread_pool(const thread_pool&) = delete;
  thread_pool& operator=(const thread_pool&) = delete;
  ~thread_pool() {
    {
      const std::lock_guard hold(mutex_);
      ends_ = true;
    }
    wake_.notify_all();
  }

  unsigned threads() const { return static_cast<unsigned>(others_.size()) + 1; }

  // Calls do(i) for all i below `tasks`, on all threads; returns when all have returned. Not from
  // within a task.
  template <class Do>
  void run(std::size_t tasks, const Do& each) {
    run(
        tasks, [](void* data, std::size_t i) { (*static_cast<const Do*>(data))(i); },
        const_cast<Do*>(&each));
  }

  // The same for the library.
  lowp::parallel_for pool() {
    return {[](void* self, std::size_t tasks, void (*task)(void*, std::size_t), void* data) {
              static_cast<thread_pool*>(self)->run(tasks, task, data);
            },
            this};
  }

 private:
  using task_function = void (*)(void* data, std::size_t i);

  void run(std::size_t tasks, task_function task, void* data) {
    if (others_.empty() || tasks < 2) {
      for (std::size_t i = 0; i < tasks; ++i) task(data, i);
      return;
    }
    {
      const std::lock_guard hold(mutex_);
      task_ = task, data_ = data, tasks_ = tasks, next_ = 0, busy_ = others_.size();
      ++call_;
    }
    wake_.notify_all();
    take_tasks();
    std::unique_lock hold(mutex_);
    done_.wait(hold, [this] { return busy_ == 0; });
  }

  void take_tasks() {
    for (std::size_t i; (i = next_.fetch_add(1)) < tasks_;) task_(data_, i);
  }

  void wait_for_work() {
    for (std::uint64_t seen = 0;;) {
      {
        std::unique_lock hold(mutex_);
        wake_.wait(hold, [&] { return ends_ || call_ != seen; });
        if (ends_) return;
        seen = call_;
      }
      take_tasks();
      const std::lock_guard hold(mutex_);
      if (--busy_ == 0) done_.notify_one();
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_, done_;
  task_function task_ = nullptr;
  void* data_ = nullptr;
  std::size_t tasks_ = 0, busy_ = 0;
  std::atomic<std::size_t> next_ = 0;
  std::uint64_t call_ = 0;
  bool ends_ = false;
  std::vector<std::jthread> others_;  // the last member: it ends before the others do
};

}  // namespace language

#endif  // LOWP_EXAMPLES_LANGUAGE_THREAD_POOL_HPP
