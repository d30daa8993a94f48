// SPDX-License-Identifier: Apache-2.0
// lowp ops: the operations.
#include <string>

#include <lowp/operation.hpp>

#include "operation_names.hpp"
#include "registry_command.hpp"

namespace lowp::tool {

namespace {

listing all_rows() {
  listing l{{{.key = "operation"},
             {.key = "operands"},
             {.key = "meaning", .wraps = true},
             {.key = "testfloat", .heading = "as TestFloat", .is_name = true},
             {.key = "p3109", .heading = "P3109", .where = shown::in_full, .is_name = true},
             {.key = "source", .where = shown::in_full}},
            {}};
  for (const named_operation& row : all_operations) {
    l.rows.push_back({row.name, std::int64_t{row.operands}, row.meaning, testfloat_name(row.value),
                      row.p3109_name, row.source});
  }
  return l;
}

}  // namespace

void add_ops_command(CLI::App& app, int& status) {
  add_registry_command(app, status,
                       {.command = "ops",
                        .row = "operation",
                        .description = "List the operations on numbers",
                        .rows = all_rows});
}

}  // namespace lowp::tool
