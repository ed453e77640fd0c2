#include "../front_end.hpp"
#include "../../messages/time.hpp"
#include "../configuration.hpp"
#include "../moved_from.hpp"
#include "basic_end.hpp"
#include "front_shard.hpp"
#include "message_api.hpp"

namespace tandem {

// -- the implementation: a fore link that spreads tickets over shards ------------------------

class front_end::engine final : public basic_end<front_shard, fore_link> {
public:
  engine(caf::actor_system& system, const end_options& options)
    : basic_end(system, options, trace_side::front), default_timeout_(options.default_timeout) {
    const uint64_t front = random_bits(); // S-TICKET-5
    const size_t count = shard_count(system, context_->options());
    for (size_t i = 0; i < count; ++i)
      shards_.push_back(std::make_shared<front_shard>(context_, static_cast<uint32_t>(i), front));
  }

  operation operate(operate_request x) {
    check_request(x);
    if (context_->is_draining())
      throw std::logic_error{"operate: the front end is stopping"};
    auto& shard = choose_shard();
    const auto beginning = context_->now();
    core::settings settings{shard.make_id(), x.subscription.kind, context_->options().held_tickets,
                            beginning,       default_timeout_,    longest_timeout,
                            context_->flow()};
    settings.flow.window = x.window.value_or(settings.flow.window);
    auto result = compat::make_light_actor<shard_operation<core::front_side>>(
      context_->system(), shard.shared_from_this(), settings.operation, x.trace_id, x.name,
      side_parts<core::front_side>{std::move(x.subscription.ingestor)});
    result->set_deadline(beginning + x.timeout.value_or(default_timeout_)); // the caller may ask before it has begun
    result->set_subscription(settings.subscription);
    result->set_most_large_bytes(settings.flow.window_bytes);
    result->begin_output(x.payload.has_value(), x.complete);
    result->set_allowed(core::allowed_to_front_at_first(settings));
    if (x.parent)
      result->set_parent(*x.parent);
    else if (const auto* outer = customer_scope::current())
      result->set_parent(outer->operation());
    core::commencement commencement{std::move(x.name), std::move(x.payload), x.complete, x.timeout, x.trace_id};
    context_->operation_began();
    const bool waits = x.wait_for_link;
    const bool begun
      = shard.run_soon(*result, [&shard, result, settings, c = std::move(commencement), waits]() mutable {
          shard.begin(std::move(result), settings, std::move(c), waits);
        });
    if (!begun) {
      context_->operation_ended();
      context_->done_with(1);
      throw std::logic_error{"operate: the front end has been stopped"};
    }
    return operation{result};
  }

  void join_rear_link(std::shared_ptr<rear_peer> peer) override {
    if (peer == nullptr)
      throw std::invalid_argument{"join_rear_link: link must not be null"};
    for (auto& shard : shards_)
      shard->run_soon([shard, peer] { shard->links().join(0, peer); });
  }

  void rear_lost(const std::string& details) override {
    context_->congested().set(0, false);
    for (auto& shard : shards_)
      shard->post_in_order([shard, details] { // an operation may be complete by what has come for it
        shard->links().lose(0, details);
      });
  }

  void rear_ready() override {
    for (auto& shard : shards_)
      shard->post_in_order([shard] { shard->links().ready(0); });
  }

  void rear_news(const link_news& x) override {
    take_news(0, x);
  }

private:
  static void check_request(const operate_request& x) {
    if (x.name.empty())
      throw std::invalid_argument{"operate: name must not be empty"};
    if (x.name.size() > longest_name)
      throw std::invalid_argument{"operate: name must be at most " + std::to_string(longest_name) + " bytes, got "
                                  + std::to_string(x.name.size())};
    if (x.timeout)
      check_duration("operate: timeout", *x.timeout);
    if (!valid(x.subscription.kind))
      throw std::invalid_argument{"operate: subscription must be full, termination only or none"};
    const bool full = x.subscription.kind == subscription_kind::full;
    if (full && x.subscription.ingestor == nullptr)
      throw std::invalid_argument{"operate: a full subscription needs an ingestor"};
    if (!full && x.subscription.ingestor != nullptr)
      throw std::invalid_argument{"operate: only a full subscription takes an ingestor"};
  }

  /// The shard that is calling, so that an operation commenced by another's customer code needs no message; else the
  /// next in turn.
  front_shard& choose_shard() {
    for (auto& shard : shards_)
      if (shard->is_current())
        return *shard;
    return *shards_[next_.fetch_add(1, std::memory_order_relaxed) % shards_.size()];
  }

  caf::message answer(const compat::envelope& what) override {
    if (is_message<commence>(what.content))
      return begin(what, what.content.get_as<commence>(0));
    return {};
  }

  caf::message begin(const compat::envelope& from, const commence& x) {
    try {
      serviced_subscription subscription{x.subscription, nullptr};
      if (x.subscription == subscription_kind::full)
        subscription.ingestor = make_actor_ingestor(from.sender);
      auto result
        = operate({x.name, x.payload, x.complete, x.timeout, std::move(subscription), x.trace_id, x.wait_for_link});
      return caf::make_message(result.handle());
    } catch (const std::exception& e) {
      return caf::make_message(caf::make_error(caf::sec::invalid_argument, std::string{e.what()}));
    }
  }

  duration default_timeout_;
  std::atomic<size_t> next_{0};
};

// -- the handle ---------------------------------------------------------------------------

front_end::front_end(caf::actor_system& system) : front_end(system, configured_front_options(system)) {
}

front_end::front_end(caf::actor_system& system, end_options options) {
  check_front_options(options);
  owner_ = std::make_shared<end_owner<engine>>(std::make_shared<engine>(system, options));
  owner_->end->start("tandem.front-end");
}

end_owner<front_end::engine>& front_end::owner() const {
  return held_by(owner_, "front_end");
}

operation front_end::operate(operate_request request) const {
  return owner().end->operate(std::move(request));
}

void front_end::join_rear_link(std::shared_ptr<rear_peer> link) const {
  owner().end->join_rear_link(std::move(link));
}

std::shared_ptr<fore_link> front_end::link() const {
  return owner().end;
}

stats front_end::operation_stats() const {
  return owner().end->operation_stats();
}

void front_end::add_idle_action(std::function<void()> action) const {
  owner().end->add_idle_action(std::move(action));
}

void front_end::stop() const {
  owner().end->context()->drain(); // from now on operate() throws
  owner().stop();
}

void front_end::stop(duration grace) const {
  check_duration("stop: grace", grace);
  owner().end->drain(grace);
}

caf::actor front_end::handle() const {
  return owner().end->handle();
}

std::string front_end::operations(size_t most) const {
  return await_answer<nlohmann::json>([&](auto done) { owner().end->list_operations(most, done); }).dump();
}

std::string front_end::flight_record() const {
  return await_answer<std::string>([&](auto done) { owner().end->list_flight(done); });
}

trace_recorder& front_end::recorder() const {
  return *owner().end->context()->recorder();
}

front_end::operator busy_end() const {
  return {owner().end->context()};
}

void wait_for_idle(const abstract_end& end) {
  if (trampoline::runs_shards())
    throw std::logic_error{"wait_for_idle: in customer code it would wait for itself; use add_idle_action"};
  auto idle = std::make_shared<std::promise<void>>();
  auto reached = idle->get_future();
  end.add_idle_action([idle] { idle->set_value(); });
  reached.wait();
}

} // namespace tandem
