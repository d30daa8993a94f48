// SPDX-License-Identifier: Apache-2.0
// The `lowp` command-line tool.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <lowp/config.hpp>

#include "command.hpp"
#include "plugin/worker.hpp"
#include "ranks/ranks.hpp"
#include "suggest.hpp"

namespace lowp::tool {

namespace {

// In the order of --help.
constexpr void (*commands[])(CLI::App&, int&) = {
    add_formats_command,  add_show_command,         add_table_command,       add_ops_command,
    add_rules_command,    add_instructions_command, add_models_command,      add_blocks_command,
    add_integers_command, add_codecs_command,       add_instruction_command, add_model_command,
    add_block_command,    add_claims_command,       add_vectors_command,     add_check_command,
    add_message_command,  add_verify_command,       add_identify_command,
};

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* sub : app.get_subcommands({})) names.push_back(sub->get_name());
  return names;
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_group().empty()) continue;  // hidden
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

// What the parser could not place, in words.
std::string unexpected(const CLI::App& app, const CLI::App* command, const std::string& argument) {
  if (argument.rfind("-", 0) == 0 && argument.size() > 1) {
    const std::string name = argument.substr(0, argument.find('='));
    const CLI::App& owner = command != nullptr ? *command : app;
    return fmt::format("unknown option '{}'{}; see lowp {}--help", name,
                       nearest_text(name, option_names(owner)),
                       command != nullptr ? command->get_name() + " " : "");
  }
  if (command == nullptr) {
    return fmt::format("unknown command '{}'{} (commands: {})", argument,
                       nearest_text(argument, command_names(app)),
                       fmt::join(command_names(app), ", "));
  }
  return fmt::format("unexpected argument '{}'; see lowp {} --help", argument, command->get_name());
}

// The arguments in the reverse order that the parser takes. Negative values that look like options
// ("-inf", "-.5") get a blank before them, see add_numbers.
std::vector<std::string> reversed_arguments(int argc, char** argv) {
  std::vector<std::string> arguments;
  for (int i = argc; i-- > 1;) {
    std::string text = argv[i];
    for (const char* value : {"-inf", "-nan", "-Inf", "-NaN", "-INF", "-NAN", "-."}) {
      if (text.rfind(value, 0) == 0) {
        text.insert(0, 1, ' ');
        break;
      }
    }
    arguments.push_back(std::move(text));
  }
  return arguments;
}

std::string without_blank(const std::string& text) {
  return text.rfind(" -", 0) == 0 ? text.substr(1) : text;
}

// All ranks of a check are given the same words: one says what is wrong with them.
bool silent(int argc, char** argv) {
  return argc > 1 && std::string_view(argv[1]) == "verify" && rank_in_environment() != 0;
}

int run(int argc, char** argv) {
  CLI::App app{"The bit-exact reference for low-precision number formats", "lowp"};
  app.set_version_flag("--version", fmt::format("lowp {}.{}.{}", LOWP_VERSION_MAJOR,
                                                LOWP_VERSION_MINOR, LOWP_VERSION_PATCH));
  app.require_subcommand(0, 1);
  app.allow_extras();
  app.footer("lowp COMMAND --help describes a command.");
  int status = exit_fine;
  for (const auto& add_command : commands) add_command(app, status);
  try {
    app.parse(reversed_arguments(argc, argv));
  } catch (const CLI::Success& e) {
    return app.exit(e);
  } catch (const CLI::ParseError& e) {
    throw usage_error(e.what());
  }
  if (app.get_subcommands().empty()) {
    const std::vector<std::string> extra = app.remaining();
    if (!extra.empty()) throw usage_error(unexpected(app, nullptr, extra.front()));
    fmt::print(stderr, "{}", app.help());
    return exit_usage;
  }
  return status;
}

}  // namespace

void on_run(CLI::App& app, CLI::App& command, int& status, std::function<int()> action) {
  // What the parser could not place is reported here, with the nearest known names.
  command.allow_extras();
  command.callback([&app, &command, &status, action = std::move(action)] {
    for (const CLI::App* owner : {static_cast<const CLI::App*>(&app), &std::as_const(command)}) {
      for (const std::string& extra : owner->remaining()) {
        throw usage_error(unexpected(app, owner == &app ? nullptr : owner, without_blank(extra)));
      }
    }
    status = action();
  });
}

CLI::Option* add_numbers(CLI::App& command, const std::string& name,
                         std::vector<std::string>& numbers, const std::string& description) {
  return command.add_option_function<std::vector<std::string>>(
      name,
      [&numbers](const std::vector<std::string>& given) {
        numbers.clear();
        for (const std::string& text : given) numbers.push_back(without_blank(text));
      },
      description);
}

double parse_seconds(const std::string& option, const std::string& text) {
  std::size_t end = 0;
  double value = 0;
  try {
    const bool starts = !text.empty() && (text[0] == '.' || (text[0] >= '0' && text[0] <= '9'));
    if (starts) value = std::stod(text, &end);
  } catch (const std::exception&) {
    end = 0;
  }
  // The last test is false for NaN.
  if (end == 0 || end != text.size() || !(value > 0 && value <= 1e7)) {
    throw usage_error(fmt::format("{}: '{}' is not a number of seconds above 0 and up to 10000000",
                                  option, text));
  }
  return value;
}

unsigned long long parse_integer(const std::string& option, const std::string& text,
                                 unsigned long long least, unsigned long long greatest) {
  std::size_t end = 0;
  unsigned long long value = 0;
  try {
    if (!text.empty() && text[0] >= '0' && text[0] <= '9') value = std::stoull(text, &end, 10);
  } catch (const std::exception&) {
    end = 0;
  }
  if (end == 0 || end != text.size() || value < least || value > greatest) {
    throw usage_error(
        fmt::format("{}: '{}' is not an integer from {} to {}", option, text, least, greatest));
  }
  return value;
}

}  // namespace lowp::tool

int main(int argc, char** argv) {
  try {
    // Started by this program itself, with a plug-in's code: nothing else is done before.
    if (argc == 5 && std::string_view(argv[1]) == lowp::tool::worker_command) {
      return lowp::tool::run_worker(argv[2], std::atoi(argv[3]), std::atoi(argv[4]));
    }
    const int status = lowp::tool::run(argc, argv);
    // Output that a full disk or a closed pipe swallowed is no success.
    const bool told = status == lowp::tool::exit_usage;
    if (!told && (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)) {
      fmt::print(stderr, "lowp: standard output: cannot be written\n");
      return lowp::tool::exit_usage;
    }
    return status;
  } catch (const lowp::tool::usage_error& e) {
    if (!lowp::tool::silent(argc, argv)) fmt::print(stderr, "lowp: {}\n", e.what());
    return lowp::tool::exit_usage;
  } catch (const std::exception& e) {
    // Unwritable files, no memory: all end with a message and never with a crash.
    fmt::print(stderr, "lowp: {}\n", e.what());
    return lowp::tool::exit_usage;
  }
}
