/// The same recording in two of the files that are read: a file that was given twice, or beside a merged trace that has
/// it already.
#pragma once

#include "trace_input.hpp"

#include <iosfwd>

namespace tandem::cli {

/// A line for each file that begins with a recording that a file before it has, beginning with "tandem: ".
void note_repeated_recordings(const trace_input& input, std::ostream& notes);

} // namespace tandem::cli
