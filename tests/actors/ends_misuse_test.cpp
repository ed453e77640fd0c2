/// What ends refuse, and handles that are gone.
#include "../../actors/retry.hpp"
#include "joined_ends.hpp"

#include <doctest/doctest.h>

#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

namespace {

std::string refused(const front_end& front, operate_request request) {
  try {
    front.operate(std::move(request));
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
  return "accepted";
}

} // namespace

TEST_CASE("misuse of operate() is refused and names the argument") {
  joined_ends x;
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
  auto series = operate_retrying(front, {.name = "x", .complete = true, .subscription = none_serviced_subscription()},
                                 {}, [](const caf::error&) {});
  const auto moved_series = std::move(series);
  CHECK_THROWS_WITH_AS(series.cancel(), "this retrying operation was moved from", std::logic_error);
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
