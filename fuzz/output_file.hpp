// SPDX-License-Identifier: Apache-2.0
/// \file
/// A file that appears complete or not at all.
#ifndef LOWP_FUZZ_OUTPUT_FILE_HPP
#define LOWP_FUZZ_OUTPUT_FILE_HPP

#include <string>
#include <string_view>

namespace lowp::tool {

/// A file that is written piece by piece: a file without a name next to the target, which `commit`
/// puts in its place; where the system has no such files, or the target cannot be replaced (a
/// device, a pipe), a temporary file or the target itself. Failures throw std::runtime_error that
/// names the path and the reason.
class output_stream {
 public:
  explicit output_stream(const std::string& path);
  ~output_stream();
  output_stream(const output_stream&) = delete;
  output_stream& operator=(const output_stream&) = delete;

  void write(std::string_view bytes);
  /// All is written: the target becomes this file.
  void commit();

 private:
  std::string path_;
  std::string temporary_;  ///< its name, if it has one to be removed or renamed
  bool nameless_ = false;
  int descriptor_ = -1;
};

/// Written to a temporary file next to the target, then renamed: the target is complete, or as it
/// was. The constructor tries the place with an empty file that it removes at once, so that an
/// unwritable one is found before hours of work, and nothing is left behind if these are broken
/// off. Failures throw std::runtime_error that names the path and the reason.
class output_file {
 public:
  explicit output_file(std::string path);

  /// Puts the contents in place.
  void commit(std::string_view contents) const;

 private:
  std::string path_;
};

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_OUTPUT_FILE_HPP
