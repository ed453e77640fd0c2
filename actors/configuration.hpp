/// Tandem's options in CAF's configuration: the category `tandem`, in the configuration file and on the command line as
/// CAF users know it; tools/tandem/tandem.conf has every one of them with its default.
///
///     tandem::system_config config;
///     if (auto error = config.parse(argc, argv)) ...       // --tandem.back.maximum-timeout=60s
///     caf::actor_system system{config};
///     back_end back{system, services};                      // takes them
///     auto options = configured_back_options(system);       // or: change some
///     options.work = std::make_shared<thread_pool>(8);
///
/// What is not there keeps the default that the options' headers give. Links between nodes have theirs in
/// nodes/configuration.hpp.
#pragma once

#include "end_options.hpp"

#include <caf/actor_system.hpp>
#include <caf/config_option_adder.hpp>

namespace tandem {

/// Makes the options of ends known to CAF, for --help and for its checks. system_config does it.
void add_end_options(caf::config_option_set& options);

/// What the configuration of `system` says. Throw std::invalid_argument naming an option whose value makes no sense.
end_options configured_front_options(const caf::actor_system& system);
end_options configured_back_options(const caf::actor_system& system);

} // namespace tandem
