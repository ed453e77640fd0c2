/// `tandem trace ...`: each command has files of its own in this folder, and is added to the command line here.
#pragma once

#include <CLI/CLI.hpp>

#include <functional>

namespace tandem::cli {

/// Set to what the command that was given does; its result is the exit status.
using command_run = std::function<int()>;

/// Adds `trace` with all its commands. `run` must outlive `app`.
void add_trace(CLI::App& app, command_run& run);

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
