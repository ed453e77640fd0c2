/// The test link between two ends in one process: a channel in each direction.
#pragma once

#include "channel.hpp"

#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

namespace tandem::conformance {

/// Its world says where tickets go (channel::to), so that it need not be joined.
class test_link final : public duplex_link {
public:
  test_link(std::shared_ptr<channel<front_to_back_ticket>> to_back,
            std::shared_ptr<channel<back_to_front_ticket>> to_front)
    : to_back_(std::move(to_back)), to_front_(std::move(to_front)) {
  }

  void accept(front_to_back_ticket ticket) override {
    pass(*to_back_, std::move(ticket));
  }
  void accept(back_to_front_ticket ticket) override {
    pass(*to_front_, std::move(ticket));
  }
  std::vector<refusal> accept_all(std::vector<front_to_back_ticket>&& tickets) override {
    return to_back_->accept_all(std::move(tickets));
  }
  std::vector<refusal> accept_all(std::vector<back_to_front_ticket>&& tickets) override {
    return to_front_->accept_all(std::move(tickets));
  }

  void join_rear_link(std::shared_ptr<rear_link>) override {
    throw std::logic_error{"the test link is joined by its world"};
  }
  void join_fore_link(std::shared_ptr<fore_link>) override {
    throw std::logic_error{"the test link is joined by its world"};
  }

private:
  template <class Ticket>
  static void pass(channel<Ticket>& to, Ticket ticket) {
    if (auto refused = to.accept_all({std::move(ticket)}); !refused.empty())
      throw std::runtime_error{refused.front().reason};
  }

  std::shared_ptr<channel<front_to_back_ticket>> to_back_;
  std::shared_ptr<channel<back_to_front_ticket>> to_front_;
};

} // namespace tandem::conformance
