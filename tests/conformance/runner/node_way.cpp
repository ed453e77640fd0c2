#include "node_way.hpp"
#include "../../../actors/links/null_links.hpp"
#include "../../../actors/nodes/connect.hpp"
#include "end_world.hpp"
#include "memory_way.hpp"
#include "node_halves.hpp"

#include <iostream>

namespace tandem::conformance {

namespace {

class node_world final : public end_world {
public:
  node_world(const end_systems& systems, const scenario& x, const std::shared_ptr<customer>& code, bool pools,
             tandem_test::cutting_proxy* proxy)
    : end_world(systems, x, code, pools), scenario_(x), proxy_(proxy) {
    at_front_ = std::make_shared<front_half>(counts_, to_back_, front_ ? front_->link() : nullptr);
  }

  ~node_world() override {
    at_front_->attach(nullptr);
  }

  /// The link that is to be published for this scenario; the last one counts.
  std::shared_ptr<rear_link> make_half_at_back() {
    if (back_)
      port_ = back_->make_port();
    at_back_ = std::make_shared<back_half>(counts_, to_front_, port_);
    return at_back_;
  }

  /// The front's node has connected.
  void connected(std::shared_ptr<node_link> link) {
    between_nodes_ = std::move(link);
    between_nodes_->join_fore_link(at_front_);
    at_front_->attach(between_nodes_);
    for (auto which : both_sides)
      if (has_end(scenario_.topology, which) && !scenario_.join_later.contains(which))
        join(which, false);
  }

  /// The traffic from node to node.
  std::shared_ptr<const traffic> counts() const {
    return counts_;
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
      front_.value().join_rear_link(to_null_link ? std::shared_ptr<rear_peer>{std::make_shared<null_rear_link>()}
                                                 : at_front_);
    else
      port_->join_fore_link(to_null_link ? std::shared_ptr<fore_peer>{std::make_shared<null_fore_link>()} : at_back_);
  }

  void settle() override {
    for (;;) {
      const auto before = counts_->entered();
      if (proxy_ != nullptr && std::exchange(cut_at_, before) != before)
        proxy_->cut();
      counts_->await_arrival(std::chrono::seconds(30));
      end_world::settle();
      // All that was under way has arrived and is done with; if nothing was sent meanwhile, nothing will be.
      if (counts_->entered() == before)
        return;
    }
  }

private:
  const scenario& scenario_;
  tandem_test::cutting_proxy* proxy_; // null: there is none
  uint64_t cut_at_ = 0;               // how many tickets had been sent
  std::shared_ptr<traffic> counts_ = std::make_shared<traffic>();
  std::shared_ptr<rear_link> port_; // of the back, as publish() would make it
  std::shared_ptr<front_half> at_front_;
  std::shared_ptr<back_half> at_back_;
  std::shared_ptr<node_link> between_nodes_;
};

/// No scenario is about the loss of a session.
const link_options patient{.window = std::chrono::minutes(1)};

std::unique_ptr<tandem_test::certificate_folder> make_certificates(node_way::network over) {
  if (over != node_way::network::tls)
    return nullptr;
  auto result = std::make_unique<tandem_test::certificate_folder>();
  result->add_authority("authority");
  return result;
}

system_config& configured(system_config& config, const std::string& name,
                          tandem_test::certificate_folder* certificates) {
  if (certificates != nullptr)
    use_tls(config, certificates->add(name, "authority"));
  return with_few_threads(config);
}

} // namespace

node_way::node_way(bool pools, network over)
  : pools_(pools),
    over_(over),
    certificates_(make_certificates(over)),
    front_system_(configured(front_config_, "front", certificates_.get())),
    back_system_(configured(back_config_, "back", certificates_.get())),
    address_(over == network::local ? "unix:" + folder_.file("back.sock") : "127.0.0.1"),
    publication_(publish(back_system_, [slot = slot_](const std::string&) { return slot->make(); },
                         {.address = address_, .link = patient})),
    proxy_(over == network::cut ? std::make_unique<tandem_test::cutting_proxy>(publication_.port()) : nullptr) {
}

node_way::~node_way() {
  if (proxy_ != nullptr)
    std::cout << "resumed: the connection was cut " << proxy_->cuts() << " times\n";
}

/// A resumed session that was never interrupted is none.
std::vector<std::string> node_way::afterwards(const scenario&) {
  if (proxy_ == nullptr || counts_->entered() == 0 || proxy_->cuts() > cuts_before_)
    return {};
  return {"the connection was not cut, though tickets were under way"};
}

std::optional<std::string> node_way::obstacle(const scenario& x) const {
  if (x.topology == topology::link_only)
    return "link only";
  return x.topology == topology::in_memory_link ? std::optional{"in-memory link"} : std::nullopt;
}

std::unique_ptr<world> node_way::make_world(const scenario& x, std::shared_ptr<customer> code) {
  auto result
    = std::make_unique<node_world>(end_systems{front_system_, back_system_, traces()}, x, code, pools_, proxy_.get());
  counts_ = result->counts();
  cuts_before_ = proxy_ != nullptr ? proxy_->cuts() : 0;
  slot_->put([world = result.get()] { return world->make_half_at_back(); });
  const auto port = proxy_ != nullptr ? proxy_->port() : publication_.port();
  result->connected(
    connect(front_system_, address_, port, {.first_pause = std::chrono::milliseconds(1), .link = patient}));
  slot_->put(nullptr);
  return result;
}

} // namespace tandem::conformance
