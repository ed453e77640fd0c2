#include <tandem/actors/compat/network.hpp>
#include <tandem/actors/compat/tls.hpp>
#include <tandem/actors/configuration.hpp>
#include <tandem/actors/system.hpp>

#include <caf/io/middleman.hpp>

#include <chrono>

namespace tandem {

detail::types_first::types_first() {
  compat::init_network_types();
  init_types<>();
}

system_config::system_config() {
  compat::add_types<caf::id_block::tandem>(*this);
  load<caf::io::middleman>();
  add_options(custom_options_);
  compat::set_option(*this, "scheduler.policy", "sharing");
  compat::set_option(*this, "middleman.workers", size_t{0});
  compat::set_option(*this, "middleman.heartbeat-interval", caf::timespan{std::chrono::milliseconds(200)});
  compat::set_option(*this, "middleman.connection-timeout", caf::timespan{std::chrono::milliseconds(900)});
}

system_config& system_config::use_tls(const tls_options& options) {
  check(options);
  compat::set_tls_options(*this, options);
  return *this;
}

} // namespace tandem
