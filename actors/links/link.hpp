/// What passes tickets on. A fore link accepts back-to-front tickets and emits front-to-back ones; a rear link the
/// reverse. A front end is a fore link, a back end is a rear link, and what stands between them is both.
///
/// Write a link of your own by implementing these (link_suite.hpp proves it), and join it:
///
///     front.join_rear_link(link);   link->join_fore_link(front.link());
///     back.join_fore_link(link);    link->join_rear_link(back.link());
///
/// Links are shared by std::shared_ptr, are called from several threads at a time, and must keep the order of the
/// tickets of one operation in each direction.
#pragma once

#include "../../messages/ticket.hpp"

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace tandem {

/// A ticket that a link could not take. No further ticket of that operation is given to that link (S-SEND-7).
struct refusal {
  operation_id operation;
  std::string reason;
};

/// Takes tickets of one direction.
template <class Ticket>
class ticket_acceptor {
public:
  virtual ~ticket_acceptor() = default;

  /// Takes one ticket; throws if it cannot. Must not block for long, unless the end has a transmission pool.
  virtual void accept(Ticket ticket) = 0;

  /// Takes several, in order, and may move them out; the default is to take them one by one. Returns those refused,
  /// the first of each operation; the rest of that operation's tickets are not taken either. An override that throws
  /// refuses all of them and must have taken none.
  virtual std::vector<refusal> accept_all(std::vector<Ticket>&& tickets);

  /// Takes tickets of which not everything could be read: `faults` has a text for each ticket, empty if nothing is
  /// wrong with it. For links that decode. The default hands on those without fault and drops the others; the ends end
  /// the operation of a faulty one (S-TICKET-2).
  virtual void accept_faulty(std::vector<Ticket>&& tickets, std::vector<std::string> faults);
};

extern template class ticket_acceptor<front_to_back_ticket>;
extern template class ticket_acceptor<back_to_front_ticket>;

/// How a link whose work is accept_all implements accept: a refusal becomes an exception again.
template <class Ticket>
void accept_one(ticket_acceptor<Ticket>& link, Ticket ticket) {
  std::vector<Ticket> tickets;
  tickets.push_back(std::move(ticket));
  auto refused = link.accept_all(std::move(tickets));
  if (!refused.empty())
    throw std::runtime_error{refused.front().reason};
}

class rear_link;

class fore_link : public ticket_acceptor<back_to_front_ticket> {
public:
  /// Mates this link with the one that its front-to-back tickets go to. A link that is joined again uses the new peer;
  /// what it accepted before the first join it holds until then (S-STATS-4). Throws if it cannot be joined.
  virtual void join_rear_link(std::shared_ptr<rear_link> peer) = 0;

  /// The rear link that gave this one tickets is gone: operations that rely on it end with transmission failure
  /// (S-END-8), and so do those that are commenced until rear_ready, unless they wait for it (S-SEND-9). Links pass it
  /// on; the default does nothing.
  virtual void rear_lost(const std::string& details);

  /// The rear link that was lost takes tickets again: operations that waited for it go on (S-SEND-9). Links pass it on;
  /// the default does nothing.
  virtual void rear_ready();
};

class rear_link : public ticket_acceptor<front_to_back_ticket> {
public:
  /// Mates this link with the one that its back-to-front tickets go to. As join_rear_link.
  virtual void join_fore_link(std::shared_ptr<fore_link> peer) = 0;

  /// The fore link that gave this one tickets is gone. As rear_lost.
  virtual void fore_lost(const std::string& details);
};

/// A link that is both, to stand between others.
class duplex_link : public fore_link, public rear_link {
public:
  using fore_link::accept;
  using fore_link::accept_all;
  using fore_link::accept_faulty;
  using rear_link::accept;
  using rear_link::accept_all;
  using rear_link::accept_faulty;
};

} // namespace tandem
