/// Operations over links by handle: between two actor systems, between two processes, and within one actor system.
#include "../../messages/caf/sendable.hpp"
#include "../support/process.hpp"
#include "cluster_world.hpp"

#include <doctest/doctest.h>

#include <limits>

namespace tandem_test {

/// A type that must not leave its process.
struct kept_here {};

/// A type that the other process does not know.
struct known_here {
  int32_t x = 0;
};

template <class Inspector>
tandem::compat::inspect_result<Inspector> inspect(Inspector& f, known_here& x) {
  decltype(auto) g = tandem::compat::adapt(f);
  return g.object(x).fields(g.field("x", x.x));
}

} // namespace tandem_test

CAF_BEGIN_TYPE_ID_BLOCK(tandem_cluster_test, caf::first_custom_type_id + 1400)
  CAF_ADD_TYPE_ID(tandem_cluster_test, (tandem_test::kept_here))
  CAF_ADD_TYPE_ID(tandem_cluster_test, (tandem_test::known_here))
CAF_END_TYPE_ID_BLOCK(tandem_cluster_test)

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tandem_test::kept_here)

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

namespace {

/// Before main(), as all types.
[[maybe_unused]] const bool cluster_types_are_known = [] {
  compat::init_types<caf::id_block::tandem_cluster_test>();
  return true;
}();

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
  const auto infinite = call_by_handle(near.front, "echo", make_payload(std::numeric_limits<double>::infinity()));
  CHECK(infinite.value == (compat::sends_infinite_numbers ? outcome::completed : outcome::transmission_failure));
  CHECK(call_by_handle(near.front, "echo", make_payload(0.5)).value == outcome::completed);
  CHECK(held.context().is_active());
}

namespace {

/// Knows a type that the other process does not.
struct knowing_node {
  struct configuration : patient_node::configuration {
    configuration() {
      add_block<caf::id_block::tandem_cluster_test>();
    }
  };
  configuration config;
  caf::actor_system system{config};
};

} // namespace

TEST_CASE("S-CLUSTER-6: a message with tickets that cannot be read on arrival ends the link, and says why") {
  process peer{{program("cluster_peer"), "back"}};
  knowing_node at;
  const auto gateway = handle_by_caf(at.system, static_cast<uint16_t>(std::stoi(peer.read_line().value())));
  front_end front{at.system};
  auto link = connect(at.system, gateway);
  front.join_rear_link(link);
  link->join_fore_link(front.link());
  auto held = ending_of(hold(front));
  CHECK(echo_by_handle(front).value == outcome::completed);
  CHECK(call_by_handle(front, "echo", make_payload(known_here{1})).value == outcome::transmission_failure);
  const auto end = await(std::move(held));
  CHECK(end.value == outcome::transmission_failure);
  CHECK_MESSAGE(end.details.find("could not be read") != std::string::npos, end.details);
  link = connect(at.system, gateway); // the gateway is none the worse for it
  front.join_rear_link(link);
  link->join_fore_link(front.link());
  CHECK(echo_by_handle(front).value == outcome::completed);
}
