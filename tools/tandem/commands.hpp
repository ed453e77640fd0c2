/// The commands that talk to other nodes: each has a file of its own in this folder that says what its options mean.
#pragma once

#include "../cli/command_options.hpp"

namespace tandem::cli {

// Each adds one command to `tandem`. `run` must outlive `app`.
void add_serve(CLI::App& app, command_run& run);
void add_call(CLI::App& app, command_run& run);
void add_replay(CLI::App& app, command_run& run);

} // namespace tandem::cli
