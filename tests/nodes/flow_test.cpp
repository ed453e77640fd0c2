/// Flow control between nodes: peers that do not keep to it, and consumers that do not keep up with others (S-FLOW).
#include "../../actors/nodes/publish.hpp"
#include "../../actors/testing/settle.hpp"
#include "../support/contains.hpp"
#include "../support/far_process.hpp"
#include "../support/flow_services.hpp"
#include "../support/raw_peer.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <string>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

namespace {

constexpr uint64_t payloads = 20'000;

/// "pour" sends so many payloads, at the pace of who gets them.
std::shared_ptr<servicer> pouring_services() {
  auto result = std::make_shared<method_table>();
  result->add("pour", [](const operation_context&, const output_consumer& out) {
    return make_consumer({}, [out] { pour(out, payloads, [] { return text(std::string(100, 'x')); }); });
  });
  return result;
}

/// A front with a connection of its own, whose customer code may block.
struct own_front {
  node at;
  front_end front{at.system, {.work = std::make_shared<thread_pool>(2)}};
  std::atomic<uint64_t> came{0};

  explicit own_front(uint16_t port) {
    join(front, connect(at.system, "127.0.0.1", port, patient(1min)));
  }

  /// Its results wait for `gate`.
  std::future<ending> pour(const std::shared_future<void>& gate) {
    const auto op
      = front.operate({.name = "pour",
                       .complete = true,
                       .timeout = 10min,
                       .subscription = full_serviced_subscription(make_consumer([this, gate](const payload&) {
                         gate.wait();
                         ++came;
                       }))});
    return ending_of(op);
  }
};

} // namespace

TEST_CASE("S-FLOW-5: a peer that sends more payloads than it was allowed loses that operation, by name") {
  node far;
  const back_end back{far.system, test_services(), {.window = 0}};
  const auto published = publish(far.system, back, {.log = [](const std::string&) {}});
  lying_front liar{published.port()};
  auto first = lying_front::first_ticket(1);
  first.allowed = 8;
  liar.send(first);
  for (uint64_t i = 1; i < 18; ++i) {
    auto next = to_back(i, ticket_kind::continuation, "x");
    next.operation = first.operation;
    liar.send(next);
  }
  CHECK(contains(liar.peer->answers->await(1).back(), "S-FLOW-5: a payload beyond the 16 that were allowed"));
  first = lying_front::first_ticket(2);
  first.name = "echo";
  first.kind = ticket_kind::entire;
  liar.send(first);
  CHECK(contains(liar.peer->answers->await(2).back(), "completion")); // the session goes on
  wait_for_idle(back);
  CHECK(back.operation_stats().of(outcome::reception_failure) == 1);
}

TEST_CASE("S-FLOW-4: a peer whose allowances shrink loses that operation, by name") {
  node far;
  const back_end back{far.system, test_services()};
  const auto published = publish(far.system, back, {.log = [](const std::string&) {}});
  lying_front liar{published.port()};
  auto first = lying_front::first_ticket(1);
  first.allowed = 8;
  liar.send(first);
  for (uint64_t number : {1, 2}) {
    front_to_back_ticket next;
    next.operation = first.operation;
    next.kind = ticket_kind::allowance;
    next.sequence_number = {number};
    next.allowed = 9;
    liar.send(next);
  }
  CHECK(contains(liar.peer->answers->await(1).back(), "S-FLOW-4: an allowance of 9 payloads in all, after one of 9"));
  wait_for_idle(back);
}

TEST_CASE("S-FLOW-1: a front that stands still keeps up neither other fronts nor its own other operations") {
  node far;
  const back_end back{far.system, pouring_services()};
  const auto published = publish(far.system, back, {.log = [](const std::string&) {}});
  std::promise<void> gate;
  std::promise<void> open;
  open.set_value();
  const auto at_once = open.get_future().share();
  own_front slow{published.port()};
  own_front second{published.port()};
  own_front third{published.port()};
  auto waits = slow.pour(gate.get_future().share());
  auto beside = slow.pour(at_once);
  CHECK(await(second.pour(at_once)).value == outcome::completed);
  CHECK(await(third.pour(at_once)).value == outcome::completed);
  CHECK(await(std::move(beside)).value == outcome::completed);
  CHECK(second.came == payloads);
  CHECK(third.came == payloads);
  CHECK(slow.came == payloads); // of the other operation: this one has none yet
  CHECK(waits.wait_for(0s) == std::future_status::timeout);
  gate.set_value();
  CHECK(await(std::move(waits)).value == outcome::completed);
  CHECK(slow.came == 2 * payloads);
}
