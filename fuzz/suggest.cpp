// SPDX-License-Identifier: Apache-2.0
#include "suggest.hpp"

#include <algorithm>
#include <cctype>
#include <numeric>
#include <utility>

namespace lowp::tool {

namespace {

// Edit distance (insert, delete, replace, swap of neighbours), twice the usual cost; letters that
// differ in case only cost half.
int distance(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
  std::vector<int> before(b.size() + 1);
  std::vector<int> previous(b.size() + 1);
  std::vector<int> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) previous[j] = static_cast<int>(2 * j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = static_cast<int>(2 * i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const char x = a[i - 1];
      const char y = b[j - 1];
      const int cost = x == y ? 0 : lower(x) == lower(y) ? 1 : 2;
      row[j] = std::min({previous[j] + 2, row[j - 1] + 2, previous[j - 1] + cost});
      if (i > 1 && j > 1 && x == b[j - 2] && a[i - 2] == y) {
        row[j] = std::min(row[j], before[j - 2] + 2);
      }
    }
    std::swap(before, previous);
    std::swap(previous, row);
  }
  return previous[b.size()];
}

}  // namespace

std::vector<std::string> nearest(std::string_view value, const std::vector<std::string>& known) {
  constexpr std::size_t longest = 64;  // the time is quadratic
  value = value.substr(0, longest);
  std::vector<std::pair<int, std::string>> ranked;
  for (const std::string& name : known) {
    const int d = distance(value, name);
    // Close means: under half of the letters change.
    if (d <= static_cast<int>(std::max(value.size(), name.size()))) ranked.emplace_back(d, name);
  }
  std::sort(ranked.begin(), ranked.end());
  ranked.erase(std::unique(ranked.begin(), ranked.end()), ranked.end());
  std::vector<std::string> out;
  for (std::size_t i = 0; i < ranked.size() && i < 3; ++i) {
    if (i > 0 && ranked[i].first > ranked[0].first + 4) break;
    out.push_back(ranked[i].second);
  }
  return out;
}

std::string nearest_text(std::string_view value, const std::vector<std::string>& known) {
  std::string text;
  for (const std::string& name : nearest(value, known)) {
    text += (text.empty() ? "; nearest: " : ", ") + name;
  }
  return text;
}

}  // namespace lowp::tool
