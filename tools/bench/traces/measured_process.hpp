/// What a process takes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tandem::bench {

struct used_by_process {
  int status = 0; ///< its exit status, or 128 and the signal that ended it
  double wall_seconds = 0;
  double cpu_seconds = 0;  ///< its own and the system's for it
  uint64_t peak_bytes = 0; ///< of resident memory
};

/// Runs this program with these arguments, its standard output going to /dev/null. Throws std::system_error if it
/// cannot be started.
used_by_process run_myself(const std::vector<std::string>& arguments);

} // namespace tandem::bench
