#include "command_options.hpp"

#include "help_formatter.hpp"

#include <charconv>
#include <memory>

namespace tandem::cli {

CLI::Validator whole_number(uint64_t from, uint64_t to) {
  auto check = [from, to](const std::string& text) {
    uint64_t value = 0;
    const auto* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value);
    if (!text.empty() && error == std::errc{} && rest == end && value >= from && value <= to)
      return std::string{};
    return "expected a whole number from " + std::to_string(from) + " to " + std::to_string(to) + ", got \"" + text
           + "\"";
  };
  return CLI::Validator{check, "", ""};
}

void describe(CLI::App& command, std::string_view usage, std::string description, const std::string& footer) {
  command.formatter(std::make_shared<help_formatter>(std::string{usage}, std::move(description)));
  command.footer(footer);
  command.set_help_flag("-h,--help", "print this");
  command.group("Commands");
}

} // namespace tandem::cli
