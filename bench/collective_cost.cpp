// SPDX-License-Identifier: Apache-2.0
/// \file
/// Which codec makes an all-reduce of 8 ranks fastest, by the cost model: for links from 25 Gb/s to
/// NVLink and tensors from 64 KiB to 1 GiB, with codecs as fast as one core of this machine, as 16
/// such cores, and as the memory of a GPU. Speeds of the core come from collective_codecs.json in
/// this folder if the bench of that name has written it; otherwise they are measured here.
#include <algorithm>
#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <lowp/collective/wire_codecs.hpp>
#include <lowp/simd/convert.hpp>

#include "collective_speeds.hpp"

namespace {

using namespace lowp;

constexpr std::uint32_t ranks = 8;
constexpr const char* codec_names[] = {"bf16", "fp8_e4m3", "int8", "mxfp4", "int4"};
constexpr double sizes[] = {65536, 1048576, 16777216, 268435456, 1073741824};

struct named_speed {
  std::string name;
  codec_speed value;
};

/// What the bench collective_codecs measured in memory, or nothing.
std::vector<named_speed> recorded() {
  std::vector<named_speed> all;
  std::ifstream in("collective_codecs.json");
  if (!in) return all;
  const nlohmann::json report = nlohmann::json::parse(in, nullptr, false);
  const nlohmann::json& codecs =
      report.is_object() && report.contains("codecs") ? report["codecs"] : report;
  for (const char* name : codec_names) {
    for (const nlohmann::json& c : codecs) {
      if (!c.is_object() || c.value("name", "") != name || !c.contains("memory")) continue;
      const nlohmann::json& m = c["memory"];
      all.push_back({name,
                     {c["bits_per_number"].get<double>() / 8, m["encode"]["gb_per_s"],
                      m["decode"]["gb_per_s"], m["decode_add"]["gb_per_s"]}});
    }
  }
  return all.size() == std::size(codec_names) ? all : std::vector<named_speed>{};
}

std::vector<named_speed> measured() {
  std::vector<named_speed> all;
  for (const char* name : codec_names) {
    all.push_back({name, bench::measure_codec(find_wire_codec(name)->value, 1 << 24, 5)});
  }
  return all;
}

/// Who runs the codecs.
struct engine {
  const char* name;
  double cores;       ///< times the speed of one here; 0: what memory lets through
  double memory = 0;  ///< 10^9 bytes a second
};
/// The second is one core times 16: nobody measured how so many share their memory. The third
/// reads and writes at 4 TB/s, about what an HBM3 GPU reaches, and does nothing else.
constexpr engine engines[] = {
    {"one core", 1}, {"16 such cores", 16}, {"4 TB/s of memory", 0, 4000}};

codec_speed speed_on(const engine& e, const codec_speed& s) {
  if (e.cores != 0) {
    return {s.bytes_per_number, s.encode * e.cores, s.decode * e.cores, s.decode_add * e.cores};
  }
  // Bytes read and written for 4 bytes of binary32; sums stay where they are, of 8 messages one.
  const double there = 4 + s.bytes_per_number, add = s.bytes_per_number + 4.0 / ranks;
  return {s.bytes_per_number, e.memory * 4 / there, e.memory * 4 / there, e.memory * 4 / add};
}

class table {
 public:
  explicit table(const std::vector<named_speed>& speeds) : speeds_(speeds) {
    for (const named_speed& s : speeds) {
      json_["speeds"].push_back({{"name", s.name},
                                 {"bytes_per_number", s.value.bytes_per_number},
                                 {"encode", s.value.encode},
                                 {"decode", s.value.decode},
                                 {"decode_add", s.value.decode_add}});
    }
    json_["ranks"] = ranks;
    for (const double s : sizes) json_["sizes"].push_back(s);
  }

  void print(const engine& e, cost_overlap overlap) {
    const char* how = overlap == cost_overlap::serial ? "serial" : "pipelined";
    fmt::print("\ncodecs by {}, {}: fastest, times as fast as fp32 / as bf16 that need no codec\n",
               e.name, how);
    fmt::print("{:<16}", "");
    for (const double s : sizes) {
      const bool is_small = s < 1048576;
      fmt::print(" {:>16} {}iB", s / (is_small ? 1024 : 1048576), is_small ? 'K' : 'M');
    }
    fmt::print("\n");
    for (const named_link& l : all_links) {
      fmt::print("{:<16}", l.name);
      for (const double s : sizes) cell(e, overlap, how, l, s);
      fmt::print("\n");
    }
  }

  const nlohmann::ordered_json& json() const { return json_; }

 private:
  void cell(const engine& e, cost_overlap overlap, const char* how, const named_link& l,
            double bytes) {
    const operation_cost c = cost_of(cost_pattern::two_shot, ranks);
    const double fp32 = predict(c, bytes, {l, {4}}, overlap).total;
    const double bf16 = predict(c, bytes, {l, {2}}, overlap).total;
    std::string best = "fp32";
    double least = fp32;
    for (const named_speed& s : speeds_) {
      const double t = predict(c, bytes, {l, speed_on(e, s.value)}, overlap).total;
      if (t < least) least = t, best = s.name;
    }
    fmt::print(" {:>20}", fmt::format("{} {:.2f}/{:.2f}", best, fp32 / least, bf16 / least));
    json_["cells"].push_back({{"engine", e.name},
                              {"overlap", how},
                              {"link", l.name},
                              {"bytes", bytes},
                              {"codec", best},
                              {"microseconds", least},
                              {"over_fp32", fp32 / least},
                              {"over_bf16", bf16 / least}});
  }

  const std::vector<named_speed>& speeds_;
  nlohmann::ordered_json json_;
};

}  // namespace

int main() {
  std::vector<named_speed> speeds = recorded();
  const bool is_recorded = !speeds.empty();
  if (!is_recorded) speeds = measured();
  fmt::print("speeds of one core, {}, kernels for {}: GB/s of binary32 in memory\n",
             is_recorded ? "from collective_codecs.json" : "measured now", simd::instruction_set());
  fmt::print("{:<10} {:>6} {:>8} {:>8} {:>8}\n", "", "bytes", "encode", "decode", "add");
  for (const named_speed& s : speeds) {
    fmt::print("{:<10} {:>6.3f} {:>8.1f} {:>8.1f} {:>8.1f}\n", s.name, s.value.bytes_per_number,
               s.value.encode, s.value.decode, s.value.decode_add);
  }
  fmt::print("two-shot all-reduce of {} ranks; latencies {} us over networks, {} us over NVLink\n",
             ranks, network_latency_us, nvlink_latency_us);
  table t(speeds);
  for (const engine& e : engines) {
    for (const cost_overlap o : {cost_overlap::serial, cost_overlap::pipelined}) t.print(e, o);
  }
  std::ofstream out("collective_cost.json");
  out << t.json().dump(1) << '\n';
  if (!out.flush()) {
    fmt::print(stderr, "collective_cost: cannot write collective_cost.json\n");
    return 1;
  }
}
