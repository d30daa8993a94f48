// SPDX-License-Identifier: Apache-2.0
#include "safe_file.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <fcntl.h>
#include <unistd.h>

namespace language {

namespace {

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error(what + ": " + std::strerror(errno));
}

// A file of POSIX, open to the end of its scope.
class descriptor {
 public:
  descriptor(const std::string& path, int flags) : number_(::open(path.c_str(), flags, 0666)) {
    if (number_ < 0) fail("cannot open " + path);
  }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() { ::close(number_); }

  bool write(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t n = ::write(number_, bytes.data(), bytes.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }
  bool flush() const { return ::fsync(number_) == 0; }

 private:
  int number_;
};

}  // namespace

std::string read_file(const std::string& path) {
  if (std::error_code e; !std::filesystem::is_regular_file(path, e)) {
    throw std::runtime_error("there is no file " + path);
  }
  std::ifstream in(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), {}};
  if (!in) fail("cannot read " + path);
  return bytes;
}

void replace_file(const std::string& path, std::string_view bytes) {
  // A device or a pipe would be gone, a folder stands in the way.
  if (std::error_code e;
      std::filesystem::exists(path, e) && !std::filesystem::is_regular_file(path, e)) {
    throw std::runtime_error("cannot write " + path + ": it is there and is no file");
  }
  const std::string beside = path + ".new";
  {
    const descriptor out(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC);
    if (!out.write(bytes) || !out.flush()) {
      const int error = errno;
      ::unlink(beside.c_str());
      errno = error;
      fail("cannot write " + beside);
    }
  }
  if (std::rename(beside.c_str(), path.c_str()) != 0) {
    const int error = errno;
    ::unlink(beside.c_str());
    errno = error;
    fail("cannot rename " + beside + " to " + path);
  }
  // The new name is in the folder, which is flushed too.
  const std::string folder = std::filesystem::path(path).parent_path().string();
  const descriptor opened(folder.empty() ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  opened.flush();
}

}  // namespace language
