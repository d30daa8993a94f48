// SPDX-License-Identifier: Apache-2.0
/// \file
/// The cost model against MPI on this machine: latency of messages between two processes, and for
/// all-reduces of 1 to 64 MiB the bytes a second of messages as long as theirs, the speeds of
/// codec, checksums and copies in both at once, and from these the time; beside it the time that
/// they take, and the codec's share of it. Starts itself under mpirun.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <lowp/collective/simulation.hpp>
#include <lowp/collective/wire_codecs.hpp>
#include <lowp/mpi.hpp>
#include <lowp/simd/convert.hpp>

#include "collective_speeds.hpp"

namespace {

using namespace lowp;

/// Replaces this program by mpirun of itself unless it is already there.
void start(char** argv) {
  if (std::getenv("OMPI_COMM_WORLD_SIZE") != nullptr || std::getenv("PMI_SIZE") != nullptr) return;
  for (const char* name : {"OMPI_ALLOW_RUN_AS_ROOT", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM",
                           "OMPI_MCA_rmaps_base_oversubscribe"}) {
    setenv(name, "1", 0);
  }
  execlp("mpirun", "mpirun", "-n", "2", argv[0], static_cast<char*>(nullptr));
  fmt::print(stderr, "collective_mpi: cannot start mpirun (openmpi-bin)\n");
  std::exit(1);
}

/// Least seconds by the clock of so many calls, as many in both processes.
template <class What>
double least_seconds(int rounds, const What& what) {
  double least = std::numeric_limits<double>::infinity();
  for (int i = 0; i < rounds; ++i) {
    const auto start = std::chrono::steady_clock::now();
    what();
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
    least = std::min(least, time.count());
  }
  return least;
}

/// Least seconds of a round in which both processes send each other so many bytes.
double seconds_of_round(mpi_transport& t, std::size_t bytes, int rounds) {
  std::vector<std::byte> out(bytes, std::byte{1}), in(bytes);
  const std::uint32_t other = 1 - t.self().rank;
  return least_seconds(rounds, [&] {
    message_round r;
    r.send.push_back({other, out});
    r.receive.push_back({other, in, 0});
    t.exchange(r);
  });
}

/// From messages of so many bytes, beside the time of the shortest.
link_speed measure_link(mpi_transport& t, double latency_us, std::size_t bytes, int rounds) {
  const double all = seconds_of_round(t, bytes, rounds);
  return {latency_us, 1e-9 * static_cast<double>(bytes) / (all - 1e-6 * latency_us)};
}

struct line {
  const char* codec;
  std::size_t mebibytes;
  link_speed link;
  codec_speed speed;
  message_speed message;
  cost_time model;
  double measured;  ///< microseconds by the clock
  double own;       ///< processor time of a rank that never waits
};

/// Processor time of one of two ranks in one process: codec, checksums, copies.
double own_microseconds(const reduce_plan& plan, const std::vector<float>& numbers) {
  std::vector<std::vector<float>> x(2, numbers);
  kept_memory memory;
  const double seconds = bench::least_own_seconds(5, [&] {
    std::vector<rank_task> tasks;
    for (std::uint32_t r = 0; r < 2; ++r) {
      tasks.push_back(
          all_reduce_task({r, 2}, 0, x[r], plan, {.tolerated_faults = 0, .memory = &memory}));
    }
    (void)simulated_group().run(tasks);
  });
  return 1e6 * seconds / 2;
}

line compare(mpi_transport& t, double latency_us, const char* name, std::size_t mebibytes) {
  const wire_codec c = find_wire_codec(name)->value;
  const std::size_t n = mebibytes << 18;
  const auto rounds = static_cast<int>(mebibytes < 16 ? 100 / mebibytes + 20 : 12);
  const std::uint64_t bytes = message_size(c, n / 2);
  line l{name, mebibytes, {}, {}, {}, {}, 0, 0};
  l.link = measure_link(t, latency_us, bytes, rounds);
  (void)seconds_of_round(t, 1, 1);  // both measure at the same time
  l.speed = bench::measure_codec(c, n, 8);
  l.message = bench::measure_messages(bytes, 8);
  l.model = predict(cost_of(cost_pattern::two_shot, 2), 4.0 * static_cast<double>(n),
                    {l.link, l.speed, l.message});
  const reduce_plan plan(two_shot(c));
  const collective_options quiet{.tolerated_faults = 0};
  std::vector<float> x = bench::normal_numbers(n);
  const double seconds = least_seconds(rounds, [&] {
    all_reduce(t, x, plan, quiet);
    for (std::size_t i = 0; i < n; i += 4096) x[i] *= 0.5f;  // so that no sum grows out of range
  });
  l.measured = 1e6 * seconds;
  l.own = own_microseconds(plan, bench::normal_numbers(n));
  return l;
}

}  // namespace

int main(int argc, char** argv) {
  start(argv);
  MPI_Init(&argc, &argv);
  int status = 0;
  {
    mpi_transport t;
    if (t.self().size != 2) {
      fmt::print(stderr, "collective_mpi: {} processes, it takes 2\n", t.self().size);
      MPI_Abort(MPI_COMM_WORLD, 2);
    }
    const bool prints = t.self().rank == 0;
    const double latency_us = 1e6 * seconds_of_round(t, 1, 2000);
    if (prints) {
      fmt::print("2 processes on one machine, kernels for {}: {:.1f} us a message\n",
                 simd::instruction_set(), latency_us);
      fmt::print("two-shot all-reduce in us; own: processor time of a rank that never waits\n");
      fmt::print(
          "{:<10} {:>4} {:>7} {:>7} {:>7} {:>7} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>10} "
          "{:>12}\n",
          "", "MiB", "encode", "decode", "add", "link", "codec", "wire", "handling", "model",
          "measured", "own", "model/it", "codec of own");
    }
    nlohmann::ordered_json report;
    report["latency_us"] = latency_us;
    for (const char* name : {"fp32", "bf16", "fp8_e4m3", "int8", "mxfp4", "int4"}) {
      for (const std::size_t mebibytes :
           {std::size_t{1}, std::size_t{4}, std::size_t{16}, std::size_t{64}}) {
        const line l = compare(t, latency_us, name, mebibytes);
        if (!prints) continue;
        fmt::print(
            "{:<10} {:>4} {:>7.1f} {:>7.1f} {:>7.1f} {:>7.1f} {:>9.0f} {:>9.0f} {:>9.0f} {:>9.0f} "
            "{:>9.0f} "
            "{:>9.0f} "
            "{:>10.2f} {:>12.2f}\n",
            name, mebibytes, l.speed.encode, l.speed.decode, l.speed.decode_add, l.link.gigabytes,
            l.model.codec, l.model.wire, l.model.handling, l.model.total, l.measured, l.own,
            l.model.total / l.measured, l.model.codec / l.own);
        std::fflush(stdout);
        report["lines"].push_back({{"codec", name},
                                   {"mebibytes", mebibytes},
                                   {"encode", l.speed.encode},
                                   {"decode", l.speed.decode},
                                   {"decode_add", l.speed.decode_add},
                                   {"link", l.link.gigabytes},
                                   {"checksum", l.message.checksum},
                                   {"copy", l.message.copy},
                                   {"model_us", l.model.total},
                                   {"model_handling_us", l.model.handling},
                                   {"model_wire_us", l.model.wire},
                                   {"model_codec_us", l.model.codec},
                                   {"measured_us", l.measured},
                                   {"own_us", l.own}});
      }
    }
    if (prints) {
      std::ofstream out("collective_mpi.json");
      out << report.dump(1) << '\n';
      if (!out.flush()) {
        fmt::print(stderr, "collective_mpi: cannot write collective_mpi.json\n");
        status = 1;
      }
    }
  }
  MPI_Finalize();
  return status;
}
