#include "system.hpp"
#include "compat/actor_threads.hpp"
#include "compat/network.hpp"
#include "compat/option_reader.hpp"
#include "configuration.hpp"
#include "nodes/configuration.hpp"

#include <caf/io/middleman.hpp>

#include <chrono>

namespace tandem {

namespace {

void add_options(caf::config_option_set& options) {
  add_end_options(options);
  add_node_options(options);
}

} // namespace

detail::types_first::types_first() {
  compat::init_network_types();
  init_types<>();
}

system_config::system_config() {
  compat::add_types<caf::id_block::tandem>(*this);
  compat::mark_actor_threads(*this);
  load<caf::io::middleman>();
  add_options(custom_options_);
  compat::set_option(*this, "scheduler.policy", "sharing");
  compat::set_option(*this, "middleman.workers", size_t{0});
  compat::set_option(*this, "middleman.heartbeat-interval", caf::timespan{std::chrono::milliseconds(200)});
  compat::set_option(*this, "middleman.connection-timeout", caf::timespan{std::chrono::milliseconds(900)});
}

bool system_config::has_option(const std::string& name) const {
  return custom_options_.cli_long_name_lookup(name) != nullptr;
}

bool system_config::is_set(const std::string& name) const {
  return compat::find_option(caf::content(*this), name) != nullptr;
}

std::vector<std::string> system_config::unknown_options() const {
  std::vector<std::string> result;
  for (auto& name : compat::configured_names(*this, "tandem"))
    if (!has_option(name))
      result.push_back(std::move(name));
  return result;
}

std::vector<option_description> describe_options() {
  // Not every CAF has its texts as std::string_view.
  auto text = [](const auto& x) { return std::string{x.begin(), x.end()}; };
  caf::config_option_set options;
  add_options(options);
  std::vector<option_description> result;
  for (const auto& x : options)
    result.push_back({text(x.category()) + "." + text(x.long_name()), text(x.description())});
  return result;
}

} // namespace tandem
