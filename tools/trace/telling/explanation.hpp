/// Why one operation ended as it did, in sentences; `tandem trace explain` prints them.
#pragma once

#include "../operations/operation_steps.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tandem::cli {

/// The cause that ended one side of an operation.
enum class ending_cause : uint8_t {
  completion, ///< everything was sent and received
  caller,     ///< customer code at the front cancelled
  timer,      ///< the time allowed was over
  customer,   ///< customer code at this side failed
  breach,     ///< a ticket broke the rules, or the method does not exist
  ticket,     ///< an abortive ticket of the other side
  refusal,    ///< the back did not begin it
  link,       ///< a link or node was lost
  none,       ///< it has not ended in the trace
  unknown,
};

/// "completion", "caller", ...
std::string_view to_string(ending_cause x) noexcept;

/// The ending of one side.
struct side_explanation {
  trace_side side{};
  bool known = false; ///< false: the traces have nothing of this side
  std::optional<outcome> ended;
  bool inferred = false; ///< from tickets: no end recorded it
  ending_cause cause = ending_cause::unknown;
  std::vector<std::string> sentences; ///< the chain of events
  std::vector<std::string> under_way; ///< tickets of the other side that were on their way when it ended
  /// For how long it had no credit while it might have sent; nothing: that is not known.
  std::optional<int64_t> without_credit_ns;
  /// What its consumer took, in all; nothing: that was not recorded.
  std::optional<int64_t> consumer_took_ns;
};

struct explanation {
  operation_id id;
  std::string name;
  side_explanation sides[2];
  std::vector<std::string> remarks; ///< about both sides, and about the traces
  std::string advice;               ///< what the caller may do next
};

/// Pure.
explanation explain(const operation_steps& x);

} // namespace tandem::cli
