#include "node_arguments.hpp"
#include "../../actors/nodes/configuration.hpp"

#include "../cli/exit_status.hpp"
#include "../cli/input_file.hpp"
#include "../cli/suggestion.hpp"
#include "../cli/text.hpp"

#include <cstring>
#include <iterator>
#include <sstream>
#include <string>

namespace tandem::cli {

namespace {

std::istringstream read(const std::string& path) {
  if (path.empty())
    return {};
  input_file in{path};
  if (in.error() != 0)
    throw user_error{"configuration " + path + ": " + std::strerror(in.error())};
  return std::istringstream{std::string{std::istreambuf_iterator<char>{in.stream()}, {}}};
}

std::vector<std::string> names_of(const std::vector<option_description>& options) {
  std::vector<std::string> result;
  result.reserve(options.size());
  for (const auto& x : options)
    result.push_back(x.name);
  return result;
}

void check_setting(const system_config& config, const std::string& setting) {
  const auto name = setting.substr(0, setting.find('='));
  if (name == setting)
    throw usage_error{"--set: expected KEY=VALUE, such as tandem.link.window=2s, got \"" + printable(setting) + "\""};
  if (!config.has_option(name))
    throw usage_error{"--set: there is no option \"" + printable(name) + "\""
                      + did_you_mean(name, names_of(describe_options())) + "; --help lists those of Tandem"};
}

/// The argument for CAF, which gives no option that may be "true" a value. CAF names no option when it refuses several,
/// so each is tried; whether their values make sense together is said when all are known.
std::string argument_of(const std::string& setting) {
  constexpr std::string_view on = "=true";
  auto is_accepted = [](const std::string& argument) {
    std::istringstream none;
    system_config alone;
    return !static_cast<caf::actor_system_config&>(alone).parse({argument}, none);
  };
  auto result = "--" + setting;
  if (is_accepted(result))
    return result;
  if (setting.ends_with(on)) {
    result.resize(result.size() - on.size());
    if (is_accepted(result))
      return result;
  }
  const auto wanted = system_config{}.what_it_takes(setting.substr(0, setting.find('=')));
  throw usage_error{"--set: \"" + printable(setting) + "\" is not what that option takes"
                    + (wanted.empty() ? "" : "; it takes " + wanted)};
}

} // namespace

void configure(system_config& config, const node_arguments& x) {
  const auto where = x.config_file.empty() ? "" : "configuration " + x.config_file + ": ";
  auto file = read(x.config_file);
  std::vector<std::string> arguments;
  for (const auto& setting : x.settings)
    check_setting(config, setting);
  for (const auto* list : {&x.settings, &x.shortcuts})
    for (const auto& setting : *list)
      arguments.push_back(argument_of(setting));
  if (const auto error = config.parse(arguments, file)) {
    if (x.config_file.empty()) // the command line has it
      throw usage_error{printable(problem_of(error))};
    throw user_error{where + printable(problem_of(error))};
  }
  if (const auto unknown = config.unknown_options(); !unknown.empty())
    throw user_error{where + "there is no option " + printable(unknown.front())};
  if (const auto unknown = config.unknown_categories(); !unknown.empty())
    throw user_error{where + "there are no options of " + printable(unknown.front())
                     + "; those of Tandem begin with tandem"};
  use_configured_tls(config);
}

} // namespace tandem::cli
