/// `tandem replay`: the recorded tickets of fronts, sent to a real back again.
#pragma once

#include "endpoint_text.hpp"
#include "node_arguments.hpp"

#include "../../messages/ticket.hpp"

#include <cstdint>
#include <string>

namespace tandem::cli {

struct replay_command_options {
  node_arguments node;
  std::string trace; ///< a file, "-" for standard input
  endpoint back;
  bool no_delays = false;
  duration patience = std::chrono::seconds(5);
  uint64_t at_once = 1000;                    ///< how many operations are under way at most
  uint64_t trace_bytes = uint64_t{256} << 20; ///< of memory for records, roughly
  bool json = false;
};

/// Prints the differences, and what was late; returns the exit status: exit_good if there is neither. Throws user_error
/// if it cannot begin.
int replay(const replay_command_options& options);

} // namespace tandem::cli
