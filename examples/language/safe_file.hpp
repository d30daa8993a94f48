// SPDX-License-Identifier: Apache-2.0
// Files that are whole at every moment: written beside, then renamed.
#ifndef LOWP_EXAMPLES_LANGUAGE_SAFE_FILE_HPP
#define LOWP_EXAMPLES_LANGUAGE_SAFE_FILE_HPP

#include <string>
#include <string_view>

namespace language {

// All bytes of a file. Throws std::runtime_error, which names it.
std::string read_file(const std::string& path);

// Whoever reads `path`, even after a kill or a loss of power, finds what was there before or all of
// `bytes`. Writes path.new first. Throws std::runtime_error, also for what is there and is no file;
// then `path` is as before.
void replace_file(const std::string& path, std::string_view bytes);

}  // namespace language

#endif  // LOWP_EXAMPLES_LANGUAGE_SAFE_FILE_HPP
