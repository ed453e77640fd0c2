/// `tandem call`: one operation at a back on another node.
#pragma once

#include "call_options.hpp"

namespace tandem::cli {

/// Runs the operation to its end; returns the exit status for its outcome. Throws user_error if it cannot begin.
int call(const call_options& options);

} // namespace tandem::cli
