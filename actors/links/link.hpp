/// What passes tickets on. A fore link accepts back-to-front tickets and emits front-to-back ones; a rear link the
/// reverse. A front end is a fore link, a back end is a rear link, and what stands between them is both.
///
///     front.join_rear_link(link);   link->join_fore_link(front.link());
///     back.join_fore_link(link);    link->join_rear_link(back.link());
///
/// A link of your own is best derived from relay_link (relay_link.hpp), which needs one function for each direction
/// that you look at. testing/link_suite.hpp proves it.
///
/// Links are shared by std::shared_ptr, are called from several threads at a time, and must keep the order of the
/// tickets of one operation in each direction.
#pragma once

#include "../../messages/ticket.hpp"

#include <caf/fwd.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tandem {

/// A ticket that a link could not take. No further ticket of that operation is given to that link (S-SEND-7).
struct refusal {
  operation_id operation;
  std::string reason;
};

/// What a rear link is joined to: it takes the tickets that go to the front, and hears of the rear link's fate.
class fore_peer {
public:
  using ticket = back_to_front_ticket;

  virtual ~fore_peer() = default;

  /// Takes tickets, in order, and may move them out. Returns those refused, the first of each operation; the rest of
  /// that operation's tickets are not taken either. If it throws, it refuses all of them and has taken none. Must not
  /// block for long, unless the end that calls has a transmission pool. Any thread, several at a time.
  virtual std::vector<refusal> accept(std::vector<back_to_front_ticket>&& tickets) = 0;

  /// The rear link that gave this one tickets is gone: operations that rely on it end with transmission failure
  /// (S-END-8), and so do those that are commenced until rear_ready, unless they wait for it (S-SEND-9). Links pass it
  /// on; the default does nothing.
  virtual void rear_lost(const std::string& details);

  /// The rear link that was lost takes tickets again: operations that waited for it go on (S-SEND-9). Links pass it on;
  /// the default does nothing.
  virtual void rear_ready();
};

/// What a fore link is joined to: it takes the tickets that go to the back, and hears of the fore link's fate.
class rear_peer {
public:
  using ticket = front_to_back_ticket;

  virtual ~rear_peer() = default;

  /// As fore_peer::accept.
  virtual std::vector<refusal> accept(std::vector<front_to_back_ticket>&& tickets) = 0;

  /// The fore link that gave this one tickets is gone. As rear_lost; the default does nothing.
  virtual void fore_lost(const std::string& details);
};

class fore_link : public fore_peer {
public:
  /// Mates this link with the one that its front-to-back tickets go to. A link that is joined again uses the new peer;
  /// what it accepted before the first join it holds until then (S-STATS-4). Throws std::invalid_argument if `peer` is
  /// null, or this link itself.
  virtual void join_rear_link(std::shared_ptr<rear_peer> peer) = 0;

  /// This link as an actor: takes ticket messages of its directions, one ticket or a std::vector of them, as accept
  /// does; a request is answered by an error that names the first refusal, if there is one. Monitor it: its down
  /// message comes when the link is lost for good. The same actor each time. It does not keep the link. Any thread.
  virtual caf::actor handle(caf::actor_system& system) = 0;
};

class rear_link : public rear_peer {
public:
  /// Mates this link with the one that its back-to-front tickets go to. As join_rear_link.
  virtual void join_fore_link(std::shared_ptr<fore_peer> peer) = 0;

  /// As fore_link::handle.
  virtual caf::actor handle(caf::actor_system& system) = 0;
};

/// A link that is both, to stand between others.
class duplex_link : public fore_link, public rear_link {
public:
  using fore_peer::accept;
  using rear_peer::accept;

  caf::actor handle(caf::actor_system& system) override = 0;
};

/// Hands `to` one ticket. Throws std::runtime_error with the reason if it is refused.
void accept_one(fore_peer& to, back_to_front_ticket ticket);
void accept_one(rear_peer& to, front_to_back_ticket ticket);

/// Tells the senders of refused tickets, where they cannot be told by what accept returns: an abortive ticket for each
/// operation, in the other direction. What its receiver has seen of the operation is not known to a link: the highest
/// number is none that was used.
template <class Ticket>
std::vector<Ticket> failures_of(std::vector<refusal>&& refused) {
  std::vector<Ticket> result;
  for (auto& x : refused) {
    auto& ticket = result.emplace_back();
    ticket.operation = x.operation;
    ticket.sequence_number = {sequence_number::maximum};
    ticket.kind = ticket_kind::transmission_failure;
    ticket.details = std::move(x.reason);
  }
  return result;
}

/// In a catch block: what was thrown says, for people; of what is no std::exception, that `who` threw it.
std::string current_reason(const std::string& who);

/// Calls `take` with each of `tickets`, in order, and makes refusals of what it throws: how a link that looks at one
/// ticket at a time implements accept.
template <class Ticket, class Function>
std::vector<refusal> accept_each(std::vector<Ticket>&& tickets, Function take) {
  std::vector<refusal> refused;
  for (auto& ticket : tickets) {
    const operation_id operation = ticket.operation;
    // S-SEND-7: nothing more of an operation that lost a ticket.
    if (std::any_of(refused.begin(), refused.end(), [&](const refusal& x) { return x.operation == operation; }))
      continue;
    try {
      take(std::move(ticket));
    } catch (...) {
      refused.push_back({operation, current_reason("the link")});
    }
  }
  return refused;
}

} // namespace tandem
