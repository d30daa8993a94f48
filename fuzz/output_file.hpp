// SPDX-License-Identifier: Apache-2.0
/// \file
/// A file that appears complete or not at all.
#ifndef LOWP_FUZZ_OUTPUT_FILE_HPP
#define LOWP_FUZZ_OUTPUT_FILE_HPP

#include <string>
#include <string_view>

namespace lowp::tool {

/// Written to a temporary file next to the target, then renamed. The constructor creates the
/// temporary file, so that an unwritable place is found before hours of work. Without `commit` the
/// target stays as it was. Failures throw std::runtime_error that names the path and the reason.
class output_file {
 public:
  explicit output_file(std::string path);
  ~output_file();
  output_file(output_file&& other) noexcept;
  output_file& operator=(output_file&&) = delete;

  /// Writes the contents and puts the file in its place.
  void commit(std::string_view contents);

  const std::string& path() const { return path_; }

 private:
  std::string path_;
  std::string temporary_;
  int descriptor_ = -1;
};

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_OUTPUT_FILE_HPP
