/// Exceptions of customer code, wherever it is called: each costs one operation at most, never an end or the process.
/// The table in actors/README.md ("Where your code is called") lists the places.
#include "../../actors/execution/strand.hpp"
#include "../../actors/links/balanced_link.hpp"
#include "../../actors/retry.hpp"
#include "../support/contains.hpp"
#include "../support/temporary_folder.hpp"
#include "../support/test_types.hpp"
#include "../support/thrown_things.hpp"
#include "../support/world.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <atomic>
#include <functional>
#include <future>
#include <string>
#include <utility>
#include <vector>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

namespace {

struct world {
  explicit world(std::shared_ptr<thread_pool> work, log_function log, std::shared_ptr<servicer> services)
    : back{at.system, std::move(services), {.work = work, .log = log}}, front{at.system, {.work = work, .log = log}} {
    join(front, back);
  }

  ending run(const std::string& name, std::shared_ptr<serviced_ingestor> results = nullptr) const {
    auto subscription = results ? serviced_subscription{subscription_kind::full, std::move(results)}
                                : full_serviced_subscription(make_consumer({}));
    return await(ending_of(front.operate(
      {.name = name, .payload = text("x"), .complete = true, .timeout = 30s, .subscription = subscription})));
  }

  /// Both ends go on after what was thrown.
  void check_alive() const {
    CHECK(run("echo").value == outcome::completed);
    wait_for_idle(front);
    wait_for_idle(back);
  }

  node at;
  back_end back;
  front_end front;
};

/// `now` is called by the service of the name, in its own place.
std::shared_ptr<method_table> throwing_services(const std::function<void()>& now) {
  auto result = std::make_shared<method_table>();
  result->add("echo", [](const operation_context&, const output_consumer& out) {
    return make_consumer([out](payload x) { out.consume(std::move(x)); }, [out] { out.terminate(); });
  });
  result->add("service", [now](const operation_context&, const output_consumer&) {
    now();
    return make_consumer({});
  });
  result->add("payload", [now](const operation_context&, const output_consumer&) {
    return make_consumer([now](payload) { now(); });
  });
  result->add("end", [now](const operation_context&, const output_consumer&) { return make_consumer({}, now); });
  result->add("callback", [now](const operation_context& context, const output_consumer& out) {
    context.add_termination_callback([now](outcome) { now(); });
    return make_consumer([out](payload) {}, [out] { out.terminate(); });
  });
  return result;
}

/// With a work pool and without one.
template <class Test>
void in_each_way(Test test) {
  for (const bool pool : {false, true})
    for (const auto& x : all_thrown()) {
      CAPTURE(pool);
      CAPTURE(x.text);
      test(pool ? std::make_shared<thread_pool>(2) : nullptr, x);
    }
}

} // namespace

TEST_CASE("S-END-2: what a service or its consumer throws ends that operation, and its details say what it was") {
  in_each_way([](const auto& work, const thrown& x) {
    const kept_log log;
    const world w{work, log.taker(), throwing_services(x.now)};
    for (const auto* name : {"service", "payload", "end"}) {
      const auto end = w.run(name);
      CHECK(end.value == outcome::servicer_failure);
      CHECK(contains(end.details, x.text));
    }
    w.check_alive();
  });
}

TEST_CASE("S-END-2: what an ingestor or a consumer of results throws ends that operation") {
  in_each_way([](const auto& work, const thrown& x) {
    const kept_log log;
    const world w{work, log.taker(), throwing_services(x.now)};
    auto end = w.run("echo", make_ingestor([&](const operation_context&) -> std::shared_ptr<consumer> {
                       x.now();
                       return nullptr;
                     }));
    CHECK(end.value == outcome::serviced_failure);
    CHECK(contains(end.details, x.text));
    end = w.run("echo",
                make_ingestor([&](const operation_context&) { return make_consumer([&](payload) { x.now(); }); }));
    CHECK(end.value == outcome::serviced_failure);
    CHECK(contains(end.details, x.text));
    w.check_alive();
  });
}

TEST_CASE("S-END-7, S-STATS-2: what a termination callback or an idle action throws is logged") {
  in_each_way([](const auto& work, const thrown& x) {
    const kept_log log;
    const world w{work, log.taker(), throwing_services(x.now)};
    CHECK(w.run("callback").value == outcome::completed);
    wait_for_idle(w.back);
    CHECK(log.lines->await(1) == std::vector<std::string>{"a termination callback threw: " + x.text});
    w.front.add_idle_action(x.now);
    CHECK(log.lines->await(2).back() == "an idle action threw: " + x.text);
    w.check_alive();
  });
}

TEST_CASE("what a log function throws harms nobody") {
  in_each_way([](const auto& work, const thrown& x) {
    const world w{work, [&x](const std::string&) { x.now(); }, throwing_services(x.now)};
    CHECK(w.run("callback").value == outcome::completed);
    w.front.add_idle_action(x.now);
    w.check_alive();
  });
}

TEST_CASE("what `ended` of a retry throws is logged") {
  in_each_way([](const auto& work, const thrown& x) {
    const kept_log log;
    const world w{work, log.taker(), throwing_services(x.now)};
    operate_retrying(w.front,
                     {.name = "echo",
                      .payload = text("x"),
                      .complete = true,
                      .subscription = full_serviced_subscription(make_consumer({}))},
                     {.log = log.taker()}, [&](const caf::error&) { x.now(); });
    CHECK(log.lines->await(1) == std::vector<std::string>{"`ended` of operate_retrying threw: " + x.text});
    w.check_alive();
  });
}

TEST_CASE("what the key of a balanced link throws ends that operation") {
  for (const auto& x : all_thrown()) {
    CAPTURE(x.text);
    node at;
    back_end back{at.system, test_services()};
    front_end front{at.system};
    auto link
      = balanced_link::make({.policy = balance::consistent_hash, .key = [&](const front_to_back_ticket& ticket) {
                               if (ticket.name == "hold")
                                 x.now();
                               return std::string{};
                             }});
    link->add(back.make_port(), "one");
    front.join_rear_link(link);
    link->join_fore_link(front.link());
    const auto run = [&](const std::string& name) {
      return await(ending_of(front.operate({.name = name,
                                            .payload = text("x"),
                                            .complete = true,
                                            .subscription = full_serviced_subscription(make_consumer({}))})));
    };
    const auto end = run("hold");
    CHECK(end.value == outcome::transmission_failure);
    CHECK(end.details == "balanced_options::key threw: " + x.text);
    CHECK(run("echo").value == outcome::completed);
  }
}

TEST_CASE("what a job of a thread pool throws costs that job") {
  for (const auto& x : all_thrown()) {
    CAPTURE(x.text);
    auto pool = std::make_shared<thread_pool>(1);
    pool->post(x.now);
    const auto order = std::make_shared<strand>(pool);
    order->post(x.now);
    std::promise<void> done;
    order->post([&] { done.set_value(); });
    CHECK(done.get_future().wait_for(60s) == std::future_status::ready);
  }
}

TEST_CASE("what a redaction throws hides the payload, and the recording goes on") {
  for (const auto& x : all_thrown()) {
    CAPTURE(x.text);
    const temporary_folder folder;
    const kept_log log;
    const world w{nullptr, log.taker(), throwing_services(x.now)};
    w.front.recorder().start(
      {.file = folder.file("trace.jsonl"), .redact = [&](const payload&) -> std::optional<payload> {
         x.now();
         return std::nullopt;
       }});
    w.check_alive();
    const auto status = w.front.recorder().status();
    w.front.recorder().stop();
    CHECK(status.problem == "");
  }
}

TEST_CASE("what the inspect of a payload throws costs its JSON in a recording") {
  const temporary_folder folder;
  const kept_log log;
  const world w{nullptr, log.taker(), test_services()};
  w.front.recorder().start({.file = folder.file("trace.jsonl")});
  const auto end = await(ending_of(w.front.operate({.name = "echo",
                                                    .payload = make_payload(thorny{true}),
                                                    .complete = true,
                                                    .subscription = full_serviced_subscription(make_consumer({}))})));
  CHECK(end.value == outcome::completed);
  w.check_alive();
  const auto status = w.front.recorder().status();
  w.front.recorder().stop();
  CHECK(status.problem == "");
}

TEST_CASE("S-STATS-2: an end is idle when the termination callbacks of its operations have returned") {
  in_each_way([](const auto& work, const thrown&) {
    const kept_log log;
    const world w{work, log.taker(), test_services()};
    std::atomic<int> called = 0;
    constexpr int operations = 500;
    for (int i = 0; i < operations; ++i)
      w.front
        .operate({.name = "echo",
                  .payload = text("x"),
                  .complete = true,
                  .subscription = full_serviced_subscription(make_consumer({}))})
        .context()
        .add_termination_callback([&](outcome) { ++called; });
    wait_for_idle(w.front);
    CHECK(called == operations);
  });
}

TEST_CASE("S-END-7: a termination callback can have the details, and whether the operation was refused") {
  node at;
  back_end back{at.system, test_services(), {.maximum_operations = 1}};
  front_end front{at.system};
  join(front, back);
  const auto end_of = [&](const std::string& name) {
    auto result = std::make_shared<std::promise<operation_end>>();
    auto operation = front.operate({.name = name,
                                    .payload = text("x"),
                                    .complete = true,
                                    .subscription = full_serviced_subscription(make_consumer({}))});
    operation.context().add_termination_callback([result](const operation_end& x) { result->set_value(x); });
    auto end = result->get_future();
    REQUIRE(end.wait_for(60s) == std::future_status::ready);
    const auto value = end.get();
    CHECK(operation.context().details() == value.details);
    return value;
  };
  const auto failed = end_of("throw");
  CHECK(failed.value == outcome::servicer_failure);
  CHECK(contains(failed.details, "as it was told"));
  CHECK_FALSE(failed.was_refused);
  settle({front, back});
  auto filling = front.operate({.name = "hold", .subscription = termination_only_serviced_subscription()});
  settle({front, back});
  const auto refused = end_of("echo");
  CHECK(refused.value == outcome::transmission_failure);
  CHECK(refused.was_refused);
  filling.cancel();
}

TEST_CASE("operations that are commenced in a termination callback are children of its operation") {
  node at;
  back_end back{at.system, test_services()};
  front_end front{at.system};
  join(front, back);
  auto outer = front.operate({.name = "echo",
                              .payload = text("x"),
                              .complete = true,
                              .subscription = full_serviced_subscription(make_consumer({}))});
  std::promise<operation> begun;
  outer.context().add_termination_callback([&](outcome) {
    begun.set_value(front.operate({.name = "hold", .subscription = termination_only_serviced_subscription()}));
  });
  const auto child = begun.get_future().get();
  const auto listed = nlohmann::json::parse(front.operations(1)).at("operations");
  REQUIRE(listed.size() == 1);
  CHECK(listed[0].at("operation_id") == to_string(child.context().id()));
  CHECK(listed[0].at("parent") == to_string(outer.context().id()));
  child.cancel();
}

TEST_CASE("S-STATS-7: the log names customer code that keeps a thread of the scheduler, once") {
  const kept_log log;
  std::promise<void> leave;
  auto services = std::make_shared<method_table>();
  services->add("sleepy", [left = leave.get_future().share()](const operation_context&, const output_consumer& out) {
    left.wait();
    out.terminate();
    return make_consumer({});
  });
  const world w{nullptr, log.taker(), services};
  auto operation = w.front.operate({.name = "sleepy",
                                    .payload = text("x"),
                                    .complete = true,
                                    .subscription = full_serviced_subscription(make_consumer({}))});
  CHECK(log.lines->await(1)
        == std::vector<std::string>{
          "customer code of " + to_string(operation.context().id())
          + " (sleepy) has kept a thread of the scheduler for more than a second: give it a work pool "
            "(end_options::work), or have it return promptly"});
  leave.set_value();
  CHECK(await(ending_of(operation)).value == outcome::completed);
  CHECK(log.lines->notes().size() == 1);
}
