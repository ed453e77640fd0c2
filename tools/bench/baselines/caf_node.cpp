#include "caf_node.hpp"

#include "../../../actors/compat/system.hpp"
#include "baselines.hpp"
#include "caf_messages.hpp"

#include <caf/io/all.hpp>

#include <mutex>
#include <stdexcept>

namespace tandem::bench::caf_baseline {

namespace {

/// CAF 1.x wants the types of the middleman registered by hand, CAF 0.17 does so itself.
template <class Middleman>
void register_network_types() {
  if constexpr (requires { Middleman::init_global_meta_objects(); })
    Middleman::init_global_meta_objects();
}

} // namespace

void register_types() {
  static std::once_flag once;
  std::call_once(once, [] {
    compat::init_types<caf::id_block::tandem_bench_caf>();
    register_network_types<caf::io::middleman>();
  });
}

registered::registered() {
  register_types();
}

config::config(const std::string& policy) {
  compat::add_types<caf::id_block::tandem_bench_caf>(*this);
  compat::set_option(*this, "scheduler.policy", policy);
  compat::set_option(*this, "scheduler.max-threads", int64_t{2});
}

local_node::local_node(const std::string& policy) : config_{policy}, system_{config_} {
  // nop
}

networked_node::networked_config::networked_config() : config{"sharing"} {
  load<caf::io::middleman>();
  compat::set_option(*this, "middleman.workers", int64_t{0});
}

networked_node::networked_node() : system_{config_} {
  // nop
}

caf::actor connect(caf::actor_system& system, uint16_t port) {
  auto factory = system.middleman().remote_actor("127.0.0.1", port);
  if (!factory)
    throw std::runtime_error("cannot connect to the CAF server");
  return *factory;
}

} // namespace tandem::bench::caf_baseline
