#include "in_memory_link.hpp"

#include <unordered_set>

namespace tandem {

namespace {

/// `senders`: the direction in which the other side's tickets go.
template <class Peer>
void tell_refused(link_direction<Peer>& senders, std::vector<refusal>&& refused) {
  try {
    senders.pass(failures_of<typename Peer::ticket>(std::move(refused)));
  } catch (...) {
    // The senders are gone themselves: there is no peer to tell.
  }
}

template <class Peer>
std::vector<refusal> try_to_pass(link_direction<Peer>& to, std::vector<typename Peer::ticket>&& tickets) {
  std::vector<operation_id> operations; // the peer may have moved the tickets out when it throws
  for (const auto& ticket : tickets)
    if (operations.empty() || operations.back() != ticket.operation)
      operations.push_back(ticket.operation);
  try {
    return to.pass(std::move(tickets));
  } catch (...) {
    const auto reason = current_reason("the link's other side");
    std::vector<refusal> refused;
    std::unordered_set<operation_id> seen; // each once
    for (const auto& operation : operations)
      if (seen.insert(operation).second)
        refused.push_back({operation, reason});
    return refused;
  }
}

} // namespace

in_memory_link::in_memory_link(std::shared_ptr<thread_pool> pool)
  : order_to_back_(pool ? std::make_shared<strand>(pool) : nullptr),
    order_to_front_(pool ? std::make_shared<strand>(pool) : nullptr) {
}

std::vector<refusal> in_memory_link::accept(std::vector<front_to_back_ticket>&& tickets) {
  return pass(std::move(tickets), to_back_, to_front_, order_to_back_);
}

std::vector<refusal> in_memory_link::accept(std::vector<back_to_front_ticket>&& tickets) {
  return pass(std::move(tickets), to_front_, to_back_, order_to_front_);
}

template <class Peer, class OtherPeer>
std::vector<refusal> in_memory_link::pass(std::vector<typename Peer::ticket>&& tickets, link_direction<Peer>& to,
                                          link_direction<OtherPeer>& back, const std::shared_ptr<strand>& order) {
  if (order == nullptr)
    return to.pass(std::move(tickets));
  order->post([self = shared_from_this(), &to, &back, tickets = std::move(tickets)]() mutable {
    if (auto refused = try_to_pass(to, std::move(tickets)); !refused.empty())
      tell_refused(back, std::move(refused));
  });
  return {};
}

} // namespace tandem
