/// Options of commands that set those of CAF's configuration.
#pragma once

#include "../cli/command_options.hpp"
#include "node_arguments.hpp"

#include <string>

namespace tandem::cli {

/// An option that stands for one of CAF's configuration, `key`. `x` must outlive `app`, here and below.
CLI::Option* add_shortcut(CLI::App& app, const std::string& name, node_arguments& x, const std::string& key,
                          const std::string& type, const std::string& help);

/// The same for one that is a duration.
CLI::Option* add_duration_shortcut(CLI::App& app, const std::string& name, node_arguments& x, const std::string& key,
                                   const std::string& help, bool may_be_zero = false);

/// --trace.
void add_trace_file(CLI::App& command, node_arguments& x);

/// --certificate, --key, --authority, --passphrase-file.
void add_tls(CLI::App& command, node_arguments& x);

/// --config-file and --set.
void add_configuration(CLI::App& command, node_arguments& x);

/// A list of the options that --config-file and --set take, for the help.
std::string configuration_list();

} // namespace tandem::cli
