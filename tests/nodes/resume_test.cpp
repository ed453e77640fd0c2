/// Links whose connection breaks: S-SESSION, S-SEND-9. The back is in a process of its own, and a proxy that
/// cuts stands between.
#include "../../actors/links/null_links.hpp"
#include "../../actors/nodes/publish.hpp"
#include "../../actors/testing/settle.hpp"
#include "../support/contains.hpp"
#include "../support/cutting_proxy.hpp"
#include "../support/far_process.hpp"
#include "../support/source_files.hpp"
#include "../support/trace_folder.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <random>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

namespace {

/// Consumes texts "0", "1", ...: notes the first that is not the next.
class counting_consumer final : public consumer {
public:
  void consume(payload x) override {
    const auto* text = payload_as<std::string>(x);
    if (wrong.empty() && (text == nullptr || *text != std::to_string(count)))
      wrong = "expected " + std::to_string(count) + ", got " + (text ? *text : "something else");
    ++count;
  }

  void terminate() override {
    ended = true;
  }

  void consume_and_terminate(payload x) override {
    consume(std::move(x));
    terminate();
  }

  uint64_t count = 0;
  bool ended = false;
  std::string wrong;
};

} // namespace

TEST_CASE(
  "S-SESSION-1: a stream of 100,000 payloads each way arrives complete, once and in order in spite of 200 cuts") {
  constexpr uint64_t payloads = 100'000;
  constexpr uint64_t cuts = 200;
  far_process back{{.window = 60s}};
  cutting_proxy proxy{back.port};
  node near;
  front_end front{near.system};
  join(front, connect(near.system, "127.0.0.1", proxy.port(), patient(60s)));
  std::mt19937_64 random{42};
  proxy.set_plan([&]() -> std::optional<uint64_t> {
    if (proxy.cuts() >= cuts)
      return std::nullopt;
    return 5'000 + random() % 60'000; // a frame has to get through (S-SESSION-6)
  });
  auto results = std::make_shared<counting_consumer>();
  auto op = front.operate({.name = "echo", .timeout = 10min, .subscription = full_serviced_subscription(results)});
  proxy.cut();
  for (uint64_t i = 0; i < payloads; ++i) {
    if (!op.consumer().consume(text(std::to_string(i))))
      op.consumer().wait_until_ready(1min);
  }
  op.consumer().terminate();
  auto result = await(ending_of(op));
  CHECK(result.details == "");
  CHECK(result.value == outcome::completed);
  CHECK(results->wrong == "");
  CHECK(results->count == payloads);
  CHECK(results->ended);
  CHECK(proxy.cuts() >= cuts);
}

TEST_CASE("S-SESSION-1: a conversation that is cut at any byte completes all the same") {
  far_process back{{.window = 30s}};
  cutting_proxy proxy{back.port};
  const trace_folder traces;
  node near;
  front_end front{near.system, {.shards = 1}};
  traces.record(front, "front");
  // Past the end nothing is cut. Ten of these in a row are the end: how many bytes go may vary a little.
  uint64_t at = 0;
  for (int uncut = 0; uncut < 10;) {
    CAPTURE(at);
    const auto before = proxy.cuts();
    proxy.set_plan([&proxy, at, before]() -> std::optional<uint64_t> {
      if (proxy.cuts() != before)
        return std::nullopt;
      return at;
    });
    auto options = patient(30s);
    options.wait = false;
    auto link = connect(near.system, "127.0.0.1", proxy.port(), options);
    join(front, link);
    auto results = std::make_shared<counting_consumer>();
    auto op = front.operate({.name = "echo",
                             .payload = text("0"),
                             .timeout = 30s,
                             .subscription = full_serviced_subscription(results),
                             .wait_for_link = true});
    op.consumer().consume_and_terminate(text("1"));
    auto result = await(ending_of(op));
    REQUIRE(result.details == "");
    REQUIRE(result.value == outcome::completed);
    REQUIRE(results->wrong == "");
    REQUIRE(results->count == 2);
    if (proxy.cuts() == before) {
      ++uncut;
    } else {
      uncut = 0;
      ++at;
    }
    link = nullptr;
    front.join_rear_link(std::make_shared<null_rear_link>()); // lets go of the link
    proxy.set_plan({});
    proxy.cut();
  }
  CHECK(at > 300);
}

TEST_CASE(
  "S-SESSION-1, S-SEND-9: past the window operations end with transmission failure, and the link connects again") {
  far_process back{{.window = 2s}}; // longer than a busy machine lets a process wait for its turn
  cutting_proxy proxy{back.port};
  node near;
  front_end front{near.system};
  join(front, connect(near.system, "127.0.0.1", proxy.port(), patient(2s)));
  auto lost = ending_of(hold(front));
  REQUIRE(echo(front, false).value == outcome::completed);
  proxy.refuse(true);
  proxy.cut();
  const auto result = await(std::move(lost));
  CHECK(result.value == outcome::transmission_failure);
  CHECK(result.details.find("no other connection was made within the window") != std::string::npos);
  // S-SEND-9: one does not wait, the other does.
  CHECK(echo(front, false).value == outcome::transmission_failure);
  auto waiting = front.operate({.name = "echo",
                                .payload = text("x"),
                                .complete = true,
                                .timeout = 30s,
                                .subscription = full_serviced_subscription(make_consumer({})),
                                .wait_for_link = true});
  auto impatient = front.operate({.name = "echo",
                                  .complete = true,
                                  .timeout = 50ms,
                                  .subscription = full_serviced_subscription(make_consumer({})),
                                  .wait_for_link = true});
  CHECK(await(ending_of(impatient)).value == outcome::expired);
  CHECK(waiting.context().is_active());
  proxy.refuse(false);
  CHECK(await(ending_of(waiting)).value == outcome::completed);
  const auto later = echo(front, false);
  CHECK(later.details == "");
  CHECK(later.value == outcome::completed);
}

TEST_CASE("S-SESSION-5: traces of both sides tell when a link was interrupted, and that it goes on") {
  const trace_folder traces;
  node far;
  back_end back{far.system, test_services()};
  traces.record(back, "back");
  const auto published = publish(far.system, back, {.link = {.window = 30s}, .log = [](const std::string&) {}});
  cutting_proxy proxy{published.port()};
  node near;
  front_end front{near.system};
  traces.record(front, "front");
  join(front, connect(near.system, "127.0.0.1", proxy.port(), patient(30s)));
  CHECK(echo(front, false).value == outcome::completed);
  proxy.cut();
  CHECK(echo(front, false).value == outcome::completed);
  wait_for_idle(back);
  front.recorder().stop();
  back.recorder().stop();
  for (const auto* name : {"front", "back"}) {
    const auto trace = content_of(traces.file(name));
    CHECK_MESSAGE(contains(trace, R"("event":"interrupted")"), trace);
    CHECK_MESSAGE(contains(trace, R"("event":"resumed")"), trace);
    CHECK_MESSAGE(contains(trace, "by connection 2; "), trace);
  }
}

TEST_CASE("S-SESSION-5: when the back was restarted, operations end, and later ones reach the new process") {
  auto first = std::make_unique<far_process>(far_options{.window = 10s});
  const auto port = first->port;
  const trace_folder traces;
  node near;
  front_end front{near.system};
  traces.record(front, "front");
  join(front, connect(near.system, "127.0.0.1", port, patient(10s)));
  auto lost = ending_of(hold(front));
  REQUIRE(echo(front, false).value == outcome::completed);
  first->running.send_signal(SIGKILL);
  first->running.wait();
  first.reset();
  far_process second{{.window = 10s, .port = port}};
  const auto restarted = std::chrono::steady_clock::now();
  const auto result = await(std::move(lost));
  MESSAGE("restarted: missed " << (std::chrono::steady_clock::now() - restarted) / 1ms << " ms after it was back");
  CHECK(result.value == outcome::transmission_failure);
  CHECK(result.details.find("does not know it any more") != std::string::npos);
  CHECK(echo(front, true).value == outcome::completed);
}

TEST_CASE("S-SESSION-3: nothing is given up, however much waits for a connection") {
  far_process back{{.window = 60s}};
  cutting_proxy proxy{back.port};
  node near;
  front_end front{near.system, {.window = no_window}}; // so that all of it waits for the link
  auto options = patient(60s);
  options.link.resend_limit = 100'000;
  const auto link = connect(near.system, "127.0.0.1", proxy.port(), options);
  join(front, link);
  auto results = std::make_shared<journal>();
  auto op = front.operate(
    {.name = "echo", .timeout = 1h, .subscription = full_serviced_subscription(noting_consumer(results))});
  REQUIRE(echo(front, false).value == outcome::completed);
  proxy.refuse(true);
  proxy.cut();
  for (int i = 0; i < 1000; ++i)
    op.consumer().consume(text(std::string(1000, 'x')));
  settle({front});
  CHECK(link->status().waiting_bytes > 900'000);
  proxy.refuse(false);
  op.consumer().terminate();
  CHECK(await(ending_of(op)).value == outcome::completed);
  CHECK(results->notes().size() == 1001);
}

TEST_CASE("S-SESSION-4: flush returns when everything has arrived, in spite of a cut, and says when it cannot") {
  far_process back{{.window = 30s}};
  cutting_proxy proxy{back.port};
  node near;
  front_end front{near.system, {.window = no_window}}; // so that all of it waits for the link
  const auto link = connect(near.system, "127.0.0.1", proxy.port(), patient(30s));
  join(front, link);
  auto op = front.operate({.name = "hold", .subscription = termination_only_serviced_subscription()});
  CHECK(link->flush(30s) == flush_result::arrived);
  proxy.cut();
  for (int i = 0; i < 1000; ++i)
    op.consumer().consume(text(std::string(1000, 'x')));
  settle({front});
  CHECK(link->flush(30s) == flush_result::arrived);
  back.running.send_signal(SIGSTOP);
  op.consumer().consume(text("x"));
  settle({front});
  CHECK(link->flush(1ms) == flush_result::timed_out);
  link->fore_lost("the test drops it");
  CHECK(link->flush(30s) == flush_result::lost);
}

TEST_CASE("a link that is dropped closes at once, whatever its window is") {
  far_process back{{.window = 1h}};
  const trace_folder traces;
  node near;
  front_end front{near.system};
  traces.record(front, "front");
  auto link = connect(near.system, "127.0.0.1", back.port, patient(1h));
  join(front, link);
  auto op = hold(front);
  auto end = ending_of(op);
  REQUIRE(echo(front, false).value == outcome::completed);
  link->fore_lost("the test drops it");
  CHECK(await(std::move(end)).value == outcome::transmission_failure);
}

TEST_CASE("S-SESSION-1: a link whose session is lost begins another one, every time") {
  far_process back{{.window = 10s}};
  const trace_folder traces;
  node near;
  front_end front{near.system};
  traces.record(front, "front");
  auto link = connect(near.system, "127.0.0.1", back.port, patient(10s));
  join(front, link);
  for (int i = 0; i < 200; ++i) {
    link->fore_lost("the test loses it");
    REQUIRE(echo(front, true).value == outcome::completed);
  }
}

// -- how soon a peer is missed (S-END-8): silence_limit, and the window

TEST_CASE("S-END-8: a back that is stopped is missed in time, and found again when it goes on") {
  far_process back{{.window = 200ms}};
  const trace_folder traces;
  node near;
  front_end front{near.system};
  traces.record(front, "front");
  join(front, connect(near.system, "127.0.0.1", back.port, watchful(200ms)));
  auto lost = ending_of(hold(front));
  REQUIRE(echo(front, false).value == outcome::completed);
  const auto begin = std::chrono::steady_clock::now();
  back.running.send_signal(SIGSTOP);
  CHECK(await(std::move(lost)).value == outcome::transmission_failure);
  const auto missed = std::chrono::steady_clock::now() - begin;
  MESSAGE("stopped, window 200 ms: missed after " << missed / 1ms << " ms");
  CHECK(missed > 200ms);
  CHECK(missed < 2s);
  back.running.send_signal(SIGCONT);
  CHECK(echo(front, true).value == outcome::completed);
}

TEST_CASE("S-END-8: a network that passes nothing on is noticed in time, and found again when it does") {
  far_process back{{.window = 200ms}};
  cutting_proxy proxy{back.port};
  const trace_folder traces;
  node near;
  front_end front{near.system};
  traces.record(front, "front");
  join(front, connect(near.system, "127.0.0.1", proxy.port(), watchful(200ms)));
  auto lost = ending_of(hold(front));
  REQUIRE(echo(front, false).value == outcome::completed);
  const auto begin = std::chrono::steady_clock::now();
  proxy.hold(true);
  CHECK(await(std::move(lost)).value == outcome::transmission_failure);
  const auto missed = std::chrono::steady_clock::now() - begin;
  MESSAGE("silent network, window 200 ms: missed after " << missed / 1ms << " ms");
  CHECK(missed < 2s);
  proxy.hold(false);
  const auto again = echo(front, true);
  CHECK(again.details == "");
  CHECK(again.value == outcome::completed);
}

TEST_CASE("S-SESSION-1: a short silence of the network changes nothing") {
  far_process back{{.window = 10s}};
  cutting_proxy proxy{back.port};
  node near;
  front_end front{near.system};
  join(front, connect(near.system, "127.0.0.1", proxy.port(), watchful(10s)));
  auto staying = hold(front);
  REQUIRE(echo(front, false).value == outcome::completed);
  proxy.hold(true);
  auto waiting = front.operate({.name = "echo",
                                .payload = text("x"),
                                .complete = true,
                                .timeout = 30s,
                                .subscription = full_serviced_subscription(make_consumer({}))});
  // Until the connection is given up, and the link begins to wait: nothing else tells from outside.
  auto timer
    = front.operate({.name = "hold", .timeout = 1500ms, .subscription = termination_only_serviced_subscription()});
  CHECK(await(ending_of(timer)).value == outcome::expired);
  proxy.hold(false);
  CHECK(await(ending_of(waiting)).value == outcome::completed);
  CHECK(staying.context().is_active());
}
