#include "command_line.hpp"

#include "../cli/command_options.hpp"
#include "../cli/exit_status.hpp"
#include "../cli/standard_output.hpp"
#include "../cli/text.hpp"
#include "../tandem/commands.hpp"
#include "../trace/commands/commands.hpp"

#include "../../actors/system.hpp"

#include <csignal>
#include <cstdio>

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

/// `given`: what stands where a command of `app` was expected; null: nothing.
std::string describe_missing_command(const CLI::App& app, const char* given) {
  if (given == nullptr)
    return "a command is required: " + list_commands(app, "or");
  return (given[0] == '-' ? "unknown option " : "unknown command ") + printable(given) + "; the commands are "
         + list_commands(app, "and");
}

/// CLI11 says of an unknown command that one is required, and knows no names with a colon.
std::string describe_usage_error(const CLI::App& app, const CLI::ParseError& e, int argc, const char* const* argv) {
  const auto given = app.get_subcommands();
  if (given.empty())
    return describe_missing_command(app, argc > 1 ? argv[1] : nullptr);
  if (given.front()->get_name() == "trace" && given.front()->get_subcommands().empty())
    return describe_missing_command(*given.front(), argc > 2 ? argv[2] : nullptr);
  const std::string text = e.what();
  return text.starts_with("HOST is ") ? "HOST:PORT" + text.substr(4) : text;
}

int refuse_usage(const CLI::App& app, const std::string& why) {
  std::fprintf(stderr, "tandem: %s\nSee `%s --help`.\n", why.c_str(), named_command(app).c_str());
  return exit_usage;
}

int run(int argc, const char* const* argv) {
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
