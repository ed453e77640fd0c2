/// The result of playing a trace again: counts, and every difference.
///
///     const replay_report report = replay(trace, services);
///     for (const auto& x : report.differences)
///       std::puts(to_string(x).c_str());
#pragma once

#include "recorded_operation.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace tandem {

/// A ticket or an outcome that did not come as it is recorded.
struct replay_difference {
  operation_id operation; ///< as recorded
  std::string name;       ///< of the operation
  std::string where;      ///< "ticket 2", "outcome"
  std::string expected;   ///< as recorded; "nothing" if more came
  std::string actual;     ///< "nothing" if it did not come
};

/// "3f2a...: echo, ticket 2: expected continuation "b", got completion".
std::string to_string(const replay_difference& x);

struct replay_report {
  uint64_t operations = 0; ///< operations that were played
  uint64_t tickets = 0;    ///< tickets that were compared
  std::vector<replay_difference> differences;
  std::vector<std::string> skipped; ///< operations that cannot be played, and why

  /// False also if nothing was played.
  bool is_same() const noexcept {
    return operations > 0 && differences.empty();
  }
};

/// Removes the operations that cannot be played again, and names them in the report.
void skip_unfit(std::vector<recorded_operation>& operations, replay_report& report);

/// Compares the tickets that came, in the order of their numbers, with those that are recorded in this direction, and
/// the outcomes, if both are known. Ids and times are left out; payloads are compared by their JSON, and by type and
/// size where the trace has no more.
void compare(const recorded_operation& recorded, recorded_step::what direction, const std::vector<trace_entry>& came,
             std::optional<outcome> ended, replay_report& report);

} // namespace tandem
