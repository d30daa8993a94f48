// SPDX-License-Identifier: Apache-2.0
#include "command_lines.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include "../code_arrays.hpp"
#include "faults.hpp"

namespace lowp::tool {

namespace {

using clock = std::chrono::steady_clock;

struct two_ends {
  descriptor read;
  descriptor write;
};

two_ends make_pipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    throw implementation_failure(fmt::format("no pipe: {}", std::strerror(errno)));
  }
  return {descriptor(ends[0]), descriptor(ends[1])};
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

// Writing to a program that reads no more is an error, not the end of the tool.
class no_pipe_signal {
 public:
  no_pipe_signal() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~no_pipe_signal() {
    const timespec now{};
    while (sigtimedwait(&pipe_, nullptr, &now) > 0) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  no_pipe_signal(const no_pipe_signal&) = delete;
  no_pipe_signal& operator=(const no_pipe_signal&) = delete;

 private:
  sigset_t pipe_;
  sigset_t before_;
};

// Feeds the program and takes what it writes, both at once: it may write early or late. False: not
// done at the deadline.
bool exchange(two_ends& to, two_ends& from, const std::string& input, std::string& output,
              std::size_t most, clock::time_point deadline) {
  using namespace std::chrono_literals;
  const no_pipe_signal quiet;
  fcntl(to.write.get(), F_SETFL, O_NONBLOCK);
  std::size_t sent = 0;
  while (output.size() <= most) {
    if (sent == input.size()) to.write.reset();
    pollfd p[2] = {{from.read.get(), POLLIN, 0}, {to.write.get(), POLLOUT, 0}};
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - clock::now()) + 1ms;
    if (left.count() <= 0) return false;
    poll(p, 2, static_cast<int>(std::min<long long>(left.count(), 1000)));
    if ((p[1].revents & (POLLOUT | POLLERR)) != 0) {
      const ssize_t n = write(to.write.get(), input.data() + sent, input.size() - sent);
      // One that reads no more may still have answered.
      if (n < 0 && errno == EPIPE) sent = input.size();
      if (n > 0) sent += static_cast<std::size_t>(n);
    }
    if ((p[0].revents & (POLLIN | POLLHUP)) != 0) {
      char piece[65536];
      const ssize_t n = read(from.read.get(), piece, sizeof piece);
      if (n == 0) return true;
      if (n > 0) output.append(piece, static_cast<std::size_t>(n));
    }
  }
  return true;
}

}  // namespace

std::string operand_lines(const std::vector<field>& in, const batch& b) {
  std::string text;
  for (std::size_t i = 0; i < b.cases; ++i) {
    bool first = true;
    for (std::size_t k = 0; k < in.size(); ++k) {
      for (std::size_t j = 0; j < in[k].count; ++j) {
        const code_t code = load_code(b.in[k], in[k].bytes(), i * in[k].count + j);
        fmt::format_to(std::back_inserter(text), "{}{:0{}X}", first ? "" : " ", code,
                       (in[k].of.width + 3) / 4);
        first = false;
      }
    }
    text += '\n';
  }
  return text;
}

std::string read_result_lines(const std::string& text, const std::vector<field>& out,
                              const batch& b) {
  const std::size_t wanted = code_count(out);
  std::size_t at = 0;
  for (std::size_t i = 0; i < b.cases; ++i) {
    if (at == text.size()) {
      return fmt::format("wrote {} lines for {} case{}", i == 0 ? "no" : std::to_string(i), b.cases,
                         b.cases == 1 ? "" : "s");
    }
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    const std::string where = fmt::format("line {} of its output, {}", i + 1, quoted_text(line));
    if (end == text.size()) return fmt::format("{}, does not end with a line feed", where);
    at = end + 1;
    std::size_t place = 0;
    std::size_t fields = 0;
    std::size_t k = 0;
    std::size_t j = 0;
    for (;; ++fields) {
      while (place < line.size() && is_blank(line[place])) ++place;
      if (place == line.size()) break;
      std::size_t stop = place;
      while (stop < line.size() && !is_blank(line[stop])) ++stop;
      const std::string word = line.substr(place, stop - place);
      place = stop;
      if (fields >= wanted) continue;
      code_t code = 0;
      const auto [rest, error] = std::from_chars(word.data(), word.data() + word.size(), code, 16);
      if (error == std::errc::invalid_argument || rest != word.data() + word.size()) {
        return fmt::format("{}: {} is no hexadecimal number", where, quoted_text(word));
      }
      const field& f = out[k];
      if (error != std::errc{} || (code & ~lowp::detail::low_mask(f.of.width)) != 0) {
        return fmt::format("{}: {} has more than the {} bits of '{}'", where, quoted_text(word),
                           f.of.width, f.name);
      }
      store_code(b.out[k], f.bytes(), i * f.count + j, code);
      if (++j == f.count) {
        j = 0;
        ++k;
      }
    }
    if (fields != wanted) {
      return fmt::format("{}, has {} field{} where {} belong{}", where, fields,
                         fields == 1 ? "" : "s", wanted, wanted == 1 ? "s" : "");
    }
  }
  if (at != text.size()) {
    return fmt::format("wrote more than {} line{} for as many cases: {}", b.cases,
                       b.cases == 1 ? "" : "s",
                       quoted_text(text.substr(at, text.find('\n', at) - at)));
  }
  return {};
}

std::optional<call_fault> run_command(const std::string& command, const std::vector<field>& in,
                                      const std::vector<field>& out, const batch& b,
                                      double timeout) {
  using namespace std::chrono_literals;
  const auto deadline = clock::now() + std::chrono::duration_cast<clock::duration>(
                                           std::chrono::duration<double>(timeout));
  two_ends to = make_pipe();
  two_ends from = make_pipe();
  child process({"/bin/sh", "-c", command}, {to.read.get(), from.write.get(), {}});
  to.read.reset();
  from.write.reset();
  const std::string input = operand_lines(in, b);
  // Generous for every right answer; of an endless one no more is read.
  const std::size_t most = b.cases * (20 * code_count(out) + 64) + 65536;
  std::string output;
  const auto late = [&] {
    return call_fault{fmt::format("did not end within {:g} s after {} lines of input and {} of "
                                  "output",
                                  timeout, b.cases, std::count(output.begin(), output.end(), '\n')),
                      true};
  };
  if (!exchange(to, from, input, output, most, deadline)) return late();
  std::string words;
  if (output.size() > most) {
    process.kill();
    words = read_result_lines(output, out, b);
    return call_fault{words};
  }
  while (!process.ended(5ms)) {
    if (clock::now() >= deadline) return late();
  }
  if (process.ended_well()) {
    words = read_result_lines(output, out, b);
  } else {
    // The shell's way of saying that a signal ended the program.
    const int signal = process.exit_status() - 128;
    words =
        signal > 0 && signal < 65 ? "was killed by " + signal_name(signal) : process.how_it_ended();
  }
  if (words.empty()) return {};
  const std::string said = process.last_output();
  if (!said.empty()) words += fmt::format("; it wrote to standard error: {}", said);
  return call_fault{words};
}

void add_command(catalogue& c, const std::string& command, const std::string& claim, double timeout,
                 open_claims open) {
  parsed_claim parsed = [&] {
    try {
      return parse_claim(claim);
    } catch (const usage_error& e) {
      throw usage_error(fmt::format("--claim: {}", e.what()));
    }
  }();
  if (parsed.open && open == open_claims::refused) {
    throw usage_error(
        fmt::format("--claim: '{}' leaves the behaviour open, so there is nothing to "
                    "hold it to; say what it computes (lowp claims), or let lowp identify infer it",
                    claim));
  }
  const auto in = operand_fields(parsed.model);
  const auto out = result_fields(parsed.model);
  const batch_run run([=](const batch& b) {
    const auto fault = run_command(command, in, out, b, timeout);
    if (!fault) return;
    const double part_timeout =
        fault->slow ? std::min(timeout, std::max(0.5, timeout / 10)) : timeout;
    throw least_fault(*fault, b, in, out, [&](const batch& part) {
      return run_command(command, in, out, part, part_timeout);
    });
  });
  // The statuses by which the shell says that it cannot start a program.
  {
    const two_ends nothing = make_pipe();
    child probe({"/bin/sh", "-c", command}, {-1, nothing.write.get(), {}});
    probe.ended(std::chrono::milliseconds(500));
    if (probe.exit_status() == 126 || probe.exit_status() == 127) {
      throw usage_error(fmt::format("--command: {} cannot be started: {}", quoted_text(command),
                                    probe.last_output()));
    }
  }
  implementation row{"command", command, std::move(parsed.model), run};
  row.open = parsed.open;
  row.short_batches = 1;
  c.rows.push_back(std::move(row));
}

}  // namespace lowp::tool
