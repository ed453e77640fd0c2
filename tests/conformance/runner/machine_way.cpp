#include "machine_way.hpp"
#include "plain_end.hpp"

namespace tandem::conformance {

namespace {

class machine_world final : public world {
public:
  machine_world(const scenario& x, const std::shared_ptr<customer>& code,
                const std::function<void(trace_entry)>& record) {
    if (has_end(x.topology, side::front))
      front_.emplace(loop_, code, x.settings.at(side::front)).record = record;
    if (has_end(x.topology, side::back))
      back_.emplace(loop_, code, x.settings.at(side::back)).record = record;
    connect(*to_back_, back_);
    connect(*to_front_, front_);
    for (auto which : both_sides)
      if (has_end(x.topology, which) && !x.join_later.contains(which))
        join(which, false);
  }

  handle_ptr operate(const steps::operate& x) override {
    return front_.value().operate(x);
  }

  void inject(const any_ticket& ticket) override {
    if (const auto* x = std::get_if<front_to_back_ticket>(&ticket))
      back_.value().receive(*x);
    else
      front_.value().receive(std::get<back_to_front_ticket>(ticket));
  }

  void join(side which, bool to_null_link) override {
    if (which == side::front)
      join_end(*front_, *to_back_, to_null_link);
    else
      join_end(*back_, *to_front_, to_null_link);
  }

  void add_idle_action(side which, const std::function<void()>& action) override {
    if (which == side::front)
      front_.value().add_idle_action(action);
    else
      back_.value().add_idle_action(action);
  }

  void wait_for_idle(side which) override {
    if (end_stats(which).value().ongoing != 0)
      throw scenario_error{"wait_for_idle would not return"};
  }

  void advance(duration distance) override {
    loop_.advance(distance);
  }

  void settle() override {
    loop_.run();
  }

  std::optional<stats> end_stats(side which) const override {
    if (which == side::front)
      return front_ ? std::optional{front_->end_stats()} : std::nullopt;
    return back_ ? std::optional{back_->end_stats()} : std::nullopt;
  }

  std::string left_behind() const override {
    auto at_front = front_ ? front_->left_behind() : "";
    return at_front.empty() && back_ ? back_->left_behind() : at_front;
  }

private:
  /// Tickets that the channel passes on arrive one after the other, each as a job of its own.
  template <class Ticket, class End>
  void connect(channel<Ticket>& from, std::optional<End>& to) {
    if (!to)
      return;
    from.to([this, &to](std::vector<Ticket>&& tickets) {
      for (auto& ticket : tickets)
        loop_.post([&to, ticket = std::move(ticket)]() mutable { to->receive(std::move(ticket)); });
      return std::vector<refusal>{};
    });
  }

  template <class End, class Ticket>
  void join_end(End& end, channel<Ticket>& link, bool to_null_link) {
    if (to_null_link)
      end.join([](std::vector<Ticket>&&) { return std::vector<refusal>{}; });
    else
      end.join([&link](std::vector<Ticket>&& tickets) { return link.accept(std::move(tickets)); });
  }

  plain_loop loop_;
  std::optional<plain_end<core::front_side>> front_;
  std::optional<plain_end<core::back_side>> back_;
};

} // namespace

std::optional<std::string> machine_way::obstacle(const scenario& x) const {
  if (x.topology == topology::link_only)
    return "link only";
  if (x.topology == topology::in_memory_link)
    return "in-memory link";
  if (x.needs_monitor)
    return "monitor";
  return std::nullopt;
}

std::unique_ptr<world> machine_way::make_world(const scenario& x, std::shared_ptr<customer> code) {
  return std::make_unique<machine_world>(x, code, record_);
}

} // namespace tandem::conformance
