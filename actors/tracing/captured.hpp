/// A record on its way from the shard or link that made it to the thread that writes it down. It is small, since one is
/// made for every ticket: members that few records have are apart. Internal to recordings.
#pragma once

#include "../../messages/trace/trace_entry.hpp"
#include "../links/link_news.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace tandem {

/// Of news that are not about congestion, of which no trace tells.
inline trace_event event_of(const link_news& x) noexcept {
  return x.what == link_news::kind::resumed ? trace_event::resumed : trace_event::interrupted;
}

struct captured {
  /// The members that only some records have.
  struct rest {
    std::optional<std::string> name;
    std::optional<subscription_kind> subscription;
    std::optional<tandem::trace_id> trace_id;
    std::optional<duration> timeout;
    std::optional<duration> maximum_timeout;
    std::optional<operation_id> parent;
    std::string details;
    std::string peer;
    std::string text;
    int64_t began_ns = 0;
    int64_t took_ns = 0;
  };

  trace_event event = trace_event::sent;
  trace_side side = trace_side::front;
  ticket_kind kind = ticket_kind::commencement;
  outcome ended = outcome::completed;
  int64_t monotonic_ns = 0;
  operation_id operation;
  tandem::sequence_number sequence_number;
  std::optional<tandem::payload> payload; ///< shared with the ticket
  uint64_t payload_bytes = 0;             ///< how many of it may be written
  std::optional<uint64_t> allowed;
  std::optional<uint64_t> forgotten; ///< it had a payload of so many bytes, which nobody kept
  std::unique_ptr<rest> more;

  rest& add_rest() {
    if (more == nullptr)
      more = std::make_unique<rest>();
    return *more;
  }
};

/// A record of a ticket. It copies the ticket's members, and shares the content of the payload.
inline captured capture(const front_to_back_ticket& x) {
  captured result;
  result.kind = x.kind;
  result.operation = x.operation;
  result.sequence_number = x.sequence_number;
  result.payload = x.payload;
  result.allowed = x.allowed;
  if (x.name || x.timeout || x.subscription || x.trace_id || !x.details.empty()) {
    auto& rest = result.add_rest();
    rest.name = x.name;
    rest.subscription = x.subscription;
    rest.trace_id = x.trace_id;
    rest.timeout = x.timeout;
    rest.details = x.details;
  }
  return result;
}

inline captured capture(const back_to_front_ticket& x) {
  captured result;
  result.kind = x.kind;
  result.operation = x.operation;
  result.sequence_number = x.sequence_number;
  result.payload = x.payload;
  result.allowed = x.allowed;
  if (!x.details.empty())
    result.add_rest().details = x.details;
  return result;
}

} // namespace tandem
