/// S-TIME: from where a timeout is measured, and what limits it.
#include "../support/pair.hpp"

#include <doctest/doctest.h>

using namespace tandem;
using namespace tandem_test;
using namespace std::chrono_literals;
using kind = ticket_kind;

namespace {

front_to_back_ticket with_timeout(front_to_back_ticket ticket, duration timeout) {
  ticket.timeout = timeout;
  return ticket;
}

} // namespace

TEST_CASE("S-TIME-1: at the front a timeout is measured from operate()") {
  pair p{{.timeout = 5s}};
  p.advance(100s);
  p.front.operate("a");
  CHECK(p.front.timer == the_beginning + 105s);
  p.advance(3s);
  p.front.set_timeout(20s);
  CHECK(p.front.timer == the_beginning + 120s);
  p.advance(17s - 1ns);
  CHECK(p.front.active());
  p.advance(1ns);
  CHECK(p.front.outcome() == "expired");
}

TEST_CASE("S-TIME-1: at the back a timeout is measured from the first ticket") {
  pair p{{.timeout = 5s}};
  p.front.operate("a");
  p.advance(2s);
  p.settle();
  CHECK(p.back.timer == the_beginning + 7s);
  p.advance(1s);
  p.back.receive(with_timeout(to_back(1, kind::continuation), 9s));
  CHECK(p.back.timer == the_beginning + 11s);
}

TEST_CASE("S-TIME-2: the back uses its default where the front gave none") {
  pair p{{.default_timeout = 8s}};
  p.back.receive(commencement("a"));
  CHECK(p.back.timer == the_beginning + 8s);
}

TEST_CASE("S-TIME-2: the back limits every timeout to its maximum: the first, later ones, the default") {
  const pair_options options{.default_timeout = 100s, .maximum_timeout = 60s};
  SUBCASE("the first") {
    pair p{options};
    p.back.receive(with_timeout(commencement("a"), 90s));
    CHECK(p.back.timer == the_beginning + 60s);
  }
  SUBCASE("a later one") {
    pair p{options};
    p.back.receive(with_timeout(commencement("a"), 5s));
    p.back.receive(with_timeout(to_back(1, kind::continuation), 90s));
    CHECK(p.back.timer == the_beginning + 60s);
  }
  SUBCASE("the default") {
    pair p{options};
    p.back.receive(commencement("a"));
    CHECK(p.back.timer == the_beginning + 60s);
  }
  SUBCASE("the longest that there is") {
    pair p{options};
    p.back.receive(with_timeout(commencement("a"), duration::max()));
    CHECK(p.back.timer == the_beginning + 60s);
  }
}

TEST_CASE("S-TIME-2: an expiration says whether the back's maximum caused it") {
  pair p{{.default_timeout = 5s, .maximum_timeout = 60s}};
  SUBCASE("the front had asked for more") {
    p.back.receive(with_timeout(commencement("a"), 90s));
    p.advance(60s);
    CHECK(p.back.details() == "not done within 60000 ms, limited by the back's maximum");
  }
  SUBCASE("the front had asked for more, but then for less") {
    p.back.receive(with_timeout(commencement("a"), 90s));
    p.back.receive(with_timeout(to_back(1, kind::continuation), 50s));
    p.advance(50s);
    CHECK(p.back.details() == "not done within 50000 ms");
  }
  SUBCASE("the front had asked for as much") {
    p.back.receive(with_timeout(commencement("a"), 60s));
    p.advance(60s);
    CHECK(p.back.details() == "not done within 60000 ms");
  }
  SUBCASE("the front had asked for nothing") {
    p.back.receive(commencement("a"));
    p.advance(5s);
    CHECK(p.back.details() == "not done within 5000 ms");
  }
}

TEST_CASE("S-TIME-2: the front keeps to what the serviced asked for, however long") {
  pair p{{.timeout = duration::max(), .maximum_timeout = 60s}};
  p.front.operate("a");
  CHECK(p.front.active());
  CHECK(p.front.timer == the_beginning + longest_timeout);
  p.front.set_timeout(90s);
  CHECK(p.front.timer == the_beginning + 90s);
}

TEST_CASE("S-TIME-3: a later ticket's timeout extends or shortens when the ticket's turn comes") {
  for (auto x : {kind::continuation, kind::completion}) {
    for (auto timeout : {2s, 50s}) {
      pair p;
      p.back.receive(commencement("a"));
      p.back.receive(with_timeout(to_back(2, x, "c"), timeout));
      CHECK(p.back.timer == the_beginning + 30s);
      p.back.receive(to_back(1, kind::continuation, "b"));
      CHECK(p.back.timer == the_beginning + timeout);
    }
  }
}

TEST_CASE("S-TIME-3: a timeout already past ends the operation as expired at once") {
  SUBCASE("on a ticket, whose payload is not delivered any more") {
    pair p;
    p.back.receive(commencement("a"));
    p.advance(5s);
    p.back.receive(with_timeout(to_back(1, kind::continuation, "b"), 5s));
    CHECK(p.back.outcome() == "expired");
    CHECK(p.back.sent_tickets() == "0 expiration");
    CHECK(p.back.received() == "a");
  }
  SUBCASE("on a ticket whose turn comes after that of others") {
    pair p;
    p.back.receive(commencement("a"));
    p.advance(5s);
    p.back.receive(with_timeout(to_back(2, kind::continuation, "c"), 1s));
    CHECK(p.back.active());
    p.back.receive(to_back(1, kind::continuation, "b"));
    CHECK(p.back.outcome() == "expired");
    CHECK(p.back.received() == "a, b");
  }
  SUBCASE("on the first ticket") {
    pair p;
    p.back.receive(with_timeout(commencement("a"), 0s));
    CHECK(p.back.outcome() == "expired");
    CHECK(p.back.opened == 0);
    CHECK(p.back.sent_tickets() == "0 expiration");
  }
  SUBCASE("set by the serviced") {
    pair p;
    p.front.operate("a");
    p.advance(5s);
    p.front.set_timeout(1s);
    CHECK(p.front.outcome() == "expired");
    CHECK(p.front.sent_tickets() == "0 commencement(a), 1 expiration");
  }
  SUBCASE("set by the serviced, and negative") {
    pair p;
    p.front.operate("a");
    p.front.set_timeout(duration::min());
    CHECK(p.front.outcome() == "expired");
    CHECK(p.front.sent_tickets() == "0 commencement(a), 1 expiration");
  }
  SUBCASE("set by the serviced after its last ticket") {
    pair p;
    p.front.operate("a", true);
    p.advance(5s);
    p.front.set_timeout(1s);
    CHECK(p.front.outcome() == "expired");
    CHECK(p.front.sent_tickets() == "0 entire(a), 1 expiration");
  }
}

TEST_CASE("S-TIME-3: a timer that fires for a time that was put off has no effect but to be set again") {
  pair p;
  p.front.operate("a");
  p.front.set_timeout(20s);
  p.front.take_effects();
  p.front.now = the_beginning + 10s;
  p.front.fire_timer();
  CHECK(p.front.active());
  CHECK(p.front.take_effects() == "set timer 20000 ms");
}

TEST_CASE("S-TIME-4: time comes from a steady clock, and an operation that has ended has no deadline") {
  static_assert(time_point::clock::is_steady);
  pair p;
  p.front.operate("a");
  CHECK(p.front.deadline() == the_beginning + 10s);
  p.front.cancel();
  CHECK(p.front.deadline() == time_point{});
  CHECK_FALSE(p.front.timer);
}
