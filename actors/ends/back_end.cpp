#include "../back_end.hpp"
#include "../../messages/time.hpp"
#include "../configuration.hpp"
#include "../front_end.hpp"
#include "../links/in_memory_link.hpp"
#include "../links/inform.hpp"
#include "../moved_from.hpp"
#include "back_shard.hpp"
#include "basic_end.hpp"
#include "message_api.hpp"

#include <map>
#include <mutex>

namespace tandem {

// -- the engine: a rear link that spreads tickets over shards ------------------------

class back_end::engine final : public basic_end<back_shard, rear_link> {
public:
  engine(caf::actor_system& system, const std::shared_ptr<servicer>& services, const end_options& options)
    : basic_end(system, options, trace_side::back), maximum_operations(options.maximum_operations) {
    const size_t count = shard_count(system, context_->options());
    for (size_t i = 0; i < count; ++i)
      shards_.push_back(std::make_shared<back_shard>(context_, static_cast<uint32_t>(i), services, options));
  }

  const uint64_t maximum_operations;

  std::shared_ptr<rear_link> make_port(node_description front);

  /// The servicer's actor has ended: no code works on these operations any more.
  void servicer_lost(const std::string& details) {
    for (auto& shard : shards_)
      shard->post([shard, details] { shard->fail_all(details); });
  }

  // -- rear link, by lane -----------------------------------------------------------------

  std::vector<refusal> accept(std::vector<front_to_back_ticket>&& tickets) override {
    return accept_from(0, std::move(tickets));
  }

  /// New operations are refused also when the shards have stopped (S-END-12).
  std::vector<refusal> accept_from(lane_id lane, std::vector<front_to_back_ticket>&& tickets) {
    std::vector<refusal> result;
    for (const auto& x : distribute(shards_, std::move(tickets), lane))
      if (is_first(x.kind))
        result.push_back({x.operation, std::string{refused_prefix} + back_shard::has_stopped});
    return result;
  }

  void join_lane(lane_id lane, const std::shared_ptr<fore_peer>& peer) {
    if (peer == nullptr)
      throw std::invalid_argument{"join_fore_link: link must not be null"};
    for (auto& shard : shards_)
      shard->run_soon([shard, lane, peer] { shard->links().join(lane, peer); });
    bool late = false;
    {
      std::lock_guard guard{mutex_};
      late = is_leaving_;
      if (!late)
        fronts_[lane] = peer;
    }
    if (late)
      inform("rear_draining", [&] { peer->rear_draining(nullptr); });
  }

  void lose_lane(lane_id lane, const std::string& details) {
    forget_front(lane);
    for (auto& shard : shards_)
      shard->post_in_order([shard, lane, details] { // an operation may be complete by what has come for it
        shard->links().lose(lane, details);
      });
  }

  void close_lane(lane_id lane) {
    forget_front(lane);
    for (auto& shard : shards_)
      shard->post_in_order([shard, lane] { shard->links().close(lane, "its link is gone"); });
  }

  // -- rear link: lane 0 ------------------------------------------------------------------

  void join_fore_link(std::shared_ptr<fore_peer> peer) override {
    join_lane(0, peer);
  }

  void fore_lost(const std::string& details) override {
    lose_lane(0, details);
  }

  void fore_news(const link_news& x) override {
    take_news(0, x);
  }

  // -- leaving (S-END-14) -------------------------------------------------------------------

  void stop() override {
    basic_end::stop();
    tell_fronts();
    refuse_new();
  }

  void leave(duration grace) {
    tell_fronts();
    drain(grace);
  }

protected:
  void half_of_grace_over() override {
    refuse_new();
  }

private:
  /// New operations are refused when all fronts have heeded it.
  void tell_fronts() {
    std::map<lane_id, std::weak_ptr<fore_peer>> fronts;
    {
      std::lock_guard guard{mutex_};
      if (std::exchange(is_leaving_, true))
        return;
      fronts.swap(fronts_);
      not_idle_ = context_->hold();
    }
    const std::shared_ptr<void> heeded{nullptr, [weak = std::weak_ptr{shared_from_this()}](void*) {
                                         if (const auto self = std::static_pointer_cast<engine>(weak.lock()))
                                           self->refuse_new();
                                       }};
    for (const auto& [lane, weak] : fronts)
      if (const auto front = weak.lock())
        inform("rear_draining", [&] { front->rear_draining(heeded); });
  }

  void refuse_new() {
    std::shared_ptr<void> until_done;
    {
      std::lock_guard guard{mutex_};
      until_done.swap(not_idle_);
    }
    for (auto& shard : shards_)
      shard->post_in_order([shard, until_done] { shard->refuse_new(); }); // what has come up to now begins
  }

  void forget_front(lane_id lane) {
    context_->congested().set(lane, false);
    std::lock_guard guard{mutex_};
    fronts_.erase(lane);
  }

  std::atomic<lane_id> next_lane_{1};
  std::mutex mutex_; // guards what follows
  std::map<lane_id, std::weak_ptr<fore_peer>> fronts_;
  bool is_leaving_ = false;
  std::shared_ptr<void> not_idle_; ///< from the beginning of the leave until new operations are refused
};

/// A rear link of its own into a back. It shares the back's engine, but does not keep the back running.
class back_end::port final : public rear_link, public std::enable_shared_from_this<port> {
public:
  port(std::shared_ptr<engine> back, lane_id lane) : back_(std::move(back)), lane_(lane) {
  }

  ~port() override {
    back_->close_lane(lane_);
  }

  std::vector<refusal> accept(std::vector<front_to_back_ticket>&& tickets) override {
    return back_->accept_from(lane_, std::move(tickets));
  }

  void join_fore_link(std::shared_ptr<fore_peer> peer) override {
    back_->join_lane(lane_, peer);
  }

  void fore_lost(const std::string& details) override {
    back_->lose_lane(lane_, details);
  }

  void fore_news(const link_news& x) override {
    back_->take_news(lane_, x);
  }

  caf::actor handle(caf::actor_system& system) override {
    return address_.get(system, *this);
  }

private:
  std::shared_ptr<engine> back_;
  lane_id lane_;
  link_address address_;
};

std::shared_ptr<rear_link> back_end::engine::make_port(node_description front) {
  {
    std::lock_guard guard{mutex_};
    if (is_leaving_)
      throw std::runtime_error{"the back is draining"};
  }
  const lane_id lane = next_lane_.fetch_add(1);
  const bool is_limited = front.operations > 0 || front.waiting_bytes > 0;
  auto limit = is_limited ? std::make_shared<lane_limit>(front.operations, front.waiting_bytes) : nullptr;
  auto peer = std::make_shared<const node_description>(std::move(front));
  for (auto& shard : shards_)
    shard->post([shard, lane, peer, limit] { shard->links().name_peer(lane, peer, limit); });
  return std::make_shared<port>(std::static_pointer_cast<engine>(shared_from_this()), lane);
}

// -- the handle ---------------------------------------------------------------------------

back_end::back_end(caf::actor_system& system, std::shared_ptr<servicer> services)
  : back_end(system, std::move(services), configured_back_options(system)) {
}

back_end::back_end(caf::actor_system& system, caf::actor services)
  : back_end(system, std::move(services), configured_back_options(system)) {
}

back_end::back_end(caf::actor_system& system, std::shared_ptr<servicer> services, end_options options) {
  check_back_options(options);
  if (services == nullptr)
    throw std::invalid_argument{"back_end: services must not be null"};
  owner_ = std::make_shared<end_owner<engine>>(std::make_shared<engine>(system, services, options));
  owner_->end->start("tandem.back-end");
}

back_end::back_end(caf::actor_system& system, caf::actor services, end_options options)
  : back_end(system, services ? make_actor_servicer(services) : nullptr, std::move(options)) {
  services->attach_functor([weak = std::weak_ptr{owner_->end}](const caf::error& reason) {
    if (auto end = weak.lock())
      end->servicer_lost("the servicer's actor ended: " + caf::to_string(reason));
  });
}

end_owner<back_end::engine>& back_end::owner() const {
  return held_by(owner_, "back_end");
}

void back_end::join_fore_link(std::shared_ptr<fore_peer> link) const {
  owner().end->join_fore_link(std::move(link));
}

std::shared_ptr<rear_link> back_end::link() const {
  return owner().end;
}

std::shared_ptr<rear_link> back_end::make_port(node_description front) const {
  return owner().end->make_port(std::move(front));
}

uint64_t back_end::maximum_operations() const {
  return owner().end->maximum_operations;
}

port_factory back_end::port_maker() const {
  return [weak = std::weak_ptr{owner().end}](const node_description& front) -> std::shared_ptr<rear_link> {
    if (auto end = weak.lock())
      return end->make_port(front);
    throw std::runtime_error{"the back end is gone"};
  };
}

stats back_end::operation_stats() const {
  return owner().end->operation_stats();
}

void back_end::add_idle_action(std::function<void()> action) const {
  owner().end->add_idle_action(std::move(action));
}

void back_end::stop() const {
  owner().stop();
}

void back_end::stop(duration grace) const {
  check_duration("stop: grace", grace);
  owner().end->leave(grace);
}

caf::actor back_end::handle() const {
  return owner().end->handle();
}

std::string back_end::operations(size_t most) const {
  return await_answer<nlohmann::json>([&](auto done) { owner().end->list_operations(most, done); }).dump();
}

std::string back_end::flight_record() const {
  return await_answer<std::string>([&](auto done) { owner().end->list_flight(done); });
}

trace_recorder& back_end::recorder() const {
  return *owner().end->context()->recorder();
}

back_end::operator busy_end() const {
  return {owner().end->context()};
}

// -- joining ------------------------------------------------------------------------------

namespace {

/// A link that its front keeps, and the back does not: it goes with the front, and with it the port that it keeps.
class kept_by_front final : public fore_peer {
public:
  explicit kept_by_front(const std::shared_ptr<fore_peer>& link) : link_(link) {
  }

  std::vector<refusal> accept(std::vector<back_to_front_ticket>&& tickets) override {
    if (const auto link = link_.lock())
      return link->accept(std::move(tickets));
    throw std::runtime_error{"the front is gone"};
  }
  void rear_lost(const std::string& details) override {
    if (const auto link = link_.lock())
      link->rear_lost(details);
  }
  void rear_ready() override {
    if (const auto link = link_.lock())
      link->rear_ready();
  }
  void rear_draining(std::shared_ptr<void> heeded) override {
    if (const auto link = link_.lock())
      link->rear_draining(std::move(heeded));
  }
  void rear_news(const link_news& x) override {
    if (const auto link = link_.lock())
      link->rear_news(x);
  }

private:
  std::weak_ptr<fore_peer> link_;
};

} // namespace

void join(const abstract_front& front, const abstract_back& back) {
  const auto link = std::make_shared<in_memory_link>();
  const auto port = back.make_port(); // its own: others can be joined to this back as well
  link->join_rear_link(port);
  link->join_fore_link(front.link());
  port->join_fore_link(std::make_shared<kept_by_front>(link));
  front.join_rear_link(link);
}

void join(const abstract_front& front, const std::shared_ptr<duplex_link>& link, const abstract_back& back) {
  if (link == nullptr)
    throw std::invalid_argument{"join: link must not be null"};
  link->join_fore_link(front.link());
  link->join_rear_link(back.link());
  front.join_rear_link(link);
  back.join_fore_link(link);
}

} // namespace tandem
