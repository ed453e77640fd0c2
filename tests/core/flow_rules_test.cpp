/// S-FLOW, rule by rule, on the pure machines; the scenarios of topic `flow` have many more cases.
#include "../support/pair.hpp"

#include "../../actors/core/credit.hpp"
#include "../../actors/core/window.hpp"

#include <doctest/doctest.h>

using namespace tandem;
using namespace tandem_test;
using namespace std::chrono_literals;

namespace {

/// "17, 18, ..." of consumption: what a window says each time.
std::string told_by(core::window& x, int payloads, uint64_t bytes = 0) {
  std::string result;
  for (int i = 0; i < payloads; ++i) {
    if (!x.arrived(bytes))
      return result + "too many";
    x.consumed(1, 0);
    if (const auto told = x.due())
      result += (result.empty() ? "" : ", ") + std::to_string(i + 1) + ": " + std::to_string(*told);
  }
  return result;
}

} // namespace

TEST_CASE("S-FLOW-1, S-FLOW-2: a front sends 16 payloads, the first among them, before it has heard from the back") {
  pair p{{.window = 8}};
  p.front.operate("0");
  for (int i = 1; i < 20; ++i)
    p.front.consume(std::to_string(i));
  CHECK(p.front.sent.size() == 16);
  CHECK(p.front.sent.front().allowed == 8);
  CHECK(p.front.how_far()->unsent == 4);
  CHECK(p.front.how_far()->credit == 0);
  p.settle(); // the back consumes at once, and allows its window
  CHECK(p.back.calls.size() == 20);
  CHECK(p.violations() == "");
}

TEST_CASE("S-FLOW-3: a window tells when at most half of it, or of what was told, is left") {
  SUBCASE("at the front it begins with the window") {
    core::window x{8, 0, 8};
    CHECK(told_by(x, 12) == "4: 12, 8: 16, 12: 20");
  }
  SUBCASE("at the back with 16") {
    core::window x{32, 0, 16};
    CHECK(told_by(x, 40) == "8: 40, 24: 56, 40: 72");
  }
  SUBCASE("of a window of one payload, each") {
    core::window x{1, 0, 1};
    CHECK(told_by(x, 3) == "1: 2, 2: 3, 3: 4");
  }
  SUBCASE("an odd one is rounded down") {
    core::window x{5, 0, 5};
    CHECK(told_by(x, 6) == "3: 8, 6: 11");
  }
  SUBCASE("nothing of a window of 0") {
    core::window x{0, 0, 16};
    CHECK(told_by(x, 17) == "too many");
    CHECK(x.until_due() == unlimited);
  }
  SUBCASE("until_due says how many can be consumed together") {
    core::window x{32, 0, 16};
    CHECK(x.until_due() == 8);
    for (int i = 0; i < 16; ++i)
      REQUIRE(x.arrived(0));
    x.consumed(7, 0);
    CHECK(!x.due());
    CHECK(x.until_due() == 1);
    x.consumed(1, 0);
    CHECK(x.due() == 40);
    CHECK(x.until_due() == 16);
  }
}

TEST_CASE("S-FLOW-4: an allowance comes after the completion; one that adds nothing is a reception failure") {
  pair p{{.window = 8}};
  p.front.operate("a");
  p.front.receive(to_front(0, ticket_kind::completion));
  auto more = to_front(2, ticket_kind::allowance); // ahead of its turn
  more.allowed = 40;
  p.front.receive(more);
  CHECK(p.front.how_far()->credit == 15);
  auto first = to_front(1, ticket_kind::allowance);
  first.allowed = 20;
  p.front.receive(first);
  CHECK(p.front.how_far()->credit == 39);
  auto same = to_front(3, ticket_kind::allowance);
  same.allowed = 40;
  p.front.receive(same);
  CHECK(p.front.outcome() == "reception failure");
  CHECK(p.front.details().starts_with("S-FLOW-4"));
}

TEST_CASE("S-FLOW-5: a payload beyond what was allowed ends the operation, and the details name the rule") {
  pair p{{.window = 1}};
  p.front.holds_calls = true;
  p.front.operate("a", true);
  p.front.receive(to_front(0, ticket_kind::continuation, "b"));
  p.front.receive(to_front(1, ticket_kind::continuation, "c"));
  CHECK(p.front.outcome() == "reception failure");
  CHECK(p.front.details() == "S-FLOW-5: a payload beyond the 1 that were allowed");
}

TEST_CASE("S-FLOW-6: what waits goes in order, its end with it; a timeout overtakes it, an expiration counts it") {
  pair p{{.window = 1}};
  p.back.holds_calls = true;
  p.front.holds_calls = true;
  p.front.operate("a", true);
  p.settle();
  p.back.consume("b");
  p.back.consume("c");
  p.back.consume_and_terminate("d");
  CHECK(p.back.sent_tickets() == "0 continuation(b)");
  p.settle();
  p.front.return_from_call(); // of its factory
  p.front.return_from_call();
  p.settle();
  CHECK(p.back.sent_tickets() == "0 continuation(b), 1 continuation(c)");
  p.back.now = the_beginning + 100s;
  p.back.fire_timer();
  CHECK(p.back.outcome() == "expired");
  CHECK(p.back.details().ends_with("until the other side allows them: 1"));
}

TEST_CASE("S-FLOW-7: more payloads than may wait are this side's own failure") {
  pair p{{.window = 0, .waiting_payloads = 2}};
  p.front.operate("a", true);
  p.settle();
  for (const auto* x : {"b", "c"})
    p.back.consume(x);
  p.back.terminate(); // is not counted
  CHECK(p.back.active());
  pair q{{.window = 0, .waiting_payloads = 2}};
  q.front.operate("a", true);
  q.settle();
  for (const auto* x : {"b", "c", "d"})
    q.back.consume(x);
  CHECK(q.back.outcome() == "servicer failure");
  CHECK(q.back.details().starts_with("S-FLOW-7: more than 2 payloads"));
  CHECK(q.back.details().ends_with("waiting_payloads is 2"));
}

TEST_CASE("S-FLOW-8: who asks is told once, in a call of its own, when a payload would go at once") {
  pair p{{.window = 1}};
  p.front.operate("a", true);
  p.settle();
  p.back.holds_calls = true;
  p.back.ask_ready();
  CHECK(p.back.ready_calls == 1); // at once
  p.back.return_from_call();
  p.back.consume("b");
  CHECK(!p.back.ready());
  p.back.ask_ready();
  p.back.ask_ready();
  CHECK(p.back.ready_calls == 1);
  p.settle();
  CHECK(p.back.ready_calls == 2);
  p.back.consume("c"); // from within that call, which takes the credit
  p.back.return_from_call();
  CHECK(p.back.ready_calls == 2);
  p.back.terminate();
  p.settle();
  CHECK(p.back.outcome() == "completed");
  CHECK(p.back.ready_calls == 2); // never after the end
  CHECK(p.violations() == "");
}

TEST_CASE("S-FLOW-9, S-FLOW-10, S-FLOW-11: allowed by hand, not limited, without a window") {
  SUBCASE("by hand") {
    pair p{{.window = 0}};
    p.front.operate("a", true);
    p.settle();
    p.back.consume("b");
    p.front.allow(1);
    p.front.allow(2);
    CHECK(p.front.sent_tickets() == "0 entire(a, allowed 0), 1 allowance(allowed 1), 2 allowance(allowed 3)");
    p.settle();
    CHECK(p.front.received() == "b");
  }
  SUBCASE("subscription none limits nobody") {
    pair p{{.subscription = subscription_kind::none, .window = 1}};
    p.front.operate("a");
    CHECK(!p.front.sent.front().allowed);
    CHECK(p.front.how_far()->credit == unlimited);
  }
  SUBCASE("a back without a window says so") {
    pair p{{.window = 1}, {}};
    p.front.operate("a");
    p.settle();
    CHECK(p.back.sent_tickets() == "0 allowance(allowed 9223372036854775807)");
    CHECK(p.front.how_far()->credit == unlimited);
  }
}

TEST_CASE("S-FLOW-12: an allowance for an operation that has ended is of no effect") {
  pair p{{.window = 1}};
  p.front.operate("a", true);
  p.front.cancel();
  auto late = to_front(0, ticket_kind::allowance);
  late.allowed = 40;
  p.front.receive(late);
  CHECK(p.front.outcome() == "cancelled");
  CHECK(p.violations() == "");
}

TEST_CASE("S-FLOW-13: the window is smaller while payloads are large, and never less than one") {
  core::window large{1024, 4096, 16};
  CHECK(told_by(large, 16, 1024) == "14: 18, 16: 20"); // four of them
  core::window huge{1024, 4096, 16};
  CHECK(told_by(huge, 17, 1 << 20) == "16: 17, 17: 18");
  core::window small{1024, 4096, 16};
  CHECK(told_by(small, 8, 16) == "8: 264"); // 256 of them
}

TEST_CASE("S-FLOW-14, S-FLOW-15: payloads that are kept, and a window that is set") {
  core::window x{2, 0, 2};
  REQUIRE(x.arrived(0));
  x.keep(1, 0);
  CHECK(!x.due());
  CHECK(x.outstanding() == 1);
  x.release(1);
  CHECK(x.due() == 3);
  x.release(1); // more than are kept
  CHECK(!x.due());
  x.resize(10);
  REQUIRE(x.arrived(0));
  x.consumed(1, 0);
  CHECK(x.due() == 12);

  pair p{{.window = 1}};
  p.front.holds_calls = true;
  p.front.operate("a", true);
  p.front.return_from_call();
  p.front.receive(to_front(0, ticket_kind::continuation, "b"));
  p.front.handle(core::payloads_kept{1});
  p.front.return_from_call();
  CHECK(p.front.sent_tickets() == "0 entire(a, allowed 1)");
  p.front.handle(core::payloads_released{1});
  CHECK(p.front.sent_tickets() == "0 entire(a, allowed 1), 1 allowance(allowed 2)");
}

TEST_CASE("S-FLOW-16: a side that is to spare allows one payload at a time, and tells what it holds") {
  core::window x{8, 0, 8};
  for (int i = 0; i < 4; ++i) {
    REQUIRE(x.arrived(100));
    x.hold(100);
  }
  CHECK(x.held_bytes() == 400);
  x.spare(true);
  x.keep(2, 200);
  x.consumed(2, 200);
  CHECK(x.held_bytes() == 200);
  x.release(1);
  CHECK(x.held_bytes() == 100);
  x.release(1);
  CHECK(!x.due());
  CHECK(x.held_bytes() == 0);
  CHECK(told_by(x, 6) == "4: 9, 5: 10, 6: 11");
  x.spare(false);
  CHECK(told_by(x, 1) == "1: 19");

  core::credit waiting{1};
  core::payload_given first{text("12345")};
  core::payload_given second{.content = text("12345"), .size = 5};
  REQUIRE(waiting.give(first, 0, {}) == core::credit::answer::send);
  REQUIRE(waiting.give(second, 0, {}) == core::credit::answer::wait);
  CHECK(waiting.waiting_bytes() == 5 + core::payload_overhead);
  REQUIRE(waiting.allow(2));
  size_t sent = 0;
  waiting.send_waiting([&](const core::payload_given& x) { sent += x.size; });
  CHECK(sent == 5);
  CHECK(waiting.waiting_bytes() == 0);
}
