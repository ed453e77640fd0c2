/// The front's side of one operation: it commences, and may cancel and change the timeout.
#pragma once

#include "machine.hpp"

namespace tandem::core {

class front_machine : public machine<front_side> {
public:
  /// What operate() was told.
  struct commencement {
    std::string name;
    std::optional<tandem::payload> payload;
    bool complete = false;           ///< nothing will be sent after this (S-SEND-2)
    std::optional<duration> timeout; ///< goes on the ticket (S-TIME-2)
    duration own_timeout{};          ///< what this side keeps to: `timeout`, or the end's default
    std::optional<tandem::trace_id> trace_id;
  };

  using machine::machine;

  /// The first thing that happens, once. Its first ticket goes out whatever happens next (S-SEND-2).
  void begin(commencement x, time_point now, effects& out);
};

} // namespace tandem::core
