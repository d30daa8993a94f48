// SPDX-License-Identifier: Apache-2.0
/// \file
/// Eigen's product of binary32 matrices, compiled for this machine.
#include "gemm_eigen.hpp"

#include <algorithm>
#include <thread>
#include <vector>

#include <Eigen/Core>

namespace bench {

struct eigen_product::matrices {
  Eigen::MatrixXf a, b, d;
  unsigned threads;
};

eigen_product::eigen_product(std::size_t n, unsigned threads) : m_(std::make_unique<matrices>()) {
  const auto size = static_cast<Eigen::Index>(n);
  m_->a = Eigen::MatrixXf::Random(size, size);
  m_->b = Eigen::MatrixXf::Random(size, size);
  m_->d.resize(size, size);
  m_->threads = threads != 0 ? threads : std::max(1u, std::thread::hardware_concurrency());
}
eigen_product::~eigen_product() = default;

std::uint64_t eigen_product::run() {
  const Eigen::Index n = m_->d.cols(), parts = m_->threads, each = (n + parts - 1) / parts;
  const auto part = [&](Eigen::Index i) {
    const Eigen::Index first = std::min(n, i * each), count = std::min(each, n - first);
    if (count > 0) {
      m_->d.middleCols(first, count).noalias() = m_->a * m_->b.middleCols(first, count);
    }
  };
  std::vector<std::jthread> others;
  for (Eigen::Index i = 1; i < parts; ++i) others.emplace_back(part, i);
  part(0);
  others.clear();
  return static_cast<std::uint64_t>(m_->d(0, 0) * 1000);
}

}  // namespace bench
