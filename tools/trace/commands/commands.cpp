#include "commands.hpp"

#include "../../cli/command_options.hpp"

namespace tandem::cli {

namespace {

/// In the order of the help.
constexpr void (*all_commands[])(CLI::App&, command_run&) = {
  add_show, add_follow, add_stats,  add_filter, add_at,      add_merge, add_diff,
  add_tail, add_html,   add_export, add_check,  add_explain, add_draw,
};

} // namespace

CLI::Option* add_traces(CLI::App& command, std::vector<std::string>& out) {
  return command.add_option("FILE", out, "traces; - for standard input")->type_name("FILE");
}

void add_operation(CLI::App& command, std::string& out) {
  command.add_option("OPERATION", out, "an id, a short form, or a trace id")->type_name("OPERATION")->required();
}

void add_trace(CLI::App& app, command_run& run) {
  auto& trace = *app.add_subcommand("trace", "Look at traces");
  describe(
    trace, "tandem trace COMMAND FILE... [OPTIONS]",
    "Looks at traces, which --trace and the recorders of programs write. FILE may be - for standard input, or a pipe.\n"
    "What gzip or zstd has compressed is read as it is, whatever its name.",
    "Exit status: 1 also if what a command prints cannot be written. A reader that has gone, such as head, is\n"
    "not an error.");
  trace.require_subcommand(1);
  for (auto* add : all_commands)
    add(trace, run);
}

} // namespace tandem::cli
