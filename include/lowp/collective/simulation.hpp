// SPDX-License-Identifier: Apache-2.0
/// \file
/// Ranks of one process, thousands of them: their tasks advance together, round by round, and
/// messages suffer what they are told to. spec/collectives.md COL-24.
#ifndef LOWP_COLLECTIVE_SIMULATION_HPP
#define LOWP_COLLECTIVE_SIMULATION_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <exception>
#include <map>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

#include "rank_task.hpp"

namespace lowp {

/// What happens to a message, or to a rank.
enum class fault_kind : std::uint8_t {
  lost,         ///< it never comes
  duplicated,   ///< it comes twice: its second copy in place of the next message on its way
  delayed,      ///< it comes in place of the next message on its way, and that one behind it
  corrupted,    ///< bit `detail`, modulo its bits, is flipped
  truncated,    ///< only its first `detail` bytes, modulo their number, come
  extended,     ///< 1 + `detail` mod 64 bytes come behind it
  misdirected,  ///< what `from` sends to rank `detail` comes to `to` in place of its own message
  died,         ///< `from` sends nothing any more, from this round on
};

/// A fault: of the message from one rank to another in a round, counted from 0.
struct fault {
  fault_kind kind = fault_kind::lost;
  std::uint32_t round = 0;
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  std::uint64_t detail = 0;
};

/// What the task of a rank that died leaves.
class rank_died : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A group of ranks in this process.
class simulated_group {
 public:
  simulated_group() = default;
  /// Faults of the next runs, each once in every run.
  explicit simulated_group(std::vector<fault> faults) : faults_(std::move(faults)) {}

  /// Runs the task of each rank to its end and returns what it threw, or null, for each.
  std::vector<std::exception_ptr> run(std::span<rank_task> tasks) {
    begin(tasks.size());
    std::vector<std::exception_ptr> thrown(tasks.size());
    std::vector<message_round*> now(tasks.size());
    for (bool goes_on = true; goes_on; ++rounds_) {
      goes_on = false;
      for (std::size_t r = 0; r < tasks.size(); ++r) {
        now[r] = nullptr;
        if (dies(r)) {
          thrown[r] = std::make_exception_ptr(rank_died("the rank died"));
        } else if (!thrown[r]) {
          try {
            now[r] = tasks[r].next();
          } catch (...) {
            thrown[r] = std::current_exception();
          }
        }
        goes_on = goes_on || now[r] != nullptr;
      }
      if (goes_on) deliver(now);
      if (!goes_on) break;
    }
    return thrown;
  }

  /// Of the last run: rounds, messages that were sent, their bytes, faults that met a message.
  std::uint32_t rounds() const noexcept { return rounds_; }
  std::uint64_t messages() const noexcept { return messages_; }
  std::uint64_t bytes() const noexcept { return bytes_; }
  std::uint32_t struck() const noexcept { return struck_; }
  /// Messages to ranks that live which nobody expected in their round.
  std::uint64_t unexpected() const noexcept { return unexpected_; }

 private:
  using way = std::pair<std::uint32_t, std::uint32_t>;  // from, to
  using frame = std::vector<std::byte>;

  void begin(std::size_t ranks) {
    rounds_ = struck_ = 0;
    messages_ = bytes_ = unexpected_ = 0;
    late_.clear();
    dead_.assign(ranks, false);
  }

  bool dies(std::size_t rank) {
    for (const fault& f : faults_) {
      if (f.kind != fault_kind::died || f.from != rank || f.round != rounds_) continue;
      dead_[rank] = true;
      ++struck_;
    }
    return dead_[rank];
  }

  /// What a rank sends to another in this round.
  static std::span<const std::byte> sent(const message_round* from, std::uint32_t to) {
    if (from == nullptr) return {};
    // Algorithms go through ranks in order, or send to one only.
    const auto less = [](const outgoing_message& m, std::uint32_t rank) { return m.to < rank; };
    auto found = std::lower_bound(from->send.begin(), from->send.end(), to, less);
    if (found == from->send.end() || found->to != to) {
      found = std::find_if(from->send.begin(), from->send.end(),
                           [to](const outgoing_message& m) { return m.to == to; });
    }
    return found == from->send.end() ? std::span<const std::byte>{} : found->bytes;
  }

  void deliver(const std::vector<message_round*>& now) {
    for (const message_round* r : now) {
      if (r == nullptr) continue;
      messages_ += r->send.size();
      for (const outgoing_message& m : r->send) {
        bytes_ += m.bytes.size();
        unexpected_ += m.to < now.size() && now[m.to] == nullptr ? 0 : 1;
      }
    }
    for (std::uint32_t to = 0; to < now.size(); ++to) {
      if (now[to] == nullptr) continue;
      for (incoming_message& m : now[to]->receive) {
        const std::span<const std::byte> bytes = sent(now.at(m.from), to);
        unexpected_ -= bytes.empty() ? 0 : 1;
        const auto late = late_.find({m.from, to});
        if (late == late_.end() && !strikes(m.from, to)) {
          put(bytes, m);
        } else {
          deliver_with_faults(now, bytes, to, m);
        }
      }
    }
  }

  bool strikes(std::uint32_t from, std::uint32_t to) const {
    return std::any_of(faults_.begin(), faults_.end(), [&](const fault& f) {
      return f.kind != fault_kind::died && f.round == rounds_ && f.from == from && f.to == to;
    });
  }

  static void put(std::span<const std::byte> bytes, incoming_message& m) {
    const std::size_t n = std::min(bytes.size(), m.room.size());
    if (n != 0) std::memcpy(m.room.data(), bytes.data(), n);
    m.came = bytes.size();
  }

  void deliver_with_faults(const std::vector<message_round*>& now, std::span<const std::byte> bytes,
                           std::uint32_t to, incoming_message& m) {
    std::deque<frame>& queue = late_[{m.from, to}];
    frame arrives(bytes.begin(), bytes.end());
    bool comes = !bytes.empty(), twice = false, later = false;
    for (const fault& f : faults_) {
      if (f.kind == fault_kind::died || f.round != rounds_ || f.from != m.from || f.to != to) {
        continue;
      }
      if (!comes) continue;
      ++struck_;
      switch (f.kind) {
        case fault_kind::lost: comes = false; break;
        case fault_kind::duplicated: twice = true; break;
        case fault_kind::delayed: later = true; break;
        case fault_kind::corrupted: {
          const std::uint64_t bit = f.detail % (8 * arrives.size());
          arrives[bit / 8] ^= static_cast<std::byte>(1U << bit % 8);
          break;
        }
        case fault_kind::truncated: arrives.resize(f.detail % arrives.size()); break;
        case fault_kind::extended: arrives.resize(arrives.size() + 1 + f.detail % 64); break;
        case fault_kind::misdirected: {
          const auto other = sent(now[m.from], static_cast<std::uint32_t>(f.detail));
          arrives.assign(other.begin(), other.end());
          break;
        }
        case fault_kind::died: break;
      }
    }
    const bool was_late = !queue.empty();
    if (comes) queue.push_back(arrives);
    if (comes && twice) queue.push_back(arrives);
    if (queue.empty() || (later && !was_late)) {
      m.came = 0;
    } else {
      put(queue.front(), m);
      queue.pop_front();
    }
    if (queue.empty()) late_.erase({m.from, to});
  }

  std::vector<fault> faults_;
  std::map<way, std::deque<frame>> late_;
  std::vector<bool> dead_;
  std::uint32_t rounds_ = 0, struck_ = 0;
  std::uint64_t messages_ = 0, bytes_ = 0, unexpected_ = 0;
};

}  // namespace lowp

#endif  // LOWP_COLLECTIVE_SIMULATION_HPP
