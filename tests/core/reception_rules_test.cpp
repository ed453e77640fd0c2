/// S-RECV: when a ticket takes effect, and how payloads reach customer code.
#include "../support/pair.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace tandem;
using namespace tandem_test;
using namespace std::chrono_literals;
using kind = ticket_kind;

TEST_CASE("S-RECV-1: tickets take effect in sequence order, whatever order they come in") {
  std::vector<uint64_t> numbers{1, 2, 3, 4};
  do {
    pair p;
    p.back.receive(commencement("a"));
    p.front.operate("a", true);
    for (auto number : numbers) {
      const auto content = std::to_string(number);
      p.back.receive(to_back(number, number == 4 ? kind::completion : kind::continuation, content));
      p.front.receive(to_front(number - 1, number == 4 ? kind::completion : kind::continuation, content));
    }
    CHECK(p.back.received() == "a, 1, 2, 3, 4 and end");
    CHECK(p.front.received() == "1, 2, 3, 4 and end");
    CHECK(p.front.outcome() == "completed");
  } while (std::ranges::next_permutation(numbers).found);
}

TEST_CASE("S-RECV-1: a ticket ahead of its turn is held, and nothing of it takes effect before") {
  pair p;
  p.back.receive(commencement("a"));
  auto ticket = to_back(2, kind::completion, "c");
  ticket.timeout = 1s;
  p.back.receive(ticket);
  CHECK(p.back.received() == "a");
  CHECK(p.back.timer == the_beginning + 30s);
  p.back.receive(to_back(1, kind::continuation, "b"));
  CHECK(p.back.received() == "a, b, c and end");
  CHECK(p.back.timer == the_beginning + 1s);
}

TEST_CASE("S-RECV-1: so many tickets are held, and one more is a reception failure") {
  for (uint32_t limit : {0u, 1u, 4u}) {
    pair p{{.held_tickets = limit}};
    p.back.receive(commencement("a"));
    p.front.operate("a");
    for (uint64_t i = 0; i < limit; ++i) {
      p.back.receive(to_back(2 + i, kind::continuation, "b"));
      p.front.receive(to_front(1 + i, kind::continuation, "b"));
    }
    CHECK(p.back.active());
    CHECK(p.front.active());
    p.back.receive(to_back(2 + limit, kind::continuation, "b"));
    p.front.receive(to_front(1 + limit, kind::continuation, "b"));
    CHECK(p.back.outcome() == "reception failure");
    CHECK(p.back.details().starts_with("S-RECV-1"));
    CHECK(p.front.outcome() == "reception failure");
  }
}

TEST_CASE("S-RECV-1: the ticket whose turn it is is never one too many") {
  pair p{{.held_tickets = 2}};
  p.back.receive(commencement("a"));
  p.back.receive(to_back(2, kind::continuation, "c"));
  p.back.receive(to_back(3, kind::continuation, "d"));
  p.back.receive(to_back(1, kind::continuation, "b"));
  CHECK(p.back.received() == "a, b, c, d");
  p.back.receive(to_back(5, kind::continuation, "f"));
  p.back.receive(to_back(6, kind::continuation, "g"));
  CHECK(p.back.active());
}

TEST_CASE("S-RECV-2: a sequence number seen before is a reception failure") {
  pair p;
  p.back.receive(commencement("a"));
  p.back.receive(to_back(1, kind::continuation, "b"));
  p.back.receive(to_back(1, kind::continuation, "b"));
  CHECK(p.back.outcome() == "reception failure");
  CHECK(p.back.details().starts_with("S-RECV-2"));
  CHECK(p.back.received() == "a, b");

  pair q;
  q.front.operate("a");
  q.front.receive(to_front(0, kind::continuation, "b"));
  q.front.receive(to_front(0, kind::completion));
  CHECK(q.front.outcome() == "reception failure");
  CHECK(q.front.received() == "b");
}

TEST_CASE("S-RECV-2: a sequence number that is held is a reception failure") {
  pair p;
  p.back.receive(commencement("a"));
  p.back.receive(to_back(2, kind::continuation, "c"));
  p.back.receive(to_back(2, kind::continuation, "c"));
  CHECK(p.back.outcome() == "reception failure");

  pair q;
  q.front.operate("a");
  q.front.receive(to_front(3, kind::completion));
  q.front.receive(to_front(3, kind::completion));
  CHECK(q.front.outcome() == "reception failure");
}

TEST_CASE("S-RECV-2: on an abortive ticket, too") {
  for (auto x : back_to_front_kinds) {
    if (!is_abortive(x))
      continue;
    pair p;
    p.back.receive(commencement("a"));
    p.back.receive(to_back(1, kind::continuation, "b"));
    p.back.receive(to_back(1, x));
    CHECK(p.back.outcome() == "reception failure");
    CHECK(p.back.sent_tickets() == "0 reception failure");

    pair held;
    held.back.receive(commencement("a"));
    held.back.receive(to_back(2, kind::continuation, "c"));
    held.back.receive(to_back(2, x));
    CHECK(held.back.outcome() == "reception failure");

    pair q;
    q.front.operate("a");
    q.front.receive(to_front(0, kind::continuation, "b"));
    q.front.receive(to_front(0, x));
    CHECK(q.front.outcome() == "reception failure");
  }
}

TEST_CASE("S-RECV-3: an abortive ticket takes effect at once, also ahead of its turn") {
  pair p;
  p.back.receive(commencement("a"));
  p.back.receive(to_back(2, kind::continuation, "c"));
  p.back.receive(to_back(5, kind::cancellation));
  CHECK(p.back.outcome() == "cancelled");
  CHECK(p.back.received() == "a");

  pair q{{.held_tickets = 0}};
  q.front.operate("a");
  q.front.receive(to_front(5, kind::servicer_failure));
  CHECK(q.front.outcome() == "servicer failure");
}

TEST_CASE("S-RECV-3: also while customer code runs, and after the completion") {
  pair p;
  p.back.holds_calls = true;
  p.back.receive(commencement("a"));
  p.back.receive(to_back(1, kind::completion));
  p.back.receive(to_back(2, kind::cancellation));
  CHECK(p.back.outcome() == "cancelled");

  pair q;
  q.front.holds_calls = true;
  q.front.operate("a", true);
  q.front.receive(to_front(0, kind::completion));
  q.front.receive(to_front(1, kind::servicer_failure));
  CHECK(q.front.outcome() == "servicer failure");
}

TEST_CASE("S-RECV-4: a second first ticket is a reception failure of a live operation") {
  for (const auto& second : {commencement("b"), entire("b")}) {
    pair p;
    p.back.receive(commencement("a"));
    p.back.receive(second);
    CHECK(p.back.outcome() == "reception failure");
    CHECK(p.back.opened == 1);
    CHECK(p.back.received() == "a");
  }
}

TEST_CASE("S-RECV-4: a ticket after the completion that is not abortive is a reception failure") {
  for (auto x : {kind::continuation, kind::completion}) {
    for (uint64_t number : {2u, 4u}) {
      pair p;
      p.back.receive(commencement("a"));
      p.back.receive(to_back(1, kind::completion));
      p.back.receive(to_back(number, x, "b"));
      CHECK(p.back.outcome() == "reception failure");
      CHECK(p.back.details().starts_with("S-RECV-4"));
    }
    pair q;
    q.front.operate("a");
    q.front.receive(to_front(0, kind::completion));
    CHECK(q.front.active());
    q.front.receive(to_front(1, x, "b"));
    CHECK(q.front.outcome() == "reception failure");

    pair after_entire;
    after_entire.back.receive(entire("a"));
    after_entire.back.receive(to_back(1, x, "b"));
    CHECK(after_entire.back.outcome() == "reception failure");
  }
}

TEST_CASE("S-RECV-4: a ticket held past the completion fails when its turn comes") {
  pair p;
  p.back.receive(commencement("a"));
  p.back.receive(to_back(3, kind::continuation, "d"));
  p.back.receive(to_back(2, kind::completion));
  CHECK(p.back.active());
  p.back.receive(to_back(1, kind::continuation, "b"));
  CHECK(p.back.outcome() == "reception failure");
  CHECK(p.back.details().starts_with("S-RECV-4"));
}

TEST_CASE("S-RECV-7: a continuation's payload comes by consume, a completion's by consume_and_terminate") {
  pair p;
  p.front.operate("a");
  p.front.consume("b");
  p.front.terminate();
  p.settle();
  CHECK(p.back.received() == "a, b, end");
  p.back.consume("c");
  p.back.consume_and_terminate("d");
  p.settle();
  CHECK(p.front.received() == "c, d and end");
}

TEST_CASE("S-RECV-7: an entire ticket's payload comes by consume_and_terminate; without one terminate comes") {
  pair p;
  p.front.operate("a", true);
  p.settle();
  CHECK(p.back.received() == "a and end");
  pair q;
  q.front.operate(std::nullopt, true);
  q.settle();
  CHECK(q.back.received() == "end");
  pair r;
  r.front.operate();
  r.settle();
  CHECK(r.back.received() == "");
}

TEST_CASE("S-RECV-7: what waits for customer code is not merged") {
  pair p;
  p.back.holds_calls = true;
  p.front.operate("a");
  p.front.consume("b");
  p.front.terminate();
  p.settle();
  for (auto expected : {"a", "a, b", "a, b, end"}) {
    p.back.return_from_call();
    CHECK(p.back.received() == expected);
  }
  p.back.return_from_call();
  CHECK(p.back.active());
  p.back.terminate();
  CHECK(p.back.outcome() == "completed");
}

TEST_CASE("S-RECV-7: many payloads that wait for slow customer code come in order") {
  pair p;
  p.back.holds_calls = true;
  p.back.receive(commencement("0"));
  std::string expected = "0";
  for (uint64_t number = 1; number <= 100; ++number) {
    p.back.receive(to_back(number, kind::continuation, std::to_string(number)));
    if (number % 3 == 0)
      p.back.return_from_call(); // it falls behind
    expected += ", " + std::to_string(number);
  }
  while (p.back.call_under_way)
    p.back.return_from_call();
  CHECK(p.back.received() == expected);
}

TEST_CASE("S-RECV-8: customer code of one operation has one call at a time") {
  pair p;
  p.back.holds_calls = p.front.holds_calls = true;
  p.front.operate("a");
  p.front.consume("b");
  p.settle();
  p.back.consume("c");
  p.back.consume("d");
  p.settle();
  CHECK(p.back.received() == "");
  CHECK(p.front.received() == "");
  p.front.return_from_call();
  CHECK(p.front.received() == "c");
  p.back.return_from_call();
  CHECK(p.back.received() == "a");
  CHECK(p.violations() == "");
}

TEST_CASE("S-RECV-8: an operation whose customer code blocks can be cancelled and can expire") {
  pair p;
  p.back.holds_calls = p.front.holds_calls = true;
  p.front.operate("a");
  p.settle();
  SUBCASE("cancelled") {
    p.front.cancel();
    CHECK(p.front.outcome() == "cancelled");
    p.settle();
    CHECK(p.back.outcome() == "cancelled");
  }
  SUBCASE("expired") {
    p.advance(10s);
    CHECK(p.front.outcome() == "expired");
    p.advance(20s);
    CHECK(p.back.outcome() == "expired");
  }
}

TEST_CASE("S-RECV-9: after the end customer code gets no more payloads") {
  pair p;
  p.back.holds_calls = true;
  p.front.operate("a");
  p.front.consume("b");
  p.settle();
  p.front.cancel();
  p.settle();
  REQUIRE(p.back.outcome() == "cancelled");
  p.back.return_from_call();
  p.back.receive(to_back(3, kind::continuation, "c"));
  CHECK(p.back.received() == "");
  CHECK(p.violations() == "");
}

TEST_CASE("S-RECV-9: a call under way runs on; what it sends or throws changes nothing") {
  pair p;
  p.back.holds_calls = true;
  p.front.operate("a");
  p.settle();
  p.front.cancel();
  p.settle();
  p.back.consume("b");
  p.back.throw_from_call();
  CHECK(p.back.outcome() == "cancelled");
  CHECK(p.back.sent.empty());
  CHECK(p.violations() == "");
}
