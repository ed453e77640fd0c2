/// The longer texts of `tandem --help` and its commands' --help.
#pragma once

#include <string>
#include <string_view>

namespace tandem::cli {

std::string_view version();

/// What follows "Usage: ".
std::string_view main_usage();
std::string_view serve_usage();
std::string_view call_usage();

std::string main_description();
std::string main_footer();
std::string serve_description();
std::string serve_footer();
std::string call_description();
std::string call_footer();

} // namespace tandem::cli
