/// The queue of a shard: what has room, what waits for its turn, and barriers (S-STATS-9).
#include "../../actors/ends/inbox.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace tandem;

namespace {

using letters = inbox<int, char>;

/// What it does, round by round: "a|b".
std::string done_by(letters& x) {
  std::string result;
  std::vector<char> next;
  std::vector<char> in_turn;
  do {
    next.clear();
    in_turn.clear();
    x.take(next, in_turn);
    result += (result.empty() ? "" : "|") + std::string{next.begin(), next.end()}
              + std::string{in_turn.begin(), in_turn.end()};
  } while (x.finish_round(false, false) == letters::rest::more);
  return result;
}

} // namespace

TEST_CASE("S-STATS-9: what came before a barrier is done before it, and what came after it afterwards") {
  letters x;
  CHECK(x.push(1, 'a', letters::round) == letters::duty::run);
  CHECK(x.push(1, 'b') == letters::duty::none);
  x.push_barrier('!');
  x.push(2, 'c', letters::once);
  x.push(2, 'd', letters::round);
  x.push(2, 'e');
  x.push('f');
  CHECK(done_by(x) == "a|b|!cfd|e");
  CHECK(x.push(1, 'g') == letters::duty::run);
  CHECK(done_by(x) == "g");
}

TEST_CASE("S-STATS-9: a barrier for which nothing waits is a task like others, and several keep their order") {
  letters x;
  CHECK(x.push_barrier('!') == letters::duty::run);
  x.push(1, 'a', letters::round);
  x.push(1, 'b');
  x.push_barrier('?');
  x.push(2, 'c');
  x.push_barrier('.');
  x.push_urgent(2, 'd', [](char) { return true; }); // not past a barrier
  CHECK(done_by(x) == "!a|b|?c.d");
}

TEST_CASE("an inbox that has stopped takes nothing") {
  letters x;
  x.push('a');
  std::vector<char> next;
  std::vector<char> in_turn;
  x.take(next, in_turn);
  REQUIRE(x.finish_round(true, false) == letters::rest::stopped);
  CHECK(x.push(1, 'b') == letters::duty::stopped);
  CHECK(x.push('b') == letters::duty::stopped);
  CHECK(x.push_barrier('b') == letters::duty::stopped);
  CHECK(x.push_urgent(1, 'b', [](char) { return true; }) == letters::duty::stopped);
  char b = 'b';
  CHECK(x.try_push(b, 1) == letters::duty::stopped);
}
