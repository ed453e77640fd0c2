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
/// What is not there keeps the default that the options' headers give.
#pragma once

#include "end_options.hpp"
#include "nodes/connect.hpp"
#include "nodes/publish.hpp"
#include "nodes/tls/tls.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/config_option_adder.hpp>

#include <optional>
#include <string>
#include <vector>

namespace tandem {

/// Makes the options known to CAF, for --help and for its checks. system_config does it.
void add_options(caf::config_option_set& options);

/// A name such as "tandem.link.window", and what it is for.
struct option_description {
  std::string name;
  std::string what;
};

/// All options, for help texts.
std::vector<option_description> describe_options();

/// What the configuration of `system` says. Throw std::invalid_argument naming an option whose value makes no sense.
front_options configured_front_options(const caf::actor_system& system);
back_options configured_back_options(const caf::actor_system& system);
connect_options configured_connect_options(const caf::actor_system& system);
publish_options configured_publish_options(const caf::actor_system& system);

/// Nothing if no option of `tandem.tls` is there. Throws tls_error if the passphrase cannot be read; what is missing or
/// does not fit is for check() to say.
std::optional<tls_options> configured_tls_options(const caf::actor_system_config& config);

/// The names of everything that the configuration has in a category.
std::vector<std::string> configured_names(const caf::actor_system_config& config, const std::string& category);

} // namespace tandem
