#include "system.hpp"
#include "compat/network.hpp"
#include "compat/tls.hpp"
#include "configuration.hpp"

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

system_config& system_config::use_tls() {
  if (const auto options = configured_tls_options(*this))
    use_tls(*options);
  return *this;
}

bool system_config::has_option(const std::string& name) const {
  return custom_options_.cli_long_name_lookup(name) != nullptr;
}

std::vector<std::string> system_config::unknown_options() const {
  std::vector<std::string> result;
  for (auto& name : configured_names(*this, "tandem"))
    if (!has_option(name))
      result.push_back(std::move(name));
  return result;
}

} // namespace tandem
