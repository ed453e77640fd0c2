#include "handle_way.hpp"
#include "../../../actors/cluster/connect.hpp"
#include "../../../actors/compat/remote_actor.hpp"
#include "../../../actors/links/null_links.hpp"
#include "end_world.hpp"
#include "memory_way.hpp"
#include "node_halves.hpp"

#include <caf/io/middleman.hpp>

#include <chrono>
#include <stdexcept>

namespace tandem::conformance {

namespace {

class handle_world final : public end_world {
public:
  handle_world(const end_systems& systems, const scenario& x, const std::shared_ptr<customer>& code, bool pools)
    : end_world(systems, x, code, pools), scenario_(x) {
    at_front_ = std::make_shared<front_half>(counts_, to_back_, front_ ? front_->link() : nullptr);
    if (back_)
      port_ = back_->make_port();
    at_back_ = std::make_shared<back_half>(counts_, to_front_, port_);
  }

  ~handle_world() override {
    at_front_->attach(nullptr);
  }

  /// What the gateway joins the link to.
  std::shared_ptr<rear_link> half_at_back() const {
    return at_back_;
  }

  void connected(std::shared_ptr<cluster_link> link) {
    by_handle_ = std::move(link);
    by_handle_->join_fore_link(at_front_);
    at_front_->attach(by_handle_);
    for (auto which : both_sides)
      if (has_end(scenario_.topology, which) && !scenario_.join_later.contains(which))
        join(which, false);
  }

  /// Past the channels, but over the link.
  void inject(const any_ticket& ticket) override {
    if (const auto* x = std::get_if<front_to_back_ticket>(&ticket))
      send_counted<front_to_back_ticket>(*counts_, *by_handle_, {*x});
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
    for (auto before = counts_->entered();; before = counts_->entered()) {
      counts_->await_arrival(std::chrono::seconds(30));
      end_world::settle();
      if (counts_->entered() == before) // all has arrived and is done with, and nothing was sent meanwhile
        return;
    }
  }

private:
  const scenario& scenario_;
  std::shared_ptr<traffic> counts_ = std::make_shared<traffic>();
  std::shared_ptr<rear_link> port_; // of the back
  std::shared_ptr<front_half> at_front_;
  std::shared_ptr<back_half> at_back_;
  std::shared_ptr<cluster_link> by_handle_;
};

} // namespace

handle_way::patient_config::patient_config() {
  with_few_threads(*this);
  compat::set_option(*this, "middleman.connection-timeout", caf::timespan{std::chrono::minutes(10)});
}

handle_way::handle_way(bool pools)
  : pools_(pools),
    make_port_(std::make_shared<std::function<std::shared_ptr<rear_link>()>>()),
    front_system_(front_config_),
    back_system_(back_config_),
    gateway_(make_gateway(back_system_, [make = make_port_](const std::string&) { return (*make)(); })) {
  const auto port = back_system_.middleman().publish(gateway_.handle(), 0, "127.0.0.1");
  if (!port)
    throw std::runtime_error{"cannot publish the gateway: " + caf::to_string(port.error())};
  auto handle = compat::remote_actor(front_system_, "127.0.0.1", *port, std::chrono::minutes(1));
  if (!handle)
    throw std::runtime_error{"cannot reach the gateway: " + caf::to_string(handle.error())};
  gateway_here_ = *handle;
}

std::optional<std::string> handle_way::obstacle(const scenario& x) const {
  if (x.topology == topology::link_only)
    return "link only";
  return x.topology == topology::in_memory_link ? std::optional{"in-memory link"} : std::nullopt;
}

/// The gateway asks for the port while connect() waits for it: no other thread uses make_port_ then.
std::unique_ptr<world> handle_way::make_world(const scenario& x, std::shared_ptr<customer> code) {
  auto result = std::make_unique<handle_world>(end_systems{front_system_, back_system_, traces()}, x, code, pools_);
  *make_port_ = [half = result->half_at_back()] { return half; };
  result->connected(connect(front_system_, gateway_here_, {.timeout = std::chrono::seconds(30)}));
  *make_port_ = nullptr;
  return result;
}

} // namespace tandem::conformance
