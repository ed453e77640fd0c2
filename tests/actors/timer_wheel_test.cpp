#include "../support/property.hpp"

#include "../../actors/execution/timer_wheel.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <vector>

using namespace tandem;
using namespace tandem_test;
using namespace std::chrono_literals;

namespace {

constexpr time_point beginning{1000h};

struct alarm : timer_node {
  int id = 0;
  time_point when{};
  bool was_late = false; ///< its time had passed when it was set; those come first, in any order
};

/// A wheel with some timers, and what it is held against.
class alarms {
public:
  explicit alarms(size_t count) : wheel(beginning), all_(count) {
    for (size_t i = 0; i < count; ++i)
      all_[i].id = static_cast<int>(i);
  }

  ~alarms() {
    for (auto& x : all_)
      wheel.cancel(x);
  }

  alarms(const alarms&) = delete;
  alarms& operator=(const alarms&) = delete;

  void set(size_t i, time_point when) {
    all_[i].when = when;
    wheel.set(all_[i], when);
  }

  void cancel(size_t i) {
    wheel.cancel(all_[i]);
  }

  alarm& operator[](size_t i) {
    return all_[i];
  }

  alarm* take(time_point now) {
    return static_cast<alarm*>(wheel.take_due(now));
  }

  /// The ids of all that fire at `now`.
  std::vector<int> fired(time_point now) {
    std::vector<int> result;
    while (auto* x = take(now))
      result.push_back(x->id);
    return result;
  }

  /// Goes from one wake-up to the next, as a shard does; checks that each timer fires in the millisecond after its
  /// time. Returns the ids in order.
  std::vector<int> run_out() {
    std::vector<int> result;
    time_point previous = beginning;
    while (auto next = wheel.next_wake()) {
      CHECK(*next >= previous);
      previous = *next;
      while (auto* x = take(*next)) {
        CHECK(*next >= x->when);
        CHECK(*next < std::max(x->when, beginning) + 1ms);
        result.push_back(x->id);
      }
    }
    CHECK(wheel.empty());
    return result;
  }

  timer_wheel wheel;

private:
  std::vector<alarm> all_;
};

} // namespace

TEST_CASE("timer wheel: empty, it wants nothing and gives nothing") {
  timer_wheel wheel{beginning};
  CHECK(wheel.empty());
  CHECK_FALSE(wheel.next_wake());
  CHECK(wheel.take_due(beginning + 100h) == nullptr);
}

TEST_CASE("timer wheel: a timer fires once, at its time and not before") {
  for (auto distance : std::array<duration, 8>{1ns, 1ms, 1ms + 1ns, 63ms, 64ms, 65ms, 10s, 1h}) {
    CAPTURE(distance.count());
    alarms x{1};
    x.set(0, beginning + distance);
    CHECK(x.fired(beginning + distance - 1ns).empty());
    CHECK(x.fired(beginning + distance + 1ms) == std::vector{0});
    CHECK_FALSE(x[0].armed());
    CHECK(x.wheel.empty());
    CHECK(x.fired(beginning + 2 * distance + 1h).empty());
  }
}

TEST_CASE("timer wheel: a time that has passed fires at once") {
  alarms x{2};
  x.set(0, beginning - 5s);
  CHECK(x.fired(beginning) == std::vector{0});
  x.set(1, beginning + 20s);
  CHECK(x.fired(beginning + 20s) == std::vector{1});
  x.set(0, beginning + 10s);
  CHECK(x.wheel.next_wake() <= beginning + 20s);
  CHECK(x.fired(beginning + 20s) == std::vector{0});
}

TEST_CASE("timer wheel: timers come in the order of their times, whatever order they were set in") {
  alarms x{6};
  const std::array<duration, 6> distances{100ms, 70ms, 5000ms, 90ms, 4100ms, 66ms};
  for (size_t i = 0; i < distances.size(); ++i)
    x.set(i, beginning + distances[i]);
  CHECK(x.fired(beginning + 10s) == std::vector{5, 1, 3, 0, 4, 2});
}

TEST_CASE("timer wheel: one that is due is not overlooked for one of the same coarse slot that is not") {
  alarms x{2};
  x.set(0, beginning + 100ms);
  x.set(1, beginning + 70ms);
  CHECK(x.fired(beginning + 80ms) == std::vector{1});
  CHECK(x.wheel.next_wake() == beginning + 100ms);
  CHECK(x.fired(beginning + 100ms) == std::vector{0});
}

TEST_CASE("timer wheel: what was set for the same time fires together") {
  alarms x{3};
  for (size_t i = 0; i < 3; ++i)
    x.set(i, beginning + 5s);
  CHECK(x.fired(beginning + 5s - 1ns).empty());
  CHECK(x.fired(beginning + 5s).size() == 3);
}

TEST_CASE("timer wheel: cancelled, it does not fire; set again, it fires at the new time only") {
  alarms x{2};
  x.set(0, beginning + 5s);
  x.cancel(0);
  x.cancel(0);
  CHECK(x.wheel.empty());
  x.set(0, beginning + 10s);
  x.set(1, beginning + 6s);
  x.set(1, beginning + 20s);
  x.set(0, beginning + 7s);
  CHECK(x.fired(beginning + 6s).empty());
  CHECK(x.fired(beginning + 7s) == std::vector{0});
  CHECK(x.fired(beginning + 19s).empty());
  CHECK(x.fired(beginning + 20s) == std::vector{1});
}

TEST_CASE("timer wheel: a timer may be set again while others that are due are being taken") {
  alarms x{2};
  x.set(0, beginning + 5ms);
  x.set(1, beginning + 6ms);
  CHECK(x.take(beginning + 10ms) == &x[0]);
  x.set(0, beginning + 15ms);
  CHECK(x.take(beginning + 10ms) == &x[1]);
  CHECK(x.take(beginning + 10ms) == nullptr);
  CHECK(x.fired(beginning + 15ms) == std::vector{0});
}

TEST_CASE("timer wheel: around each boundary between levels") {
  alarms x{5};
  for (int level = 1; level <= 7; ++level) {
    CAPTURE(level);
    const auto boundary = beginning + (int64_t{1} << (6 * level)) * 1ms;
    const std::array<duration, 5> offsets{0ms, 1ms, -1ms, -1ns, 1ns};
    for (size_t i = 0; i < offsets.size(); ++i)
      x.set(i, boundary + offsets[i]);
    const auto order = x.run_out();
    REQUIRE(order.size() == 5);
    CHECK(order[0] == 2);
    CHECK(order[1] + order[2] == 3); // both at the boundary's millisecond
    CHECK(order[3] + order[4] == 5);
  }
}

TEST_CASE("timer wheel: set just before a boundary for just after it") {
  alarms x{2};
  for (int level = 1; level <= 7; ++level) {
    CAPTURE(level);
    const auto boundary = beginning + (int64_t{1} << (6 * level)) * 1ms;
    x.set(0, boundary - 2ms);
    CHECK(x.fired(boundary - 2ms) == std::vector{0});
    x.set(0, boundary + 3ms);
    x.set(1, boundary - 1ms);
    CHECK(x.run_out() == std::vector{1, 0});
  }
}

TEST_CASE("timer wheel: the far future is not near, however far") {
  alarms x{3};
  x.set(0, beginning + 10 * 365 * 24h);
  x.set(1, time_point::max() - 1ms);
  x.set(2, beginning + 1s);
  CHECK(x.fired(beginning + 5 * 365 * 24h) == std::vector{2});
  CHECK(x.fired(beginning + 11 * 365 * 24h) == std::vector{0});
  CHECK(x.fired(beginning + 200 * 365 * 24h).empty());
  x.cancel(1);
  CHECK(x.wheel.empty());
}

TEST_CASE("timer wheel: each wake-up is no later than the next timer, and idle ones are few") {
  alarms x{1};
  x.set(0, beginning + 30s);
  int wake_ups = 0;
  while (auto next = x.wheel.next_wake()) {
    REQUIRE(*next <= beginning + 30s);
    ++wake_ups;
    if (x.take(*next) != nullptr)
      break;
  }
  CHECK(wake_ups <= 4); // one per level on the way
}

TEST_CASE("timer wheel: does what a sorted multimap does") {
  check_property("timer wheel", 400, 100, [] {
    constexpr size_t count = 20;
    alarms x{count};
    std::multimap<time_point, size_t> model;
    auto now = beginning;
    auto forget = [&](size_t i) { std::erase_if(model, [&](const auto& entry) { return entry.second == i; }); };
    auto some_distance = [] {
      // Each scale as likely as the others.
      const auto shift = any_below(50);
      return duration{any_between<int64_t>(0, int64_t{1} << (shift + 2))};
    };
    const auto steps = *rc::gen::inRange(1, 60);
    for (int step = 0; step < steps; ++step) {
      const auto i = any_below(count);
      switch (any_below(6)) {
        case 0:
        case 1:
        case 2: {
          const auto when = now + some_distance() - 5ms;
          forget(i);
          model.emplace(when, i);
          x.set(i, when);
          x[i].was_late = when <= now;
          break;
        }
        case 3:
          forget(i);
          x.cancel(i);
          break;
        case 4:
          now += some_distance();
          break;
        default:
          now = std::max(now, x.wheel.next_wake().value_or(now));
      }
      RC_ASSERT(x.wheel.empty() == model.empty());
      if (!model.empty())
        RC_ASSERT(*x.wheel.next_wake() <= std::max(model.begin()->first, now) + 1ms);
      int64_t previous = 0; // milliseconds: the wheel's resolution
      while (auto* fired = x.take(now)) {
        RC_ASSERT(fired->when <= now);
        if (!fired->was_late) {
          const auto at = (fired->when - beginning + 999999ns) / 1ms;
          RC_ASSERT(at >= previous);
          previous = at;
        }
        forget(static_cast<size_t>(fired->id));
      }
      // Nothing that was due a millisecond ago is left.
      RC_ASSERT(model.empty() || model.begin()->first > now - 1ms);
    }
  });
}
