/// Where Tandem says what goes wrong: lines for people.
///
///     log_function to_syslog = [](const std::string& line) { syslog(LOG_WARNING, "%s", line.c_str()); };
///     back_end back{system, services, {.log = to_syslog}};
#pragma once

#include <functional>
#include <string>

namespace tandem {

/// Gets one line, without its end. Any thread, several at a time; must return promptly.
using log_function = std::function<void(const std::string&)>;

/// Gives `line` to `log`; if that is empty, to write_to_standard_error.
void write_log(const log_function& log, const std::string& line);

/// Writes "tandem: LINE" and the end of a line to standard error, but does not wait for its reader: neither an
/// operation nor the network may stop because a pipe is full. The line is lost then. Any thread.
void write_to_standard_error(const std::string& line);

} // namespace tandem
