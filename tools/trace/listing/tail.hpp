/// `tandem trace tail`: a trace that is being written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>

namespace tandem::cli {

struct trace_tail_options {
  std::string file;
  uint64_t lines = 10; ///< of what is there already
  bool follow = true;
  bool json = false;
  size_t columns = 100;
  bool color = false;
};

/// Prints to `out` until nobody reads it any more. Returns the exit status; throws user_error if the file cannot be
/// read.
int trace_tail(const trace_tail_options& options, std::ostream& out, std::ostream& notes);

} // namespace tandem::cli
