/// Tickets as bytes, for links between nodes: several in a frame (PROTOCOL.md, "Ticket format").
///
///     frame  = format (1 byte) ticket*
///     ticket = length (varint) field*
///     field  = number (varint) length (varint) bytes
///
/// A reader skips fields whose number it does not know, so later formats can add some. A field whose content makes no
/// sense costs only its own operation; a frame that does not add up costs the session.
#pragma once

#include "caf/bytes.hpp"
#include "ticket.hpp"

#include <caf/fwd.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace tandem {

/// The format that this build writes, and the oldest that it reads. Format 2 has numbered frames and greetings, and the
/// kind refusal.
inline constexpr uint8_t ticket_format = 2;
inline constexpr uint8_t oldest_ticket_format = 1;

/// A new frame without tickets.
std::string empty_frame();

/// Appends a ticket to a frame; false, with the frame as it was, if the payload has a type that cannot be serialized.
bool append_ticket(caf::actor_system& system, const front_to_back_ticket& ticket, std::string& frame);
bool append_ticket(caf::actor_system& system, const back_to_front_ticket& ticket, std::string& frame);

/// Reads a frame; false, with the reason in `error`, if the bytes are not one. If a part of a ticket cannot be read,
/// the ticket's `fault` says so. Never throws, whatever the bytes are.
bool decode_frame(caf::actor_system& system, std::string_view bytes, std::vector<front_to_back_ticket>& out,
                  std::string& error);
bool decode_frame(caf::actor_system& system, std::string_view bytes, std::vector<back_to_front_ticket>& out,
                  std::string& error);

} // namespace tandem
