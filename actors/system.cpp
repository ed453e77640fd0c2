#include "system.hpp"
#include "../messages/caf/error.hpp"
#include "compat/actor_threads.hpp"
#include "compat/network.hpp"
#include "compat/option_reader.hpp"
#include "configuration.hpp"
#include "nodes/configuration.hpp"

#include <caf/io/middleman.hpp>
#include <caf/sec.hpp>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace tandem {

namespace {

void add_options(caf::config_option_set& options) {
  add_end_options(options);
  add_node_options(options);
}

} // namespace

// Not in the header, since what it instantiates takes the compiler seconds.
void detail::init_own_types() {
  compat::init_types<caf::id_block::tandem>();
  register_json_types<caf::id_block::tandem>();
}

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

// -- parsing ------------------------------------------------------------------------------------

namespace {

/// The nanoseconds of a duration such as "1min", if it is one; CAF's own arithmetic goes round.
std::optional<long double> duration_in(const std::string& text) {
  static constexpr std::pair<std::string_view, long double> units[]
    = {{"ns", 1}, {"us", 1e3L}, {"ms", 1e6L}, {"s", 1e9L}, {"min", 60e9L}, {"h", 3600e9L}};
  const auto digits = std::min(text.find_first_not_of("0123456789", text.starts_with('-') ? 1 : 0), text.size());
  for (const auto& [unit, size] : units)
    if (digits > 0 && text.substr(digits) == unit)
      return size * std::strtold(text.substr(0, digits).c_str(), nullptr);
  return std::nullopt;
}

std::vector<std::string> arguments_of(int argc, char** argv) {
  return argc > 1 ? std::vector<std::string>(argv + 1, argv + argc) : std::vector<std::string>{};
}

/// CAF 0.17 takes what ends in the middle of a line for complete.
std::istringstream with_end_of_line(std::istream& in) {
  return std::istringstream{std::string{std::istreambuf_iterator<char>{in}, {}} + "\n"};
}

void check_at_least_one(const caf::actor_system_config& config, const std::string& name) {
  for (const auto* prefix : {"", "caf."}) { // that of CAF 1.x
    const auto* found = compat::find_option(caf::content(config), prefix + name);
    const auto* value = found ? caf::get_if<int64_t>(found) : nullptr;
    if (value != nullptr && *value < 1)
      throw std::invalid_argument{prefix + name + ": expected a whole number of at least 1"
                                  + (*value == 0 ? ", got 0" : "")};
  }
}

} // namespace

void system_config::check_arguments(const std::vector<std::string>& arguments) {
  constexpr std::string_view file = "--config-file=";
  for (const auto& x : arguments) {
    if (x == "--")
      return; // what follows is not CAF's
    const auto equals = x.find('=');
    if (x.starts_with(file)) {
      const auto path = x.substr(file.size());
      std::ifstream in{path};
      if (!in || (in.peek(), in.bad())) // a folder can be opened
        throw std::invalid_argument{"configuration " + path + ": " + std::strerror(errno)};
    } else if (x.starts_with("--") && equals != std::string::npos) {
      if (const auto value = duration_in(x.substr(equals + 1)); value && std::abs(*value) > INT64_MAX)
        throw std::invalid_argument{x.substr(2, equals - 2) + ": expected a duration of at most 292 years, got "
                                    + x.substr(equals + 1)};
    }
  }
}

void system_config::check_values() const {
  check_at_least_one(*this, "scheduler.max-threads");
  check_at_least_one(*this, "scheduler.max-throughput");
  check_front_options(configured_front_options(*this));
  check_back_options(configured_back_options(*this));
  check_options(configured_connect_options(*this).link);
  configured_publish_options(*this);
}

template <class... Ts>
caf::error system_config::parse_and_check(const std::vector<std::string>& arguments, Ts&... how) {
  try {
    check_arguments(arguments);
    if (auto error = actor_system_config::parse(how...))
      return error;
    check_values();
    return {};
  } catch (const std::invalid_argument& e) {
    return caf::make_error(caf::sec::invalid_argument, std::string{e.what()});
  }
}

caf::error system_config::parse(std::vector<std::string> arguments, std::istream& file) {
  auto lines = with_end_of_line(file);
  return parse_and_check(arguments, arguments, lines);
}

caf::error system_config::parse(std::vector<std::string> arguments) {
  return parse_and_check(arguments, arguments);
}

caf::error system_config::parse(int argc, char** argv, std::istream& file) {
  auto lines = with_end_of_line(file);
  return parse_and_check(arguments_of(argc, argv), argc, argv, lines);
}

caf::error system_config::parse(int argc, char** argv) {
  return parse_and_check(arguments_of(argc, argv), argc, argv);
}

// -- looking -------------------------------------------------------------------------------------

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

std::string problem_of(const caf::error& x) {
  auto result = compat::error_details(x);
  return result.empty() ? caf::to_string(x) : result;
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
