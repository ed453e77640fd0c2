#include "ways_back.hpp"

namespace tandem_test {

using namespace tandem;

class ways_back::way final : public relay_link {
public:
  explicit way(std::weak_ptr<ways_back> all) : all_(std::move(all)) {
  }

protected:
  void intercept(std::vector<front_to_back_ticket>& tickets) override {
    auto all = all_.lock();
    if (all == nullptr)
      return;
    {
      std::lock_guard guard{all->mutex_};
      for (const auto& x : tickets)
        all->of_operation_[x.operation] = this;
    }
    all->came_.notify_all();
  }

private:
  std::weak_ptr<ways_back> all_;
};

std::shared_ptr<duplex_link> ways_back::add_way() {
  auto result = std::make_shared<way>(weak_from_this());
  std::shared_ptr<rear_peer> back;
  {
    std::lock_guard guard{mutex_};
    ways_.push_back(result);
    back = back_;
  }
  if (back)
    result->join_rear_link(back);
  return result;
}

void ways_back::join_rear_link(const std::shared_ptr<rear_peer>& back) {
  std::vector<std::shared_ptr<way>> ways;
  {
    std::lock_guard guard{mutex_};
    back_ = back;
    ways = ways_;
  }
  for (auto& x : ways)
    x->join_rear_link(back);
}

std::vector<refusal> ways_back::accept(std::vector<back_to_front_ticket>&& tickets) {
  return accept_each(std::move(tickets), [this](back_to_front_ticket&& ticket) {
    auto& way = way_of(ticket.operation);
    accept_one(way, std::move(ticket));
  });
}

ways_back::way& ways_back::way_of(const operation_id& operation) {
  std::unique_lock lock{mutex_};
  auto found = of_operation_.end();
  came_.wait_for(lock, patience_, [&] { return (found = of_operation_.find(operation)) != of_operation_.end(); });
  return found != of_operation_.end() ? *found->second : *ways_.front();
}

} // namespace tandem_test
