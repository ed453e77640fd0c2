/// One direction of a link: the peer that its tickets go to, and the tickets that wait for it. For those who write
/// links.
#pragma once

#include "link.hpp"
#include "refusals.hpp"

#include <memory>
#include <mutex>
#include <stdexcept>
#include <type_traits>
#include <vector>

namespace tandem {

/// `Peer` is rear_peer for the direction to the back, fore_peer for that to the front. Any thread. No call to the peer
/// is made under a lock.
///
/// Towards the back, links keep each other alive; towards the front they do not, or a chain of links would be a ring
/// and never go. A front keeps its link, and that link keeps the next one. If you join something else as a fore peer,
/// keep it alive yourself.
template <class Peer>
class link_direction {
public:
  using ticket = typename Peer::ticket;

  /// Passes tickets to the peer; before the first join, holds them in order (S-STATS-4). Exceptions and refusals of the
  /// peer go back to the caller and harm nothing else (S-STATS-5).
  std::vector<refusal> pass(std::vector<ticket>&& tickets) {
    std::shared_ptr<Peer> to;
    {
      std::lock_guard guard{mutex_};
      if (!joined_) {
        for (auto& x : tickets)
          held_.push_back(std::move(x));
        return {};
      }
      to = strong(peer_);
    }
    if (to == nullptr)
      throw std::runtime_error{"the link's other side is gone"};
    return to->accept(std::move(tickets));
  }

  /// Passes tickets whose sender cannot be told what became of them, if there are any and somebody is there to take
  /// them: failures_of.
  void tell(std::vector<ticket>&& tickets) noexcept {
    if (tickets.empty())
      return;
    try {
      pass(std::move(tickets));
    } catch (...) {
      // The peer is gone itself: nobody is left to tell.
    }
  }

  /// From now on tickets go to `peer`; the ones that waited go first. Returns what `peer` refused of those, for their
  /// senders believe that they were taken: tell() them in the other direction.
  [[nodiscard]] std::vector<refusal> join(std::shared_ptr<Peer> peer) {
    std::vector<refusal> refused;
    for (;;) {
      std::vector<ticket> held;
      {
        std::lock_guard guard{mutex_};
        if (held_.empty()) { // also those that came while earlier ones were handed over
          peer_ = std::move(peer);
          joined_ = true;
          return refused;
        }
        held.swap(held_);
      }
      const auto operations = operations_of(held);
      for (auto& x :
           refuse_if_throws(operations, "the link's other side", [&] { return peer->accept(std::move(held)); }))
        refused.push_back(std::move(x));
    }
  }

  /// Null before the first join, and when the peer is gone.
  std::shared_ptr<Peer> peer() const {
    std::lock_guard guard{mutex_};
    return strong(peer_);
  }

private:
  static constexpr bool to_front = std::is_same_v<Peer, fore_peer>;
  using pointer = std::conditional_t<to_front, std::weak_ptr<Peer>, std::shared_ptr<Peer>>;

  static std::shared_ptr<Peer> strong(const pointer& x) {
    if constexpr (to_front)
      return x.lock();
    else
      return x;
  }

  mutable std::mutex mutex_;
  pointer peer_;
  bool joined_ = false;
  std::vector<ticket> held_;
};

} // namespace tandem
