// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>
#include <sys/stat.h>

#include "../usage_error.hpp"
#include "readers.hpp"

namespace lowp::tool {

namespace {

constexpr std::size_t piece = std::size_t{1} << 16;

}  // namespace

input_stream::input_stream(const std::string& path)
    : name_(path == "-" ? "standard input" : fmt::format("'{:.200}'", path)) {
  struct stat info {};
  if (path != "-" && ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode))
    errno = EISDIR;
  else
    file_.reset(path == "-" ? stdin : std::fopen(path.c_str(), "rb"));
  if (!file_)
    throw usage_error(fmt::format("FILE: cannot read {}: {}", name_, std::strerror(errno)));
}

void input_stream::fill(std::size_t count) {
  while (!ended_ && buffer_.size() - begin_ < count) {
    buffer_.erase(0, begin_);
    begin_ = 0;
    const std::size_t had = buffer_.size();
    buffer_.resize(had + std::max(piece, count));
    const std::size_t got = std::fread(buffer_.data() + had, 1, buffer_.size() - had, file_.get());
    if (got < buffer_.size() - had) {
      if (std::ferror(file_.get()) != 0) {
        throw usage_error(fmt::format("FILE: cannot read {}: {}", name_, std::strerror(errno)));
      }
      ended_ = true;
    }
    buffer_.resize(had + got);
  }
}

std::string_view input_stream::peek(std::size_t count) {
  fill(count);
  return std::string_view(buffer_).substr(begin_, count);
}

std::string_view input_stream::take(std::size_t count) {
  const std::string_view out = peek(count);
  begin_ += out.size();
  return out;
}

bool input_stream::line(std::string_view& out) {
  std::size_t searched = 0;
  std::size_t end = std::string_view::npos;
  std::string_view rest;
  for (std::size_t want = 1;; want = rest.size() + 1) {
    rest = peek(want);
    rest = std::string_view(buffer_).substr(begin_);
    end = rest.find('\n', searched);
    if (end != std::string_view::npos || rest.size() > most_line || rest.size() < want) break;
    searched = rest.size();
  }
  if (rest.empty()) return false;
  ++lines_;
  out = rest.substr(0, end);
  begin_ += std::min(rest.size(), end == std::string_view::npos ? end : end + 1);
  if (out.size() > most_line) {
    throw usage_error(fmt::format("{}, line {}: longer than {} bytes", name_, lines_, most_line));
  }
  if (const std::size_t at = out.find('\0'); at != std::string_view::npos) {
    throw usage_error(fmt::format("{}, line {}: byte {} is zero: no text", name_, lines_, at + 1));
  }
  if (!out.empty() && out.back() == '\r') out.remove_suffix(1);
  return true;
}

}  // namespace lowp::tool
