/// What CAF's networking needs before a configuration is made.
#pragma once

#include <tandem/actors/compat/version.hpp>

#include <tandem/actors/compat/system.hpp>

#include <caf/actor_cast.hpp>
#include <caf/io/middleman.hpp>
#include <caf/io/middleman_actor.hpp>

#include <cstdint>
#include <string>

namespace tandem::compat {

/// Makes the types of CAF's middleman known; needed by CAF 1.x only. As init_types.
inline void init_network_types() {
#if !TANDEM_CAF_17
  caf::io::middleman::init_global_meta_objects();
#endif
}

/// Asks CAF's middleman for the actor published at `host` and `port`; `then` takes (caf::node_id,
/// caf::strong_actor_ptr, std::set<std::string>), the pointer null if nothing is published there.
template <class Self>
auto request_connection(Self* self, const std::string& host, uint16_t port) {
  const auto middleman = caf::actor_cast<caf::actor>(self->system().middleman().actor_handle());
#if TANDEM_CAF_17
  return request(self, middleman, caf::connect_atom::value, host, port);
#else
  return request(self, middleman, caf::connect_atom_v, host, port);
#endif
}

} // namespace tandem::compat
