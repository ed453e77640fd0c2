#include "system.hpp"
#include "../messages/caf/error.hpp"
#include "../messages/without_controls.hpp"
#include "compat/actor_threads.hpp"
#include "compat/network.hpp"
#include "compat/option_reader.hpp"
#include "compat/option_text.hpp"
#include "configuration.hpp"
#include "nodes/configuration.hpp"

#include <caf/io/middleman.hpp>
#include <caf/sec.hpp>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdint>
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

std::vector<std::string> arguments_of(int argc, char** argv) {
  return argc > 1 ? std::vector<std::string>(argv + 1, argv + argc) : std::vector<std::string>{};
}

/// CAF's name for the type of an option's value, which differs from version to version; empty: there is no such option.
std::string type_of(const caf::config_option_set& options, const std::string& name) {
  const auto* option = options.cli_long_name_lookup(name);
  return option == nullptr ? std::string{} : std::string{option->type_name().begin(), option->type_name().end()};
}

/// Throws std::invalid_argument if CAF could not count this duration.
void check_duration(const std::string& name, const std::string& value) {
  if (compat::is_too_long(value))
    throw std::invalid_argument{name + ": expected a duration of at most 292 years, got " + value};
}

/// CAF 0.17 makes a negative number of one that it cannot count, and CAF 1.x names no option when it refuses one.
void check_count(const std::string& name, const std::string& value) {
  int64_t ignored = 0;
  const auto* end = value.data() + value.size();
  if (std::from_chars(value.data(), end, ignored).ec == std::errc::result_out_of_range)
    throw std::invalid_argument{name + ": expected a whole number of at most " + std::to_string(INT64_MAX) + ", got "
                                + without_controls(value)};
}

std::string rest_of(std::istream& in) {
  return {std::istreambuf_iterator<char>{in}, {}};
}

void check_text(const std::string& file) {
  if (const auto found = compat::find_long_duration(file))
    check_duration(found->name, found->value);
  if (const auto open = compat::find_open_object(file))
    throw std::invalid_argument{"invalid syntax: the \"{\" of " + without_controls(*open) + " is never closed"};
}

/// CAF 0.17 takes what ends in the middle of a line for complete.
std::istringstream checked_lines(std::istream& file) {
  const auto text = rest_of(file);
  check_text(text);
  return std::istringstream{text + "\n"};
}

/// The file that CAF reads if no other is named; CAF 1.x has several, which it does not tell.
template <class Config>
std::string usual_file(const Config& config) {
  if constexpr (requires { std::string{config.config_file_path}; })
    return config.config_file_path;
  else
    return {};
}

/// CAF starts all of them before anything else, and hangs where the operating system gives no more.
constexpr int64_t most_threads = 4096;

void check_range(const caf::actor_system_config& config, const std::string& name, int64_t most) {
  for (const auto* prefix : {"", "caf."}) { // that of CAF 1.x
    const auto* found = compat::find_option(caf::content(config), prefix + name);
    const auto* value = found ? caf::get_if<int64_t>(found) : nullptr;
    if (value != nullptr && *value < 1)
      throw std::invalid_argument{prefix + name + ": expected a whole number of at least 1"
                                  + (*value == 0 ? ", got 0" : "")};
    if (value != nullptr && *value > most)
      throw std::invalid_argument{prefix + name + ": expected a whole number of at most " + std::to_string(most)
                                  + ", got " + std::to_string(*value)};
  }
}

/// CAF takes any other for stealing, and says so when the actor system is there.
void check_policy(const caf::actor_system_config& config) {
  for (const auto* prefix : {"", "caf."}) {
    const auto name = std::string{prefix} + "scheduler.policy";
    const auto* found = compat::find_option(caf::content(config), name);
    const auto value = found != nullptr ? compat::word_in(*found) : std::nullopt;
    if (value && *value != "stealing" && *value != "sharing" && *value != "testing")
      throw std::invalid_argument{name + ": expected stealing or sharing, got " + without_controls(*value)};
  }
}

} // namespace

void system_config::check_arguments(const std::vector<std::string>& arguments) const {
  for (const auto& x : arguments) {
    if (x == "--")
      return; // what follows is not CAF's
    const auto equals = x.find('=');
    if (!x.starts_with("--") || equals == std::string::npos)
      continue;
    const auto name = x.substr(2, equals - 2);
    const auto value = x.substr(equals + 1);
    check_duration(name, value);
    if (type_of(custom_options_, name).find("int") != std::string::npos)
      check_count(name, value);
  }
}

void system_config::check_file(const std::vector<std::string>& arguments) const {
  constexpr std::string_view option = "--config-file=";
  auto path = usual_file(*this);
  bool is_named = false;
  for (const auto& x : arguments) {
    if (x == "--")
      break;
    if (!x.starts_with(option))
      continue;
    is_named = true;
    path = x.substr(option.size());
  }
  if (path.empty() && !is_named)
    return;
  std::ifstream in{path};
  if (in && (in.peek(), !in.bad())) // a folder can be opened
    check_text(rest_of(in));
  else if (is_named)
    throw std::invalid_argument{"configuration " + path + ": " + std::strerror(errno)};
}

void system_config::check_values() const {
  check_range(*this, "scheduler.max-threads", most_threads);
  check_range(*this, "scheduler.max-throughput", INT64_MAX);
  check_policy(*this);
  check_front_options(configured_front_options(*this));
  check_back_options(configured_back_options(*this));
  check_options(configured_connect_options(*this).link);
  configured_publish_options(*this);
}

template <class Parse>
caf::error system_config::parse_and_check(Parse parse) {
  try {
    if (auto error = parse())
      return error;
    check_values();
    return {};
  } catch (const std::invalid_argument& e) {
    return caf::make_error(caf::sec::invalid_argument, std::string{e.what()});
  }
}

caf::error system_config::parse(std::vector<std::string> arguments, std::istream& file) {
  return parse_and_check([&] {
    check_arguments(arguments);
    auto lines = checked_lines(file);
    return actor_system_config::parse(std::move(arguments), lines);
  });
}

caf::error system_config::parse(std::vector<std::string> arguments) {
  return parse_and_check([&] {
    check_arguments(arguments);
    check_file(arguments);
    return actor_system_config::parse(std::move(arguments));
  });
}

caf::error system_config::parse(int argc, char** argv, std::istream& file) {
  return parse_and_check([&] {
    check_arguments(arguments_of(argc, argv));
    auto lines = checked_lines(file);
    return actor_system_config::parse(argc, argv, lines);
  });
}

caf::error system_config::parse(int argc, char** argv) {
  return parse_and_check([&] {
    check_arguments(arguments_of(argc, argv));
    check_file(arguments_of(argc, argv));
    return actor_system_config::parse(argc, argv);
  });
}

// -- looking -------------------------------------------------------------------------------------

bool system_config::has_option(const std::string& name) const {
  return custom_options_.cli_long_name_lookup(name) != nullptr;
}

std::string system_config::what_it_takes(const std::string& name) const {
  const auto type = type_of(custom_options_, name);
  const auto has = [&](const char* part) { return type.find(part) != std::string::npos; };
  return has("timespan") ? "a duration, such as 500ms or 2s"
         : has("uint")   ? "a whole number of at least 0"
         : has("int")    ? "a whole number"
         : has("bool")   ? "true or false"
         : has("double") ? "a number"
         : has("string") ? "a text"
                         : "";
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

std::vector<std::string> system_config::unknown_categories() const {
  std::vector<std::string> result;
  for (const auto& [key, value] : caf::content(*this)) {
    const std::string name{key};
    const auto has_name = [&](const auto& option) {
      const std::string category{option.category().begin(), option.category().end()};
      return category == name || category.starts_with(name + ".")
             || std::string{option.long_name().begin(), option.long_name().end()} == name;
    };
    if (std::ranges::none_of(custom_options_, has_name))
      result.push_back(name);
  }
  return result;
}

std::string problem_of(const caf::error& x) {
  if (const auto place = compat::place_of(x))
    return "invalid syntax in line " + std::to_string(place->line) + ", column " + std::to_string(place->column);
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
