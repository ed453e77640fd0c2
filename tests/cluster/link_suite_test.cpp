/// Links by handle, as links: the suite that every link passes, and handle(system).
#include "../../actors/links/in_memory_link.hpp"
#include "../support/check_suite.hpp"
#include "../support/handle_checks.hpp"
#include "cluster_world.hpp"

#include <doctest/doctest.h>

using namespace tandem;
using namespace tandem_test;

namespace {

/// Of the far side only the joined port is seen: in between stands an in-memory link that can be joined late.
template <class Reach>
link_under_test by_handle(caf::actor_system& near, caf::actor_system& far, Reach reach) {
  auto behind = std::make_shared<in_memory_link>();
  auto gateway
    = std::make_shared<gateway_owner>(make_gateway(far, [behind](const node_description&) { return behind; }));
  auto link = connect(near, reach(gateway->handle()));
  return {link, behind, [link, gateway](auto front) { link->join_fore_link(front); },
          [behind](auto back) { behind->join_rear_link(back); }};
}

} // namespace

TEST_CASE("S-CLUSTER-2, S-STATS-4, S-STATS-5: the link by handle between two nodes passes the suite") {
  patient_node near;
  patient_node far;
  check_suite([&] {
    return by_handle(near.system, far.system, [&](const caf::actor& gateway) {
      return handle_by_caf(near.system, publish_by_caf(far.system, gateway));
    });
  });
}

TEST_CASE("S-CLUSTER-2, S-STATS-4, S-STATS-5: the link by handle within an actor system passes the suite") {
  node at;
  check_suite([&] { return by_handle(at.system, at.system, [](const caf::actor& gateway) { return gateway; }); });
}

TEST_CASE("S-STATS-8: the actor of a link by handle takes tickets to the back") {
  patient_node near;
  patient_node far;
  auto behind = std::make_shared<in_memory_link>();
  auto back = std::make_shared<collecting_back>();
  behind->join_rear_link(back);
  const auto gateway = make_gateway(far.system, [behind](const node_description&) { return behind; });
  std::shared_ptr<rear_link> link
    = connect(near.system, handle_by_caf(near.system, publish_by_caf(far.system, gateway.handle())));
  const auto handle = link->handle(near.system);
  check_tickets_by_message<front_to_back_ticket>(near.system, handle, *back->tickets, numbered_to_back);
  check_unexpected(near.system, handle, to_front(0, ticket_kind::completion));
  check_unexpected(near.system, handle, int32_t{1});
  check_end_of_handle(near.system, std::move(link));
}
