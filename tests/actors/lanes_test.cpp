/// Ends whose link takes no tickets: S-SEND-7, S-SEND-9, with a transmission pool and without.
#include "../../actors/links/in_memory_link.hpp"
#include "../../actors/links/null_links.hpp"
#include "../support/collecting_peers.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <latch>
#include <map>
#include <utility>

using namespace tandem;
using namespace tandem_test;
using namespace std::literals;

namespace {

using strings = std::vector<std::string>;

/// Throws at its first batch, when it is told to, and takes what comes later.
class stumbling_link final : public rear_peer {
public:
  std::latch entered{1};
  std::promise<void> go;
  std::shared_ptr<journal> taken = std::make_shared<journal>();
  std::atomic<int> calls{0};

  std::vector<refusal> accept(std::vector<front_to_back_ticket>&& tickets) override {
    if (calls++ == 0) {
      entered.count_down();
      go.get_future().wait();
      throw std::runtime_error{"stumbled"};
    }
    for (const auto& x : tickets)
      taken->note(name_of(x) + std::to_string(x.sequence_number.value));
    return {};
  }

private:
  /// Of its operation, which is said once.
  std::string name_of(const front_to_back_ticket& x) {
    if (x.name)
      names_[x.operation] = *x.name;
    return names_[x.operation];
  }

  std::map<operation_id, std::string> names_;
};

operation begin(const front_end& front, const std::string& name, bool waits = false) {
  return front.operate({.name = name,
                        .timeout = 1h,
                        .subscription = full_serviced_subscription(make_consumer({})),
                        .wait_for_link = waits});
}

} // namespace

TEST_CASE("S-SEND-7: with a transmission pool, an operation whose ticket was not taken sends no other") {
  node at;
  front_end front{at.system, {.transmission = std::make_shared<thread_pool>(2), .shards = 1}};
  auto link = std::make_shared<stumbling_link>();
  front.join_rear_link(link);
  auto op = begin(front, "lost ");
  auto how = ending_of(op);
  link->entered.wait();
  op.consumer().consume(text("x")); // while the first is under way
  op.consumer().terminate();
  auto other = begin(front, "other ");
  link->go.set_value();
  const auto end = await(std::move(how));
  CHECK(end.value == outcome::transmission_failure);
  CHECK(end.details == "stumbled");
  settle({front});
  CHECK(link->taken->notes() == strings{"other 0"});
  CHECK(other.context().is_active());
}

TEST_CASE("S-SEND-9: with a transmission pool, an operation that waits sends all of its tickets again, in order") {
  node at;
  front_end front{at.system, {.transmission = std::make_shared<thread_pool>(2), .shards = 1}};
  auto link = std::make_shared<stumbling_link>();
  front.join_rear_link(link);
  auto op = begin(front, "waiting ", true);
  link->entered.wait();
  auto back = std::make_shared<collecting_back>();
  op.consumer().consume(text("x"));
  link->go.set_value();
  settle({front});
  CHECK(op.context().is_active());
  op.consumer().terminate();
  settle({front});
  CHECK(link->calls == 1);
  front.join_rear_link(back);
  settle({front});
  const auto notes = back->tickets->await(3);
  REQUIRE(notes.size() == 3);
  for (size_t i = 0; i < 3; ++i)
    CHECK(notes[i].find(": " + std::to_string(i) + " ") != std::string::npos);
}

TEST_CASE("S-SEND-9: a link that throws is not tried again and again for an operation that waits") {
  node at;
  front_end front{at.system};
  /// Throws as long as it is broken, but never more often than a test can take.
  class broken_link final : public rear_peer {
  public:
    std::atomic<int> calls{0};
    std::atomic<bool> broken{true};
    std::vector<refusal> accept(std::vector<front_to_back_ticket>&&) override {
      if (++calls < 1000 && broken)
        throw std::runtime_error{"broken"};
      return {};
    }
  };
  auto link = std::make_shared<broken_link>();
  front.join_rear_link(link);
  auto op = begin(front, "waiting", true);
  settle({front});
  CHECK(link->calls == 1);
  CHECK(op.context().is_active());
  link->broken = false;
  front.link()->rear_ready();
  settle({front});
  CHECK(link->calls == 2);
  op.cancel();
  wait_for_idle(front);
}

TEST_CASE("S-SEND-7: a link that is ready without having been lost leaves no ticket behind") {
  node at;
  front_end front{at.system, {.shards = 1}};
  auto back = std::make_shared<collecting_back>();
  front.join_rear_link(back);
  const auto count = 200U;
  std::vector<operation> all;
  for (auto i = 0U; i < count; ++i) {
    all.push_back(begin(front, "x"));
    front.link()->rear_ready();
  }
  settle({front});
  CHECK(back->tickets->notes().size() == count);
}

TEST_CASE("S-END-11: a front that is stopped while tickets are under way in its pool hands over the rest") {
  node at;
  auto back = std::make_shared<collecting_back>();
  std::latch entered{1};
  std::promise<void> go;
  back->before = [&, first = true]() mutable {
    if (!std::exchange(first, false))
      return;
    entered.count_down();
    go.get_future().wait();
  };
  front_end front{at.system, {.transmission = std::make_shared<thread_pool>(1), .shards = 1}};
  front.join_rear_link(back);
  begin(front, "first");
  entered.wait();
  begin(front, "second");
  front.stop(); // cancels both
  wait_for_idle(front);
  go.set_value();
  size_t begun = 0;
  size_t cancelled = 0;
  for (const auto& x : back->tickets->await(4)) {
    begun += x.find(": 0 commencement") != std::string::npos ? 1U : 0U;
    cancelled += x.find(": 1 cancellation") != std::string::npos ? 1U : 0U;
  }
  CHECK(begun == 2);
  CHECK(cancelled == 2);
}
