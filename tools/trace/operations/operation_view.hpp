/// One side of one operation, as far as a trace tells, folded record by record: when it began, until when it may run,
/// how far it has come each way, how it ended. The words and rules are those of PROTOCOL.md.
#pragma once

#include "flow_view.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace tandem::cli {

/// How far one direction of an operation is at one side.
///
/// Output is closed when its last ticket was sent. Input is closing when the last ticket has arrived and its turn has
/// come; it is closed only at the end of the operation, for a trace does not say when customer code has consumed it.
enum class stream_state : uint8_t { open, closing, closed };

/// "open", "closing", "closed".
std::string_view to_string(stream_state state) noexcept;

/// One direction of an operation, as one side saw it.
struct stream_view {
  uint64_t tickets = 0;
  uint64_t payloads = 0;
  uint64_t bytes = 0; ///< of payloads, on the wire
  uint64_t next = 0;  ///< the sequence number whose turn it is
  stream_state state = stream_state::open;
  std::optional<moment> first_payload;
  std::optional<moment> last_payload; ///< so far
  uint64_t first_payload_number = 0;  ///< the sequence number of the ticket that had it
  std::optional<moment> last_ticket;  ///< when the completion passed, or the entire ticket

  /// A ticket that came ahead of its turn (S-RECV-1).
  struct held_ticket {
    ticket_kind kind;
    std::optional<duration> timeout;
    std::optional<uint64_t> allowed; ///< of an allowance
  };
  std::map<uint64_t, held_ticket> held;

  /// With more held tickets than this, the record of the ticket that they wait for is taken for missing.
  static constexpr size_t most_held = 1024;
};

class operation_view {
public:
  operation_view(const operation_id& id, trace_side side) : id(id), side(side) {
  }

  /// Folds the next record of this operation and side.
  void take(const trace_entry& entry);

  operation_id id;
  trace_side side;

  moment first; ///< its first record
  moment last;  ///< its last one
  uint64_t records = 0;
  bool has_beginning = false;    ///< `first` is where it began: a `begun` record or a first ticket was there
  bool has_begun_record = false; ///< an end recorded it: there will be an `ended` record too
  std::string name;              ///< empty if its beginning is not in the trace
  std::string link;              ///< whose tickets are folded: the first one that recorded any
  std::optional<subscription_kind> subscription;
  std::optional<tandem::trace_id> trace_id;
  std::optional<operation_id> parent;
  std::string peer;
  std::optional<duration> timeout;         ///< from the beginning, as it is now, limited by maximum_timeout (S-TIME)
  std::optional<duration> maximum_timeout; ///< at the back, if recorded
  stream_view output;                      ///< what this side sent
  stream_view input;                       ///< what it received
  std::optional<outcome> ended;
  bool end_is_inferred = false; ///< from tickets, as there was no `ended` record (yet)
  moment end;
  std::string details;      ///< why it ended
  bool was_refused = false; ///< it never began at the back (S-END-12)
  uint64_t late = 0;        ///< tickets after the end
  uint64_t annotations = 0;
  credit_view credit;                          ///< for its output
  std::optional<consumption_view> consumption; ///< of its input, if that was recorded

  /// From the beginning to the end; nothing if one of them is not known.
  std::optional<duration> total() const;

  /// By the wall clock of its node; nothing without beginning or timeout.
  std::optional<int64_t> deadline_wall_ns() const;

  /// In the direction front to back, or back to front.
  const stream_view& stream(bool to_back) const noexcept {
    return to_back == (side == trace_side::front) ? output : input;
  }

private:
  void begin(const trace_entry& entry, const moment& now);
  void take_ticket(const trace_entry& entry, const moment& now);
  void take_turn(const stream_view::held_ticket& ticket, stream_view& stream, const moment& now);
  void take_held(stream_view& stream, const moment& now);
  void set_timeout(duration value);
  void infer_end(const moment& now);
  void finish(outcome value, const moment& now, bool inferred);
};

/// The outcome of the side that sent an abortive ticket (S-END-3), or received it (S-END-4).
outcome outcome_of_abortive(ticket_kind kind, trace_side side, bool sent) noexcept;

} // namespace tandem::cli
