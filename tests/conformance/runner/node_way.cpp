#include "node_way.hpp"
#include "../../../actors/nodes/connect.hpp"
#include "memory_way.hpp"
#include "remote_world.hpp"

#include <iostream>

namespace tandem::conformance {

namespace {

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

/// Each scenario makes one, and one whose goodbye was cut off stays until its window is over.
const port_limits many_sessions{.sessions_per_peer = 4096};

} // namespace

node_way::node_way(bool pools, network over)
  : pools_(pools),
    over_(over),
    certificates_(make_certificates(over)),
    front_system_(configured(front_config_, "front", certificates_.get())),
    back_system_(configured(back_config_, "back", certificates_.get())),
    address_(over == network::local ? "unix:" + folder_.file("back.sock") : "127.0.0.1"),
    publication_(publish(back_system_, [slot = slot_](const node_description&) { return slot->make(); },
                         {.address = address_, .link = patient, .limits = many_sessions})),
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
  return remote_world::obstacle(x);
}

std::unique_ptr<world> node_way::make_world(const scenario& x, std::shared_ptr<customer> code) {
  auto result
    = std::make_unique<remote_world>(end_systems{front_system_, back_system_, traces()}, x, code, pools_, proxy_.get());
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
