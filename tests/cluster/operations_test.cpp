/// Operations over links by handle: between two actor systems, between two processes, and within one actor system.
#include "../../messages/caf/payload_apart.hpp"
#include "../support/process.hpp"
#include "cluster_types.hpp"
#include "cluster_world.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <future>
#include <limits>
#include <memory>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

namespace {

/// Unary operations, streams in both directions, cancellation, and a failure.
void check_operations(const front_end& front) {
  auto results = std::make_shared<journal>();
  CHECK(call_by_handle(front, "echo", text("a"), noting_consumer(results)).value == outcome::completed);
  CHECK(results->await(2) == std::vector<std::string>{"a", "."});

  auto streamed = std::make_shared<journal>();
  auto stream = front.operate(
    {.name = "echo", .timeout = 1min, .subscription = full_serviced_subscription(noting_consumer(streamed))});
  auto completed = ending_of(stream);
  std::vector<std::string> expected;
  for (int i = 0; i < 1000; ++i) {
    expected.push_back(std::to_string(i));
    stream.consumer().consume(text(expected.back()));
  }
  CHECK(streamed->await(1000) == expected); // while it still runs
  stream.consumer().terminate();
  CHECK(await(std::move(completed)).value == outcome::completed);

  const auto failed = call_by_handle(front, "throw", text("x"));
  CHECK(failed.value == outcome::servicer_failure);
  CHECK(failed.details.find("as it was told") != std::string::npos);

  auto held = hold(front);
  auto cancelled = ending_of(held);
  CHECK(echo_by_handle(front).value == outcome::completed);
  held.cancel();
  CHECK(await(std::move(cancelled)).value == outcome::cancelled);
  wait_for_idle(front);
}

/// An actor in a payload, sent to by the back; and one that the back gives to the front.
void check_actors_in_payloads(caf::actor_system& system, const front_end& front) {
  caf::scoped_actor self{system};
  REQUIRE(call_by_handle(front, "greet", make_payload(caf::actor{self})).value == outcome::completed);
  std::string said;
  self->receive([&](const std::string& x) { said = x; }, caf::after(10s) >> [] {});
  CHECK(said == "greetings");

  auto lent = std::make_shared<std::promise<payload>>();
  auto results = make_consumer([lent](payload x) { lent->set_value(std::move(x)); });
  REQUIRE(call_by_handle(front, "lend", text("x"), results).value == outcome::completed);
  const auto other = get_payload<caf::actor>(lent->get_future().get());
  std::string answer;
  compat::request(self, other, "here you are"s)
    .receive([&](const std::string& x) { answer = x; }, [&](const caf::error& e) { answer = caf::to_string(e); });
  CHECK(answer == "thanks");
  caf::anon_send_exit(other, caf::exit_reason::user_shutdown);
}

} // namespace

TEST_CASE("S-CLUSTER-1, S-CLUSTER-2: operations run over a link by handle between two actor systems") {
  far_back far;
  near_front near{far.port};
  check_operations(near.front);
  CHECK(far.held->await(2) == std::vector<std::string>{"begun", "cancelled"});
}

TEST_CASE("S-CLUSTER-1, S-CLUSTER-2: operations run over a link by handle between two processes") {
  process peer{{program("cluster_peer"), "back"}};
  near_front near{static_cast<uint16_t>(std::stoi(peer.read_line().value()))};
  check_operations(near.front);
}

TEST_CASE("S-CLUSTER-1, S-CLUSTER-2: operations run over a link by handle within one actor system") {
  node at;
  back_end back{at.system, cluster_services(at.system)};
  front_end front{at.system};
  auto link = connect(at.system, gateway_of(back));
  front.join_rear_link(link);
  link->join_fore_link(front.link());
  check_operations(front);
  check_actors_in_payloads(at.system, front);
}

TEST_CASE("S-CLUSTER-6: actors in payloads can be sent to from the other side of a link by handle") {
  far_back far;
  near_front near{far.port};
  check_actors_in_payloads(near.at.system, near.front);
  process peer{{program("cluster_peer"), "back"}};
  near_front other{static_cast<uint16_t>(std::stoi(peer.read_line().value()))};
  check_actors_in_payloads(other.at.system, other.front);
}

TEST_CASE("S-CLUSTER-1: several fronts share a gateway, and the back knows their nodes' names") {
  far_back far;
  near_front first{far.port};
  near_front second{far.port};
  front_end third{first.at.system}; // a second link between the same nodes
  auto link = connect(first.at.system, first.gateway, {.node_name = "a third"});
  third.join_rear_link(link);
  link->join_fore_link(third.link());
  for (int i = 0; i < 20; ++i)
    for (const auto* front : {&first.front, &second.front, &third}) {
      auto results = std::make_shared<journal>();
      const auto what = std::to_string(i);
      CHECK(call_by_handle(*front, "echo", text(what), noting_consumer(results)).value == outcome::completed);
      CHECK(results->await(1).front() == what);
    }
  wait_for_idle(far.back);
  CHECK(far.back.operation_stats().of(outcome::completed) == 60);
  hold(third);
  far.held->await(1);
  CHECK(far.back.operations().find("a third") != std::string::npos);
}

TEST_CASE("S-CLUSTER-6: a payload that CAF cannot write costs its operation alone") {
  far_back far;
  near_front near{far.port};
  auto held = hold(near.front);
  const auto refused = call_by_handle(near.front, "echo", make_payload(kept_here{}));
  CHECK(refused.value == outcome::transmission_failure);
  CHECK(refused.details.find("cannot send") != std::string::npos);
  CHECK(call_by_handle(near.front, "echo", make_payload(0.5)).value == outcome::completed);
  CHECK(held.context().is_active());
}

TEST_CASE("S-CLUSTER-6: numbers that are infinite, next to zero or none travel as every other") {
  using limits = std::numeric_limits<double>;
  far_back far;
  near_front near{far.port};
  for (const double x : {limits::infinity(), -limits::infinity(), limits::denorm_min(), -0.0, limits::quiet_NaN()}) {
    CAPTURE(x);
    auto back = std::make_shared<std::promise<payload>>();
    const auto end = call_by_handle(near.front, "echo", make_payload(x),
                                    make_consumer([back](payload y) { back->set_value(std::move(y)); }));
    REQUIRE(end.value == outcome::completed);
    const auto y = get_payload<double>(back->get_future().get());
    if (compat::reads_payloads_apart) // CAF 1.x, which writes them itself, changes some
      CHECK((std::isnan(x) ? std::isnan(y) : y == x && std::signbit(y) == std::signbit(x)));
  }
}
