#include <tandem/actors/links/null_links.hpp>
#include <tandem/actors/nodes/connect.hpp>
#include <tandem/tests/conformance/runner/end_world.hpp>
#include <tandem/tests/conformance/runner/memory_way.hpp>
#include <tandem/tests/conformance/runner/node_halves.hpp>
#include <tandem/tests/conformance/runner/node_way.hpp>

namespace tandem::conformance {

namespace {

class node_world final : public end_world {
public:
  node_world(const end_systems& systems, const scenario& x, const std::shared_ptr<customer>& code, bool pools)
    : end_world(systems, x, code, pools), scenario_(x) {
    if (back_)
      port_ = back_->make_port();
    at_front_ = std::make_shared<front_half>(counts_, to_back_, front_ ? front_->link() : nullptr);
    at_back_ = std::make_shared<back_half>(counts_, to_front_, port_);
  }

  ~node_world() override {
    at_front_->attach(nullptr);
  }

  /// What is to be published for this scenario.
  std::shared_ptr<rear_link> half_at_back() const {
    return at_back_;
  }

  /// The front's node has connected.
  void connected(std::shared_ptr<duplex_link> link) {
    between_nodes_ = std::move(link);
    between_nodes_->join_fore_link(at_front_);
    at_front_->attach(between_nodes_);
    for (auto which : both_sides)
      if (has_end(scenario_.topology, which) && !scenario_.join_later.contains(which))
        join(which, false);
  }

  /// Past the channels, but over the sockets.
  void inject(const any_ticket& ticket) override {
    if (const auto* x = std::get_if<front_to_back_ticket>(&ticket))
      send_counted<front_to_back_ticket>(*counts_, *between_nodes_, {*x});
    else
      send_counted<back_to_front_ticket>(*counts_, *at_back_->to_front(), {std::get<back_to_front_ticket>(ticket)});
  }

  void join(side which, bool to_null_link) override {
    if (which == side::front)
      front_.value().join_rear_link(to_null_link ? std::shared_ptr<rear_link>{std::make_shared<null_rear_link>()}
                                                 : at_front_);
    else
      port_->join_fore_link(to_null_link ? std::shared_ptr<fore_link>{std::make_shared<null_fore_link>()} : at_back_);
  }

  void settle() override {
    for (;;) {
      const auto before = counts_->entered();
      counts_->await_arrival(std::chrono::seconds(30));
      end_world::settle();
      // What was under way has arrived and is done with; if nothing was sent meanwhile, nothing will be.
      if (counts_->entered() == before)
        return;
    }
  }

private:
  const scenario& scenario_;
  std::shared_ptr<traffic> counts_ = std::make_shared<traffic>();
  std::shared_ptr<rear_link> port_; // of the back, as publish() would make it
  std::shared_ptr<front_half> at_front_;
  std::shared_ptr<back_half> at_back_;
  std::shared_ptr<duplex_link> between_nodes_;
};

} // namespace

node_way::node_way(bool pools)
  : pools_(pools), front_system_(with_few_threads(front_config_)), back_system_(with_few_threads(back_config_)),
    publication_(publish(back_system_, [slot = slot_](const std::string&) {
      std::lock_guard guard{slot->mutex};
      return std::exchange(slot->port, nullptr);
    })) {
}

std::optional<std::string> node_way::obstacle(const scenario& x) const {
  if (x.topology == topology::link_only)
    return "link only";
  return x.topology == topology::in_memory_link ? std::optional{"in-memory link"} : std::nullopt;
}

std::unique_ptr<world> node_way::make_world(const scenario& x, std::shared_ptr<customer> code) {
  auto result = std::make_unique<node_world>(end_systems{front_system_, back_system_}, x, code, pools_);
  {
    std::lock_guard guard{slot_->mutex};
    slot_->port = result->half_at_back();
  }
  result->connected(connect(front_system_, "127.0.0.1", publication_.port()));
  return result;
}

} // namespace tandem::conformance
