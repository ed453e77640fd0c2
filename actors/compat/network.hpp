/// CAF's own networking, for whoever has a cluster of CAF nodes: preparing it before a configuration is made,
/// publishing an actor, and asking for one, on both CAF versions.
#pragma once

#include "../../messages/caf/version.hpp"
#include "system.hpp"

#include <caf/actor_cast.hpp>
#include <caf/expected.hpp>
#include <caf/io/middleman.hpp>
#include <caf/scoped_actor.hpp>

#include <cstdint>
#include <set>
#include <string>

namespace tandem::compat {

/// Makes the types of CAF's middleman known; needed by CAF 1.x only. As init_types.
inline void init_network_types() {
#if !TANDEM_CAF_17
  caf::io::middleman::init_global_meta_objects();
#endif
}

} // namespace tandem::compat
