/// Lines on standard error, for people.
#pragma once

#include <string>

namespace tandem {

/// Writes "tandem: LINE" and a newline to standard error, but does not wait for its reader: neither an operation nor
/// the network may stop because a pipe is full. The line is lost then. Control characters become question marks. Any
/// thread.
void write_to_standard_error(const std::string& line);

} // namespace tandem
