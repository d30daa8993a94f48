// SPDX-License-Identifier: Apache-2.0
#include "map_svg.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "code_text.hpp"

namespace lowp::tool {

namespace {

constexpr const char* colours[outcomes] = {"#ffffff", "#c9d6e0", "#8c6fd1", "#1f9e89",
                                           "#f0b000", "#d1344b", "#1c1c1c"};

constexpr int left = 110;
constexpr int top = 6;
constexpr int plane_width = 560;

// Runs of equal cells of one outcome, as lines of a path; the least row at the bottom.
std::string runs(const outcome_map& m, outcome o) {
  std::string path;
  for (std::size_t y = 0; y < m.rows; ++y) {
    const outcome* const row = &m.cells[y * m.columns];
    for (std::size_t x = 0; x < m.columns;) {
      std::size_t end = x;
      while (end < m.columns && row[end] == o) ++end;
      if (end != x) {
        fmt::format_to(std::back_inserter(path), "M{} {}h{}", x, 2 * (m.rows - 1 - y) + 1, end - x);
      }
      x = std::max(end, x + 1);
    }
  }
  return path;
}

std::string text(double x, double y, const char* anchor, std::string_view words) {
  return fmt::format("<text x=\"{:.0f}\" y=\"{:.0f}\" text-anchor=\"{}\">{}</text>\n", x, y, anchor,
                     words);
}

}  // namespace

std::string to_svg(const outcome_map& m) {
  // Rows of two pixels at least.
  const int plane_height = std::max(384, 2 * static_cast<int>(m.rows));
  std::string svg;
  const auto out = std::back_inserter(svg);
  const int legend = top + plane_height + 60;
  const bool gaps = std::find(m.cells.begin(), m.cells.end(), outcome::not_run) != m.cells.end();
  const auto entries = std::count_if(std::begin(m.count) + 1, std::end(m.count),
                                     [](std::uint64_t n) { return n != 0; }) +
                       gaps;
  fmt::format_to(
      out,
      "<svg class=\"map\" role=\"img\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} "
      "{1}\" font-size=\"12\" font-family=\"system-ui, sans-serif\" fill=\"currentColor\">\n"
      "<svg x=\"{2}\" y=\"{3}\" width=\"{4}\" height=\"{5}\" viewBox=\"0 0 {6} {7}\" "
      "preserveAspectRatio=\"none\" shape-rendering=\"crispEdges\">\n"
      "<rect width=\"{6}\" height=\"{7}\" fill=\"{8}\"/>\n",
      left + plane_width + 90, legend + 20 * entries, left, top, plane_width, plane_height,
      m.columns, 2 * m.rows, colours[0]);
  for (int k = 1; k < outcomes; ++k) {
    const std::string path = runs(m, static_cast<outcome>(k));
    if (path.empty()) continue;
    fmt::format_to(out, "<path d=\"{}\" stroke=\"{}\" stroke-width=\"2\" fill=\"none\"/>\n", path,
                   colours[k]);
  }
  svg += "</svg>\n";
  fmt::format_to(out,
                 "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"none\" "
                 "stroke=\"currentColor\"/>\n",
                 left - 1, top - 1, plane_width + 2, plane_height + 2);
  for (const outcome_map::tick& t : m.y_ticks) {
    const double y =
        top + plane_height * (1 - (static_cast<double>(t.at) + .5) / static_cast<double>(m.rows));
    svg += text(left - 6, y + 4, "end", t.words);
  }
  for (const outcome_map::tick& t : m.x_ticks) {
    const double x =
        left + plane_width * (static_cast<double>(t.at) + .5) / static_cast<double>(m.columns);
    svg += text(x, top + plane_height + 16, "middle", t.words);
  }
  svg += text(left, top + plane_height + 34, "start",
              fmt::format("up: {}{}", m.y,
                          m.left_out == 0 ? ""
                                          : fmt::format("; {} rows are not shown, all as expected",
                                                        m.left_out)));
  svg += text(left, top + plane_height + 50, "start", fmt::format("to the right: {}", m.x));
  int y = legend;
  for (int k = 0; k < outcomes; ++k) {
    const auto o = static_cast<outcome>(k);
    if (o == outcome::not_run ? !gaps : m.count[k] == 0) continue;
    fmt::format_to(out,
                   "<rect x=\"{}\" y=\"{}\" width=\"14\" height=\"14\" fill=\"{}\" "
                   "stroke=\"currentColor\" stroke-width=\".5\"/>\n",
                   left, y, colours[k]);
    svg += text(left + 22, y + 11, "start",
                o == outcome::not_run
                    ? std::string(outcome_words(o))
                    : fmt::format("{}: {} cases", outcome_words(o), count_text(m.count[k])));
    y += 20;
  }
  svg += "</svg>\n";
  return svg;
}

}  // namespace lowp::tool
