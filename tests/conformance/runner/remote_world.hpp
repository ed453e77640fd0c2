/// Two ends in two actor systems, and a link from one to the other that somebody else has made.
#pragma once

#include "../../../actors/links/null_links.hpp"
#include "../../support/cutting_proxy.hpp"
#include "end_world.hpp"
#include "node_halves.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace tandem::conformance {

/// `proxy`: cuts the connection whenever tickets are under way; null: there is none.
class remote_world final : public end_world {
public:
  remote_world(const end_systems& systems, const scenario& x, const std::shared_ptr<customer>& code, bool pools,
               tandem_test::cutting_proxy* proxy = nullptr)
    : end_world(systems, x, code, pools), scenario_(x), proxy_(proxy) {
    at_front_ = std::make_shared<front_half>(counts_, to_back_, front_ ? front_->link() : nullptr);
  }

  /// Why a scenario cannot be played so.
  static std::optional<std::string> obstacle(const scenario& x) {
    if (x.topology == topology::link_only)
      return "link only";
    return x.topology == topology::in_memory_link ? std::optional{"in-memory link"} : std::nullopt;
  }

  ~remote_world() override {
    at_front_->attach(nullptr);
  }

  /// What the link is joined to at the back's node; the last one counts.
  std::shared_ptr<rear_link> make_half_at_back() {
    if (back_)
      port_ = back_->make_port();
    at_back_ = std::make_shared<back_half>(counts_, to_front_, port_);
    return at_back_;
  }

  /// The front's node has connected.
  void connected(std::shared_ptr<rear_link> link) {
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

  /// Past the channels, but over the link.
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
  std::shared_ptr<rear_link> between_nodes_;
};

} // namespace tandem::conformance
