/// The trace that a command writes (--trace).
#pragma once

#include "../../actors/tracing/trace_recorder.hpp"

namespace tandem::cli {

/// Ends the recording, if there is one; writes its errors, and how much was dropped, to standard error.
/// False if something went wrong.
bool end_trace(trace_recorder& recorder);

} // namespace tandem::cli
