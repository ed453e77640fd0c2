/// Flow control where it is narrow: windows of one payload, charges, what all operations have on their way (S-FLOW).
#include "../../actors/links/link.hpp"
#include "../../messages/type_ids.hpp"
#include "../support/flow_services.hpp"
#include "../support/world.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <vector>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

TEST_CASE(
  "S-FLOW-3, S-FLOW-14: a charge that is the last thing consumed of what was allowed brings the next payloads") {
  node at;
  for (const int kept : {1, 8, 16}) {
    CAPTURE(kept);
    std::atomic<int> came{0};
    auto charges = std::make_shared<kept_charges>();
    auto services = std::make_shared<method_table>();
    services->add("keep one", [&, charges](const operation_context& it, const output_consumer& out) {
      return make_consumer(
        [&, charges, it](const payload&) {
          if (++came == kept)
            charges->keep(it.take_charge());
        },
        [out] { out.terminate(); });
    });
    const back_end back{at.system, services, {.window = 1}};
    const front_end front{at.system};
    join(front, back);
    const auto op = front.operate(
      {.name = "keep one", .timeout = 1min, .subscription = full_serviced_subscription(make_consumer({}))});
    pour(op.consumer(), 40, [] { return text("x"); });
    settle({front, back});
    CHECK(came == 16);
    CHECK(charges->size() == 1);
    charges->let_go_of_all();
    CHECK(await(ending_of(op)).value == outcome::completed);
    CHECK(came == 40);
  }
}

TEST_CASE("S-FLOW-8, S-FLOW-10: a producer whose results nobody wants is always ready, and gets to its end") {
  node at;
  auto services = std::make_shared<method_table>();
  services->add("many", [](const operation_context&, const output_consumer& out) {
    return make_consumer({}, [out] { pour(out, 5000, [] { return text("x"); }); });
  });
  const back_end back{at.system, services};
  const front_end front{at.system};
  join(front, back);
  const auto op = front.operate(
    {.name = "many", .complete = true, .timeout = 1min, .subscription = termination_only_serviced_subscription()});
  CHECK(await(ending_of(op)).value == outcome::completed);
}

TEST_CASE("S-FLOW-16: who sends large texts is not ready while all operations have too many bytes on their way") {
  node at;
  auto charges = std::make_shared<kept_charges>();
  const back_end back{at.system, keeping_services(charges)};
  const front_end front{at.system, {.shards = 2, .waiting_bytes = 1'000'000}};
  join(front, back);
  std::vector<operation> all;
  for (int i = 0; i < 4; ++i)
    all.push_back(
      front.operate({.name = "keep", .timeout = 1min, .subscription = termination_only_serviced_subscription()}));
  const auto send = [&] {
    int sent = 0;
    for (bool more = true; more;) {
      more = false;
      for (const auto& x : all)
        if (x.consumer().ready() && sent < 100) {
          x.consumer().consume(text(std::string(100'000, 'x')));
          ++sent;
          more = true;
        }
    }
    return sent;
  };
  CHECK(send() == 10);
  std::atomic<int> called{0};
  for (const auto& x : all)
    x.consumer().when_ready([&] { ++called; });
  settle({front, back});
  CHECK(charges->size() == 10);
  CHECK(called == 0);
  charges->let_go(4); // more than half of them are left
  settle({front, back});
  CHECK(called == 0);
  charges->let_go(1);
  settle({front, back});
  CHECK(called == 4);
  CHECK(send() == 5);
  front.stop();
  settle({front, back});
  charges->let_go_of_all();
}

TEST_CASE("S-FLOW-14, S-FLOW-16: a charge that outlives its operation holds up nothing any more") {
  node at;
  auto charges = std::make_shared<kept_charges>();
  const back_end back{at.system, keeping_services(charges)};
  const front_end front{at.system, {.waiting_bytes = 1'000'000}};
  join(front, back);
  const auto begin = [&] {
    return front.operate({.name = "keep", .timeout = 1min, .subscription = termination_only_serviced_subscription()});
  };
  const auto first = begin();
  for (int i = 0; i < 10; ++i)
    first.consumer().consume(text(std::string(100'000, 'x')));
  settle({front, back});
  const auto second = begin();
  settle({front, back});
  CHECK(!second.consumer().ready());
  first.cancel();
  settle({front, back});
  CHECK(charges->size() == 10);
  CHECK(second.consumer().ready());
  second.cancel();
  wait_for_idle(front);
  charges->let_go_of_all();
}

TEST_CASE(
  "S-FLOW-8: when a link is relieved, those who wait for it are called one after the other, while it has room") {
  /// Congested by each batch.
  struct narrow_link final : rear_peer {
    std::weak_ptr<fore_peer> front;

    std::vector<refusal> accept(std::vector<front_to_back_ticket>&&) override {
      front.lock()->rear_news({link_news::kind::congested});
      return {};
    }
  };
  node at;
  const front_end front{at.system, {.shards = 1, .window = no_window}};
  const auto link = std::make_shared<narrow_link>();
  link->front = front.link();
  front.join_rear_link(link);
  constexpr int operations = 50;
  constexpr int payloads = 1000;
  std::vector<operation> all;
  for (int i = 0; i < operations; ++i)
    all.push_back(
      front.operate({.name = "x", .timeout = 1min, .subscription = termination_only_serviced_subscription()}));
  settle({front});
  std::atomic<int> called{0};
  for (const auto& x : all)
    x.consumer().when_ready([&, out = x.consumer()] {
      ++called;
      for (int i = 0; i < payloads; ++i)
        out.consume(text("x"));
    });
  settle({front});
  CHECK(called == 0);
  for (int reliefs = 1; called < operations; ++reliefs) {
    REQUIRE(reliefs <= operations);
    front.link()->rear_news({link_news::kind::relieved});
    settle({front});
    CHECK(called <= 2 * reliefs);
  }
  front.stop();
}
