#include "help_formatter.hpp"

namespace tandem::cli {

help_formatter::help_formatter(std::string usage, std::string description)
  : usage_(std::move(usage)), description_(std::move(description)) {
  column_width(30);
  label("Positionals", "Arguments");
}

/// Comes before the usage in CLI11's layout; here the usage is what one sees first.
std::string help_formatter::make_description(const CLI::App*) const {
  return {};
}

std::string help_formatter::make_usage(const CLI::App*, std::string) const {
  return "Usage: " + usage_ + "\n\n" + description_ + "\n";
}

std::string help_formatter::make_option_name(const CLI::Option* option, bool is_positional) const {
  return is_positional ? option->get_type_name() : CLI::Formatter::make_option_name(option, is_positional);
}

std::string help_formatter::make_option_opts(const CLI::Option* option) const {
  const bool is_flag = option->get_type_size() == 0;
  return is_flag || option->get_positional() ? std::string{} : " " + option->get_type_name();
}

std::string help_formatter::make_option_desc(const CLI::Option* option) const {
  const auto& value = option->get_default_str();
  return option->get_description() + (value.empty() ? "" : " (default " + value + ")");
}

} // namespace tandem::cli
