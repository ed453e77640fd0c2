/// How `tandem` prints its help: CLI11's layout with fewer technicalities.
#pragma once

#include <CLI/CLI.hpp>

#include <string>

namespace tandem::cli {

class help_formatter final : public CLI::Formatter {
public:
  /// `usage` is what follows "Usage: "; `description` comes after it.
  help_formatter(std::string usage, std::string description);

  std::string make_description(const CLI::App* app) const override;
  std::string make_usage(const CLI::App* app, std::string name) const override;
  std::string make_option_name(const CLI::Option* option, bool is_positional) const override;
  std::string make_option_opts(const CLI::Option* option) const override;
  std::string make_option_desc(const CLI::Option* option) const override;

private:
  std::string usage_;
  std::string description_;
};

} // namespace tandem::cli
