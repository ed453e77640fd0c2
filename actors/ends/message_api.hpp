/// Customers that are actors: what an operation has for them goes to them as messages (messages/commands.hpp), with the
/// operation's actor as the sender.
#pragma once

#include "../serviced_subscription.hpp"
#include "../servicer.hpp"
#include "operation_actor.hpp"

#include <caf/actor.hpp>
#include <caf/actor_control_block.hpp>

#include <memory>
#include <optional>

namespace tandem {

/// What a message to an operation's actor wants of the operation; nothing if it is no such message. A set_timeout is
/// not checked.
std::optional<customer_wish> wish_in(const caf::message& content);

/// An ingestor that sends the results to `receiver`; null if `receiver` is.
std::shared_ptr<serviced_ingestor> make_actor_ingestor(caf::strong_actor_ptr receiver);

/// A servicer that leaves the work to `worker`.
std::shared_ptr<servicer> make_actor_servicer(caf::actor worker);

} // namespace tandem
