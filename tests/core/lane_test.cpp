/// The lane that an end's tickets take to their link, by itself: joins, batches and turns (S-STATS-4, S-STATS-9).
#include "joined_lane.hpp"

#include <doctest/doctest.h>

#include <utility>

using namespace tandem;
using namespace tandem_test;

// -- before and after the join -------------------------------------------------------------------

TEST_CASE("S-STATS-4: an end that is not joined keeps its tickets, and hands them over in order when it is") {
  lane_world w;
  auto a = w.begin("a");
  auto b = w.begin("b");
  CHECK(w.put(a));
  CHECK_FALSE(w.put(b)); // there was something before
  CHECK_FALSE(w.put(a, true));
  CHECK(w.lane.size() == 3);
  CHECK(take(w) == "nothing");
  CHECK(w.lane.size() == 3);
  CHECK(w.join("one"));
  CHECK(take(w) == "one: a0 b0 a1");
  CHECK(take(w) == "nothing");
}

TEST_CASE("S-STATS-4: a lane that is joined again uses the new link") {
  joined_world w;
  auto a = w.begin("a");
  w.put(a);
  CHECK(take(w) == "one: a0");
  CHECK_FALSE(w.join("two")); // nothing to take
  w.put(a);
  CHECK(take(w) == "two: a1");
  w.put(a);
  CHECK(w.join("three")); // what had not been handed over goes to the new one
  CHECK(take(w) == "three: a2");
}

TEST_CASE("S-STATS-4: the operations whose last ticket is handed over are named with it, once") {
  joined_world w;
  auto a = w.begin("a");
  auto b = w.begin("b");
  w.put(a);
  w.put(b, true);
  w.put(a, true);
  auto first = w.take();
  REQUIRE(first);
  CHECK(w.taken(std::move(*first)) == "b a");
  w.put(w.begin("c"));
  auto second = w.take();
  REQUIRE(second);
  CHECK(w.taken(std::move(*second)) == "");
}

// -- more than a batch -----------------------------------------------------------------------------

namespace {

/// A lane whose batches have four tickets, and turns two, with so many tickets of "a" and one of each of the others.
struct crowded_world : lane_world {
  operation a = begin("a");
  operation b = begin("b");
  operation c = begin("c");

  explicit crowded_world(int tickets) : lane_world(4, 2) {
    for (int i = 0; i < tickets; ++i)
      put(a);
    put(b);
    put(c);
  }
};

} // namespace

TEST_CASE("S-STATS-9: a batch is bounded, and where more waits, operations take turns") {
  crowded_world w{10};
  w.put(w.b, true);
  CHECK(w.lane.size() == 4);
  CHECK(w.lane.is_full());
  CHECK(take(w) == "nothing");
  w.join("one");
  CHECK(take(w) == "one: a0 a1 a2 a3");
  CHECK(take(w) == "one: a4 a5 b0 b1");
  w.put(w.c);
  CHECK(take(w) == "one: c0 a6 a7 a8"); // what was there when the batch before was taken
  CHECK(take(w) == "one: a9 c1");
  CHECK(take(w) == "nothing");
  CHECK_FALSE(w.lane.is_full());
}

TEST_CASE("S-STATS-9: an operation has finished with the batch that has its last ticket") {
  crowded_world w{8};
  w.join("one");
  w.put(w.c, true);
  CHECK(w.taken(*w.take()) == "");
  CHECK(w.taken(*w.take()) == "");  // a4 a5 b0 c0
  CHECK(w.taken(*w.take()) == "c"); // c1
}

TEST_CASE("S-STATS-9, S-RECV-3: an abortive ticket goes with the next batch") {
  crowded_world w{8};
  w.join("one");
  w.put_cancellation(w.a);
  CHECK(take(w) == "one: a0 a1 a2 a3 a8");
}

TEST_CASE("S-STATS-9, S-SEND-2: but not before the ticket that begins its operation") {
  crowded_world w{8};
  w.join("one");
  w.put_cancellation(w.b);
  CHECK(take(w) == "one: a0 a1 a2 a3");
  CHECK(take(w) == "one: a4 a5 b0 b1");
}

TEST_CASE("S-SEND-7: of what waits for a turn, too, nothing goes to a link that has refused a ticket before") {
  crowded_world w{10};
  w.join("one");
  CHECK(w.given_back(*w.take()) == "a");
  CHECK(take(w) == "one: b0 c0");
  CHECK(take(w) == "nothing");
}

TEST_CASE("S-SEND-9: what waits for a turn when the link is lost is held back, or dropped") {
  crowded_world w{6};
  auto d = w.begin("d", true);
  for (int i = 0; i < 3; ++i)
    w.put(d, i == 2);
  CHECK(w.lose() == "a b c");
  CHECK(take(w) == "nothing");
  w.join("one");
  auto batch = w.take();
  REQUIRE(batch);
  CHECK(w.written(batch->tickets) == "d0 d1 d2");
  CHECK(w.taken(std::move(*batch)) == "d");
}
