/// One side of a link by handle: sends tickets to the actor of the other side as plain messages, and takes those that
/// come from it. connect() uses it for the front, gateway_of() for the back. Internal to cluster/.
///
/// It is open until it ends, once and for ever: S-CLUSTER-3.
#pragma once

#include "../../messages/ticket.hpp"
#include "../compat/callback_actor.hpp"
#include "../links/link.hpp"

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/error.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace tandem {

/// Any thread. Owned by a std::shared_ptr.
template <class Outgoing, class Incoming>
class link_side : public std::enable_shared_from_this<link_side<Outgoing, Incoming>> {
public:
  struct callbacks {
    /// Tickets came. Returns what could not be taken of them, which the other side is told. May throw: then none was.
    std::function<std::vector<refusal>(std::vector<Incoming>&&)> received;
    /// The other side says that it is draining (S-CLUSTER-7).
    std::function<void()> drains;
    /// The link has ended; called once.
    std::function<void(const std::string& details)> ended;
  };

  link_side(caf::actor_system& system, callbacks x) : system_(system), callbacks_(std::move(x)) {
  }

  /// Says goodbye, without callbacks.
  ~link_side();

  /// Makes this side's actor. Once, before begin().
  caf::actor open();

  /// `peer` is the actor of the other side, and `name` names that side, for people. Once.
  void begin(const caf::actor& peer, const std::string& name);

  /// Sends tickets in order; returns a refusal for each operation whose tickets cannot leave this node. Throws
  /// std::runtime_error once the link has ended.
  std::vector<refusal> send(std::vector<Outgoing>&& tickets);

  /// Tells the other side of tickets that were not taken here, if there are any (S-STATS-5).
  void tell(std::vector<refusal>&& refused);

  /// Says that this side is draining, after the tickets of before (S-CLUSTER-7).
  void say_draining();

  /// Ends this side, and says goodbye to the other, which is told `why` (S-CLUSTER-4).
  void end(const std::string& why);

  /// The same, and waits until the other side has ended too: it has all tickets then. False if it did not within
  /// `timeout`, or if the link had ended before.
  bool close(const std::string& why, duration timeout);

private:
  using own_ptr = compat::light_ptr<callback_actor>;

  /// The other side's actor and this one's; null unless the link has begun and not ended.
  std::pair<caf::strong_actor_ptr, caf::strong_actor_ptr> open_ends() const;
  void receive(const own_ptr& own, const compat::envelope& what);
  bool is_peer(const caf::strong_actor_ptr& sender) const;
  void take(const caf::strong_actor_ptr& sender, std::vector<Incoming>&& tickets);
  void peer_left(const own_ptr& own, const std::string& details);
  void fail(const std::string& why);
  bool has_ended() const;
  bool mark_ended(const std::string& why);
  static void say_goodbye(const own_ptr& own, const caf::strong_actor_ptr& peer, const std::string& why);

  caf::actor_system& system_;
  callbacks callbacks_;
  mutable std::mutex mutex_; // guards the members below; nothing is called under it
  own_ptr own_;
  caf::strong_actor_ptr peer_; // null: not begun
  std::string name_;
  std::string details_; // why it has ended; empty: it has not
};

extern template class link_side<front_to_back_ticket, back_to_front_ticket>;
extern template class link_side<back_to_front_ticket, front_to_back_ticket>;

} // namespace tandem
