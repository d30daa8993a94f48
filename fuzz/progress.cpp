// SPDX-License-Identifier: Apache-2.0
#include "progress.hpp"

#include <algorithm>
#include <cstdio>
#include <string>

#include <fmt/format.h>

namespace lowp::tool {

progress_bar::~progress_bar() {
  if (shown_) fmt::print(stderr, "\r\x1b[K");
}

void progress_bar::progress(const implementation& row, double done) {
  if (!enabled_) return;
  shown_ = true;
  constexpr int width = 30;
  done = std::clamp(done, 0.0, 1.0);
  const auto filled = static_cast<std::size_t>(done * width);
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  fmt::print(stderr, "\r[{}{}] {:3.0f} % {:4.0f} s  {:.40}\x1b[K", std::string(filled, '#'),
             std::string(width - filled, '.'), 100 * done, seconds,
             row.family + " " + row.function);
  std::fflush(stderr);
}

}  // namespace lowp::tool
