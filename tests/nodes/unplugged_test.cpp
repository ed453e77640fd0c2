/// A cable that is pulled out: packets are lost, and nobody is told (S-END-8, S-SESSION-1). Where no network namespace
/// can be made, these say so and do nothing.
#include "../support/cable.hpp"
#include "../support/trace_folder.hpp"

#include <doctest/doctest.h>

#include <chrono>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

namespace {

using steady = std::chrono::steady_clock;

} // namespace

TEST_CASE("S-END-8: a cable that is pulled out is noticed in time, and the link comes back with it") {
  auto line = cable::lay(200ms);
  if (!line)
    return;
  const trace_folder traces;
  node near;
  front_end front{near.system};
  traces.record(front, "front");
  join(front, connect(near.system, line->address(), line->port(), watchful(200ms)));
  std::vector<std::future<ending>> ends;
  for (int i = 0; i < 100; ++i)
    ends.push_back(ending_of(hold(front)));
  REQUIRE(echo(front, false).value == outcome::completed);
  line->pull_out();
  const auto begin = steady::now();
  for (auto& x : ends)
    CHECK(await(std::move(x)).value == outcome::transmission_failure);
  const auto missed = steady::now() - begin;
  MESSAGE("unplugged, window 200 ms: missed after " << missed / 1ms << " ms");
  CHECK(missed > 200ms);
  CHECK(missed < 2s);
  line->plug_in();
  CHECK(echo(front, true).value == outcome::completed);
}

TEST_CASE("S-SESSION-1: a cable that is plugged in again within the window has cost nothing") {
  auto line = cable::lay(1min);
  if (!line)
    return;
  node near;
  front_end front{near.system};
  join(front, connect(near.system, line->address(), line->port(), watchful(1min)));
  auto staying = hold(front);
  REQUIRE(echo(front, false).value == outcome::completed);
  line->pull_out();
  auto waiting = front.operate({.name = "echo",
                                .payload = text("x"),
                                .complete = true,
                                .timeout = 30s,
                                .subscription = full_serviced_subscription(make_consumer({}))});
  // Until the connection is given up.
  auto timer
    = front.operate({.name = "hold", .timeout = 1500ms, .subscription = termination_only_serviced_subscription()});
  CHECK(await(ending_of(timer)).value == outcome::expired);
  line->plug_in();
  CHECK(await(ending_of(waiting)).value == outcome::completed);
  CHECK(staying.context().is_active());
}

TEST_CASE("a host that does not answer holds up neither other connections nor the end of the actor system") {
  auto line = cable::lay(200ms);
  if (!line)
    return;
  const far_process other{{.window = 200ms}};
  auto begin = steady::now();
  {
    node near;
    front_end front{near.system};
    join(front, connect(near.system, line->address(), line->port(), watchful(200ms)));
    auto lost = ending_of(hold(front));
    REQUIRE(echo(front, false).value == outcome::completed);
    line->pull_out();
    CHECK(await(std::move(lost)).value == outcome::transmission_failure);
    // From now on the link tries to connect again.
    CHECK_THROWS(connect(near.system, line->address(), line->port(), {.timeout = 100ms}));
    begin = steady::now();
    front_end second{near.system};
    join(second, connect(near.system, "127.0.0.1", other.port, watchful(200ms)));
    CHECK(echo(second, false).value == outcome::completed);
    CHECK(steady::now() - begin < 1s);
    begin = steady::now();
  }
  MESSAGE("an actor system with a link to a host that does not answer ended after " << (steady::now() - begin) / 1ms
                                                                                    << " ms");
  CHECK(steady::now() - begin < 2s);
}
