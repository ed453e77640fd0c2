/// A link that joins a front and a back in one process. It keeps the order in each direction, works with either side
/// joined first, and copies no payload (S-STATS-5).
///
///     join(front, std::make_shared<in_memory_link>(), back);   // or join(front, back), which makes one
#pragma once

#include "../execution/strand.hpp"
#include "byte_gauge.hpp"
#include "relay_link.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace tandem {

/// Without a pool, tickets are handed to the peer in the thread that brings them, and the peer's refusals are returned
/// at once. With one, they are handed over in the pool's threads, one batch of each direction at a time, so that the
/// sender never waits for the peer; if the peer then refuses a ticket, its sender gets an abortive ticket, a
/// transmission failure. Any thread.
class in_memory_link final : public relay_link {
public:
  /// `pool` may be null. If more than `unconsumed_bytes` of large texts have come in one direction and were not
  /// consumed, the link says to those who send there that it is congested, until half of them are (S-FLOW-8).
  explicit in_memory_link(std::shared_ptr<thread_pool> pool = nullptr, uint64_t unconsumed_bytes = uint64_t{32} << 20);

  std::vector<refusal> accept(std::vector<front_to_back_ticket>&& tickets) override;
  std::vector<refusal> accept(std::vector<back_to_front_ticket>&& tickets) override;

private:
  template <class Peer, class OtherPeer>
  std::vector<refusal> pass(std::vector<typename Peer::ticket>&& tickets, link_direction<Peer>& to,
                            link_direction<OtherPeer>& back, const std::shared_ptr<strand>& order);

  /// Counts the large payloads among these.
  template <class Ticket>
  void count(std::vector<Ticket>& tickets);

  /// Of those to the back, or to the front; made when the first large payload comes.
  template <class Ticket>
  byte_gauge& gauge();

  std::shared_ptr<strand> order_to_back_; // null: no pool
  std::shared_ptr<strand> order_to_front_;
  uint64_t unconsumed_bytes_;
  std::once_flag has_gauges_;
  std::shared_ptr<byte_gauge> to_back_bytes_;
  std::shared_ptr<byte_gauge> to_front_bytes_;
};

} // namespace tandem
