/// S-END: how an operation ends on each side.
#include "../support/pair.hpp"

#include <doctest/doctest.h>

#include <array>
#include <stdexcept>

using namespace tandem;
using namespace tandem_test;
using namespace std::chrono_literals;
using kind = ticket_kind;

namespace {

/// A pair whose operation has begun on both sides, with nothing under way.
pair begun(const pair_options& options = {}) {
  pair p{options};
  p.front.operate("a");
  p.settle();
  return p;
}

} // namespace

TEST_CASE("S-END-1: the front has completed when its last ticket is handed over and the last result consumed") {
  SUBCASE("the result comes last") {
    pair p;
    p.front.holds_calls = true;
    p.front.operate("a", true);
    p.front.return_from_call();
    p.front.receive(to_front(0, kind::completion, "b"));
    CHECK(p.front.state() == "output closed, input closing");
    p.front.return_from_call();
    CHECK(p.front.outcome() == "completed");
  }
  SUBCASE("the link comes last") {
    pair p;
    p.front.link_is_slow = true;
    p.front.operate("a", true);
    p.front.receive(to_front(0, kind::completion, "b"));
    CHECK(p.front.received() == "b and end");
    CHECK(p.front.state() == "output closing, input closed");
    p.front.link_took_it();
    CHECK(p.front.outcome() == "completed");
  }
  SUBCASE("the serviced ends its output last") {
    pair p;
    p.front.operate("a");
    p.front.receive(to_front(0, kind::completion, "b"));
    CHECK(p.front.state() == "output open, input closed");
    p.front.terminate();
    CHECK(p.front.outcome() == "completed");
  }
}

TEST_CASE("S-END-1: with termination only the front waits for the completion, not for customer code") {
  pair p{{.subscription = subscription_kind::termination_only}};
  p.front.operate("a", true);
  CHECK(p.front.state() == "output closed, input open");
  p.front.receive(to_front(0, kind::completion));
  CHECK(p.front.outcome() == "completed");
}

TEST_CASE("S-END-1: with subscription none the front has completed when the link has its last ticket") {
  pair p{{.subscription = subscription_kind::none}};
  p.front.link_is_slow = true;
  p.front.operate("a");
  p.front.terminate();
  CHECK(p.front.active());
  p.front.link_took_it();
  CHECK(p.front.outcome() == "completed");
}

TEST_CASE("S-END-1: the back has completed when the last input is consumed and its last ticket handed over") {
  SUBCASE("the input is consumed last") {
    pair p;
    p.back.holds_calls = true;
    p.back.receive(entire("a"));
    p.back.return_from_call();
    p.back.consume_and_terminate("b");
    CHECK(p.back.state() == "output closed, input closing");
    p.back.return_from_call();
    CHECK(p.back.outcome() == "completed");
  }
  SUBCASE("the link comes last") {
    pair p;
    p.back.link_is_slow = true;
    p.back.receive(entire("a"));
    p.back.terminate();
    CHECK(p.back.state() == "output closing, input closed");
    p.back.link_took_it();
    CHECK(p.back.outcome() == "completed");
  }
  SUBCASE("the front ends its output last") {
    auto p = begun();
    p.back.terminate();
    CHECK(p.back.active());
    p.back.receive(to_back(1, kind::completion));
    CHECK(p.back.outcome() == "completed");
  }
}

TEST_CASE("S-END-1: with subscription none the back has completed when its customer code has terminated its output") {
  pair p{{.subscription = subscription_kind::none}};
  p.front.operate("a", true);
  p.settle();
  p.back.consume("b");
  CHECK(p.back.active());
  p.back.terminate();
  CHECK(p.back.outcome() == "completed");
}

TEST_CASE("S-END-2, S-END-3: the side that aborts tells the other once, with the kind of the same name") {
  auto p = begun();
  SUBCASE("cancel()") {
    p.front.cancel();
    CHECK(p.front.outcome() == "cancelled");
    CHECK(p.front.sent_tickets() == "0 commencement(a), 1 cancellation");
  }
  SUBCASE("the front's timer") {
    p.advance(10s);
    CHECK(p.front.outcome() == "expired");
    CHECK(p.front.sent_tickets() == "0 commencement(a), 1 expiration");
  }
  SUBCASE("the back's timer") {
    p.back.now = the_beginning + 30s;
    p.back.fire_timer();
    CHECK(p.back.outcome() == "expired");
    CHECK(p.back.sent_tickets() == "0 expiration");
  }
  SUBCASE("a broken ticket at the front") {
    p.front.receive(to_front(0, kind::continuation));
    CHECK(p.front.outcome() == "reception failure");
    CHECK(p.front.sent_tickets() == "0 commencement(a), 1 reception failure");
  }
  SUBCASE("a broken ticket at the back") {
    p.back.receive(to_back(1, kind::continuation));
    CHECK(p.back.outcome() == "reception failure");
    CHECK(p.back.sent_tickets() == "0 reception failure");
  }
  SUBCASE("fail() at the front") {
    p.front.fail();
    CHECK(p.front.outcome() == "serviced failure");
    CHECK(p.front.sent_tickets() == "0 commencement(a), 1 serviced failure");
  }
  SUBCASE("fail() at the back") {
    p.back.fail();
    CHECK(p.back.outcome() == "servicer failure");
    CHECK(p.back.sent_tickets() == "0 servicer failure");
  }
}

TEST_CASE("S-END-2: customer code that throws ends its side with its own failure") {
  auto throws = [](auto&) { throw std::runtime_error{"oops"}; };
  SUBCASE("the servicer's service()") {
    pair p;
    p.back.in_call = throws;
    p.back.receive(commencement("a"));
    CHECK(p.back.outcome() == "servicer failure");
    CHECK(p.back.details() == "oops");
    CHECK(p.back.received() == "");
  }
  SUBCASE("the servicer's consumer") {
    auto p = begun();
    p.back.in_call = throws;
    p.back.receive(to_back(1, kind::continuation, "b"));
    CHECK(p.back.outcome() == "servicer failure");
    CHECK(p.back.sent_tickets() == "0 servicer failure");
  }
  SUBCASE("the serviced's ingestor") {
    pair p;
    p.front.in_call = throws;
    p.front.operate("a");
    CHECK(p.front.outcome() == "serviced failure");
    CHECK(p.front.sent_tickets() == "0 commencement(a), 1 serviced failure");
  }
  SUBCASE("the serviced's consumer") {
    auto p = begun();
    p.front.in_call = throws;
    p.front.receive(to_front(0, kind::completion, "b"));
    CHECK(p.front.outcome() == "serviced failure");
  }
}

TEST_CASE("S-END-2: the first abort decides") {
  auto p = begun();
  p.front.fail();
  p.front.cancel();
  p.advance(10s);
  p.front.receive(to_front(0, kind::servicer_failure));
  CHECK(p.front.outcome() == "serviced failure");
  CHECK(p.front.ends.size() == 1);
  CHECK(p.violations() == "");
}

TEST_CASE("S-END-3: a side that ends because of an abortive ticket sends nothing") {
  for (auto x : back_to_front_kinds) {
    if (!is_abortive(x))
      continue;
    auto p = begun();
    p.back.receive(to_back(1, x));
    CHECK(p.back.ended());
    CHECK(p.back.sent.empty());
    p.front.receive(to_front(0, x));
    CHECK(p.front.ended());
    CHECK(p.front.sent.size() == 1);
  }
}

TEST_CASE("S-END-3: a front with subscription none tells the back, and the back does not tell the front") {
  for (auto subscription : {subscription_kind::termination_only, subscription_kind::none}) {
    auto p = begun({.subscription = subscription});
    p.front.cancel();
    CHECK(p.front.sent.size() == 2);
    auto q = begun({.subscription = subscription});
    q.back.receive(to_back(1, kind::continuation));
    CHECK(q.back.outcome() == "reception failure");
    CHECK(q.back.sent.size() == (subscription == subscription_kind::none ? 0 : 1));
  }
}

TEST_CASE("S-END-4: what an abortive ticket means where it arrives") {
  struct row {
    ticket_kind kind;
    std::string back;
    std::string front;
  };
  const std::array table{
    row{kind::cancellation, "cancelled", "cancelled"},
    row{kind::expiration, "expired", "expired"},
    row{kind::serviced_failure, "serviced failure", "serviced failure"},
    row{kind::servicer_failure, "servicer failure", "servicer failure"},
    row{kind::reception_failure, "serviced failure", "servicer failure"},
    row{kind::transmission_failure, "transmission failure", "transmission failure"},
  };
  for (const auto& x : table) {
    for (auto subscription : {subscription_kind::full, subscription_kind::termination_only}) {
      auto p = begun({.subscription = subscription});
      p.back.receive(to_back(1, x.kind));
      p.front.receive(to_front(0, x.kind));
      CHECK_MESSAGE(p.back.outcome() == x.back, to_string(x.kind));
      CHECK_MESSAGE(p.front.outcome() == x.front, to_string(x.kind));
    }
  }
}

TEST_CASE("S-END-5: an unknown method is a reception failure at the back and a servicer failure at the front") {
  pair p;
  p.back.in_call = [](back_half&) { throw unknown_method{}; };
  p.front.operate("a");
  p.settle();
  CHECK(p.back.outcome() == "reception failure");
  CHECK(p.front.outcome() == "servicer failure");
  CHECK(p.front.details() == "no such method: echo");
  CHECK(p.back.sent_tickets() == "0 reception failure");
}

TEST_CASE("S-END-5: thrown anywhere else it is an exception like any other") {
  SUBCASE("by the servicer's consumer") {
    auto p = begun();
    p.back.in_call = [](back_half&) { throw unknown_method{}; };
    p.front.consume("b");
    p.settle();
    CHECK(p.back.outcome() == "servicer failure");
  }
  SUBCASE("by the servicer's consumer, for the last payload") {
    auto p = begun();
    p.back.in_call = [](back_half&) { throw unknown_method{}; };
    p.front.terminate();
    p.settle();
    CHECK(p.back.outcome() == "servicer failure");
  }
  SUBCASE("by the serviced's ingestor") {
    pair p;
    p.front.in_call = [](front_half&) { throw unknown_method{}; };
    p.front.operate("a");
    CHECK(p.front.outcome() == "serviced failure");
  }
}

TEST_CASE("S-END-6: a completed operation is never aborted afterwards, and sends nothing more") {
  pair p;
  p.front.operate("a", true);
  p.settle();
  p.back.terminate();
  p.settle();
  REQUIRE(p.front.outcome() == "completed");
  REQUIRE(p.back.outcome() == "completed");
  const auto front_sent = p.front.sent.size();
  const auto back_sent = p.back.sent.size();
  p.front.cancel();
  p.front.fail();
  p.back.fail();
  p.front.lose_link();
  p.back.lose_link();
  p.front.receive(to_front(1, kind::servicer_failure));
  p.front.receive(to_front(0, kind::continuation));
  p.back.receive(to_back(1, kind::cancellation));
  p.back.receive(commencement("again"));
  p.advance(100s);
  p.front.fire_timer();
  p.back.fire_timer();
  CHECK(p.front.outcome() == "completed");
  CHECK(p.back.outcome() == "completed");
  CHECK(p.front.sent.size() == front_sent);
  CHECK(p.back.sent.size() == back_sent);
  CHECK(p.back.opened == 1);
  CHECK(p.violations() == "");
}

TEST_CASE("S-END-6: customer code that ends its operation from within a call ends it once") {
  pair p;
  p.back.in_call = [](back_half& back) {
    back.consume("b");
    back.fail("first");
    back.fail("second");
    throw std::runtime_error{"third"};
  };
  p.back.receive(entire("a"));
  CHECK(p.back.outcome() == "servicer failure");
  CHECK(p.back.details() == "first");
  CHECK(p.back.sent_tickets() == "0 continuation(b), 1 servicer failure");
  CHECK(p.violations() == "");
}

TEST_CASE("S-END-6: the finish effect is the last one") {
  auto p = begun();
  p.front.take_effects();
  p.front.cancel();
  CHECK(p.front.take_effects() == "send cancellation; finish: cancelled");
  p.back.take_effects();
  p.settle();
  CHECK(p.back.take_effects() == "finish: cancelled");
}

TEST_CASE("S-END-12: a refusal is a transmission failure at the front, and nothing is sent") {
  auto p = begun();
  auto ticket = to_front(0, ticket_kind::refusal);
  ticket.details = "refused: not now";
  p.front.receive(ticket);
  CHECK(p.front.outcome() == "transmission failure");
  CHECK(p.front.sent.size() == 1);
}

TEST_CASE("S-END-12: a refusal that does not come first is a broken ticket, and so is one at the back") {
  auto p = begun();
  p.front.receive(to_front(1, ticket_kind::refusal));
  CHECK(p.front.outcome() == "reception failure");
  auto q = begun();
  q.back.receive(to_back(1, ticket_kind::refusal));
  CHECK(q.back.outcome() == "reception failure");
}
