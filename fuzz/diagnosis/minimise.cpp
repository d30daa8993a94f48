// SPDX-License-Identifier: Apache-2.0
#include "minimise.hpp"

#include <algorithm>

#include "box.hpp"

namespace lowp::tool {

namespace {

// In what a result differs, the worst last.
enum class difference : std::uint8_t { none, nan_code, sign_of_zero, number };

class minimiser {
 public:
  minimiser(const implementation& row, const mismatch& found)
      : c_(claim_of(row.model)), box_(box_of(row, {.cases_per_batch = 1})), best_(found) {
    best_.where = {};
    kind_ = differing(found.inputs, best_);
  }

  bool reproduced() const { return kind_ != difference::none; }
  const mismatch& best() const { return best_; }

  void clear_operands() {
    const std::size_t n = best_.inputs.size();
    for (std::size_t length = (n + 1) / 2;; length = (length + 1) / 2) {
      for (std::size_t begin = 0; begin < n; begin += length) {
        std::vector<code_t> in = best_.inputs;
        const auto from = in.begin() + static_cast<std::ptrdiff_t>(begin);
        const auto to = in.begin() + static_cast<std::ptrdiff_t>(std::min(n, begin + length));
        if (std::all_of(from, to, [](code_t code) { return code == 0; })) continue;
        std::fill(from, to, code_t{0});
        try_this(std::move(in));
      }
      if (length == 1) break;
    }
  }

  void clear_low_bits() {
    for (std::size_t k = 0; k < best_.inputs.size(); ++k) {
      const code_t code = best_.inputs[k];
      for (int bits = code_format(c_.in, k).width - 1; bits > 0; --bits) {
        std::vector<code_t> in = best_.inputs;
        in[k] = code >> bits << bits;
        if (in[k] != code && try_this(std::move(in))) break;
      }
    }
  }

 private:
  difference differing(const std::vector<code_t>& in, mismatch& m) const {
    m.inputs = in;
    m.expected.resize(code_count(c_.out));
    m.got.resize(m.expected.size());
    c_.golden(in.data(), m.expected.data());
    box_(in, m.got);
    if (c_.accepts && c_.accepts(in.data(), m.got.data())) return difference::none;
    auto kind = difference::none;
    for (std::size_t k = 0; k < m.got.size(); ++k) {
      if (m.got[k] == m.expected[k]) continue;
      const format f = code_format(c_.out, k);
      if (is_nan(f, m.got[k]) && is_nan(f, m.expected[k])) {
        kind = std::max(kind, difference::nan_code);
      } else if (is_zero(f, m.got[k]) && is_zero(f, m.expected[k])) {
        kind = std::max(kind, difference::sign_of_zero);
      } else {
        return difference::number;
      }
    }
    return kind;
  }

  bool try_this(std::vector<code_t> in) {
    mismatch m;
    if (differing(in, m) != kind_) return false;
    best_ = std::move(m);
    return true;
  }

  claim c_;
  golden::black_box box_;
  mismatch best_;
  difference kind_ = difference::none;
};

}  // namespace

mismatch minimise(const implementation& row, const mismatch& found) {
  try {
    minimiser m(row, found);
    if (!m.reproduced()) return found;
    m.clear_operands();
    m.clear_low_bits();
    return m.best();
  } catch (const implementation_failure&) {
    return found;
  }
}

}  // namespace lowp::tool
