// SPDX-License-Identifier: Apache-2.0
#include "plugin.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <mutex>
#include <set>
#include <stdexcept>

#include <fmt/format.h>

#include <lowp/golden/vendor.h>

#include "faults.hpp"
#include "plugin_worker.hpp"

namespace lowp::tool {

namespace {

bool printable(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

// Why a text that a person is to read cannot be shown; empty: it can.
std::string name_error(bool there, const std::string& name) {
  if (!there) return "its name is a null pointer";
  if (name.empty()) return "its name is empty";
  if (!printable(name)) return fmt::format("its name {} is not printable ASCII", quoted_text(name));
  return {};
}

// What is wrong with a description; a line each.
std::vector<std::string> description_errors(const description& d) {
  if (!d.exists) {
    return {
        "lowp_vendor_describe returned null: it does not work with this version of the "
        "interface, or not on this machine"};
  }
  if (d.abi != LOWP_VENDOR_ABI) {
    return {fmt::format("it was built for version {} of the interface, this is version {}", d.abi,
                        LOWP_VENDOR_ABI)};
  }
  std::vector<std::string> errors;
  if (const std::string e = name_error(d.has_name, d.name); !e.empty()) errors.push_back(e);
  if (d.operation_count == 0)
    errors.emplace_back("operation_count is 0: there is nothing to check");
  if (d.operation_count > most_operations) {
    errors.push_back(
        fmt::format("operation_count is {}, above {}", d.operation_count, most_operations));
  } else if (d.operation_count != 0 && !d.has_operations) {
    errors.emplace_back("operations is a null pointer");
  }
  return errors;
}

std::string operation_title(const description::operation& o, std::size_t k) {
  return o.name.empty() || !printable(o.name) ? fmt::format("operation {}", k)
                                              : fmt::format("operation '{}'", o.name);
}

std::string operation_error(const description::operation& o) {
  if (std::string e = name_error(o.has_name, o.name); !e.empty()) return e;
  if (!o.has_claim) return "its claim is a null pointer";
  if (!printable(o.claim)) {
    return fmt::format("its claim {} is not printable ASCII", quoted_text(o.claim));
  }
  if (!o.has_run) return "its function run is a null pointer";
  return {};
}

// A plug-in and the processes that run it.
class plugin {
 public:
  plugin(std::string file, double timeout) : file_(std::move(file)), timeout_(timeout) {
    auto first = take();
    text_ = first->description_text();
    give(std::move(first));
  }

  description describe() const { return read_description(text_); }

  void run(std::size_t operation, const std::vector<field>& in, const std::vector<field>& out,
           const batch& b) {
    const auto fault = run_once(operation, in, out, b, timeout_);
    if (!fault) return;
    // Parts that hang are waited for less long than a whole batch.
    const double timeout =
        fault->slow ? std::min(timeout_, std::max(0.5, timeout_ / 10)) : timeout_;
    throw least_fault(*fault, b, in, out, [&](const batch& part) {
      return run_once(operation, in, out, part, timeout);
    });
  }

 private:
  std::unique_ptr<plugin_worker> take() {
    {
      const std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        auto w = std::move(idle_.back());
        idle_.pop_back();
        return w;
      }
    }
    auto w = std::make_unique<plugin_worker>(file_, timeout_);
    if (w->fault()) throw implementation_failure(w->fault()->words);
    if (!text_.empty() && w->description_text() != text_) {
      throw implementation_failure("describes itself otherwise when it is loaded again");
    }
    return w;
  }

  void give(std::unique_ptr<plugin_worker> w) {
    const std::lock_guard lock(mutex_);
    if (w->alive()) idle_.push_back(std::move(w));
  }

  std::optional<call_fault> run_once(std::size_t operation, const std::vector<field>& in,
                                     const std::vector<field>& out, const batch& b,
                                     double timeout) {
    auto w = take();
    auto fault = w->run(operation, in, out, b, timeout);
    give(std::move(w));
    return fault;
  }

  std::string file_;
  double timeout_;
  std::string text_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<plugin_worker>> idle_;
};

// With a folder, so that the loader looks nowhere else.
std::string whole_path(const std::string& file) {
  const std::unique_ptr<char, decltype(&std::free)> path(realpath(file.c_str(), nullptr),
                                                         &std::free);
  if (path == nullptr) {
    throw usage_error(fmt::format("plug-in {}: {}", quoted_text(file, 300), std::strerror(errno)));
  }
  return path.get();
}

}  // namespace

std::vector<plugin_operation> load_plugin(const std::string& file, double timeout) {
  const std::string title = fmt::format("plug-in {}", quoted_text(file, 300));
  std::shared_ptr<plugin> p;
  try {
    p = std::make_shared<plugin>(whole_path(file), timeout);
  } catch (const implementation_failure& e) {
    throw usage_error(fmt::format("{}: {}", title, e.what()));
  }
  const description d = p->describe();
  std::vector<std::string> errors = description_errors(d);
  std::vector<plugin_operation> found;
  std::set<std::string> names;
  for (std::size_t k = 0; k < d.operations.size(); ++k) {
    const description::operation& o = d.operations[k];
    std::string error = operation_error(o);
    if (error.empty() && !names.insert(o.name).second) error = "another one has the same name";
    try {
      if (error.empty()) {
        parsed_claim claimed = parse_claim(o.claim);
        const auto in = operand_fields(claimed.model);
        const auto out = result_fields(claimed.model);
        found.push_back({d.name, o.name, o.claim, std::move(claimed),
                         batch_run([p, k, in, out](const batch& b) { p->run(k, in, out, b); })});
      }
    } catch (const usage_error& e) {
      error = fmt::format("its claim {}: {}", quoted_text(o.claim), e.what());
    }
    if (!error.empty()) errors.push_back(fmt::format("{}: {}", operation_title(o, k), error));
  }
  if (!errors.empty()) {
    throw usage_error(fmt::format("{}: {}", title, fmt::join(errors, "\n  ")));
  }
  return found;
}

void add_plugin(catalogue& c, const std::string& file, double timeout, open_claims open) {
  for (plugin_operation& o : load_plugin(file, timeout)) {
    if (o.parsed.open && open == open_claims::refused) {
      throw usage_error(fmt::format(
          "plug-in {}: operation '{}': its claim '{}' leaves the behaviour open, so there is "
          "nothing to hold it to; say what it computes (lowp claims), or let lowp identify infer "
          "it",
          quoted_text(file, 300), o.name, o.claim));
    }
    implementation row{o.plugin, o.name, std::move(o.parsed.model), std::move(o.run)};
    row.open = o.parsed.open;
    row.any_length = true;
    row.short_batches = 16;
    c.rows.push_back(std::move(row));
  }
}

}  // namespace lowp::tool
