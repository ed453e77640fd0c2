/// What a lane keeps of operations that ended (S-END-9), and what holds whatever happens to a lane.
#include "../support/property.hpp"
#include "joined_lane.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

using namespace tandem;
using namespace tandem_test;

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
