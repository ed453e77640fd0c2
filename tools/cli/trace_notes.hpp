/// Notes of commands about the traces that they were given.
#pragma once

#include "../../messages/trace/trace_reader.hpp"

#include <iosfwd>
#include <string>

namespace tandem::cli {

/// Writes what a reader met in the file of this name to `notes`, a line each, beginning with "tandem: ". False if that
/// is no trace: it has no header and no record (`is_empty`).
bool write_oddities(const std::string& name, const trace_reader& reader, bool is_empty, std::ostream& notes);

} // namespace tandem::cli
