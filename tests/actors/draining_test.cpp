/// Ends that begin no operation any more, or not so many at a time.
#include "../support/world.hpp"

#include <doctest/doctest.h>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

namespace {

/// Both ends in one process, with a clock that is moved by hand.
struct linked_ends {
  node at;
  std::shared_ptr<manual_clock> clock = std::make_shared<manual_clock>();
  back_end back;
  front_end front{at.system, {.clock = clock}};

  explicit linked_ends(uint64_t most = 0)
    : back(at.system, test_services(), {.clock = clock, .maximum_operations = most}) {
    join(front, back);
  }

  operation begin(const std::string& name, subscription_kind kind = subscription_kind::full) const {
    serviced_subscription subscription{kind, nullptr};
    if (kind == subscription_kind::full)
      subscription = full_serviced_subscription(make_consumer({}));
    auto result = front.operate({.name = name, .timeout = 1h, .subscription = std::move(subscription)});
    settle({front, back});
    return result;
  }
};

} // namespace

TEST_CASE("S-END-12: a back refuses what is above its limit, and nothing of it runs") {
  linked_ends x{2};
  auto first = x.begin("hold");
  auto second = x.begin("hold");
  auto third = x.begin("hold");
  const auto result = await(ending_of(third));
  CHECK(result.value == outcome::transmission_failure);
  CHECK(result.details == "refused: the back runs as many operations as it may, 2");
  CHECK(was_refused(to_error(result.value, result.details)));
  CHECK_FALSE(was_refused(to_error(outcome::transmission_failure, "the link is gone")));
  CHECK_FALSE(was_refused(to_error(outcome::servicer_failure, "refused: not this way")));
  CHECK(x.back.operation_stats().refused == 1);
  CHECK(x.back.operation_stats().ongoing == 2);
  first.cancel();
  settle({x.front, x.back});
  auto fourth = x.begin("hold");
  CHECK(fourth.context().is_active());
}

TEST_CASE("S-END-12: a refusal is not told to a front with subscription none, and later tickets are dropped as late") {
  linked_ends x{1};
  auto first = x.begin("hold");
  auto second = x.begin("hold", subscription_kind::none);
  CHECK(second.context().is_active()); // more is to be sent, as far as the front knows
  second.consumer().consume(text("x"));
  settle({x.front, x.back});
  CHECK(x.back.operation_stats().refused == 1);
  CHECK(x.back.operation_stats().late == 1);
}

TEST_CASE("S-END-13: a back that is stopped with a grace refuses new operations and ends the others when it is over") {
  linked_ends x;
  auto ending = x.begin("echo");
  auto staying = x.begin("hold");
  x.back.stop(10s);
  const auto refused = await(ending_of(x.begin("echo")));
  CHECK(refused.details == "refused: the back is draining");
  ending.consumer().terminate();
  CHECK(await(ending_of(ending)).value == outcome::completed);
  CHECK(staying.context().is_active());
  x.clock->advance(9s, [&] { settle({x.front, x.back}); });
  CHECK(staying.context().is_active());
  x.clock->advance(1s, [&] { settle({x.front, x.back}); });
  CHECK(await(ending_of(staying)).value == outcome::servicer_failure);
  CHECK(x.back.operation_stats().ongoing == 0);
  CHECK(was_refused(to_error(outcome::transmission_failure, await(ending_of(x.begin("echo"))).details)));
}

TEST_CASE("S-END-13: a front that is stopped with a grace begins nothing and cancels the others when it is over") {
  linked_ends x;
  auto staying = x.begin("hold");
  x.front.stop(5s);
  CHECK_THROWS_WITH(x.begin("echo"), "operate: the front end is stopping");
  x.clock->advance(5s, [&] { settle({x.front, x.back}); });
  CHECK(await(ending_of(staying)).value == outcome::cancelled);
  CHECK(x.back.operation_stats().of(outcome::cancelled) == 1);
}

TEST_CASE("S-END-13: without a manual clock the grace is real time, and no grace is none") {
  node at;
  back_end back{at.system, test_services()};
  front_end front{at.system};
  join(front, back);
  auto hold = [&] {
    return front.operate({.name = "hold", .timeout = 1h, .subscription = termination_only_serviced_subscription()});
  };
  auto first = hold();
  settle({front, back});
  back.stop(20ms);
  CHECK(await(ending_of(first)).value == outcome::servicer_failure);
  front_end other{at.system};
  back_end second_back{at.system, test_services()};
  join(other, second_back);
  auto second
    = other.operate({.name = "hold", .timeout = 1h, .subscription = termination_only_serviced_subscription()});
  settle({other, second_back});
  other.stop(0s);
  CHECK(await(ending_of(second)).value == outcome::cancelled);
  CHECK_THROWS_WITH(back.stop(-1s), "stop: grace must not be negative");
}
