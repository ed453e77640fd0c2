/// How commands declare their options.
#pragma once

#include "duration_text.hpp"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace tandem::cli {

/// The action of the command that was given; its result is the exit status.
using command_run = std::function<int()>;

/// An option that `parse` reads: it gives nothing for a text that is not `wanted`. `set` is called with the result.
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

/// A function that sets `target`.
template <class T>
auto into(T& target) {
  return [&target](auto value) { target = std::move(value); };
}

/// An option that is a duration; `set` is called with it.
template <class Set>
CLI::Option* add_duration(CLI::App& app, const std::string& name, Set set, const std::string& help,
                          bool may_be_zero = false) {
  auto parse = [may_be_zero](const std::string& text) {
    auto result = parse_duration(text);
    return result && (may_be_zero || *result > duration::zero()) ? result : std::nullopt;
  };
  const auto wanted = std::string{duration_wanted} + (may_be_zero ? "" : ", and more than zero");
  return add_parsed(app, name, set, "DURATION", parse, wanted, help);
}

/// Unlike CLI11's own check, it does not add itself to the help, and says more when it fails.
CLI::Validator whole_number(uint64_t from, uint64_t to);

/// A command's help: a line in the list of commands, and its own page.
void describe(CLI::App& command, std::string_view usage, std::string description, const std::string& footer);

} // namespace tandem::cli
