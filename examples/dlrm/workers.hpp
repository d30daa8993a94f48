// SPDX-License-Identifier: Apache-2.0
// Workers of a training, several of which may live in one process: what they compute depends on how
// many they are, and not on the processes. Messages between processes travel in bundles.
#ifndef LOWP_EXAMPLES_DLRM_WORKERS_HPP
#define LOWP_EXAMPLES_DLRM_WORKERS_HPP

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <lowp/collective/rank_task.hpp>

namespace dlrm {

// One process that talks to nobody.
class alone final : public lowp::transport {
 public:
  lowp::rank_of self() const noexcept override { return {}; }
  void exchange(lowp::message_round&) override {}
};

class worker_group {
 public:
  worker_group(lowp::transport& processes, std::uint32_t workers)
      : processes_(processes), workers_(workers), local_(workers / processes.self().size) {
    if (local_ * processes.self().size != workers) {
      throw std::invalid_argument("dlrm: " + std::to_string(processes.self().size) +
                                  " processes do not divide " + std::to_string(workers) +
                                  " workers");
    }
  }

  std::uint32_t size() const { return workers_; }
  std::uint32_t local() const { return local_; }
  // Number i of this process.
  lowp::rank_of worker(std::uint32_t i) const {
    return {processes_.self().rank * local_ + i, workers_};
  }
  bool is_first_process() const { return processes_.self().rank == 0; }

  // Makes a task of every worker here by `make(worker, number here, operation)`, and runs them to
  // their ends.
  template <class Make>
  void run(const Make& make) {
    std::vector<lowp::rank_task> task;
    for (std::uint32_t i = 0; i < local_; ++i) task.push_back(make(worker(i), i, operations_));
    ++operations_;
    std::vector<lowp::message_round*> round(local_);
    for (;;) {
      for (std::uint32_t i = 0; i < local_; ++i) round[i] = task[i].next();
      if (round[0] == nullptr) return;
      exchange(round);
    }
  }

 private:
  using way = std::pair<std::uint32_t, std::uint32_t>;  // from worker, to worker

  struct bundle {
    std::vector<std::byte> out, in;
    std::vector<lowp::incoming_message*> expected;  // in the order of their ways
  };

  std::uint32_t process_of(std::uint32_t worker) const { return worker / local_; }

  void exchange(const std::vector<lowp::message_round*>& round) {
    std::map<way, const lowp::outgoing_message*> out;
    std::map<way, lowp::incoming_message*> in;
    for (std::uint32_t i = 0; i < local_; ++i) {
      for (const auto& m : round[i]->send) out[{worker(i).rank, m.to}] = &m;
      for (auto& m : round[i]->receive) in[{m.from, worker(i).rank}] = &m;
    }
    const std::uint32_t here = processes_.self().rank;
    std::vector<bundle> with(processes_.self().size);
    for (const auto& [w, m] : out) {
      if (process_of(w.second) == here) continue;
      std::vector<std::byte>& b = with[process_of(w.second)].out;
      b.insert(b.end(), m->bytes.begin(), m->bytes.end());
    }
    for (const auto& [w, m] : in) {
      if (process_of(w.first) == here) {
        const auto sent = out.find(w);
        if (sent != out.end()) deliver(sent->second->bytes, *m);
      } else {
        bundle& b = with[process_of(w.first)];
        b.expected.push_back(m);
        b.in.resize(b.in.size() + m->room.size());
      }
    }
    lowp::message_round bundles;
    for (std::uint32_t p = 0; p < with.size(); ++p) {
      if (!with[p].out.empty()) bundles.send.push_back({p, with[p].out});
      if (!with[p].in.empty()) bundles.receive.push_back({p, with[p].in, 0});
    }
    processes_.exchange(bundles);
    for (const lowp::incoming_message& b : bundles.receive) {
      std::span<const std::byte> left = b.room;
      // A bundle of another size has a message that is not the expected one: all count as lost.
      if (b.came != left.size()) continue;
      for (lowp::incoming_message* m : with[b.from].expected) {
        deliver(left.first(m->room.size()), *m);
        left = left.subspan(m->room.size());
      }
    }
  }

  static void deliver(std::span<const std::byte> bytes, lowp::incoming_message& m) {
    std::memcpy(m.room.data(), bytes.data(), std::min(bytes.size(), m.room.size()));
    m.came = bytes.size();
  }

  lowp::transport& processes_;
  std::uint32_t workers_, local_;
  std::uint64_t operations_ = 0;
};

}  // namespace dlrm

#endif  // LOWP_EXAMPLES_DLRM_WORKERS_HPP
