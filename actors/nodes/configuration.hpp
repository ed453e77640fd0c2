/// The options of links between nodes in CAF's configuration, categories `tandem.link` and `tandem.tls`; see
/// actors/configuration.hpp.
///
///     auto options = configured_connect_options(system);
///     options.wait = false;
///     auto link = connect(system, "back.example", 4242, options);
#pragma once

#include "connect.hpp"
#include "publish.hpp"
#include "tls/tls.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/config_option_adder.hpp>

#include <optional>

namespace tandem {

/// Makes the options known to CAF, for --help and for its checks. system_config calls it.
void add_node_options(caf::config_option_set& options);

/// The options that the configuration of `system` gives to links. Throw std::invalid_argument naming an option whose
/// value makes no sense. Any thread.
connect_options configured_connect_options(const caf::actor_system& system);
publish_options configured_publish_options(const caf::actor_system& system);
connect_options configured_connect_options(const caf::actor_system_config& config);
publish_options configured_publish_options(const caf::actor_system_config& config);

/// The options of `tandem.tls`; nothing if there are none. Throws tls_error if the passphrase cannot be read. It does
/// not look at the files otherwise: check() does.
std::optional<tls_options> configured_tls_options(const caf::actor_system_config& config);

/// Uses TLS as the configuration's category `tandem.tls` says; does nothing if that has no options. To be called after
/// parse() and before the actor system is made. Throws tls_error, as use_tls (tls/tls.hpp) does.
void use_configured_tls(caf::actor_system_config& config);

} // namespace tandem
