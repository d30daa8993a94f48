// SPDX-License-Identifier: Apache-2.0
// lowp message: what a message between ranks in a file is.
#include <span>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include <lowp/collective/message.hpp>

#include "command.hpp"
#include "listing.hpp"
#include "registry_command.hpp"
#include "vectors/readers.hpp"

namespace lowp::tool {

namespace {

struct arguments {
  std::string file;
  std::string as = "text";
};

const char* name(message_kind k) {
  switch (k) {
    case message_kind::data: return "data";
    case message_kind::failure: return "failure";
    case message_kind::verdict: return "verdict";
  }
  return "unknown";
}

std::string number(std::uint64_t x) { return fmt::format("{}", x); }

// Numbers of 64 bits are texts, which JSON keeps whole.
listing fields_of(const message_header& h) {
  const bool data = h.kind == message_kind::data;
  const named_wire_codec* codec = find_wire_codec(h.codec);
  const auto of_data = [data](std::uint64_t x) { return data ? cell{number(x)} : cell{}; };
  return {{{.key = "kind"},
           {.key = "codec"},
           {.key = "codec_id"},
           {.key = "row"},
           {.key = "hadamard"},
           {.key = "hadamard_seed"},
           {.key = "elements"},
           {.key = "first"},
           {.key = "seed"},
           {.key = "stream"},
           {.key = "operation"},
           {.key = "step"},
           {.key = "sender"},
           {.key = "receiver"},
           {.key = "payload_bytes"}},
          {{name(h.kind), data && codec != nullptr ? cell{codec->name} : cell{}, of_data(h.codec),
            of_data(h.row), of_data(h.hadamard), of_data(h.hadamard_seed), of_data(h.elements),
            of_data(h.first), of_data(h.seed), of_data(h.stream), number(h.operation),
            number(h.step), number(h.sender), number(h.receiver), number(h.payload_bytes)}}};
}

int message_command(const arguments& a) {
  const output_format as = parse_output_format(a.as);
  input_stream in(a.file);
  std::string bytes;
  for (std::string_view piece; !(piece = in.take(1 << 16)).empty();) bytes += piece;
  const read_result r = read_message(std::as_bytes(std::span(bytes)));
  if (!r.is_right()) {
    fmt::print(stderr, "lowp: {}, offset {}: {}\n", in.name(), r.offset, message(r.error));
    return exit_mismatch;
  }
  const listing fields = fields_of(r.header);
  print(as == output_format::text ? to_record(fields, 0, line_width()) : to_string(fields, as));
  return exit_fine;
}

}  // namespace

void add_message_command(CLI::App& app, int& status) {
  CLI::App* command = app.add_subcommand("message", "Show what a message between ranks says");
  command->group(group_check);
  const auto a = std::make_shared<arguments>();
  command->add_option("FILE", a->file, "A message, header and payload; - reads a pipe")->required();
  add_output_option(*command, a->as);
  command->footer(
      "Exit status: 0 a right message of a registered codec, 1 not, with the offset of what is\n"
      "wrong (spec/collectives.md COL-12), 2 wrong usage or an unreadable file.");
  on_run(app, *command, status, [a] { return message_command(*a); });
}

}  // namespace lowp::tool
