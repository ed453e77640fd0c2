/// Tickets as bytes, for the way between nodes (PROTOCOL.md, "Tickets as bytes"): what is in the frames of a port. A
/// ticket that makes no sense costs only its own operation; bytes that do not add up cost the session.
///
///     std::string bytes;
///     large_payload large;
///     append_ticket(system, ticket, {.transfer = 7}, bytes, large);    // at one node
///     while (auto item = take_item<front_to_back_ticket>(system, in, limit, error)) ...   // at the other
#pragma once

#include "caf/bytes.hpp"
#include "ticket.hpp"

#include <caf/fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace tandem {

/// No ticket has more bytes, apart from a payload that travels in pieces: the longest name, and the other fields.
inline constexpr size_t longest_ticket = longest_name + 257;

/// Details of more bytes are cut off when they are sent (S-TICKET-7).
inline constexpr size_t longest_details = size_t{16} << 10;

/// How the bytes of a payload were made; the values are those on the wire.
enum class payload_form : uint8_t {
  message = 7, ///< by CAF, from a message of any types
  text = 10,   ///< of exactly one std::string: they are its own
};

// -- writing -------------------------------------------------------------------------------------

struct ticket_writing {
  uint64_t transfer = 0;                     ///< the number of the payload, if it travels in pieces
  size_t whole = size_t{16} << 10;           ///< payloads of more bytes do
  size_t maximum_payload = size_t{64} << 20; ///< payloads of more bytes are not written
};

/// A payload that travels in pieces, after its ticket.
struct large_payload {
  std::string_view bytes;
  std::shared_ptr<const void> owner; ///< keeps them
};

enum class ticket_written : uint8_t {
  whole,
  without_payload,  ///< it goes in pieces
  not_serializable, ///< nothing was written: the payload has a type that cannot be sent to another node
  has_actor,        ///< nothing was written: the payload has an actor, of which the other node would know nothing
  too_large,        ///< nothing was written: the payload has too many bytes; `large.bytes` has their number
};

/// Appends a ticket, as an item, to `out`, which is left alone if it cannot be written. Any thread.
ticket_written append_ticket(caf::actor_system& system, const front_to_back_ticket& ticket, const ticket_writing& how,
                             std::string& out, large_payload& large);
ticket_written append_ticket(caf::actor_system& system, const back_to_front_ticket& ticket, const ticket_writing& how,
                             std::string& out, large_payload& large);

/// Appends the beginning of an item that has a piece of `size` bytes, which have to follow.
void append_piece(uint64_t transfer, size_t size, std::string& out);

/// How many bytes append_piece() appends at most.
inline constexpr size_t longest_piece_head = 24;

/// Appends the item that says: no more pieces come of this payload.
void append_dropped(uint64_t transfer, std::string& out);

/// Appends the item that says how many bytes the other side may send in frames, in all (S-PORT-11).
void append_room(uint64_t bytes, std::string& out);

// -- reading -------------------------------------------------------------------------------------

/// Of a payload that comes in pieces.
struct payload_announcement {
  uint64_t transfer = 0;
  payload_form form{};
  uint64_t size = 0;
};

template <class Ticket>
struct ticket_item {
  Ticket ticket;
  std::optional<payload_announcement> payload; ///< comes in pieces
};

struct piece_item {
  uint64_t transfer = 0;
  std::string_view bytes; ///< of what was read
};

struct dropped_item {
  uint64_t transfer = 0;
};

struct room_item {
  uint64_t bytes = 0;
};

template <class Ticket>
using frame_item = std::variant<ticket_item<Ticket>, piece_item, dropped_item, room_item>;

/// Takes the first item from `in`. If a part of a ticket cannot be read, or its payload has more than `maximum_payload`
/// bytes, the ticket's `fault` says so. Nothing if `in` is empty, or with the reason in `error` if the bytes make no
/// sense. Never throws, whatever they are. Any thread.
template <class Ticket>
std::optional<frame_item<Ticket>> take_item(caf::actor_system& system, std::string_view& in, size_t maximum_payload,
                                            std::string& error);

/// The payload that these bytes are; false if they are not.
bool read_payload(caf::actor_system& system, payload_form form, std::string&& bytes, payload& out);

/// What a ticket's fault says of a payload that is too large for this side.
std::string too_large(uint64_t size, size_t maximum_payload);

extern template std::optional<frame_item<front_to_back_ticket>>
take_item<front_to_back_ticket>(caf::actor_system&, std::string_view&, size_t, std::string&);
extern template std::optional<frame_item<back_to_front_ticket>>
take_item<back_to_front_ticket>(caf::actor_system&, std::string_view&, size_t, std::string&);

} // namespace tandem
