/// S-LINK-2, S-LINK-3: what is kept, resent and dropped, without any network.
#include "../../actors/nodes/link_session.hpp"
#include "../../messages/greeting.hpp"
#include "../support/property.hpp"
#include "../support/ticket_builders.hpp"

#include <doctest/doctest.h>

#include <deque>
#include <string>

using namespace tandem;
using namespace tandem_test;

namespace {

void send(link_session& session, const std::string& what) {
  session.add(text(what), what.size());
}

std::string next_of(link_session& session) {
  auto x = session.take_next();
  return x.empty() ? "" : x.get_as<std::string>(0);
}

} // namespace

TEST_CASE("S-LINK-2: what was not acknowledged is handed over again, in order, and nothing else") {
  link_session x{1000};
  send(x, "a");
  send(x, "b");
  send(x, "c");
  CHECK(next_of(x) == "a");
  CHECK(next_of(x) == "b");
  REQUIRE(x.acknowledged(1));
  CHECK(x.kept() == 2);
  REQUIRE(x.resume(1));
  CHECK(next_of(x) == "b");
  CHECK(next_of(x) == "c");
  CHECK(next_of(x).empty());
}

TEST_CASE("S-LINK-2: the other side may have received more than it could say") {
  link_session x{1000};
  send(x, "a");
  send(x, "b");
  CHECK(next_of(x) == "a");
  CHECK(next_of(x) == "b");
  REQUIRE(x.resume(2));
  CHECK(next_of(x).empty());
  CHECK(x.kept() == 0);
}

TEST_CASE("S-LINK-2: nobody can have received what was not sent") {
  link_session x{1000};
  send(x, "a");
  CHECK_FALSE(x.acknowledged(1));
  CHECK(next_of(x) == "a");
  CHECK(x.acknowledged(1));
  CHECK_FALSE(x.acknowledged(2));
  CHECK_FALSE(x.resume(2));
}

TEST_CASE("S-LINK-3: over the limit the oldest are given up, and the session cannot go back to them") {
  link_session x{3};
  for (const auto* what : {"aa", "bb", "cc"}) {
    send(x, what);
    CHECK(next_of(x) == what);
  }
  CHECK(x.kept() == 2);
  CHECK_FALSE(x.resume(1));
  CHECK(x.resume(2));
  CHECK(next_of(x) == "cc");
}

TEST_CASE("S-LINK-3: what waits for a connection is not given up, but too much of it shows") {
  link_session x{3};
  send(x, "aa");
  CHECK_FALSE(x.overflows());
  send(x, "bb");
  CHECK(x.overflows());
  CHECK(next_of(x) == "aa");
  CHECK(next_of(x) == "bb");
}

TEST_CASE("S-LINK-2: frames that come again are known, and a gap is seen") {
  using arrival = link_session::arrival;
  link_session x{1000};
  CHECK(x.take(1, 1) == arrival::fresh);
  CHECK(x.take(1, 1) == arrival::repeated);
  CHECK(x.take(3, 1) == arrival::gap);
  CHECK(x.take(2, 1) == arrival::fresh);
  CHECK(x.received() == 2);
}

TEST_CASE("S-LINK-3: many frames, or many bytes, are owed an acknowledgement") {
  link_session x{1000};
  for (uint64_t i = 1; i < 64; ++i)
    x.take(i, 1);
  CHECK_FALSE(x.owes_acknowledgement());
  x.take(64, 1);
  CHECK(x.owes_acknowledgement());
  CHECK(x.tell() == 64);
  CHECK_FALSE(x.owes_acknowledgement());
  x.take(65, 1 << 20);
  CHECK(x.owes_acknowledgement());
}

TEST_CASE("S-LINK-2: over any connection that breaks at any time, everything arrives once and in order") {
  check_property("two sessions and a connection that breaks", 300, 200, [] {
    link_session from{100'000};
    link_session to{100'000};
    std::deque<std::pair<uint64_t, std::string>> wire;
    uint64_t sent = 0;
    uint64_t handed = 0; // the number of the last frame on the wire
    std::vector<std::string> arrived;
    const auto steps = *rc::gen::container<std::vector<uint8_t>>(numbers_between<uint8_t>(0, 8));
    auto deliver = [&] {
      auto [number, what] = wire.front();
      wire.pop_front();
      const auto how = to.take(number, what.size());
      RC_ASSERT(how != link_session::arrival::gap);
      if (how == link_session::arrival::fresh)
        arrived.push_back(what);
    };
    auto hand_over = [&] {
      if (auto what = next_of(from); !what.empty())
        wire.emplace_back(++handed, what);
    };
    for (auto step : steps) {
      if (step < 2)
        send(from, std::to_string(++sent));
      else if (step < 4)
        hand_over();
      else if (step < 6 && !wire.empty())
        deliver();
      else if (step == 6)
        RC_ASSERT(from.acknowledged(to.tell()));
      else if (step == 7) {
        wire.clear();
        RC_ASSERT(from.resume(to.received()));
        handed = to.received();
      }
    }
    for (uint64_t i = 0; i < sent; ++i)
      hand_over();
    while (!wire.empty())
      deliver();
    RC_ASSERT(arrived.size() == sent);
    for (uint64_t i = 0; i < sent; ++i)
      RC_ASSERT(arrived[i] == std::to_string(i + 1));
  });
}

TEST_CASE("S-LINK-1: a greeting comes back as it went, and a later version's is understood") {
  const greeting x{"here", "abc", 3, true, 17, std::chrono::seconds(2), 5};
  std::string error;
  CHECK(parse_greeting(to_text(x), error) == x);
  CHECK(parse_greeting("", error) == greeting{});
  const auto later = parse_greeting(R"({"node": "there", "colour": "red", "session": 4})", error);
  REQUIRE(later);
  CHECK(later->node == "there");
  CHECK(later->session == 4);
  CHECK_FALSE(parse_greeting("[1]", error));
  CHECK(error == "the greeting is not a JSON object");
  CHECK_FALSE(parse_greeting(R"({"session": "x"})", error));
  CHECK(error.find("the greeting cannot be read") == 0);
  CHECK_FALSE(parse_greeting("{", error));
}
