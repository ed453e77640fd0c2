/// S-TICKET: what a ticket may look like, and which may follow which.
#include "../support/pair.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <set>
#include <vector>

using namespace tandem;
using namespace tandem_test;
using namespace std::chrono_literals;
using kind = ticket_kind;

namespace {

/// A ticket that breaks one of the field rules, and the rule's breach in a word.
template <class Ticket>
struct malformed {
  std::string why;
  Ticket ticket;
};

template <class Ticket>
Ticket changed(Ticket ticket, const std::function<void(Ticket&)>& change) {
  change(ticket);
  return ticket;
}

/// Malformed first tickets.
std::vector<malformed<front_to_back_ticket>> malformed_first_tickets() {
  using ticket = front_to_back_ticket;
  std::vector<malformed<ticket>> result;
  for (const auto& good : {commencement("a"), entire("a")}) {
    auto add = [&](std::string why, const std::function<void(ticket&)>& change) {
      result.push_back({to_string(good.kind) + ": " + why, changed<ticket>(good, change)});
    };
    add("number not zero", [](ticket& x) { x.sequence_number = {1}; });
    add("no name", [](ticket& x) { x.name.reset(); });
    add("empty name", [](ticket& x) { x.name = ""; });
    add("name too long", [](ticket& x) { x.name = std::string(longest_name + 1, 'n'); });
    add("no subscription", [](ticket& x) { x.subscription.reset(); });
    add("unknown subscription", [](ticket& x) { x.subscription = static_cast<subscription_kind>(9); });
    add("negative timeout", [](ticket& x) { x.timeout = -1ns; });
  }
  return result;
}

/// Malformed tickets that come second.
std::vector<malformed<front_to_back_ticket>> malformed_later_tickets() {
  using ticket = front_to_back_ticket;
  std::vector<malformed<ticket>> result;
  auto add = [&](std::string why, const ticket& good, const std::function<void(ticket&)>& change) {
    result.push_back({why, changed<ticket>(good, change)});
  };
  for (auto x : front_to_back_kinds) {
    if (is_first(x))
      continue;
    const auto good = to_back(1, x, x == kind::continuation ? std::optional<std::string>{"b"} : std::nullopt);
    add(to_string(x) + " with a name", good, [](ticket& y) { y.name = "echo"; });
    add(to_string(x) + " with a subscription", good, [](ticket& y) { y.subscription = subscription_kind::full; });
    add(to_string(x) + " with a negative timeout", good, [](ticket& y) { y.timeout = -1ns; });
    add(to_string(x) + " with number zero", good, [](ticket& y) { y.sequence_number = {0}; });
    add(to_string(x) + " with a number out of range", good,
        [](ticket& y) { y.sequence_number = {sequence_number::maximum + 1}; });
    if (is_abortive(x))
      add(to_string(x) + " with a payload", good, [](ticket& y) { y.payload = text("b"); });
  }
  add("continuation with nothing", to_back(1, kind::continuation), [](ticket&) {});
  add("kind zero", to_back(1, kind::continuation, "b"), [](ticket& y) { y.kind = kind{}; });
  add("kind eleven", to_back(1, kind::continuation, "b"), [](ticket& y) { y.kind = static_cast<kind>(11); });
  return result;
}

std::vector<malformed<back_to_front_ticket>> malformed_results() {
  std::vector<malformed<back_to_front_ticket>> result;
  for (auto x : back_to_front_kinds) {
    if (is_abortive(x))
      result.push_back({to_string(x) + " with a payload", to_front(0, x, "b")});
    result.push_back({to_string(x) + " with a number out of range", to_front(UINT64_MAX, x)});
  }
  result.push_back({"continuation without a payload", to_front(0, kind::continuation)});
  result.push_back({"commencement", to_front(0, kind::commencement, "b")});
  result.push_back({"entire", to_front(0, kind::entire, "b")});
  result.push_back({"kind zero", to_front(0, kind{}, "b")});
  result.push_back({"kind eleven", to_front(0, static_cast<kind>(11), "b")});
  return result;
}

} // namespace

TEST_CASE("S-TICKET-1: the first ticket carries what operate() was told, and every ticket its operation") {
  const auto trace = trace_id::make();
  pair p{{.timeout = 5s, .trace_id = trace}};
  p.front.operate("a");
  p.front.consume_and_terminate("b");
  REQUIRE(p.front.sent_tickets() == "0 commencement(a, timeout 5000 ms), 1 completion(b)");
  const auto& first = p.front.sent.front();
  CHECK(first.name == "echo");
  CHECK(first.subscription == subscription_kind::full);
  CHECK(first.trace_id == trace);
  p.settle();
  p.back.consume_and_terminate("c");
  REQUIRE(p.back.sent_tickets() == "0 completion(c)");
  for (const auto& ticket : p.front.sent)
    CHECK(ticket.operation == the_operation);
  CHECK(p.back.sent.front().operation == the_operation);
}

TEST_CASE("S-TICKET-2: a malformed first ticket ends its operation at once, without the servicer") {
  for (auto& x : malformed_first_tickets()) {
    CAPTURE(x.why);
    REQUIRE(check(x.ticket));
    pair p;
    p.back.receive(x.ticket);
    CHECK(p.back.outcome() == "reception failure");
    CHECK(p.back.details().starts_with("S-TICKET-2"));
    CHECK(p.back.opened == 0);
    CHECK_FALSE(p.back.timer);
    CHECK(p.back.sent_tickets() == "0 reception failure");
  }
}

TEST_CASE("S-TICKET-2: the front is told of its malformed first ticket unless the subscription is none") {
  for (auto subscription : {subscription_kind::full, subscription_kind::termination_only, subscription_kind::none}) {
    auto ticket = commencement("a", subscription);
    ticket.name.reset();
    pair p;
    p.back.receive(ticket);
    CHECK(p.back.outcome() == "reception failure");
    CHECK(p.back.sent.empty() == (subscription == subscription_kind::none));
  }
}

TEST_CASE("S-TICKET-2: a malformed later ticket is a reception failure at the back, in turn or ahead of it") {
  for (auto& x : malformed_later_tickets()) {
    CAPTURE(x.why);
    REQUIRE(check(x.ticket));
    pair p;
    p.back.receive(commencement("a"));
    p.back.receive(x.ticket);
    CHECK(p.back.outcome() == "reception failure");
    CHECK(p.back.sent_tickets() == "0 reception failure");

    if (x.ticket.sequence_number.value == 0)
      continue;
    pair ahead;
    ahead.back.receive(commencement("a"));
    x.ticket.sequence_number.value += 2;
    ahead.back.receive(x.ticket);
    CHECK(ahead.back.outcome() == "reception failure");
  }
}

TEST_CASE("S-TICKET-2: a malformed ticket is a reception failure at the front") {
  for (const auto& x : malformed_results()) {
    CAPTURE(x.why);
    REQUIRE(check(x.ticket));
    for (auto subscription : {subscription_kind::full, subscription_kind::termination_only}) {
      pair p{{.subscription = subscription}};
      p.front.operate("a");
      p.front.receive(x.ticket);
      CHECK(p.front.outcome() == "reception failure");
      CHECK(p.front.sent_tickets() == "0 commencement(a), 1 reception failure");
      CHECK(p.front.received().empty());
    }
  }
}

TEST_CASE("S-TICKET-2: a ticket that could not be read is malformed") {
  pair p;
  p.front.operate("a");
  p.settle();
  p.back.receive(to_back(1, kind::continuation, "b"), "a payload of an unknown type");
  CHECK(p.back.outcome() == "reception failure");
  CHECK(p.back.details() == "a payload of an unknown type");
  p.front.receive(to_front(0, kind::completion), "bytes past the end");
  CHECK(p.front.outcome() == "reception failure");

  pair first;
  first.back.receive(commencement("a"), "a payload of an unknown type");
  CHECK(first.back.outcome() == "reception failure");
  CHECK(first.back.opened == 0);
}

TEST_CASE("S-TICKET-2: a continuation with a timeout only is well-formed, and customer code sees nothing of it") {
  pair p;
  p.front.operate("a");
  p.front.set_timeout(20s);
  p.front.terminate();
  p.settle();
  CHECK(p.front.sent_tickets() == "0 commencement(a), 1 continuation(timeout 20000 ms), 2 completion");
  CHECK(p.back.received() == "a, end");
}

TEST_CASE("S-TICKET-2: a timeout may come with any kind from the front but an allowance") {
  for (auto x : front_to_back_kinds) {
    if (x == ticket_kind::allowance)
      continue;
    auto ticket = is_first(x) ? commencement("a") : to_back(1, x);
    ticket.kind = x;
    ticket.timeout = 5s;
    CHECK_MESSAGE(!check(ticket), to_string(x));
  }
}

TEST_CASE("S-TICKET-3: commencement, continuations, completion; or entire alone") {
  pair p;
  p.front.operate();
  p.front.consume("a");
  p.front.consume("b");
  p.front.terminate();
  CHECK(p.front.sent_tickets() == "0 commencement, 1 continuation(a), 2 continuation(b), 3 completion");
  pair q;
  q.front.operate("a", true);
  CHECK(q.front.sent_tickets() == "0 entire(a)");
}

TEST_CASE("S-TICKET-3: an abortive ticket from the front may follow the last one, and is the last itself") {
  pair p;
  p.front.operate("a", true);
  p.front.cancel();
  p.front.cancel();
  p.front.consume("b");
  CHECK(p.front.sent_tickets() == "0 entire(a), 1 cancellation");
  p.settle();
  CHECK(p.back.outcome() == "cancelled");
}

TEST_CASE("S-TICKET-4: continuations, completion; or an abortive ticket, which is the last one") {
  pair p;
  p.front.operate("a", true);
  p.settle();
  p.back.consume("b");
  p.back.consume("c");
  p.back.terminate();
  CHECK(p.back.sent_tickets() == "0 continuation(b), 1 continuation(c), 2 completion");
  pair q;
  q.front.operate("a");
  q.settle();
  q.back.consume("b");
  q.back.fail();
  q.back.consume("c");
  q.back.fail();
  CHECK(q.back.sent_tickets() == "0 continuation(b), 1 servicer failure");
}

TEST_CASE("S-TICKET-5: ids of one front differ in a counter only, and are spread when hashed") {
  std::set<uint64_t> buckets;
  for (uint64_t i = 0; i < 64; ++i)
    buckets.insert(hash_of({0x1234567890abcdef, i << 8}) % 64);
  CHECK(buckets.size() > 32); // a random function hits about 40 of 64
}

TEST_CASE("S-TICKET-6: the trace id is on the first ticket and on no other") {
  pair p{{.trace_id = trace_id::make()}};
  p.front.operate("a");
  p.front.consume("b");
  p.front.terminate();
  CHECK(p.front.sent[0].trace_id);
  CHECK_FALSE(p.front.sent[1].trace_id);
  CHECK_FALSE(p.front.sent[2].trace_id);
}

TEST_CASE("S-TICKET-7: what an abortive ticket says arrives with the outcome") {
  pair p;
  p.front.operate("a");
  p.settle();
  p.back.fail("disk full");
  CHECK(p.back.details() == "disk full");
  p.settle();
  CHECK(p.front.outcome() == "servicer failure");
  CHECK(p.front.details() == "disk full");
}
