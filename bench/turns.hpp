// SPDX-License-Identifier: Apache-2.0
/// \file
/// Work and its reference in turns, in memory of large pages, by the thread's own time.
#ifndef LOWP_BENCH_TURNS_HPP
#define LOWP_BENCH_TURNS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <ctime>
#include <limits>

#include <sys/mman.h>

namespace bench {

/// Memory in large pages where the machine has them, touched.
class page_buffer {
 public:
  explicit page_buffer(std::size_t bytes)
      : size_((bytes + (2 << 20)) & ~std::size_t{(2 << 20) - 1}) {
    at_ = static_cast<std::byte*>(std::aligned_alloc(2 << 20, size_));
    madvise(at_, size_, MADV_HUGEPAGE);
    std::fill(at_, at_ + size_, std::byte{1});
  }
  ~page_buffer() { std::free(at_); }
  page_buffer(const page_buffer&) = delete;
  page_buffer& operator=(const page_buffer&) = delete;
  std::byte* data() { return at_; }

 private:
  std::size_t size_;
  std::byte* at_;
};

/// Best seconds of each of two candidates.
struct turn_times {
  double work = std::numeric_limits<double>::infinity();
  double reference = std::numeric_limits<double>::infinity();
};

/// Seconds that `what` takes, called so many times.
template <class What>
double seconds_of(const What& what, int repeats) {
  const auto now = [] {
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
  };
  const double start = now();
  for (int i = 0; i < repeats; ++i) {
    what();
    asm volatile("" ::: "memory");
  }
  return (now() - start) / repeats;
}

/// Runs both in turn, each for so many seconds at least.
template <class Work, class Reference>
turn_times in_turns(const Work& work, const Reference& reference, int rounds,
                    double least_seconds) {
  const auto repeats_of = [&](const auto& what) {
    const double once = std::max(seconds_of(what, 1), 1e-9);
    return std::max(1, static_cast<int>(least_seconds / once));
  };
  const int a = repeats_of(work), b = repeats_of(reference);
  turn_times best;
  for (int i = 0; i < rounds; ++i) {
    best.work = std::min(best.work, seconds_of(work, a));
    best.reference = std::min(best.reference, seconds_of(reference, b));
  }
  return best;
}

}  // namespace bench

#endif  // LOWP_BENCH_TURNS_HPP
