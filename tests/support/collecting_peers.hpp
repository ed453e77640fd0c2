/// Peers for tests of links: they write down what they get.
#pragma once

#include "../../actors/links/link.hpp"
#include "ticket_builders.hpp"
#include "world.hpp"

#include <functional>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace tandem_test {

/// Notes each ticket as "OPERATION: TICKET", where OPERATION is the low half of its id.
template <class Peer>
class collecting_peer final : public Peer {
public:
  using ticket = typename Peer::ticket;

  std::shared_ptr<journal> tickets = std::make_shared<journal>();
  std::set<uint64_t> refused{};           ///< operations of which it takes nothing: "not 7"
  std::function<void()> before = nullptr; ///< called first, in the thread that brings tickets

  std::vector<tandem::refusal> accept(std::vector<ticket>&& arrived) override {
    if (before)
      before();
    return tandem::accept_each(std::move(arrived), [this](ticket&& x) {
      if (refused.contains(x.operation.low))
        throw std::runtime_error{"not " + std::to_string(x.operation.low)};
      tickets->note(std::to_string(x.operation.low) + ": " + written(x));
    });
  }
};

using collecting_front = collecting_peer<tandem::fore_peer>;
using collecting_back = collecting_peer<tandem::rear_peer>;

template <class Ticket>
Ticket of(uint64_t operation, Ticket ticket) {
  ticket.operation.low = operation;
  return ticket;
}

} // namespace tandem_test
