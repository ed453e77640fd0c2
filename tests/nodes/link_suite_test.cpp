/// Links between nodes, as links: the suite that every link passes, and handle(system).
#include "../../actors/links/balanced_link.hpp"
#include "../../actors/links/in_memory_link.hpp"
#include "../../actors/nodes/connect.hpp"
#include "../../actors/nodes/publish.hpp"
#include "../../tools/certificates/certificates.hpp"
#include "../support/check_suite.hpp"
#include "../support/cutting_proxy.hpp"
#include "../support/far_process.hpp"
#include "../support/handle_checks.hpp"
#include "../support/ways_back.hpp"

#include <doctest/doctest.h>

#include <random>
#include <utility>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

namespace {

std::shared_ptr<publication> publish_at(caf::actor_system& far, const std::shared_ptr<rear_link>& what) {
  return std::make_shared<publication>(publish(
    far, [what](const node_description&) { return what; }, publish_options{.link = {.window = 1min}}));
}

/// A link from one system to another; `port_of` says by which port the far one is reached. Of the far side only the
/// joined port is seen: in between stands an in-memory link that can be joined late.
template <class PortOf>
link_under_test between(caf::actor_system& near, caf::actor_system& far, PortOf port_of) {
  auto behind = std::make_shared<in_memory_link>();
  auto published = publish_at(far, behind);
  auto link = connect(near, "127.0.0.1", port_of(published->port()), patient(1min));
  return {link, behind, [link, published](auto front) { link->join_fore_link(front); },
          [behind](auto back) { behind->join_rear_link(back); }};
}

} // namespace

TEST_CASE("the link between two nodes passes the suite") {
  node near;
  node far;
  check_suite([&] { return between(near.system, far.system, [](uint16_t port) { return port; }); });
}

namespace {

/// A front's and a back's node, and a network between them that cuts every other connection soon.
struct cut_world {
  node near;
  node far;
  std::unique_ptr<cutting_proxy> proxy;

  link_under_test link() {
    return between(near.system, far.system, [this](uint16_t port) {
      proxy = std::make_unique<cutting_proxy>(port);
      proxy->set_plan([random = std::mt19937_64{7}, first = true]() mutable -> std::optional<uint64_t> {
        if (std::exchange(first, false)) // long enough for connect()
          return 3000;
        if (random() % 4 == 0)
          return std::nullopt;
        return 20'000 + random() % 60'000; // a piece of a payload has to get through (S-SESSION-6)
      });
      return proxy->port();
    });
  }
};

} // namespace

TEST_CASE("S-SESSION-1: a link whose connection is cut again and again passes the suite") {
  std::vector<std::unique_ptr<cut_world>> worlds;
  check_suite([&] { return worlds.emplace_back(std::make_unique<cut_world>())->link(); }, {.patience = 60s});
  uint64_t cuts = 0;
  for (const auto& x : worlds)
    cuts += x->proxy->cuts();
  MESSAGE(cuts << " cuts of " << worlds.size() << " links");
  CHECK(cuts >= 2);
}

TEST_CASE("a link that is balanced over nodes passes the suite, with one and with three") {
  node near;
  std::vector<std::unique_ptr<node>> nodes;
  for (int i = 0; i < 3; ++i)
    nodes.push_back(std::make_unique<node>());
  for (size_t count : {1, 3})
    check_suite([&] {
      auto balanced = balanced_link::make();
      auto far = std::make_shared<ways_back>(10s);
      std::vector<std::shared_ptr<publication>> published;
      for (size_t i = 0; i < count; ++i) {
        published.push_back(publish_at(nodes[i]->system, far->add_way()));
        balanced->add(connect(near.system, "127.0.0.1", published.back()->port(), patient(1min)),
                      "node " + std::to_string(i));
      }
      return link_under_test{balanced, far, [balanced, published](auto front) { balanced->join_fore_link(front); },
                             [far](auto back) { far->join_rear_link(back); }};
    });
}

TEST_CASE("the link between two nodes with TLS passes the suite") {
  certificate_folder files;
  files.add_authority("authority");
  struct tls_node {
    explicit tls_node(const tls_options& x) {
      use_tls(config, x);
    }
    node::configuration config;
    std::unique_ptr<caf::actor_system> system;
    caf::actor_system& start() {
      system = std::make_unique<caf::actor_system>(config);
      return *system;
    }
  };
  tls_node near{files.add("front", "authority")};
  tls_node far{files.add("back", "authority")};
  auto& near_system = near.start();
  auto& far_system = far.start();
  check_suite([&] { return between(near_system, far_system, [](uint16_t port) { return port; }); });
}

TEST_CASE("a ticket's fault does not leave its node") {
  node near;
  node far;
  struct keeping_back final : rear_peer {
    std::promise<front_to_back_ticket> first;
    std::vector<refusal> accept(std::vector<front_to_back_ticket>&& tickets) override {
      first.set_value(tickets.front());
      return {};
    }
  };
  auto back = std::make_shared<keeping_back>();
  auto link = between(near.system, far.system, [](uint16_t port) { return port; });
  link.join_back(back);
  auto ticket = commencement("a");
  ticket.fault = "made up";
  accept_one(*link.for_front, ticket);
  auto arrived = back->first.get_future();
  REQUIRE(arrived.wait_for(60s) == std::future_status::ready);
  const auto x = arrived.get();
  CHECK(x.fault.empty());
  CHECK(written(x) == "0 commencement(a)");
}

TEST_CASE("S-STATS-8: the actor of a link between nodes takes tickets to the back") {
  node near;
  node far;
  auto behind = std::make_shared<in_memory_link>();
  auto back = std::make_shared<collecting_back>();
  behind->join_rear_link(back);
  auto published = publish_at(far.system, behind);
  auto link = connect(near.system, "127.0.0.1", published->port());
  const auto handle = link->handle(near.system);
  check_tickets_by_message<front_to_back_ticket>(near.system, handle, *back->tickets, numbered_to_back);
  check_unexpected(near.system, handle, to_front(0, ticket_kind::completion));
  check_unexpected(near.system, handle, int32_t{1});
  check_end_of_handle(near.system, std::move(link));
}

TEST_CASE(
  "S-STATS-8, S-SEND-7: a request for a ticket that a link between nodes cannot take is answered by the reason") {
  node near;
  uint16_t unused = 0;
  {
    node far;
    unused = publish_at(far.system, std::make_shared<in_memory_link>())->port();
  }
  auto options = patient(1min);
  options.wait = false;
  auto link = connect(near.system, "127.0.0.1", unused, options);
  caf::scoped_actor self{near.system};
  const auto refused = request_of_link(self, link->handle(near.system), commencement());
  CHECK(outcome_of(refused) == outcome::transmission_failure);
  CHECK(details_of(refused) == "it is not connected yet");
}
