/// User code needs only interfaces of ends: something else can stand in the place of a front.
#include "../../actors/interfaces.hpp"
#include "../../actors/links/in_memory_link.hpp"
#include "../../actors/retry.hpp"
#include "../support/world.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <stdexcept>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

namespace {

// -- what a user would write ---------------------------------------------------------------------

/// Commences "echo" at whatever services are given.
operation ask(const abstract_front& services, const std::string& what) {
  return services.operate({.name = "echo",
                           .payload = text(what),
                           .complete = true,
                           .timeout = 1min,
                           .subscription = full_serviced_subscription(make_consumer({}))});
}

/// Asks again when it was refused.
std::future<ending> ask_often(const abstract_front& services, int attempts) {
  auto promise = std::make_shared<std::promise<ending>>();
  auto result = promise->get_future();
  operate_retrying(services,
                   {.name = "echo",
                    .payload = text("x"),
                    .complete = true,
                    .timeout = 1min,
                    .subscription = full_serviced_subscription(make_consumer({}))},
                   {.attempts = attempts, .pause = 1ms}, [promise](const caf::error& why) {
                     promise->set_value({outcome_of(why), details_of(why)});
                   });
  return result;
}

// -- and what a test of it would -----------------------------------------------------------------

/// Counts what is commenced, and lets some of it be refused.
class counting_front final : public abstract_front {
public:
  counting_front(const front_end& good, const front_end& refusing) : good_(good), refusing_(refusing) {
  }

  int refuse_next = 0; ///< how many of the next operations are refused
  mutable std::atomic<int> commenced{0};
  mutable std::atomic<int> waits_for_idle{0};

  operation operate(operate_request request) const override {
    const int number = commenced++;
    if (request.name == "forbidden")
      throw std::invalid_argument{"operate: name must not be forbidden"};
    return (number < refuse_next ? refusing_ : good_).operate(std::move(request));
  }

  stats operation_stats() const override {
    return good_.operation_stats();
  }
  void add_idle_action(std::function<void()> action) const override {
    ++waits_for_idle;
    good_.add_idle_action(std::move(action));
  }
  void stop() const override {
    good_.stop();
  }
  void stop(duration grace) const override {
    good_.stop(grace);
  }
  void join_rear_link(std::shared_ptr<rear_peer> link) const override {
    good_.join_rear_link(std::move(link));
  }
  std::shared_ptr<fore_link> link() const override {
    return good_.link();
  }

private:
  const front_end& good_;
  const front_end& refusing_;
};

/// A front with a back, one with a back that refuses everything, and what counts.
struct stand_in_world : node {
  back_end back{system, test_services()};
  back_end full{system, test_services(), {.maximum_operations = 1}};
  front_end front{system};
  front_end other{system};
  counting_front stand_in{front, other};
  operation filling;

  stand_in_world() : filling(fill()) {
  }

private:
  operation fill() {
    join(front, back);
    join(other, full);
    auto result
      = other.operate({.name = "hold", .timeout = 1h, .subscription = termination_only_serviced_subscription()});
    settle({other, full});
    return result;
  }
};

} // namespace

TEST_CASE("code that takes an abstract front runs with a front end and with a stand-in") {
  stand_in_world w;
  CHECK(await(ending_of(ask(w.front, "a"))).value == outcome::completed);
  CHECK(w.stand_in.commenced == 0);
  CHECK(await(ending_of(ask(w.stand_in, "b"))).value == outcome::completed);
  CHECK(w.stand_in.commenced == 1);
  CHECK_THROWS_WITH(w.stand_in.operate({.name = "forbidden"}), "operate: name must not be forbidden");
  wait_for_idle(w.back);
  CHECK(w.back.operation_stats().of(outcome::completed) == 2);
}

TEST_CASE("S-END-12: operate_retrying commences each attempt at the stand-in that it was given") {
  stand_in_world w;
  w.stand_in.refuse_next = 2;
  CHECK(await(ask_often(w.stand_in, 5)).value == outcome::completed);
  CHECK(w.stand_in.commenced == 3);
  CHECK(w.full.operation_stats().refused == 2);
  w.stand_in.commenced = 0;
  const auto last = await(ask_often(w.stand_in, 2));
  CHECK(was_refused(to_error(last.value, last.details)));
  CHECK(w.stand_in.commenced == 2);
}

TEST_CASE("S-STATS-3: wait_for_idle waits for what a stand-in says of itself") {
  stand_in_world w;
  auto op = w.stand_in.operate(
    {.name = "hold", .timeout = 1h, .subscription = full_serviced_subscription(make_consumer({}))});
  const abstract_end& end = w.stand_in;
  std::promise<void> idle;
  end.add_idle_action([&] { idle.set_value(); });
  auto is_idle = idle.get_future();
  settle({w.front, w.back});
  CHECK(is_idle.wait_for(0s) == std::future_status::timeout);
  op.cancel();
  wait_for_idle(end);
  CHECK(w.stand_in.waits_for_idle == 2);
  CHECK(is_idle.wait_for(10s) == std::future_status::ready);
  CHECK(end.operation_stats().of(outcome::cancelled) == 1);
}

TEST_CASE("a stand-in is joined as the front that it forwards to") {
  node at;
  back_end back{at.system, test_services()};
  front_end front{at.system};
  counting_front stand_in{front, front};
  const abstract_front& services = stand_in;
  const abstract_back& served = back;
  auto link = std::make_shared<in_memory_link>();
  services.join_rear_link(link);
  link->join_fore_link(services.link());
  link->join_rear_link(served.link());
  served.join_fore_link(link);
  CHECK(await(ending_of(ask(services, "x"))).value == outcome::completed);
  CHECK(served.maximum_operations() == 0);
}
