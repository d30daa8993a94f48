// SPDX-License-Identifier: Apache-2.0
/// \file
/// What quantisation took away, to be added the next time. spec/collectives.md COL-21.
#ifndef LOWP_COLLECTIVE_ERROR_FEEDBACK_HPP
#define LOWP_COLLECTIVE_ERROR_FEEDBACK_HPP

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "exchange.hpp"

namespace lowp {

/// Residuals of one rank for one tensor, from one call to the next: of every hop on which this rank
/// encodes numbers, those numbers less what their messages say. Empty before the first call. A call
/// that fails leaves them as they were. COL-21.
struct error_feedback {
  std::vector<std::vector<float>> of_hop;
  /// Where a call puts the residuals that it leaves, until it has succeeded: memory, no more.
  std::vector<std::vector<float>> next;
};

namespace detail {

/// Residuals on their way: new ones are made beside the caller's, and replace them when the
/// operation has succeeded.
class feedback_walk {
 public:
  /// Residuals of other sizes than `sizes` are refused by `check`.
  feedback_walk(error_feedback* of, const std::vector<std::uint64_t>& sizes)
      : of_(of), written_(sizes.size()) {
    if (of == nullptr) return;
    const std::vector<std::vector<float>>& old = of->of_hop;
    fits_ = old.empty() || old.size() == sizes.size();
    for (std::size_t h = 0; fits_ && h < old.size(); ++h) fits_ = old[h].size() == sizes[h];
    if (!fits_) return;
    of->next.resize(sizes.size());
    for (std::size_t h = 0; h < sizes.size(); ++h) {
      if (old.empty()) {
        of->next[h].assign(sizes[h], 0.0f);
      } else {
        of->next[h].resize(sizes[h]);
      }
    }
  }

  void check(exchange& x) const {
    if (!fits_) {
      x.refuse("lowp::error_feedback: the residuals are of another tensor or schedule");
    }
  }

  bool is_wanted() const noexcept { return of_ != nullptr; }

  /// The residuals of these numbers of a hop, to be added and replaced; none without feedback.
  std::span<float> begin(std::size_t hop, index_range r) {
    if (of_ == nullptr) return {};
    const std::span<float> here = std::span(of_->next[hop]).subspan(r.first, r.count);
    if (!of_->of_hop.empty()) {
      const std::span<const float> old = std::span(of_->of_hop[hop]).subspan(r.first, r.count);
      std::copy(old.begin(), old.end(), here.begin());
    }
    return here;
  }
  /// They are replaced. What is left of infinities and NaNs is forgotten: it would stay for ever.
  /// COL-21.
  void end(std::size_t hop, std::span<float> residual) {
    written_[hop] = true;
    constexpr std::uint32_t exponent = 0x7f800000;
    for (float& e : residual) {
      if ((std::bit_cast<std::uint32_t>(e) & exponent) == exponent) e = 0;
    }
  }

  /// The operation has succeeded. Hops that it did not reach keep theirs.
  void commit() noexcept {
    if (of_ == nullptr) return;
    if (of_->of_hop.empty()) return of_->of_hop.swap(of_->next);
    for (std::size_t h = 0; h < written_.size(); ++h) {
      if (written_[h]) of_->of_hop[h].swap(of_->next[h]);
    }
  }

 private:
  error_feedback* of_;
  bool fits_ = true;
  std::vector<bool> written_;
};

}  // namespace detail

}  // namespace lowp

#endif  // LOWP_COLLECTIVE_ERROR_FEEDBACK_HPP
