/// A session between two nodes (S-SESSION), rule by rule, and over a random network.
#include "../support/property.hpp"
#include "../support/session_world.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace tandem;
using namespace tandem_test;
using namespace std::chrono_literals;

namespace {

using strings = std::vector<std::string>;

/// One side by itself: the test is the other.
struct alone {
  explicit alone(const core::session_limits& limits = {}) : machine(limits) {
  }

  template <class Event>
  std::string handle(const Event& e) {
    core::session_effects out;
    machine.handle(e, now, out);
    return written(out);
  }

  /// All that is to be written now.
  std::string writes() {
    std::string result;
    while (auto x = machine.next(now))
      result += (result.empty() ? "" : "; ") + written(*x);
    return result;
  }

  /// Waits until it has to do something, and tells what.
  std::string wait() {
    now = *machine.deadline();
    return handle(core::time_came{});
  }

  void give(const std::string& x) {
    machine.give(x, x.size());
  }

  /// Up, with a round trip measured.
  void begin(duration round_trip = 10ms) {
    REQUIRE(handle(core::connected{0, 20ms}) == "resumed");
    REQUIRE(writes() == "ping 1");
    now += round_trip;
    REQUIRE(handle(core::pong{1, 0}) == "");
  }

  text_session machine;
  time_point now{};
};

bool is_prefix(const strings& part, const strings& whole) {
  return part.size() <= whole.size() && std::equal(part.begin(), part.end(), whole.begin());
}

} // namespace

TEST_CASE("S-SESSION-1: frames are numbered from 1, and kept until they are acknowledged") {
  alone early;
  early.give("a");
  CHECK(early.writes() == "");
  CHECK(early.handle(core::connected{0, 20ms}) == "resumed");
  CHECK(early.writes() == "ping 1; frame 1 (a), has 0");
  alone x;
  x.begin();
  x.give("a");
  CHECK(x.writes() == "frame 1 (a), has 0");
  x.give("bc");
  CHECK(x.writes() == "frame 2 (bc), has 0");
  CHECK(x.machine.sent().bytes() == 3);
  CHECK(x.handle(core::acknowledgement{1}) == "");
  CHECK(x.machine.sent().bytes() == 2);
  CHECK(x.handle(core::frame_came{1, 2, 7}) == "take");
  CHECK(x.machine.sent().bytes() == 0);
  CHECK(x.machine.received() == 1);
  x.give("d");
  CHECK(x.writes() == "frame 3 (d), has 1");
}

TEST_CASE("S-SESSION-1: a side that has nothing to send acknowledges 64 frames, or 256 KiB") {
  alone x;
  x.begin();
  for (uint64_t i = 1; i < 64; ++i)
    x.handle(core::frame_came{i, 0, 1});
  CHECK(x.writes() == "");
  x.handle(core::frame_came{64, 0, 1});
  CHECK(x.writes() == "acknowledgement of 64");
  x.handle(core::frame_came{65, 0, 256 << 10});
  CHECK(x.writes() == "acknowledgement of 65");
  CHECK(x.writes() == "");
}

TEST_CASE(
  "S-SESSION-1: what was not acknowledged is written again over the next connection, and what came is dropped") {
  alone x;
  x.begin();
  for (const auto* content : {"a", "b", "c"})
    x.give(content);
  CHECK(x.writes() == "frame 1 (a), has 0; frame 2 (b), has 0; frame 3 (c), has 0");
  CHECK(x.handle(core::frame_came{1, 1, 1}) == "take");
  CHECK(x.handle(core::disconnected{"reset"}) == "interrupted: reset");
  x.give("d");
  CHECK(x.writes() == "");
  CHECK(x.handle(core::connected{2, 20ms}) == "resumed");
  CHECK(x.writes() == "frame 3 (c), has 1; frame 4 (d), has 1");
  CHECK(x.machine.sent().resent() == 1);
  CHECK(x.handle(core::frame_came{1, 2, 1}) == "");
  CHECK(x.handle(core::frame_came{2, 4, 1}) == "take");
  CHECK(x.machine.sent().size() == 0);
}

TEST_CASE("S-SESSION-1: what came after the other side had told what it has is acknowledged, and not written again") {
  alone x;
  x.begin();
  for (const auto* content : {"a", "b", "c"})
    x.give(content);
  x.writes();
  x.handle(core::disconnected{"reset"});
  CHECK(x.handle(core::connected{1, 20ms}) == "resumed");
  CHECK(x.handle(core::acknowledgement{2}) == "");
  CHECK(x.machine.sent().size() == 1);
  CHECK(x.writes() == "frame 3 (c), has 0");
}

TEST_CASE("S-SESSION-1: a side that breaks the rules ends the session") {
  auto ends = [](auto event, const std::string& why) {
    alone x;
    x.begin();
    x.give("a");
    x.writes();
    CHECK(x.handle(event) == "close: " + why + "; ended: " + why);
    CHECK(x.writes() == "");
    CHECK(x.handle(core::frame_came{1, 0, 1}) == "");
    CHECK_FALSE(x.machine.deadline());
  };
  ends(core::frame_came{2, 0, 1}, "frame 2 came after frame 0");
  ends(core::frame_came{1, 2, 1}, "it acknowledges frame 2, which was not sent");
  ends(core::acknowledgement{2}, "it acknowledges frame 2, which was not sent");
  ends(core::pong{1, 2}, "it acknowledges frame 2, which was not sent");
}

TEST_CASE("S-SESSION-1: a side that says that it has fewer frames than before ends the session") {
  auto ends = [](auto event) {
    alone x;
    x.begin();
    x.give("a");
    x.give("b");
    x.writes();
    CHECK(x.handle(core::acknowledgement{2}) == "");
    CHECK(x.handle(core::acknowledgement{2}) == "");
    const std::string why = "it says that it has 1 frames, and had 2";
    CHECK(x.handle(event) == "close: " + why + "; ended: " + why);
  };
  ends(core::frame_came{1, 1, 1});
  ends(core::acknowledgement{1});
  ends(core::pong{1, 1});
}

TEST_CASE("S-SESSION-1: a side that resumes with numbers that cannot be ends the session") {
  for (const uint64_t claimed : {0, 4}) {
    alone x;
    x.begin();
    for (const auto* content : {"a", "b", "c"})
      x.give(content);
    x.writes();
    x.handle(core::acknowledgement{1});
    x.handle(core::disconnected{"reset"});
    const auto said = x.handle(core::connected{claimed, 20ms});
    CHECK_MESSAGE(said.starts_with("close: it says that it has " + std::to_string(claimed) + " frames"), said);
    CHECK(x.machine.has_ended());
  }
}

TEST_CASE("S-SESSION-2: control goes before frames, and what only acknowledges last") {
  alone x;
  x.handle(core::connected{0, 20ms});
  x.give("a");
  x.handle(core::notice_given{core::session_notice::draining});
  x.handle(core::ping{7});
  CHECK(x.writes() == "pong 7, has 0; ping 1; notice draining; frame 1 (a), has 0");
}

TEST_CASE("S-SESSION-3: at the limit payloads wait until half of it is free, and nothing is given up") {
  alone x{{.resend_limit = 10}};
  x.begin();
  x.give("12345");
  CHECK_FALSE(x.machine.is_full());
  x.give("67890");
  CHECK(x.machine.is_full());
  x.give("control");
  CHECK(x.writes() == "frame 1 (12345), has 0; frame 2 (67890), has 0; frame 3 (control), has 0");
  CHECK(x.handle(core::acknowledgement{1}) == "");
  CHECK(x.machine.is_full());
  CHECK(x.handle(core::acknowledgement{3}) == "room");
  CHECK_FALSE(x.machine.is_full());
}

TEST_CASE("S-SESSION-3: also while there is no connection") {
  alone x{{.resend_limit = 4}};
  x.begin();
  x.give("abcd");
  CHECK(x.machine.is_full());
  x.writes();
  x.handle(core::disconnected{"reset"});
  CHECK(x.machine.is_full());
  CHECK(x.handle(core::connected{1, 20ms}) == "resumed; room");
}

TEST_CASE("S-SESSION-4: after a second without a message a ping goes, and its pong acknowledges") {
  alone x;
  x.begin();
  x.give("a");
  x.writes();
  CHECK(x.wait() == "");
  CHECK(x.now == time_point{1010ms});
  CHECK(x.writes() == "ping 2");
  CHECK(x.handle(core::pong{2, 1}) == "");
  CHECK(x.machine.sent().size() == 0);
}

TEST_CASE("S-SESSION-4: the round trip is measured every 10 seconds, however busy the connection is") {
  alone x;
  x.begin(10ms);
  CHECK(x.machine.round_trip().smoothed() == 10ms);
  std::string pings;
  for (int i = 0; i < 200; ++i) {
    x.now += 100ms;
    x.handle(core::bytes_came{});
    x.give("a");
    x.handle(core::time_came{});
    if (const auto written = x.writes(); written.starts_with("ping"))
      pings += std::to_string(x.now.time_since_epoch() / 1ms) + " ";
    x.handle(core::acknowledgement{x.machine.sent().last()});
    x.handle(core::pong{2, x.machine.sent().last()});
  }
  CHECK(pings == "10010 20010 ");
}

TEST_CASE("S-SESSION-4: silence interrupts, and any byte is a sign of life") {
  alone x{{.silence_limit = 3s}};
  x.begin();
  for (int i = 0; i < 5; ++i) {
    x.now += 2900ms;
    x.handle(core::time_came{});
    x.writes();
    CHECK(x.handle(core::bytes_came{}) == "");
  }
  CHECK(x.machine.is_up());
  const auto heard = x.now;
  CHECK(x.wait()
        == "close: the other side has said nothing for too long; "
           "interrupted: the other side has said nothing for too long");
  CHECK(x.now == heard + 3s);
}

TEST_CASE("S-SESSION-4: a path that is slow is given four round trips, and twice the time while none was measured") {
  alone slow;
  slow.handle(core::connected{0, 4s});
  CHECK(slow.machine.silence_limit() == 8s);
  slow.writes();
  slow.now += 2s;
  slow.handle(core::bytes_came{});
  slow.handle(core::pong{1, 0});
  CHECK(slow.machine.silence_limit() == 8s); // four of 2 s
  alone fast;
  fast.handle(core::connected{0, 10ms});
  CHECK(fast.machine.silence_limit() == 6s);
  fast.writes();
  fast.now += 10ms;
  fast.handle(core::pong{1, 0});
  CHECK(fast.machine.silence_limit() == 3s);
}

TEST_CASE("S-SESSION-4: while this side does not read, silence is its own") {
  alone x;
  x.begin();
  x.handle(core::reading_paused{});
  for (int i = 0; i < 100 && x.machine.deadline(); ++i) {
    CHECK(x.wait() == "");
    x.writes();
  }
  CHECK_FALSE(x.machine.deadline());
  x.now += 1h;
  CHECK(x.handle(core::time_came{}) == "");
  x.handle(core::reading_resumed{});
  CHECK(x.machine.deadline() == x.now + 3s);
}

TEST_CASE("S-SESSION-4: a side that wants to know what has arrived asks by a ping") {
  alone x;
  x.begin();
  x.give("a");
  x.handle(core::acknowledgement_wanted{});
  CHECK(x.writes() == "ping 2; frame 1 (a), has 0");
}

TEST_CASE("S-SESSION-5: past the window the session is lost, and says why the connection broke") {
  alone x{{.window = 500ms}};
  x.begin();
  x.handle(core::disconnected{"connection reset by peer"});
  CHECK(x.machine.deadline() == x.now + 500ms);
  CHECK(x.wait() == "ended: connection reset by peer, and no other connection was made within the window");
  CHECK(x.handle(core::connected{0, 20ms}) == "close: the session has ended");
}

TEST_CASE("S-SESSION-5: the window is at least eight round trips and the time that a connection takes") {
  alone x{{.window = 500ms}};
  x.handle(core::connected{0, 300ms});
  x.writes();
  x.now += 100ms;
  x.handle(core::pong{1, 0});
  x.handle(core::disconnected{"reset"});
  CHECK(x.machine.deadline() == x.now + 1100ms);
}

TEST_CASE("S-SESSION-5: without a window the session ends with its connection") {
  alone x{{.window = 0s}};
  x.begin();
  CHECK(x.handle(core::disconnected{"reset"}) == "ended: reset");
}

TEST_CASE("S-SESSION-5: a peer that does not know the session ends it at once") {
  alone x;
  x.begin();
  x.handle(core::disconnected{"reset"});
  CHECK(x.handle(core::session_unknown{"the back was restarted"}) == "ended: the back was restarted");
}

TEST_CASE("S-SESSION-6: three connections over which nothing arrived end it, if frames waited") {
  alone x;
  x.begin();
  x.give("a frame that kills connections");
  x.writes();
  std::string said;
  for (int i = 0; i < 3; ++i) {
    CHECK_FALSE(x.machine.has_ended());
    x.handle(core::disconnected{"reset"});
    said = x.handle(core::connected{0, 20ms});
    x.writes();
  }
  CHECK_MESSAGE(said.ends_with("ended: it was resumed 3 times, and each time the connection broke before a frame "
                               "arrived"),
                said);
  alone idle;
  idle.begin();
  for (int i = 0; i < 100; ++i) {
    idle.handle(core::disconnected{"reset"});
    CHECK(idle.handle(core::connected{0, 20ms}) == "resumed");
    idle.writes();
  }
}

TEST_CASE("S-SESSION-6: frames that arrive over a connection make up for those before, also if it breaks later") {
  alone x;
  x.begin();
  for (uint64_t i = 1; i <= 10; ++i) {
    x.give("lost with its connection");
    x.writes();
    x.handle(core::disconnected{"reset"});
    REQUIRE(x.handle(core::connected{i - 1, 20ms}) == "resumed");
    x.writes();
    REQUIRE(x.handle(core::acknowledgement{i}) == "");
  }
}

TEST_CASE("S-SESSION-6: a frame that was never written broke no connection") {
  alone x;
  x.begin();
  x.handle(core::disconnected{"reset"});
  x.give("a");
  for (int i = 0; i < 3; ++i) {
    CHECK(x.handle(core::connected{0, 20ms}) == "resumed");
    CHECK(x.writes() == "frame 1 (a), has 0");
    x.handle(core::disconnected{"reset"});
  }
  CHECK(x.handle(core::connected{0, 20ms}).starts_with("resumed; ended: it was resumed 3 times"));
}

TEST_CASE("S-SESSION-7: notices are told, also over the next connection") {
  alone x;
  x.handle(core::notice_given{core::session_notice::draining});
  x.handle(core::connected{0, 20ms});
  CHECK(x.writes() == "ping 1; notice draining");
  x.handle(core::pong{1, 0});
  x.handle(core::disconnected{"reset"});
  x.handle(core::connected{0, 20ms});
  CHECK(x.writes() == "notice draining");
  x.handle(core::notice_given{core::session_notice::ready});
  CHECK(x.writes() == "notice ready");
  CHECK(x.handle(core::notice{core::session_notice::going_away}) == "notice going away");
}

TEST_CASE("S-SESSION-7: a session that is stopped says goodbye, and the other side does not wait for it") {
  session_world x;
  x.connect();
  x.run(100ms);
  x.tell(0, core::session_stopped{});
  x.run(200ms);
  CHECK(x.sides[0].ended == "this side ended the session");
  CHECK(x.sides[1].ended == "the other side ended the session");
  CHECK(std::ranges::count(x.log, "0 writes: goodbye") == 1);
}

TEST_CASE("S-SESSION-4: two sides that have nothing to say stay core::connected for ever") {
  session_world x;
  x.connect();
  x.run(1h);
  CHECK_FALSE(x.sides[0].ended);
  CHECK(x.sides[0].resumes == 1);
  CHECK(x.sides[1].resumes == 1);
}

TEST_CASE("S-SESSION-4: a side that the other one left without a word is interrupted, and goes on") {
  session_world x{{.window = 10s}};
  x.connect();
  x.run(1s);
  x.give(0, "a");
  x.cut(false, false);
  x.give(1, "b");
  x.run(5s);
  CHECK_FALSE(x.sides[0].machine.is_up());
  CHECK_FALSE(x.sides[1].machine.is_up());
  x.connect();
  x.run(6s);
  CHECK(x.sides[1].taken == strings{"a"});
  CHECK(x.sides[0].taken == strings{"b"});
}

TEST_CASE("S-SESSION: whatever the network does, frames arrive once and in order, and all of them in the end") {
  check_property("sessions over a random network", 400, 100, [] {
    session_world x{{.window = 1h, .resend_limit = 40}};
    size_t given = 0;
    bool has_cut = false;
    for (auto steps = any_below(120); steps > 0; --steps) {
      switch (any_below(6)) {
        case 0:
        case 1: {
          const auto side = any_below(2);
          if (!x.sides[side].machine.is_full())
            x.give(side, std::to_string(given++));
          break;
        }
        case 2:
          x.run(x.now.time_since_epoch() + std::chrono::milliseconds{any_below(40)});
          break;
        case 3:
          x.run(x.now.time_since_epoch() + std::chrono::milliseconds{any_below(4000)});
          break;
        case 4:
          x.cut(any_below(2) == 0, any_below(2) == 0);
          has_cut = true;
          break;
        case 5:
          x.connect();
          break;
      }
      for (size_t i = 0; i < 2; ++i) {
        RC_ASSERT(is_prefix(x.sides[1 - i].taken, x.sides[i].given));
        RC_ASSERT(x.sides[i].machine.sent().bytes() <= 44u);
      }
    }
    if (!x.sides[0].ended && !x.sides[1].ended) {
      x.connect();
      x.run(x.now.time_since_epoch() + 10s);
    }
    if (!x.sides[0].ended && !x.sides[1].ended)
      for (size_t i = 0; i < 2; ++i) {
        RC_ASSERT(x.sides[1 - i].taken == x.sides[i].given);
        RC_ASSERT(x.sides[i].machine.sent().size() == 0u);
      }
    // Only connections that carried nothing end a session here.
    for (const auto& side : x.sides)
      if (side.ended)
        RC_ASSERT(has_cut || side.ended->find("3 times") != std::string::npos);
  });
}
