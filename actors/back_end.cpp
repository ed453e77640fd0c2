#include <tandem/actors/back_end.hpp>
#include <tandem/actors/back_shard.hpp>
#include <tandem/actors/distribute.hpp>
#include <tandem/actors/front_end.hpp>
#include <tandem/actors/links/in_memory_link.hpp>
#include <tandem/actors/message_api.hpp>
#include <tandem/actors/proxy_actor.hpp>
#include <tandem/messages/type_ids.hpp>

#include <caf/sec.hpp>
#include <caf/system_messages.hpp>

#include <stdexcept>

namespace tandem {

// -- the implementation: a rear link that spreads tickets over shards ------------------------

class back_end::implementation : public rear_link, public std::enable_shared_from_this<implementation> {
public:
  implementation(caf::actor_system& system, std::shared_ptr<servicer> services, const back_options& options)
    : state_(std::make_shared<end_state>(system, options.common())) {
    const size_t count = shard_count(system, state_->options());
    for (size_t i = 0; i < count; ++i)
      shards_.push_back(std::make_shared<back_shard>(state_, static_cast<uint32_t>(i), services, options));
  }

  /// Apart from the constructor because it needs shared_from_this.
  void start() {
    for (auto& shard : shards_)
      shard->start();
    actor_ = compat::make_light_actor<proxy_actor>(
      state_->system(), "tandem.back-end", [weak = weak_from_this()](compat::envelope what) {
        if (auto self = weak.lock())
          self->receive(std::move(what));
      });
  }

  stats operation_stats() const {
    return total_stats(shards_, state_->ongoing());
  }

  const std::shared_ptr<end_state>& state() const {
    return state_;
  }

  caf::actor handle() {
    return compat::handle_of(*actor_);
  }

  std::shared_ptr<rear_link> make_port();

  void stop() {
    for (auto& shard : shards_)
      shard->post([shard] { shard->stop(); });
    actor_->end(caf::exit_reason::user_shutdown);
  }

  /// The actor that is the servicer has ended: nobody works on these operations any more.
  void servicer_lost(const std::string& details) {
    for (auto& shard : shards_)
      shard->post([shard, details] { shard->fail_all(details); });
  }

  // -- rear link, by lane -----------------------------------------------------------------

  void accept_from(lane_id lane, std::vector<front_to_back_ticket>&& tickets, std::vector<std::string> faults) {
    distribute(shards_, std::move(tickets), std::move(faults), lane);
  }

  void join_lane(lane_id lane, const std::shared_ptr<fore_link>& peer) {
    if (peer == nullptr)
      throw std::invalid_argument{"join_fore_link: link must not be null"};
    for (auto& shard : shards_)
      shard->run_soon([shard, lane, peer] { shard->join(lane, peer); });
  }

  void lose_lane(lane_id lane, const std::string& details) {
    for (auto& shard : shards_)
      shard->post([shard, lane, details] { shard->lose(lane, details); });
  }

  void close_lane(lane_id lane) {
    for (auto& shard : shards_)
      shard->post([shard, lane] { shard->close(lane, "its link is gone"); });
  }

  // -- rear link --------------------------------------------------------------------------

  void accept(front_to_back_ticket ticket) override {
    std::vector<front_to_back_ticket> tickets;
    tickets.push_back(std::move(ticket));
    accept_from(0, std::move(tickets), {});
  }

  std::vector<refusal> accept_all(std::vector<front_to_back_ticket>&& tickets) override {
    accept_from(0, std::move(tickets), {});
    return {};
  }

  void accept_faulty(std::vector<front_to_back_ticket>&& tickets, std::vector<std::string> faults) override {
    accept_from(0, std::move(tickets), std::move(faults));
  }

  void join_fore_link(std::shared_ptr<fore_link> peer) override {
    join_lane(0, peer);
  }

  void fore_lost(const std::string& details) override {
    lose_lane(0, details);
  }

private:
  void receive(compat::envelope what) {
    const auto& content = what.content;
    if (is_message<get_stats>(content))
      compat::respond(what, actor_->strong(), caf::make_message(operation_stats()));
    else if (is_message<std::vector<front_to_back_ticket>>(content))
      accept_all(std::vector<front_to_back_ticket>{content.get_as<std::vector<front_to_back_ticket>>(0)});
    else if (is_message<front_to_back_ticket>(content))
      accept(content.get_as<front_to_back_ticket>(0));
    else if (is_message<caf::exit_msg>(content))
      stop();
    else
      compat::respond(what, actor_->strong(), caf::make_message(caf::make_error(caf::sec::unexpected_message)));
  }

  std::shared_ptr<end_state> state_;
  std::vector<std::shared_ptr<back_shard>> shards_;
  std::atomic<lane_id> next_lane_{1};
  compat::light_ptr<proxy_actor> actor_;
};

/// A rear link of its own into a back. Keeps the back's implementation, not the back running.
class back_end::port final : public rear_link {
public:
  port(std::shared_ptr<implementation> back, lane_id lane) : back_(std::move(back)), lane_(lane) {
  }

  ~port() override {
    back_->close_lane(lane_);
  }

  void accept(front_to_back_ticket ticket) override {
    std::vector<front_to_back_ticket> tickets;
    tickets.push_back(std::move(ticket));
    back_->accept_from(lane_, std::move(tickets), {});
  }

  std::vector<refusal> accept_all(std::vector<front_to_back_ticket>&& tickets) override {
    back_->accept_from(lane_, std::move(tickets), {});
    return {};
  }

  void accept_faulty(std::vector<front_to_back_ticket>&& tickets, std::vector<std::string> faults) override {
    back_->accept_from(lane_, std::move(tickets), std::move(faults));
  }

  void join_fore_link(std::shared_ptr<fore_link> peer) override {
    back_->join_lane(lane_, peer);
  }

  void fore_lost(const std::string& details) override {
    back_->lose_lane(lane_, details);
  }

private:
  std::shared_ptr<implementation> back_;
  lane_id lane_;
};

std::shared_ptr<rear_link> back_end::implementation::make_port() {
  return std::make_shared<port>(shared_from_this(), next_lane_.fetch_add(1));
}

// -- the handle ---------------------------------------------------------------------------

/// Stops the end when the last handle goes. Links share the implementation, not this: they do not keep an end running.
struct back_end::owner {
  std::shared_ptr<implementation> end;
  std::atomic<bool> stopped{false};

  ~owner() {
    if (stopped.exchange(true))
      return;
    end->stop();
    end->state()->await_stopped();
  }
};

back_end::back_end(caf::actor_system& system, std::shared_ptr<servicer> services, back_options options) {
  check_options(options.common());
  if (services == nullptr)
    throw std::invalid_argument{"back_end: services must not be null"};
  if (options.default_timeout <= duration::zero())
    throw std::invalid_argument{"back_options: default_timeout must be more than zero"};
  if (options.maximum_timeout <= duration::zero())
    throw std::invalid_argument{"back_options: maximum_timeout must be more than zero"};
  owner_ = std::make_shared<owner>();
  owner_->end = std::make_shared<implementation>(system, std::move(services), options);
  owner_->end->start();
}

back_end::back_end(caf::actor_system& system, caf::actor services, back_options options)
  : back_end(system, services ? make_actor_servicer(services) : nullptr, std::move(options)) {
  services->attach_functor([weak = std::weak_ptr{owner_->end}](const caf::error& reason) {
    if (auto end = weak.lock())
      end->servicer_lost("the servicer's actor ended: " + caf::to_string(reason));
  });
}

stats back_end::operation_stats() const {
  return owner_->end->operation_stats();
}

void back_end::add_idle_action(std::function<void()> action) const {
  if (!action)
    throw std::invalid_argument{"add_idle_action: action must not be empty"};
  owner_->end->state()->add_idle_action(std::move(action));
}

void back_end::join_fore_link(std::shared_ptr<fore_link> link) const {
  owner_->end->join_fore_link(std::move(link));
}

std::shared_ptr<rear_link> back_end::link() const {
  return owner_->end;
}

std::shared_ptr<rear_link> back_end::make_port() const {
  return owner_->end->make_port();
}

std::function<std::shared_ptr<rear_link>()> back_end::port_maker() const {
  return [weak = std::weak_ptr{owner_->end}]() -> std::shared_ptr<rear_link> {
    if (auto end = weak.lock())
      return end->make_port();
    throw std::runtime_error{"the back end is gone"};
  };
}

caf::actor back_end::handle() const {
  return owner_->end->handle();
}

void back_end::stop() const {
  if (!owner_->stopped.exchange(true))
    owner_->end->stop();
}

back_end::operator busy_end() const {
  return {owner_->end->state()};
}

void wait_for_idle(const back_end& end) {
  wait_for_idle_action([&](std::function<void()> f) { end.add_idle_action(std::move(f)); });
}

// -- joining ------------------------------------------------------------------------------

void join(const front_end& front, const back_end& back) {
  join(front, std::make_shared<in_memory_link>(), back);
}

void join(const front_end& front, const std::shared_ptr<duplex_link>& link, const back_end& back) {
  if (link == nullptr)
    throw std::invalid_argument{"join: link must not be null"};
  link->join_fore_link(front.link());
  link->join_rear_link(back.link());
  front.join_rear_link(link);
  back.join_fore_link(link);
}

} // namespace tandem
