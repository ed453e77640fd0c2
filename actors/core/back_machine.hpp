/// The back's side of one operation: it begins with the front's first ticket.
#pragma once

#include "machine.hpp"

namespace tandem::core {

class back_machine : public machine<back_side> {
public:
  using machine::machine;

  /// The first thing that happens, once: a commencement or entire ticket arrived. `fault` says what of it could not be
  /// read. A malformed one ends the operation at once, without the servicer being called (S-TICKET-2).
  void begin(front_to_back_ticket ticket, const std::string& fault, duration default_timeout, time_point now,
             effects& out);

  /// The settings for an operation that begins with `ticket`: what its subscription asks for, full if it has none that
  /// makes sense, so that the front is told of its mistake.
  static settings settings_for(const front_to_back_ticket& ticket, uint32_t held_tickets, duration maximum_timeout,
                               time_point now);
};

} // namespace tandem::core
