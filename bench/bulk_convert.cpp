// SPDX-License-Identifier: Apache-2.0
/// \file
/// Conversion of arrays on one thread as a ratio to the roofline of the same bytes in the same run:
/// in the L2 cache (16 Ki elements) and in memory (64 Mi elements). Every job and its roofline take
/// turns; the best round of each counts.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <limits>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <hwy/targets.h>
#include <nlohmann/json.hpp>
#include <sys/mman.h>

#include <lowp/simd/convert.hpp>

#include "bulk_jobs.hpp"
#include "bulk_peers.hpp"
#include "roofline.hpp"

namespace {

/// Seconds of this thread's own time, which other programs do not lengthen.
double thread_seconds() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

/// Memory in large pages where the machine has them, touched.
class buffer {
 public:
  explicit buffer(std::size_t bytes) : size_((bytes + (2 << 20)) & ~std::size_t{(2 << 20) - 1}) {
    at_ = static_cast<std::byte*>(std::aligned_alloc(2 << 20, size_));
    madvise(at_, size_, MADV_HUGEPAGE);
    std::fill(at_, at_ + size_, std::byte{1});
  }
  ~buffer() { std::free(at_); }
  buffer(const buffer&) = delete;
  buffer& operator=(const buffer&) = delete;
  std::byte* data() { return at_; }

 private:
  std::size_t size_;
  std::byte* at_;
};

/// Kinds of binary32 input.
struct data_set {
  const char* name;
  float (*make)(std::mt19937_64&);
};

float from_bits(std::uint32_t b) { return lowp::detail::bit_cast<float>(b); }

const data_set data_sets[] = {
    {"N(0,1)", [](std::mt19937_64& g) { return std::normal_distribution<float>()(g); }},
    {"log-uniform 2^-14...2^9",
     [](std::mt19937_64& g) {
       return from_bits(
           static_cast<std::uint32_t>((127 - 14 + g() % 23) << 23 | (g() & 0x807fffff)));
     }},
    {"random bits", [](std::mt19937_64& g) { return from_bits(static_cast<std::uint32_t>(g())); }},
    {"binary32 subnormals",
     [](std::mt19937_64& g) { return from_bits(static_cast<std::uint32_t>(g() & 0x807fffff)); }},
    {"beyond the range",
     [](std::mt19937_64& g) {
       return from_bits(static_cast<std::uint32_t>(250u << 23 | (g() & 0x807fffff)));
     }},
    {"1 % NaN",
     [](std::mt19937_64& g) {
       return g() % 100 == 0 ? from_bits(0x7fc00000) : std::normal_distribution<float>()(g);
     }},
};

void fill(std::byte* bytes, const lowp::array_layout& a, std::size_t n, const data_set& data) {
  std::mt19937_64 g(20261121);
  constexpr std::size_t period = 1 << 16;
  const std::size_t own = std::min(n, period);
  if (a.f == lowp::formats::binary32) {
    std::vector<float> values(own);
    for (float& x : values) x = data.make(g);
    for (std::size_t i = 0; i < n; i += own) {
      std::memcpy(bytes + 4 * i, values.data(), 4 * std::min(own, n - i));
    }
  } else {
    // Codes of a narrow source: any bits.
    for (std::size_t i = 0, end = lowp::bytes_of(a, n); i < end; ++i) {
      bytes[i] = static_cast<std::byte>(g() >> (8 * (i % 8)));
    }
  }
}

/// Best time of each of two candidates that take turns.
struct pair_of_times {
  double work = std::numeric_limits<double>::infinity();
  double reference = std::numeric_limits<double>::infinity();
};

template <class Work, class Reference>
pair_of_times take_turns(const Work& work, const Reference& reference, int rounds,
                         double least_seconds) {
  const auto time = [&](const auto& what, int repeats) {
    const double start = thread_seconds();
    for (int i = 0; i < repeats; ++i) {
      what();
      asm volatile("" ::: "memory");
    }
    return (thread_seconds() - start) / repeats;
  };
  const auto repeats_of = [&](const auto& what) {
    const double once = std::max(time(what, 1), 1e-9);
    return std::max(1, static_cast<int>(least_seconds / once));
  };
  const int a = repeats_of(work);
  const int b = repeats_of(reference);
  pair_of_times best;
  for (int i = 0; i < rounds; ++i) {
    best.work = std::min(best.work, time(work, a));
    best.reference = std::min(best.reference, time(reference, b));
  }
  return best;
}

struct memory {
  std::size_t n;
  buffer in, out;
  explicit memory(std::size_t elements) : n(elements), in(8 * elements), out(8 * elements) {}
};

struct result {
  double gb_per_s;
  double ratio;
};

template <class Work>
result measure(memory& m, const lowp::array_conversion& c, const Work& work, int rounds) {
  const std::size_t in_bytes = lowp::bytes_of(c.from, m.n);
  const std::size_t out_bytes = lowp::bytes_of(c.to, m.n);
  const pair_of_times t = take_turns(
      work, [&] { bench::move(m.in.data(), in_bytes, m.out.data(), out_bytes); }, rounds, 1e-3);
  return {4e-9 * static_cast<double>(m.n) / t.work, t.reference / t.work};
}

/// Lets the kernels be those for AVX2 while it lives, if asked to.
class kernel_choice {
 public:
  explicit kernel_choice(bool avx2) : avx2_(avx2) {
    if (avx2_) choose(HWY_AVX2);
  }
  kernel_choice(const kernel_choice&) = delete;
  kernel_choice& operator=(const kernel_choice&) = delete;
  ~kernel_choice() {
    if (avx2_) choose(0);
  }
  static bool has_avx2() { return (hwy::SupportedTargets() & HWY_AVX2) != 0; }

 private:
  static void choose(std::int64_t target) {
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  }
  bool avx2_;
};

std::string machine() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (line.rfind("model name", 0) == 0) return line.substr(line.find(':') + 2);
  }
  return "unknown machine";
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Conversion of arrays as a ratio to a loop that only moves the bytes");
  std::string json_file = "bulk_convert.json";
  std::string only;
  int rounds = 12;
  bool no_dram = false;
  app.add_option("--json", json_file, "write all figures to this file (default bulk_convert.json)");
  app.add_option("--only", only, "only jobs whose group or name contains this");
  app.add_option("--rounds", rounds, "rounds of each job")->check(CLI::Range(1, 1000));
  app.add_flag("--no-dram", no_dram, "leave out arrays in memory");
  CLI11_PARSE(app, argc, argv);

  std::vector<bench::job> jobs = bench::bulk_jobs();
  std::erase_if(jobs, [&](const bench::job& j) {
    return (j.group + ": " + j.name).find(only) == std::string::npos ||
           (j.by_avx2 && !kernel_choice::has_avx2());
  });
  if (jobs.empty()) {
    fmt::print(stderr, "--only: no job's group or name contains '{}'\n", only);
    return 2;
  }
  fmt::print("{}, kernels for {}; one thread, best of {} rounds\n\n", machine(),
             lowp::simd::instruction_set(), rounds);
  fmt::print("{:<46} {:<28} {:>8} {:>6} {:>5}   {:>8} {:>6} {:>5}\n", "", "", "L2 GB/s", "ratio",
             "gate", "DRAM", "ratio", "gate");

  nlohmann::json report;
  report["machine"] = machine();
  report["instruction_set"] = lowp::simd::instruction_set();
  memory l2(std::size_t{1} << 14);
  std::unique_ptr<memory> dram;
  if (!no_dram) dram = std::make_unique<memory>(std::size_t{1} << 26);

  const bench::job* last_filled = nullptr;
  int missed = 0;
  std::map<std::string, std::vector<std::size_t>> groups;
  std::vector<std::string> order;
  std::vector<result> in_l2(jobs.size());
  std::vector<result> in_dram(jobs.size());
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const bench::job& j = jobs[i];
    const kernel_choice kernels(j.by_avx2);
    const lowp::simd::plan plan = lowp::simd::make_plan(j.c);
    for (memory* m : {&l2, dram.get()}) {
      if (m == nullptr) continue;
      if (last_filled == nullptr || !(last_filled->c.from == j.c.from)) {
        fill(m->in.data(), j.c.from, m->n, data_sets[0]);
      }
      const auto work = [&] { lowp::simd::convert(plan, m->in.data(), m->out.data(), m->n); };
      (m == &l2 ? in_l2 : in_dram)[i] =
          measure(*m, j.c, work, m == &l2 ? rounds : (rounds + 2) / 3);
    }
    last_filled = &j;
    if (groups[j.group].empty()) order.push_back(j.group);
    groups[j.group].push_back(i);
    nlohmann::json line{{"group", j.group},     {"name", j.name},
                        {"gate_l2", j.gate_l2}, {"gate_dram", j.gate_dram},
                        {"l2", in_l2[i].ratio}, {"l2_gb_per_s", in_l2[i].gb_per_s}};
    if (dram) {
      line["dram"] = in_dram[i].ratio;
      line["dram_gb_per_s"] = in_dram[i].gb_per_s;
    }
    report["jobs"].push_back(line);
  }
  // The slowest and the fastest job of each group; every job below its gate.
  for (const std::string& name : order) {
    const std::vector<std::size_t>& members = groups[name];
    const auto less = [&](std::size_t a, std::size_t b) { return in_l2[a].ratio < in_l2[b].ratio; };
    std::vector<std::size_t> shown{*std::min_element(members.begin(), members.end(), less)};
    const std::size_t fastest = *std::max_element(members.begin(), members.end(), less);
    if (fastest != shown[0]) shown.push_back(fastest);
    for (const std::size_t i : members) {
      const bool below =
          in_l2[i].ratio < jobs[i].gate_l2 || (dram && in_dram[i].ratio < jobs[i].gate_dram);
      missed += below ? 1 : 0;
      if (below && std::find(shown.begin(), shown.end(), i) == shown.end()) shown.push_back(i);
    }
    fmt::print("{} ({} jobs)\n", name, members.size());
    for (const std::size_t i : shown) {
      fmt::print("{:<46} {:<28} {:>8.1f} {:>6.3f} {:>5.2f}   {:>8.1f} {:>6.3f} {:>5.2f}{}\n", "",
                 jobs[i].name, in_l2[i].gb_per_s, in_l2[i].ratio, jobs[i].gate_l2,
                 in_dram[i].gb_per_s, in_dram[i].ratio, jobs[i].gate_dram,
                 in_l2[i].ratio < jobs[i].gate_l2 || (dram && in_dram[i].ratio < jobs[i].gate_dram)
                     ? "  below"
                     : "");
    }
  }
  fmt::print("{} jobs, {} below their gate\n\n", jobs.size(), missed);

  // For the README.
  fmt::print(
      "| conversion | jobs | L2: least | median | gate | below | memory: least | median | gate "
      "| below |\n|---|---|---|---|---|---|---|---|---|---|\n");
  for (const std::string& name : order) {
    const std::vector<std::size_t>& members = groups[name];
    const auto cells = [&](const std::vector<result>& all, double bench::job::*gate) {
      std::vector<double> ratios;
      int below = 0;
      for (const std::size_t i : members) {
        ratios.push_back(all[i].ratio);
        below += all[i].ratio < jobs[i].*gate ? 1 : 0;
      }
      std::sort(ratios.begin(), ratios.end());
      return fmt::format("{:.2f} | {:.2f} | {:.2f} | {}", ratios[0], ratios[ratios.size() / 2],
                         jobs[members[0]].*gate, below);
    };
    fmt::print("| {} | {} | {} | {} |\n", name, members.size(), cells(in_l2, &bench::job::gate_l2),
               dram ? cells(in_dram, &bench::job::gate_dram) : " | | | ");
  }
  fmt::print("\n");

  // Does speed depend on the data? The first job of each group that reads binary32.
  fmt::print("time relative to N(0,1), in L2\n{:<60}", "");
  for (const data_set& d : data_sets) fmt::print(" {:>24}", d.name);
  fmt::print("\n");
  for (const std::string& name : order) {
    const bench::job& j = jobs[groups[name][0]];
    if (!(j.c.from == lowp::array_layout(lowp::formats::binary32))) continue;
    const kernel_choice kernels(j.by_avx2);
    const lowp::simd::plan plan = lowp::simd::make_plan(j.c);
    double normal = 0;
    fmt::print("{:<60}", name + ": " + j.name);
    for (const data_set& d : data_sets) {
      fill(l2.in.data(), j.c.from, l2.n, d);
      const auto work = [&] { lowp::simd::convert(plan, l2.in.data(), l2.out.data(), l2.n); };
      const result r = measure(l2, j.c, work, rounds);
      if (normal == 0) normal = r.gb_per_s;
      fmt::print(" {:>24.2f}", normal / r.gb_per_s);
      report["data"].push_back(
          {{"group", name}, {"name", j.name}, {"data", d.name}, {"time", normal / r.gb_per_s}});
    }
    fmt::print("\n");
  }

  fmt::print("\npeers, in L2 (ratio to the same roofline)\n");
  fill(l2.in.data(), lowp::formats::binary32, l2.n, data_sets[0]);
  for (const bench::bulk_peer& peer : bench::bulk_peers()) {
    const lowp::array_conversion c{peer.from, peer.to, {}, {}};
    const auto work = [&] { peer.run(l2.in.data(), l2.out.data(), l2.n); };
    const lowp::simd::plan plan = lowp::simd::make_plan(c);
    const auto own = [&] { lowp::simd::convert(plan, l2.in.data(), l2.out.data(), l2.n); };
    const result theirs = measure(l2, c, work, rounds);
    const result ours = measure(l2, c, own, rounds);
    fmt::print("{:<46} {:<28} {:>8.1f} {:>6.3f}   lowp {:>6.3f}\n", peer.who, peer.what,
               theirs.gb_per_s, theirs.ratio, ours.ratio);
    report["peers"].push_back(
        {{"who", peer.who}, {"what", peer.what}, {"l2", theirs.ratio}, {"lowp", ours.ratio}});
  }
  std::ofstream file(json_file);
  file << report.dump(1) << '\n';
  file.close();
  if (!file) {
    fmt::print(stderr, "--json: cannot write {}\n", json_file);
    return 1;
  }
}
