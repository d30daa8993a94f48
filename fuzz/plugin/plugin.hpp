// SPDX-License-Identifier: Apache-2.0
/// \file
/// Plug-ins (include/lowp/golden/vendor.h) as rows of `lowp verify` (GLD-1).
#ifndef LOWP_FUZZ_PLUGIN_PLUGIN_HPP
#define LOWP_FUZZ_PLUGIN_PLUGIN_HPP

#include <string>
#include <vector>

#include "../implementation.hpp"
#include "../parse_claim.hpp"

namespace lowp::tool {

inline constexpr double default_timeout = 10;

/// An operation of a plug-in, as it can be run.
struct plugin_operation {
  std::string plugin;  ///< the plug-in's name
  std::string name;
  std::string claim;  ///< as the plug-in writes it
  parsed_claim parsed;
  /// Runs in processes of its own, one per thread that calls at the same time; throws
  /// implementation_failure with the least case that shows the fault.
  batch_run run;
};

/// Loads a plug-in. Throws usage_error with one line for everything that makes it unusable, naming
/// file, operation, and word. `timeout`: seconds for loading it and for every batch.
std::vector<plugin_operation> load_plugin(const std::string& file,
                                          double timeout = default_timeout);

/// The operations as rows.
void add_plugin(catalogue& c, const std::string& file, double timeout,
                open_claims open = open_claims::refused);

}  // namespace lowp::tool

#endif  // LOWP_FUZZ_PLUGIN_PLUGIN_HPP
