/// Ends that begin no operation any more, or not so many at a time.
#include "../support/world.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <memory>
#include <thread>
#include <vector>

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

namespace {

/// Stands between a front and a back, and heeds a draining back when it is told to.
class slow_to_heed final : public relay_link {
public:
  void rear_draining(std::shared_ptr<void> heeded) override {
    heeded_ = std::move(heeded);
    relay_link::rear_draining(nullptr);
  }

  std::shared_ptr<void> heeded_;
};

struct slowly_linked_ends : linked_ends {
  std::shared_ptr<slow_to_heed> link = std::make_shared<slow_to_heed>();
  std::atomic<int> idle{0};

  slowly_linked_ends() {
    join(front, link, back);
    back.stop(10s);
    back.add_idle_action([this] { ++idle; });
    REQUIRE(link->heeded_.use_count() == 1);
  }

  bool is_refused() const {
    auto op = begin("echo");
    op.consumer().terminate();
    return await(ending_of(op)).details == "refused: the back is draining";
  }
};

} // namespace

TEST_CASE("S-END-14, S-STATS-2: a back takes new operations until its fronts have heeded that it drains") {
  slowly_linked_ends x;
  CHECK_FALSE(x.is_refused());
  CHECK_FALSE(x.is_refused());
  CHECK(x.idle == 0); // more may come
  x.link->heeded_.reset();
  settle({x.front, x.back});
  CHECK(x.idle == 1);
  CHECK(x.is_refused());
}

TEST_CASE("S-END-14: or until half of the grace is over") {
  slowly_linked_ends x;
  x.clock->advance(4s, [&] { settle({x.front, x.back}); });
  CHECK_FALSE(x.is_refused());
  CHECK(x.idle == 0);
  x.clock->advance(1s, [&] { settle({x.front, x.back}); });
  CHECK(x.idle == 1);
  CHECK(x.is_refused());
}

TEST_CASE("S-END-14: a back that is being stopped takes no fronts that come anew, and is idle once nothing runs") {
  linked_ends x;
  auto running = x.begin("hold");
  std::atomic<int> idle{0};
  x.back.stop(10s);
  x.back.add_idle_action([&idle] { ++idle; });
  CHECK_THROWS_WITH(static_cast<void>(x.back.make_port()), "the back is draining");
  settle({x.front, x.back});
  CHECK(idle == 0);
  running.cancel();
  settle({x.front, x.back});
  CHECK(idle == 1);
  x.back.stop(0s);
  settle({x.front, x.back});
}

TEST_CASE("S-STATS-2: when an end is idle, the link has the last tickets") {
  node at;
  back_end back{at.system, test_services()};
  class counting_link final : public relay_link {
  public:
    std::atomic<int> completions{0};

  protected:
    void intercept(std::vector<back_to_front_ticket>& tickets) override {
      for (const auto& x : tickets)
        if (x.kind == ticket_kind::completion)
          ++completions;
    }
  };
  auto link = std::make_shared<counting_link>();
  front_end front{at.system};
  join(front, link, back);
  for (int i = 1; i <= 200; ++i) {
    auto op = front.operate({.name = "echo",
                             .complete = true,
                             .timeout = 1min,
                             .subscription = full_serviced_subscription(make_consumer({}))});
    std::promise<int> seen;
    while (back.operation_stats().of(outcome::completed) == uint64_t(i - 1) && back.operation_stats().ongoing == 0)
      std::this_thread::yield(); // until it has begun
    back.add_idle_action([&] { seen.set_value(link->completions); });
    CHECK(seen.get_future().get() == i);
  }
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

TEST_CASE("S-END-13: of several graces the one that is over first counts") {
  for (const auto& graces : {std::vector{2s, 20s}, std::vector{20s, 2s}}) {
    linked_ends x;
    auto staying = x.begin("hold");
    for (const auto grace : graces)
      x.front.stop(grace);
    x.clock->advance(1999ms, [&] { settle({x.front, x.back}); });
    CHECK(staying.context().is_active());
    x.clock->advance(1ms, [&] { settle({x.front, x.back}); });
    CHECK(await(ending_of(staying)).value == outcome::cancelled);
  }
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
