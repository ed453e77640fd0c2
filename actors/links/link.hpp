/// A link passes tickets on. A fore link accepts back-to-front tickets and emits front-to-back ones; a rear link does
/// the reverse. A front end's link() is a fore link, a back end's link() is a rear link, and a link that stands between
/// them is both.
///
///     front.join_rear_link(link);   link->join_fore_link(front.link());
///     back.join_fore_link(link);    link->join_rear_link(back.link());
///
/// Derive a link of your own from relay_link (relay_link.hpp): it needs one function for each direction that you look
/// at. testing/link_suite.hpp checks it.
///
/// Links are shared by std::shared_ptr, are called by several threads at a time, and must keep the order of the tickets
/// of one operation in each direction.
#pragma once

#include "../../messages/ticket.hpp"
#include "link_news.hpp"

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

/// The peer that a rear link is joined to: it takes the tickets that go to the front, and hears of the rear link's
/// fate.
class fore_peer {
public:
  using ticket = back_to_front_ticket;

  virtual ~fore_peer() = default;

  /// Takes tickets, in order, and may move from them. Returns a refusal for each operation of which it did not take a
  /// ticket; it takes no later ticket of that operation either. An exception means that it has taken none of them. Must
  /// not block for long, unless the end that calls has a transmission pool. Any thread, several at a time.
  virtual std::vector<refusal> accept(std::vector<back_to_front_ticket>&& tickets) = 0;

  /// The rear link that gave this one tickets is gone: operations that rely on it end with transmission failure
  /// (S-END-8), and so do those that are commenced until rear_ready, unless they wait for it (S-SEND-9). Links pass
  /// this on; the default does nothing. Any thread.
  virtual void rear_lost(const std::string& details);

  /// The rear link that was lost takes tickets again: operations that waited for it go on (S-SEND-9). Links pass this
  /// on; the default does nothing. Any thread.
  virtual void rear_ready();

  /// The rear link is about to end, or wants to be spared (S-END-14): who can begin operations elsewhere should do so
  /// from now on, until rear_ready; those that run go on. Drop `heeded`, which may be null, when no first ticket of
  /// yours is on its way to it any more: the other side waits for that, for a while. Links pass this on; the default
  /// drops it at once. Any thread.
  virtual void rear_draining(std::shared_ptr<void> heeded);

  /// Something has happened to the rear link while it lasts; rear_lost ends all that, too. Links pass this on; the
  /// default does nothing. Must not block. Any thread.
  virtual void rear_news(const link_news& x);
};

/// The peer that a fore link is joined to: it takes the tickets that go to the back, and hears of the fore link's fate.
class rear_peer {
public:
  using ticket = front_to_back_ticket;

  virtual ~rear_peer() = default;

  /// As fore_peer::accept.
  virtual std::vector<refusal> accept(std::vector<front_to_back_ticket>&& tickets) = 0;

  /// The fore link that gave this one tickets is gone. As rear_lost: links pass it on, the default does nothing.
  virtual void fore_lost(const std::string& details);

  /// As fore_peer::rear_news, for the fore link.
  virtual void fore_news(const link_news& x);
};

class fore_link : public fore_peer {
public:
  /// Mates this link with the peer that its front-to-back tickets go to. A link that is joined again uses the new peer;
  /// it holds tickets that it accepted before the first join until then (S-STATS-4). Throws std::invalid_argument if
  /// `peer` is null, or this link itself. Any thread.
  virtual void join_rear_link(std::shared_ptr<rear_peer> peer) = 0;

  /// This link as an actor: it takes messages of one ticket or a std::vector of tickets, as accept does, and answers a
  /// request by an error that names the first refusal, if there is one. Monitor it: its down message comes when the
  /// link is lost for good. Returns the same actor each time, which does not keep the link alive. Any thread.
  virtual caf::actor handle(caf::actor_system& system) = 0;
};

class rear_link : public rear_peer {
public:
  /// Mates this link with the peer that its back-to-front tickets go to. As join_rear_link.
  virtual void join_fore_link(std::shared_ptr<fore_peer> peer) = 0;

  /// As fore_link::handle.
  virtual caf::actor handle(caf::actor_system& system) = 0;
};

/// A link that is both a fore link and a rear link, to stand between others.
class duplex_link : public fore_link, public rear_link {
public:
  using fore_peer::accept;
  using rear_peer::accept;

  caf::actor handle(caf::actor_system& system) override = 0;
};

/// Hands `to` one ticket. Throws std::runtime_error with the reason if it is refused.
void accept_one(fore_peer& to, back_to_front_ticket ticket);
void accept_one(rear_peer& to, front_to_back_ticket ticket);

/// Tells the senders of refused tickets where accept cannot return the refusals: by an abortive ticket for each
/// operation, in the other direction. A link does not know which numbers were used in that direction; the highest one
/// was not.
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

/// In a catch block: the text of the exception, for people. If it is not a std::exception, the text says that `who`
/// threw it.
std::string current_reason(const std::string& who);

/// Calls `take` with each of `tickets`, in order, and makes a refusal from each exception: how a link that looks at one
/// ticket at a time implements accept.
template <class Ticket, class Function>
std::vector<refusal> accept_each(std::vector<Ticket>&& tickets, Function take) {
  std::vector<refusal> refused;
  for (auto& ticket : tickets) {
    const operation_id operation = ticket.operation;
    // S-SEND-7: no further tickets of an operation that lost one.
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
