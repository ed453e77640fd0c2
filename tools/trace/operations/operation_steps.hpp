/// One operation, or all of one trace id, step by step, as far as traces tell: for commands that look closely at a few
/// operations.
#pragma once

#include "../../cli/short_id.hpp"
#include "../reading/prepared_trace.hpp"
#include "operation_view.hpp"

#include "../../../messages/trace_id.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace tandem::cli {

/// Which operations: by id (32 hexadecimal digits), by its short form ("3f2a.100": the beginning of the front's part of
/// the id, and the front's number), or by trace id.
class operation_selector {
public:
  /// Nothing if `text` is none of these.
  static std::optional<operation_selector> parse(std::string_view text);

  bool selects(const operation_id& id) const {
    return pattern_ && pattern_->matches(id);
  }
  /// For the first ticket of an operation, or its beginning.
  bool selects(const std::optional<tandem::trace_id>& id) const noexcept {
    return trace_id_ && id == trace_id_;
  }
  bool is_trace_id() const noexcept {
    return trace_id_.has_value();
  }

private:
  std::optional<id_pattern> pattern_;
  std::optional<tandem::trace_id> trace_id_;
};

/// For errors about a text that is not a selector.
inline constexpr std::string_view operation_wanted
  = "an operation's id, 32 hexadecimal digits, its short form such as 3f2a.100, or a trace id";

/// A record of the operation, without its large members.
struct operation_step {
  trace_event event{};
  trace_side side{};
  ticket_kind kind{};
  uint64_t number = 0;
  int64_t wall_ns = 0; ///< by the common clock
  int64_t monotonic_ns = 0;
  bool has_payload = false;
  std::string text; ///< a short preview of the payload; the annotation; the details
  std::string name; ///< of a first ticket
  std::optional<duration> timeout;
  std::optional<uint64_t> allowed; ///< of an allowance or a first ticket
  int64_t took_ns = 0;             ///< of a payload that was consumed
  outcome ended{};
  bool late = false;         ///< received after the end at this side
  bool arrived_late = false; ///< sent, and received after the end at the other side
  /// Of a ticket: when the other side received it, or sent it, by the common clock; nothing if the traces have no
  /// record of that.
  std::optional<int64_t> other_wall_ns;
  size_t file = 0;
  uint64_t line = 0;
};

/// One side of an operation.
struct side_steps {
  explicit side_steps(const operation_id& id, trace_side side) : view(id, side) {
  }

  operation_view view;
  std::string node; ///< empty: not known
  std::string link;
  std::string lost;      ///< why a link of this side was lost before the end; empty if none was
  size_t file = 0;       ///< of its last record
  int64_t offset_ns = 0; ///< what its clock was corrected by
  /// Why records of this side may be missing, as the traces say themselves; empty if nothing says so.
  std::string incomplete;
  // Of all records of its node and side, of whatever operation.
  int64_t first_wall_ns = INT64_MAX;
  int64_t last_wall_ns = INT64_MIN;
};

struct operation_steps {
  operation_id id;
  std::optional<side_steps> sides[2]; ///< front, back: those that the traces have
  std::vector<operation_step> steps;  ///< in the order of time; a ticket before its reception
  uint64_t left_out = 0;              ///< steps in the midst that are too many to be kept
  size_t steps_before = 0;            ///< how many of the steps come before those
  /// Those of them that matter to the ends: what ended a side, and what was on its way then, not received in time.
  std::vector<operation_step> midst;
  bool knows_all_under_way = true; ///< false: there may be more of these
  /// How far the back's wall clock is ahead of the front's, as the tickets of all operations tell; taken off its times.
  int64_t back_ahead_ns = 0;
  /// How far off times of the two sides can be from each other; nothing: that is not known, so what passes between the
  /// sides has no known duration.
  std::optional<int64_t> uncertainty_ns = 0;
  /// By how much the tickets contradict each other by which the clocks are related; 0: not at all.
  int64_t contradiction_ns = 0;
  bool too_many_tickets = false; ///< so many were on their way that not all could be matched

  /// In the order of time, those in the midst that matter to the ends too.
  template <class F>
  void for_each_step(F f) const {
    const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps_before);
    std::for_each(steps.begin(), middle, f);
    std::for_each(midst.begin(), midst.end(), f);
    std::for_each(middle, steps.end(), f);
  }

  /// Whether a ticket was under way for so long that the clocks, if they are off, make no great difference.
  bool knows_travel(int64_t sent_ns, int64_t received_ns) const noexcept;

  /// Whether the trace of this side should have the other side's ticket that was sent then, if it came.
  bool should_have(trace_side receiver, int64_t sent_ns) const noexcept;

  const std::optional<side_steps>& side(trace_side which) const noexcept {
    return sides[static_cast<size_t>(which)];
  }
};

/// Of an operation with more steps than these the first and the last half are kept, unless all are asked for.
inline constexpr size_t usual_steps = 20'000;

/// More operations of one trace id are not looked at, but counted.
inline constexpr size_t most_operations = 1'000;

/// What was found.
struct read_steps {
  std::vector<operation_steps> operations; ///< in the order in which they begin
  uint64_t left_out = 0;                   ///< further operations of the trace id
  int status = 0;                          ///< of the input

  /// "17 further operations ... are left out"; empty if none are.
  std::string note_about_left_out() const;
};

/// Reads the selected operations from traces. Throws user_error if there is none, or if a short form names several.
read_steps read_operations(const operation_selector& which, const std::string& text,
                           const std::vector<std::string>& files, std::ostream& notes, size_t most_steps = usual_steps);

} // namespace tandem::cli
