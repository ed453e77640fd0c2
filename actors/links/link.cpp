#include "link.hpp"
#include "../../messages/thrown.hpp"

#include <exception>
#include <stdexcept>

namespace tandem {

namespace {

template <class Peer>
void accept_single(Peer& to, typename Peer::ticket ticket) {
  std::vector<typename Peer::ticket> tickets;
  tickets.push_back(std::move(ticket));
  if (auto refused = to.accept(std::move(tickets)); !refused.empty())
    throw std::runtime_error{refused.front().reason};
}

} // namespace

void fore_peer::rear_lost(const std::string&) {
}

void fore_peer::rear_ready() {
}

void fore_peer::rear_draining(std::shared_ptr<void>) {
}

void fore_peer::rear_news(const link_news&) {
}

void rear_peer::fore_lost(const std::string&) {
}

void rear_peer::fore_news(const link_news&) {
}

void accept_one(fore_peer& to, back_to_front_ticket ticket) {
  accept_single(to, std::move(ticket));
}

void accept_one(rear_peer& to, front_to_back_ticket ticket) {
  accept_single(to, std::move(ticket));
}

std::string current_reason(const std::string& who) {
  try {
    throw;
  } catch (const std::exception&) {
    return thrown_text();
  } catch (...) {
    return who + " threw " + thrown_text();
  }
}

} // namespace tandem
