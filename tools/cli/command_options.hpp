/// What the options of all commands are made of.
#pragma once

#include <CLI/CLI.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace tandem::cli {

/// An option that is read by `parse`, which gives nothing for a text that is not `wanted`; then `set` is called.
template <class Set, class Parse>
CLI::Option* add_parsed(CLI::App& app, const std::string& name, Set set, const std::string& type, Parse parse,
                        const std::string& wanted, const std::string& help) {
  auto check = [parse, wanted](const std::string& text) {
    return parse(text) ? std::string{} : "expected " + wanted + ", got \"" + text + "\"";
  };
  auto* option = app.add_option_function<std::string>(
    name, [set, parse](const std::string& text) { set(*parse(text)); }, help);
  return option->check(CLI::Validator{check, "", ""})->type_name(type);
}

/// What sets `target`.
template <class T>
auto into(T& target) {
  return [&target](auto value) { target = std::move(value); };
}

/// CLI11's own check puts itself into the help, and says less when it fails.
CLI::Validator whole_number(uint64_t from, uint64_t to);

/// A command's help: a line in the list of commands, and its own page.
void describe(CLI::App& command, std::string_view usage, std::string description, const std::string& footer);

} // namespace tandem::cli
