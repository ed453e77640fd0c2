/// Customers that are actors: what an operation has for them goes to them as messages (messages/commands.hpp), with the
/// operation's actor as the sender.
#pragma once

#include "../serviced_subscription.hpp"
#include "../servicer.hpp"

#include <caf/actor.hpp>
#include <caf/actor_control_block.hpp>

#include <future>
#include <memory>

namespace tandem {

/// An ingestor that sends the results to `receiver`; null if `receiver` is.
std::shared_ptr<serviced_ingestor> make_actor_ingestor(caf::strong_actor_ptr receiver);

/// A servicer that leaves the work to `worker`.
std::shared_ptr<servicer> make_actor_servicer(caf::actor worker);

/// Blocks until the idle action that `add` adds has run.
template <class Add>
void wait_for_idle_action(Add add) {
  auto idle = std::make_shared<std::promise<void>>();
  auto reached = idle->get_future();
  add([idle] { idle->set_value(); });
  reached.wait();
}

} // namespace tandem
