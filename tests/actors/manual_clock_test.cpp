#include "../../actors/testing/manual_clock.hpp"
#include "../support/world.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <vector>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

namespace {

/// A clock and who waits for it, by address.
struct clock_test {
  manual_clock clock;
  time_point beginning = clock.now();
  std::vector<duration> notified; ///< since the beginning, in order
  int first = 0;
  int second = 0;

  void wake(const int& waiter, duration after) {
    clock.wake_at(&waiter, beginning + after, [this] { notified.push_back(clock.now() - beginning); });
  }
};

} // namespace

TEST_CASE("manual clock: stands still until it is told to go on, and does not begin at zero") {
  manual_clock clock;
  const auto beginning = clock.now();
  CHECK(beginning > time_point{});
  CHECK(clock.now() == beginning);
  clock.advance(5s);
  CHECK(clock.now() == beginning + 5s);
  clock.advance(0s);
  CHECK(clock.now() == beginning + 5s);
}

TEST_CASE("manual clock: does not go backward") {
  manual_clock clock;
  CHECK_THROWS_AS(clock.advance(-1ns), std::invalid_argument);
}

TEST_CASE_FIXTURE(clock_test, "manual clock: stops at each wake-up in order, and settles there") {
  wake(second, 3s);
  wake(first, 2s);
  std::vector<duration> settled;
  clock.advance(10s, [&] { settled.push_back(clock.now() - beginning); });
  CHECK(notified == std::vector<duration>{2s, 3s});
  CHECK(settled == std::vector<duration>{0s, 2s, 3s});
  CHECK(clock.now() == beginning + 10s);
}

TEST_CASE_FIXTURE(clock_test, "manual clock: a wake-up at the target is on the way, one behind it is not") {
  wake(first, 5s);
  wake(second, 5s + 1ns);
  clock.advance(5s - 1ns);
  CHECK(notified.empty());
  clock.advance(1ns);
  CHECK(notified == std::vector<duration>{5s});
  clock.advance(1ns);
  CHECK(notified == std::vector<duration>{5s, 5s + 1ns});
}

TEST_CASE_FIXTURE(clock_test, "manual clock: wake-ups at the same time settle together") {
  wake(first, 1s);
  wake(second, 1s);
  int settled = 0;
  clock.advance(1s, [&] { ++settled; });
  CHECK(notified.size() == 2);
  CHECK(settled == 2); // before the first step, too
}

TEST_CASE_FIXTURE(clock_test, "manual clock: a wake-up wanted while settling is on the way, too") {
  wake(first, 1s);
  int rounds = -1; // it settles before the first step, too
  clock.advance(10s, [&] {
    if (++rounds < 4)
      wake(first, 1s + rounds * 2s);
  });
  CHECK(notified == std::vector<duration>{1s, 3s, 5s, 7s});
  CHECK(clock.now() == beginning + 10s);
}

TEST_CASE_FIXTURE(clock_test, "manual clock: a new wish replaces the one before, and can be taken back") {
  wake(first, 1s);
  wake(first, 4s);
  wake(second, 2s);
  clock.forget(&second);
  clock.forget(&second);
  clock.advance(10s);
  CHECK(notified == std::vector<duration>{4s});
  clock.advance(10s);
  CHECK(notified.size() == 1);
}

TEST_CASE_FIXTURE(clock_test, "manual clock: a time that has passed is told at the next step, however short") {
  clock.advance(10s);
  wake(first, 3s);
  clock.advance(0s);
  CHECK(notified == std::vector<duration>{10s});
}

TEST_CASE(
  "S-TIME-1: a timeout counts from operate(), however soon the clock moves on, and no wish is left at the end") {
  node at;
  const auto clock = std::make_shared<manual_clock>();
  back_end back{at.system, test_services(), {.clock = clock}};
  front_end front{at.system, {.clock = clock}};
  join(front, back);
  const auto advance = [&](duration x) { clock->advance(x, [&] { settle({front, back}); }); };
  auto operation = front.operate(
    {.name = "hold", .complete = true, .timeout = 10s, .subscription = termination_only_serviced_subscription()});
  advance(9999ms);
  CHECK(operation.context().is_active());
  CHECK(operation.context().time_remaining() == 1ms);
  CHECK(clock->wishes() > 0);
  advance(1ms);
  CHECK(operation.context().ended() == outcome::expired);
  CHECK(back.operation_stats().of(outcome::expired) == 1);
  auto quick = front.operate({.name = "echo",
                              .payload = text("x"),
                              .complete = true,
                              .subscription = full_serviced_subscription(make_consumer({}))});
  settle({front, back});
  CHECK(quick.context().ended() == outcome::completed);
  CHECK(clock->wishes() == 0);
}
