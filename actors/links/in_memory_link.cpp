#include "in_memory_link.hpp"
#include "refusals.hpp"

namespace tandem {

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
    const auto operations = operations_of(tickets);
    auto refused = refuse_if_throws(operations, "the link's other side", [&] { return to.pass(std::move(tickets)); });
    back.tell(failures_of<typename OtherPeer::ticket>(std::move(refused)));
  });
  return {};
}

} // namespace tandem
