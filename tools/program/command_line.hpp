/// The command line of `tandem`: what its options mean, and its help.
#pragma once

namespace tandem::cli {

/// Runs what the command line asks for; returns the exit status (exit_status.hpp).
int run_command_line(int argc, const char* const* argv);

} // namespace tandem::cli
