/// How links by handle end: nodes that are killed, gateways that end, links that are dropped, backs that are stopped;
/// and links that cannot be made.
#include "../../actors/links/null_links.hpp"
#include "../../actors/links/relay_link.hpp"
#include "../../messages/cluster_messages.hpp"
#include "../support/contains.hpp"
#include "../support/handle_checks.hpp"
#include "../support/process.hpp"
#include "cluster_world.hpp"

#include <caf/actor_registry.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <future>
#include <memory>
#include <thread>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

namespace {

using steady = std::chrono::steady_clock;

/// How soon a node that was killed is missed: CAF notices the end of its socket.
constexpr auto soon_missed = 2s;

/// Hears of the end of an actor.
struct watcher {
  watcher(caf::actor_system& system, const caf::actor& x) : self(system), watched(x) {
    self->monitor(watched);
  }

  /// Waits for it: outcome and details in its reason.
  std::pair<outcome, std::string> down() {
    return down_of_link(self, watched);
  }

  caf::scoped_actor self;
  caf::actor watched;
};

/// Why connect() fails; empty if it does not.
std::string why_not(caf::actor_system& system, const caf::actor& gateway, cluster_options options = {}) {
  try {
    connect(system, gateway, options);
    return {};
  } catch (const std::runtime_error& e) {
    return e.what();
  }
}

} // namespace

TEST_CASE("S-CLUSTER-3, S-END-8: when the back's process is killed, the front's operations and its link end") {
  process peer{{program("cluster_peer"), "back"}};
  near_front near{static_cast<uint16_t>(std::stoi(peer.read_line().value()))};
  watcher link{near.at.system, near.link->handle(near.at.system)};
  watcher gateway{near.at.system, near.gateway};
  std::vector<std::future<ending>> ends;
  for (int i = 0; i < 100; ++i)
    ends.push_back(ending_of(hold(near.front)));
  CHECK(echo_by_handle(near.front).value == outcome::completed);
  const auto killed = steady::now();
  peer.send_signal(SIGKILL);
  for (auto& x : ends)
    CHECK(await(std::move(x)).value == outcome::transmission_failure);
  const auto missed = steady::now() - killed;
  MESSAGE("killed: missed after " << missed / 1ms << " ms");
  CHECK(missed < soon_missed);
  const auto [how, details] = link.down();
  CHECK(how == outcome::transmission_failure);
  CHECK_MESSAGE(contains(details, "the other node is gone"), details);
  gateway.down();
  const auto later = await(ending_of(hold(near.front)));
  CHECK(later.value == outcome::transmission_failure);
  CHECK_MESSAGE(contains(later.details, "is lost"), later.details);
  CHECK_THROWS_WITH(near.link->accept({commencement()}), doctest::Contains("is lost"));
  CHECK_FALSE(near.link->close(1s));
  watcher late{near.at.system, near.link->handle(near.at.system)}; // also one that comes too late is told
  CHECK(late.down().first == outcome::transmission_failure);
  CHECK_MESSAGE(contains(why_not(near.at.system, near.gateway), "it is gone"), why_not(near.at.system, near.gateway));
  wait_for_idle(near.front);
}

TEST_CASE("S-CLUSTER-3, S-END-8: when the front's process is killed, the back's operations end, and no others") {
  far_back far;
  near_front other{far.port};
  auto held = hold(other.front);
  process peer{{program("cluster_peer"), "front", std::to_string(far.port), "100"}};
  REQUIRE(peer.read_line() == "begun");
  far.held->await(101);
  const auto killed = steady::now();
  peer.send_signal(SIGKILL);
  const auto notes = far.held->await(201);
  const auto missed = steady::now() - killed;
  MESSAGE("killed: missed after " << missed / 1ms << " ms");
  CHECK(missed < soon_missed);
  CHECK(std::count(notes.begin(), notes.end(), "transmission failure") == 100);
  CHECK(echo_by_handle(other.front, "others go on").value == outcome::completed);
  CHECK(held.context().is_active());
}

TEST_CASE("S-CLUSTER-5: a gateway that is told to exit ends its links, and makes no others") {
  far_back far;
  near_front near{far.port};
  watcher gateway{near.at.system, near.gateway};
  watcher link{near.at.system, near.link->handle(near.at.system)};
  auto end = ending_of(hold(near.front));
  CHECK(echo_by_handle(near.front).value == outcome::completed);
  far.held->await(1);
  caf::anon_send_exit(near.gateway, caf::exit_reason::user_shutdown);
  CHECK(await(std::move(end)).value == outcome::transmission_failure);
  gateway.down();
  CHECK(link.down().first == outcome::transmission_failure);
  CHECK(far.held->await(2).back() == "transmission failure");
  CHECK_MESSAGE(contains(why_not(near.at.system, near.gateway), "it is gone"), why_not(near.at.system, near.gateway));
  const auto there = why_not(far.at.system, far.gateway);
  CHECK_MESSAGE(contains(there, "it is gone"), there);
  CHECK(why_not(far.at.system, gateway_of(far.back)) == "");
}

TEST_CASE("S-CLUSTER-5: a gateway to links of one's own ends with its owner, with all its links") {
  node at;
  back_end back{at.system, test_services()};
  auto owner = make_gateway(at.system, back.port_maker());
  auto moved = std::move(owner);
  front_end front{at.system};
  auto link = connect(at.system, moved.handle());
  front.join_rear_link(link);
  link->join_fore_link(front.link());
  CHECK(echo_by_handle(front).value == outcome::completed);
  auto end = ending_of(hold(front));
  watcher gateway{at.system, moved.handle()};
  moved.close();
  CHECK(await(std::move(end)).value == outcome::transmission_failure);
  gateway.down();
  moved = make_gateway(at.system, back.port_maker());
  CHECK(why_not(at.system, moved.handle()) == "");
}

TEST_CASE("S-CLUSTER-4: a link that is dropped ends at the back, too") {
  far_back far;
  near_front near{far.port};
  auto end = ending_of(hold(near.front));
  CHECK(echo_by_handle(near.front).value == outcome::completed);
  watcher link{near.at.system, near.link->handle(near.at.system)};
  far.held->await(1);
  near.link.reset();                                             // the front still has it
  near.front.join_rear_link(std::make_shared<null_rear_link>()); // and now lets go of it
  CHECK(link.down().first == outcome::transmission_failure);
  CHECK(far.held->await(2).back() == "transmission failure");
}

TEST_CASE("S-CLUSTER-4: to close a link is to wait until the other side has all tickets") {
  process peer{{program("cluster_peer"), "back"}};
  near_front near{static_cast<uint16_t>(std::stoi(peer.read_line().value()))};
  CHECK(echo_by_handle(near.front).value == outcome::completed);
  auto end = ending_of(hold(near.front));
  CHECK(near.link->close(60s));
  CHECK(await(std::move(end)).value == outcome::transmission_failure);
  CHECK_FALSE(near.link->close(0s));
  CHECK_THROWS_WITH_AS(near.link->close(-1s), "close: timeout must not be negative", std::invalid_argument);
}

TEST_CASE("S-CLUSTER-4, S-CLUSTER-5: a back that is stopped tells its fronts so before its links end") {
  far_back far;
  near_front near{far.port};
  watcher gateway{near.at.system, near.gateway};
  watcher link{near.at.system, near.link->handle(near.at.system)};
  std::vector<std::future<ending>> ends;
  for (int i = 0; i < 100; ++i)
    ends.push_back(ending_of(hold(near.front)));
  far.held->await(100);
  far.back.stop();
  for (auto& x : ends)
    CHECK(await(std::move(x)).value == outcome::servicer_failure);
  const auto [how, details] = link.down();
  CHECK(how == outcome::transmission_failure);
  CHECK_MESSAGE(contains(details, "the other side has ended it"), details);
  gateway.down();
  CHECK_MESSAGE(contains(why_not(near.at.system, near.gateway), "it is gone"), why_not(near.at.system, near.gateway));
}

TEST_CASE("S-CLUSTER-7, S-END-14: a back that drains tells its fronts, which answer when they have heeded it") {
  class slow_to_heed final : public relay_link {
  public:
    std::promise<std::shared_ptr<void>> told;
    void rear_draining(std::shared_ptr<void> heeded) override {
      told.set_value(std::move(heeded));
    }
  };
  far_back far;
  near_node near{far.port};
  front_end front{near.at.system};
  auto between = std::make_shared<slow_to_heed>();
  join_links(front.link(), between, connect(near.at.system, near.gateway));
  far.back.stop(1h);
  auto heeded = between->told.get_future().get();
  CHECK(echo_by_handle(front).value == outcome::completed);
  heeded.reset();
  while (echo_by_handle(front).value == outcome::completed)
    std::this_thread::yield();
  CHECK(echo_by_handle(front).details == "refused: the back is draining");
  wait_for_idle(far.back);
}

TEST_CASE("S-CLUSTER-4: two sides that end a link at the same time do not wait for each other") {
  for (int i = 0; i < 20; ++i) {
    far_back far;
    near_front near{far.port};
    CHECK(echo_by_handle(near.front).value == outcome::completed);
    auto stopped = std::async(std::launch::async, [&] { far.back.stop(); });
    const auto begun = steady::now();
    near.link->close(60s); // false if the other side was first
    CHECK(steady::now() - begun < 30s);
    stopped.get();
  }
}

TEST_CASE("S-CLUSTER-5: a gateway lives as long as its back does, and does not keep it running") {
  node at;
  auto back = std::make_unique<back_end>(at.system, test_services());
  at.system.registry().put(gateway_of(*back)->id(), gateway_of(*back)); // nobody keeps the first
  watcher gateway{at.system, gateway_of(*back)};
  front_end front{at.system};
  auto link = connect(at.system, gateway.watched);
  front.join_rear_link(link);
  link->join_fore_link(front.link());
  CHECK(echo_by_handle(front).value == outcome::completed);
  back->stop(1h); // drains: it is still there
  CHECK(was_refused(to_error(outcome::transmission_failure, echo_by_handle(front).details)));
  back.reset(); // waits until it has stopped
  gateway.down();
  const auto why = why_not(at.system, gateway.watched);
  CHECK_MESSAGE(contains(why, "cannot make a link by the gateway " + std::to_string(gateway.watched.id()) + "@"), why);
  CHECK_MESSAGE(contains(why, "it is gone"), why);
}

TEST_CASE("S-CLUSTER-1: what is no gateway, and one that does not answer, is given up in time") {
  far_back far;
  near_node near{far.port};
  const auto silent = far.at.system.spawn([](caf::event_based_actor* self) -> caf::behavior {
    return {[promises = std::make_shared<std::vector<caf::response_promise>>(), self](const open_link&) {
      promises->push_back(self->make_response_promise());
    }};
  });
  const auto other = far.at.system.spawn([](caf::event_based_actor* self) -> caf::behavior {
    compat::refuse_unexpected(self);
    return {[](const std::string& x) { return x; }};
  });
  const auto here = why_not(far.at.system, silent, {.timeout = 50ms});
  CHECK_MESSAGE(contains(here, "no answer within 50 ms"), here);
  const auto port = publish_by_caf(far.at.system, silent);
  const auto remote = handle_by_caf(near.at.system, port);
  const auto elsewhere = why_not(near.at.system, remote, {.timeout = 50ms});
  CHECK_MESSAGE(contains(elsewhere, "no answer within 50 ms"), elsewhere);
  const auto no_gateway = why_not(far.at.system, other);
  CHECK_MESSAGE(contains(no_gateway, "unexpected_message"), no_gateway);
  CHECK_THROWS_WITH_AS(connect(near.at.system, caf::actor{}), "connect: gateway must not be null",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(connect(near.at.system, near.gateway, {.timeout = 0s}),
                       "cluster_options: timeout must be more than zero", std::invalid_argument);
  caf::anon_send_exit(silent, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(other, caf::exit_reason::user_shutdown);
}

TEST_CASE("S-CLUSTER-1: a gateway refuses in words") {
  node at;
  back_end back{at.system, test_services()};
  caf::scoped_actor self{at.system};
  const auto refusal_of = [&](const caf::actor& gateway, open_link question) {
    std::string result;
    compat::request(self, gateway, std::move(question))
      .receive([](const link_opened&) {}, [&](const caf::error& e) { result = caf::to_string(e); });
    return result;
  };
  const auto gateway = gateway_of(back);
  CHECK(contains(refusal_of(gateway, {2, "x", caf::actor{self}}), "speaks version 1 of links by handle, not 2"));
  CHECK(contains(refusal_of(gateway, {cluster_version, "x", {}}), "without an actor"));
  const auto shut = make_gateway(at.system, [](const node_description&) { return nullptr; });
  CHECK(contains(why_not(at.system, shut.handle()), "takes no fronts now"));
  const auto failing = make_gateway(at.system, [](const node_description& who) -> std::shared_ptr<rear_link> {
    throw std::runtime_error{"not for " + who.node};
  });
  CHECK(contains(why_not(at.system, failing.handle(), {.node_name = "you"}), "not for you"));
  CHECK_THROWS_WITH_AS(static_cast<void>(make_gateway(at.system, {})), "make_gateway: make_port must not be empty",
                       std::invalid_argument);
}

TEST_CASE("S-CLUSTER-2: tickets from anybody but the other side's actor are dropped") {
  node at;
  back_end back{at.system, test_services()};
  caf::scoped_actor self{at.system};
  caf::scoped_actor stranger{at.system};
  caf::actor link;
  compat::request(self, gateway_of(back), open_link{cluster_version, "by hand", caf::actor{self}})
    .receive([&](const link_opened& x) { link = x.link; }, [](const caf::error&) {});
  REQUIRE(link);
  watcher end{at.system, link};
  auto first = commencement("of a stranger");
  compat::send(stranger, link, first);
  compat::send(stranger, link, std::vector<front_to_back_ticket>{first});
  compat::anon_send(link, first);
  CHECK((request_of_link(stranger, link, first) == caf::make_error(caf::sec::unexpected_message)));
  compat::send(self, link, std::string{"no ticket"}); // means nothing, even from the other side
  auto own = entire("own");
  own.operation.low = 2;
  compat::send(self, link, own);
  std::vector<std::string> answers;
  while (answers.size() < 2)
    self->receive([&](const back_to_front_ticket& x) { answers.push_back(written(x)); },
                  [&](const std::vector<back_to_front_ticket>& xs) {
                    for (const auto& x : xs)
                      answers.push_back(written(x));
                  });
  CHECK(answers == std::vector<std::string>{"0 continuation(own)", "1 completion"});
  wait_for_idle(back);
  const auto stats = back.operation_stats();
  CHECK(stats.of(outcome::completed) == 1);
  CHECK(stats.dropped == 0);
  // S-CLUSTER-3: such an actor can be told to exit.
  caf::anon_send_exit(link, caf::exit_reason::user_shutdown);
  const auto [how, details] = end.down();
  CHECK(how == outcome::transmission_failure);
  CHECK(details == "its actor was told to exit");
}
