// SPDX-License-Identifier: Apache-2.0
#include "output_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lowp::tool {

namespace {

[[noreturn]] void fail(const std::string& path, int error) {
  throw std::runtime_error(fmt::format("cannot write '{}': {}", path, std::strerror(error)));
}

// What is written to: a temporary file, or the target itself if it cannot be replaced (a device, a
// pipe). Closed, and removed unless it was renamed, by the destructor.
struct sink {
  std::string temporary;
  int descriptor = -1;

  explicit sink(const std::string& path) {
    if (path.empty()) throw std::runtime_error("cannot write '': the name is empty");
    struct stat existing {};
    const bool exists = ::stat(path.c_str(), &existing) == 0;
    if (exists && S_ISDIR(existing.st_mode)) fail(path, EISDIR);
    if (exists && ::access(path.c_str(), W_OK) != 0) fail(path, errno);
    if (exists && !S_ISREG(existing.st_mode)) {
      descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    } else {
      temporary = path + ".XXXXXX";
      descriptor = ::mkostemp(temporary.data(), O_CLOEXEC);
      if (descriptor < 0) temporary.clear();
    }
    if (descriptor < 0) fail(path, errno);
  }
  ~sink() {
    if (descriptor >= 0) ::close(descriptor);
    if (!temporary.empty()) ::unlink(temporary.c_str());
  }
  sink(const sink&) = delete;
  sink& operator=(const sink&) = delete;
};

}  // namespace

output_file::output_file(std::string path) : path_(std::move(path)) { const sink probe(path_); }

void output_file::commit(std::string_view contents) const {
  sink out(path_);
  while (!contents.empty()) {
    const ssize_t n = ::write(out.descriptor, contents.data(), contents.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail(path_, errno);
    contents.remove_prefix(static_cast<std::size_t>(n));
  }
  if (!out.temporary.empty()) {
    // As a file that the shell creates: readable as the umask says.
    const mode_t mask = ::umask(0);
    ::umask(mask);
    if (::fchmod(out.descriptor, 0666 & ~mask) != 0) fail(path_, errno);
  }
  if (::close(std::exchange(out.descriptor, -1)) != 0) fail(path_, errno);
  if (out.temporary.empty()) return;
  if (std::rename(out.temporary.c_str(), path_.c_str()) != 0) fail(path_, errno);
  out.temporary.clear();
}

}  // namespace lowp::tool
