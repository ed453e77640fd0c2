/// Writes the lines of a trace file (TRACE.md), with their fields in the order in which people want to read them.
#pragma once

#include "trace_entry.hpp"

#include <string>

namespace tandem {

/// Append one line, without the newline. Never fail but for lack of memory. Any thread.
void append_line(std::string& out, const trace_entry& entry);
void append_line(std::string& out, const trace_header& header);

std::string to_line(const trace_entry& entry);
std::string to_line(const trace_header& header);

} // namespace tandem
