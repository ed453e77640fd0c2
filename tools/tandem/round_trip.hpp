/// Finds out that another node has read everything that was sent to it so far. CAF queues without limit what the
/// network does not take at once, and says nothing about it; a question that comes back answered says that all before
/// it has arrived, since all of it goes over one connection, in order.
#pragma once

#include "endpoint_text.hpp"

#include <tandem/messages/ticket.hpp>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

namespace tandem::cli {

class round_trip {
public:
  /// To a node that there is a connection to already; that connection is used. Throws user_error if it is not there any
  /// more.
  round_trip(caf::actor_system& system, const endpoint& back);

  /// Blocks until the answer is there; false if the connection is lost, or there is no answer within `limit`. Must not
  /// be called by an actor. Any thread.
  bool make(duration limit);

private:
  caf::actor_system& system_;
  caf::actor gateway_;
};

} // namespace tandem::cli
