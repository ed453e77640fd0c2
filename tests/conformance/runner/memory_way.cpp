#include "memory_way.hpp"
#include "../../../actors/links/in_memory_link.hpp"
#include "../../../actors/links/null_links.hpp"
#include "balanced_test_link.hpp"
#include "end_world.hpp"
#include "link_world.hpp"
#include "test_link.hpp"

namespace tandem::conformance {

namespace {

class memory_world final : public end_world {
public:
  memory_world(const end_systems& systems, const scenario& x, const std::shared_ptr<customer>& code, bool pools,
               bool balanced)
    : end_world(systems, x, code, pools), balanced_(balanced ? make_balanced(link_, ways_) : nullptr) {
    if (x.topology == topology::in_memory_link) {
      tandem::join(*front_, std::make_shared<in_memory_link>(), *back_);
      return;
    }
    if (back_)
      to_back_->to(
        [end = back_->link()](std::vector<front_to_back_ticket>&& tickets) { return end->accept(std::move(tickets)); });
    if (front_)
      to_front_->to([end = front_->link(), ways = ways_](std::vector<back_to_front_ticket>&& tickets) {
        return pass_back(*ways, *end, std::move(tickets));
      });
    for (auto which : both_sides)
      if (has_end(x.topology, which) && !x.join_later.contains(which))
        memory_world::join(which, false);
  }

  void inject(const any_ticket& ticket) override {
    if (const auto* x = std::get_if<front_to_back_ticket>(&ticket))
      accept_one(*back_.value().link(), *x);
    else
      accept_one(*front_.value().link(), std::get<back_to_front_ticket>(ticket));
  }

  void join(side which, bool to_null_link) override {
    if (which == side::front && !to_null_link && balanced_) {
      front_.value().join_rear_link(balanced_);
      balanced_->join_fore_link(front_->link());
    } else if (which == side::front)
      front_.value().join_rear_link(to_null_link ? std::shared_ptr<rear_peer>{std::make_shared<null_rear_link>()}
                                                 : link_);
    else
      back_.value().join_fore_link(to_null_link ? std::shared_ptr<fore_peer>{std::make_shared<null_fore_link>()}
                                                : link_);
  }

private:
  std::shared_ptr<test_link> link_ = std::make_shared<test_link>(to_back_, to_front_);
  std::shared_ptr<balanced_ways> ways_ = std::make_shared<balanced_ways>();
  std::shared_ptr<balanced_link> balanced_; // null: the front is joined to the test link
};

} // namespace

system_config& with_few_threads(system_config& config) {
  compat::set_option(config, "scheduler.max-threads", size_t{2});
  return config;
}

memory_way::memory_way(bool pools, bool balanced)
  : pools_(pools), balanced_(balanced), system_(with_few_threads(config_)) {
}

std::optional<std::string> memory_way::obstacle(const scenario& x) const {
  if (balanced_ && x.topology == topology::link_only)
    return "link only";
  return balanced_ && x.topology == topology::in_memory_link ? std::optional{"in-memory link"} : std::nullopt;
}

std::unique_ptr<world> memory_way::make_world(const scenario& x, std::shared_ptr<customer> code) {
  if (x.topology == topology::link_only)
    return std::make_unique<link_world>();
  return std::make_unique<memory_world>(end_systems{system_, system_, traces()}, x, code, pools_, balanced_);
}

} // namespace tandem::conformance
