/// The message API: the messages that an actor sends to an end or to an operation, and those that it gets from them.
/// The object API (actors/front_end.hpp, actors/back_end.hpp) has this and more; actors/README.md has the table.
///
/// An actor that commences an operation:
///
///     self->mail(commence{"echo", make_payload("hi"s), true, 10s}).request(front.handle(), caf::infinite)
///       .then([=](const caf::actor& operation) { self->monitor(operation, on_down); });              // CAF 1.x
///     self->request(front.handle(), caf::infinite, commence{"echo", make_payload("hi"s), true, 10s})
///       .then([=](const caf::actor& operation) { self->monitor(operation); });                       // CAF 0.17
///
/// It then gets the results from the operation as `consume`, `terminate` and `consume_and_terminate` messages, and
/// sends its own payloads to the operation by the same messages. Its monitor gets the Outcome in the down message's
/// reason (outcome_of in outcome_error.hpp, S-END-8).
///
/// Inside a class derived from one of CAF's actors, write `tandem::consume`: CAF has a member of that name.
#pragma once

#include "outcome.hpp"
#include "ticket.hpp"

#include <caf/actor.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace tandem {

/// To a front end: begins an operation. The answer is the operation's actor (caf::actor), or an error that names the
/// argument that was wrong. With a full subscription the results go to the sender of this message.
struct commence {
  std::string name;
  std::optional<tandem::payload> payload = std::nullopt;
  bool complete = false;
  std::optional<duration> timeout = std::nullopt; ///< for the whole operation; the back limits it (S-TIME-2)
  subscription_kind subscription = subscription_kind::full;
  std::optional<tandem::trace_id> trace_id = std::nullopt;
  bool wait_for_link = false; ///< S-SEND-9
};

/// From a back end to the actor that is its servicer: perform this operation. The front's payloads follow as `consume`,
/// `terminate` and `consume_and_terminate` messages from the operation's actor; results go to it in the same way.
struct service_request {
  std::string name;
  std::optional<tandem::trace_id> trace_id;
  caf::actor operation;
};

/// One payload of a stream; more may follow.
///
/// An actor that gets this from an operation sets the pace by it: the payload counts as consumed when the message is
/// gone, which is when the handler has returned, unless that keeps `charge` (S-FLOW-14). So at most a window of them is
/// in its mailbox.
struct consume {
  tandem::payload payload;
  std::shared_ptr<const void> charge = {}; ///< stays in this process; leave it empty in what you send
};

/// The end of a stream.
struct terminate {};

/// The last payload of a stream.
struct consume_and_terminate {
  tandem::payload payload;
};

/// To an operation: let the other side send so many payloads more (S-FLOW-9).
struct allow {
  uint64_t payloads = 0;
};

/// To an operation: asks for `ready`, once, when another payload would be sent at once (S-FLOW-8). A producer sends
/// until it has sent as many as it likes, then this, and goes on when the answer comes; none comes after the end.
struct await_ready {};

/// The answer.
struct ready {};

/// To an operation at the front: cancel it (S-END-2).
struct cancel {};

/// To an operation: end it with this side's failure (S-END-2). `details` is for people at both sides.
struct fail {
  std::string details;
};

/// To an operation at the front: allow it this long, measured from its beginning. The back does not hear of it after
/// the last payload was sent (S-SEND-8), and limits it to its maximum (S-TIME-2).
struct set_timeout {
  duration timeout{};
};

/// To an end: asks for `stats`.
struct get_stats {};

/// To an end: asks for its open operations. The answer is a std::string of JSON:
///
/// | field | meaning |
/// | --- | --- |
/// | end, side | the end's name in traces, and "front" or "back" |
/// | ongoing | how many operations are open |
/// | operations | the oldest of them, oldest first; each has the fields below |
/// | operation_id, name, subscription, trace_id, parent, peer | as in a trace (messages/TRACE.md) |
/// | state | of this side, in the words of PROTOCOL.md: "output open, input closing" |
/// | age, time_left | seconds |
/// | next_sent, next_received | the sequence number of the next ticket in each direction |
/// | held | tickets that are held ahead of their turn (S-RECV-1) |
/// | waiting | payloads that wait for customer code |
/// | unconsumed | payloads that have come and were not consumed, those that wait among them |
/// | allowed | how many payloads the other side may send in all (S-FLOW); not there: any number |
/// | credit | how many payloads this side may still send; not there: any number |
/// | unsent | payloads that wait here until the other side allows them |
/// | unsent_for | seconds since which some have; only there if some do |
/// | waits_for_link | true while its tickets wait for the link (S-SEND-9) |
///
/// The gateway of a published back takes this message too, so that other nodes can ask.
struct get_operations {
  uint64_t most = 1000; ///< at most so many are listed, the oldest ones
};

/// To an end: begin to record (actors/tracing/recording_options.hpp says what the members mean). The answer is an empty
/// message, or an error that says what is wrong.
struct start_recording {
  std::string file;
  std::string node = {};
  std::string capture = {};
  double sample = 1;
  bool production = false; ///< the profile `production`: type, size and a keyed hash in the place of payloads
  std::string key = {};
  uint64_t records_per_second = 0;
  uint64_t records = 0;
  uint64_t file_bytes = 0;
  uint64_t files = 1;
  bool consumption = false;
};

/// To an end: end the recording. The answer, once everything is written, is a recording_status.
struct stop_recording {};

/// To an end: asks for a recording_status.
struct get_recording {};

/// How far a recording is.
struct recording_status {
  bool on = false;
  std::string file;
  uint64_t written = 0; ///< records in the file, from all ends and links that record into it
  uint64_t dropped = 0; ///< records that came faster than they can, or may, be written
  std::string problem;  ///< why it ended by itself; empty if it did not
};

/// To an end: asks for its flight recorder's records. The answer is the text of a trace (messages/TRACE.md), a
/// std::string.
struct get_flight_record {};

/// An end's counts since it began (S-STATS-1, S-RECV-5).
struct stats {
  std::array<uint64_t, 7> terminated{}; ///< by outcome, in the order of all_outcomes
  uint64_t ongoing = 0;                 ///< operations that have not ended
  uint64_t dropped = 0;                 ///< tickets of operations that this end never knew
  uint64_t late = 0;                    ///< tickets of operations that have ended here
  uint64_t refused = 0;                 ///< operations that a back refused to begin (S-END-12)

  uint64_t of(outcome value) const {
    return terminated[static_cast<size_t>(value) - 1];
  }
  uint64_t& of(outcome value) {
    return terminated[static_cast<size_t>(value) - 1];
  }
};

} // namespace tandem
