/// Where Tandem says what goes wrong by default.
#pragma once

#include <string>

namespace tandem {

/// Writes "tandem: LINE" and the end of a line to standard error, but does not wait for whoever reads that: neither an
/// operation nor the network may stop because a pipe is full. The line is lost then. Any thread.
void write_to_standard_error(const std::string& line);

} // namespace tandem
