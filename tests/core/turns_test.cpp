/// What waits, by operation, by itself: S-STATS-9.
#include "../../actors/core/turns.hpp"
#include "../support/property.hpp"

#include <doctest/doctest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

using namespace tandem::core;
using namespace tandem_test;

namespace {

using waiting = turns<char, std::string>;

void add(waiting& w, const std::string& items) {
  for (size_t i = 0; i < items.size(); i += 2)
    w.add(items[i], items.substr(i, 2));
}

/// Everything, one after the other; each takes so much of a turn.
std::string all(waiting& w, size_t amount = 1) {
  std::string result;
  for (; !w.empty(); w.done(amount))
    result += w.next();
  return result;
}

} // namespace

TEST_CASE("S-STATS-9: operations take turns, and what waits of each keeps its order") {
  waiting w{2};
  CHECK(w.empty());
  add(w, "a1a2a3a4a5b1c1b2b3");
  CHECK(all(w) == "a1a2b1b2c1a3a4b3a5");
  CHECK(w.empty());
  add(w, "b4a6");
  CHECK(all(w) == "b4a6");
}

TEST_CASE("S-STATS-9: what comes for an operation of which nothing waits, waits for one turn of each other one") {
  waiting w{3};
  for (int i = 0; i < 1000; ++i)
    add(w, "a.b.");
  add(w, "c1");
  std::string before;
  for (; w.next() != "c1"; w.done(1))
    before += w.next();
  CHECK(before == "a.a.a.b.b.b.");
  w.done(1);
  add(w, "c2"); // again behind the others
  before.clear();
  for (; w.next() != "c2"; w.done(1))
    before += w.next();
  CHECK(before == "a.a.a.b.b.b.");
}

TEST_CASE("S-STATS-9: what is large takes more of a turn") {
  waiting w{4};
  add(w, "a1a2a3b1b2");
  w.done(3);
  CHECK(w.next() == "a2");
  w.done(2); // more than there was left
  CHECK(w.next() == "b1");
  w.done(7);
  CHECK(w.next() == "a3"); // which has a whole turn again
  w.done(1);
  CHECK(all(w) == "b2");
}

TEST_CASE("S-STATS-9: the last of an operation ends its turn, and the next one has a whole turn") {
  waiting w{2};
  add(w, "a1b1b2b3c1");
  CHECK(all(w) == "a1b1b2c1b3");
}

TEST_CASE("S-STATS-9: what comes while something is being done does not move it") {
  waiting w{1};
  add(w, "a1");
  const auto* place = &w.next();
  for (int i = 0; i < 1000; ++i)
    w.add(static_cast<char>(i % 100), "x");
  CHECK(&w.next() == place);
  CHECK(*place == "a1");
}

TEST_CASE("S-STATS-9: what waits of one operation can be looked at, and go") {
  waiting w{2};
  add(w, "a1a2a3b1b2b3");
  REQUIRE(w.oldest('b') != nullptr);
  CHECK(*w.oldest('b') == "b1");
  CHECK(w.oldest('c') == nullptr);
  w.done(1);
  std::string gone;
  w.remove('a', [&](std::string& x) { gone += x; });
  CHECK(gone == "a2a3");
  CHECK(w.oldest('a') == nullptr);
  w.remove('a', [](std::string&) { FAIL("there is nothing left"); });
  add(w, "a4"); // behind the others, and b has a whole turn
  CHECK(all(w) == "b1b2a4b3");
}

TEST_CASE("S-STATS-9: nothing is lost or out of order, and nothing waits for more than a turn of each other one") {
  check_property("turns", 300, 100, [] {
    const size_t turn = 1 + any_below(4);
    const size_t operations = 1 + any_below(6);
    turns<size_t, uint64_t> w{turn};
    std::map<size_t, uint64_t> added, done;
    std::map<size_t, size_t> waited; // how much of others was done since something of it waits, and it had no turn
    for (int step = 0; step < 300; ++step) {
      if (any_below(2) == 0) {
        const auto key = any_below(operations);
        waited.try_emplace(key, 0);
        w.add(key, uint64_t{key << 32 | added[key]++});
      } else if (!w.empty()) {
        const auto key = static_cast<size_t>(w.next() >> 32);
        RC_ASSERT((w.next() & 0xffffffff) == done[key]++);
        waited.erase(key);
        for (auto& [other, amount] : waited)
          RC_ASSERT(++amount <= turn * (operations - 1));
        w.done(1);
        if (added[key] > done[key])
          waited[key] = 0;
      }
    }
    for (; !w.empty(); w.done(1))
      RC_ASSERT((w.next() & 0xffffffff) == done[static_cast<size_t>(w.next() >> 32)]++);
    RC_ASSERT(added == done);
  });
}
