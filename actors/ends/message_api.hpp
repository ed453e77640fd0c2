/// Customers that are actors: they get the payloads of an operation as messages (messages/commands.hpp) from the
/// operation's actor. Internal to the ends.
#pragma once

#include "../serviced_subscription.hpp"
#include "../servicer.hpp"
#include "operation_actor.hpp"

#include <caf/actor.hpp>
#include <caf/actor_control_block.hpp>

#include <memory>
#include <optional>

namespace tandem {

/// The wish in a message to an operation's actor; nothing if it is another kind of message. A set_timeout is not
/// checked.
std::optional<core::customer_event> wish_in(const caf::message& content);

/// An ingestor that sends the results to `receiver`; null if `receiver` is null.
std::shared_ptr<serviced_ingestor> make_actor_ingestor(caf::strong_actor_ptr receiver);

/// A servicer that leaves the work to `worker`.
std::shared_ptr<servicer> make_actor_servicer(caf::actor worker);

} // namespace tandem
