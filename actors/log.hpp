/// Lines for people about what goes wrong, and where Tandem writes them.
///
///     log_function log = [](const std::string& line) { syslog(LOG_WARNING, "%s", line.c_str()); };
///     back_end back{system, services, {.log = log}};
#pragma once

#include "../messages/standard_error.hpp"

#include <functional>
#include <string>

namespace tandem {

/// Gets one line, without the newline and without control characters. Called by any thread, by several at a time; must
/// return promptly. What it throws is written to standard error, with the line.
using log_function = std::function<void(const std::string&)>;

/// Gives `line` to `log`, or to write_to_standard_error if `log` is empty. Any thread.
void write_log(const log_function& log, const std::string& line);

} // namespace tandem
