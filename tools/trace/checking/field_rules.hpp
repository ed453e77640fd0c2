/// The field rules of tickets (S-TICKET-1, S-TICKET-2) on records of a trace, without reading their payloads: a trace
/// is checked at the speed at which it is read.
#pragma once

#include "check_rules.hpp"

#include "../../../messages/trace/trace_entry.hpp"

namespace tandem::cli {

/// The fault of a ticket by S-TICKET-2: the same that `check` finds in the ticket, and with it the receiver's machine.
/// `entry` has a ticket. Pure.
std::optional<std::string> field_fault(const trace_entry& entry);

/// Calls `report(rule, text)` for fields that a receiver overlooks, but that no sender writes.
template <class Report>
void check_extra_fields(const trace_entry& x, Report&& report) {
  if (!x.goes_to_back() && (x.name || x.subscription || x.trace_id || x.timeout))
    report(rule::s_ticket_1, std::string{"has a "}
                               + (x.name           ? "name"
                                  : x.subscription ? "subscription"
                                  : x.trace_id     ? "trace id"
                                                   : "timeout")
                               + ", as no ticket to the front has");
  else if (x.trace_id && !is_first(x.kind))
    report(rule::s_ticket_6, "has a trace id, though it is not the first");
  if (!x.details.empty() && !is_abortive(x.kind))
    report(rule::s_ticket_7, "has details, though it is not abortive");
  if (x.goes_to_back() && x.timeout && !is_first(x.kind) && (x.kind != ticket_kind::continuation || x.payload))
    report(rule::s_send_8, "carries a timeout, which goes on a continuation of its own");
}

/// Why payload_size cannot be right; nothing if it may be.
std::optional<std::string> size_fault(const trace_entry& x);

} // namespace tandem::cli
