/// Exceptions of customer code that a link calls between nodes, by ports and by handles: each costs one operation or
/// one front at most. The table in actors/README.md ("Where your code is called") lists the places.
#include "../../actors/cluster/connect.hpp"
#include "../../actors/cluster/gateway.hpp"
#include "../../actors/compat/remote_actor.hpp"
#include "../../actors/links/relay_link.hpp"
#include "../../actors/nodes/connect.hpp"
#include "../../actors/nodes/publish.hpp"
#include "../support/contains.hpp"
#include "../support/test_types.hpp"
#include "../support/thrown_things.hpp"

#include <caf/io/middleman.hpp>
#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

namespace {

/// A customer's link, whose functions throw but for accept.
class touchy_link final : public relay_link {
public:
  explicit touchy_link(std::function<void()> now) : now_(std::move(now)) {
  }

  void join_fore_link(std::shared_ptr<fore_peer> peer) override {
    relay_link::join_fore_link(std::move(peer));
    if (joins_badly)
      now_();
  }
  void fore_lost(const std::string& details) override {
    relay_link::fore_lost(details);
    told("fore_lost");
  }
  void rear_lost(const std::string& details) override {
    relay_link::rear_lost(details);
    told("rear_lost");
  }
  void rear_ready() override {
    relay_link::rear_ready();
    told("rear_ready");
  }
  void rear_draining(std::shared_ptr<void> heeded) override {
    relay_link::rear_draining(std::move(heeded));
    told("rear_draining");
  }

  std::atomic<bool> joins_badly = false;
  std::shared_ptr<journal> calls = std::make_shared<journal>();

private:
  void told(const std::string& what) {
    calls->note(what);
    now_();
  }

  std::function<void()> now_;
};

ending run(const front_end& front, payload content, const std::string& name = "echo") {
  return await(ending_of(front.operate({.name = name,
                                        .payload = std::move(content),
                                        .complete = true,
                                        .timeout = 30s,
                                        .subscription = full_serviced_subscription(make_consumer({}))})));
}

/// Waits until this was noted last.
void await_note(journal& notes, const std::string& what) {
  for (size_t count = 1; notes.await(count).back() != what;)
    count = notes.notes().size() + (notes.notes().back() == what ? 0 : 1);
}

/// Why a front cannot connect.
std::string why_turned_away(caf::actor_system& system, uint16_t port) {
  try {
    connect(system, "127.0.0.1", port);
  } catch (const std::runtime_error& e) {
    return e.what();
  }
  return "it can";
}

} // namespace

TEST_CASE("S-PORT-9: what a port factory throws turns that front away, with the text, and the next one may come") {
  for (const auto& x : all_thrown()) {
    CAPTURE(x.text);
    node far;
    node near;
    back_end back{far.system, test_services()};
    const kept_log log;
    std::atomic<bool> throws = true;
    const auto published = publish(far.system,
                                   [&](const node_description& front) -> std::shared_ptr<rear_link> {
                                     if (throws)
                                       x.now();
                                     return back.make_port(front);
                                   },
                                   {.log = log.taker()});
    CHECK(contains(why_turned_away(near.system, published.port()), x.text));
    CHECK(contains(log.lines->await(1).front(), x.text));
    throws = false;
    front_end front{near.system};
    join(front, connect(near.system, "127.0.0.1", published.port()));
    CHECK(run(front, text("x")).value == outcome::completed);
  }
}

TEST_CASE("S-PORT-9: so does what a port of the customer's throws when it is joined") {
  for (const auto& x : all_thrown()) {
    CAPTURE(x.text);
    node far;
    node near;
    back_end back{far.system, test_services()};
    const kept_log log;
    const auto published = publish(far.system,
                                   [&](const node_description&) {
                                     auto result = std::make_shared<touchy_link>(x.now);
                                     result->joins_badly = true;
                                     return result;
                                   },
                                   {.log = log.taker()});
    CHECK(contains(why_turned_away(near.system, published.port()), x.text));
    CHECK(contains(log.lines->await(1).front(), x.text));
  }
}

TEST_CASE("S-STATS-5: what links throw that are told of others harms neither those nor their threads") {
  for (const auto& x : all_thrown()) {
    CAPTURE(x.text);
    node far;
    node near;
    back_end back{far.system, test_services()};
    // A customer's link at either side of the connection.
    auto at_back = std::make_shared<touchy_link>(x.now);
    auto published = std::make_unique<publication>(publish(far.system, [&](const node_description& front) {
      auto port = back.make_port(front);
      at_back->join_rear_link(port);
      port->join_fore_link(at_back);
      return at_back;
    }));
    front_end front{near.system};
    auto at_front = std::make_shared<touchy_link>(x.now);
    auto link = connect(near.system, "127.0.0.1", published->port());
    join_links(front.link(), at_front, link);
    front.join_rear_link(at_front);
    CHECK(run(front, text("x")).value == outcome::completed);
    // The back's node says that it drains, is ready again, and then goes.
    published->drain();
    await_note(*at_front->calls, "rear_draining");
    published->resume();
    await_note(*at_front->calls, "rear_ready");
    CHECK(run(front, text("x")).value == outcome::completed);
    const auto port = published->port();
    published.reset();
    await_note(*at_front->calls, "rear_lost");
    await_note(*at_back->calls, "fore_lost");
    // Both network threads live: another back is published and found.
    const auto again = publish(far.system, back, {.port = port});
    front_end other{near.system};
    join(other, connect(near.system, "127.0.0.1", port));
    CHECK(run(other, text("x")).value == outcome::completed);
  }
}

TEST_CASE("S-TICKET-2: what the inspect of a payload throws on arrival ends its operation, not the session") {
  for (const auto& x : all_thrown()) {
    CAPTURE(x.text);
    node far;
    node near;
    back_end back{far.system, test_services()};
    const auto published = publish(far.system, back);
    front_end front{near.system};
    join(front, connect(near.system, "127.0.0.1", published.port()));
    auto held = front.operate({.name = "hold", .subscription = termination_only_serviced_subscription()});
    CHECK(run(front, make_payload(barbed{3})).value == outcome::completed);
    when_read = x.now;
    const auto end = run(front, make_payload(barbed{3}));
    when_read = nullptr;
    CHECK(end.value == outcome::servicer_failure);
    CHECK(run(front, make_payload(barbed{3})).value == outcome::completed);
    CHECK(held.context().is_active());
    held.cancel();
    wait_for_idle(front);
    wait_for_idle(back);
  }
}

TEST_CASE("S-CLUSTER-3: what links throw that a link by handle tells harms neither its thread nor CAF's") {
  for (const auto& x : all_thrown()) {
    CAPTURE(x.text);
    patient_node far;
    patient_node near;
    back_end back{far.system, test_services()};
    auto gateway = gateway_of(back);
    const auto port = far.system.middleman().publish(gateway, 0, "127.0.0.1");
    REQUIRE(port);
    const auto handle = compat::remote_actor(near.system, "127.0.0.1", *port, 1min);
    REQUIRE(handle);
    front_end front{near.system};
    auto at_front = std::make_shared<touchy_link>(x.now);
    join_links(front.link(), at_front, connect(near.system, *handle));
    front.join_rear_link(at_front);
    CHECK(run(front, text("x")).value == outcome::completed);
    back.stop(10s);
    CHECK(at_front->calls->await(1).front() == "rear_draining");
    wait_for_idle(back);
    caf::anon_send_exit(gateway, caf::exit_reason::user_shutdown);
    const auto calls = at_front->calls->await(2);
    CHECK(calls.back() == "rear_lost");
  }
}
