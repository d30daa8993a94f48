// SPDX-License-Identifier: Apache-2.0
#include "output_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lowp::tool {

namespace {

[[noreturn]] void fail(const std::string& path, int error) {
  throw std::runtime_error(fmt::format("cannot write '{}': {}", path, std::strerror(error)));
}

}  // namespace

output_file::output_file(std::string path) : path_(std::move(path)) {
  if (path_.empty()) throw std::runtime_error("cannot write '': the name is empty");
  struct stat existing {};
  const bool exists = ::stat(path_.c_str(), &existing) == 0;
  if (exists && S_ISDIR(existing.st_mode)) fail(path_, EISDIR);
  if (exists && !S_ISREG(existing.st_mode)) {
    // A device or a pipe cannot be replaced: it is written to directly.
    descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC);
    if (descriptor_ < 0) fail(path_, errno);
    return;
  }
  if (exists && ::access(path_.c_str(), W_OK) != 0) fail(path_, errno);
  std::vector<char> name(path_.begin(), path_.end());
  for (const char c : std::string_view(".XXXXXX")) name.push_back(c);
  name.push_back('\0');
  descriptor_ = ::mkostemp(name.data(), O_CLOEXEC);
  if (descriptor_ < 0) fail(path_, errno);
  temporary_ = name.data();
}

output_file::output_file(output_file&& other) noexcept
    : path_(std::move(other.path_)),
      temporary_(std::exchange(other.temporary_, {})),
      descriptor_(std::exchange(other.descriptor_, -1)) {}

output_file::~output_file() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void output_file::commit(std::string_view contents) {
  while (!contents.empty()) {
    const ssize_t n = ::write(descriptor_, contents.data(), contents.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail(path_, errno);
    contents.remove_prefix(static_cast<std::size_t>(n));
  }
  if (!temporary_.empty()) {
    // As a file that the shell creates: readable as the umask says.
    const mode_t mask = ::umask(0);
    ::umask(mask);
    if (::fchmod(descriptor_, 0666 & ~mask) != 0) fail(path_, errno);
  }
  if (::close(std::exchange(descriptor_, -1)) != 0) fail(path_, errno);
  if (temporary_.empty()) return;
  if (std::rename(temporary_.c_str(), path_.c_str()) != 0) fail(path_, errno);
  temporary_.clear();
}

}  // namespace lowp::tool
