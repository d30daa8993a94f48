// SPDX-License-Identifier: Apache-2.0
// The only unit of the tool that calls MPI.
#include "ranks.hpp"

#include <algorithm>
#include <chrono>
#include <climits>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <numeric>
#include <thread>

#include <sched.h>
#include <unistd.h>

#if defined(LOWP_HAVE_MPI)
#include <mpi.h>
#endif

namespace lowp::tool {

namespace {

// The first of these variables that is set, as a number; `otherwise`: none is.
long of_environment(std::initializer_list<const char*> names, long otherwise) {
  for (const char* name : names) {
    if (const char* text = std::getenv(name)) return std::strtol(text, nullptr, 10);
  }
  return otherwise;
}

long size_in_environment() { return of_environment({"OMPI_COMM_WORLD_SIZE", "PMI_SIZE"}, 1); }

bool launched() {
  return of_environment({"OMPI_COMM_WORLD_RANK", "PMI_RANK", "PMIX_RANK"}, -1) >= 0;
}

#if defined(LOWP_HAVE_MPI)

class mpi_team final : public team {
 public:
  mpi_team() {
    // Processes with plug-ins are started by fork and exec at once, which is safe.
    setenv("OMPI_MCA_mpi_warn_on_fork", "0", 0);
    int provided = 0;
    MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
    MPI_Comm_size(MPI_COMM_WORLD, &size_);
  }
  // Where an exception passes, others wait for this rank.
  ~mpi_team() override { MPI_Finalize(); }

  std::size_t rank() const override { return static_cast<std::size_t>(rank_); }
  std::size_t size() const override { return static_cast<std::size_t>(size_); }

  std::vector<std::string> gather(const std::string& mine) override {
    std::uint64_t bytes = mine.size();
    std::vector<std::uint64_t> sizes(size());
    MPI_Request request{};
    MPI_Igather(&bytes, 1, MPI_UINT64_T, sizes.data(), 1, MPI_UINT64_T, 0, MPI_COMM_WORLD,
                &request);
    wait(request);
    // Counts and places are of type int.
    const bool long_one = std::accumulate(sizes.begin(), sizes.end(), bytes) > INT_MAX;
    if (broadcast_number(long_one ? 1 : 0) != 0) {
      throw std::runtime_error("results of the ranks are longer than 2 GiB in all");
    }
    std::vector<int> counts(sizes.begin(), sizes.end());
    std::vector<int> places(size());
    std::exclusive_scan(counts.begin(), counts.end(), places.begin(), 0);
    std::string all(leads() ? std::accumulate(sizes.begin(), sizes.end(), std::size_t{0}) : 0,
                    '\0');
    MPI_Igatherv(mine.data(), static_cast<int>(bytes), MPI_CHAR, all.data(), counts.data(),
                 places.data(), MPI_CHAR, 0, MPI_COMM_WORLD, &request);
    wait(request);
    std::vector<std::string> parts;
    for (std::size_t r = 0; leads() && r < size(); ++r) {
      parts.push_back(
          all.substr(static_cast<std::size_t>(places[r]), static_cast<std::size_t>(counts[r])));
    }
    return parts;
  }

  std::string broadcast(const std::string& of_leader) override {
    std::string text = of_leader;
    text.resize(broadcast_number(text.size()));
    for (std::size_t done = 0; done < text.size();) {
      const std::size_t n = std::min<std::size_t>(text.size() - done, INT_MAX);
      MPI_Request request{};
      MPI_Ibcast(text.data() + done, static_cast<int>(n), MPI_CHAR, 0, MPI_COMM_WORLD, &request);
      wait(request);
      done += n;
    }
    return text;
  }

 private:
  static std::uint64_t broadcast_number(std::uint64_t x) {
    MPI_Request request{};
    MPI_Ibcast(&x, 1, MPI_UINT64_T, 0, MPI_COMM_WORLD, &request);
    wait(request);
    return x;
  }

  // Sleeps, where MPI's own waiting keeps a processor busy that threads of other ranks may need.
  static void wait(MPI_Request& request) {
    using std::chrono::microseconds;
    microseconds pause{20};
    for (int done = 0; MPI_Test(&request, &done, MPI_STATUS_IGNORE), done == 0;) {
      std::this_thread::sleep_for(pause);
      pause = std::min(pause * 5 / 4, microseconds{2000});
    }
  }

  int rank_ = 0;
  int size_ = 1;
};

int run_with_mpi(int failed, const std::function<int(team&)>& work) {
  mpi_team t;
  try {
    if (t.size() == 1 && size_in_environment() > 1) {
      throw std::runtime_error(fmt::format(
          "this is one of {} processes, of which MPI knows nothing: lowp is built with the MPI of "
          "another launcher",
          size_in_environment()));
    }
    return work(t);
  } catch (const common_error& e) {
    if (t.leads()) fmt::print(stderr, "lowp: {}\n", e.what());
  } catch (const std::exception& e) {
    if (t.size() == 1) {
      fmt::print(stderr, "lowp: {}\n", e.what());
    } else {
      fmt::print(stderr, "lowp: rank {} of {}: {}\n", t.rank(), t.size(), e.what());
      std::fflush(nullptr);
      MPI_Abort(MPI_COMM_WORLD, failed);
    }
  }
  return failed;
}

#else

int run_with_mpi(int, const std::function<int(team&)>& work) {
  if (size_in_environment() > 1 || rank_in_environment() > 0) {
    throw std::runtime_error(fmt::format(
        "this is rank {} of several, but lowp was built without MPI; where it is built there must "
        "be libopenmpi-dev",
        rank_in_environment()));
  }
  team_of_one alone;
  return work(alone);
}

#endif

// Which processors this process may use, and how many they are.
std::pair<std::string, unsigned> processors() {
  const unsigned all = std::max(1u, std::thread::hardware_concurrency());
  char host[256] = {};
  gethostname(host, sizeof host - 1);
  std::string name = host;
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) {
    for (std::size_t i = 0; i < CPU_SETSIZE; ++i) {
      if (CPU_ISSET(i, &set)) name += fmt::format(" {}", i);
    }
    return {name, static_cast<unsigned>(CPU_COUNT(&set))};
  }
#endif
  return {name, all};
}

}  // namespace

std::size_t rank_in_environment() {
  return static_cast<std::size_t>(
      std::max(0l, of_environment({"OMPI_COMM_WORLD_RANK", "PMI_RANK", "PMIX_RANK"}, 0)));
}

int run_on_ranks(int failed, const std::function<int(team&)>& work) {
  if (launched()) return run_with_mpi(failed, work);
  team_of_one alone;
  return work(alone);
}

unsigned fair_threads(team& t) {
  if (t.size() == 1) return std::max(1u, std::thread::hardware_concurrency());
  const auto [which, count] = processors();
  const std::vector<std::string> all = t.exchange(which);
  const auto sharing = static_cast<unsigned>(std::count(all.begin(), all.end(), which));
  return std::max(1u, count / sharing);
}

}  // namespace lowp::tool
