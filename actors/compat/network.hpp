/// What CAF's networking needs before a configuration is made.
#pragma once

#include <tandem/actors/compat/version.hpp>

#include <caf/io/middleman.hpp>

namespace tandem::compat {

/// Makes the types of CAF's middleman known; needed by CAF 1.x only. As init_types.
inline void init_network_types() {
#if !TANDEM_CAF_17
  caf::io::middleman::init_global_meta_objects();
#endif
}

} // namespace tandem::compat
