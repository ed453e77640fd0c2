/// Where use_tls() keeps the options of an actor system. Internal to nodes/.
#pragma once

#include "tls_options.hpp"

#include <caf/fwd.hpp>

namespace tandem {

/// As use_tls(), without a look at the files.
void remember(caf::actor_system_config& config, const tls_options& x);

} // namespace tandem
