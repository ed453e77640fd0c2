#include "command_line.hpp"

#include "../cli/command_options.hpp"
#include "../cli/exit_status.hpp"
#include "../cli/standard_output.hpp"
#include "../cli/suggestion.hpp"
#include "../cli/text.hpp"
#include "../tandem/commands.hpp"
#include "../trace/commands/commands.hpp"

#include "../../actors/system.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <string_view>
#include <vector>

namespace tandem::cli {

namespace {

std::string description() {
  return "Runs operations between processes: calls with a name, a stream of payloads each way, and one outcome on\n"
         "each side.";
}

std::string footer() {
  return "For example, in two terminals:\n"
         "  tandem serve\n"
         "  tandem call localhost:4242 \"word count\" --file README.md";
}

/// The innermost command that was named, for the hint: "tandem trace show".
std::string named_command(const CLI::App& app) {
  auto result = app.get_name();
  for (const auto* inner : app.get_subcommands())
    result += " " + named_command(*inner);
  return result;
}

/// "serve, call and trace", with this word before the last one.
std::string list_commands(const CLI::App& app, const std::string& word) {
  std::string result;
  const auto all = app.get_subcommands([](const CLI::App*) { return true; });
  for (const auto* x : all)
    result += (x == all.front() ? "" : x == all.back() ? " " + word + " " : ", ") + x->get_name();
  return result;
}

/// All that begin with two dashes.
std::vector<std::string> options_of(const CLI::App& app) {
  std::vector<std::string> result;
  for (const auto* option : app.get_options())
    for (const auto& name : option->get_lnames())
      result.push_back("--" + name);
  return result;
}

/// `given`: what stands where a command of `app` was expected; null: nothing.
std::string describe_missing_command(const CLI::App& app, const char* given) {
  if (given == nullptr)
    return "a command is required: " + list_commands(app, "or");
  std::vector<std::string> names;
  for (const auto* x : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(x->get_name());
  const bool is_option = given[0] == '-';
  return (is_option ? "unknown option " : "unknown command ") + printable(given)
         + (is_option ? did_you_mean(given, options_of(app)) : did_you_mean(given, names)) + "; the commands are "
         + list_commands(app, "and");
}

/// Of a command that was given: an option that it does not have, and the one that was meant.
std::string describe_unknown_option(const CLI::App& command, int argc, const char* const* argv) {
  const auto names = options_of(command);
  for (int i = 1; i < argc; ++i) {
    const std::string_view given = argv[i];
    const auto name = given.substr(0, given.find('='));
    if (name == "--")
      break;
    if (name.starts_with("--") && std::find(names.begin(), names.end(), name) == names.end())
      return "unknown option " + printable(name) + did_you_mean(name, names);
  }
  return {};
}

const CLI::App& innermost_command(const CLI::App& app) {
  const auto given = app.get_subcommands();
  return given.empty() ? app : innermost_command(*given.front());
}

/// CLI11 says of an unknown command that one is required, and knows no names with a colon.
std::string describe_usage_error(const CLI::App& app, const CLI::ParseError& e, int argc, const char* const* argv) {
  const auto given = app.get_subcommands();
  if (given.empty())
    return describe_missing_command(app, argc > 1 ? argv[1] : nullptr);
  if (given.front()->get_name() == "trace" && given.front()->get_subcommands().empty())
    return describe_missing_command(*given.front(), argc > 2 ? argv[2] : nullptr);
  if (dynamic_cast<const CLI::ExtrasError*>(&e) != nullptr)
    if (auto unknown = describe_unknown_option(innermost_command(app), argc, argv); !unknown.empty())
      return unknown;
  const std::string text = e.what();
  return text.starts_with("HOST is ") ? "HOST:PORT" + text.substr(4) : text;
}

int refuse_usage(const CLI::App& app, const std::string& why) {
  std::fprintf(stderr, "tandem: %s\nSee `%s --help`.\n", why.c_str(), named_command(app).c_str());
  return exit_usage;
}

/// `tandem help trace show` is `tandem trace show --help`, and so is `tandem trace help show`.
std::vector<const char*> with_help_as_option(int argc, const char* const* argv) {
  std::vector<const char*> result{argv, argv + argc};
  const auto is = [&](size_t i, std::string_view word) { return i < result.size() && result[i] == word; };
  const size_t at = is(1, "help") ? 1 : is(1, "trace") && is(2, "help") ? 2 : 0;
  if (at > 0) {
    result.erase(result.begin() + static_cast<std::ptrdiff_t>(at));
    result.push_back("--help");
  }
  return result;
}

int run(int count, const char* const* given) {
  const auto arguments = with_help_as_option(count, given);
  const int argc = static_cast<int>(arguments.size());
  const char* const* argv = arguments.data();
  init_types<>();
  command_run command;
  CLI::App app{"", "tandem"};
  describe(app, "tandem COMMAND [OPTIONS]", description(), footer());
  app.set_version_flag("--version", "tandem " TANDEM_VERSION, "print the version");
  app.require_subcommand(1);
  for (auto* add : {add_serve, add_call, add_replay, add_trace})
    add(app, command);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0)
      return app.exit(e); // help, version
    return refuse_usage(app, describe_usage_error(app, e, argc, argv));
  }
  try {
    return command();
  } catch (const usage_error& e) {
    return refuse_usage(app, e.what());
  } catch (const std::exception& e) {
    std::fprintf(stderr, "tandem: %s\n", e.what());
    return exit_error;
  }
}

} // namespace

int run_command_line(int argc, const char* const* argv) {
  std::signal(SIGPIPE, SIG_IGN); // a reader that goes away, such as head, shows as a failed write
  occupy_closed_streams();
  output_watch output;
  const int status = run(argc, argv);
  const auto problem = output.finish();
  if (!problem.empty())
    std::fprintf(stderr, "tandem: %s\n", problem.c_str());
  return status == exit_good && !problem.empty() ? exit_error : status;
}

} // namespace tandem::cli
