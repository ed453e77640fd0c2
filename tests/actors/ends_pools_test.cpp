/// Where customer code of ends runs: its pools, its turns, and its callbacks.
#include "../../actors/links/relay_link.hpp"
#include "joined_ends.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

namespace {

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

} // namespace

TEST_CASE("S-RECV-8: blocking customer code delays neither cancellation nor the callback that can wake it") {
  auto at = std::make_shared<gate>();
  auto notes = std::make_shared<journal>();
  joined_ends x{{}, {.work = std::make_shared<thread_pool>(2)}, blocking_services(at, notes)};
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
  joined_ends x{{}, {.work = std::make_shared<thread_pool>(4)}, services};
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
  joined_ends x{{.transmission = pool, .utility = pool}, {.transmission = pool, .utility = pool}};
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

TEST_CASE("S-END-7: callbacks are called once, early or late, also when one throws") {
  auto log = std::make_shared<journal>();
  joined_ends x{{.log = [log](const std::string& line) { log->note(line); }}};
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
  joined_ends x{{.work = std::make_shared<thread_pool>(4)}};
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
  joined_ends x;
  auto op = x.hold();
  std::promise<uint64_t> counted;
  op.context().add_termination_callback(
    [&](outcome) { counted.set_value(x.front.operation_stats().of(outcome::cancelled)); });
  op.cancel();
  CHECK(counted.get_future().get() == 1);
}
