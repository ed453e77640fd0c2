#include "end_world.hpp"

#include <caf/actor_cast.hpp>
#include <caf/after.hpp>
#include <caf/system_messages.hpp>

namespace tandem::conformance {

namespace {

/// One shard, so that the order of tickets of several operations is defined.
end_options options_for(const end_settings& settings, const std::shared_ptr<manual_clock>& clock, bool blocking,
                        bool pools) {
  end_options result;
  if (blocking || pools)
    result.work = std::make_shared<thread_pool>(4);
  if (pools)
    result.utility = std::make_shared<thread_pool>(1);
  result.clock = clock;
  result.shards = 1;
  result.held_tickets = settings.held_tickets;
  result.window = settings.window;
  result.waiting_payloads = settings.waiting_payloads;
  result.log = [](const std::string&) {}; // scenarios throw on purpose
  return result;
}

serviced_subscription subscription_for(subscription_kind kind, const std::shared_ptr<serviced_ingestor>& ingestor) {
  switch (kind) {
    case subscription_kind::full:
      return full_serviced_subscription(ingestor);
    case subscription_kind::termination_only:
      return termination_only_serviced_subscription();
    case subscription_kind::none:
      break;
  }
  return none_serviced_subscription();
}

} // namespace

end_world::end_world(const end_systems& systems, const scenario& x, const std::shared_ptr<customer>& code, bool pools)
  : systems_(systems), code_(code) {
  if (has_end(x.topology, side::front)) {
    at_front_ = std::make_shared<end_customer>(side::front, code);
    front_.emplace(systems_.front, options_for(x.settings.at(side::front), clock_, x.needs_blocking, pools));
    at_front_->belongs_to(*front_);
  }
  if (has_end(x.topology, side::back)) {
    const auto& settings = x.settings.at(side::back);
    at_back_ = std::make_shared<end_customer>(side::back, code);
    auto options = options_for(settings, clock_, x.needs_blocking, pools);
    options.default_timeout = settings.default_timeout;
    options.maximum_timeout = settings.maximum_timeout;
    back_.emplace(systems_.back, at_back_->make_servicer(), options);
    at_back_->belongs_to(*back_);
  }
  if (systems_.traces != nullptr)
    systems_.traces->start(front_ ? &*front_ : nullptr, back_ ? &*back_ : nullptr);
}

end_world::~end_world() {
  if (systems_.traces != nullptr)
    systems_.traces->take_flight_records(front_ ? &*front_ : nullptr, back_ ? &*back_ : nullptr);
}

// -- steps --------------------------------------------------------------------------------

handle_ptr end_world::operate(const steps::operate& x) {
  auto result = std::make_shared<front_handle>();
  operate_request request{.name = x.name, .complete = x.complete, .timeout = x.timeout, .trace_id = x.trace_id};
  if (x.payload)
    request.payload = make_payload(std::string{*x.payload});
  request.subscription = subscription_for(x.subscription, at_front_->make_ingestor(result));
  result->set(front_.value().operate(std::move(request)));
  return result;
}

void end_world::add_idle_action(side which, const std::function<void()>& action) {
  if (which == side::front)
    front_.value().add_idle_action(action);
  else
    back_.value().add_idle_action(action);
}

void end_world::wait_for_idle(side which) {
  if (which == side::front)
    tandem::wait_for_idle(front_.value());
  else
    tandem::wait_for_idle(back_.value());
}

void end_world::advance(duration distance) {
  clock_->advance(distance, [this] { settle(); });
}

void end_world::settle() {
  std::vector<busy_end> ends;
  if (front_)
    ends.push_back(*front_);
  if (back_)
    ends.push_back(*back_);
  tandem::settle(ends);
}

// -- what can be seen ---------------------------------------------------------------------

std::optional<stats> end_world::end_stats(side which) const {
  if (which == side::front)
    return front_ ? std::optional{front_->operation_stats()} : std::nullopt;
  return back_ ? std::optional{back_->operation_stats()} : std::nullopt;
}

void end_world::monitor(const handle_ptr& operation, const std::string& label) {
  auto& x = observers_[label];
  x.actor = std::make_unique<caf::scoped_actor>(code_->find(side::front, operation->id()) == operation ? systems_.front
                                                                                                       : systems_.back);
  (*x.actor)->monitor(static_cast<const end_handle&>(*operation).actor());
}

/// When the ends are quiet, what monitors get is in their mailboxes.
std::vector<outcome> end_world::monitored(const std::string& label) const {
  auto entry = observers_.find(label);
  if (entry == observers_.end())
    return {};
  auto& x = entry->second;
  for (bool more = true; more;)
    (*x.actor)->receive([&](const caf::down_msg& down) { x.outcomes.push_back(outcome_of(down.reason)); },
                        caf::after(std::chrono::seconds(0)) >> [&] { more = false; });
  return x.outcomes;
}

void end_world::watch(const handle_ptr& operation) {
  const auto actor = caf::actor_cast<caf::strong_actor_ptr>(static_cast<const end_handle&>(*operation).actor());
  watched_.emplace_back(actor.get());
}

std::string end_world::left_behind() const {
  size_t alive = 0;
  for (const auto& x : watched_)
    if (x.lock())
      ++alive;
  return alive == 0 ? "" : std::to_string(alive) + " actors of operations";
}

} // namespace tandem::conformance
