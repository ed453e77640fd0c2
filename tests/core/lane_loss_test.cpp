/// A lane whose link is lost, takes nothing, or comes back: S-SEND-7, S-SEND-9.
#include "joined_lane.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

using namespace tandem;
using namespace tandem_test;

// -- links that take nothing ---------------------------------------------------------------------

TEST_CASE("S-SEND-7: an operation whose tickets are given back ends if it does not wait") {
  joined_world w;
  auto a = w.begin("a");
  auto b = w.begin("b");
  w.put(a);
  w.put(b, true);
  auto batch = w.take();
  CHECK(w.given_back(std::move(*batch)) == "a b");
  CHECK(take(w) == "nothing");
}

TEST_CASE("S-SEND-7: what was given to a lost link is refused, for its reason, and what had been kept is dropped") {
  joined_world w;
  auto a = w.begin("a");
  w.put(a);
  CHECK(w.lose("the first reason") == "a");
  CHECK(take(w) == "nothing");
  auto b = w.begin("b");
  CHECK(w.put(b));
  auto batch = w.take();
  REQUIRE(batch);
  CHECK_FALSE(batch->link);
  CHECK(batch->lost == "the first reason");
  CHECK(w.written(batch->tickets) == "b0");
  CHECK(w.given_back(std::move(*batch)) == "b");
  w.lose("a newer reason");
  w.put(w.begin("c"));
  CHECK(take(w) == "refused, a newer reason: c0");
}

TEST_CASE("S-SEND-7: a lane says once that its link is lost") {
  joined_world w;
  const auto nobody = [](const operation_id&) { return lane_world::operation{}; };
  CHECK(w.lane.lose("x", nobody));
  CHECK_FALSE(w.lane.lose("y", nobody));
  w.ready();
  CHECK(w.lane.lose("z", nobody));
}

TEST_CASE("S-SEND-7: a front's link comes back by itself, a back's has to be joined anew") {
  lost_world front;
  front.ready();
  CHECK(front.lane.state_name() == std::string{"joined"});
  front.put(front.begin("a"));
  CHECK(take(front) == "one: a0");

  basic_lane_world<core::back_side> back;
  back.join("one");
  back.lose();
  back.ready();
  CHECK(back.lane.state_name() == std::string{"lost"});
  back.join("two");
  back.put(back.begin("a"));
  CHECK(take(back) == "two: a0");
}

TEST_CASE("S-SEND-7: a lane that was never joined can be lost, and is ready by a join only") {
  lane_world w;
  w.put(w.begin("a"));
  CHECK(w.lose() == "a");
  CHECK_FALSE(w.ready());
  CHECK(w.lane.state_name() == std::string{"lost"});
  w.join("one");
  w.put(w.begin("b"));
  CHECK(take(w) == "one: b0");
}

// -- operations that wait ------------------------------------------------------------------------

TEST_CASE("S-SEND-9: an operation that is begun while the link is lost waits for it, and is told to be sent then") {
  lost_world w;
  auto a = w.begin("a", true);
  CHECK(a->place().waits);
  CHECK_FALSE(w.put(a));
  CHECK_FALSE(w.put(a));
  CHECK(a->place().held_back == 2);
  CHECK(take(w) == "nothing");
  CHECK(w.told() == "");
  CHECK(w.ready());
  CHECK(w.told() == "a0 a1");
  CHECK_FALSE(a->place().waits);
  CHECK(a->place().held_back == 0);
  w.put(a);
  CHECK(take(w) == "one: a0 a1 a2");
  CHECK(w.told() == "");
}

TEST_CASE("S-SEND-9: what waits goes out by a join, too, and to the link that is joined") {
  lost_world w;
  w.put(w.begin("a", true));
  CHECK(w.join("two"));
  CHECK(take(w) == "two: a0");
}

TEST_CASE("S-SEND-9: an operation that waits when the link is lost again goes on waiting") {
  lost_world w;
  auto a = w.begin("a", true);
  w.put(a);
  CHECK(w.lose("again") == "");
  w.put(a);
  w.ready();
  CHECK(take(w) == "one: a0 a1");
}

TEST_CASE("S-SEND-9: an operation that is begun just before the link is lost waits, if its first ticket is kept") {
  joined_world w;
  auto begun_before = w.begin("a", true);
  w.put(begun_before);
  CHECK(take(w) == "one: a0");
  auto a = w.begin("a", true);
  auto b = w.begin("b");
  auto c = w.begin("c", true);
  w.put(begun_before);
  w.put(a);
  w.put(b);
  w.put(c, true);
  w.put(a);
  CHECK(w.lose() == "a b"); // the one that was begun before, and the one that is not patient
  CHECK(begun_before->ended());
  CHECK(a->place().waits);
  CHECK(take(w) == "nothing");
  CHECK(w.ready());
  CHECK(w.told() == ""); // they had been sent before, and are not sent twice
  auto batch = w.take();
  REQUIRE(batch);
  CHECK(w.written(batch->tickets) == "a0 c0 a1");
  CHECK(batch->finishing.size() == 1);
  CHECK(w.taken(std::move(*batch)) == "c"); // whose last ticket it is
}

TEST_CASE("S-SEND-9: what a link gives back after it was lost waits, if it begins an operation that is patient") {
  joined_world w;
  auto old = w.begin("old", true);
  w.put(old);
  CHECK(take(w) == "one: old0");
  auto a = w.begin("a", true);
  auto b = w.begin("b");
  w.put(old);
  w.put(a);
  w.put(b);
  auto batch = w.take();
  // The lane hears of the loss by what the link throws first: it is joined still.
  w.lane.give_back(std::move(batch->tickets), [&](const operation_id& id) { return w.operations[id.low]; });
  CHECK(a->place().waits);
  CHECK_FALSE(b->place().waits);
  CHECK_FALSE(old->place().waits);
  CHECK_FALSE(w.put(a));
  CHECK(a->place().held_back == 2);
}

TEST_CASE("S-SEND-9: a batch that is given back when the link is there again goes out by resume()") {
  joined_world w;
  auto a = w.begin("a", true);
  w.put(a);
  auto batch = w.take();
  w.lane.give_back(std::move(batch->tickets), [&](const operation_id&) { return a; });
  w.put(a); // new, and behind the one that was sent
  w.join("two");
  CHECK(w.told() == "a1");
  CHECK(take(w) == "two: a0 a1");

  auto b = w.begin("b", true);
  w.put(b);
  auto late = w.take();
  w.join("three");
  w.lane.give_back(std::move(late->tickets), [&](const operation_id&) { return b; });
  w.put(b, true);
  CHECK(take(w) == "nothing");
  std::vector<uint64_t> told;
  CHECK(w.lane.resume(late->joins,
                      [&](lane_operation&, const auto& ticket) { told.push_back(ticket.sequence_number.value); }));
  CHECK(told == std::vector<uint64_t>{1});
  CHECK_FALSE(b->place().waits);
  CHECK(take(w) == "three: b0 b1");
  CHECK_FALSE(w.lane.resume(late->joins, [](auto&, const auto&) { FAIL("there is nothing left"); }));
}

TEST_CASE("S-SEND-7: what a link has not taken does not meet it again before it is joined anew, or ready") {
  joined_world w;
  auto a = w.begin("a", true);
  w.put(a);
  CHECK(w.given_back(*w.take()) == "");
  CHECK(a->place().waits);
  CHECK(take(w) == "nothing");
  w.put(w.begin("b")); // others have to find out themselves
  CHECK(take(w) == "one: b0");
  CHECK(w.ready());
  CHECK(w.given_back(*w.take()) == "");
  CHECK(take(w) == "nothing");
  w.lose();
  CHECK(take(w) == "nothing");
  CHECK(w.ready());
  CHECK(take(w) == "one: a0");
}

TEST_CASE("S-SEND-7: an operation that lost a ticket sends no other, not even one that was kept meanwhile") {
  joined_world w;
  auto a = w.begin("a");
  auto b = w.begin("b");
  auto c = w.begin("c", true);
  for (const auto& x : {a, b, c})
    w.put(x);
  auto batch = w.take();
  REQUIRE(batch);
  auto d = w.begin("d");
  w.put(a, true);
  w.put(d);
  w.put(c);
  w.put(c, true);
  w.put(d, true);
  std::erase_if(batch->tickets, [&](const auto& x) { return x.operation == b->id; }); // it took that one
  CHECK(w.given_back(std::move(*batch)) == "a");
  CHECK(c->place().held_back == 3);
  auto next = w.take();
  REQUIRE(next);
  CHECK(w.written(next->tickets) == "d0 d1");
  CHECK(w.taken(std::move(*next)) == "d");
  w.join("two");
  next = w.take();
  REQUIRE(next);
  CHECK(w.written(next->tickets) == "c0 c1 c2");
  CHECK(w.taken(std::move(*next)) == "c");
}

TEST_CASE("S-SEND-7: what is kept is to be taken after ready(), whether the link was lost or not") {
  joined_world w;
  w.put(w.begin("a"));
  CHECK(w.ready());
  CHECK(take(w) == "one: a0");
  CHECK_FALSE(w.ready());
  lane_world unjoined;
  unjoined.put(unjoined.begin("a"));
  CHECK_FALSE(unjoined.ready());
  unjoined.lose();
  unjoined.put(unjoined.begin("b"));
  CHECK(unjoined.ready());
  CHECK(take(unjoined) == "refused, gone: b0");
}

TEST_CASE("S-SEND-9: while the link is lost, resume() lets nothing out") {
  lost_world w;
  w.put(w.begin("a", true));
  CHECK_FALSE(w.lane.resume(0, [](auto&, const auto&) { FAIL("nothing is sent"); }));
  CHECK(take(w) == "nothing");
}

TEST_CASE("S-SEND-9: the last ticket of an operation that waited counts when it goes out, not before") {
  lost_world w;
  auto a = w.begin("a", true);
  w.put(a);
  w.put(a, true);
  w.put(w.begin("b")); // to be refused
  auto refused = w.take();
  REQUIRE(refused);
  CHECK(refused->finishing.empty());
  w.given_back(std::move(*refused));
  w.ready();
  auto batch = w.take();
  REQUIRE(batch);
  REQUIRE(batch->finishing.size() == 1);
  CHECK(batch->finishing[0] == a);
}

TEST_CASE("S-SEND-9: an operation that ends while it waits is never heard of, nor told to be sent") {
  lost_world w;
  auto a = w.begin("a", true);
  auto b = w.begin("b", true);
  auto c = w.begin("c", true);
  for (const auto& x : {a, b, c, b, c, b})
    w.put(x);
  w.put_cancellation(a);
  w.end(a);
  w.ready();
  CHECK(w.told() == "b0 c0 b1 c1 b2");
  CHECK(take(w) == "one: b0 c0 b1 c1 b2");
}
