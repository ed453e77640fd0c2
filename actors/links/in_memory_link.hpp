/// A link that joins a front and a back in one process. It keeps the order in each direction, works with either side
/// joined first, and copies no payload (S-STATS-5).
///
///     join(front, std::make_shared<in_memory_link>(), back);   // or join(front, back), which makes one
#pragma once

#include "../execution/strand.hpp"
#include "relay_link.hpp"

#include <memory>
#include <vector>

namespace tandem {

/// Without a pool, tickets are handed to the peer in the thread that brings them, and the peer's refusals are returned
/// at once. With one, they are handed over in the pool's threads, one batch of each direction at a time, so that the
/// sender never waits for the peer; if the peer then refuses a ticket, its sender gets an abortive ticket, a
/// transmission failure. Any thread.
class in_memory_link final : public relay_link {
public:
  /// `pool` may be null.
  explicit in_memory_link(std::shared_ptr<thread_pool> pool = nullptr);

  std::vector<refusal> accept(std::vector<front_to_back_ticket>&& tickets) override;
  std::vector<refusal> accept(std::vector<back_to_front_ticket>&& tickets) override;

private:
  template <class Peer, class OtherPeer>
  std::vector<refusal> pass(std::vector<typename Peer::ticket>&& tickets, link_direction<Peer>& to,
                            link_direction<OtherPeer>& back, const std::shared_ptr<strand>& order);

  std::shared_ptr<strand> order_to_back_; // null: no pool
  std::shared_ptr<strand> order_to_front_;
};

} // namespace tandem
