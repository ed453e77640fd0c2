/// S-SEND: what a side sends, and when it does not.
#include "../support/pair.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace tandem;
using namespace tandem_test;
using namespace std::chrono_literals;
using kind = ticket_kind;

TEST_CASE("S-SEND-1: sequence numbers start at zero on each side and rise by one") {
  pair p;
  p.front.operate("a");
  p.front.consume("b");
  p.front.set_timeout(20s);
  p.front.cancel();
  CHECK(p.front.sent_tickets()
        == "0 commencement(a), 1 continuation(b), 2 continuation(timeout 20000 ms), 3 cancellation");
  pair q;
  q.front.operate("a", true);
  q.settle();
  q.back.consume("b");
  q.back.consume("c");
  q.back.terminate();
  CHECK(q.back.sent_tickets() == "0 continuation(b), 1 continuation(c), 2 completion");
}

TEST_CASE("S-SEND-2: complete sends one entire ticket, otherwise a commencement, with or without a payload") {
  struct expectation {
    std::optional<std::string> content;
    bool complete;
    std::string sent;
  };
  const std::array expectations{
    expectation{std::nullopt, false, "0 commencement"},
    expectation{"a", false, "0 commencement(a)"},
    expectation{std::nullopt, true, "0 entire"},
    expectation{"a", true, "0 entire(a)"},
  };
  for (const auto& x : expectations) {
    pair p;
    p.front.operate(x.content, x.complete);
    CHECK(p.front.sent_tickets() == x.sent);
  }
}

TEST_CASE("S-SEND-2: the first ticket goes out before any abortive one") {
  pair p{{.timeout = 0s}};
  p.front.operate("a");
  CHECK(p.front.sent_tickets() == "0 commencement(a, timeout 0 ms), 1 expiration");
  CHECK(p.front.outcome() == "expired");

  pair q;
  q.front.in_call = [](front_half& front) {
    if (front.calls.empty())
      front.cancel();
  };
  q.front.operate("a");
  CHECK(q.front.sent_tickets() == "0 commencement(a), 1 cancellation");
}

TEST_CASE("S-SEND-2: the ingestor is asked for its consumer at operate(), with a full subscription only") {
  for (auto subscription : {subscription_kind::full, subscription_kind::termination_only, subscription_kind::none}) {
    pair p{{.subscription = subscription}};
    p.front.operate("a");
    CHECK(p.front.opened == (subscription == subscription_kind::full ? 1 : 0));
  }
}

TEST_CASE("S-SEND-3: the last payload may travel in the completion") {
  pair p;
  p.front.operate();
  p.front.consume_and_terminate("a");
  CHECK(p.front.sent_tickets() == "0 commencement, 1 completion(a)");
  p.settle();
  p.back.consume_and_terminate("b");
  CHECK(p.back.sent_tickets() == "0 completion(b)");
}

TEST_CASE("S-SEND-4: a payload after the end of the output is that side's own failure") {
  SUBCASE("at the front") {
    pair p;
    p.front.operate("a");
    p.front.terminate();
    p.front.consume("b");
    CHECK(p.front.outcome() == "serviced failure");
    CHECK(p.front.details().starts_with("S-SEND-4"));
    CHECK(p.front.sent_tickets() == "0 commencement(a), 1 completion, 2 serviced failure");
  }
  SUBCASE("at the front, as the last one") {
    pair p;
    p.front.operate("a");
    p.front.consume_and_terminate("b");
    p.front.consume_and_terminate("c");
    CHECK(p.front.outcome() == "serviced failure");
  }
  SUBCASE("at the back") {
    pair p;
    p.front.operate("a");
    p.settle();
    p.back.terminate();
    p.back.consume("b");
    CHECK(p.back.outcome() == "servicer failure");
    CHECK(p.back.sent_tickets() == "0 completion, 1 servicer failure");
  }
  SUBCASE("before the link has the last ticket") {
    pair p;
    p.front.link_is_slow = true;
    p.front.operate("a");
    p.front.terminate();
    p.front.consume("b");
    CHECK(p.front.outcome() == "serviced failure");
  }
}

TEST_CASE("S-SEND-4: a second terminate() is harmless") {
  pair p;
  p.front.operate("a");
  p.front.terminate();
  p.front.terminate();
  CHECK(p.front.sent_tickets() == "0 commencement(a), 1 completion");
  CHECK(p.front.active());
  p.back.in_call = [](back_half& back) {
    back.terminate();
    back.terminate();
  };
  p.settle();
  CHECK(p.back.outcome() == "completed");
  CHECK(p.front.outcome() == "completed");
}

TEST_CASE("S-SEND-4: after operate() with complete the output has ended") {
  pair p;
  p.front.operate("a", true);
  p.front.terminate();
  CHECK(p.front.active());
  p.front.consume("b");
  CHECK(p.front.outcome() == "serviced failure");
  CHECK(p.front.sent_tickets() == "0 entire(a), 1 serviced failure");
}

TEST_CASE("S-SEND-4: the rule holds where nothing is sent, too") {
  for (auto subscription : {subscription_kind::termination_only, subscription_kind::none}) {
    pair p{{.subscription = subscription}};
    p.front.operate("a");
    p.settle();
    p.back.terminate();
    p.back.consume("b");
    CHECK(p.back.outcome() == "servicer failure");
  }
}

TEST_CASE("S-SEND-5: calls on a consumer after the end are ignored") {
  pair p;
  p.front.operate("a");
  p.settle();
  p.front.cancel();
  p.back.fail();
  const auto front = p.front.sent_tickets();
  const auto back = p.back.sent_tickets();
  auto call_all = [](auto& half) {
    half.consume("b");
    half.terminate();
    half.consume_and_terminate("c");
  };
  call_all(p.front);
  call_all(p.back);
  p.front.set_timeout(20s);
  CHECK(p.front.sent_tickets() == front);
  CHECK(p.back.sent_tickets() == back);
  CHECK(p.front.outcome() == "cancelled");
  CHECK(p.back.outcome() == "servicer failure");
  CHECK(p.violations() == "");
}

TEST_CASE("S-SEND-6: with subscription none the back sends nothing, however it ends") {
  SUBCASE("completed") {
    pair p{{.subscription = subscription_kind::none}};
    p.front.operate("a", true);
    p.settle();
    p.back.consume("b");
    p.back.consume_and_terminate("c");
    CHECK(p.back.outcome() == "completed");
    CHECK(p.back.sent.empty());
  }
  SUBCASE("aborted") {
    pair p{{.subscription = subscription_kind::none}};
    p.front.operate("a");
    p.settle();
    p.back.fail();
    CHECK(p.back.outcome() == "servicer failure");
    CHECK(p.back.sent.empty());
  }
}

TEST_CASE("S-SEND-6: a front with subscription none ignores every ticket") {
  for (auto x : back_to_front_kinds) {
    pair p{{.subscription = subscription_kind::none}};
    p.front.operate("a");
    p.front.receive(to_front(0, x, is_abortive(x) ? std::nullopt : std::optional<std::string>{"b"}));
    p.front.receive(to_front(7, x, "malformed if abortive"));
    CHECK(p.front.active());
    CHECK(p.front.received().empty());
    CHECK(p.front.sent_tickets() == "0 commencement(a)");
  }
}

TEST_CASE("S-SEND-6: with termination only the back sends no payloads, and one completion") {
  pair p{{.subscription = subscription_kind::termination_only}};
  p.front.operate("a", true);
  p.settle();
  p.back.consume("b");
  p.back.consume("c");
  p.back.consume_and_terminate("d");
  CHECK(p.back.sent_tickets() == "0 completion");
  p.settle();
  CHECK(p.front.outcome() == "completed");
}

TEST_CASE("S-SEND-6: with termination only the back may send one abortive ticket") {
  pair p{{.subscription = subscription_kind::termination_only}};
  p.front.operate("a");
  p.settle();
  p.back.consume("b");
  p.back.fail();
  CHECK(p.back.sent_tickets() == "0 servicer failure");
}

TEST_CASE("S-SEND-6: with termination only the front ignores payloads that come all the same") {
  pair p{{.subscription = subscription_kind::termination_only}};
  p.front.operate("a", true);
  p.front.receive(to_front(0, kind::continuation, "b"));
  CHECK(p.front.active());
  p.front.receive(to_front(1, kind::completion, "c"));
  CHECK(p.front.outcome() == "completed");
  CHECK(p.front.received().empty());
}

TEST_CASE("S-SEND-7: a side whose link refuses a ticket ends with transmission failure and sends nothing more") {
  SUBCASE("the front, with its first ticket") {
    pair p;
    p.front.link_refuses = true;
    p.front.operate("a");
    CHECK(p.front.outcome() == "transmission failure");
    CHECK(p.front.sent.empty());
  }
  SUBCASE("the front, later") {
    pair p;
    p.front.operate("a");
    p.front.link_refuses = true;
    p.front.take_effects();
    p.front.consume("b");
    p.front.cancel();
    CHECK(p.front.take_effects() == "send continuation(b); finish: transmission failure");
    CHECK(p.front.outcome() == "transmission failure");
    CHECK(p.front.details() == "link refused");
    CHECK(p.front.sent_tickets() == "0 commencement(a)");
  }
  SUBCASE("the front, with the last ticket") {
    pair p{{.subscription = subscription_kind::none}};
    p.front.link_refuses = true;
    p.front.operate("a", true);
    CHECK(p.front.outcome() == "transmission failure");
  }
  SUBCASE("the back") {
    pair p;
    p.front.operate("a");
    p.settle();
    p.back.link_refuses = true;
    p.back.consume("b");
    CHECK(p.back.outcome() == "transmission failure");
    CHECK(p.back.sent.empty());
  }
  SUBCASE("a side whose link is gone, before it sends anything") {
    pair p;
    p.front.operate("a");
    p.settle();
    p.back.take_effects();
    p.back.lose_link();
    CHECK(p.back.take_effects() == "finish: transmission failure");
    p.front.take_effects();
    p.front.lose_link();
    CHECK(p.front.take_effects() == "finish: transmission failure");
    CHECK(p.back.outcome() == "transmission failure");
    CHECK(p.back.sent.empty());
    CHECK(p.front.outcome() == "transmission failure");
    CHECK(p.front.sent_tickets() == "0 commencement(a)");
  }
}

TEST_CASE("S-SEND-8: a timeout set on a running operation goes at once on a continuation of its own") {
  pair p;
  p.front.operate("a");
  p.settle();
  p.front.set_timeout(20s);
  CHECK(p.front.sent_tickets() == "0 commencement(a), 1 continuation(timeout 20000 ms)");
  CHECK(p.front.timer == the_beginning + 20s);
  p.settle();
  CHECK(p.back.timer == the_beginning + 20s);
}

TEST_CASE("S-SEND-8: after the last ticket a new timeout has effect at the front only") {
  pair p;
  p.front.operate("a", true);
  p.settle();
  p.front.set_timeout(20s);
  CHECK(p.front.sent_tickets() == "0 entire(a)");
  CHECK(p.front.timer == the_beginning + 20s);
  CHECK(p.back.timer == the_beginning + 30s);
}
