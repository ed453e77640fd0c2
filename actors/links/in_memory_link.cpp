#include <tandem/actors/links/in_memory_link.hpp>

#include <stdexcept>

namespace tandem {

namespace {

/// One ticket by way of many: the refusal becomes an exception again.
template <class Ticket>
void pass_one(half_link<Ticket>& half, Ticket ticket) {
  std::vector<Ticket> tickets;
  tickets.push_back(std::move(ticket));
  auto refused = half.pass(std::move(tickets));
  if (!refused.empty())
    throw std::runtime_error{refused.front().reason};
}

} // namespace

void in_memory_link::accept(front_to_back_ticket ticket) {
  pass_one(to_back_, std::move(ticket));
}

void in_memory_link::accept(back_to_front_ticket ticket) {
  pass_one(to_front_, std::move(ticket));
}

std::vector<refusal> in_memory_link::accept_all(std::vector<front_to_back_ticket>&& tickets) {
  return to_back_.pass(std::move(tickets));
}

std::vector<refusal> in_memory_link::accept_all(std::vector<back_to_front_ticket>&& tickets) {
  return to_front_.pass(std::move(tickets));
}

void in_memory_link::join_rear_link(std::shared_ptr<rear_link> peer) {
  if (peer == nullptr)
    throw std::invalid_argument{"join_rear_link: peer must not be null"};
  to_back_.join(std::move(peer));
}

void in_memory_link::join_fore_link(std::shared_ptr<fore_link> peer) {
  if (peer == nullptr)
    throw std::invalid_argument{"join_fore_link: peer must not be null"};
  to_front_.join(std::move(peer));
}

void in_memory_link::rear_lost(const std::string& details) {
  if (auto front = std::dynamic_pointer_cast<fore_link>(to_front_.peer()))
    front->rear_lost(details);
}

void in_memory_link::fore_lost(const std::string& details) {
  if (auto back = std::dynamic_pointer_cast<rear_link>(to_back_.peer()))
    back->fore_lost(details);
}

} // namespace tandem
