/// A link by handle, as connect() (connect.hpp) returns it.
///
///     std::shared_ptr<cluster_link> link = connect(system, gateway);
///     ...
///     wait_for_idle(front); // this process is about to end: the link is given the last tickets,
///     link->close(1s);      // and the other side gets them
#pragma once

#include "../../messages/time.hpp"
#include "../links/link.hpp"

namespace tandem {

/// A link by handle. Any thread.
class cluster_link : public rear_link {
public:
  /// Ends the link in good order, and waits until the other side has ended too, which it does when it has all tickets
  /// (S-CLUSTER-4): for a process that is about to end. Blocks the calling thread, which must not be an actor's. False
  /// if the other side took longer than `timeout`, or the link had ended before.
  virtual bool close(duration timeout) = 0;
};

} // namespace tandem
