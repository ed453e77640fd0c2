/// The test link between two ends in one process: a channel in each direction.
#pragma once

#include "channel.hpp"

#include <memory>
#include <utility>
#include <vector>

namespace tandem::conformance {

/// Its world says where tickets go (channel::to), so that it need not be joined.
class test_link final : public fore_peer, public rear_peer {
public:
  test_link(std::shared_ptr<channel<front_to_back_ticket>> to_back,
            std::shared_ptr<channel<back_to_front_ticket>> to_front)
    : to_back_(std::move(to_back)), to_front_(std::move(to_front)) {
  }

  std::vector<refusal> accept(std::vector<front_to_back_ticket>&& tickets) override {
    return to_back_->accept(std::move(tickets));
  }
  std::vector<refusal> accept(std::vector<back_to_front_ticket>&& tickets) override {
    return to_front_->accept(std::move(tickets));
  }

private:
  std::shared_ptr<channel<front_to_back_ticket>> to_back_;
  std::shared_ptr<channel<back_to_front_ticket>> to_front_;
};

} // namespace tandem::conformance
