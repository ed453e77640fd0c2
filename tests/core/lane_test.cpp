/// The lane that an end's tickets take to their link, by itself: S-STATS-4, S-STATS-9, S-SEND-7, S-SEND-9, S-END-9.
#include "../support/lane_world.hpp"
#include "../support/property.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <sstream>
#include <utility>

using namespace tandem;
using namespace tandem_test;

namespace {

/// The batch that is to be handed over now: "LINK: a0 a1", or "refused, REASON: a0".
template <class World>
std::string take(World& w) {
  auto now = w.take();
  if (!now)
    return "nothing";
  return (now->link ? *now->link : "refused, " + now->lost) + ": " + w.written(now->tickets);
}

/// A lane that is joined to "one".
struct joined_world : lane_world {
  joined_world() {
    join("one");
  }
};

/// A lane whose link is lost, and comes back by itself.
struct lost_world : joined_world {
  lost_world() {
    lose();
  }
};

} // namespace

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

// -- what is left of operations that ended -------------------------------------------------------

TEST_CASE("S-END-9: tickets that wait for ended operations go when they are half of all that wait") {
  lost_world w;
  std::vector<lane_world::operation> all;
  for (int i = 0; i < 8; ++i) {
    all.push_back(w.begin(std::to_string(i) + ".", true));
    w.put(all.back());
  }
  const auto tickets_keep = [&](size_t i) { return all[i].use_count() > 2; }; // the world and `all` do anyhow
  for (size_t i = 0; i < 3; ++i)
    w.end(all[i]);
  CHECK(tickets_keep(0));
  CHECK(tickets_keep(1));
  CHECK(tickets_keep(2));
  w.end(all[3]);
  for (size_t i = 0; i < 4; ++i)
    CHECK_FALSE(tickets_keep(i));
  for (size_t i = 4; i < 8; ++i)
    CHECK(tickets_keep(i));
  // It counts anew from there.
  w.end(all[4]);
  CHECK(tickets_keep(4));
  w.end(all[5]);
  CHECK_FALSE(tickets_keep(4));
  CHECK_FALSE(tickets_keep(5));
  w.ready();
  CHECK(take(w) == "one: 6.0 7.0");
}

TEST_CASE("S-END-9: nothing of those that ended is left when the link is there again") {
  lost_world w;
  auto a = w.begin("a", true);
  auto b = w.begin("b", true);
  w.put(a);
  w.put(b);
  w.put(b);
  w.end(a);
  w.ready();
  CHECK(take(w) == "one: b0 b1");
  CHECK(a.use_count() == 2);
  w.lose();
  // An operation that waited in vain before does not count now.
  auto c = w.begin("c", true);
  auto d = w.begin("d", true);
  auto e = w.begin("e", true);
  for (const auto& x : {c, d, e})
    w.put(x);
  w.end(c);
  CHECK(c.use_count() == 3);
}

// -- whatever happens ----------------------------------------------------------------------------

namespace {

/// A lane, several operations, and a link that takes batches or throws; what the link took is looked at.
class lane_trial {
public:
  void step() {
    switch (any_below(12)) {
      case 0:
        begin();
        break;
      case 1:
        if (auto x = any_active(); x && !x->closed) {
          x->closed = true;
          put(*x, any_below(4) == 0);
        }
        break;
      case 2:
        if (auto x = any_active())
          w_.end(x->ref);
        break;
      case 3:
      case 4:
        take();
        break;
      case 5:
        come_back(true);
        break;
      case 6:
        come_back(false);
        break;
      case 7:
        if (any_below(3) == 0)
          w_.lose();
        break;
      case 8:
        w_.ready();
        break;
      case 9:
        if (any_below(3) == 0)
          w_.join("a link");
        break;
      default:
        if (auto x = any_active(); x && !x->closed)
          put(*x, false);
    }
    note_told();
  }

  void check() {
    for (const auto& [low, numbers] : arrived_) {
      for (size_t i = 0; i < numbers.size(); ++i)
        RC_ASSERT(numbers[i] == i);
      RC_ASSERT(numbers.size() <= all_[low].ref->next);
    }
  }

  /// A link that takes everything, from now on.
  void calm_down() {
    come_back(true);
    w_.join("a good link");
    for (take(); under_way_; take())
      come_back(true);
    note_told();
    check();
    for (size_t i = 0; i < all_.size(); ++i)
      if (const auto& x = all_[i]; !x.ref->ended() || x.finished) {
        RC_ASSERT(arrived_[i].size() == x.ref->next);
        RC_ASSERT(x.told == x.ref->next);
        RC_ASSERT(x.ref->place().held_back == 0u);
        RC_ASSERT(!x.ref->place().waits);
      }
  }

private:
  struct one {
    lane_world::operation ref;
    bool closed = false;
    bool finished = false; ///< the link took its last ticket
    uint64_t told = 0;     ///< how many of its tickets have been sent, as traces would say
  };

  void begin() {
    const bool patient = any_below(2) == 0;
    all_.push_back({w_.begin(std::to_string(all_.size()) + ".", patient)});
    put(all_.back(), false);
  }

  one* any_active() {
    std::vector<one*> active;
    for (auto& x : all_)
      if (!x.ref->ended())
        active.push_back(&x);
    return active.empty() ? nullptr : active[any_below(active.size())];
  }

  /// As a shard does: what waits is told when it goes out.
  void put(one& x, bool last) {
    if (!x.ref->place().waits)
      ++x.told;
    w_.put(x.ref, last);
  }

  void note_told() {
    auto told = w_.told();
    for (auto& x : told)
      if (x == '.')
        x = ' ';
    std::istringstream in{told};
    size_t low = 0;
    for (uint64_t number = 0; in >> low >> number;)
      RC_ASSERT(all_[low].told++ == number); // in order, and each once
  }

  void take() {
    if (!under_way_)
      under_way_ = w_.take();
  }

  void come_back(bool taken) {
    if (!under_way_)
      return;
    auto batch = *std::exchange(under_way_, std::nullopt);
    if (!batch.link || !taken) {
      w_.given_back(std::move(batch));
      return;
    }
    for (const auto& x : batch.tickets)
      arrived_[x.operation.low].push_back(x.sequence_number.value);
    for (const auto& x : batch.finishing)
      if (!x->ended())
        all_[x->id.low].finished = true;
    w_.taken(std::move(batch));
  }

  lane_world w_{2 + any_below(8), 1 + any_below(3)};
  std::deque<one> all_;
  std::optional<lane_world::lane_type::batch> under_way_;
  std::map<size_t, std::vector<uint64_t>> arrived_; // by operation, in the order in which the link got them
};

} // namespace

TEST_CASE("S-SEND-7, S-SEND-9, S-STATS-9: whatever happens, no ticket of an active operation is lost, repeated or out "
          "of order") {
  check_property("a lane with a link that comes and goes", 3000, 100, [] {
    lane_trial trial;
    const int steps = *rc::gen::inRange(1, 100);
    for (int i = 0; i < steps; ++i) {
      trial.step();
      trial.check();
    }
    trial.calm_down();
  });
}
