#include "../../actors/links/null_links.hpp"
#include "../../actors/links/relay_link.hpp"
#include "../support/world.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <memory>
#include <thread>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

namespace {

/// A front and a back joined in one process.
struct pair : node {
  back_end back;
  front_end front;

  explicit pair(end_options f = {}, end_options b = {}, std::shared_ptr<servicer> services = test_services())
    : back(system, std::move(services), std::move(b)), front(system, std::move(f)) {
    join(front, back);
  }

  operation hold(duration timeout = 10min) const {
    return front.operate(
      {.name = "hold", .timeout = timeout, .subscription = termination_only_serviced_subscription()});
  }

  void quiet() const {
    settle({front, back});
  }
};

/// A gate that customer code waits at.
struct gate {
  std::promise<void> entered;
  std::promise<void> opened;
  std::shared_future<void> open = opened.get_future().share();
};

/// Customer code that blocks in consume() until the gate opens.
std::shared_ptr<servicer> blocking_services(std::shared_ptr<gate> at, std::shared_ptr<journal> notes) {
  auto result = std::make_shared<method_table>();
  result->add("block", [=](const operation_context& context, const output_consumer&) {
    context.add_termination_callback([=](outcome x) { notes->note(to_string(x)); });
    return make_consumer([=](payload) {
      at->entered.set_value();
      at->open.wait();
      notes->note("went on");
    });
  });
  return result;
}

std::string refused(const front_end& front, operate_request request) {
  try {
    front.operate(std::move(request));
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
  return "accepted";
}

} // namespace

TEST_CASE("an operation streams both ways and completes on both sides") {
  pair x;
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
  pair x;
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
  pair x;
  auto op = x.front.operate(
    {.name = "foo", .complete = true, .timeout = 1min, .subscription = termination_only_serviced_subscription()});
  auto end = await(ending_of(op));
  CHECK(end.value == outcome::servicer_failure);
  CHECK(end.details == "no such method: foo");
  wait_for_idle(x.back);
  CHECK(x.back.operation_stats().of(outcome::reception_failure) == 1);
}

TEST_CASE("misuse of operate() is refused and names the argument") {
  pair x;
  auto none = none_serviced_subscription();
  CHECK(refused(x.front, {.name = "", .subscription = none}) == "operate: name must not be empty");
  CHECK(refused(x.front, {.name = "a", .timeout = -1s, .subscription = none})
        == "operate: timeout must not be negative");
  CHECK(refused(x.front, {.name = "a", .timeout = duration::max(), .subscription = none})
        == "operate: timeout must be at most 146 years");
  const auto no_ingestor = full_serviced_subscription(std::shared_ptr<serviced_ingestor>{});
  CHECK(refused(x.front, {.name = "a", .subscription = no_ingestor})
        == "operate: a full subscription needs an ingestor");
  const auto too_long = refused(x.front, {.name = std::string(longest_name + 1, 'n'), .subscription = none});
  CHECK(too_long.find("name must be at most") != std::string::npos);
  CHECK_THROWS_WITH(x.hold().set_timeout(-1s), "set_timeout: timeout must not be negative");
  CHECK_THROWS_WITH(x.hold().set_timeout(duration::max()), "set_timeout: timeout must be at most 146 years");
  CHECK_THROWS_WITH(x.back.stop(duration::max()), "stop: grace must be at most 146 years");
  CHECK_THROWS_AS(x.front.join_rear_link(nullptr), std::invalid_argument);
  CHECK_THROWS_AS(x.back.join_fore_link(nullptr), std::invalid_argument);
  CHECK_THROWS_AS(x.front.add_idle_action({}), std::invalid_argument);
  x.front.stop();
  x.quiet();
  CHECK_THROWS_AS(x.hold(), std::logic_error);
}

TEST_CASE("options that make no sense are refused and named") {
  node x;
  CHECK_THROWS_WITH(front_end(x.system, {.default_timeout = 0s}),
                    "end_options: default_timeout must be more than zero");
  CHECK_THROWS_WITH(back_end(x.system, std::shared_ptr<servicer>{}), "back_end: services must not be null");
  CHECK_THROWS_WITH(back_end(x.system, test_services(), {.maximum_timeout = -1s}),
                    "end_options: maximum_timeout must be more than zero");
  CHECK_THROWS_WITH(back_end(x.system, test_services(), {.default_timeout = duration::max()}),
                    "end_options: default_timeout must be at most 146 years");
  CHECK_THROWS_WITH(front_end(x.system, {.maximum_operations = 7}),
                    "end_options: maximum_operations is for back ends, a front end has no use for it");
  CHECK_THROWS_WITH(front_end(x.system, {.shards = 257}), "end_options: shards must be at most 256, got 257");
  CHECK_THROWS_WITH(back_end(x.system, test_services(), {.remembered_operations = size_t{1} << 32}),
                    "end_options: remembered_operations must be at most 4294967295, got 4294967296");
}

TEST_CASE("S-TIME-4: from the beginning an operation knows how long it may take, in customer code too") {
  auto clock = std::make_shared<manual_clock>();
  pair x{{.clock = clock}, {.clock = clock}};
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
    const pair x;
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
  const pair x{{}, {}, services};
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
  pair x{{.clock = clock}, {.clock = clock}};
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

TEST_CASE("S-RECV-8: blocking customer code delays neither cancellation nor the callback that can wake it") {
  auto at = std::make_shared<gate>();
  auto notes = std::make_shared<journal>();
  pair x{{}, {.work = std::make_shared<thread_pool>(2)}, blocking_services(at, notes)};
  auto op = x.front.operate(
    {.name = "block", .payload = text("x"), .timeout = 1min, .subscription = termination_only_serviced_subscription()});
  at->entered.get_future().wait();
  op.cancel();
  CHECK(notes->await(1) == std::vector<std::string>{"cancelled"});
  wait_for_idle(x.back);
  at->opened.set_value();
  CHECK(notes->await(2).back() == "went on");
}

TEST_CASE("S-RECV-7, S-RECV-8: with a pool, payloads come one at a time and in order") {
  std::atomic<int> inside{0};
  std::atomic<bool> concurrent{false};
  auto seen = std::make_shared<std::vector<int32_t>>();
  auto services = std::make_shared<method_table>();
  services->add("count", [&, seen](const operation_context&, const output_consumer& out) {
    return make_consumer(
      [&, seen](payload x) {
        concurrent = concurrent || inside.fetch_add(1) != 0;
        seen->push_back(*payload_as<int32_t>(x));
        inside.fetch_sub(1);
      },
      [out] { out.terminate(); });
  });
  pair x{{}, {.work = std::make_shared<thread_pool>(4)}, services};
  auto op
    = x.front.operate({.name = "count", .timeout = 1min, .subscription = termination_only_serviced_subscription()});
  auto end = ending_of(op);
  for (int32_t i = 0; i < 2000; ++i)
    op.consumer().consume(make_payload(i));
  op.consumer().terminate();
  CHECK(await(std::move(end)).value == outcome::completed);
  CHECK(!concurrent);
  REQUIRE(seen->size() == 2000);
  for (int32_t i = 0; i < 2000; ++i)
    REQUIRE((*seen)[static_cast<size_t>(i)] == i);
}

TEST_CASE("S-STATS-7: with a transmission pool and a utility pool everything is as before") {
  auto pool = std::make_shared<thread_pool>(2);
  pair x{{.transmission = pool, .utility = pool}, {.transmission = pool, .utility = pool}};
  auto notes = std::make_shared<journal>();
  auto op = x.front.operate(
    {.name = "echo", .timeout = 1min, .subscription = full_serviced_subscription(noting_consumer(notes))});
  auto end = ending_of(op);
  for (int i = 0; i < 500; ++i)
    op.consumer().consume(text(std::to_string(i)));
  op.consumer().terminate();
  CHECK(await(std::move(end)).value == outcome::completed);
  auto all = notes->notes();
  REQUIRE(all.size() == 501);
  for (size_t i = 0; i < 500; ++i)
    REQUIRE(all[i] == std::to_string(i));
  wait_for_idle(x.front);
  wait_for_idle(x.back);
}

TEST_CASE("S-STATS-7: each pool has what is its own: customer code, handing over tickets, idle actions") {
  const auto own_pool = [] {
    auto pool = std::make_shared<thread_pool>(1);
    std::promise<std::thread::id> id;
    pool->post([&id] { id.set_value(std::this_thread::get_id()); });
    return std::pair{pool, id.get_future().get()};
  };
  const auto [work, work_thread] = own_pool();
  const auto [transmission, transmission_thread] = own_pool();
  const auto [utility, utility_thread] = own_pool();
  const auto here = [](std::thread::id wanted, const std::string& what) {
    return what + (std::this_thread::get_id() == wanted ? ": its own thread" : ": another thread");
  };
  struct watching_link final : relay_link {
    std::function<void()> watch;
    void intercept(std::vector<front_to_back_ticket>&) override {
      watch();
    }
  };
  auto notes = std::make_shared<journal>();
  auto link = std::make_shared<watching_link>();
  link->watch = [&, t = transmission_thread] { notes->note(here(t, "tickets")); };
  node at;
  front_end front{at.system, {.work = work, .transmission = transmission, .utility = utility}};
  back_end back{at.system, test_services()};
  join(front, link, back);
  auto results = make_consumer([&, t = work_thread](const payload&) { notes->note(here(t, "results")); });
  auto op = front.operate({.name = "echo",
                           .payload = text("x"),
                           .complete = true,
                           .timeout = 1min,
                           .subscription = full_serviced_subscription(results)});
  op.context().add_termination_callback([&, t = work_thread](outcome) { notes->note(here(t, "outcome")); });
  CHECK(await(ending_of(op)).value == outcome::completed);
  wait_for_idle(front);
  notes->await(3); // the callback runs in its pool, and may still be under way when the front is idle
  front.add_idle_action([&, t = utility_thread] { notes->note(here(t, "idle")); });
  const auto all = notes->await(4);
  CHECK(all
        == std::vector<std::string>{"tickets: its own thread", "results: its own thread", "outcome: its own thread",
                                    "idle: its own thread"});
  wait_for_idle(back);
}

TEST_CASE("operations from many threads at a time all complete, once") {
  pair x;
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

TEST_CASE("S-END-7: callbacks are called once, early or late, also when one throws") {
  auto log = std::make_shared<journal>();
  pair x{{.log = [log](const std::string& line) { log->note(line); }}};
  auto notes = std::make_shared<journal>();
  auto op = x.hold();
  op.context().add_termination_callback([](outcome) { throw std::runtime_error{"no"}; });
  op.context().add_termination_callback([=](outcome value) { notes->note("early " + to_string(value)); });
  op.cancel();
  CHECK(notes->await(1).front() == "early cancelled");
  op.context().add_termination_callback([=](outcome value) { notes->note("late " + to_string(value)); });
  CHECK(notes->await(2).back() == "late cancelled");
  CHECK(log->await(1).front() == "a termination callback threw: no");
  x.front.stop();
  x.quiet();
  op.context().add_termination_callback([=](outcome value) { notes->note("stopped " + to_string(value)); });
  CHECK(notes->await(3).back() == "stopped cancelled");
  op.context().add_termination_callback([](outcome) { throw std::runtime_error{"neither"}; });
  CHECK(log->await(2).back() == "a termination callback threw: neither");
}

TEST_CASE("S-RECV-8: termination callbacks of one operation run one after the other, in a pool too") {
  pair x{{.work = std::make_shared<thread_pool>(4)}};
  for (int i = 0; i < 50; ++i) {
    auto op = x.hold();
    auto running = std::make_shared<std::atomic<int>>(0);
    auto notes = std::make_shared<journal>();
    for (const auto* name : {"a", "b", "c", "d"})
      op.context().add_termination_callback([=](outcome) {
        const bool alone = ++*running == 1;
        for (int turns = 0; turns < 100; ++turns)
          std::this_thread::yield();
        notes->note(alone && *running == 1 ? name : "not alone");
        --*running;
      });
    op.cancel();
    CHECK(notes->await(4) == std::vector<std::string>{"a", "b", "c", "d"});
  }
}

TEST_CASE("S-STATS-1: an operation is counted before its callbacks run") {
  pair x;
  auto op = x.hold();
  std::promise<uint64_t> counted;
  op.context().add_termination_callback(
    [&](outcome) { counted.set_value(x.front.operation_stats().of(outcome::cancelled)); });
  op.cancel();
  CHECK(counted.get_future().get() == 1);
}

TEST_CASE("S-END-9: nothing is left of operations that ended while they waited for a link") {
  pair x{{.shards = 1}};
  x.front.link()->rear_lost("gone");
  std::vector<caf::weak_actor_ptr> gone;
  std::vector<operation> stay;
  for (int i = 0; i < 10; ++i) {
    auto op = x.front.operate({.name = "hold",
                               .payload = text("x"),
                               .timeout = 10min,
                               .subscription = termination_only_serviced_subscription(),
                               .wait_for_link = true});
    op.consumer().consume(text("y"));
    if (i < 4) {
      stay.push_back(op);
      continue;
    }
    gone.push_back(caf::actor_cast<caf::weak_actor_ptr>(op.handle()));
    op.cancel();
  }
  x.quiet();
  for (const auto& handle : gone)
    CHECK_FALSE(handle.lock());
  x.front.link()->rear_ready();
  x.quiet();
  CHECK(x.back.operation_stats().ongoing == stay.size());
}

TEST_CASE("S-END-11: a stopped front cancels, a stopped back fails, and both sides know") {
  pair x;
  auto first = x.hold();
  x.quiet();
  x.back.stop();
  auto end = await(ending_of(first));
  CHECK(end.value == outcome::servicer_failure);
  CHECK(end.details == "the back end was stopped");

  pair y;
  auto second = y.hold();
  y.quiet();
  y.front.stop();
  CHECK(await(ending_of(second)).value == outcome::cancelled);
  wait_for_idle(y.back);
  CHECK(y.back.operation_stats().of(outcome::cancelled) == 1);
}

TEST_CASE("ends and their system go promptly, whatever is open, and every operation gets its outcome") {
  std::atomic<int> ended{0};
  const int count = 20'000;
  {
    pair x;
    for (int i = 0; i < count; ++i)
      x.hold(1h).context().add_termination_callback([&](outcome) { ++ended; });
  }
  CHECK(ended == count);
}

TEST_CASE("S-STATS-6: a null link takes everything, but cannot be joined") {
  node x;
  front_end front{x.system};
  front.join_rear_link(std::make_shared<null_rear_link>());
  auto op = front.operate({.name = "a", .complete = true, .subscription = none_serviced_subscription()});
  CHECK(await(ending_of(op)).value == outcome::completed);
  // Nothing can be joined but fore links and rear links, so these cannot.
  static_assert(!std::is_base_of_v<rear_link, null_rear_link> && !std::is_base_of_v<fore_link, null_fore_link>);
}

TEST_CASE("S-STATS-4: an end that is not joined yet keeps what it would send") {
  node x;
  front_end front{x.system};
  back_end back{x.system, test_services()};
  auto notes = std::make_shared<journal>();
  auto op = front.operate(
    {.name = "echo", .timeout = 1min, .subscription = full_serviced_subscription(noting_consumer(notes))});
  auto end = ending_of(op);
  op.consumer().consume_and_terminate(text("early"));
  settle({front, back});
  CHECK(op.context().is_active());
  join(front, back);
  CHECK(await(std::move(end)).value == outcome::completed);
  CHECK(notes->notes() == std::vector<std::string>{"early", "."});
}

TEST_CASE("operations that customer code commences carry the trace id on") {
  pair x;
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

TEST_CASE("S-SEND-9: an operation that begins just before its end is told of the loss waits as well") {
  pair p{{.shards = 1}};
  auto first = p.hold();
  gate at;
  first.context().add_termination_callback([&](outcome) {
    at.entered.set_value();
    at.open.wait();
  });
  first.cancel();
  at.entered.get_future().wait();
  // The shard is busy, so it finds both at once: what begins, and that the link is lost.
  auto waiting = p.front.operate({.name = "hold",
                                  .timeout = 10min,
                                  .subscription = termination_only_serviced_subscription(),
                                  .wait_for_link = true});
  p.front.link()->rear_lost("gone");
  at.opened.set_value();
  p.quiet();
  CHECK(waiting.context().is_active());
  CHECK(p.back.operation_stats().ongoing == 0);
  p.front.link()->rear_ready();
  p.quiet();
  CHECK(waiting.context().is_active());
  CHECK(p.back.operation_stats().ongoing == 1);
}

TEST_CASE("S-STATS-4: several fronts are joined to one back, each with a way of its own, which goes with the front") {
  node at;
  back_end back{at.system, test_services()};
  front_end one{at.system};
  join(one, back);
  {
    front_end two{at.system};
    join(two, back);
    for (const auto* front : {&one, &two, &one}) {
      auto end = ending_of(front->operate({.name = "echo",
                                           .payload = text("x"),
                                           .complete = true,
                                           .subscription = full_serviced_subscription(make_consumer({}))}));
      CHECK(await(std::move(end)).value == outcome::completed);
    }
  }
  CHECK(await(ending_of(one.operate({.name = "echo",
                                     .payload = text("x"),
                                     .complete = true,
                                     .subscription = full_serviced_subscription(make_consumer({}))})))
          .value
        == outcome::completed);
}

TEST_CASE("the last handle of an end may go in its own customer code") {
  for (const bool stop : {false, true}) {
    CAPTURE(stop);
    std::promise<void> gone;
    node at;
    back_end back{at.system, test_services()};
    std::promise<std::unique_ptr<front_end>> given;
    auto front = std::make_unique<front_end>(at.system);
    join(*front, back);
    front
      ->operate({.name = "echo",
                 .payload = text("x"),
                 .complete = true,
                 .subscription = full_serviced_subscription(make_consumer({}))})
      .context()
      .add_termination_callback(
        [&, last = std::make_shared<std::future<std::unique_ptr<front_end>>>(given.get_future())](outcome) {
          auto mine = last->get();
          if (stop)
            mine->stop();
          mine.reset();
          gone.set_value();
        });
    given.set_value(std::move(front));
    CHECK(gone.get_future().wait_for(60s) == std::future_status::ready);
  }
}

TEST_CASE("handles that were moved from throw, and so does what would wait for itself") {
  node at;
  back_end back{at.system, test_services()};
  front_end front{at.system};
  join(front, back);
  std::promise<std::string> said;
  auto operation = front.operate({.name = "echo",
                                  .payload = text("x"),
                                  .complete = true,
                                  .subscription = full_serviced_subscription(make_consumer({}))});
  operation.context().add_termination_callback([&](outcome) {
    try {
      wait_for_idle(front);
    } catch (const std::logic_error& e) {
      said.set_value(e.what());
    }
  });
  CHECK(said.get_future().get() == "wait_for_idle: in customer code it would wait for itself; use add_idle_action");
  const auto moved = std::move(operation);
  // NOLINTBEGIN(bugprone-use-after-move): that is what this is about
  CHECK_THROWS_WITH_AS(operation.cancel(), "this handle of an operation was moved from", std::logic_error);
  const auto new_front = std::move(front);
  const auto new_back = std::move(back);
  CHECK_THROWS_WITH_AS(front.stop(), "this front_end was moved from", std::logic_error);
  CHECK_THROWS_WITH_AS(back.operation_stats(), "this back_end was moved from", std::logic_error);
  // NOLINTEND(bugprone-use-after-move)
}

TEST_CASE("an end refuses an actor system without threads") {
  node::configuration config;
  compat::set_option(config, "scheduler.max-threads", int64_t{0});
  caf::actor_system system{config};
  CHECK_THROWS_WITH_AS(front_end{system}, "scheduler.max-threads must be at least 1, and is 0", std::invalid_argument);
}
