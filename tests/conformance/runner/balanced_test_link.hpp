/// Several backs behind a balanced link that are in truth one and the same, so that scenarios may do to its tickets
/// what they do to those of the test link.
#pragma once

#include "../../../actors/links/balanced_link.hpp"
#include "test_link.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace tandem::conformance {

/// Which of the backs got which operation. Any thread.
class balanced_ways {
public:
  void note(const std::vector<front_to_back_ticket>& tickets, const std::weak_ptr<fore_peer>& way_back) {
    std::lock_guard guard{mutex_};
    for (const auto& ticket : tickets)
      ways_[ticket.operation] = way_back;
  }

  /// To the front, through the back that has the operation; null if none has it.
  std::shared_ptr<fore_peer> find(const operation_id& operation) const {
    std::lock_guard guard{mutex_};
    const auto entry = ways_.find(operation);
    return entry == ways_.end() ? nullptr : entry->second.lock();
  }

private:
  mutable std::mutex mutex_;
  std::map<operation_id, std::weak_ptr<fore_peer>> ways_;
};

/// One of the backs.
class balanced_member final : public rear_link, public std::enable_shared_from_this<balanced_member> {
public:
  balanced_member(std::shared_ptr<test_link> to, std::shared_ptr<balanced_ways> ways)
    : to_(std::move(to)), ways_(std::move(ways)) {
  }

  std::vector<refusal> accept(std::vector<front_to_back_ticket>&& tickets) override {
    ways_->note(tickets, way_back_);
    return to_->accept(std::move(tickets));
  }

  void join_fore_link(std::shared_ptr<fore_peer> peer) override {
    way_back_ = peer;
  }

  caf::actor handle(caf::actor_system& system) override {
    return address_.get(system, *this);
  }

private:
  std::shared_ptr<test_link> to_;
  std::shared_ptr<balanced_ways> ways_;
  std::weak_ptr<fore_peer> way_back_;
  link_address address_;
};

inline std::shared_ptr<balanced_link> make_balanced(const std::shared_ptr<test_link>& to,
                                                    const std::shared_ptr<balanced_ways>& ways) {
  auto result = balanced_link::make();
  for (const auto* name : {"one", "two", "three"})
    result->add(std::make_shared<balanced_member>(to, ways), name);
  return result;
}

/// Each ticket through the back that has its operation; `front` gets those that none has.
inline std::vector<refusal> pass_back(const balanced_ways& ways, fore_peer& front,
                                      std::vector<back_to_front_ticket>&& tickets) {
  std::vector<refusal> result;
  for (auto& ticket : tickets) {
    const auto way = ways.find(ticket.operation);
    for (auto& x : (way ? *way : front).accept({std::move(ticket)}))
      result.push_back(std::move(x));
  }
  return result;
}

} // namespace tandem::conformance
