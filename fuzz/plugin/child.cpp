// SPDX-License-Identifier: Apache-2.0
#include "child.hpp"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <thread>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../implementation.hpp"

namespace lowp::tool {

namespace {

// Between fork and exec: only what is allowed there.
[[noreturn]] void become(char* const* command, const child_files& files, int log) {
  setpgid(0, 0);
  const int nothing = open("/dev/null", O_RDONLY);
  dup2(files.input >= 0 ? files.input : nothing, 0);
  dup2(files.output >= 0 ? files.output : log, 1);
  dup2(log, 2);
  for (const int k : files.kept) fcntl(k, F_SETFD, 0);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  std::signal(SIGPIPE, SIG_DFL);
  execv(command[0], command);
  _exit(127);
}

}  // namespace

void descriptor::reset() {
  if (number_ >= 0) close(number_);
  number_ = -1;
}

child::child(const std::vector<std::string>& command, const child_files& files)
    : log_(memfd_create("lowp log", MFD_CLOEXEC)) {
  // Appending: the log may be shortened while the child writes.
  if (log_.get() < 0 || fcntl(log_.get(), F_SETFL, O_APPEND) != 0) {
    throw implementation_failure(fmt::format("no file in memory: {}", std::strerror(errno)));
  }
  std::vector<char*> words;
  for (const std::string& w : command) words.push_back(const_cast<char*>(w.c_str()));
  words.push_back(nullptr);
  pid_ = fork();
  if (pid_ == 0) become(words.data(), files, log_.get());
  if (pid_ < 0) throw implementation_failure(fmt::format("no process: {}", std::strerror(errno)));
  setpgid(pid_, pid_);
}

child::~child() { kill(); }

void child::kill() {
  if (pid_ < 0) return;
  ::kill(-pid_, SIGKILL);
  if (!ended_) {
    ::kill(pid_, SIGKILL);
    while (waitpid(pid_, &status_, 0) < 0 && errno == EINTR) {
    }
    ended_ = true;
  }
}

bool child::ended(std::chrono::milliseconds wait) {
  const auto deadline = std::chrono::steady_clock::now() + wait;
  for (auto nap = std::chrono::microseconds(50); !ended_; nap = std::min(2 * nap, nap * 20)) {
    ended_ = waitpid(pid_, &status_, WNOHANG) == pid_;
    if (ended_ || std::chrono::steady_clock::now() >= deadline) break;
    std::this_thread::sleep_for(std::min(nap, std::chrono::microseconds(5000)));
  }
  return ended_;
}

int child::exit_status() const { return WIFEXITED(status_) ? WEXITSTATUS(status_) : -1; }

bool child::ended_well() const { return exit_status() == 0; }

std::string child::how_it_ended() const {
  if (WIFSIGNALED(status_)) return "was killed by " + signal_name(WTERMSIG(status_));
  return fmt::format("ended with exit status {}", exit_status());
}

std::string child::last_output() const {
  const off_t size = lseek(log_.get(), 0, SEEK_END);
  std::string text(static_cast<std::size_t>(std::clamp<off_t>(size, 0, 1000)), '\0');
  const ssize_t n =
      pread(log_.get(), text.data(), text.size(), size - static_cast<off_t>(text.size()));
  text.resize(n < 0 ? 0 : static_cast<std::size_t>(n));
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) {
    text.pop_back();
  }
  // At most three lines.
  std::size_t start = text.size();
  for (int lines = 0; lines < 3 && start != 0 && start != std::string::npos; ++lines) {
    start = text.rfind('\n', start - 1);
  }
  text = start == std::string::npos ? text : text.substr(start);
  return text.empty() ? text : quoted_text(text.front() == '\n' ? text.substr(1) : text, 300);
}

void child::bound_log() const {
  constexpr off_t most = 1 << 20;
  if (lseek(log_.get(), 0, SEEK_END) > most && ftruncate(log_.get(), 0) != 0) return;
}

std::string signal_name(int signal) {
  const char* const name = sigabbrev_np(signal);
  return name != nullptr ? fmt::format("SIG{}", name) : fmt::format("signal {}", signal);
}

std::string quoted_text(const std::string& text, std::size_t most) {
  std::string out = "'";
  for (const char c : text.substr(0, most)) {
    if (c >= ' ' && c <= '~') {
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
  }
  return out + (text.size() > most ? "...'" : "'");
}

}  // namespace lowp::tool
