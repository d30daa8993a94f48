// SPDX-License-Identifier: Apache-2.0
#include "command.hpp"
namespace lowp::tool {
void add_show_command(CLI::App&, int&) {}
}  // namespace lowp::tool
