/// Tickets and outcomes as JSON, for traces, the command line and the conformance scenarios.
///
///     {"operation_id": "00000000000000010000000000000002", "sequence_number": 0, "kind": "entire", "name": "echo",
///      "subscription": "full", "payload": "hello", "timeout": 2.5}
///
/// | field | in | JSON |
/// | --- | --- | --- |
/// | operation_id | all | 32 hexadecimal digits |
/// | sequence_number | all | an integer; above the maximum for a malformed ticket, see below |
/// | kind | all | "commencement", ...; the number for any other value |
/// | name | front to back | text |
/// | subscription | front to back | "full", "termination only", "none"; the number for any other value |
/// | trace_id | front to back | a UUID |
/// | payload | all | as in payload_json.hpp |
/// | timeout | front to back | seconds: an integer, a number, or "0.123456789" where a number would not be exact |
/// | details | all | text; absent if empty |
///
/// A field that a ticket does not have is absent. Text that is not UTF-8 is {"base64": "..."}.
///
/// Any ticket can be written and read back, malformed ones too: reading checks that the JSON stands for a ticket, and
/// `check` (ticket.hpp) whether that ticket may be sent. A negative sequence number is read as its value in 64 bits,
/// which is above sequence_number::maximum. Fields that are not in the table are skipped; null counts as absent.
///
/// Payload types are registered as payload_json.hpp says. All functions may be called from any thread.
#pragma once

#include "../outcome.hpp"
#include "../ticket.hpp"
#include "payload_json.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>

namespace tandem {

nlohmann::json ticket_to_json(const front_to_back_ticket& ticket);
nlohmann::json ticket_to_json(const back_to_front_ticket& ticket);

/// If `in` is not such a ticket: nothing, and `error` says which field is wrong and what would be right:
/// `sequence_number: expected an integer of at least 0, got "x"`. `unknown` decides about payloads of types that are
/// not registered here.
std::optional<front_to_back_ticket> front_to_back_from_json(const nlohmann::json& in, std::string& error,
                                                            unknown_types unknown = unknown_types::refuse);
std::optional<back_to_front_ticket> back_to_front_from_json(const nlohmann::json& in, std::string& error,
                                                            unknown_types unknown = unknown_types::refuse);

/// An outcome is its word: "completed", "servicer failure", ...
nlohmann::json outcome_to_json(outcome value);
std::optional<outcome> outcome_from_json(const nlohmann::json& in, std::string& error);

/// A timeout in seconds as in the table above; every duration can be written and is read back to the nanosecond.
nlohmann::json timeout_to_json(duration timeout);
std::optional<duration> timeout_from_json(const nlohmann::json& in, std::string& error);

/// True if all fields are the same; payloads are compared as payload_json.hpp's `equal` does.
bool equal(const front_to_back_ticket& x, const front_to_back_ticket& y);
bool equal(const back_to_front_ticket& x, const back_to_front_ticket& y);

} // namespace tandem
