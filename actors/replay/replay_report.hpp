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
  /// Each list has at most so many; what comes after them is counted only.
  static constexpr size_t most_listed = 10000;

  uint64_t operations = 0; ///< operations that were played
  uint64_t tickets = 0;    ///< tickets that were compared
  uint64_t unanswered = 0; ///< of those operations, ones without anything to compare: the trace lacks what came back
  std::vector<replay_difference> differences;
  /// In real time only, one of each operation: what did not come while it was waited for, so that nobody knows whether
  /// it would have been the same. Nothing of it is among the differences.
  std::vector<replay_difference> late;
  std::vector<std::string> skipped; ///< operations that cannot be played, and why
  uint64_t further_differences = 0; ///< beyond most_listed, as the next two
  uint64_t further_late = 0;
  uint64_t further_skipped = 0;
  uint64_t broken_lines = 0; ///< lines of the trace that cannot be read

  /// False also if nothing was played or compared, and if something was late.
  bool is_same() const noexcept {
    return operations > 0 && (tickets > 0 || unanswered == 0) && differences.empty() && late.empty();
  }
};

/// Whether a replay has to wait for what comes; in virtual time everything has come that will.
enum class replay_time : uint8_t { is_virtual, is_real };

/// Removes the operations that cannot be played again, and names them in the report.
void skip_unfit(std::vector<recorded_operation>& operations, replay_report& report);

/// Compares the tickets that came, in the order of their numbers, with those that are recorded in this direction, and
/// the outcomes, if both are known. Ids and times are left out; payloads are compared by their JSON, and by type and
/// size where the trace has no more.
///
/// In real time, what an operation that has not ended lacks is late, and so is what one lacks that expired and did not
/// when it was recorded. Allowances are left out then, and `came` has none: they follow from the windows of the back
/// that is there now.
///
/// More than is recorded is a difference only if the trace tells that nothing more came: a recording may have ended
/// before the operation, or a filter left its end out. In real time an operation that its front aborted may get more,
/// too, before the back hears of that.
void compare(const recorded_operation& recorded, recorded_step::what direction, const std::vector<trace_entry>& came,
             std::optional<outcome> ended, replay_report& report, replay_time time = replay_time::is_virtual);

} // namespace tandem
