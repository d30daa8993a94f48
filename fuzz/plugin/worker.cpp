// SPDX-License-Identifier: Apache-2.0
// Everything that the plug-in's code can harm: nothing here is trusted by the tool.
#include "worker.hpp"

#include <csignal>
#include <cstring>
#include <exception>
#include <thread>

#include <dlfcn.h>
#include <fmt/format.h>
#include <poll.h>
#include <pthread.h>
#include <ucontext.h>
#include <unistd.h>

#include <lowp/golden/vendor.h>

#include "channel.hpp"

namespace lowp::tool {

namespace {

// What the handler of fatal signals looks at.
shared_arrays* current_arrays = nullptr;
volatile std::size_t current_cases = 0;

bool is_write([[maybe_unused]] const void* context) {
#if defined(__x86_64__)
  constexpr greg_t written = 2;
  return (static_cast<const ucontext_t*>(context)->uc_mcontext.gregs[REG_ERR] & written) != 0;
#else
  return false;
#endif
}

// Notes what was touched; then the signal comes again and ends the process.
void on_bad_access(int signal, siginfo_t* info, void* context) {
  std::signal(signal, SIG_DFL);
  if (current_arrays == nullptr || current_cases == 0) return;
  // Accesses that the processor refuses whatever the page have no address.
  const bool known = info->si_code == SEGV_MAPERR || info->si_code == SEGV_ACCERR;
  current_arrays->classify(info->si_addr, is_write(context), known || signal != SIGSEGV,
                           current_cases);
}

void watch_signals() {
  static char stack[1 << 16];
  stack_t s{};
  s.ss_sp = stack;
  s.ss_size = sizeof stack;
  sigaltstack(&s, nullptr);
  struct sigaction action {};
  action.sa_sigaction = on_bad_access;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigaction(SIGSEGV, &action, nullptr);
  sigaction(SIGBUS, &action, nullptr);
}

// The tool may be gone while the plug-in hangs.
void end_with_the_tool(int socket) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  std::thread([socket] {
    pollfd p{socket, 0, 0};
    while (poll(&p, 1, -1) < 0) {
    }
    // The plug-in closed it before this thread came here; the tool kills what is left.
    if ((p.revents & POLLNVAL) != 0) _exit(lost_connection);
    kill(0, SIGKILL);
  }).detach();
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

bool answer(int socket, worker_answer a, const std::string& text = {}) {
  a.text_bytes = text.size();
  return send_all(socket, &a, sizeof a) && send_all(socket, text.data(), text.size());
}

std::string bounded(const char* text) { return {text, strnlen(text, longest_text)}; }

description describe(const lowp_vendor* v) {
  description d;
  d.exists = v != nullptr;
  if (!d.exists) return d;
  d.abi = v->abi;
  // Of another version the members are not known.
  if (d.abi != LOWP_VENDOR_ABI) return d;
  d.has_name = v->name != nullptr;
  if (d.has_name) d.name = bounded(v->name);
  d.operation_count = v->operation_count;
  d.has_operations = v->operations != nullptr;
  if (!d.has_operations || d.operation_count > most_operations) return d;
  for (std::uint64_t k = 0; k < d.operation_count; ++k) {
    const lowp_vendor_operation& from = v->operations[k];
    description::operation to;
    to.has_name = from.name != nullptr;
    to.has_claim = from.claim != nullptr;
    to.has_run = from.run != nullptr;
    if (to.has_name) to.name = bounded(from.name);
    if (to.has_claim) to.claim = bounded(from.claim);
    d.operations.push_back(std::move(to));
  }
  return d;
}

worker_answer run_batch(const lowp_vendor_operation& operation, const worker_request& r,
                        const shared_arrays& arrays, std::string& text) {
  const void* in[most_arrays] = {};
  void* out[most_arrays] = {};
  for (std::size_t k = 0; k < r.layout.arrays; ++k) {
    std::byte* const at = arrays.array(k, r.cases);
    if (k < r.layout.operands) {
      in[k] = at;
    } else {
      out[k - r.layout.operands] = at;
    }
  }
  const lowp_vendor_batch batch{sizeof batch, r.cases, in,       out,    r.first,
                                r.total,      r.seed,  r.stream, r.rank, r.ranks};
  worker_answer a;
  a.number = r.number;
  try {
    current_cases = r.cases;
    a.number_returned = operation.run(operation.context, &batch);
    current_cases = 0;
  } catch (const std::exception& e) {
    a.what = worker_answer::threw;
    text = e.what();
  } catch (...) {
    a.what = worker_answer::threw;
    text = "not derived from std::exception";
  }
  return a;
}

}  // namespace

int run_worker(const char* file, int socket, int memory) {
  setpgid(0, 0);
  end_with_the_tool(socket);
  watch_signals();
  worker_answer start;
  start.what = worker_answer::unusable;
  void* const library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return answer(socket, start, dlerror()) ? 0 : lost_connection;
  void* const symbol = dlsym(library, "lowp_vendor_describe");
  if (symbol == nullptr) {
    return answer(socket, start, "it exports no function lowp_vendor_describe") ? 0
                                                                                : lost_connection;
  }
  const auto describe_function = reinterpret_cast<decltype(&lowp_vendor_describe)>(symbol);
  const lowp_vendor* const vendor = describe_function(LOWP_VENDOR_ABI);
  start.what = worker_answer::described;
  if (!answer(socket, start, write_description(describe(vendor)))) return lost_connection;

  shared_arrays arrays;
  current_arrays = &arrays;
  for (worker_request r; receive_all(socket, &r, sizeof r);) {
    worker_answer a;
    std::string text;
    if (!(arrays.layout() == r.layout) && !arrays.map_guarded(memory, r.layout)) {
      a.what = worker_answer::out_of_room;
      a.number = r.number;
    } else {
      a = run_batch(vendor->operations[r.operation], r, arrays, text);
    }
    if (!answer(socket, a, text)) return lost_connection;
  }
  return 0;
}

}  // namespace lowp::tool
