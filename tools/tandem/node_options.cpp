#include "node_options.hpp"

#include "../cli/text.hpp"

#include "../../actors/system.hpp"

namespace tandem::cli {

CLI::Option* add_shortcut(CLI::App& app, const std::string& name, node_arguments& x, const std::string& key,
                          const std::string& type, const std::string& help) {
  auto* option = app.add_option_function<std::string>(
    name, [&x, key](const std::string& text) { x.shortcuts.push_back(key + "=" + text); }, help);
  return option->type_name(type);
}

CLI::Option* add_duration_shortcut(CLI::App& app, const std::string& name, node_arguments& x, const std::string& key,
                                   const std::string& help, bool may_be_zero) {
  const auto set
    = [&x, key](duration value) { x.shortcuts.push_back(key + "=" + std::to_string(value.count()) + "ns"); };
  return add_duration(app, name, set, help, may_be_zero);
}

void add_trace_file(CLI::App& command, node_arguments& x) {
  add_shortcut(command, "--trace", x, "tandem.trace.file", "FILE",
               "append the tickets and operations of this end to this file, as JSON lines");
}

void add_tls(CLI::App& command, node_arguments& x) {
  add_shortcut(command, "--certificate", x, "tandem.tls.certificate", "FILE",
               "use TLS: show this certificate (PEM), and demand one");
  add_shortcut(command, "--key", x, "tandem.tls.key", "FILE", "the private key of that certificate (PEM)");
  add_shortcut(command, "--authority", x, "tandem.tls.authority", "FILE",
               "accept certificates that these sign, and no others (PEM)");
  add_shortcut(command, "--passphrase-file", x, "tandem.tls.passphrase-file", "FILE",
               "decrypt the key by the first line of this file");
}

void add_configuration(CLI::App& command, node_arguments& x) {
  command.add_option("--config-file", x.config_file, "read options from this file, in CAF's format")->type_name("FILE");
  command.add_option("--set", x.settings, "set an option of CAF's configuration; may be given several times")
    ->type_name("KEY=VALUE")
    ->allow_extra_args(false);
}

std::string configuration_list() {
  constexpr size_t name_columns = 36;
  std::string result = "Options for --set and --config-file, besides those of CAF:\n";
  for (const auto& option : describe_options())
    result += list_entry(option.name, option.what, name_columns);
  return result;
}

} // namespace tandem::cli
