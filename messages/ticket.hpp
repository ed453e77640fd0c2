/// Tickets: nothing else crosses between a front and a back. PROTOCOL.md has the table of kinds, and says which side
/// may send each of them, and when; `check` compares a ticket with the field rules (S-TICKET-2).
///
///     front_to_back_ticket ticket{.operation = id, .kind = ticket_kind::entire};
///     if (const auto fault = check(ticket))
///       std::puts(fault->c_str());   // an entire ticket needs a name and a subscription
#pragma once

#include "fault.hpp"
#include "operation_id.hpp"
#include "outcome.hpp"
#include "payload.hpp"
#include "sequence_number.hpp"
#include "subscription.hpp"
#include "time.hpp"
#include "trace_id.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace tandem {

/// The longest method name, in bytes (S-TICKET-2).
inline constexpr size_t longest_name = 65535;

/// More payloads than anybody sends: who is allowed so many is not limited (S-FLOW-2).
inline constexpr uint64_t unlimited = INT64_MAX;

/// So many payloads a front may send before it has heard from the back (S-FLOW-2).
inline constexpr uint64_t allowed_at_first = 16;

/// In the place of a window's size: the end does without one (S-FLOW-11).
inline constexpr uint32_t no_window = UINT32_MAX;

/// The values are those on the wire; 0 is reserved.
enum class ticket_kind : uint8_t {
  commencement = 1, ///< the first ticket, more will follow; front to back only (S-TICKET-3)
  continuation = 2, ///< one payload; or, front to back, a new timeout (S-SEND-8)
  completion = 3,   ///< the last one, with or without a payload (S-SEND-3)
  entire = 4,       ///< the first and last in one; front to back only (S-TICKET-3)
  cancellation = 5, ///< abortive, as are the kinds below: the last ticket, at any point (S-END-4)
  expiration = 6,
  reception_failure = 7,
  transmission_failure = 8,
  serviced_failure = 9,
  servicer_failure = 10,
  refusal = 11,   ///< abortive; back to front only: the operation does not begin there (S-END-12)
  allowance = 12, ///< how many payloads the other side may send (S-FLOW-2); neither first nor last, nor abortive
};

inline constexpr std::array<ticket_kind, 11> front_to_back_kinds{
  ticket_kind::commencement,      ticket_kind::continuation,
  ticket_kind::completion,        ticket_kind::entire,
  ticket_kind::cancellation,      ticket_kind::expiration,
  ticket_kind::reception_failure, ticket_kind::transmission_failure,
  ticket_kind::serviced_failure,  ticket_kind::servicer_failure,
  ticket_kind::allowance,
};

/// The kinds of an operation that has begun; `refusal` comes instead of all of them.
inline constexpr std::array<ticket_kind, 9> back_to_front_kinds{
  ticket_kind::continuation,     ticket_kind::completion,        ticket_kind::cancellation,
  ticket_kind::expiration,       ticket_kind::reception_failure, ticket_kind::transmission_failure,
  ticket_kind::serviced_failure, ticket_kind::servicer_failure,  ticket_kind::allowance,
};

/// "commencement", ..., "servicer failure"; "invalid" for any other value.
std::string to_string(ticket_kind kind);

/// Reads the text of to_string; nothing if `text` is anything else.
std::optional<ticket_kind> parse_ticket_kind(std::string_view text) noexcept;

/// True for commencement and entire.
constexpr bool is_first(ticket_kind kind) noexcept {
  return kind == ticket_kind::commencement || kind == ticket_kind::entire;
}

/// True for completion and entire: only allowances and an abortive ticket come after them (S-FLOW-4).
constexpr bool is_last(ticket_kind kind) noexcept {
  return kind == ticket_kind::completion || kind == ticket_kind::entire;
}

/// True for cancellation, expiration, the four failures, and refusal.
constexpr bool is_abortive(ticket_kind kind) noexcept {
  return kind >= ticket_kind::cancellation && kind <= ticket_kind::refusal;
}

/// The abortive kind of the same name (S-END-3). `value` must not be completed.
ticket_kind abortive_kind(outcome value) noexcept;

/// A ticket from a front to a back.
struct front_to_back_ticket {
  operation_id operation;
  tandem::sequence_number sequence_number;
  ticket_kind kind = ticket_kind::commencement;
  std::optional<subscription_kind> subscription; ///< exactly on a first ticket
  std::optional<std::string> name;               ///< exactly on a first ticket: the method
  std::optional<tandem::trace_id> trace_id;      ///< on a first ticket, if the serviced gave one (S-TICKET-6)
  std::optional<tandem::payload> payload;        ///< never on an abortive ticket
  std::optional<duration> timeout;               ///< of the whole operation; on any kind but allowance
  std::string details;                           ///< on an abortive ticket, for people (S-TICKET-7)
  /// On an allowance; on a first ticket, if its front limits (S-FLOW-2).
  std::optional<uint64_t> allowed = std::nullopt;
  /// How many bytes the payload had on the way here, if the link knows (S-FLOW-13). Never travels.
  uint64_t payload_size = 0;
  /// Says which part the link that brought it could not read; empty if it read all. Makes it malformed (S-TICKET-2),
  /// and never travels.
  tandem::fault fault = {};
  /// Kept until the payload is consumed, or the ticket is of no use any more: the link that brought it wants to know
  /// (S-PORT-11). Never travels.
  std::shared_ptr<const void> receipt = {};
};

/// A ticket from a back to a front.
struct back_to_front_ticket {
  operation_id operation;
  tandem::sequence_number sequence_number;
  ticket_kind kind = ticket_kind::continuation;
  std::optional<tandem::payload> payload;         ///< always on a continuation, never on an abortive ticket
  std::string details;                            ///< on an abortive ticket, for people (S-TICKET-7)
  std::optional<uint64_t> allowed = std::nullopt; ///< exactly on an allowance (S-FLOW-2)
  /// How many bytes the payload had on the way here, if the link knows (S-FLOW-13). Never travels.
  uint64_t payload_size = 0;
  /// Says which part the link that brought it could not read; empty if it read all. Makes it malformed (S-TICKET-2),
  /// and never travels.
  tandem::fault fault = {};
  /// Kept until the payload is consumed, or the ticket is of no use any more: the link that brought it wants to know
  /// (S-PORT-11). Never travels.
  std::shared_ptr<const void> receipt = {};
};

/// The fault of a ticket by the field rules of S-TICKET-2; nothing if it is well-formed. Pure, any thread.
std::optional<std::string> check(const front_to_back_ticket& ticket);
std::optional<std::string> check(const back_to_front_ticket& ticket);

} // namespace tandem
