/// The command line's part of CAF's configuration: a file, options by name, and options of ours that stand for one.
#pragma once

#include "../../actors/system.hpp"

#include <string>
#include <vector>

namespace tandem::cli {

struct node_arguments {
  std::string config_file;            ///< empty: none
  std::vector<std::string> settings;  ///< of --set: "tandem.link.window=2s"
  std::vector<std::string> shortcuts; ///< the same, by options of ours such as --window
};

/// Reads all of it into `config`, shortcuts over settings over the file, with TLS if it says so. Throws usage_error for
/// an unknown option or a wrong value; user_error if the file cannot be read; tls_error naming a file of TLS that
/// cannot be used.
void configure(system_config& config, const node_arguments& x);

} // namespace tandem::cli
