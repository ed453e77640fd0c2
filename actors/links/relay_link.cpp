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

void relay_link::accept(front_to_back_ticket ticket) {
  accept_one<front_to_back_ticket>(*this, std::move(ticket));
}

void relay_link::accept(back_to_front_ticket ticket) {
  accept_one<back_to_front_ticket>(*this, std::move(ticket));
}

std::vector<refusal> relay_link::accept_all(std::vector<front_to_back_ticket>&& tickets) {
  intercept(tickets);
  return to_back_.pass(std::move(tickets));
}

std::vector<refusal> relay_link::accept_all(std::vector<back_to_front_ticket>&& tickets) {
  intercept(tickets);
  return to_front_.pass(std::move(tickets));
}

void relay_link::accept_faulty(std::vector<front_to_back_ticket>&& tickets, std::vector<std::string> faults) {
  intercept(tickets);
  to_back_.pass_faulty(std::move(tickets), std::move(faults));
}

void relay_link::accept_faulty(std::vector<back_to_front_ticket>&& tickets, std::vector<std::string> faults) {
  intercept(tickets);
  to_front_.pass_faulty(std::move(tickets), std::move(faults));
}

void relay_link::join_rear_link(std::shared_ptr<rear_link> peer) {
  check_peer("join_rear_link", peer.get(), this);
  to_back_.join(std::move(peer));
}

void relay_link::join_fore_link(std::shared_ptr<fore_link> peer) {
  check_peer("join_fore_link", peer.get(), this);
  to_front_.join(std::move(peer));
}

void relay_link::rear_lost(const std::string& details) {
  if (auto front = std::dynamic_pointer_cast<fore_link>(to_front_.peer()))
    front->rear_lost(details);
}

void relay_link::rear_ready() {
  if (auto front = std::dynamic_pointer_cast<fore_link>(to_front_.peer()))
    front->rear_ready();
}

void relay_link::fore_lost(const std::string& details) {
  if (auto back = std::dynamic_pointer_cast<rear_link>(to_back_.peer()))
    back->fore_lost(details);
}

void relay_link::intercept(std::vector<front_to_back_ticket>&) {
}

void relay_link::intercept(std::vector<back_to_front_ticket>&) {
}

} // namespace tandem
