/// The actor system without which CAF reads and writes no payload: for the fuzzer of the codec and its seeds.
#pragma once

#include "../../../actors/compat/system.hpp"
#include "../../../messages/type_ids.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

namespace tandem_test {

/// Kept for the life of the program.
inline caf::actor_system& codec_system() {
  using namespace tandem;
  static auto* const result = [] {
    compat::init_types<caf::id_block::tandem>();
    auto* config = new caf::actor_system_config;
    compat::add_types<caf::id_block::tandem>(*config);
    compat::set_option(*config, "scheduler.max-threads", size_t{1});
    return new caf::actor_system{*config};
  }();
  return *result;
}

} // namespace tandem_test
