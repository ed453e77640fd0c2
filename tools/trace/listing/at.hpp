/// `tandem trace at`: which operations were open at a moment, and how far they were.
#pragma once

#include "../operations/operation_table.hpp"
#include "../reading/prepared_trace.hpp"

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tandem::cli {

/// A moment as people give it: since the first record, or by the wall clock.
struct trace_time {
  int64_t nanoseconds = 0;
  bool since_first = false;
};

inline constexpr std::string_view trace_time_wanted = "a time since the first record (1.5s, 300ms), nanoseconds since "
                                                      "1970, or an ISO time such as 2026-01-31T09:30:00.25Z";

/// Nothing if `text` is something else.
std::optional<trace_time> parse_trace_time(std::string_view text);

/// One side of an operation that was open.
struct open_operation {
  operation_view operation;
  std::string node;
  duration age;                           ///< since its beginning, or its first record if that is not in the trace
  std::optional<duration> time_left;      ///< nothing if no timeout is known; negative if it is overdue
  std::optional<duration> without_credit; ///< for how long it had none; nothing if it had some, or that is not known
};

struct trace_moment {
  int64_t wall_ns = 0; ///< which moment it was
  std::optional<int64_t> first_wall_ns;
  int64_t last_wall_ns = 0;         ///< of the last record until then
  bool is_after_end = true;         ///< there is no later record
  std::vector<open_operation> open; ///< in the order in which they began
};

/// Reads `trace` as far as it takes. Memory is bounded by how many operations are open at a time.
trace_moment find_open(prepared_trace& trace, const trace_time& when);

struct trace_at_options {
  trace_time when;
  std::vector<std::string> files;
  bool json = false;
  size_t columns = 0; ///< how wide the table may be; 0: as it is
};

/// Returns the exit status: exit_error if a file cannot be read; the others are looked at all the same.
int trace_at(const trace_at_options& options, std::ostream& out, std::ostream& notes);

} // namespace tandem::cli
