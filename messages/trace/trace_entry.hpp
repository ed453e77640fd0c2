/// The content of a trace file (TRACE.md): headers and entries, one to a line. These are plain values; trace_line.hpp
/// writes them, trace_reader.hpp reads them.
#pragma once

#include "../ticket.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace tandem {

/// The version of the format that this build writes; readers take later ones too, as far as they understand them.
inline constexpr int trace_format = 1;

/// The side that recorded an entry.
enum class trace_side : uint8_t { front, back };

/// The event that an entry tells about.
enum class trace_event : uint8_t {
  sent,
  received,
  begun,
  ended,
  annotation,
  consumed,
  joined,
  lost,
  dropped,
  interrupted,
  resumed
};

/// "front", "back".
std::string_view to_string(trace_side side) noexcept;
std::optional<trace_side> parse_trace_side(std::string_view text) noexcept;

/// "sent", "received", ...: the words of TRACE.md.
std::string_view to_string(trace_event event) noexcept;
std::optional<trace_event> parse_trace_event(std::string_view text) noexcept;

/// The first line of a run.
struct trace_header {
  int format = trace_format;
  std::string node = {};
  std::string side = {}; ///< "front" or "back"; empty if entries of both follow
  std::string link = {}; ///< empty if entries of several follow
  int64_t start_wall_ns = 0;
  int64_t start_monotonic_ns = 0;
  std::string clock = "steady"; ///< or "manual"
  uint64_t part = 0;            ///< which file of a rotated recording this is
  uint64_t first_record = 0;    ///< the number of the entry that comes next
  std::string capture = {};     ///< the capture filter, as it was given
  double sample = 1;            ///< the share of operations that were recorded
  std::string profile = "full"; ///< or "redacted"
  std::string merged = {};      ///< in a merged trace: the JSON list of the headers that it was made from

  friend bool operator==(const trace_header&, const trace_header&) = default;
};

/// A payload as a trace holds it.
struct trace_payload {
  std::string json;    ///< as in payload_json.hpp, one line; {"type": ..., "size": ...} if `missing` is not empty
  std::string missing; ///< why it is not whole: "capture", "redacted", "no JSON"; empty if it is
  std::string start;   ///< the beginning of a missing text, if it may be shown
  std::string hash;    ///< a keyed hash of the missing payload; empty: none

  friend bool operator==(const trace_payload&, const trace_payload&) = default;
};

/// One record. Which members mean something depends on `event`; the others keep the values that they have here.
struct trace_entry {
  trace_event event = trace_event::sent;
  trace_side side = trace_side::front;
  uint64_t record = 0;
  int64_t wall_ns = 0;
  int64_t monotonic_ns = 0;
  std::string link;
  std::string node; ///< in a merged trace: the node that recorded it; else the header has it

  operation_id operation;                        ///< sent, received, begun, ended, annotation, consumed
  std::optional<std::string> name;               ///< a first ticket, begun
  std::optional<subscription_kind> subscription; ///< a first ticket, begun
  std::optional<tandem::trace_id> trace_id;      ///< a first ticket, begun
  std::optional<duration> timeout;               ///< a ticket to the back; begun: what is allowed at this side
  std::string details;                           ///< an abortive ticket, ended, lost, interrupted, resumed

  ticket_kind kind = ticket_kind::commencement; ///< sent, received
  tandem::sequence_number sequence_number;      ///< sent, received; consumed: of the ticket that brought the payload
  std::optional<trace_payload> payload;         ///< sent, received
  uint64_t payload_size = 0;                    ///< sent, received: bytes on the wire
  std::optional<uint64_t> allowed;              ///< sent, received: an allowance, a first ticket that limits

  std::optional<duration> maximum_timeout; ///< begun at the back
  std::optional<operation_id> parent;      ///< begun
  std::string peer;                        ///< begun, joined, interrupted, resumed: a node
  outcome ended = outcome::completed;      ///< ended
  std::string text;                        ///< annotation
  int64_t began_ns = 0;                    ///< consumed: when the call began, by the clock of monotonic_ns
  int64_t took_ns = 0;                     ///< consumed: until it returned, or the charge was given back
  uint64_t count = 0;                      ///< dropped

  /// True for sent and received.
  bool is_ticket() const noexcept {
    return event == trace_event::sent || event == trace_event::received;
  }

  /// True for events of one operation.
  bool has_operation() const noexcept {
    return event <= trace_event::consumed;
  }

  /// True for a ticket from the front to the back: sent there or received here.
  bool goes_to_back() const noexcept {
    return (event == trace_event::sent) == (side == trace_side::front);
  }

  friend bool operator==(const trace_entry&, const trace_entry&) = default;
};

using any_ticket = std::variant<front_to_back_ticket, back_to_front_ticket>;

/// The ticket of an entry that has one, its payload read from JSON; values of types that are not registered for JSON
/// here become opaque_payload. Nothing, and the reason in `error`, if the payload makes no sense. Any thread.
std::optional<any_ticket> to_ticket(const trace_entry& entry, std::string& error);

/// Puts a ticket's fields into an entry, all but the payload.
void set_ticket(trace_entry& entry, const front_to_back_ticket& ticket);
void set_ticket(trace_entry& entry, const back_to_front_ticket& ticket);

/// The payload of a ticket, all of it.
trace_payload to_trace_payload(const payload& content);

/// The size of a payload on the wire, roughly: the length of a text, and for anything else the size that CAF gives it.
uint64_t wire_size(const payload& content);

} // namespace tandem
