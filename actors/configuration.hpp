/// Tandem's options in CAF's configuration: the category `tandem`, in the configuration file and on the command line,
/// as with CAF's own options. tools/tandem/tandem.conf lists all of them with their defaults.
///
///     tandem::system_config config;
///     if (auto error = config.parse(argc, argv)) return 1;  // --tandem.back.maximum-timeout=60s
///     caf::actor_system system{config};
///     back_end back{system, services};                      // has the configured options
///     auto options = configured_back_options(system);       // or: change some of them
///     options.work = std::make_shared<thread_pool>(8);
///
/// An option that is not configured keeps the default that its header gives. The options of links between nodes are in
/// nodes/configuration.hpp.
#pragma once

#include "end_options.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/config_option_adder.hpp>

namespace tandem {

/// Makes the options of ends known to CAF, for --help and for its checks. system_config calls it.
void add_end_options(caf::config_option_set& options);

/// The options that the configuration of `system` gives to ends. Throw std::invalid_argument naming an option whose
/// value makes no sense. Any thread.
end_options configured_front_options(const caf::actor_system& system);
end_options configured_back_options(const caf::actor_system& system);
end_options configured_front_options(const caf::actor_system_config& config);
end_options configured_back_options(const caf::actor_system_config& config);

} // namespace tandem
