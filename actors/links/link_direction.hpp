/// One direction of a link that passes tickets on: the peer that they go to, and those that wait for it.
#pragma once

#include "link.hpp"

#include <memory>
#include <mutex>
#include <stdexcept>
#include <type_traits>
#include <vector>

namespace tandem {

/// Any thread. No call to the peer is made under a lock.
///
/// Towards the back, links keep each other alive; towards the front they do not, or a chain of links would be a ring
/// and never go. A front keeps its link, and that the next one; whoever joins something else as a fore link keeps it.
template <class Ticket>
class link_direction {
public:
  using acceptor = ticket_acceptor<Ticket>;

  /// To the peer; before the first join, held in order (S-STATS-4). What the peer throws or refuses goes back to the
  /// caller and harms nothing else (S-STATS-5).
  std::vector<refusal> pass(std::vector<Ticket>&& tickets) {
    std::shared_ptr<acceptor> peer;
    {
      std::lock_guard guard{mutex_};
      if (!joined_) {
        for (auto& ticket : tickets)
          held_.push_back(std::move(ticket));
        return {};
      }
      peer = strong(peer_);
    }
    if (peer == nullptr)
      throw std::runtime_error{"the link's other side is gone"};
    return peer->accept_all(std::move(tickets));
  }

  /// As pass, for tickets of which not everything could be read (ticket_acceptor::accept_faulty). Before the first join
  /// they are lost: no peer, nobody to blame.
  void pass_faulty(std::vector<Ticket>&& tickets, std::vector<std::string> faults) {
    if (auto target = peer())
      target->accept_faulty(std::move(tickets), std::move(faults));
  }

  /// From now on tickets go to `peer`; those that waited go first.
  void join(std::shared_ptr<acceptor> peer) {
    for (;;) {
      std::vector<Ticket> held;
      {
        std::lock_guard guard{mutex_};
        if (held_.empty()) { // also those that came while earlier ones were handed over
          peer_ = std::move(peer);
          joined_ = true;
          return;
        }
        held.swap(held_);
      }
      try {
        peer->accept_all(std::move(held));
      } catch (...) {
        // S-STATS-5: their senders have been told that the tickets were taken; the operations' timeouts remain.
      }
    }
  }

  std::shared_ptr<acceptor> peer() const {
    std::lock_guard guard{mutex_};
    return strong(peer_);
  }

private:
  static constexpr bool to_front = std::is_same_v<Ticket, back_to_front_ticket>;
  using pointer = std::conditional_t<to_front, std::weak_ptr<acceptor>, std::shared_ptr<acceptor>>;

  static std::shared_ptr<acceptor> strong(const pointer& x) {
    if constexpr (to_front)
      return x.lock();
    else
      return x;
  }

  mutable std::mutex mutex_;
  pointer peer_;
  bool joined_ = false;
  std::vector<Ticket> held_;
};

} // namespace tandem
