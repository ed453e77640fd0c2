/// Types that a process of a cluster can have and another one lacks.
#pragma once

#include "../../messages/caf/inspect.hpp"
#include "../support/world.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/type_id.hpp>

#include <cstdint>

namespace tandem_test {

/// A type that must not leave its process.
struct kept_here {};

/// A type that the other process does not know.
struct known_here {
  int32_t x = 0;
};

template <class Inspector>
tandem::compat::inspect_result<Inspector> inspect(Inspector& f, known_here& x) {
  decltype(auto) g = tandem::compat::adapt(f);
  return g.object(x).fields(g.field("x", x.x));
}

} // namespace tandem_test

CAF_BEGIN_TYPE_ID_BLOCK(tandem_cluster_test, caf::first_custom_type_id + 1400)
  CAF_ADD_TYPE_ID(tandem_cluster_test, (tandem_test::kept_here))
  CAF_ADD_TYPE_ID(tandem_cluster_test, (tandem_test::known_here))
CAF_END_TYPE_ID_BLOCK(tandem_cluster_test)

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tandem_test::kept_here)

namespace tandem_test {

/// Before main(), as all types.
inline const bool cluster_types_are_known = [] {
  tandem::compat::init_types<caf::id_block::tandem_cluster_test>();
  return true;
}();

/// Knows them.
struct knowing_node {
  struct configuration : patient_node::configuration {
    configuration() {
      add_block<caf::id_block::tandem_cluster_test>();
    }
  };
  configuration config;
  caf::actor_system system{config};
};

} // namespace tandem_test
