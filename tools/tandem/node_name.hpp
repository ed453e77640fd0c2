/// How this process is called in traces.
#pragma once

#include <string>

namespace tandem::cli {

/// "HOST/PROCESS ID".
std::string node_name();

} // namespace tandem::cli
