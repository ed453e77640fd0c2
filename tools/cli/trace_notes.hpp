/// Notes of commands about the traces that they were given.
#pragma once

#include "../../messages/trace/trace_reader.hpp"

#include <iosfwd>
#include <string>

namespace tandem::cli {

/// Writes the problem of an unpacking_buffer to `notes`, if there is one: then it is false.
bool write_packing_problem(const std::string& name, const std::string& problem, std::ostream& notes);

/// Writes what a reader met in the file of this name to `notes`, a line each, beginning with "tandem: ". `is_empty`: it
/// had no header and no record, so it is no trace; `problem` is that of its compression. False if anything is wrong
/// with the file as such.
bool write_oddities(const std::string& name, const trace_reader& reader, bool is_empty, const std::string& problem,
                    std::ostream& notes);

} // namespace tandem::cli
