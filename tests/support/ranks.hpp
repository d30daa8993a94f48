// SPDX-License-Identifier: Apache-2.0
/// \file
/// Loops over many tasks on all cores, and on all processes where mpirun started several
/// (./run exhaustive --ranks N): each rank does one task in so many, all get the sum, and rank 0
/// alone prints. A rank that dies ends the whole run.
#ifndef LOWP_TESTS_SUPPORT_RANKS_HPP
#define LOWP_TESTS_SUPPORT_RANKS_HPP

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#if defined(LOWP_HAVE_MPI)
#include <mpi.h>
#endif

#include "../oracle/report.hpp"

namespace oracle {

/// What tasks found; the first mismatch is that of the least task.
struct sum_of_tasks {
  static constexpr std::uint64_t none = std::numeric_limits<std::uint64_t>::max();
  tally sum;
  std::uint64_t least = none;  ///< the first task with a mismatch

  void add(std::uint64_t task, const tally& found) {
    sum.cases += found.cases;
    sum.mismatches += found.mismatches;
    if (found.mismatches == 0 || task >= least) return;
    least = task;
    sum.first = found.first;
  }
};

/// The processes of this run.
class world {
 public:
  world() {
    const auto number = [](const char* name) {
      const char* text = std::getenv(name);
      return text == nullptr ? 1 : std::max(1, std::atoi(text));
    };
    const int launched = number("OMPI_COMM_WORLD_SIZE");
    sharing_ = static_cast<unsigned>(number("OMPI_COMM_WORLD_LOCAL_SIZE"));
    if (launched == 1) return;
#if defined(LOWP_HAVE_MPI)
    int provided = 0;
    MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
    MPI_Comm_size(MPI_COMM_WORLD, &size_);
    if (rank_ != 0 && std::freopen("/dev/null", "w", stdout) == nullptr) std::abort();
#else
    std::fprintf(stderr, "one of %d processes, but built without MPI\n", launched);
    std::_Exit(2);
#endif
  }
  ~world() {
#if defined(LOWP_HAVE_MPI)
    if (size_ > 1) MPI_Finalize();
#endif
  }
  world(const world&) = delete;
  world& operator=(const world&) = delete;

  std::size_t rank() const { return static_cast<std::size_t>(rank_); }
  std::size_t size() const { return static_cast<std::size_t>(size_); }
  unsigned threads() const { return std::max(1u, std::thread::hardware_concurrency() / sharing_); }

  /// The sum over all ranks, on all. Task t was done by rank t modulo their number.
  void merge([[maybe_unused]] sum_of_tasks& s) const {
#if defined(LOWP_HAVE_MPI)
    if (size_ == 1) return;
    std::uint64_t counts[2] = {s.sum.cases, s.sum.mismatches};
    all_reduce(counts, 2, MPI_SUM);
    all_reduce(&s.least, 1, MPI_MIN);
    s.sum.cases = counts[0];
    s.sum.mismatches = counts[1];
    if (s.least == sum_of_tasks::none) return;
    const int owner = static_cast<int>(s.least % size());
    int length = static_cast<int>(s.sum.first.size());
    MPI_Bcast(&length, 1, MPI_INT, owner, MPI_COMM_WORLD);
    s.sum.first.resize(static_cast<std::size_t>(length));
    MPI_Bcast(s.sum.first.data(), length, MPI_CHAR, owner, MPI_COMM_WORLD);
#endif
  }

 private:
#if defined(LOWP_HAVE_MPI)
  // Sleeps where MPI would keep a core busy that other ranks need.
  static void all_reduce(std::uint64_t* x, int n, MPI_Op op) {
    MPI_Request request{};
    MPI_Iallreduce(MPI_IN_PLACE, x, n, MPI_UINT64_T, op, MPI_COMM_WORLD, &request);
    for (int done = 0; MPI_Test(&request, &done, MPI_STATUS_IGNORE), done == 0;) {
      std::this_thread::sleep_for(std::chrono::microseconds{200});
    }
  }
#endif

  int rank_ = 0;
  int size_ = 1;
  unsigned sharing_ = 1;  // ranks on this machine
};

inline const world this_world;

/// Runs work(task, tally) for every task on all cores of all ranks. The sum does not depend on how
/// many there are. All ranks make the same calls in the same order; exceptions end the program.
template <class Work>
tally in_parallel(std::size_t tasks, Work work) {
  const std::size_t stride = this_world.size();
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  sum_of_tasks all;
  const auto run = [&]() noexcept {
    for (;;) {
      const std::size_t task = this_world.rank() + stride * next++;
      if (task >= tasks) return;
      tally own;
      work(task, own);
      const std::lock_guard<std::mutex> lock(mutex);
      all.add(task, own);
    }
  };
  std::vector<std::thread> threads;
  for (unsigned i = 1; i < this_world.threads(); ++i) threads.emplace_back(run);
  run();
  for (std::thread& t : threads) t.join();
  this_world.merge(all);
  return all.sum;
}

}  // namespace oracle

#endif  // LOWP_TESTS_SUPPORT_RANKS_HPP
