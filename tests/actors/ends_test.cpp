/// A front and a back together: operations between them, the time that they have, and ends that are stopped.
#include "../../actors/links/relay_link.hpp"
#include "joined_ends.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

TEST_CASE("an operation streams both ways and completes on both sides") {
  joined_ends x;
  auto notes = std::make_shared<journal>();
  auto op = x.front.operate(
    {.name = "echo", .timeout = 1min, .subscription = full_serviced_subscription(noting_consumer(notes))});
  auto end = ending_of(op);
  op.consumer().consume(text("a"));
  op.consumer().consume(text("b"));
  op.consumer().terminate();
  CHECK(await(std::move(end)).value == outcome::completed);
  CHECK(notes->notes() == std::vector<std::string>{"a", "b", "."});
  wait_for_idle(x.front);
  wait_for_idle(x.back);
  CHECK(x.front.operation_stats().of(outcome::completed) == 1);
  CHECK(x.back.operation_stats().of(outcome::completed) == 1);
  CHECK(x.front.operation_stats().ongoing == 0);
}

TEST_CASE("a payload is not copied within a process") {
  joined_ends x;
  const std::string* received = nullptr;
  const auto sent = text("the same object");
  auto results = make_consumer([&](payload content) { received = payload_as<std::string>(content); });
  auto op = x.front.operate({.name = "echo",
                             .payload = sent,
                             .complete = true,
                             .timeout = 1min,
                             .subscription = full_serviced_subscription(results)});
  CHECK(await(ending_of(op)).value == outcome::completed);
  x.quiet();
  CHECK(received == payload_as<std::string>(sent));
}

TEST_CASE("S-END-5: an unknown method is a servicer failure at the front, and named") {
  joined_ends x;
  auto op = x.front.operate(
    {.name = "foo", .complete = true, .timeout = 1min, .subscription = termination_only_serviced_subscription()});
  auto end = await(ending_of(op));
  CHECK(end.value == outcome::servicer_failure);
  CHECK(end.details == "no such method: foo");
  wait_for_idle(x.back);
  CHECK(x.back.operation_stats().of(outcome::reception_failure) == 1);
}

TEST_CASE("S-TIME-4: from the beginning an operation knows how long it may take, in customer code too") {
  auto clock = std::make_shared<manual_clock>();
  joined_ends x{{.clock = clock}, {.clock = clock}};
  std::atomic<duration> in_ingestor{0s}; // several shards write it
  auto ingestor = make_ingestor([&](const operation_context& context) {
    in_ingestor = context.time_remaining();
    return make_consumer({});
  });
  for (int i = 0; i < 20; ++i) { // the shard may be faster than this thread
    const auto op
      = x.front.operate({.name = "hold", .timeout = 5s, .subscription = full_serviced_subscription(ingestor)});
    CHECK(op.context().time_remaining() == 5s);
  }
  x.quiet();
  CHECK(in_ingestor.load() == 5s);
  const auto op = x.front.operate({.name = "hold"});
  CHECK(op.context().time_remaining() == end_options{}.default_timeout);
}

TEST_CASE("S-END-11: once stop() has returned, nothing is commenced") {
  for (int i = 0; i < 20; ++i) {
    const joined_ends x;
    x.front.stop();
    CHECK_THROWS_AS(x.front.operate({.name = "echo"}), std::logic_error);
  }
}

TEST_CASE("S-END-2: a payload of another type than customer code relies on is its failure, and says why") {
  CHECK(get_payload<std::string>(text("x")) == "x");
  CHECK_THROWS_AS(get_payload<std::string>(payload{}), std::invalid_argument);
  auto services = std::make_shared<method_table>();
  services->add("shout", [](const operation_context&, const output_consumer& out) {
    return make_consumer([out](payload x) { out.consume(make_payload(get_payload<std::string>(x) + "!")); });
  });
  const joined_ends x{{}, {}, services};
  auto end = ending_of(x.front.operate({.name = "shout",
                                        .payload = make_payload(int32_t{5}),
                                        .complete = true,
                                        .subscription = termination_only_serviced_subscription()}));
  const auto result = await(std::move(end));
  CHECK(result.value == outcome::servicer_failure);
  CHECK(result.details == "the payload must be std::string, and is int32_t");
}

TEST_CASE("S-TIME-1, S-TIME-3: both sides keep the time, and it can be changed") {
  auto clock = std::make_shared<manual_clock>();
  joined_ends x{{.clock = clock}, {.clock = clock}};
  auto advance = [&](duration d) { clock->advance(d, [&] { x.quiet(); }); };
  auto op = x.hold(2s);
  x.quiet();
  advance(1s);
  CHECK(op.context().time_remaining() == 1s);
  op.set_timeout(5s);
  x.quiet();
  advance(3s);
  CHECK(op.context().is_active());
  CHECK(x.back.operation_stats().ongoing == 1);
  advance(1s);
  CHECK(op.context().ended() == outcome::expired);
  CHECK(op.context().time_remaining() == 0s);
  CHECK(x.back.operation_stats().of(outcome::expired) == 1);
}

TEST_CASE("S-TIME-2: a front that gives no timeout keeps to its own default") {
  auto clock = std::make_shared<manual_clock>();
  node x;
  front_end front{x.system, {.clock = clock, .default_timeout = 30s}};
  auto op = front.operate({.name = "a", .subscription = none_serviced_subscription()});
  settle({front});
  clock->advance(31s, [&] { settle({front}); });
  CHECK(op.context().ended() == outcome::expired);
}

TEST_CASE("operations from many threads at a time all complete, once") {
  joined_ends x;
  std::atomic<int> completed{0};
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 500; ++i) {
        auto op = x.front.operate({.name = "echo",
                                   .payload = text("x"),
                                   .complete = true,
                                   .timeout = 1min,
                                   .subscription = full_serviced_subscription(make_consumer({}))});
        op.context().add_termination_callback([&](outcome value) { completed += value == outcome::completed; });
      }
    });
  for (auto& thread : threads)
    thread.join();
  wait_for_idle(x.front);
  wait_for_idle(x.back);
  x.quiet();
  CHECK(completed == 2000);
  CHECK(x.front.operation_stats().of(outcome::completed) == 2000);
  CHECK(x.back.operation_stats().of(outcome::completed) == 2000);
}

TEST_CASE("S-END-11: a stopped front cancels, a stopped back fails, and both sides know") {
  joined_ends x;
  auto first = x.hold();
  x.quiet();
  x.back.stop();
  auto end = await(ending_of(first));
  CHECK(end.value == outcome::servicer_failure);
  CHECK(end.details == "the back end was stopped");

  joined_ends y;
  auto second = y.hold();
  y.quiet();
  y.front.stop();
  CHECK(await(ending_of(second)).value == outcome::cancelled);
  wait_for_idle(y.back);
  CHECK(y.back.operation_stats().of(outcome::cancelled) == 1);
}

TEST_CASE("S-END-12: a back that has stopped refuses what is commenced at once, by its link and by another port") {
  node at;
  back_end back{at.system, std::make_shared<method_table>()};
  const front_end direct{at.system};
  join(direct, back);
  const front_end by_port{at.system};
  join_links(by_port.link(), back.make_port());
  back.stop();
  for (const auto* front : {&direct, &by_port})
    for (int i = 0; i < 2; ++i) { // as it stops, and when it has stopped
      const auto end = await(ending_of(
        front->operate({.name = "x", .timeout = 1min, .subscription = termination_only_serviced_subscription()})));
      CHECK(was_refused(end.value, end.details));
      CHECK(end.details == "refused: the back has stopped");
      settle({*front, back});
    }
}

TEST_CASE("S-STATS-9, S-END-8: each operation has its end when a link comes and goes while threads commence them") {
  node at;
  auto services = std::make_shared<method_table>();
  services->add("end", [](const operation_context&, const output_consumer& out) {
    return make_consumer([](const payload&) {}, [out] { out.terminate(); });
  });
  const back_end back{at.system, services};
  const front_end front{at.system, {.shards = 1}};
  join(front, back);
  std::atomic<bool> stop{false};
  std::atomic<int> ended{0};
  std::vector<std::thread> threads;
  std::atomic<int> begun{0};
  for (int i = 0; i < 2; ++i)
    threads.emplace_back([&] {
      while (!stop) {
        ++begun;
        const auto op = front.operate(
          {.name = "end", .timeout = 1min, .subscription = full_serviced_subscription(make_consumer({}))});
        op.context().add_termination_callback([&](outcome) { ++ended; });
        op.consumer().consume(text("a"));
        op.consumer().terminate();
      }
    });
  for (int i = 0; i < 200; ++i) {
    front.link()->rear_lost("lost");
    front.link()->rear_ready();
    std::this_thread::yield();
  }
  stop = true;
  for (auto& x : threads)
    x.join();
  wait_for_idle(front);
  CHECK(ended == begun);
  CHECK(begun > 0);
}

TEST_CASE("ends and their system go promptly, whatever is open, and every operation gets its outcome") {
  std::atomic<int> ended{0};
  const int count = 20'000;
  {
    joined_ends x;
    for (int i = 0; i < count; ++i)
      x.hold(1h).context().add_termination_callback([&](outcome) { ++ended; });
  }
  CHECK(ended == count);
}

TEST_CASE("operations that customer code commences carry the trace id on") {
  joined_ends x;
  const auto id = trace_id::make();
  std::promise<std::optional<trace_id>> seen;
  auto services = std::make_shared<method_table>();
  services->add("outer", [&](const operation_context& context, const output_consumer&) {
    x.front.operate({.name = "inner", .subscription = none_serviced_subscription(), .trace_id = context.trace_id()});
    return make_consumer({});
  });
  services->add("inner", [&](const operation_context& context, const output_consumer&) {
    seen.set_value(context.trace_id());
    return make_consumer({});
  });
  back_end other{x.system, services};
  join(x.front, other);
  x.front.operate({.name = "outer", .subscription = none_serviced_subscription(), .trace_id = id});
  CHECK(seen.get_future().get() == id);
}
