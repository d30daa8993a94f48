// SPDX-License-Identifier: Apache-2.0
#include "channel.hpp"

#include <cerrno>
#include <cstring>

#include <sys/socket.h>

namespace lowp::tool {

namespace {

class text_writer {
 public:
  void number(std::uint64_t n) { text_.append(reinterpret_cast<const char*>(&n), sizeof n); }
  void words(const std::string& s) {
    number(s.size());
    text_ += s;
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

// Reads zeros and empty texts behind the end.
class text_reader {
 public:
  explicit text_reader(const std::string& text) : text_(text) {}
  std::uint64_t number() {
    std::uint64_t n = 0;
    if (text_.size() - at_ < sizeof n) {
      at_ = text_.size();
      return 0;
    }
    std::memcpy(&n, text_.data() + at_, sizeof n);
    at_ += sizeof n;
    return n;
  }
  std::string words() {
    const std::uint64_t n = std::min<std::uint64_t>(number(), text_.size() - at_);
    at_ += n;
    return text_.substr(at_ - n, n);
  }
  bool more() const { return at_ < text_.size(); }

 private:
  const std::string& text_;
  std::size_t at_ = 0;
};

}  // namespace

std::string write_description(const description& d) {
  text_writer w;
  w.number(d.exists);
  w.number(d.abi);
  w.number(d.has_name);
  w.words(d.name);
  w.number(d.operation_count);
  w.number(d.has_operations);
  for (const description::operation& o : d.operations) {
    w.number(o.has_name);
    w.number(o.has_claim);
    w.number(o.has_run);
    w.words(o.name);
    w.words(o.claim);
  }
  return w.text();
}

description read_description(const std::string& text) {
  text_reader r(text);
  description d;
  d.exists = r.number() != 0;
  d.abi = r.number();
  d.has_name = r.number() != 0;
  d.name = r.words();
  d.operation_count = r.number();
  d.has_operations = r.number() != 0;
  while (r.more()) {
    description::operation o;
    o.has_name = r.number() != 0;
    o.has_claim = r.number() != 0;
    o.has_run = r.number() != 0;
    o.name = r.words();
    o.claim = r.words();
    d.operations.push_back(std::move(o));
  }
  return d;
}

bool send_all(int to, const void* data, std::size_t bytes) {
  const auto* at = static_cast<const char*>(data);
  while (bytes != 0) {
    const ssize_t n = send(to, at, bytes, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    at += n;
    bytes -= static_cast<std::size_t>(n);
  }
  return true;
}

bool receive_all(int from, void* data, std::size_t bytes) {
  auto* at = static_cast<char*>(data);
  while (bytes != 0) {
    const ssize_t n = recv(from, at, bytes, 0);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    at += n;
    bytes -= static_cast<std::size_t>(n);
  }
  return true;
}

}  // namespace lowp::tool
