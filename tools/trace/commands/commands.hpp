/// `tandem trace ...`: each command has files of its own in this folder, and is added to the command line here.
#pragma once

#include "../../cli/command_options.hpp"

#include <string>
#include <vector>

namespace tandem::cli {

/// Adds `trace` with all its commands. `run` must outlive `app`.
void add_trace(CLI::App& app, command_run& run);

/// FILE..., the traces that a command reads. `out` must outlive `command`.
CLI::Option* add_traces(CLI::App& command, std::vector<std::string>& out);

/// OPERATION, for commands about one operation or one trace id. `out` must outlive `command`.
void add_operation(CLI::App& command, std::string& out);

// Each adds one command to `tandem trace`.
void add_show(CLI::App& trace, command_run& run);
void add_follow(CLI::App& trace, command_run& run);
void add_stats(CLI::App& trace, command_run& run);
void add_filter(CLI::App& trace, command_run& run);
void add_at(CLI::App& trace, command_run& run);
void add_merge(CLI::App& trace, command_run& run);
void add_diff(CLI::App& trace, command_run& run);
void add_tail(CLI::App& trace, command_run& run);
void add_html(CLI::App& trace, command_run& run);
void add_export(CLI::App& trace, command_run& run);
void add_check(CLI::App& trace, command_run& run);
void add_explain(CLI::App& trace, command_run& run);
void add_draw(CLI::App& trace, command_run& run);

} // namespace tandem::cli
