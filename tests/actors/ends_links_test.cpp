/// Ends and the links that they are joined to, or not yet, or no more.
#include "../../actors/links/null_links.hpp"
#include "joined_ends.hpp"

#include <doctest/doctest.h>

#include <future>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

TEST_CASE("S-END-9: nothing is left of operations that ended while they waited for a link") {
  joined_ends x{{.shards = 1}};
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

TEST_CASE("S-SEND-9: an operation that begins just before its end is told of the loss waits as well") {
  joined_ends p{{.shards = 1}};
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
