// SPDX-License-Identifier: Apache-2.0
#include "plugin_worker.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "../code_arrays.hpp"
#include "worker.hpp"

namespace lowp::tool {

namespace {

using clock = std::chrono::steady_clock;

constexpr std::size_t least_room = 4096;  // cases
// Before arrays of results.
constexpr auto watched_value = std::byte{0xc3};
// A text that a worker sends is never longer, whatever it says.
constexpr std::uint64_t longest_answer = std::uint64_t{1} << 28;

std::string cases_words(std::size_t n) { return n == 1 ? "1 case" : fmt::format("{} cases", n); }

// A result code with bits above its width; empty: none.
std::string junk_text(const std::vector<field>& out, void* const* arrays, std::size_t cases) {
  for (std::size_t k = 0; k < out.size(); ++k) {
    const std::size_t bytes = out[k].bytes();
    const code_t above = ~lowp::detail::low_mask(out[k].of.width);
    if (static_cast<std::size_t>(out[k].of.width) == 8 * bytes) continue;
    for (std::size_t i = 0; i < cases * out[k].count; ++i) {
      const code_t code = load_code(arrays[k], bytes, i);
      if ((code & above) == 0) continue;
      return fmt::format("returned 0x{:x} in '{}', a code of {} bits: bits above the width are set",
                         code, out[k].name, out[k].of.width);
    }
  }
  return {};
}

}  // namespace

plugin_worker::plugin_worker(const std::string& file, double timeout)
    : memory_(memfd_create("lowp arrays", MFD_CLOEXEC)) {
  int ends[2];
  if (memory_.get() < 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    fault_ = call_fault{fmt::format("cannot be started: {}", std::strerror(errno))};
    return;
  }
  socket_ = descriptor(ends[0]);
  // Half an answer, from a plug-in that writes where it should not, holds up no one.
  const timeval patience{2, 0};
  setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(ends[0], SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  descriptor theirs(ends[1]);
  process_ = std::make_unique<child>(
      std::vector<std::string>{"/proc/self/exe", worker_command, file, std::to_string(theirs.get()),
                               std::to_string(memory_.get())},
      child_files{-1, -1, {theirs.get(), memory_.get()}});
  alive_ = true;
  theirs.reset();
  worker_answer a;
  std::string text;
  fault_ = receive(a, text, timeout);
  if (fault_) {
    fault_->words += " while it was loaded";
  } else if (a.what == worker_answer::described) {
    description_ = std::move(text);
  } else {
    fault_ = call_fault{fmt::format("cannot be loaded: {}", text)};
  }
}

std::string plugin_worker::array_text(std::size_t k) const {
  const bool operand = k < arrays_.layout().operands;
  return fmt::format("the array of {} '{}'", operand ? "operand" : "result",
                     k < names_.size() ? names_[k] : "?");
}

std::string plugin_worker::access_text() const {
  if (arrays_.note() == nullptr) return {};
  const crash_note n = *arrays_.note();
  const char* const act = n.write != 0 ? "writing" : "reading";
  switch (n.what) {
    case crash_note::behind:
      return n.distance == 0 ? fmt::format(", {} directly behind {}", act, array_text(n.array))
                             : fmt::format(", {} {} bytes behind the end of {}", act, n.distance,
                                           array_text(n.array));
    case crash_note::before:
      return fmt::format(", {} {} bytes before the start of {}", act, n.distance,
                         array_text(n.array));
    case crash_note::read_only: return fmt::format(", writing to {}", array_text(n.array));
    case crash_note::null: return fmt::format(", {} at or next to a null pointer", act);
    case crash_note::misaligned:
      return ", at an address that the processor refuses: none of memory, or not aligned as the "
             "instruction demands (arrays are aligned as their codes are, and no more)";
    default: return {};
  }
}

call_fault plugin_worker::ended_fault() {
  using namespace std::chrono_literals;
  alive_ = false;
  // The socket may be closed by a plug-in that goes on.
  if (!process_->ended(200ms) || process_->exit_status() == lost_connection) {
    process_->kill();
    return {"closed the connection between lowp and its worker"};
  }
  std::string words = process_->how_it_ended();
  if (process_->exit_status() >= 0) words += ": it called exit";
  words += access_text();
  const std::string said = process_->last_output();
  if (!said.empty()) words += fmt::format("; its last output: {}", said);
  process_->kill();
  return {words};
}

std::optional<call_fault> plugin_worker::receive(worker_answer& a, std::string& text,
                                                 double timeout) {
  using namespace std::chrono_literals;
  const auto deadline = clock::now() + std::chrono::duration<double>(timeout);
  for (;;) {
    pollfd p{socket_.get(), POLLIN, 0};
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - clock::now()) + 1ms;
    const int n = poll(&p, 1, static_cast<int>(std::clamp<long long>(left.count(), 0, 100)));
    if (n > 0) break;
    process_->bound_log();
    if (process_->ended(0ms)) return ended_fault();
    if (clock::now() >= deadline) {
      alive_ = false;
      process_->kill();
      return call_fault{fmt::format("did not return within {:g} s", timeout), true};
    }
  }
  if (!receive_all(socket_.get(), &a, sizeof a)) return ended_fault();
  const bool sane = a.mark == worker_answer::right_mark && a.text_bytes <= longest_answer;
  if (sane) text.resize(a.text_bytes);
  if (!sane || a.number != number_) {
    alive_ = false;
    process_->kill();
    return call_fault{"wrote to the connection between lowp and its worker"};
  }
  if (!receive_all(socket_.get(), text.data(), text.size())) return ended_fault();
  return {};
}

bool plugin_worker::set_layout(const std::vector<field>& in, const std::vector<field>& out,
                               std::size_t cases) {
  array_layout l;
  l.operands = static_cast<std::uint32_t>(in.size());
  l.arrays = static_cast<std::uint32_t>(in.size() + out.size());
  if (l.arrays > most_arrays) return false;
  names_.clear();
  for (std::size_t k = 0; k < l.arrays; ++k) {
    const field& f = k < in.size() ? in[k] : out[k - in.size()];
    l.bytes_of_case[k] = bytes_of_case(f);
    names_.push_back(f.name);
  }
  l.place(std::max(cases, least_room));
  return l == arrays_.layout() || arrays_.map_all(memory_.get(), l);
}

std::optional<call_fault> plugin_worker::run(std::size_t operation, const std::vector<field>& in,
                                             const std::vector<field>& out, const batch& b,
                                             double timeout) {
  if (!set_layout(in, out, b.cases)) return call_fault{"no memory for its arrays"};
  *arrays_.note() = {};
  const auto bytes = [&](std::size_t k) { return arrays_.layout().bytes_of_case[k] * b.cases; };
  for (std::size_t k = 0; k < in.size(); ++k) {
    std::memcpy(arrays_.array(k, b.cases), b.in[k], bytes(k));
  }
  for (std::size_t k = in.size(); k < arrays_.layout().arrays; ++k) {
    std::byte* const to = arrays_.array(k, b.cases);
    std::fill_n(to - watched_bytes, watched_bytes, watched_value);
    std::memcpy(to, b.out[k - in.size()], bytes(k));
  }
  const worker_request r{++number_,
                         operation,
                         b.cases,
                         b.first,
                         b.first + b.cases < b.total ? b.total : b.first + b.cases,
                         b.seed,
                         b.stream,
                         b.rank,
                         b.ranks,
                         0,
                         arrays_.layout()};
  if (!send_all(socket_.get(), &r, sizeof r)) return ended_fault();
  worker_answer a;
  std::string text;
  if (auto fault = receive(a, text, timeout)) return fault;
  switch (a.what) {
    case worker_answer::done: break;
    case worker_answer::threw:
      return call_fault{fmt::format("let an exception escape: {}", quoted_text(text))};
    default: return call_fault{"no memory for its arrays"};
  }
  if (a.number_returned != 0) {
    return call_fault{fmt::format("refused a batch of {}: it returned {}", cases_words(b.cases),
                                  a.number_returned)};
  }
  for (std::size_t k = in.size(); k < arrays_.layout().arrays; ++k) {
    const std::byte* const from = arrays_.array(k, b.cases);
    if (std::any_of(from - watched_bytes, from, [](std::byte x) { return x != watched_value; })) {
      return call_fault{fmt::format("wrote before the start of {}", array_text(k))};
    }
    std::memcpy(b.out[k - in.size()], from, bytes(k));
  }
  const std::string junk = junk_text(out, b.out, b.cases);
  if (!junk.empty()) return call_fault{junk};
  return {};
}

}  // namespace lowp::tool
