#include "relay_link.hpp"

#include <stdexcept>
#include <string>

namespace tandem {

namespace {

/// Both as pointers to the whole object, which may be a link by two bases.
template <class Peer>
void check_peer(const char* function, const Peer* peer, const relay_link* own) {
  if (peer == nullptr)
    throw std::invalid_argument{std::string{function} + ": peer must not be null"};
  if (dynamic_cast<const void*>(peer) == dynamic_cast<const void*>(own))
    throw std::invalid_argument{std::string{function} + ": a link must not be joined to itself"};
}

} // namespace

std::vector<refusal> relay_link::accept(std::vector<front_to_back_ticket>&& tickets) {
  intercept(tickets);
  return to_back_.pass(std::move(tickets));
}

std::vector<refusal> relay_link::accept(std::vector<back_to_front_ticket>&& tickets) {
  intercept(tickets);
  return to_front_.pass(std::move(tickets));
}

void relay_link::join_rear_link(std::shared_ptr<rear_peer> peer) {
  check_peer("join_rear_link", peer.get(), this);
  to_front_.tell(failures_of<back_to_front_ticket>(to_back_.join(std::move(peer))));
}

void relay_link::join_fore_link(std::shared_ptr<fore_peer> peer) {
  check_peer("join_fore_link", peer.get(), this);
  to_back_.tell(failures_of<front_to_back_ticket>(to_front_.join(std::move(peer))));
}

void relay_link::rear_lost(const std::string& details) {
  if (auto front = to_front_.peer())
    front->rear_lost(details);
}

void relay_link::rear_ready() {
  if (auto front = to_front_.peer())
    front->rear_ready();
}

void relay_link::rear_draining(std::shared_ptr<void> heeded) {
  if (auto front = to_front_.peer())
    front->rear_draining(std::move(heeded));
}

void relay_link::rear_news(const link_news& x) {
  if (auto front = to_front_.peer())
    front->rear_news(x);
}

void relay_link::fore_lost(const std::string& details) {
  if (auto back = to_back_.peer())
    back->fore_lost(details);
}

void relay_link::fore_news(const link_news& x) {
  if (auto back = to_back_.peer())
    back->fore_news(x);
}

caf::actor relay_link::handle(caf::actor_system& system) {
  return address_.get(system, *this);
}

void relay_link::intercept(std::vector<front_to_back_ticket>&) {
}

void relay_link::intercept(std::vector<back_to_front_ticket>&) {
}

} // namespace tandem
