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

// The folder of a path.
std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash + 1);
}

// As a file that the shell creates: readable as the umask says.
mode_t usual_mode() {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666 & ~mask;
}

}  // namespace

output_stream::output_stream(const std::string& path) : path_(path) {
  if (path.empty()) throw std::runtime_error("cannot write '': the name is empty");
  struct stat existing {};
  const bool exists = ::stat(path.c_str(), &existing) == 0;
  if (exists && S_ISDIR(existing.st_mode)) fail(path, EISDIR);
  if (exists && ::access(path.c_str(), W_OK) != 0) fail(path, errno);
  if (exists && !S_ISREG(existing.st_mode)) {
    descriptor_ = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (descriptor_ < 0) fail(path, errno);
    return;
  }
#ifdef O_TMPFILE
  // Its name comes from /proc at the end.
  if (::access("/proc/self/fd", X_OK) == 0) {
    descriptor_ = ::open(folder_of(path).c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
  }
  nameless_ = descriptor_ >= 0;
#endif
  if (nameless_) return;
  temporary_ = path + ".XXXXXX";
  descriptor_ = ::mkostemp(temporary_.data(), O_CLOEXEC);
  if (descriptor_ >= 0) return;
  temporary_.clear();
  fail(path, errno);
}

output_stream::~output_stream() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void output_stream::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(descriptor_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail(path_, errno);
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

void output_stream::commit() {
  if (nameless_ || !temporary_.empty()) {
    if (::fchmod(descriptor_, usual_mode()) != 0) fail(path_, errno);
  }
  if (nameless_) {
    // A name of its own first, as a link cannot replace a file.
    std::string name = path_ + ".XXXXXX";
    const int reserved = ::mkostemp(name.data(), O_CLOEXEC);
    if (reserved < 0) fail(path_, errno);
    ::close(reserved);
    ::unlink(name.c_str());
    const std::string self = fmt::format("/proc/self/fd/{}", descriptor_);
    if (::linkat(AT_FDCWD, self.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) != 0) {
      fail(path_, errno);
    }
    temporary_ = std::move(name);
  }
  if (::close(std::exchange(descriptor_, -1)) != 0) fail(path_, errno);
  if (temporary_.empty()) return;
  if (std::rename(temporary_.c_str(), path_.c_str()) != 0) fail(path_, errno);
  temporary_.clear();
}

output_file::output_file(std::string path) : path_(std::move(path)) {
  const output_stream probe(path_);
}

void output_file::commit(std::string_view contents) const {
  output_stream out(path_);
  out.write(contents);
  out.commit();
}

}  // namespace lowp::tool
