// SPDX-License-Identifier: Apache-2.0
#include "places.hpp"

#include <functional>

#include <fmt/format.h>

namespace lowp::tool {

namespace {

std::size_t slot(std::size_t length, std::size_t place) {
  return length * (length - 1) / 2 + place;
}

constexpr std::size_t slots = longest_short * (longest_short + 1) / 2;

struct pattern {
  std::string words;
  std::function<bool(std::size_t length, std::size_t place)> holds;
};

std::vector<pattern> patterns() {
  std::vector<pattern> all;
  for (std::size_t w = 2; w <= 64; w *= 2) {
    const auto body = [w](std::size_t n) { return n / w * w; };
    all.push_back({fmt::format("index >= {0} floor(n/{0}) in batches of n cases: the tail differs "
                               "from the body (width {0})",
                               w),
                   [=](std::size_t n, std::size_t i) { return i >= body(n); }});
    all.push_back({fmt::format("index < {0} floor(n/{0}) in batches of n cases: the body (width "
                               "{0}) differs from the tail",
                               w),
                   [=](std::size_t n, std::size_t i) { return i < body(n); }});
    for (std::size_t lane = 0; lane < w; ++lane) {
      all.push_back(
          {fmt::format("indices i with i mod {} = {}: one lane differs from the others", w, lane),
           [=](std::size_t, std::size_t i) { return i % w == lane; }});
    }
  }
  all.push_back({"index 0: the first case of a batch differs",
                 [](std::size_t, std::size_t i) { return i == 0; }});
  all.push_back({"index n - 1: the last case of a batch differs",
                 [](std::size_t n, std::size_t i) { return i + 1 == n; }});
  return all;
}

}  // namespace

void place_counts::count(const place_in_batch& p) {
  if (p.length == 0 || p.length > longest_short) return;
  wrong_.resize(slots);
  ++wrong_[slot(p.length, p.place)];
}

void place_counts::add(const place_counts& other) {
  if (other.wrong_.empty()) return;
  wrong_.resize(slots);
  for (std::size_t k = 0; k < slots; ++k) wrong_[k] += other.wrong_[k];
}

std::uint64_t place_counts::wrong(std::size_t length, std::size_t place) const {
  return wrong_.empty() ? 0 : wrong_[slot(length, place)];
}

std::string describe_places(const place_counts& counts) {
  constexpr std::size_t few = 8;
  std::string best;
  std::size_t least = slots;
  for (const pattern& p : patterns()) {
    std::size_t inside = 0;
    std::size_t wrong = 0;
    bool all = true;
    for (std::size_t n = 1; n <= longest_short; ++n) {
      for (std::size_t i = 0; i < n; ++i) {
        const bool in = p.holds(n, i);
        const bool bad = counts.wrong(n, i) != 0;
        inside += in;
        wrong += in && bad;
        all = all && (in || !bad);
      }
    }
    if (all && wrong >= few && 2 * wrong >= inside && inside < least) {
      least = inside;
      best = p.words;
    }
  }
  return best;
}

}  // namespace lowp::tool
