#include "link.hpp"

#include <algorithm>
#include <exception>

namespace tandem {

template <class Ticket>
std::vector<refusal> ticket_acceptor<Ticket>::accept_all(std::vector<Ticket>&& tickets) {
  std::vector<refusal> refused;
  for (auto& ticket : tickets) {
    const operation_id operation = ticket.operation;
    // S-SEND-7: nothing more of an operation that lost a ticket.
    if (std::any_of(refused.begin(), refused.end(), [&](const refusal& x) { return x.operation == operation; }))
      continue;
    try {
      accept(std::move(ticket));
    } catch (const std::exception& e) {
      refused.push_back({operation, e.what()});
    } catch (...) {
      refused.push_back({operation, "the link threw something that is no std::exception"});
    }
  }
  return refused;
}

template <class Ticket>
void ticket_acceptor<Ticket>::accept_faulty(std::vector<Ticket>&& tickets, std::vector<std::string> faults) {
  std::vector<Ticket> good;
  for (size_t i = 0; i < tickets.size(); ++i)
    if (faults[i].empty())
      good.push_back(std::move(tickets[i]));
  accept_all(std::move(good));
}

void fore_link::rear_lost(const std::string&) {
}

void fore_link::rear_ready() {
}

void rear_link::fore_lost(const std::string&) {
}

template class ticket_acceptor<front_to_back_ticket>;
template class ticket_acceptor<back_to_front_ticket>;

} // namespace tandem
