#include "commands.hpp"

#include "../cli/command_options.hpp"

namespace tandem::cli {

namespace {

/// In the order of the help.
constexpr void (*all_commands[])(CLI::App&, command_run&) = {
  add_show, add_follow, add_stats,  add_filter, add_at,      add_merge, add_diff,
  add_tail, add_html,   add_export, add_check,  add_explain, add_draw,
};

} // namespace

void add_trace(CLI::App& app, command_run& run) {
  auto& trace = *app.add_subcommand("trace", "Look at what --trace wrote");
  describe(trace, "tandem trace COMMAND FILE... [OPTIONS]",
           "Looks at traces: what --trace wrote, and what recorders in programs did. FILE may be - for standard input.",
           "Exit status: 1 also if what a command prints cannot be written. A reader that has gone, such as head, is\n"
           "no error.");
  trace.require_subcommand(1);
  for (auto* add : all_commands)
    add(trace, run);
}

} // namespace tandem::cli
