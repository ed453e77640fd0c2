/// The file that --trace names.
#pragma once

#include <tandem/actors/tracing/trace_recorder.hpp>

#include <optional>
#include <string>

namespace tandem::cli {

/// What an end records: into `path` if that is given, with the options that the configuration has for it.
std::optional<recording_options> trace_to(const std::string& path, std::optional<recording_options> configured);

/// Ends the recording, if there is one; what went wrong with it, and how much was dropped, goes to standard error.
void end_trace(trace_recorder& recorder);

} // namespace tandem::cli
